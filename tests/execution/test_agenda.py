"""L'agenda : une adresse montrée une fois, révocable, qui suit l'habilitation."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from boutique import PROSPECTION, creer_fiche, creer_operation
from conservation.models import JetonAgenda
from journal.models import Entree
from organismes.models import Utilisateur
from organismes.portee import dans
from registre.execution.echeances import derniers_changements, lire
from registre.execution.echeancier_ics import echapper, plier, produire

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
    aujourd_hui = timezone.localdate()
    for attendu in (
        f"DTSTART;VALUE=DATE:{aujourd_hui:%Y%m%d}",
        "En retard depuis le 1er janvier 2021",
        "SEQUENCE:",
        "URL:http",
    ):
        assert attendu in flux.decode().replace("\r\n ", "")  # ce qui est en retard se montre aujourd'hui
    assert all(len(ligne) <= 75 for ligne in flux.split(b"\r\n"))
    assert flux == client.get(adresse).content
    jeton = adresse.split("/")[2]
    assert not any(jeton in str(e) for e in Entree.objects.values())
    with dans(maison_lavande):
        pk = JetonAgenda.objects.get().pk
    dpo.post(reverse("agenda"), {"revoquer": str(pk)})
    assert client.get(adresse).status_code == 404


def test_un_changement_deplace_l_evenement_et_le_dit_plus_recent(maison_lavande):
    regle = PROSPECTION["conservations"][0] | {"frequence_mois": 12, "derniere_purge": "2026-06-01"}
    fiche = creer_fiche(maison_lavande, conservations=[regle])

    def evenement() -> dict[str, str]:
        with dans(maison_lavande):
            lues = lire(maison_lavande, date(2026, 11, 24))
            changees = derniers_changements(maison_lavande)
        flux = produire(lues, "M", date(2026, 11, 24), changees, {str(fiche.pk): "http://x/"}).decode()
        return dict(ligne.split(":", 1) for ligne in flux.replace("\r\n ", "").splitlines())

    avant = evenement()
    assert (avant["DTSTART;VALUE=DATE"], avant["URL"]) == ("20270601", "http://x/")
    with dans(maison_lavande):
        moment = derniers_changements(maison_lavande)[str(fiche.pk)]
    assert avant["DTSTAMP"] == f"{moment:%Y%m%dT%H%M%SZ}"
    creer_operation(maison_lavande, fiche, date=date(2026, 11, 20))
    apres = evenement()
    assert (apres["UID"], apres["DTSTART;VALUE=DATE"]) == (avant["UID"], "20271120")
    assert int(apres["SEQUENCE"]) >= int(avant["SEQUENCE"]) and apres["DTSTAMP"] >= avant["DTSTAMP"]


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
