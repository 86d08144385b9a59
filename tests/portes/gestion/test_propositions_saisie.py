"""Reprendre une durée de référence dans le formulaire : un bouton, une ligne remplie, à confirmer ; rien ne se perd."""

import pytest
from django.urls import reverse

from boutique import creer_fiche
from organismes.portee import dans
from pages import champs, en_lettres, formulaire
from registre.fiche import agregat as ag
from traitements.models import Traitement

pytestmark = [pytest.mark.django_db, pytest.mark.lent]
ORIGINE = "On garde les prospects 3 ans, ou un peu plus si besoin"


@pytest.fixture
def fiche(maison_lavande):
    tapee = {
        "numero": 1,
        "categories": ["COORDONNEES"],
        "duree_valeur": 4,
        "duree_unite": "ans",
        "texte_origine": ORIGINE,
    }
    return creer_fiche(maison_lavande, conservations=[tapee])


def adresse(fiche) -> str:
    return reverse("admin:traitements_traitement_change", args=[fiche.pk])


def relire(organisme) -> dict:
    with dans(organisme):
        return ag.instantane_de(ag.FICHE, ag.FICHE.charger(Traitement.objects.all()).get())


def test_la_page_propose_avec_la_source_et_ce_qu_elle_vaut(dpo, fiche):
    page = en_lettres(dpo.get(adresse(fiche)).content.decode())
    assert 'value="PROSPECT-3A:COORDONNEES"' in page
    cadre = page[page.index('id="regles-proposees"') :]
    regle = (
        cadre[: cadre.index("PROSPECT-3A:COORDONNEES")]
        .rpartition("<li>")[2]
        .replace("\N{NO-BREAK SPACE}", " ")
    )
    dits = (
        "Quand : la personne",
        "3 ans à compter du dernier contact",
        "Pour : Coordonnées",
        "recommandation de la CNIL",
    )
    assert sorted(dits, key=regle.index) == list(dits)  # quand elle vaut, d'abord
    assert "Prospect non client" in regle
    assert "recommandation de la CNIL" in regle
    assert "confirmé par une source secondaire" in regle
    assert (
        "3 ans à compter du dernier contact émanant du prospect, puis suppression ou anonymisation" in regle
    )
    assert "2021-131" in regle
    usage = cadre[: cadre.index("INSCRIPTION-PENDANTE-30J:COORDONNEES")].rpartition("<li>")[2]
    assert "proposition, sans texte chiffré" in usage
    assert "non vérifié, à relire" in usage
    assert "loi ou règlement" not in usage
    assert reverse("durees") in cadre


def test_reprendre_ajoute_une_ligne_sans_rien_enregistrer_ni_rien_perdre(dpo, fiche, maison_lavande):
    avant = relire(maison_lavande)
    envoi = formulaire(dpo, fiche) | {
        "service": "Direction des ventes, pas encore enregistrée",
        "reprendre": "PROSPECT-3A:COORDONNEES",
    }
    reponse = dpo.post(adresse(fiche), envoi)
    page = reponse.content.decode()
    assert reponse.status_code == 200
    assert relire(maison_lavande) == avant
    lus = champs(page)
    assert lus["service"] == "Direction des ventes, pas encore enregistrée"
    assert lus["conservations-1-texte_origine"] == ORIGINE
    assert lus["conservations-1-duree_valeur"] == "4"
    ajoutee = {
        c.removeprefix("conservations-2-"): v for c, v in lus.items() if c.startswith("conservations-2-")
    }
    assert ajoutee["regle_reference"] == "PROSPECT-3A"
    assert (ajoutee["duree_valeur"], ajoutee["duree_unite"]) == ("3", "ans")
    assert ajoutee["point_depart"] == "DERNIER_CONTACT_PROSPECT"
    assert (ajoutee["sort_final"], ajoutee["propose"]) == ("suppression_ou_anonymisation", "1")
    assert 'id="conservations-2" data-repris' in page
    assert 'value="PROSPECT-3A:COORDONNEES"' not in page


