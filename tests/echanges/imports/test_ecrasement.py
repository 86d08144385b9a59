"""Un import n'efface jamais sans le dire : ni la fiche d'un autre organisme, ni un doublon, ni ce qui a été saisi depuis."""

import json

import pytest
from django.core.management import CommandError

from boutique import creer_fiche, creer_organisme
from classeurs import CLIENTS, ecrire, feuille, fiche
from echanges.imports.test_json import DOCUMENT, compter, essayer, exporter, importer
from echanges.imports.test_json import ecrire as ecrire_json

pytestmark = [pytest.mark.django_db, pytest.mark.lent]
VIDE = {"reference": "P-1", "intitule": "Paie", "qualite": "responsable"}


def classeur(tmp_path, *lignes, nom="r.ods", **valeurs):
    return ecrire(
        tmp_path / nom, *(feuille("2", e) for e in lignes), feuille("F", fiche(**{**CLIENTS, **valeurs}))
    )


def acteur(nom: str) -> list[list[str]]:
    return [["Responsable du traitement", nom, "1 rue X", "75001", "Paris"]]


def fiches(organisme) -> dict[str, dict]:
    return {f["intitule"]: f for f in json.loads(exporter(organisme))["fiches"]}


# --- D'un autre organisme ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("responsable", ["Boulangerie Martin SARL", "Centre hospitalier de Caen", ""])
def test_les_fiches_d_un_autre_n_ecrasent_pas_celle_qu_un_classeur_a_ecrite(
    responsable, tmp_path, maison_lavande
):
    importer(classeur(tmp_path, acteurs=acteur("Maison Lavande")), maison_lavande)
    avant = exporter(maison_lavande)
    autre = classeur(tmp_path, acteurs=acteur(responsable), mesures=[], nom="autre.ods")
    sortie = essayer(autre, maison_lavande, fiches_seulement=True)
    assert "n'est pas reconnu comme le registre de cet organisme" in sortie and "1 refus" in sortie
    assert exporter(maison_lavande) == avant


def test_le_json_d_un_autre_n_ecrase_pas_non_plus(tmp_path, maison_lavande):
    importer(ecrire_json(tmp_path, {"fiches": [VIDE]}), maison_lavande)
    avant = exporter(maison_lavande)
    document = {"organisme": {"raison_sociale": "Le Port"}, "fiches": [VIDE | {"service": "Quai"}]}
    assert "1 refus" in essayer(ecrire_json(tmp_path, document), maison_lavande, fiches_seulement=True)
    assert exporter(maison_lavande) == avant


# --- Deux fois la même référence ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("reference", ["P-1", " P-1", "p-1 "])
def test_la_seconde_fiche_de_meme_reference_est_refusee_par_son_nom(reference, tmp_path, maison_lavande):
    deux = [VIDE | {"service": "Paie"}, VIDE | {"reference": reference, "intitule": "Vente"}]
    sortie = essayer(ecrire_json(tmp_path, {"fiches": deux}), maison_lavande)
    assert "refusés : 1\n  Vente\n    Le fichier désigne deux fois" in sortie and "1 refus" in sortie
    assert {n: f["service"] for n, f in fiches(maison_lavande).items()} == {"Paie": "Paie"}


def test_le_second_tiers_de_meme_nom_est_refuse(tmp_path, maison_lavande):
    tiers = [{"nom": "Envoléo", "contact": "Jean"}, {"nom": "Envoléo", "contact": ""}]
    assert "1 refus" in essayer(ecrire_json(tmp_path, {"tiers": tiers}), maison_lavande)
    assert [t["contact"] for t in json.loads(exporter(maison_lavande))["tiers"]] == ["Jean"]


# --- Saisi depuis ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("simuler", [True, False])
def test_un_classeur_n_efface_pas_ce_qu_un_json_a_change(simuler, tmp_path, maison_lavande):
    chemin = classeur(tmp_path)
    importer(chemin, maison_lavande)
    document = json.loads(exporter(maison_lavande))
    document["fiches"][0]["finalites"][0]["base_legale"] = "CONTRAT"
    importer(ecrire_json(tmp_path, document), maison_lavande)
    avant = exporter(maison_lavande)
    sortie = essayer(chemin, maison_lavande, simuler=simuler)
    assert "un import qui peut ne pas être celui d'un classeur" in sortie and "1 refus" in sortie
    assert exporter(maison_lavande) == avant


