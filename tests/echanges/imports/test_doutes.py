"""Seule une cellule qui dit clairement une valeur en est une : ce qui nie, hésite, renvoie ailleurs ou ajourne se garde."""

import zipfile

import pytest
from django.core.management import CommandError

from classeurs import CLIENTS, ecrire, feuille, fiche
from classeurs_xlsx import ECRIRE, F
from echanges.imports.test_cas import FORMATS, lire, remarques, une
from echanges.imports.test_cnil import fiches, importer
from registre.echanges.imports.reponses import (
    N_AFFIRMENT_RIEN,
    Reponse,
    dit_ou_restent_les_donnees,
    libelle_douteux,
    lire_reponse,
)

DOUTES = [
    "Ø", "interdit", "exclu", "exclues", "ont cessé en 2022", "Anciennement Mailo", "voir DPA", "idem", "Cf. fiche 2", "Exemple : Mailo",
    "Oui (à confirmer)", "Mailo ?", "No transfer", "none", "nope", "Oui / Non", "collecte interdite", "Interdit par la procédure",
    "À éviter", "à supprimer", "Peut-être", "éventuellement", "Oui ?", "oui???", "absent", "Manquant", "Désactivé", "Abandonné", "en projet",
    "prévu 2026", "prévue au T2 2026", "à mettre en place", "Chiffrement, à mettre en place", "Chiffrement des données ?", "Personne",
    "Les données ne sont communiquées à personne", "Personne d'autre", "✗", "pas encore définie", "N'est plus collecté", "Oui, jusqu'en 2022",
    "Ont été supprimées", "Plus personne", "plus collectées depuis 2022", "Inexistant", "Prestataire à choisir", "Handicap éventuel", "Mailo (contrat résilié)", "Santé (supprimée en 2024)",
]  # fmt: skip
VALEURS = [
    "Pas-de-Calais Habitat", "Politique de confidentialité", "TOTAL", "Ressources humaines", "Anciens salariés", "Élèves absents", "Ex-conjoints",
    "Interdits bancaires", "Gestion de projets", "Voirie municipale", "Exemplaires de contrats", "Suivi des commandes à venir", "Prévention",
    "Peut être consulté par le DPO", "Mots de passe de plus de 12 caractères", "https://exemple.fr/x?y=1", "Salariés, futurs retraités",
]  # fmt: skip


@pytest.mark.parametrize("texte", DOUTES)
def test_ce_qui_doute_n_affirme_rien(texte):
    assert lire_reponse(texte) in N_AFFIRMENT_RIEN


@pytest.mark.parametrize("texte", VALEURS)
def test_une_valeur_qui_ressemble_a_un_doute_en_reste_une(texte):
    assert lire_reponse(texte) == Reponse.AUTRE


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("Les données restent en France", True),
        ("Hébergement exclusivement en Europe", True),
        ("UE uniquement", True),
        ("Union européenne", True),
        ("Allemagne", True),
        ("Pays-Bas", True),
        ("usage interne", True),
        ("France Travail", False),
        ("Mailo France", False),
        ("États-Unis", False),
        ("Service interne", False),
        ("Interne uniquement", True),
        ("Diffusion interne", True),
        ("Serveur local", True),
        ("Données à caractère personnel hébergées en France", True),
        ("Les données des personnes restent en France", True),
        ("Interne", False),
        ("Centre", False),
        ("L'État", False),
        ("Tous les membres", False),
        ("Conservation", False),
        ("Organisation internationale située en Europe", False),
        ("Sous-traitant (France)", False),
        ("Les personnes en France", False),
        ("Le personnel en France", False),
    ],
)
def test_un_lieu_de_l_espace_economique_europeen_n_est_pas_un_destinataire(texte, attendu):
    assert dit_ou_restent_les_donnees(texte) is attendu


@pytest.mark.parametrize(
    ("libelle", "attendu"),
    [
        ("Données concernant la santé (non collectées)", True),
        ("Destinataire 2 (ancien)", True),
        ("Mesure de sécurité 1 (prévue)", True),
        ("Données sensibles ?", False),
        ("Données sensibles (oui/non)", False),
        ("Société du DPO (si celui-ci est externe)", False),
    ],
)
def test_un_libelle_qui_nie_se_reconnait(libelle, attendu):
    assert libelle_douteux(libelle) is attendu


