"""Le modèle de la CNIL tel que les gens le remplissent : tout se retrouve, rien n'est corrigé en silence."""

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from arbre import RACINE
from boutique import AUTEUR
from classeurs import CLIENTS, PLACEHOLDER, ecrire, feuille, fiche
from journal.models import Entree
from organismes.portee import dans
from registre.actes.fiches import enregistrer_fiche
from registre.echanges.exports import json_registre
from registre.echanges.exports.demande import Demande
from traitements.models import Traitement

pytestmark = [pytest.mark.django_db, pytest.mark.lent]
OFFICIEL = RACINE.parent / "shared/donnees/cnil-modele-simplifie/modele-vierge-cnil.ods"


def importer(fichier: Path, organisme, **options) -> str:
    sortie = StringIO()
    call_command("importer", fichier, organisme=str(organisme.pk), stdout=sortie, stderr=sortie, **options)
    return sortie.getvalue()


def fiches(organisme) -> list[dict]:
    with dans(organisme):
        return json_registre.document(Demande(organisme))["fiches"]


def une(tmp_path, organisme, nom_feuille="3_-_Modèle_de_fiche_de_registre", **valeurs) -> dict:
    importer(
        ecrire(tmp_path / "registre.ods", feuille(nom_feuille, fiche(**{**CLIENTS, **valeurs}))), organisme
    )
    return fiches(organisme)[0]


@pytest.mark.skipif(not OFFICIEL.exists(), reason="le classeur de la CNIL n'est pas livré avec le produit")
def test_le_modele_vierge_de_la_cnil_ne_donne_que_son_exemple_et_le_dit(maison_lavande):
    sortie = importer(OFFICIEL, maison_lavande, format="cnil-ods")
    (paie,) = fiches(maison_lavande)
    assert paie["intitule"] == "Gestion de la paie"
    assert any("exemple fictif du modèle" in e.get("avertissement", "") for e in paie["reprise"])
    assert "exemple fictif du modèle de la CNIL, que personne n'a changé" in sortie
    assert "« 3_-_Modèle_de_fiche_de_registre » est le modèle, laissé vierge" in sortie


def test_une_fiche_remplie_se_retrouve_entiere(tmp_path, maison_lavande):
    lue = une(tmp_path, maison_lavande)
    assert (lue["reference"], lue["intitule"], lue["date_creation"], lue["date_maj"]) == (
        "TR-1",
        "Gestion des clients",
        "2020-01-31",
        "2024-05-13",
    )
    assert lue["finalites"][0]["sous_finalites"] == ["Suivi des colis"]
    assert lue["donnees"][0] | {"categorie": "ETAT_CIVIL", "precisions": "Nom, prénom"} == lue["donnees"][0]
    regle = lue["conservations"][0]
    assert (regle["duree_valeur"], regle["duree_unite"], regle["point_depart"]) == (5, "ans", "FIN_CONTRAT")
    assert lue["a_confirmer"] == ["conservation"]
    assert regle["texte_origine"] == "5 ans à compter de la fin du contrat"
    assert lue["mesures"][0]["fiche"] == "SEC17"
    assert lue["finalites"][0]["base_legale"] is None
    assert lue["statut"] == "brouillon"


def test_la_feuille_modele_laissee_vierge_n_est_pas_une_fiche(tmp_path, maison_lavande):
    importer(
        ecrire(tmp_path / "r.ods", feuille("3", fiche()), feuille("Clients", fiche(**CLIENTS))),
        maison_lavande,
    )
    assert len(fiches(maison_lavande)) == 1


def test_la_meme_reference_partout_ne_fait_perdre_aucune_fiche(tmp_path, maison_lavande):
    feuilles = [
        feuille(f"Feuille {n}", fiche(**{**CLIENTS, "nom": f"Activité {n}", "ref": "ref-001"}))
        for n in range(3)
    ]
    sortie = importer(ecrire(tmp_path / "r.ods", *feuilles), maison_lavande)
    assert [f["intitule"] for f in sorted(fiches(maison_lavande), key=lambda f: f["intitule"])] == [
        "Activité 0",
        "Activité 1",
        "Activité 2",
    ]
    assert "désignait déjà une autre fiche" in sortie
    assert "inchangés : 3" in importer(tmp_path / "r.ods", maison_lavande)


VARIANTES = {
    "sans accents": lambda t: t.translate(str.maketrans("éèêàçïÉô", "eeeaciEo")),
    "en capitales": str.upper,
    "espaces en trop": lambda t: f"  {t.replace(' ', '   ')} ",
    "double encodage": lambda t: t.encode().decode("latin-1"),
}