@pytest.mark.parametrize("simuler", [True, False])
def test_ce_qu_un_classeur_ne_porte_plus_est_nomme(simuler, tmp_path, maison_lavande):
    importer(classeur(tmp_path), maison_lavande)
    corrige = classeur(tmp_path, destinataires=[], nom="corrige.ods")
    sortie = importer(corrige, maison_lavande, simuler=simuler)
    assert "modifiés : 1" in sortie
    assert "à vérifier : Gestion des clients : Destinataire 1 : « " in sortie
    assert "Hébergeur" in sortie and "le classeur ne le porte plus" in sortie


# --- Qui le classeur nomme ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("nom", ["Commune de Caen", "Centre hospitalier de Caen", "Association Les Amis"])
def test_un_responsable_qui_est_une_autre_organisation_refuse_le_classeur(nom, tmp_path, maison_lavande):
    liste = [["Coordonnées du responsable de l’organisme", f"Nom : {nom}"], ["Nom du traitement", "N° / RÉF"]]
    for chemin in (
        classeur(tmp_path, acteurs=acteur(nom)),
        classeur(tmp_path, liste, nom="liste.ods"),
    ):
        comptes = compter()
        with pytest.raises(CommandError, match=f"registre de « {nom} ».*Rien n'est écrit"):
            importer(chemin, maison_lavande)
        assert compter() == comptes


def test_plusieurs_responsables_se_disent_et_leurs_coordonnees_restent_dehors(tmp_path, maison_lavande):
    liste = [["Coordonnées du délégué à la protection des données (DPO)", "Nom : Pirate"], ["Nom du traitement", "N° / RÉF"]]  # fmt: skip
    vente = CLIENTS | {"nom": "Vente", "acteurs": acteur("Durand Frères")}
    chemin = ecrire(
        tmp_path / "r.ods",
        feuille("2", liste),
        feuille("F", fiche(**CLIENTS | {"acteurs": acteur("Martin Frères")})),
        feuille("G", fiche(**vente)),
    )
    sortie = importer(chemin, maison_lavande)
    assert "nomment 2 responsables du traitement différents" in sortie
    assert "« Durand Frères » ; vous importez dans « Maison Lavande »" in sortie
    assert "ne dit pas de quel organisme" not in sortie
    organisme = json.loads(exporter(maison_lavande))["organisme"]
    assert organisme["dpo_nom"] == "" and "Pirate" in [r["valeur"] for r in organisme["reprise"]]


@pytest.mark.parametrize("dit", ["À compléter", "?", "Voir annexe", "Idem", "Oui", "Non, à voir"])
def test_ce_qui_ne_nomme_personne_n_est_pas_un_responsable(dit, tmp_path, maison_lavande):
    sortie = importer(classeur(tmp_path, acteurs=acteur(dit)), maison_lavande)
    assert "Le responsable du traitement y est" not in sortie


def test_une_societe_dont_le_nom_commence_par_sans_reste_un_responsable(tmp_path, maison_lavande):
    with pytest.raises(CommandError, match="registre de « Sans Souci SARL »"):
        importer(classeur(tmp_path, acteurs=acteur("Sans Souci SARL")), maison_lavande)


@pytest.mark.parametrize(
    "nom", ["Maison Lavande", "MAISON LAVANDE SAS", "Maison Lavande (service du personnel)"]
)
def test_notre_nom_dans_les_acteurs_suffit_a_dire_de_qui_est_le_classeur(nom, tmp_path, maison_lavande):
    sortie = importer(classeur(tmp_path, acteurs=acteur(nom)), maison_lavande)
    assert "vérifiez que ce registre est le sien" not in sortie and "créés : 1" in sortie


def test_un_autre_siren_sur_la_page_de_garde_refuse_le_classeur(tmp_path):
    organisme = creer_organisme("Maison Lavande", siren="812345676")
    garde = [["Registre des traitements"], ["SIRET : 523 456 788 00012"]]
    with pytest.raises(CommandError, match="SIREN 523 456 788"):
        importer(classeur(tmp_path, garde), organisme)
    assert "créés : 1" in importer(classeur(tmp_path, [["SIREN 812 345 676"]]), organisme)


def test_un_nom_qui_se_vaut_et_le_numero_qu_il_apporte_se_disent(tmp_path, maison_lavande):
    identite = {"raison_sociale": "MAISON LAVANDE", "siren": "812345676"}
    sortie = importer(ecrire_json(tmp_path, {"organisme": identite}), maison_lavande)
    assert "Reconnu à son seul nom, écrit autrement : « MAISON LAVANDE »" in sortie
    assert "SIREN 812 345 676, que l'organisme n'avait pas ici" in sortie