def test_l_enregistrement_la_met_a_confirmer_et_garde_le_texte_d_origine(dpo, fiche, maison_lavande):
    envoi = formulaire(dpo, fiche)
    page = dpo.post(adresse(fiche), envoi | {"reprendre": "PROSPECT-3A:COORDONNEES"}).content.decode()
    page = dpo.post(adresse(fiche), champs(page) | {"reprendre": "INSCRIPTION-PENDANTE-30J:COORDONNEES"})
    dpo.post(adresse(fiche), champs(page.content.decode()))
    lue = relire(maison_lavande)
    assert [r["regle_reference"] for r in lue["conservations"]] == [
        None,
        "PROSPECT-3A",
        "INSCRIPTION-PENDANTE-30J",
    ]
    assert lue["conservations"][0]["texte_origine"] == ORIGINE
    assert lue["conservations"][0]["duree_valeur"] == 4
    assert lue["a_confirmer"] == ["conservation"]
    assert "proposition, sans texte chiffré ; à relire" in lue["conservations"][2]["source"]
    page = dpo.get(adresse(fiche)).content.decode()
    assert (
        "Proposé par le référentiel des durées, d’après le fichier importé ou copié d’une autre fiche, à confirmer"
        in page
    )
    dpo.post(adresse(fiche), champs(page) | {"confirmer": "conservation"})
    assert relire(maison_lavande)["a_confirmer"] == []


def test_retirer_la_ligne_reprise_n_y_laisse_rien_a_confirmer(dpo, fiche, maison_lavande):
    avant = relire(maison_lavande)
    page = dpo.post(adresse(fiche), formulaire(dpo, fiche) | {"reprendre": "PROSPECT-3A:COORDONNEES"})
    dpo.post(adresse(fiche), champs(page.content.decode()) | {"conservations-2-retirer": "on"})
    assert relire(maison_lavande) == avant


@pytest.mark.parametrize("choix", ["", "INCONNUE:COORDONNEES", "PROSPECT-3A:SANTE", "NS48:COORDONNEES"])
def test_un_choix_force_n_ajoute_rien(dpo, fiche, choix):
    reponse = dpo.post(adresse(fiche), formulaire(dpo, fiche) | {"reprendre": choix})
    assert reponse.status_code == 200
    assert "conservations-2-numero" not in champs(reponse.content.decode())


def test_une_faute_ailleurs_ne_fait_pas_oublier_la_proposition(dpo, fiche, maison_lavande):
    page = dpo.post(adresse(fiche), formulaire(dpo, fiche) | {"reprendre": "PROSPECT-3A:COORDONNEES"})
    refusee = dpo.post(adresse(fiche), champs(page.content.decode()) | {"intitule": ""})
    assert refusee.status_code == 422
    dpo.post(adresse(fiche), champs(refusee.content.decode()) | {"intitule": "Prospection"})
    assert relire(maison_lavande)["a_confirmer"] == ["conservation"]


def test_un_conflit_ne_fait_pas_oublier_qu_elle_est_a_confirmer(dpo, contributeur, fiche, maison_lavande):
    page = dpo.post(adresse(fiche), formulaire(dpo, fiche) | {"reprendre": "PROSPECT-3A:COORDONNEES"})
    contributeur.post(adresse(fiche), formulaire(contributeur, fiche) | {"service": "Autre service"})
    conflit = dpo.post(adresse(fiche), champs(page.content.decode()))
    assert conflit.status_code == 409
    dpo.post(adresse(fiche), champs(conflit.content.decode()))
    lue = relire(maison_lavande)
    assert lue["conservations"][1]["regle_reference"] == "PROSPECT-3A"
    assert (lue["a_confirmer"], lue["service"]) == (["conservation"], "Autre service")


def test_une_fiche_d_aucune_famille_ne_recoit_pas_de_cadre(dpo, maison_lavande):
    sans = creer_fiche(maison_lavande, famille="")
    assert "regles-proposees" not in dpo.get(adresse(sans)).content.decode()