@pytest.mark.parametrize("nom", VARIANTES)
def test_les_libelles_se_reconnaissent_malgre_leur_graphie(nom, tmp_path, maison_lavande):
    lignes = [[VARIANTES[nom](ligne[0]), *ligne[1:]] if ligne else [] for ligne in fiche(**CLIENTS)]
    importer(ecrire(tmp_path / "r.ods", feuille("x", lignes)), maison_lavande)
    lue = fiches(maison_lavande)[0]
    assert lue["intitule"] == "Gestion des clients"
    assert [
        len(lue[n])
        for n in ("finalites", "donnees", "conservations", "personnes", "destinataires", "mesures")
    ] == [1] * 6


def test_des_valeurs_encodees_deux_fois_se_reparent(tmp_path, maison_lavande):
    assert une(tmp_path, maison_lavande, nom="Fidélité".encode().decode("latin-1"))["intitule"] == "Fidélité"


def test_des_lignes_et_une_colonne_inserees_ne_deplacent_rien(tmp_path, maison_lavande):
    lignes = [["", *ligne] for ligne in fiche(**CLIENTS)]
    lignes = [["", "", ""], ["Note de service"], *lignes[:12], [], [], *lignes[12:]]
    importer(ecrire(tmp_path / "r.ods", feuille("x", lignes)), maison_lavande)
    lue = fiches(maison_lavande)[0]
    assert lue["donnees"][0]["precisions"] == "Nom, prénom"
    assert lue["conservations"][0]["duree_valeur"] == 5
    assert any(e["valeur"] == "Note de service" for e in lue["reprise"])


def test_un_en_tete_de_bloc_supprime_n_egare_pas_ses_lignes(tmp_path, maison_lavande):
    lignes = [
        ligne
        for ligne in fiche(**CLIENTS)
        if not ligne or ligne[0] not in ("Destinataires", "Mesures de sécurité")
    ]
    importer(ecrire(tmp_path / "r.ods", feuille("x", lignes)), maison_lavande)
    lue = fiches(maison_lavande)[0]
    assert lue["destinataires"][0]["nom"] == "Hébergeur"
    assert lue["mesures"][0]["fiche"] == "SEC17"


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("3 ans", (3, "ans", "")),
        ("13 mois", (13, "mois", "")),
        ("Deux ans", (2, "ans", "")),
        ("2 semaines", (14, "jours", "")),
        ("illimité", (None, "", "illimité")),
        ("3 ans puis 5 ans en archives", (None, "", "3 ans puis 5 ans en archives")),
        ("Durée légale", (None, "", "Durée légale")),
    ],
)
def test_une_duree_se_lit_si_elle_est_claire_et_son_texte_reste(texte, attendu, tmp_path, maison_lavande):
    donnees = [["Vie personnelle (habitudes de vie, situation familiale, etc.)", "Loisirs", "", "", texte]]
    regle = une(tmp_path, maison_lavande, donnees=donnees)["conservations"][0]
    assert (regle["duree_valeur"], regle["duree_unite"], regle["critere"]) == attendu
    assert regle["texte_origine"] == texte


@pytest.mark.parametrize(
    ("texte", "sensible", "lignes"),
    [
        ("Oui", True, 1),
        ("☑", True, 1),
        ("x", True, 1),
        ("Allergies", True, 1),
        ("Non", False, 0),
        ("☐", None, 0),
        ("N/A", None, 0),
        ("/", None, 0),
    ],
)
def test_les_cases_cochees_de_toutes_les_facons(texte, sensible, lignes, tmp_path, maison_lavande):
    lue = une(tmp_path, maison_lavande, sensibles=[["Données concernant la santé", texte]])
    assert lue["donnees_sensibles"] is sensible
    assert len([d for d in lue["donnees"] if d["categorie"] == "SANTE"]) == lignes


def test_une_date_qui_n_en_est_pas_une_est_gardee_ailleurs(tmp_path, maison_lavande):
    lue = une(tmp_path, maison_lavande, creation="/", maj="au printemps")
    assert (lue["date_creation"], lue["date_maj"]) == (None, None)
    assert [e["valeur"] for e in lue["reprise"]] == ["/", "au printemps"]


