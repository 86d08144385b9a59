"""Une fiche de soixante lignes par liste : elle s'ouvre légère, ses lignes se lisent fermées, rien ne s'y perd."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from boutique import creer_fiche, creer_tiers
from organismes.portee import dans
from pages import champs, en_lettres
from registre.fiche import agregat as ag
from traitements.models import CategorieDonnees, Traitement

pytestmark = [pytest.mark.django_db, pytest.mark.lent]


def longue(nombre: int) -> dict:
    return {
        "donnees": [
            {
                "categorie": "COORDONNEES",
                "precisions": f"Champ {n}\n suite",
                "sources": ["DIRECTE"],
                "finalites": [1],
            }
            for n in range(1, nombre + 1)
        ],
        "conservations": [
            {
                "categories": ["COORDONNEES"],
                "objet": f"Lot {n}",
                "duree_valeur": 3,
                "duree_unite": "ans",
                "point_depart": "DERNIER_CONTACT_PROSPECT",
                "sort_final": "suppression",
                "regle_reference": "PROSPECT-3A",
                "derniere_purge": "2026-05-02",
                "acces_restreint": False,
            }
            for n in range(1, nombre + 1)
        ],
        "destinataires": [
            {"type": "SOUS_TRAITANT", "tiers": "Envoléo SAS", "pays": "FR", "categories": ["COORDONNEES"]}
            for _ in range(nombre)
        ],
        "transferts": [{"destinataire_numero": 2, "pays": "US"} for _ in range(9)],
    }


@pytest.fixture
def fiche(maison_lavande):
    creer_tiers(maison_lavande, "Envoléo SAS")
    return creer_fiche(maison_lavande, **longue(60))


def adresse(fiche) -> str:
    return reverse("admin:traitements_traitement_change", args=[fiche.pk])


def relire(organisme) -> dict:
    with dans(organisme):
        return ag.instantane_de(ag.FICHE, ag.FICHE.charger(Traitement.objects.all()).get())


def test_soixante_lignes_par_liste_tiennent_dans_une_page_legere(dpo, fiche):
    dpo.get(adresse(fiche))
    with CaptureQueriesContext(connection) as requetes:
        page = dpo.get(adresse(fiche))
    assert len(page.content) < 800_000  # 5,4 Mo quand chaque ligne portait ses listes
    assert len(requetes) <= 50  # ne dépend pas du nombre de lignes : l'essai suivant le dit


def test_le_nombre_de_requetes_ne_croit_pas_avec_les_lignes(dpo, maison_lavande, fiche):
    petite = creer_fiche(maison_lavande, reference="TR-002", **longue(10))
    comptes = []
    for une in (petite, fiche, petite, fiche):
        with CaptureQueriesContext(connection) as requetes:
            dpo.get(adresse(une))
        comptes.append(len(requetes))
    assert comptes[2] == comptes[3]


def test_renvoyer_les_lignes_fermees_ne_change_rien(dpo, maison_lavande, fiche):
    avant = relire(maison_lavande)
    page = dpo.get(adresse(fiche)).content.decode()
    assert re.search(r'id="donnees-3"\s+data-fermee', page)
    reponse = dpo.post(adresse(fiche), champs(page), follow=True)
    assert "rien n'a été enregistré" in en_lettres(reponse.content.decode())
    assert relire(maison_lavande) == avant


def test_une_ligne_fermee_se_lit_en_une_phrase(dpo, fiche):
    page = en_lettres(dpo.get(adresse(fiche)).content.decode())
    assert (
        "Coordonnées · Lot 7 · 3 ans à compter du dernier contact émanant du prospect, puis suppression"
        in page
    )
    assert "Coordonnées · Champ 7" in page  # ce qui distingue soixante lignes de même catégorie
    assert "Envoléo SAS, États-Unis" in page  # le transfert nomme son destinataire


@pytest.mark.parametrize(("nombre", "fermees"), [(8, 0), (9, 9)])
def test_une_liste_se_ferme_au_dela_de_huit_lignes(dpo, maison_lavande, nombre, fermees):
    fiche = creer_fiche(maison_lavande, mesures=[{"precisions": f"Mesure {n}"} for n in range(nombre)])
    assert dpo.get(adresse(fiche)).content.decode().count("data-fermee") == fermees


def test_ouvrir_une_ligne_sans_javascript_garde_ce_qui_est_tape(dpo, maison_lavande, fiche):
    avant = relire(maison_lavande)
    envoi = champs(dpo.get(adresse(fiche)).content.decode())
    envoi |= {"service": "Direction des ventes", "ouvrir": "donnees-7"}
    reponse = dpo.post(adresse(fiche), envoi)
    page = reponse.content.decode()
    assert reponse.status_code == 200
    assert 'id="donnees-7" data-repris' in page
    assert 'id="id_donnees-7-precisions"' in page
    assert 'id="id_donnees-8-precisions"' not in page
    assert champs(page)["service"] == "Direction des ventes"
    assert champs(page)["donnees-7-precisions"] == "Champ 7\n suite"
    assert relire(maison_lavande) == avant
    dpo.post(adresse(fiche), champs(page) | {"donnees-7-precisions": "Courriel"})
    lue = relire(maison_lavande)
    assert (lue["donnees"][6]["precisions"], lue["donnees"][7]["precisions"]) == (
        "Courriel",
        "Champ 8\n suite",
    )
    assert (lue["service"], lue["conservations"]) == ("Direction des ventes", avant["conservations"])


def test_une_erreur_n_ouvre_que_sa_ligne_et_y_mene(dpo, fiche):
    envoi = champs(dpo.get(adresse(fiche)).content.decode())
    reponse = dpo.post(adresse(fiche), envoi | {"conservations-41-duree_unite": ""})
    page = reponse.content.decode()
    assert reponse.status_code == 422
    assert 'id="id_conservations-41-duree_unite"' in page
    assert 'id="id_conservations-42-duree_unite"' not in page
    assert "Durée 41" in page
    assert len(reponse.content) < 800_000


def test_soixante_erreurs_se_disent_toutes_sans_ouvrir_soixante_lignes(dpo, fiche):
    envoi = champs(dpo.get(adresse(fiche)).content.decode())
    fautes = {f"conservations-{n}-derniere_purge": "31/31/2026" for n in range(1, 61)}
    reponse = dpo.post(adresse(fiche), envoi | fautes)
    page = reponse.content.decode()
    assert "60 points à reprendre" in page
    assert page.count("data-serveur") == 52  # huit ouvertes, les autres disent leur erreur dans leur phrase
    assert champs(page)["conservations-60-derniere_purge"] == "31/31/2026"


def test_un_code_retire_de_la_liste_reste_dans_sa_ligne_fermee(dpo, maison_lavande, fiche):
    CategorieDonnees.objects.filter(pk="COORDONNEES").update(actif=False)
    avant = relire(maison_lavande)
    page = dpo.get(adresse(fiche)).content.decode()
    assert re.search(
        r'id="donnees-3"\s+data-fermee data-serveur', page
    )  # le bloc vide ne propose plus ce code
    dpo.post(adresse(fiche), champs(page) | {"service": "Ventes"})
    assert relire(maison_lavande)["donnees"] == avant["donnees"]


def test_retirer_une_ligne_fermee_sans_javascript(dpo, maison_lavande, fiche):
    envoi = champs(dpo.get(adresse(fiche)).content.decode())
    dpo.post(adresse(fiche), envoi | {"donnees-2-retirer": "on"})
    assert [e["numero"] for e in relire(maison_lavande)["donnees"]] == [1, *range(3, 61)]


def test_un_envoi_trop_gros_se_refuse_en_francais(dpo, fiche, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
    reponse = dpo.post(adresse(fiche), {f"champ-{n}": "x" for n in range(101)})
    page = en_lettres(reponse.content.decode())
    assert reponse.status_code == 400
    assert "L'envoi compte plus de 100 champs" in page


def test_la_limite_du_serveur_porte_la_plus_longue_fiche_admise(settings):
    # 500 lignes de données (24 champs au plus), de durées (30) et de destinataires (17), toutes ouvertes : 22 000 environ, d'après les 2 679 champs de 60.
    assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS >= 500 * (24 + 30 + 17)
