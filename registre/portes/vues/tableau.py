"""Le tableau de bord : ce qu'il y a, ce qui manque, ce qui a changé."""

from datetime import timedelta

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from droit.regles import Gravite, Regle
from journal.models import Entree
from organismes.droits import Permission, peut
from organismes.requete import RequeteConnectee, RequeteHabilitee, habilitee
from registre.conformite.constats import lu
from registre.conformite.synthese import Synthese, synthese
from registre.fiche.codes import Codes
from registre.fiche.historique import action, differences, modifie
from registre.fiche.lecture import date_en_mots
from registre.portes.requetes.contexte import retards_de
from registre.portes.vues.organisme import sans_habilitation
from registre.portes.vues.registre import SANS_FAMILLE
from traitements.choix import Famille, Statut
from traitements.models import Traitement
from traitements.phrases import accorder

DERNIERS = 6
REVUES = 6
HORIZON = timedelta(days=30)
NOMBRES = "zéro une deux trois quatre cinq six sept huit neuf dix onze douze".split()
JOURS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()


def tableau(request: RequeteConnectee) -> HttpResponse:
    """L'accueil de chacun : le tableau de bord ; sans organisme, la gestion ; sans l'un ni l'autre, ce qui manque."""
    if habilitee(request):
        return _tableau(request)
    if peut(request, Permission.ADMINISTRER):
        return redirect("admin:index")
    return sans_habilitation(request)


def _tableau(request: RequeteHabilitee) -> HttpResponse:
    jour = timezone.localdate()
    fiches = Traitement.objects.actifs()
    lue = synthese(request.organisme, jour)
    horizon = jour + HORIZON
    revues = fiches.filter(date_prochaine_revue__lte=horizon).order_by(
        "date_prochaine_revue", "reference_tri"
    )
    regles = _avec_la_fiche([r for r in lue.regles() if r[0].gravite is not Gravite.CONSEIL], lue)
    retards, organisme = retards_de(request), [lu(c) for c in lue.organisme]
    redige, dirige = peut(request, Permission.MODIFIER_FICHE), peut(request, Permission.MODIFIER_ORGANISME)
    a_faire = len(regles) + bool(lue.a_actualiser) + bool(retards) + len(organisme) * dirige
    contexte = {
        "salut": _salut(request, a_faire if redige else None),
        "aujourdhui": f"{JOURS[jour.weekday()].capitalize()} {date_en_mots(jour)}",
        "chiffres": _chiffres(fiches, lue),
        "organisme": organisme,
        "redige": redige,
        "dirige": dirige,
        "valide": peut(request, Permission.VALIDER_FICHE),
        "regles": regles,
        "conseils": [(regle, n) for regle, n in lue.regles() if regle.gravite is Gravite.CONSEIL],
        "a_actualiser": len(lue.a_actualiser),
        "retards": retards,
        "revues": revues.only("reference", "intitule", "date_prochaine_revue")[:REVUES],
        "revues_total": revues.count(),
        "jour": jour,
        "horizon": horizon,
        "familles": _familles(fiches),
        "changements": _derniers_changements(request),
    }
    return render(request, "registre/tableau.html", contexte)


def _avec_la_fiche(
    regles: list[tuple[Regle, int]], lue: Synthese
) -> list[tuple[Regle, int, Traitement | None]]:
    """Une règle qui ne touche qu'une fiche la nomme."""
    seules = {regle.code: lue.par_regle[regle.code][0] for regle, nombre in regles if nombre == 1}
    fiches = Traitement.objects.only("reference", "intitule").in_bulk(set(seules.values()))
    return [(regle, nombre, fiches.get(seules.get(regle.code))) for regle, nombre in regles]


def _salut(request: RequeteHabilitee, nombre: int | None) -> str:
    """`nombre` : les lignes que cette personne peut traiter elle-même ; `None` pour qui ne fait que lire."""
    bonjour = f"Bonjour {request.user.nom.split()[0]}"
    if nombre is None:
        return bonjour
    if nombre == 0:
        return f"{bonjour}, ni blocage ni alerte à votre charge"
    dit = NOMBRES[nombre] if nombre < len(NOMBRES) else str(nombre)
    return f"{bonjour}, {dit} {accorder(nombre, 'chose')} à faire"


def _chiffres(fiches, lue: Synthese) -> dict[str, int]:
    """Chaque chiffre est le nombre de lignes de la liste que son lien ouvre."""
    bloquants = [n["bloquant"] for n in lue.par_fiche.values() if n.get("bloquant")]
    responsable = fiches.en_vigueur().du_responsable().count()
    sous_traitant = fiches.en_vigueur().du_sous_traitant().count()
    return {
        "bloquees": len(bloquants),
        "bloquants": sum(bloquants),
        "organisme": len(lue.organisme),
        "organisme_bloquants": sum(c.gravite is Gravite.BLOQUANT for c in lue.organisme),
        "en_vigueur": responsable + sous_traitant,
        "responsable": responsable,
        "sous_traitant": sous_traitant,
        "brouillons": fiches.filter(statut=Statut.BROUILLON).count(),
    }


def _familles(fiches) -> list[dict]:
    """Par famille, la plus nombreuse d'abord ; `largeur` en pour cent de la plus nombreuse."""
    comptes = fiches.order_by().values_list("famille").annotate(n=Count("pk")).order_by("-n", "famille")
    libelles, plus_grand = dict(Famille.choices), max([n for _, n in comptes], default=1)
    return [
        {
            "code": code or SANS_FAMILLE,
            "libelle": libelles.get(code, "Sans famille"),
            "n": n,
            "largeur": 100 * n // plus_grand,
        }
        for code, n in comptes
    ]


def _derniers_changements(request: RequeteHabilitee) -> list[dict]:
    codes = Codes()
    entrees = (
        Entree.objects.filter(organisme=request.organisme.pk).defer("instantane").order_by("-seq")[:DERNIERS]
    )
    return [_changement(e, codes) for e in entrees]


def _changement(entree: Entree, codes: Codes) -> dict:
    changes = differences(entree, codes) if modifie(entree) else []
    premiere = changes[0] if changes else None
    return {"entree": entree, "action": action(entree), "premiere": premiere, "autres": len(changes) - 1}
