"""Le fichier d'un autre organisme ne se mêle jamais à celui-ci : on le refuse, ou l'on n'en prend que les fiches."""

import json

import pytest
from django.core.management import CommandError
from django.urls import reverse
from django_scopes import scopes_disabled

from boutique import AUTEUR, creer_fiche, creer_organisme, creer_tiers
from classeurs import CLIENTS, ecrire, feuille, fiche
from echanges.imports.test_json import DOCUMENT, compter, exporter, importer
from organismes.identite import memes_noms, siren_lu
from organismes.models import Organisme
from organismes.portee import dans
from registre.fiche import agregat as ag
from registre.fiche.enregistrement import Refus, enregistrer
from registre.portes.management.organisme import trouver_organisme

pytestmark = pytest.mark.django_db
LAVANDE, PORT = "812345676", "523456788"


def fichier(tmp_path, organisme):
    chemin = tmp_path / "registre.json"
    chemin.write_bytes(exporter(organisme))
    return chemin


def relu(organisme) -> Organisme:
    with scopes_disabled():
        return Organisme.objects.get(pk=organisme.pk)


@pytest.fixture
def lavande(db):
    organisme = creer_organisme(
        "Maison Lavande", siren=LAVANDE, dpo_nom="Claire Morel", ville="Grasse", pays="FR"
    )
    creer_tiers(organisme, "Envoléo SAS", contact="Jean")
    creer_fiche(organisme)
    return organisme


def test_l_export_d_un_organisme_est_refuse_par_un_autre_qui_reste_intact(tmp_path, lavande):
    port = creer_organisme("Savonnerie du Port", siren=PORT, dpo_nom="Paul Vidal")
    chemin, avant = fichier(tmp_path, lavande), exporter(port)
    comptes = compter()
    with pytest.raises(CommandError) as refus:
        importer(chemin, port)
    phrase = str(refus.value)
    assert (
        "« Maison Lavande », SIREN 812 345 676" in phrase
        and "« Savonnerie du Port », SIREN 523 456 788" in phrase
    )
    assert "Rien n'est écrit" in phrase and "--fiches-seulement" in phrase and str(lavande.pk) in phrase
    assert (compter(), exporter(port)) == (comptes, avant)
    assert trouver_organisme(LAVANDE) == lavande and trouver_organisme(PORT) == port


def test_simuler_refuse_de_meme(tmp_path, lavande, autre_boutique):
    with pytest.raises(CommandError, match="registre de « Maison Lavande »"):
        importer(fichier(tmp_path, lavande), autre_boutique, simuler=True)


@pytest.mark.parametrize(
    ("dans_le_fichier", "ici", "admis"),
    [
        (("Maison Lavande", LAVANDE), ("Maison Lavande", LAVANDE), True),
        (("Maison Lavande", LAVANDE), ("Maison Lavande", ""), True),
        (("Maison Lavande", ""), ("Maison Lavande", LAVANDE), True),
        (("MAISON  LAVANDE SAS", ""), ("Maison lavande", ""), True),
        (("Lavande & Cie (Grasse)", LAVANDE), ("Lavande et Cie, Grasse", LAVANDE), True),
        (("Lavande Holding", LAVANDE), ("Maison Lavande", LAVANDE), True),  # renommée
        (("Maison Lavande", LAVANDE), ("Maison Lavande", PORT), False),  # homonyme
        (("Maison Lavande SARL", ""), ("Maison Lavande SAS", ""), False),
        (("Savonnerie du Port", ""), ("Maison Lavande", ""), False),
        (("Savonnerie du Port", ""), ("Maison Lavande", LAVANDE), False),
        (("", PORT), ("Maison Lavande", ""), False),
        (("", LAVANDE), ("Maison Lavande", LAVANDE), True),
        (("Maison Lavande", f"{LAVANDE[:3]} {LAVANDE[3:6]} {LAVANDE[6:]}"), ("Lavande", LAVANDE), True),
    ],
)  # fmt: skip
def test_qui_est_le_meme_organisme(dans_le_fichier, ici, admis, tmp_path):
    organisme = creer_organisme(ici[0], siren=ici[1])
    identite = {n: v for n, v in zip(("raison_sociale", "siren"), dans_le_fichier, strict=True) if v}
    chemin = tmp_path / "r.json"
    chemin.write_text(json.dumps({**DOCUMENT, "organisme": {**identite, "dpo_nom": "Une autre"}}))
    if admis and " " not in identite.get("siren", ""):
        importer(chemin, organisme)
        assert relu(organisme).dpo_nom == "Une autre"
    elif admis:  # reconnu malgré ses espaces ; le champ, lui, n'en admet pas
        with pytest.raises(CommandError, match="1 refus"):
            importer(chemin, organisme)
    else:
        with pytest.raises(CommandError, match="Rien n'est écrit"):
            importer(chemin, organisme)
        assert relu(organisme).dpo_nom == ""


