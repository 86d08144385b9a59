"""Ce qu'une vue annonce de sa requête (`organismes.requete`), sa route le garantit : sinon l'annotation ment."""

import inspect
from collections.abc import Callable, Iterator
from typing import get_type_hints

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from organismes.choix import Role
from organismes.droits import DROITS, Permission
from organismes.requete import RequeteConnectee, RequeteHabilitee, RequetePlacee
from registre.acces import ACCES, CONNECTE, PUBLIC, exigence

METHODES = ("GET", "POST", "PUT", "PATCH", "DELETE")


def vues(ou: URLResolver | None = None, espace: str = "") -> Iterator[tuple[str, Callable]]:
    """Chaque route déclarée, et la fonction qui y répond, décorateurs ôtés."""
    for motif in (ou or get_resolver()).url_patterns:
        if isinstance(motif, URLResolver):
            yield from vues(motif, f"{motif.namespace}:" if motif.namespace else espace)
        elif isinstance(motif, URLPattern) and motif.name and f"{espace}{motif.name}" in ACCES:
            yield f"{espace}{motif.name}", inspect.unwrap(motif.callback)


def annoncees() -> dict[str, type]:
    """Route → la requête que sa vue annonce, pour celles qui en annoncent une des nôtres."""
    lues = {nom: get_type_hints(vue).get("request") for nom, vue in vues() if inspect.isroutine(vue)}
    return {nom: t for nom, t in lues.items() if isinstance(t, type) and issubclass(t, RequetePlacee)}


ANNONCEES = annoncees()


def garantie(nom: str) -> type:
    """La requête la plus sûre que promettent toutes les méthodes ouvertes de cette route."""
    exigees = [e for m in METHODES if (e := exigence(nom, m)) is not None]
    if PUBLIC in exigees:
        return RequetePlacee
    if CONNECTE in exigees or any(Permission.ADMINISTRER in droits for droits in exigees):
        return RequeteConnectee
    return RequeteHabilitee


@pytest.mark.parametrize("nom", sorted(ANNONCEES))
def test_une_vue_n_annonce_que_ce_que_sa_route_garantit(nom):
    assert issubclass(garantie(nom), ANNONCEES[nom])


def test_chaque_page_du_registre_et_de_la_gestion_annonce_sa_requete():
    """Sans quoi l'essai ci-dessus ne lirait rien. L'accueil de la gestion passe par une méthode de Django."""
    siennes = {nom for nom in ACCES if not nom.startswith(("account_", "api:"))}
    assert siennes - set(ANNONCEES) == {"admin:index", "agenda_ics", "sante"}


@pytest.mark.parametrize("role", Role.values)
def test_tout_role_lit_le_registre_de_son_organisme(role):
    """Ce que `organismes.requete.habilitee` conclut d'un droit de lecture : il vient d'un rôle, donc d'un organisme."""
    assert Permission.LIRE in DROITS[role] and Permission.ADMINISTRER not in DROITS[role]
