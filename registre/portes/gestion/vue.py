"""La page de saisie, la même pour une fiche, un tiers, un organisme : lire, enregistrer d'un seul tenant, ou dire pourquoi non."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from journal.service import operation
from organismes.requete import RequeteConnectee
from registre.fiche.agregat import instantane_de
from registre.fiche.enregistrement import INCHANGE, Conflit, Racine, Refus, Resultat
from registre.fiche.fiche_lue import remarques
from registre.fiche.listes import CONSERVATIONS
from registre.portes.gestion import inscription, verrou
from registre.portes.gestion.formulaires import Saisie
from registre.portes.gestion.fusion import fusionner
from registre.portes.gestion.page import Page, T
from registre.portes.requetes.designation import entier
from registre.portes.requetes.gardees import avec_la_suite, reprise_de

GABARIT = "gestion/saisie.html"
TRAITEE = "La remarque est traitée ; l'historique la garde. Le reste de la page n'est pas encore enregistré."

A_REPRENDRE = "La page a changé pendant votre saisie : la remarque reste à traiter. Reprenez d'abord les points ci-dessous."


@dataclass(frozen=True)
class Heurt:
    """Ce que d'autres ont enregistré depuis, et les champs changés des deux côtés (ancre, nom)."""

    depuis: list
    disputes: list[tuple[str, str]]


def saisir(request: RequeteConnectee, page: Page[T]) -> HttpResponse:
    valeurs = _valeurs(page)
    if request.method != "POST":
        tape = reprise_de(
            request
        )  # non enregistré : la page revient telle qu'on l'avait laissée, sur la révision lue alors
        jeton = tape.get("jeton", "") if tape is not None else None
        return _rendre(request, page, _saisie(page, valeurs, tape), jeton=jeton, verdict=False)
    envoi = inscription.choisir(request.POST) if "choisir_tiers" in request.POST else request.POST
    saisie, jeton = _saisie(page, valeurs, envoi), request.POST.get("jeton", "")
    if _retouche(request.POST, saisie):
        return _rendre(request, page, saisie, jeton=jeton, verdict=False)
    if "reprendre" in request.POST and page.PROPOSE:
        if ligne := page.reprendre(request.POST["reprendre"]):
            saisie.reprendre(CONSERVATIONS.nom, ligne)
        return _rendre(request, page, saisie, jeton=jeton, verdict=False)
    if "traiter" in request.POST and page.TRAITE and page.objet is not None:
        return _traiter(request, page, page.objet, saisie, jeton)
    if not saisie.valide():
        return _rendre(request, page, saisie, jeton=jeton)
    lu = _lu(request, page)
    try:
        resultat = _ecrire(page, saisie, lu)
    except Refus as refus:
        saisie.poser_erreurs(refus.erreurs)
        return _rendre(request, page, saisie, jeton=jeton)
    except Conflit as conflit:
        return _rendre_conflit(request, page, saisie, conflit.actuel, lu)
    _dire(request, page, resultat)
    _traiter_les_suites(request, page, resultat.objet)
    return HttpResponseRedirect(page.apres(resultat))


def _retouche(envoi, saisie: Saisie) -> bool:
    """Un bouton qui ne fait que remontrer la page, tout ce qui est tapé compris : rien ne s'enregistre."""
    for nom, geste in (("ajouter", saisie.ajouter), ("dedoubler", saisie.dedoubler)):
        if nom in envoi:
            geste(envoi[nom])
            return True
    return "ouvrir" in envoi or "choisir_tiers" in envoi


def _ecrire(page: Page[T], saisie: Saisie, lu: verrou.Lu) -> Resultat[T]:
    """Enregistre, avec les tiers que la fiche inscrit : tout, ou rien."""
    donnees, revision, lignes = saisie.donnees(), lu.revision, saisie.inscriptions()
    if not lignes:
        return page.ecrire(donnees, revision)
    if page.inscripteur is None:
        raise Refus({"": [inscription.SANS_DROIT]})
    try:
        with operation():
            inscription.inscrire(lignes, donnees, *page.inscripteur, page.codes)
            return page.ecrire(donnees, revision)
    finally:
        page.codes.oublier_tiers()  # refusés, ils n'ont jamais existé


