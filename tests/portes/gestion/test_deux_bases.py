"""Deux bases légales font deux finalités : l'aide, l'erreur et le geste le disent."""

import pytest
from django.urls import reverse

from organismes.portee import dans
from pages import champs, en_lettres, formulaire
from registre.fiche import agregat as ag
from traitements.models import Traitement

pytestmark = pytest.mark.django_db


def adresse(fiche) -> str:
    return reverse("admin:traitements_traitement_change", args=[fiche.pk])


def test_dedoubler_copie_la_finalite_sans_sa_base_et_n_enregistre_rien(dpo, maison_lavande, prospection):
    envoi = formulaire(dpo, prospection) | {
        "finalites-1-sous_finalites": "relances\noffres",
        "finalites-1-libelle": "Proposer nos nouveautés, tapé à l'instant",
    }
    reponse = dpo.post(adresse(prospection), envoi | {"dedoubler": "finalites-1"})
    lus = champs(reponse.content.decode())
    assert reponse.status_code == 200
    assert lus["finalites-2-libelle"] == "Proposer nos nouveautés, tapé à l'instant"
    assert lus["finalites-2-sous_finalites"] == "relances\noffres"
    assert (lus["finalites-1-base_legale"], lus["finalites-2-base_legale"]) == ("CONSENTEMENT", "")
    dpo.post(adresse(prospection), lus | {"finalites-2-base_legale": "CONTRAT"})
    with dans(maison_lavande):
        lue = ag.instantane_de(ag.FICHE, ag.FICHE.charger(Traitement.objects.all()).get())
    assert [f["base_legale"] for f in lue["finalites"]] == ["CONSENTEMENT", "CONTRAT"]


@pytest.mark.parametrize("prefixe", ["", "finalites-9", "donnees-1", "finalites"])
def test_dedoubler_ce_qui_n_est_pas_une_finalite_ne_fait_rien(dpo, prospection, prefixe):
    envoi = formulaire(dpo, prospection)
    lus = champs(dpo.post(adresse(prospection), envoi | {"dedoubler": prefixe}).content.decode())
    assert {k for k in lus if k.endswith("-numero")} == {k for k in envoi if k.endswith("-numero")}


def test_l_aide_dit_qui_n_admet_qu_une_base_par_finalite(dpo, prospection):
    page = en_lettres(dpo.get(adresse(prospection)).content.decode())
    assert "L'article 6(1) en exige une au moins" in page
    assert "la CNIL demande de n'en retenir qu'une" in page


@pytest.mark.parametrize(
    "bases", [["CONSENTEMENT", "CONTRAT"], "CONSENTEMENT, CONTRAT", "CONSENTEMENT et CONTRAT"]
)
def test_l_api_qui_en_donne_deux_est_renvoyee_a_deux_finalites(dpo, prospection, bases):
    corps = {"finalites": [{"numero": 1, "libelle": "Vendre", "base_legale": bases}]}
    reponse = dpo.patch(
        reverse("api:fiches-detail", args=[prospection.pk]),
        corps,
        content_type="application/json",
        headers={"If-Match": '"1"'},
    )
    assert reponse.status_code == 400
    assert "Une seule base légale par finalité" in reponse.content.decode()


def test_une_base_inconnue_reste_une_base_inconnue(dpo, prospection):
    corps = {"finalites": [{"numero": 1, "libelle": "Vendre", "base_legale": "ACCORD, PARCE QUE"}]}
    reponse = dpo.patch(
        reverse("api:fiches-detail", args=[prospection.pk]),
        corps,
        content_type="application/json",
        headers={"If-Match": '"1"'},
    )
    assert "Code inconnu" in reponse.content.decode()