pytestmark = [pytest.mark.django_db, pytest.mark.lent]
EN_FICHE = ["Ø", "Oui (à confirmer)", "idem", "prévu 2026", "Les données restent en France", "Oui / Non"]


@pytest.mark.parametrize(("format_", "texte"), [("ods" if n % 2 else "xlsx", t) for n, t in enumerate(EN_FICHE)])  # fmt: skip
def test_un_doute_ne_cree_rien_dans_une_fiche(format_, texte, tmp_path, maison_lavande):
    lue, sortie = une(
        tmp_path,
        maison_lavande,
        format_,
        sensibles=[["Données concernant la santé", "☐ Oui" if "France" in texte else texte]],
        destinataires=[["Destinataire 1", "Sous-traitants", "", "", texte]],
        mesures=[["Mesure de sécurité 1", "à mettre en place" if "France" in texte else texte]],
        transferts=[["Organisme destinataire 1", texte]],
    )
    assert (lue["destinataires"], lue["mesures"], lue["transferts"]) == ([], [], [])
    assert (lue["donnees_sensibles"], lue["transferts_hors_eee"]) == (None, None)
    assert remarques(lue)["Organisme destinataire 1"] == texte
    assert sortie.count("à confirmer : Fiche!") >= 4


@FORMATS
def test_un_libelle_qui_nie_rend_sa_ligne_douteuse(format_, tmp_path, maison_lavande):
    lue, _ = une(
        tmp_path,
        maison_lavande,
        format_,
        sensibles=[["Données concernant la santé (non collectées)", "Allergies"]],
        destinataires=[["Destinataire 1 (ancien)", "Sous-traitants", "", "", "Mailo"]],
        mesures=[["Mesure de sécurité 1 (abandonnée)", "Sauvegarde des données"]],
        transferts=[["Organisme destinataire 1 (projet)", "Mailo Inc.", "Canada"]],
    )
    assert [lue[n] for n in ("destinataires", "mesures", "transferts")] == [[], [], []]
    assert (lue["donnees_sensibles"], lue["transferts_hors_eee"]) == (None, None)
    assert remarques(lue)["Données concernant la santé (non collectées)"] == "Allergies"


@FORMATS
def test_une_croix_en_precision_garde_la_mesure_choisie(format_, tmp_path, maison_lavande):
    mesures = [["Mesure de sécurité 1", "Sauvegarde des données", "", "", "X"]]
    lue, _ = une(tmp_path, maison_lavande, format_, mesures=mesures)
    assert [m["precisions"] for m in lue["mesures"]] == ["Sauvegarde des données"]


@FORMATS
def test_qui_recoit_les_donnees_n_est_pas_un_lieu(format_, tmp_path, maison_lavande):
    dits = ["L'État", "Tous les membres", "Sous-traitant (France)", "Interne"]
    lignes = [[f"Destinataire {n}", dit] for n, dit in enumerate(dits, 1)]
    lignes += [
        ["Destinataire 5", "Interne uniquement", "", "", "Service RH"],
        ["Destinataire 6", "usage interne"],
    ]
    lue, _ = une(tmp_path, maison_lavande, format_, destinataires=lignes)
    assert [d["nom"] for d in lue["destinataires"]] == [*dits, "Service RH"]
    assert remarques(lue)["Destinataire 6"] == "usage interne"


@pytest.mark.parametrize("dit", ["Sous-traitant France", "L'État", "Organisation située en Europe"])
def test_qui_ne_sort_pas_de_l_espace_economique_europeen_n_affirme_aucun_transfert(
    dit, tmp_path, maison_lavande
):
    lue, _ = une(tmp_path, maison_lavande, "ods", transferts=[["Organisme destinataire 1", dit]])
    assert (lue["transferts"], lue["transferts_hors_eee"]) == ([], None)


@FORMATS
def test_la_sous_finalite_d_une_finalite_tue_ne_change_pas_de_finalite(format_, tmp_path, maison_lavande):
    finalites = [["Finalité principale", "Vendre"], ["Sous-finalité 1", "Livrer"], ["Finalité principale", "pas encore définie"], ["Sous-finalité 1", "Relancer"]]  # fmt: skip
    lue, sortie = une(tmp_path, maison_lavande, format_, finalites=finalites)
    assert [(f["libelle"], f["sous_finalites"]) for f in lue["finalites"]] == [("Vendre", ["Livrer"])]
    assert "sous-finalité d'une finalité qui n'est pas affirmée" in sortie