@pytest.mark.parametrize(
    ("un", "autre", "memes"),
    [
        ("S.A.S. Maison Lavande", "Maison Lavande (SAS)", True),
        ("Société par actions simplifiée Maison Lavande", "maison-lavande sas", True),
        ("Cœur d'Émail", "COEUR D’EMAIL", True),
        ("SA", "SAS", False),
        ("Maison Lavande", "Maison Lavande Sud", False),
        ("", "Maison Lavande", False),
        (12, "Maison Lavande", False),
    ],
)
def test_deux_ecritures_d_un_meme_nom(un, autre, memes):
    assert memes_noms(un, autre) is memes


@pytest.mark.parametrize(
    ("brut", "lu"),
    [("812 345 676", LAVANDE), ("81234567600012", LAVANDE), ("FR12", ""), (None, ""), ("٨١٢٣٤٥٦٧٦", "")],
)
def test_un_siren_se_lit_malgre_sa_presentation(brut, lu):
    assert siren_lu(brut) == lu


def test_une_raison_sociale_changee_se_dit(tmp_path, lavande):
    chemin = fichier(tmp_path, lavande)
    document = json.loads(chemin.read_text())
    document["organisme"]["raison_sociale"] = "Lavande Holding"
    chemin.write_text(json.dumps(document))
    assert "Même SIREN, autre nom : « Lavande Holding » dans le fichier" in importer(chemin, lavande)


def test_un_fichier_sans_siren_n_efface_pas_celui_d_ici(tmp_path, lavande):
    chemin = fichier(tmp_path, lavande)
    document = json.loads(chemin.read_text())
    document["organisme"]["siren"] = ""
    chemin.write_text(json.dumps(document))
    assert "celui de l'organisme est gardé" in importer(chemin, lavande)
    assert relu(lavande).siren == LAVANDE


# --- Les fiches seulement ----------------------------------------------------------------------------------------------
def test_les_fiches_seulement_ne_prennent_rien_de_l_identite_et_n_ecrasent_rien(tmp_path, lavande):
    port = creer_organisme("Savonnerie du Port", siren=PORT)
    creer_tiers(port, "Envoléo SAS", contact="Marie")
    creer_fiche(port, intitule="Livraison", service="Quai")
    identite = json.loads(exporter(port))["organisme"]
    sortie = importer(fichier(tmp_path, lavande), port, fiches_seulement=True)
    document = json.loads(exporter(port))
    assert document["organisme"] == identite
    assert [t["contact"] for t in document["tiers"]] == ["Marie"]
    fiches = {f["intitule"]: f for f in document["fiches"]}
    assert fiches["Livraison"]["service"] == "Quai"  # la même référence désigne ici une autre activité
    venue = fiches["Prospection de particuliers par courriel"]
    assert (venue["reference"], venue["reprise"][0]["valeur"]) == ("TR-002", "TR-001")
    assert "l'identité du fichier n'est pas reprise" in sortie
    assert "créés : 0\nmodifiés : 0" in importer(tmp_path / "registre.json", port, fiches_seulement=True)


def test_une_fiche_de_meme_nom_saisie_ici_n_est_pas_ecrasee(tmp_path, lavande, autre_boutique):
    creer_fiche(autre_boutique, service="Quai")
    with pytest.raises(CommandError, match="1 refus"):
        importer(fichier(tmp_path, lavande), autre_boutique, fiches_seulement=True)
    assert json.loads(exporter(autre_boutique))["fiches"][0]["service"] == "Quai"


