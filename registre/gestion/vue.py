"""La page de saisie, la même pour une fiche, un tiers, un organisme : lire, enregistrer d'un seul tenant, ou dire pourquoi non."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from registre.agregat import Agregat, instantane_de
from registre.codes import Codes
from registre.enregistrement import INCHANGE, Conflit, Refus, Resultat
from registre.gestion import verrou
from registre.gestion.formulaires import Saisie
from registre.plan import Rubrique

GABARIT = "gestion/saisie.html"


@dataclass(frozen=True)
class Page:
    """Ce qu'il faut pour saisir un objet.

    `objet` : celui que l'on modifie, `None` pour un nouveau. `ecrire(donnees, version, codes)` l'enregistre ou lève
    `Refus` ou `Conflit`. `apres(resultat)` dit où aller ensuite.
    """

    forme: Agregat
    rubriques: tuple[Rubrique, ...]
    objet: models.Model | None
    ecrire: Callable[[dict[str, Any], int | None, Codes], Resultat]
    apres: Callable[[Resultat], str]
    titre: str
    fil: list[tuple[str, str]]
    retour: str
    contexte: str = ""
    initial: dict[str, Any] = field(default_factory=dict)
    sauf: frozenset[str] = frozenset()
    relire: bool = False
    reprise: list = field(default_factory=list)
    suppression: str = ""


def saisir(request: HttpRequest, page: Page) -> HttpResponse:
    codes = Codes()
    if request.method != "POST":
        saisie = Saisie(page.forme.modele, page.rubriques, codes, _valeurs(page), sauf=page.sauf)
        return _rendre(request, page, saisie)
    saisie = Saisie(page.forme.modele, page.rubriques, codes, _valeurs(page), request.POST, page.sauf)
    if "ajouter" in request.POST:
        saisie.ajouter(request.POST["ajouter"])
        return _rendre(request, page, saisie, jeton=request.POST.get("jeton", ""), verdict=False)
    lu = _lu(request, page)
    if not saisie.valide():
        return _rendre(request, page, saisie, jeton=request.POST.get("jeton", ""))
    try:
        resultat = page.ecrire(saisie.donnees(), lu.version if lu else None, codes)
    except Refus as refus:
        saisie.poser_erreurs(refus.erreurs)
        return _rendre(request, page, saisie, jeton=request.POST.get("jeton", ""))
    except Conflit as conflit:
        depuis = verrou.changements_depuis(page.forme, conflit.actuel, lu, codes)
        return _rendre(request, page, saisie, conflit=depuis, jeton=verrou.jeton(page.forme, conflit.actuel))
    _dire(request, resultat)
    return HttpResponseRedirect(page.apres(resultat))


def _valeurs(page: Page) -> dict[str, Any]:
    return page.initial if page.objet is None else instantane_de(page.forme, page.objet)


def _lu(request, page: Page) -> verrou.Lu | None:
    if page.objet is None or not hasattr(page.objet, "version"):
        return None
    return verrou.lire(request.POST.get("jeton", ""), page.forme, page.objet)


def _dire(request, resultat: Resultat) -> None:
    if resultat.effet == INCHANGE:
        messages.info(request, "Rien n'avait changé : rien n'a été enregistré.")
    else:
        messages.success(request, f"« {resultat.objet} » est enregistré.")


def _rendre(request, page: Page, saisie: Saisie, conflit=None, jeton=None, verdict=True) -> HttpResponse:
    if jeton is None and page.objet is not None and hasattr(page.objet, "version"):
        jeton = verrou.jeton(page.forme, page.objet)
    fautes = saisie.fautes() if verdict and saisie.envoi is not None else []
    contexte = {"page": page, "saisie": saisie, "conflit": conflit, "jeton": jeton or "", "fautes": fautes}
    statut = 409 if conflit is not None else 422 if fautes else 200
    return render(request, GABARIT, contexte, status=statut)