@FORMATS
def test_une_contradiction_nomme_les_deux_cellules_et_garde_le_non(format_, tmp_path, maison_lavande):
    lue, sortie = une(
        tmp_path,
        maison_lavande,
        format_,
        sensibles=[["Données sensibles", "Non"], ["Données concernant la santé", "Allergies"]],
        destinataires=[["Destinataire 1", "Destinataires dans des pays tiers ou organisations internationales", "", "", "Mailo Maroc"]],
        transferts=[["Organisme destinataire 1", "Aucun transfert"]],
    )  # fmt: skip
    assert lue["transferts_hors_eee"] is None
    assert remarques(lue)["Données sensibles, réponse contredite"] == "Non"
    assert "Fiche!B19 dit « Non », mais Fiche!B20 dit le contraire" in sortie
    assert sortie.count("dit le contraire") == 2


@FORMATS
def test_un_tableau_sous_une_fiche_n_en_fait_pas_d_autres(format_, tmp_path, maison_lavande):
    tableau = [[], ["Nom du traitement", "N° / RÉF", "Finalités"], ["Vente", "P-5", "Vendre"]]
    lues, sortie = lire(tmp_path, maison_lavande, format_, F("Fiche", fiche(**CLIENTS) + tableau))
    assert [f["intitule"] for f in lues] == ["Gestion des clients"]
    assert "Un tableau commence en Fiche!A33" in sortie


@FORMATS
def test_deux_fiches_cote_a_cote_font_refuser_la_feuille_par_son_nom(format_, tmp_path, maison_lavande):
    double = [[*li, *[""] * (9 - len(li)), *li] for li in fiche(**CLIENTS)]
    with pytest.raises(Exception, match="1 refus"):
        lire(tmp_path, maison_lavande, format_, F("Double", double))


@pytest.mark.parametrize("date", ["30/12/2999", "31/02/2024"])
def test_une_date_impossible_se_garde_sans_refuser_la_fiche(date, tmp_path, maison_lavande):
    lue, _ = une(tmp_path, maison_lavande, "ods", creation=date)
    assert remarques(lue)["Date de création du traitement"] == date


@pytest.mark.parametrize("nom", ["Néant", "Total", "Exemple : prospection"])
def test_un_nom_improbable_se_dit(nom, tmp_path, maison_lavande):
    lue, sortie = une(tmp_path, maison_lavande, "xlsx", nom=nom)
    assert lue["intitule"] == nom
    assert "n'est peut-être pas le nom d'une activité" in sortie


@FORMATS
@pytest.mark.parametrize("texte", ["OVH (France)", "Données hébergées chez OVH en Irlande"])
def test_un_destinataire_situe_dans_l_union_n_affirme_pas_de_transfert(
    format_, texte, tmp_path, maison_lavande
):
    lue, sortie = une(tmp_path, maison_lavande, format_, transferts=[["Organisme destinataire 1", texte]])
    assert lue["transferts_hors_eee"] is None
    assert "semble dans l'Espace économique européen" in sortie


# --- Ce que le classeur affiche, et que sa valeur perdrait -----------------------------------------------------------------


def affiche(tmp_path, organisme, cellule: str) -> tuple[dict, str]:
    """Une fiche dont la mesure est `cellule`, en XML."""
    xml = feuille("Fiche", fiche(**{**CLIENTS, "mesures": [["Mesure de sécurité 1", "ICI"]]}))
    ici = '<table:table-cell office:value-type="string"><text:p>ICI</text:p></table:table-cell>'
    assert ici in xml
    sortie = importer(ecrire(tmp_path / "registre.ods", xml.replace(ici, cellule)), organisme)
    return fiches(organisme)[0], sortie


