"""L'échéancier d'un organisme : ses fiches et ses opérations, lues en un nombre constant de requêtes, et tenu en cache.

Rien ne s'enregistre : un changement déplace la tête du journal, le jour change le retard, et la liste se refait.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import Max, QuerySet

from conservation.depart import exercice_de
from conservation.echeancier import DEPARTS, Echeance, echeances, ordre
from conservation.models import Operation
from journal.models import Entree
from organismes.models import Organisme
from registre.conformite.applications import operations_par_fiche
from registre.conformite.synthese import position
from registre.conformite.tenus import UN_JOUR, tenir
from registre.execution.echeancier_lu import EcheanceLue, ranger
from registre.execution.operations import phrase_de_la_duree
from registre.fiche import agregat as ag
from registre.fiche.codes import Codes
from traitements.models import Traitement

FORME = ag.Agregat(
    "fiche",
    Traitement,
    (
        "reference",
        "intitule",
        "famille",
        "service",
        *DEPARTS,
    ),
    tuple(
        replace(p, champs=("categorie",)) if p.nom == "donnees" else p
        for p in ag.FICHE.listes
        if p.nom in ("donnees", "conservations")
    ),
    lien="traitement",
)


def lire(organisme: Organisme, le: date, horizon: date | None = None) -> list[EcheanceLue]:
    """Toutes les échéances de l'organisme, dans sa portée et dans l'ordre où elles se lisent.

    Celles d'après l'horizon n'y sont pas, les retards toujours.
    """
    cle = f"echeances:{position(organisme, le)}"
    tenues: list[EcheanceLue] | None = cache.get(cle)
    if tenues is None:
        par_fiche = tenir("dues", organisme, le, lambda fiches: _calculer(organisme, fiches, le))
        tenues = ranger(sorted((lue for siennes in par_fiche.values() for lue in siennes), key=ordre))
        cache.set(cle, tenues, UN_JOUR)
    return [lue for lue in tenues if not (horizon and lue.due and lue.due > horizon)]


def en_retard(organisme: Organisme, le: date) -> int:
    """Le nombre d'échéances en retard, que chaque page dit. Dans la portée de l'organisme."""
    cle = f"retards:{position(organisme, le)}"
    tenu: int | None = cache.get(cle)
    if tenu is None:
        tenu = sum(lue.en_retard for lue in lire(organisme, le))
        cache.set(cle, tenu, UN_JOUR)
    return tenu


def derniers_changements(organisme: Organisme) -> dict[str, datetime]:
    """Le moment du dernier changement de chaque fiche de l'organisme, opérations comprises ; par identifiant."""
    entrees = Entree.objects.filter(objet_type="fiche", organisme=organisme.pk)
    moments = dict(entrees.order_by().values_list("objet_id").annotate(Max("horodatage")))
    operations = Operation.objects.order_by().values_list("traitement_id").annotate(Max("enregistre_le"))
    for fiche, moment in operations:
        moments[str(fiche)] = max(moment, moments.get(str(fiche), moment))
    return moments


def _calculer(organisme: Organisme, fiches: QuerySet[Traitement], le: date) -> dict[UUID, list[EcheanceLue]]:
    """Par fiche. Les archives aussi : leurs données ont encore un terme, tant qu'elles existent."""
    codes, operations = Codes(), operations_par_fiche(fiches)
    exercice = exercice_de({"cloture_exercice": organisme.cloture_exercice})
    memes: dict[
        Any, Any
    ] = {}  # un texte répété n'est gardé qu'une fois : le cache en est trois fois plus petit
    par_fiche = {}
    for fiche in ag.canoniques(FORME, fiches):
        dues = echeances(fiche, operations.get(fiche["reference"], []), le, None, exercice)
        voulues = {e.regle for e in dues}
        phrases = {
            k["numero"]: phrase_de_la_duree(k, fiche, codes)
            for k in fiche["conservations"]
            if k["numero"] in voulues
        }
        par_fiche[UUID(fiche["id"])] = [_commune(_lue(e, fiche, phrases[e.regle]), memes) for e in dues]
    return par_fiche


def _commune(lue: EcheanceLue, memes: dict[Any, Any]) -> EcheanceLue:
    return EcheanceLue._make(memes.setdefault(v, v) if type(v) in (str, date) else v for v in lue)


def _lue(e: Echeance, fiche: dict[str, Any], phrase: str) -> EcheanceLue:
    application = e.application
    return EcheanceLue(
        e.fiche,
        e.reference,
        e.intitule,
        fiche["famille"] or "",
        fiche["service"] or "",
        e.regle,
        phrase,
        e.genre,
        e.due,
        e.retard_jours,
        e.en_retard,
        e.pourquoi,
        application.titre,
        application.jusqu_au,
        ". ".join([application.phrase, *application.sans_effet]),
        e.lignes,
    )