# --- Le rapport --------------------------------------------------------------------------------------------------------
def test_une_reference_deja_prise_compte_en_remarque(tmp_path, maison_lavande):
    creer_fiche(maison_lavande, reference="TR-1")
    sortie = importer(classeur(tmp_path), maison_lavande)
    assert "en remarque : F!B4" in sortie and "désignait déjà une autre fiche" in sortie


@pytest.mark.parametrize(("reference", "dit"), [("tr-1", ""), ("X-9", "elle garde ici « TR-1 »")])
def test_la_reference_d_une_fiche_deja_la_se_compare_pliee(reference, dit, tmp_path, maison_lavande):
    importer(classeur(tmp_path), maison_lavande)
    sortie = importer(classeur(tmp_path, ref=reference), maison_lavande)
    assert "désignait déjà" not in sortie and dit in sortie


def test_un_nom_qui_dit_sa_ligne_ne_la_repete_pas(tmp_path, maison_lavande):
    liste = [["Nom du traitement", "Référence"], ["Paie", "1"], ["Vente", "2"], ["Paie", "3"]]
    sortie = importer(ecrire(tmp_path / "r.ods", feuille("R", liste)), maison_lavande)
    assert "Paie (feuille « R », ligne 2)" in sortie and "ligne 2) (feuille" not in sortie


# --- Le JSON tel qu'on le reçoit ---------------------------------------------------------------------------------------
def test_un_json_encode_deux_fois_se_repare_et_le_dit(tmp_path, maison_lavande):
    double = VIDE | {"intitule": "Gérer la paie".encode().decode("cp1252")}
    sortie = importer(ecrire_json(tmp_path, {"fiches": [double]}), maison_lavande)
    assert list(fiches(maison_lavande)) == ["Gérer la paie"]
    assert (
        "Double encodage réparé dans 1\N{NO-BREAK SPACE}texte du fichier : « GÃ©rer la paie » se lit « Gérer la paie »"
        in sortie
    )


@pytest.mark.parametrize(
    ("combien", "suite"), [(5, ". À relire."), (7, " ; et 2\N{NO-BREAK SPACE}autres. À relire.")]
)
def test_cinq_textes_repares_se_citent_et_les_autres_se_comptent(combien, suite, tmp_path, maison_lavande):
    doubles = [
        VIDE | {"reference": f"V-{n}", "intitule": f"Gérer {n}".encode().decode("cp1252")}
        for n in range(combien)
    ]
    sortie = importer(ecrire_json(tmp_path, {"fiches": doubles}), maison_lavande)
    assert f"dans {combien}\N{NO-BREAK SPACE}textes du fichier" in sortie
    assert f"se lit « Gérer 4 »{suite}" in sortie and "« Gérer 5 »" not in sortie


def test_la_reparation_d_un_texte_ne_touche_a_rien_d_autre(tmp_path, maison_lavande):
    double = VIDE | {"intitule": "Paie", "remarques": " Gérer\n  la paie \n".encode().decode("cp1252")}
    importer(ecrire_json(tmp_path, {"fiches": [double]}), maison_lavande)
    assert fiches(maison_lavande)["Paie"]["remarques"] == " Gérer\n  la paie \n"


@pytest.mark.parametrize("codage", ["utf-16", "utf-16-le", "utf-16-be"])
def test_un_json_en_utf_16_se_lit(codage, tmp_path, maison_lavande):
    chemin = tmp_path / "r.json"
    chemin.write_bytes(json.dumps({**DOCUMENT, "fiches": [VIDE]}).encode(codage))
    assert "créés : 1" in importer(chemin, maison_lavande)


@pytest.mark.parametrize(
    ("document", "dit"),
    [
        (
            {"version": "2"},
            "dit sa version autrement que par un nombre entier sans guillemets ; cette instance",
        ),
        (
            {"version": 1.5},
            "dit sa version autrement que par un nombre entier sans guillemets ; cette instance",
        ),
        ({"version": None}, "ne dit pas sa version ;"),
        ({"fiches": [VIDE | {"qualite": "x"}]}, "La valeur « x » n'est pas un choix valide"),
        ({"fiches": [VIDE | {"organisme": "x"}]}, "    Organisme : Ce champ"),
    ],
)
def test_les_fautes_se_disent_sans_guillemets_de_programmeur(document, dit, tmp_path, maison_lavande):
    assert dit in essayer(ecrire_json(tmp_path, document), maison_lavande)