@pytest.mark.parametrize(
    ("cellule", "lu"),
    [
        ("<table:table-cell><text:p>Badges</text:p></table:table-cell>", "Badges"),
        ('<table:table-cell office:value-type="string"><text:p>Badges<text:line-break/>Clés</text:p></table:table-cell>', "Badges\nClés"),
        ('<table:table-cell office:value-type="string"><text:p>Badges<text:tab/>Clés</text:p></table:table-cell>', "Badges\tClés"),
        ('<table:table-cell office:value-type="percentage" office:value="0.5"><text:p>50 %</text:p></table:table-cell>', "50 %"),
    ],
)  # fmt: skip
def test_le_texte_affiche_d_une_cellule_ods_ne_se_perd_pas(cellule, lu, tmp_path, maison_lavande):
    lue, _ = affiche(tmp_path, maison_lavande, cellule)
    assert [m["precisions"] for m in lue["mesures"]] == [lu]


def test_un_commentaire_ou_un_dessin_n_est_pas_le_texte_de_la_cellule(tmp_path, maison_lavande):
    cellule = "<table:table-cell><office:annotation><text:p>Note</text:p></office:annotation><draw><text:p>Dessin</text:p></draw></table:table-cell>"
    lue, _ = affiche(tmp_path, maison_lavande, cellule)
    assert lue["mesures"] == []


@FORMATS
def test_une_formule_en_echec_se_dit(format_, tmp_path, maison_lavande):
    _, sortie = une(tmp_path, maison_lavande, format_, mesures=[["Mesure de sécurité 1", "#N/A"]])
    assert "formule en échec dans le classeur, sans valeur : Fiche!B28" in sortie


@pytest.mark.parametrize(
    ("place", "refus"),
    [("A300000", "« Fiche » dépasse 5000 lignes"), ("A5001", "« Fiche » dépasse 5000 lignes"), ("A0", "pas un classeur lisible")],
)  # fmt: skip
def test_une_formule_en_echec_hors_de_la_feuille_fait_refuser_le_classeur(
    place, refus, tmp_path, maison_lavande
):
    with pytest.raises(CommandError, match=refus):
        en_echec(tmp_path, maison_lavande, place)


def test_une_formule_en_echec_a_la_derniere_ligne_se_lit(tmp_path, maison_lavande):
    assert "Fiche!A5000" in en_echec(tmp_path, maison_lavande, "A5000")


def en_echec(tmp_path, organisme, place: str) -> str:
    """Une fiche, et une cellule `#N/A` à cette place de la feuille, que sa ligne ne dit pas."""
    chemin = ECRIRE["xlsx"](tmp_path / "sain.xlsx", F("Fiche", fiche(**CLIENTS)))
    with zipfile.ZipFile(chemin) as sain, zipfile.ZipFile(tmp_path / "r.xlsx", "w") as neuf:
        for nom in sain.namelist():
            xml = sain.read(nom)
            if nom.endswith("sheet1.xml"):
                cellule = f'<row><c r="{place}" t="e"><v>#N/A</v></c></row></sheetData>'
                xml = xml.replace(b"</sheetData>", cellule.encode())
            neuf.writestr(nom, xml)
    return importer(tmp_path / "r.xlsx", organisme)


@FORMATS
def test_une_ligne_masquee_d_une_liste_se_dit_avec_sa_fiche(format_, tmp_path, maison_lavande):
    lignes = [["Nom du traitement", "Finalité"], ["A", "a"], ["B", "b"]]
    _, sortie = lire(tmp_path, maison_lavande, format_, F("Registre", lignes, lignes_masquees={2}))
    assert "lu dans des lignes ou des colonnes masquées : Registre!A3, Registre!B3" in sortie


@FORMATS
@pytest.mark.parametrize("texte", ["/", "…", "-"])
def test_une_barre_ou_des_points_se_comptent_comme_un_tiret(format_, texte, tmp_path, maison_lavande):
    lue, _ = une(tmp_path, maison_lavande, format_, transferts=[["Organisme destinataire 1", texte]])
    assert (lue["transferts"], lue["transferts_hors_eee"]) == ([], None)
    assert remarques(lue)["Organisme destinataire 1"] == texte


def test_le_libelle_mise_a_jour_sans_valeur_n_est_pas_une_valeur(tmp_path, maison_lavande):
    lignes = [["Mise à jour"] if li[:1] == ["Mise à jour du traitement"] else li for li in fiche(**CLIENTS)]
    lues, _ = lire(tmp_path, maison_lavande, "ods", F("Fiche", lignes))
    assert "Mise à jour" not in {e["valeur"] for e in lues[0]["reprise"]}
