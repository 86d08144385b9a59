"""Le tableau de bord : ce qu'il y a, ce qui manque, ce qui a changé."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from journal.models import Entree
from organismes.droits import Droit
from organismes.portee import exiger
from registre import manques
from registre.codes import Codes
from registre.historique import action, differences, modifie
from registre.lecture import date_en_mots
from traitements.choix import Famille, Statut
from traitements.models import Traitement

DERNIERS = 6
NOMBRES = "zéro une deux trois quatre cinq six sept huit neuf dix onze douze".split()
JOURS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()


def tableau(request: HttpRequest) -> HttpResponse:
    if request.organisme is None:
        return redirect("admin:index")
    exiger(request, Droit.LIRE)
    jour = timezone.localdate()
    fiches = Traitement.objects.actifs()
    absents = manques.denombrer(fiches, jour)
    contexte = {
        "salut": _salut(request, len(absents)),
        "aujourdhui": f"{JOURS[jour.weekday()].capitalize()} {date_en_mots(jour)}",
        "chiffres": _chiffres(fiches),
        "manques": [(m, n, m.phrase(n)) for m, n in absents],
        "familles": _familles(fiches),
        "changements": _derniers_changements(request),
    }
    return render(request, "registre/tableau.html", contexte)


def _salut(request, nombre: int) -> str:
    prenom = request.user.nom.split()[0]
    if nombre == 0:
        return f"Bonjour {prenom}, rien ne manque"
    dit = NOMBRES[nombre] if nombre < len(NOMBRES) else str(nombre)
    return f"Bonjour {prenom}, {dit} point{'s' if nombre > 1 else ''} à compléter".replace(
        "une point", "un point"
    )


def _chiffres(fiches) -> dict[str, int]:
    par_statut = dict(fiches.order_by().values_list("statut").annotate(Count("pk")))
    return {
        "responsable": fiches.du_responsable().count(),
        "sous_traitant": fiches.du_sous_traitant().count(),
        "validees": par_statut.get(Statut.VALIDEE, 0),
        "brouillons": par_statut.get(Statut.BROUILLON, 0),
    }


def _familles(fiches) -> list[dict]:
    """Par famille, la plus nombreuse d'abord ; `largeur` en pour cent de la plus nombreuse."""
    comptes = fiches.order_by().values_list("famille").annotate(n=Count("pk")).order_by("-n", "famille")
    libelles, plus_grand = dict(Famille.choices), max([n for _, n in comptes], default=1)
    return [
        {
            "code": code,
            "libelle": libelles.get(code, "Sans famille"),
            "n": n,
            "largeur": 100 * n // plus_grand,
        }
        for code, n in comptes
    ]


def _derniers_changements(request) -> list[dict]:
    codes = Codes()
    entrees = (
        Entree.objects.filter(organisme=request.organisme.pk).defer("instantane").order_by("-seq")[:DERNIERS]
    )
    return [_changement(e, codes) for e in entrees]


def _changement(entree: Entree, codes: Codes) -> dict:
    changes = differences(entree, codes) if modifie(entree) else []
    premiere = changes[0] if changes else None
    return {"entree": entree, "action": action(entree), "premiere": premiere, "autres": len(changes) - 1}
