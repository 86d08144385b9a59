"""L'agenda : une adresse montrée une fois, révocable, qui suit l'habilitation."""

import re

import pytest
from django.urls import reverse

from boutique import PROSPECTION, creer_fiche
from conservation.models import JetonAgenda
from journal.models import Entree
from organismes.models import Utilisateur
from organismes.portee import dans
from registre.execution.echeancier_ics import echapper, plier

pytestmark = pytest.mark.django_db
REGLE = {**PROSPECTION["conservations"][0], "frequence_mois": 12, "derniere_purge": "2020-01-01"}


def abonner_par_la_page(client) -> str:
    page = client.post(reverse("agenda"), {"creer": "1"}).content.decode()
    return re.search(r"/agenda/[\w-]+/registre\.ics", page)[0]


def test_l_adresse_ne_se_montre_qu_une_fois_et_se_revoque(dpo, client, maison_lavande):
    creer_fiche(maison_lavande, conservations=[REGLE])
    adresse = abonner_par_la_page(dpo)
    assert adresse not in dpo.get(reverse("agenda")).content.decode()
    flux = client.get(adresse).content
    assert b"DTSTART;VALUE=DATE:20210101\r\n" in flux
    assert all(len(ligne) <= 75 for ligne in flux.split(b"\r\n"))
    assert flux == client.get(adresse).content
    jeton = adresse.split("/")[2]
    assert not any(jeton in str(e) for e in Entree.objects.values())
    with dans(maison_lavande):
        pk = JetonAgenda.objects.get().pk
    dpo.post(reverse("agenda"), {"revoquer": str(pk)})
    assert client.get(adresse).status_code == 404


def test_sans_habilitation_l_adresse_ne_repond_plus(dpo, client, maison_lavande):
    adresse = abonner_par_la_page(dpo)
    Utilisateur.objects.filter(courriel="claire@lavande.example").update(is_active=False)
    assert client.get(adresse).status_code == 404
    assert client.get("/agenda/inconnu/registre.ics").status_code == 404


def test_on_ne_revoque_pas_l_abonnement_d_un_autre(dpo, contributeur, maison_lavande):
    abonner_par_la_page(dpo)
    with dans(maison_lavande):
        pk = JetonAgenda.objects.get().pk
    assert contributeur.post(reverse("agenda"), {"revoquer": str(pk)}).status_code == 404


def test_le_texte_s_echappe_et_se_plie():
    assert echapper("a,b;c\\d\ne") == "a\\,b\\;c\\\\d\\ne"
    assert plier("é" * 100).replace("\r\n ", "") == "é" * 100
