"""L'API : la fiche entière en une requête, avec les droits, les contrôles et le verrou du formulaire."""

import pytest
from django.urls import reverse

from boutique import PROSPECTION, creer_fiche, creer_tiers
from conservation.models import DureeReference
from journal.models import Entree

pytestmark = pytest.mark.django_db
FICHES = "api:fiches-list"


def detail(fiche) -> str:
    return reverse("api:fiches-detail", args=[fiche.pk])


def ecrire(client, methode: str, url: str, corps, revision: str | None = None):
    entetes = {"HTTP_IF_MATCH": revision} if revision else {}
    return getattr(client, methode)(url, corps, content_type="application/json", **entetes)


def test_une_fiche_se_cree_avec_toutes_ses_listes_et_une_entree(contributeur, maison_lavande):
    creer_tiers(maison_lavande, "Envoléo SAS")
    avant = Entree.objects.count()
    corps = {**PROSPECTION, "destinataires": [{"type": "SOUS_TRAITANT", "tiers": "Envoléo SAS"}]}
    reponse = ecrire(contributeur, "post", reverse(FICHES), corps)
    assert reponse.status_code == 201
    assert reponse["ETag"] == '"1"'
    assert (
        reponse.json()["destinataires"][0] | {"numero": 1, "tiers": "Envoléo SAS"}
        == reponse.json()["destinataires"][0]
    )
    assert Entree.objects.count() == avant + 1


def test_la_fiche_lue_se_renvoie_telle_quelle_sans_rien_changer(contributeur, prospection):
    lue = contributeur.get(detail(prospection))
    entrees = Entree.objects.count()
    reponse = ecrire(contributeur, "put", detail(prospection), lue.json(), lue["ETag"])
    assert reponse.status_code == 200
    assert reponse.json() == lue.json()
    assert Entree.objects.count() == entrees


def test_sans_if_match_on_n_ecrit_pas(contributeur, prospection):
    assert ecrire(contributeur, "patch", detail(prospection), {"service": "x"}).status_code == 428


def test_une_revision_perimee_est_refusee(contributeur, prospection):
    assert ecrire(contributeur, "patch", detail(prospection), {"service": "Un"}, '"1"').status_code == 200
    perdu = ecrire(contributeur, "patch", detail(prospection), {"service": "Deux"}, '"1"')
    assert perdu.status_code == 412
    assert contributeur.get(detail(prospection)).json()["service"] == "Un"


@pytest.mark.parametrize("etiquette", ["n'importe quoi", '"999"', "*", '"-1"'])
def test_une_etiquette_inconnue_ne_force_pas_le_verrou(contributeur, prospection, etiquette):
    assert ecrire(contributeur, "patch", detail(prospection), {"service": "x"}, etiquette).status_code == 412


def test_patch_remplace_les_listes_nommees_et_garde_le_reste(contributeur, prospection):
    lue = ecrire(contributeur, "patch", detail(prospection), {"personnes": []}, '"1"').json()
    assert lue["personnes"] == []
    assert lue["finalites"][0]["libelle"] == PROSPECTION["finalites"][0]["libelle"]


def test_une_duree_de_la_forme_d_avant_se_prend_encore(contributeur, prospection):
    """Une seule catégorie, sous son ancien nom ; les deux noms à la fois ne veulent rien dire."""
    duree = {"duree_valeur": 3, "duree_unite": "ans", "categorie": "COORDONNEES"}
    reponse = ecrire(contributeur, "patch", detail(prospection), {"conservations": [duree]}, '"1"')
    assert reponse.status_code == 200
    assert reponse.json()["conservations"][0]["categories"] == ["COORDONNEES"]
    deux = duree | {"categories": ["PROFILS"]}
    refusee = ecrire(contributeur, "patch", detail(prospection), {"conservations": [deux]}, '"2"')
    assert refusee.status_code == 400
    assert refusee.json()["erreurs"] == {"conservations[1].categorie": ["Ce champ n'existe pas."]}


def test_put_vide_ce_qui_n_est_pas_nomme(contributeur, prospection):
    corps = {"reference": "TR-001", "intitule": "Réduite", "qualite": "responsable"}
    lue = ecrire(contributeur, "put", detail(prospection), corps, '"1"').json()
    assert (lue["finalites"], lue["famille"], lue["service"]) == ([], "", "")


