"""Comment une ligne se range à l'écran quand elle se lit comme une phrase : ses mots, ses champs à la vue, ce qui se replie.

Une ligne sans disposition range ses champs dans l'ordre du plan. Un champ que la disposition ne place pas se replie : rien ne se perd.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from conservation.durees import lire
from conservation.models import DureeConservation
from registre.fiche.lecture import est_vide
from registre.portes.gestion.blocs import BlocNumerote


@dataclass(frozen=True)
class Disposition:
    """`ensemble` : le champ dont les codes cochés ouvrent la phrase ; `aucun` : ce qu'elle dit quand aucun ne l'est.

    `phrase` : les champs qui la suivent, chacun après ses mots. `sinon` : le champ qui la remplace quand le premier de la phrase est
    vide. `courants` : ceux qui restent à la vue. `repli` : le titre de tout le reste. `signalent` : ceux qui, remplis, l'ouvrent.
    """

    ensemble: str
    aucun: str
    phrase: tuple[tuple[str, str], ...]
    sinon: tuple[str, str]
    courants: tuple[str, ...]
    repli: str
    signalent: tuple[str, ...]

    @property
    def a_la_vue(self) -> frozenset[str]:
        return frozenset({self.ensemble, self.sinon[1], *self.courants, *(nom for _, nom in self.phrase)})


DUREE = Disposition(
    ensemble="categories",
    aucun="Toutes les données de la fiche",
    phrase=(
        ("", "duree_valeur"),
        ("", "duree_unite"),
        ("à compter de", "point_depart"),
        ("puis", "sort_final"),
    ),
    sinon=("ou, quand aucun chiffre n'est possible, ce critère", "critere"),
    courants=(
        "objet",
        "phase",
        "appliquee",
        "derniere_purge",
        "technique",
        "acces_restreint",
        "ouverture_vaut_contact",
    ),
    repli="Précisions, référence, exécution, suspension",
    signalent=(
        "suspension_debut",
        "suspension_fin",
        "suspension_dossiers",
        "suspension_filtre",
        "suspension_motif",
    ),
)
DISPOSITIONS: Mapping[type[models.Model], Disposition] = {DureeConservation: DUREE}


def premier_champ(bloc: BlocNumerote) -> str:
    """Celui où l'on commence à taper : le premier de la phrase, ou du plan."""
    disposition = DISPOSITIONS.get(bloc.modele)
    return disposition.phrase[0][1] if disposition else next(iter(bloc.fields))


def se_deplie(bloc: BlocNumerote) -> bool:
    """Ce qui se replie est-il à montrer ? Une erreur, un heurt, un champ qu'un constat cite, une suspension, un texte à traduire."""
    disposition = DISPOSITIONS.get(bloc.modele)
    if disposition is None:
        return False
    replies = [nom for nom in bloc.fields if nom not in disposition.a_la_vue]
    if any(nom in bloc.errors or nom in bloc.cites or bloc.fields[nom].autre for nom in replies):
        return True
    valeurs = bloc.canoniques()
    return any(not est_vide(valeurs.get(nom)) for nom in disposition.signalent) or _a_traduire(valeurs)


def _a_traduire(valeurs: Mapping[str, Any]) -> bool:
    """Un texte d'origine, et encore ni durée ni critère qui le dise."""
    return bool(valeurs.get("texte_origine")) and lire(valeurs) is None
