"""Lire une page comme un navigateur : ce que son formulaire renverrait."""

import html
import re
from functools import cache, cached_property

from django.test import Client
from django.urls import reverse


def formulaire(client, fiche) -> dict:
    """Ce que le navigateur renverrait de la page, champ par champ."""
    page = client.get(reverse("admin:traitements_traitement_change", args=[fiche.pk])).content.decode()
    return champs(page)


BALISES = re.compile(r"<(/?template|option|select|input|textarea)\b([^<>]*)>")
ATTRIBUT = re.compile(r'([\w-]+)(?:="([^"]*)")?')


def champs(page: str) -> dict:
    """Les champs d'une page de Registre, hors des gabarits (`<template>`), comme le navigateur les renverrait.

    À la lettre, sans analyseur HTML : nos attributs ont tous leurs guillemets, et une page de saisie porte huit mille balises.
    """
    donnees, liste, gabarit = {}, "", 0
    for trouvee in BALISES.finditer(page):
        balise, texte = trouvee.groups()
        if balise.endswith("template"):
            gabarit += -1 if balise.startswith("/") else 1
        elif balise == "option" and not gabarit and " selected" in texte:
            donnees[liste] = _attributs(texte)["value"]
        elif balise != "option" and not gabarit and (nom := (a := _attributs(texte)).get("name")):
            liste = nom
            _poser(donnees, nom, balise, a, page[trouvee.end() :] if balise == "textarea" else "")
    return donnees


def _poser(donnees: dict, nom: str, balise: str, attributs: dict[str, str], suite: str) -> None:
    if balise == "textarea":
        texte = html.unescape(suite[: suite.index("</textarea>")])
        donnees[nom] = texte.removeprefix("\r").removeprefix("\n")
    elif balise == "select":
        donnees[nom] = ""
    elif attributs.get("type") not in ("checkbox", "radio"):
        donnees[nom] = attributs.get("value", "")
    elif "checked" in attributs:
        deja = donnees.get(nom)
        donnees[nom] = [*(deja if isinstance(deja, list) else ()), attributs.get("value", "on")]


def _attributs(texte: str) -> dict[str, str]:
    return {nom: html.unescape(valeur) for nom, valeur in ATTRIBUT.findall(texte)}


def relever(client, fiche, fichier, colonne: str = "", format_: str = "", **autres):
    """Un relevé par la page, comme une personne : le fichier, puis la colonne et le format dans la liste. La dernière réponse."""
    url = reverse("releve_nouveau") + f"?fiche={fiche.pk}"
    renvoye = {"fichier": autres.pop("renvoye")} if "renvoye" in autres else {}
    filtres = {
        nom: autres.pop(nom) for nom in [*autres] if nom.partition("_")[0] in ("filtre", "signe", "valeur")
    }
    lue = client.post(url, {"regle": "1", "au": "2026-11-24", "fichier": fichier, **autres}, follow=True)
    if lue.status_code != 200:
        return lue
    page = lue.content.decode()
    envoi = champs(page) | {"choix": choix_de(page, colonne, format_)} | filtres | renvoye
    return client.post(url, envoi, follow=True)


def choix_de(page: str, colonne: str, format_: str = "") -> str:
    """La valeur de la case qui choisit ce format de cette colonne ; la première d'abord, « » si la page n'a pas la colonne."""
    rangee = page.partition(f"<code>{html.escape(colonne)}</code><small>")[2].partition("</tr>")[0]
    cases = re.findall(r'value="([\d.]+)"[^>]*>\s+<span>(.*?)<small>', rangee)
    return next((valeur for valeur, libelle in cases if format_ in libelle), "")


COMPOSES = {"&#x27;": "'", "’": "'", "‘": "'", "\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " "}


class Lue(str):
    """Une page servie : une phrase s'y trouve quelle que soit sa composition, qui a ses propres essais (test_typographie)."""

    def __contains__(self, phrase: str) -> bool:
        return _nue(phrase) in self._nue

    @cached_property
    def _nue(self) -> str:
        return _nue(str(self))


def _nue(texte: str) -> str:
    for compose, nu in COMPOSES.items():
        texte = texte.replace(compose, nu)
    return texte


class OctetsLus(bytes):
    def decode(self, *args, **options) -> Lue:
        return Lue(super().decode(*args, **options))


def en_lettres(page: str) -> Lue:
    """Les entités d'une page remises en lettres."""
    return Lue(html.unescape(page))


def texte_du_pdf(pages) -> Lue:
    """Le texte de pages de pypdf, mot à mot."""
    return Lue(" ".join(" ".join(page.extract_text() for page in pages).split()))


class Navigateur(Client):
    """Le client des essais : il rend les pages `Lue` ; le reste (JSON, PDF, CSV) à l'octet près."""

    def request(self, *args, **options):
        reponse = super().request(*args, **options)
        if not reponse.streaming and reponse.get("Content-Type", "").startswith("text/html"):
            reponse.__class__ = _qui_se_lit(type(reponse))
        return reponse


@cache
def _qui_se_lit(classe: type) -> type:
    """La même réponse, dont le contenu se décode en page `Lue`."""
    lu = property(lambda r: OctetsLus(classe.content.fget(r)), classe.content.fset)
    return type(classe.__name__, (classe,), {"content": lu})
