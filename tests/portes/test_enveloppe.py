"""Chaque formulaire de chaque page dit pour qui et pour quel organisme il a été ouvert."""

import re

import pytest
from test_acces import ROUTES, adresse, objet_de

from arbre import RACINE
from boutique import creer_tiers
from registre.fiche import envois

pytestmark = pytest.mark.lent

GABARITS = RACINE / "templates"
FORMULAIRE = re.compile(r"<form\b[^>]*>.*?</form>", re.S)


def test_aucun_gabarit_ne_pose_un_formulaire_sans_jeton():
    """{% csrf_token %} pose l'enveloppe ; les formulaires d'allauth le portent dans leur bloc."""
    fautes = []
    for gabarit in GABARITS.rglob("*.html"):
        texte = gabarit.read_text(encoding="utf-8")
        fautes += [
            gabarit.name
            for f in FORMULAIRE.findall(texte)
            if 'method="post"' in f.lower() and "csrf_token" not in f
        ]
        if "{% element form" in texte and "csrf_token" not in texte:
            fautes.append(gabarit.name)
    assert fautes == []


LUES = [r for r in ROUTES if "GET" in r.methodes() and r.nom != "agenda_ics" and not r.nom.startswith("api:")]


@pytest.mark.django_db
@pytest.mark.parametrize("route", LUES, ids=lambda r: r.nom)
def test_chaque_formulaire_rendu_porte_son_organisme(route, dpo, administrateur, maison_lavande, prospection):
    tiers = creer_tiers(maison_lavande, "Envoléo SAS")
    url = adresse(route, objet_de(route.nom, maison_lavande, prospection, tiers))
    url += f"?fiche={prospection.pk}" if route.nom.endswith(("_nouvelle", "_nouveau")) else ""
    for client, organisme in ((dpo, str(maison_lavande.pk)), (administrateur, "")):
        reponse = client.get(url)
        if reponse.status_code != 200 or "text/html" not in reponse["Content-Type"]:
            continue
        formulaires = [f for f in FORMULAIRE.findall(reponse.content.decode()) if 'method="post"' in f]
        assert formulaires, url  # au moins celui qui quitte
        for f in formulaires:
            enveloppe = envois.lire(re.search(r'name="envoi" value="([^"]+)"', f)[1])
            assert enveloppe.organisme == organisme