def test_les_fiches_seulement_du_meme_organisme_font_foi(tmp_path, lavande):
    chemin = fichier(tmp_path, lavande)
    document = json.loads(chemin.read_text())
    document["organisme"]["dpo_nom"], document["fiches"][0]["service"] = "Une autre", "Atelier"
    chemin.write_text(json.dumps(document))
    importer(chemin, lavande, fiches_seulement=True)
    assert (relu(lavande).dpo_nom, json.loads(exporter(lavande))["fiches"][0]["service"]) == (
        "Claire Morel",
        "Atelier",
    )


# --- Les classeurs -----------------------------------------------------------------------------------------------------
def classeur(tmp_path, responsable: str):
    liste = [
        ["Coordonnées du responsable de l’organisme", f"Nom : {responsable}", "Ville : Marseille"],
        ["Nom du traitement", "N° / RÉF", "Date de création"],
        ["Gestion des clients", "TR-1", "2020-01-31"],
    ]
    return ecrire(tmp_path / "r.ods", feuille("2", liste), feuille("3", fiche(**CLIENTS)))


def test_un_classeur_au_nom_d_une_autre_societe_est_refuse(tmp_path, lavande):
    comptes = compter()
    with pytest.raises(CommandError, match="registre de « Savonnerie du Port SARL »"):
        importer(classeur(tmp_path, "Savonnerie du Port SARL"), lavande)
    assert compter() == comptes
    assert "créés : 1" in importer(tmp_path / "r.ods", lavande, fiches_seulement=True)
    assert relu(lavande).ville == "Grasse"


@pytest.mark.parametrize("responsable", ["Maison Lavande SAS", "Hugo Bernard"])
def test_un_classeur_a_son_nom_ou_a_celui_d_une_personne_s_importe(responsable, tmp_path, lavande):
    assert "créés : 1" in importer(classeur(tmp_path, responsable), lavande)


@pytest.mark.parametrize(
    ("cellules", "admis"),
    [
        (["Raison sociale : Savonnerie du Port"], False),
        (["Nom de l'organisme :", "Savonnerie du Port"], False),
        (["Raison sociale : Maison Lavande", "SIREN : 523 456 788"], False),
        (["SIRET : 523 456 788 00012"], False),
        (["Raison sociale : MAISON LAVANDE", "SIREN : 812 345 676"], True),
        (["SIRET : 812 345 676 00012"], True),
    ],
)
def test_la_feuille_d_identite_d_un_classeur_se_juge_comme_un_export(cellules, admis, tmp_path, lavande):
    liste = [
        ["Coordonnées du responsable de l’organisme", *cellules],
        ["Nom du traitement", "N° / RÉF", "Date de création"],
        ["Gestion des clients", "TR-1", "2020-01-31"],
    ]
    chemin = ecrire(tmp_path / "r.ods", feuille("2", liste))
    if admis:
        assert "créés : 1" in importer(chemin, lavande)
    else:
        with pytest.raises(CommandError, match="Rien n'est écrit"):
            importer(chemin, lavande)
    assert (relu(lavande).raison_sociale, relu(lavande).siren) == ("Maison Lavande", LAVANDE)


# --- Le même numéro, deux organismes -----------------------------------------------------------------------------------
def test_un_organisme_ne_prend_pas_le_siren_d_un_autre(dpo_voisin, lavande, autre_boutique):
    with dans(autre_boutique), pytest.raises(Refus, match="porte déjà ce numéro"):
        enregistrer(ag.ORGANISME, {"siren": LAVANDE}, relu(autre_boutique), auteur=AUTEUR)
    adresse = reverse("api:organismes-detail", args=[autre_boutique.pk])
    reponse = dpo_voisin.patch(
        adresse,
        {"siren": LAVANDE},
        content_type="application/json",
        HTTP_IF_MATCH=dpo_voisin.get(adresse)["ETag"],
    )
    assert reponse.status_code == 400
    assert "Maison Lavande" not in reponse.content.decode()  # un organisme voisin ne se nomme pas


def test_une_designation_ambigue_dit_lesquels(lavande):
    second = creer_organisme("Maison Lavande", siren=LAVANDE)
    with pytest.raises(CommandError) as refus:
        trouver_organisme(LAVANDE)
    assert str(lavande.pk) in str(refus.value) and str(second.pk) in str(refus.value)