@pytest.mark.parametrize(
    ("corps", "chemin"),
    [
        ({"finalites": [{"libelle": ""}]}, "finalites[1].libelle"),
        (
            {"finalites": [{"numero": 1, "libelle": "Deux fois"}, {"numero": 1, "libelle": "Deux fois"}]},
            "finalites",
        ),
        ({"donnees": [{"categorie": "INCONNUE"}]}, "donnees[1].categorie"),
        ({"conservations": [{"duree_valeur": 3}]}, "conservations[1]"),
        ({"reference": "TR-002"}, "reference"),
        ({"inconnu": 1}, "inconnu"),
        ({"grande_echelle": "oui"}, "grande_echelle"),
        ({"destinataires": [{"type": "INTERNE", "tiers": "Personne"}]}, "destinataires[1].tiers"),
        ({"statut": "validee"}, "statut"),
    ],
)
def test_ce_que_le_formulaire_refuse_l_api_le_refuse_au_meme_endroit(
    contributeur, maison_lavande, prospection, corps, chemin
):
    creer_fiche(maison_lavande, reference="TR-002", intitule="Déjà là")
    reponse = ecrire(contributeur, "patch", detail(prospection), corps, '"1"')
    assert reponse.status_code == 400
    assert chemin in reponse.json()["erreurs"]


@pytest.mark.parametrize("corps", ["[1, 2]", '"texte"', "null", "{pas du json"])
def test_un_corps_qui_n_est_pas_un_objet_est_refuse(contributeur, prospection, corps):
    reponse = contributeur.patch(
        detail(prospection), corps, content_type="application/json", HTTP_IF_MATCH='"1"'
    )
    assert reponse.status_code == 400


def test_le_delegue_valide_par_l_api(dpo, prospection):
    lue = ecrire(dpo, "patch", detail(prospection), {"statut": "validee"}, '"1"').json()
    assert lue["statut"] == "validee"
    assert lue["validee_le"]


def test_la_liste_se_filtre_et_se_pagine(auditeur, maison_lavande, prospection):
    creer_fiche(maison_lavande, reference="TR-002", intitule="Avis", famille="avis", finalites=[])
    lue = auditeur.get(reverse(FICHES), {"famille": "avis"}).json()
    assert (lue["count"], lue["results"][0]["reference"]) == (1, "TR-002")
    assert auditeur.get(reverse(FICHES), {"base_legale": "CONSENTEMENT"}).json()["count"] == 1
    assert auditeur.get(reverse(FICHES), {"famille": "inconnue"}).status_code == 400
    assert len(auditeur.get(reverse(FICHES), {"taille": 1}).json()["results"]) == 1


def test_les_tiers_et_l_organisme_se_modifient_avec_les_memes_controles(dpo, maison_lavande):
    cree = ecrire(
        dpo, "post", reverse("api:tiers-list"), {"nom": "Envoléo SAS", "qualites": ["sous-traitant"]}
    )
    assert cree.status_code == 201
    url = reverse("api:tiers-detail", args=[cree.json()["id"]])
    assert ecrire(dpo, "patch", url, {"pays": "FR"}, cree["ETag"]).json()["pays"] == "FR"
    inverses = {"contrat_date": "2026-02-01", "contrat_fin": "2025-01-01"}
    assert ecrire(dpo, "patch", url, inverses, '"2"').status_code == 400
    sien = reverse("api:organismes-detail", args=[maison_lavande.pk])
    etiquette = dpo.get(sien)["ETag"]
    lue = ecrire(dpo, "patch", sien, {"mesures": [{"fiche": "SEC17"}]}, etiquette).json()
    assert lue["mesures"][0]["fiche"] == "SEC17"
    assert (
        ecrire(
            dpo, "patch", sien, {"siren": "123456789"}, f'"{int(etiquette.strip(chr(34))) + 1}"'
        ).status_code
        == 400
    )


def test_les_referentiels_donnent_source_et_marque(auditeur):
    noms = {r["nom"] for r in auditeur.get(reverse("api:referentiels-list")).json()}
    assert {"bases-legales", "durees", "pays"} <= noms
    durees = auditeur.get(reverse("api:referentiels-detail", args=["durees"])).json()
    assert durees["nombre"] == len(durees["lignes"]) == DureeReference.objects.count()
    assert all(ligne["source"] and ligne["verifie"] for ligne in durees["lignes"])
    assert auditeur.get(reverse("api:referentiels-detail", args=["secrets"])).status_code == 404


def test_sans_session_on_recoit_401_en_json(client, prospection):
    reponse = client.get(detail(prospection))
    assert reponse.status_code == 401
    assert reponse.json()["detail"]


def test_le_schema_se_produit_sans_avertissement(auditeur, capsys):
    from django.core.management import call_command

    call_command("spectacular", validate=True, fail_on_warn=True, file="/dev/null")
    schema = auditeur.get(reverse("api:schema")).json()
    assert "/api/v1/fiches/{id}/" in schema["paths"] or "/api/v1/fiches/{pk}/" in schema["paths"]
    assert "finalites" in schema["components"]["schemas"]["Fiche"]["properties"]
    assert "RegleConservation" in schema["components"]["schemas"], "un client engendré cite ce nom"