def test_une_garantie_perimee_s_importe_telle_quelle_et_se_signale(tmp_path, maison_lavande):
    transferts = [
        ["Organisme destinataire 1", "Mailwright", "Etats-Unis", "Privacy shield", "", "annexe"],
        ["Organisme destinataire 2", "Beta", "Bolivie", "Pays adéquat"],
        ["Organisme destinataire 3", "Gamma", "Chine", "Dérogations (art 49)"],
        ["Organisme destinataire 4", "Delta", "Atlantide", "Certification"],
    ]
    lue = une(tmp_path, maison_lavande, transferts=transferts)
    assert [(t["pays"], t["garantie"]) for t in lue["transferts"]] == [
        ("US", "INVALIDE_PRIVACY_SHIELD"),
        ("BO", "ADEQUATION"),
        ("CN", None),
        (None, "CERTIFICATION"),
    ]
    avertissements = " ".join(e.get("avertissement", "") for e in lue["reprise"])
    assert "Privacy Shield est invalidé" in avertissements
    assert "Bolivie : aucune décision d'adéquation" in avertissements
    assert "Dérogations (art 49)" in lue["transferts"][2]["precisions"]
    assert "Atlantide" in lue["transferts"][3]["precisions"]
    assert lue["transferts_hors_eee"] is True


def test_plus_de_lignes_que_le_modele_n_en_prevoit(tmp_path, maison_lavande):
    lue = une(
        tmp_path,
        maison_lavande,
        finalites=[
            ["Finalité principale", "Vendre nos produits"],
            *[[f"Sous-finalité {n}", f"But {n}"] for n in range(1, 9)],
        ],
        destinataires=[
            [f"Destinataire {n}", "Sous-traitants", "", "", f"Prestataire {n}"] for n in range(1, 13)
        ],
        personnes=[
            ["Catégorie de personnes 1", "Clients"],
            ["Catégorie de personnes 2", "Voisins", "", "", "du quartier"],
        ],
    )
    assert len(lue["finalites"][0]["sous_finalites"]) == 8
    assert len(lue["destinataires"]) == 12
    assert (
        lue["personnes"][1] | {"categorie": "AUTRES_PERSONNES", "precisions": "Voisins : du quartier"}
        == lue["personnes"][1]
    )


def test_rien_ne_se_perd(tmp_path, maison_lavande):
    """Un jeton dans chaque cellule libre : chacun se retrouve dans l'export."""
    compteur = iter(range(1000))
    lignes = []
    for ligne in fiche(**CLIENTS):
        pleine = [*ligne, *[""] * (8 - len(ligne))]
        lignes.append(
            [pleine[0], *[c or f"jeton{next(compteur):03d}x" for c in pleine[1:]]] if ligne else pleine
        )
    importer(ecrire(tmp_path / "r.ods", feuille("x", lignes)), maison_lavande)
    with dans(maison_lavande):
        tout = json_registre.produire(Demande(maison_lavande)).decode()
    poses = set(re.findall(r"jeton\d{3}x", json.dumps(lignes)))
    perdus = poses - set(re.findall(r"jeton\d{3}x", tout))
    assert [ligne for ligne in lignes if perdus & set(ligne)] == []


def test_un_texte_demesure_est_garde_ou_refuse_jamais_coupe_en_silence(tmp_path, maison_lavande):
    long = "Une très longue finalité. " * 60
    lue = une(tmp_path, maison_lavande, finalites=[["Finalité principale", long]])
    assert any(e["valeur"] == long.strip() for e in lue["reprise"])


LISTE = [
    [
        "Coordonnées du responsable de l’organisme",
        "Nom : Bernard",
        "",
        "Prénom : Hugo",
        "",
        "Adresse :",
        "4 place aux Aires",
        "Adresse mail : contact@lavande.example",
    ],
    ["", "Code postal : 06130", "", "Ville : Grasse", "", "Téléphone : 04 93 00 00 00"],
    [
        "Coordonnées du délégué à la protection des données (DPO)",
        "Nom :",
        "Morel",
        "Prénom :",
        "Claire",
        "Société (si DPO externe) : N/A",
    ],
    ["Identification du traitement", "", "", "", "Finalité du traitement", "", "", "Données sensibles ?"],
    [
        "Nom du traitement",
        "N° / RÉF",
        "Date de création de la fiche",
        "Dernière mise à jour de la fiche",
        "",
        "",
        "",
        "Oui/non",
    ],
    ["(EXEMPLE) Gestion de la paie", "1 - Exemple", "2018-05-26", "", "Payer", "", "", "Non"],
    ["Gestion des clients", "TR-1", "", "", "", "", "", "Non"],
    ["Jeux-concours", "TR-2", "2021-02-03", "", "Organiser le tirage au sort", "", "", "Oui"],
]


