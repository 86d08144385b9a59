"""Une durée ne se dit pas de deux façons : fiche, constats, échéancier, agenda, rappels, CSV et tableau lisent la même conclusion."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from boutique import PROSPECTION, creer_fiche, creer_operation
from organismes.portee import dans
from pages import en_lettres
from registre.execution.echeances import en_retard
from registre.execution.rappels import recapituler

pytestmark = [pytest.mark.django_db, pytest.mark.lent]
DUREE = PROSPECTION["conservations"][0]
HIER = timezone.localdate() - timedelta(days=1)
RELEVE = {"type_": "constat", "preuve": b"", "examinees": 5000, "en_retard": 213, "date": HIER}
CAS = {
    "silence": ({}, [], False, "non renseigné"),
    "déclarée oui": ({"appliquee": "oui"}, [], False, "Oui, déclarée"),
    "déclarée non": ({"appliquee": "non"}, [], True, "Non, déclarée"),
    "purge déclarée trop ancienne": ({"appliquee": "oui", "derniere_purge": "2020-01-01"}, [], True, "Partiellement, déclarée"),
    "documentée": ({}, [{}], False, "Oui, documentée"),
    "en retard": ({"appliquee": "oui"}, [RELEVE], True, "Non, déclarée"),
    "à vérifier": ({"appliquee": "oui"}, [RELEVE, {"volume_avant": 5000, "volume_apres": 4787}], False, "Purgée, à vérifier"),
    "terme passé": ({"echeance": "2026-01-15", "appliquee": "oui"}, [], True, "Partiellement, déclarée"),
}  # fmt: skip


def page(client, nom, *args) -> str:
    return en_lettres(client.get(reverse(nom, args=args)).content.decode())


@pytest.mark.parametrize("cas", CAS)
def test_toutes_les_portes_disent_la_meme_chose(cas, dpo, maison_lavande):
    champs, operations, retard, phrase = CAS[cas]
    fiche = creer_fiche(maison_lavande, conservations=[DUREE | champs])
    for operation in operations:
        creer_operation(maison_lavande, fiche, **operation)
    with dans(maison_lavande):
        rappels = recapituler(maison_lavande, timezone.localdate(), "http://x").texte()
        nombre = en_retard(maison_lavande, timezone.localdate())
    lue = page(dpo, "fiche", fiche.pk)
    assert phrase in lue
    assert ("RET-10" in lue) is retard
    assert ("<h2>En retard</h2>" in page(dpo, "conservation")) is retard
    assert ("En retard\n" in rappels) is retard
    assert (nombre > 0) is retard
    assert ("en retard" in page(dpo, "tableau")) is retard
    lignes = page(dpo, "echeancier_csv").splitlines()
    dite = phrase if cas != "silence" else "On ne le sait pas : aucune opération"
    assert lignes[1:] and all(dite in ligne for ligne in lignes[1:])


def test_une_fiche_archivee_reste_en_retard_tant_que_ses_donnees_existent(dpo, maison_lavande):
    fiche = creer_fiche(maison_lavande, conservations=[DUREE | {"appliquee": "non"}], statut="archivee")
    assert "Durée non appliquée" in page(dpo, "conservation")
    creer_operation(maison_lavande, fiche, volume_avant=40, volume_apres=0, date=date.today())
    assert "Durée non appliquée" not in page(dpo, "conservation")
