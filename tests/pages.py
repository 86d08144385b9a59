"""Lire une page comme un navigateur : ce que son formulaire renverrait."""

import html
from html.parser import HTMLParser

from django.test import Client
from django.urls import reverse


def formulaire(client, fiche) -> dict:
    """Ce que le navigateur renverrait de la page, champ par champ."""
    page = client.get(reverse("admin:traitements_traitement_change", args=[fiche.pk])).content.decode()
    return champs(page)


def champs(page: str) -> dict:  # noqa: C901 - une page de navigateur, lue champ par champ
    class Lecteur(HTMLParser):
        def __init__(self):
            super().__init__()
            self.donnees: dict = {}
            self.zone, self.liste, self.gabarit = "", "", 0

        def handle_starttag(self, balise, attributs):
            a = dict(attributs)
            self.gabarit += balise == "template"
            nom = a.get("name")
            if self.gabarit or not nom:
                if balise == "option" and not self.gabarit and "selected" in a:
                    self.donnees[self.liste] = a["value"]
                return
            if balise == "textarea":
                self.zone, self.donnees[nom] = nom, ""
            elif balise == "select":
                self.liste, self.donnees[nom] = nom, ""
            elif balise == "input" and a.get("type") in ("checkbox", "radio"):
                if "checked" in a:
                    deja = self.donnees.get(nom)
                    self.donnees[nom] = (
                        [*deja, a.get("value", "on")] if isinstance(deja, list) else [a.get("value", "on")]
                    )
            elif balise == "input":
                self.donnees[nom] = a.get("value", "")

        def handle_endtag(self, balise):
            self.gabarit -= balise == "template"
            self.zone = "" if balise == "textarea" else self.zone

        def handle_data(self, texte):
            if self.zone:
                self.donnees[self.zone] += texte.removeprefix("\r").removeprefix("\n")

    lecteur = Lecteur()
    lecteur.feed(page)
    return lecteur.donnees


COMPOSES = str.maketrans("’‘\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "''  ")


class Lue(str):
    """Une page servie : une phrase s'y trouve quelle que soit sa composition, qui a ses propres essais (test_typographie)."""

    def __contains__(self, phrase: str) -> bool:
        return _nue(phrase) in _nue(str(self))


def _nue(texte: str) -> str:
    return texte.replace("&#x27;", "'").translate(COMPOSES)


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
            classe = type(reponse)
            lu = property(lambda r: OctetsLus(classe.content.fget(r)), classe.content.fset)
            reponse.__class__ = type(classe.__name__, (classe,), {"content": lu})
        return reponse