@pytest.mark.parametrize("decalage", [0, 5, 9])
def test_la_liste_complete_les_fiches_et_en_ajoute(decalage, tmp_path, autre_boutique):
    lignes = [["Registre de la boutique"]] * decalage + LISTE
    importer(ecrire(tmp_path / "r.ods", feuille("2", lignes), feuille("3", fiche(**CLIENTS))), autre_boutique)
    lues = {f["intitule"]: f for f in fiches(autre_boutique)}
    assert set(lues) == {"Gestion des clients", "Jeux-concours"}
    assert lues["Gestion des clients"]["donnees_sensibles"] is False
    assert lues["Jeux-concours"]["finalites"][0]["libelle"] == "Organiser le tirage au sort"
    autre_boutique.refresh_from_db()
    assert (autre_boutique.dpo_nom, autre_boutique.representant_legal, autre_boutique.code_postal) == (
        "Claire Morel",
        "Hugo Bernard",
        "06130",
    )
    assert autre_boutique.raison_sociale == "Savonnerie du Port"


def test_l_identite_deja_saisie_n_est_pas_ecrasee(tmp_path, maison_lavande):
    lignes = [[c.replace("4 place aux Aires", "12 rue Neuve") for c in ligne] for ligne in LISTE]
    importer(ecrire(tmp_path / "r.ods", feuille("2", lignes)), maison_lavande)
    maison_lavande.refresh_from_db()
    assert maison_lavande.adresse == "4 place aux Aires"
    assert any(e["valeur"] == "12 rue Neuve" for e in maison_lavande.reprise)


def test_une_feuille_etrangere_est_gardee_avec_l_organisme(tmp_path, maison_lavande):
    importer(
        ecrire(tmp_path / "r.ods", feuille("Notes", [["à faire", "relire"]]), feuille("3", fiche(**CLIENTS))),
        maison_lavande,
    )
    maison_lavande.refresh_from_db()
    assert maison_lavande.reprise[0]["valeur"] == "à faire | relire"


def test_simuler_annonce_ce_que_l_import_fera_et_n_ecrit_rien(tmp_path, maison_lavande):
    chemin = ecrire(tmp_path / "r.ods", feuille("3", fiche(**CLIENTS)))
    entrees = Entree.objects.count()
    simule = importer(chemin, maison_lavande, simuler=True)
    assert (fiches(maison_lavande), Entree.objects.count()) == ([], entrees)
    assert simule.replace("Simulation : rien n'est écrit.\n", "") == importer(chemin, maison_lavande)


def test_un_second_import_ne_change_rien_et_n_ecrit_rien(tmp_path, maison_lavande):
    chemin = ecrire(tmp_path / "r.ods", feuille("2", LISTE), feuille("3", fiche(**CLIENTS)))
    importer(chemin, maison_lavande)
    entrees = Entree.objects.count()
    assert "créés : 0\nmodifiés : 0" in importer(chemin, maison_lavande)
    assert Entree.objects.count() == entrees


def test_ce_que_le_delegue_a_saisi_depuis_n_est_pas_ecrase(tmp_path, maison_lavande):
    chemin = ecrire(
        tmp_path / "r.ods",
        feuille("3", fiche(**CLIENTS)),
        feuille("4", fiche(**{**CLIENTS, "nom": "Autre activité", "ref": "TR-9"})),
    )
    importer(chemin, maison_lavande)
    with dans(maison_lavande):
        enregistrer_fiche(
            {
                "service": "Ventes",
                "finalites": [{"libelle": "Livrer les commandes", "base_legale": "CONTRAT"}],
            },
            organisme=maison_lavande,
            auteur=AUTEUR,
            fiche=Traitement.objects.get(reference="TR-1"),
        )
    with pytest.raises(CommandError, match="1 refus"):
        importer(chemin, maison_lavande)
    assert fiches(maison_lavande)[0]["finalites"][0]["base_legale"] == "CONTRAT"
    assert len(fiches(maison_lavande)) == 2


def test_un_fichier_qui_declare_un_million_de_lignes_se_lit(tmp_path, maison_lavande):
    vide = '<table:table-row table:number-rows-repeated="1047575"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
    importer(ecrire(tmp_path / "r.ods", feuille("3", fiche(**CLIENTS), suite=vide)), maison_lavande)
    assert len(fiches(maison_lavande)) == 1


def test_le_placeholder_des_listes_veut_dire_vide(tmp_path, maison_lavande):
    lue = une(tmp_path, maison_lavande, personnes=[["Catégorie de personnes 1", PLACEHOLDER]])
    assert lue["personnes"] == []