def _traiter(request: RequeteConnectee, page: Page[T], objet: T, saisie: Saisie, jeton: str) -> HttpResponse:
    """Marque une remarque traitée et remontre la page avec ce qui y était tapé ; rien d'autre n'est enregistré."""
    lu, rang = _lu(request, page), entier(request.POST["traiter"]) or 0
    try:
        resultat = page.traiter(objet, rang, request.POST.get(f"suite-{rang}", ""), lu.revision)
    except Refus as refus:
        messages.error(request, refus.phrases)
        return _rendre(request, page, saisie, jeton=jeton, verdict=False)
    except Conflit as conflit:
        if saisie.valide():
            return _rendre_conflit(request, page, saisie, conflit.actuel, lu)
        messages.error(request, A_REPRENDRE)
        return _rendre(request, page, saisie, jeton=jeton)
    messages.success(request, TRAITEE)
    neuve = page.sur(resultat.objet)
    return _rendre(request, neuve, _saisie(neuve, _valeurs(neuve), request.POST), verdict=False)


def _traiter_les_suites(request: RequeteConnectee, page: Page[T], objet: T) -> None:
    """La suite écrite sous une remarque la dit traitée : enregistrer la page ne perd pas ce mot."""
    for remarque in remarques(page.sur(objet).reprise) if page.TRAITE else []:
        suite = request.POST.get(f"suite-{remarque['numero']}", "").strip()
        if not suite:
            continue
        try:
            objet = page.traiter(objet, remarque["numero"], suite, objet.revision).objet
        except (Refus, Conflit):
            messages.error(
                request, f"La remarque « {remarque['libelle']} » reste à traiter. Votre texte : « {suite} »."
            )


def _saisie(page: Page, valeurs: dict[str, Any], envoi=None) -> Saisie:
    return Saisie(page.FORME.modele, page.rubriques, page.codes, valeurs, envoi, page.SAUF)


def _rendre_conflit(request, page: Page, envoyee: Saisie, actuel: Racine, lu: verrou.Lu) -> HttpResponse:
    """Remontre la page : ce que l'autre seul a changé est repris, ce que j'ai tapé reste, les heurts se lisent."""
    fusion = fusionner(
        verrou.instantane_lu(page.FORME, actuel, lu), instantane_de(page.FORME, actuel), envoyee.donnees()
    )
    saisie = _saisie(page, fusion.donnees)
    saisie.gardees = set(envoyee.proposees())
    saisie.garder_inscriptions(envoyee)
    heurt = Heurt(
        verrou.changements_depuis(page.FORME, actuel, lu, page.codes), saisie.poser_disputes(fusion.disputes)
    )
    return _rendre(request, page, saisie, conflit=heurt, jeton=verrou.jeton(page.FORME, actuel))


def _valeurs(page: Page) -> dict[str, Any]:
    return page.initial if page.objet is None else instantane_de(page.FORME, page.objet)


def _lu(request, page: Page) -> verrou.Lu:
    if page.objet is None:
        return verrou.RIEN
    return verrou.lire(request.POST.get("jeton", ""), page.FORME, page.objet)


def _dire(request, page: Page, resultat: Resultat) -> None:
    if resultat.effet == INCHANGE:
        messages.info(request, "Rien n'avait changé : rien n'a été enregistré.")
    else:
        messages.success(request, f"« {resultat.objet} » est enregistré.{page.dire(resultat)}")


def _rendre(request, page: Page, saisie: Saisie, conflit=None, jeton=None, verdict=True) -> HttpResponse:
    if jeton is None and page.objet is not None:
        jeton = verrou.jeton(page.FORME, page.objet)
    if page.objet is not None:
        saisie.poser_constats(page.constats(_valeurs(page)))
        saisie.suggestions = page.suggestions(_valeurs(page))
    if page.objet is not None and page.PROPOSE:
        montrees = saisie.lues(CONSERVATIONS.nom, ("categories", "regle_reference"))
        saisie.propositions = page.propositions(_valeurs(page) | {CONSERVATIONS.nom: montrees})
    fautes = saisie.fautes() if verdict and saisie.envoi is not None else []
    contexte = {
        "page": page,
        "saisie": saisie,
        "conflit": conflit,
        "jeton": jeton or "",
        "fautes": fautes,
        "remarques": avec_la_suite(request, remarques(page.reprise)),
    }
    statut = 409 if conflit is not None else 422 if fautes else 200
    return render(request, GABARIT, contexte, status=statut)
