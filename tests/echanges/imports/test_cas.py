"""L'import ne dit que ce que dit le fichier : les cas rejoués, un fichier chacun, et leurs semblables en ODS et en XLSX."""

import json

import pytest
from django.core.management import CommandError
from django_scopes import scopes_disabled

from arbre import RACINE
from classeurs import CLIENTS, PLACEHOLDER, fiche
from classeurs_xlsx import ECRIRE, F
from echanges.imports.test_cnil import LISTE, fiches, importer
from journal.models import Entree

pytestmark = [pytest.mark.django_db, pytest.mark.lent]
CAS = RACINE / "tests/exemples/cas"
FORMATS = pytest.mark.parametrize("format_", ["ods", "xlsx"])


def du_cas(numero: str, organisme) -> tuple[dict[str, dict], str]:
    """Les fiches du cas, par référence, et ce que la commande a dit."""
    sortie = importer(next(CAS.glob(f"{numero}-*.ods")), organisme)
    return {f["reference"]: f for f in fiches(organisme)}, sortie


def lire(tmp_path, organisme, format_: str, *feuilles: F) -> tuple[list[dict], str]:
    sortie = importer(ECRIRE[format_](tmp_path / f"registre.{format_}", *feuilles), organisme)
    return fiches(organisme), sortie


def une(tmp_path, organisme, format_: str, **valeurs) -> tuple[dict, str]:
    lues, sortie = lire(tmp_path, organisme, format_, F("Fiche", fiche(**{**CLIENTS, **valeurs})))
    assert len(lues) == 1
    return lues[0], sortie


def remarques(lue: dict) -> dict[str, str]:
    return {e["libelle"]: e["valeur"] for e in lue["reprise"]}


# --- C01 : des fiches l'une sous l'autre ---------------------------------------------------------------------------------


def test_c01_trois_fiches_empilees_restent_trois(maison_lavande):
    lues, _ = du_cas("C01", maison_lavande)
    assert list(lues) == ["E-1", "E-2", "E-3"]
    assert [[f["libelle"] for f in lue["finalites"]] for lue in lues.values()] == [
        ["Gérer les commandes"],
        ["Prospecter"],
        ["Recueillir les avis"],
    ]
    assert lues["E-2"]["finalites"][0]["sous_finalites"] == ["Mesurer les ouvertures"]
    assert [len(lue["donnees"]) for lue in lues.values()] == [1, 1, 1]
    assert [lue["conservations"][0]["duree_valeur"] for lue in lues.values()] == [5, 3, 3]


@FORMATS
def test_deux_fiches_sans_ligne_vide_entre_elles_se_separent(format_, tmp_path, maison_lavande):
    seconde = {**CLIENTS, "nom": "Prospection", "ref": "TR-2", "finalites": [["Finalité principale", "Prospecter"], ["Sous-finalité 1", "Relancer"]]}  # fmt: skip
    lignes = [ligne for ligne in fiche(**CLIENTS) + fiche(**seconde) if ligne]
    lues, _ = lire(tmp_path, maison_lavande, format_, F("Fiches", lignes))
    assert [(f["reference"], f["intitule"]) for f in lues] == [
        ("TR-1", "Gestion des clients"),
        ("TR-2", "Prospection"),
    ]
    assert lues[1]["finalites"][0]["sous_finalites"] == ["Relancer"]


@FORMATS
def test_un_modele_vierge_sous_une_fiche_n_en_fait_pas_une_seconde(format_, tmp_path, maison_lavande):
    lues, _ = lire(tmp_path, maison_lavande, format_, F("Fiches", fiche(**CLIENTS) + [[]] + fiche()))
    assert [f["intitule"] for f in lues] == ["Gestion des clients"]


@FORMATS
def test_une_seconde_fiche_sans_nom_fait_refuser_la_feuille_par_son_nom(format_, tmp_path, maison_lavande):
    anonyme = [ligne for ligne in fiche(**{**CLIENTS, "ref": "TR-2"}) if ligne[:1] != ["Nom du traitement"]]
    with pytest.raises(CommandError, match="1 refus"):
        lire(tmp_path, maison_lavande, format_, F("Mélange", fiche(**CLIENTS) + anonyme))
    assert fiches(maison_lavande) == []


@FORMATS
def test_des_fiches_cote_a_cote_font_refuser_la_feuille(format_, tmp_path, maison_lavande):
    lignes = [
        ["Nom du traitement", "Clients", "Prospects"],
        ["Finalité principale", "Vendre", "Relancer"],
        ["Destinataire 1", "Comptabilité", "Marketing"],
    ]
    with pytest.raises(CommandError, match="1 refus"):
        lire(tmp_path, maison_lavande, format_, F("Colonnes", lignes))
    assert fiches(maison_lavande) == []


# --- C03 : les réponses négatives -------------------------------------------------------------------------------------------


def test_c03_une_reponse_negative_ne_cree_ni_categorie_ni_transfert(maison_lavande):
    lues, _ = du_cas("C03", maison_lavande)
    assert lues["N-1"]["donnees_sensibles"] is None
    assert [d["categorie"] for d in lues["N-1"]["donnees"]] == ["ETAT_CIVIL"]
    assert (lues["N-2"]["transferts_hors_eee"], lues["N-2"]["transferts"]) == (False, [])
    assert remarques(lues["N-1"])["Données concernant la santé"] == "Sans objet"
    assert remarques(lues["N-2"])["Organisme destinataire 1"] == "Aucun transfert hors UE"


NEGATIVES = [
    "Non concerné",
    "Sans objet",
    "RAS",
    "Néant",
    "N/A",
    "Non applicable",
    "-",
    "Aucun",
    "Pas concerné",
]


@pytest.mark.parametrize(
    ("format_", "texte"), [("xlsx" if n % 2 else "ods", t) for n, t in enumerate(NEGATIVES)]
)
def test_une_negation_ne_cree_rien_dans_aucune_liste(format_, texte, tmp_path, maison_lavande):
    lue, _ = une(
        tmp_path,
        maison_lavande,
        format_,
        finalites=[["Finalité principale", texte]],
        acteurs=[["Responsable(s) conjoint(s)", texte]],
        donnees=[["Vie personnelle (habitudes de vie, situation familiale, etc.)", texte, "", "", texte]],
        sensibles=[["Données concernant la santé", texte]],
        personnes=[["Catégorie de personnes 1", texte]],
        destinataires=[["Destinataire 1", texte, "", "", texte]],
        mesures=[["Mesure de sécurité 1", texte]],
        transferts=[["Organisme destinataire 1", texte, PLACEHOLDER, texte]],
    )
    for liste in ("finalites", "donnees", "conservations", "personnes", "destinataires", "mesures", "transferts", "responsables_conjoints"):  # fmt: skip
        assert lue[liste] == [], liste
    assert lue["donnees_sensibles"] is not True
    assert lue["transferts_hors_eee"] is not True
    assert lue["qualite"] == "responsable"
    assert [e["valeur"] for e in lue["reprise"]].count(texte) >= 8


@FORMATS
@pytest.mark.parametrize(
    "texte",
    [
        "Aucun transfert sauf vers les États-Unis (Mailwright)",
        "Hébergement en France, pas de transfert hors UE",
        "Oui, sauf l'Inde",
        "À compléter",
    ],
)
def test_un_non_qui_dit_davantage_est_garde_et_douteux(format_, texte, tmp_path, maison_lavande):
    lue, sortie = une(tmp_path, maison_lavande, format_, transferts=[["Organisme destinataire 1", texte]])
    assert (lue["transferts"], lue["transferts_hors_eee"]) == ([], None)
    assert remarques(lue)["Organisme destinataire 1"] == texte
    assert "à confirmer : Fiche!B31" in sortie


def test_non_concerne_sauf_la_sante_n_affirme_rien(tmp_path, maison_lavande):
    lue, _ = une(
        tmp_path,
        maison_lavande,
        "xlsx",
        sensibles=[["Données concernant la santé", "Non concerné sauf la santé"]],
    )
    assert lue["donnees_sensibles"] is None
    assert [d["categorie"] for d in lue["donnees"]] == ["ETAT_CIVIL"]


def test_une_ligne_sensible_laissee_vide_n_est_pas_un_non(tmp_path, maison_lavande):
    sensibles = [["Données concernant la santé", "Non"], ["Données génétiques", ""]]
    assert une(tmp_path, maison_lavande, "ods", sensibles=sensibles)[0]["donnees_sensibles"] is None


def test_un_destinataire_dans_l_union_n_affirme_pas_un_transfert(tmp_path, maison_lavande):
    lue, sortie = une(
        tmp_path, maison_lavande, "ods", transferts=[["Organisme destinataire 1", "OVH", "France"]]
    )
    assert lue["transferts_hors_eee"] is None
    assert "est dans l'Espace économique européen" in sortie


# --- C05 : une ligne n'est d'un bloc que par son libellé -------------------------------------------------------------------


def test_c05_une_ligne_apres_les_transferts_est_une_remarque(maison_lavande):
    lues, _ = du_cas("C05", maison_lavande)
    assert lues["Z-1"]["transferts_hors_eee"] is None
    assert remarques(lues["Z-1"])["AIPD réalisée ?"] == "Non"


@FORMATS
@pytest.mark.parametrize("bloc", ["donnees", "sensibles", "personnes", "destinataires", "mesures", "transferts", "finalites"])  # fmt: skip
@pytest.mark.parametrize("valeur", ["Non", "Validé par la direction"])
def test_une_ligne_etrangere_dans_un_bloc_est_une_remarque(format_, bloc, valeur, tmp_path, maison_lavande):
    base = fiche(**{k: v for k, v in CLIENTS.items()})
    reference, _ = lire(tmp_path, maison_lavande, format_, F("Sans", base))
    intrus = ["Relu par le comité ?", valeur, "", "", "3 ans"]
    avec = fiche(**{**CLIENTS, "nom": "Avec", "ref": "TR-2", bloc: [*CLIENTS.get(bloc, []), intrus]})
    lues, _ = lire(tmp_path, maison_lavande, format_, F("Avec", avec))
    avec = next(f for f in lues if f["intitule"] == "Avec")
    for nom in (
        "finalites",
        "donnees",
        "conservations",
        "personnes",
        "destinataires",
        "mesures",
        "transferts",
    ):
        assert avec[nom] == reference[0][nom], nom
    assert (avec["donnees_sensibles"], avec["transferts_hors_eee"]) == (None, None)
    assert [e["valeur"] for e in avec["reprise"] if e["libelle"] == "Relu par le comité ?"] == [
        valeur,
        "3 ans",
    ]


# --- C07 : la sous-finalité reste sous la sienne -----------------------------------------------------------------------------


def test_c07_chaque_sous_finalite_reste_sous_la_sienne(maison_lavande):
    lues, _ = du_cas("C07", maison_lavande)
    assert [(f["libelle"], f["sous_finalites"]) for f in lues["Z-3"]["finalites"]] == [
        ("Vendre", ["Livrer"]),
        ("Prospecter", ["Relancer les paniers"]),
    ]


@FORMATS
@pytest.mark.parametrize("prefixe", ["", "1. ", "2) "])
def test_des_libelles_numerotes_gardent_leur_sens(format_, prefixe, tmp_path, maison_lavande):
    lignes = [[f"{prefixe}{li[0]}", *li[1:]] if li else [] for li in fiche(**CLIENTS)]
    lues, _ = lire(tmp_path, maison_lavande, format_, F("Fiche", lignes))
    assert lues[0]["finalites"][0]["sous_finalites"] == ["Suivi des colis"]
    assert [len(lues[0][n]) for n in ("finalites", "donnees", "personnes", "destinataires", "mesures")] == [
        1
    ] * 5


# --- C09 : une tête de bloc réécrite ---------------------------------------------------------------------------------------


def test_c09_une_tete_reecrite_garde_son_bloc(maison_lavande):
    lues, _ = du_cas("C09", maison_lavande)
    assert [m["precisions"] for m in lues["Z-5"]["mesures"]] == ["Sauvegarde des données : quotidienne"]
    assert [(t["importateur"], t["pays"]) for t in lues["Z-5"]["transferts"]] == [("Mailo Inc.", "US")]


TETES = {
    "Transferts hors UE": ["TRANSFERT HORS U.E. :", "Transferts hors de l'Union européenne", "Flux et transferts vers des pays tiers", "Flux hors UE"],
    "Destinataires": ["Catégories de destinataires", "Destinataires des données :", "destinataire(s)"],
    "Mesures de sécurité": ["Mesures techniques et organisationnelles", "Sécurité", "MESURE DE SÉCURITÉ"],
    "Catégories de personnes concernées": ["Personnes concernées", "Catégorie de personnes", "Les personnes"],
    "Catégories de données personnelles concernées": ["Données personnelles traitées", "Categories de donnees", "Données"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("format_", "tete", "autre"),
    [
        ("xlsx" if n % 2 else "ods", tete, autre)
        for tete, autres in TETES.items()
        for n, autre in enumerate(autres)
    ],
)
def test_une_tete_reecrite_ne_devient_jamais_une_valeur(format_, tete, autre, tmp_path, maison_lavande):
    transferts = [
        ["Organisme destinataire 1", "Mailo Inc.", "États-Unis", "Clauses contractuelles types (CCT)"]
    ]
    lignes = fiche(**{**CLIENTS, "transferts": transferts})
    reference, _ = lire(tmp_path, maison_lavande, format_, F("Sans", lignes))
    lignes = [[autre, *li[1:]] if li and li[0] == tete else li for li in fiche(**{**CLIENTS, "nom": "Avec", "ref": "TR-2", "transferts": transferts})]  # fmt: skip
    lues, _ = lire(tmp_path, maison_lavande, format_, F("Avec", lignes))
    avec = next(f for f in lues if f["intitule"] == "Avec")
    for nom in ("donnees", "conservations", "personnes", "destinataires", "mesures", "transferts"):
        assert avec[nom] == reference[0][nom], nom


def test_une_colonne_destinataire_nomme_le_destinataire(tmp_path, maison_lavande):
    lignes = [
        ["Destinataires", "Destinataire", "Précisions"] if li[:1] == ["Destinataires"] else li
        for li in fiche(**{**CLIENTS, "destinataires": [["Destinataire 1", "Comptabilité", "au siège"]]})
    ]
    lues, _ = lire(tmp_path, maison_lavande, "ods", F("Fiche", lignes))
    assert [(d["nom"], d["precisions"]) for d in lues[0]["destinataires"]] == [("Comptabilité", "au siège")]


# --- C10 : les durées nuancées ----------------------------------------------------------------------------------------------


def test_c10_trois_durees_nuancees_ont_le_meme_sort(maison_lavande):
    lues, sortie = du_cas("C10", maison_lavande)
    regles = lues["Z-6"]["conservations"]
    assert [(r["duree_valeur"], r["point_depart"]) for r in regles] == [(None, None)] * 3
    assert [r["critere"] for r in regles] == [r["texte_origine"] for r in regles]
    assert lues["Z-6"]["a_confirmer"] == ["conservation"]
    assert sortie.count("durée nuancée : non interprétée") == 3


# --- Les catégories sensibles, les points de départ --------------------------------------------------------------------------


@FORMATS
@pytest.mark.parametrize(
    ("libelle", "code"),
    [
        ("Santé", "SANTE"),
        ("Données de santé", "SANTE"),
        ("Religion", "CONVICTIONS"),
        ("Opinions politiques", "OPINIONS_POLITIQUES"),
        ("Syndicat", "SYNDICAT"),
        ("Appartenance syndicale", "SYNDICAT"),
        ("biométrie", "BIOMETRIQUES"),
        ("Orientation sexuelle", "VIE_SEXUELLE"),
        ("Origine ethnique", "ORIGINE_ETHNIQUE"),
    ],
)
def test_un_libelle_court_trouve_sa_categorie_sensible(format_, libelle, code, tmp_path, maison_lavande):
    lue, _ = une(tmp_path, maison_lavande, format_, sensibles=[[libelle, "Oui"]])
    assert lue["donnees"][-1]["categorie"] == code
    assert lue["donnees_sensibles"] is True


@pytest.mark.parametrize(
    ("libelle", "code"),
    [
        ("Numéro de sécurité sociale (NIR)", "NIR"),
        ("Infractions", "INFRACTIONS"),
        ("Casier judiciaire", "INFRACTIONS"),
    ],
)
def test_le_nir_et_les_infractions_ne_sont_pas_de_l_article_9(libelle, code, tmp_path, maison_lavande):
    lue, _ = une(tmp_path, maison_lavande, "ods", sensibles=[[libelle, "Oui"]])
    assert (lue["donnees"][-1]["categorie"], lue["donnees_sensibles"]) == (code, None)


@FORMATS
@pytest.mark.parametrize("libelle", ["Handicap", "Vie sociale", "Santé et sécurité au travail"])
def test_un_libelle_sensible_inconnu_n_affirme_rien(format_, libelle, tmp_path, maison_lavande):
    lue, _ = une(tmp_path, maison_lavande, format_, sensibles=[[libelle, "Oui"]])
    assert (len(lue["donnees"]), lue["donnees_sensibles"]) == (1, None)
    assert remarques(lue)[libelle] == "Oui"


@pytest.mark.parametrize(
    ("texte", "depart"),
    [
        ("3 ans à compter de la fin de la relation commerciale", "FIN_RELATION_COMMERCIALE"),
        ("3 ans à compter du dernier contact", "DERNIER_CONTACT_PROSPECT"),
        ("2 ans après l'achat", "CONCLUSION_CONTRAT"),
        ("5 ans à compter du versement de la paie", None),
        ("5 ans à compter de la clôture du compte", None),
    ],
)
def test_un_point_de_depart_en_toutes_lettres_est_propose(texte, depart, tmp_path, maison_lavande):
    donnees = [["Vie personnelle (habitudes de vie, situation familiale, etc.)", "Loisirs", "", "", texte]]
    lue, sortie = une(tmp_path, maison_lavande, "ods", donnees=donnees)
    assert lue["conservations"][0]["point_depart"] == depart
    assert lue["a_confirmer"] == ["conservation"]
    assert ("point de départ proposé, à confirmer" in sortie) is bool(depart)


# --- C12 : l'exemple du modèle -------------------------------------------------------------------------------------------


def test_c12_l_exemple_du_modele_se_dit(maison_lavande):
    lues, sortie = du_cas("C12", maison_lavande)
    assert "l'exemple du modèle" in sortie
    assert any("exemple du modèle" in e.get("avertissement", "") for e in lues["1 - Exemple"]["reprise"])
    assert lues["001"]["reprise"] == []


@FORMATS
def test_l_exemple_inchange_ne_donne_pas_de_fiche(format_, tmp_path, maison_lavande):
    exemple = fiche(
        nom="Gestion de la paie", ref="1 - Exemple", creation="2018-05-26", finalites=[["Finalité principale", "Gestion de la paie"]]
    )  # fmt: skip
    exemple[0] = ["Exemple de fiche de registre"]
    lues, sortie = lire(tmp_path, maison_lavande, format_, F("Ma fiche", fiche(**CLIENTS)), F("4", exemple))
    assert [f["intitule"] for f in lues] == ["Gestion des clients"]
    assert "« 4 » est l'exemple du modèle, inchangé : aucune fiche n'en vient" in sortie


# --- C14 : commentaires, masquages, fusions ----------------------------------------------------------------------------------


def test_c14_le_commentaire_est_garde_et_la_feuille_masquee_dite(maison_lavande):
    lues, sortie = du_cas("C14", maison_lavande)
    assert remarques(lues["M-2"])["Commentaire de la cellule B3"] == "à revoir avec la direction"
    assert "1 commentaire de cellule gardé en remarque : Fiche!B3" in sortie
    assert "La feuille « Ancienne » est masquée" in sortie
    assert any("masquée" in e.get("avertissement", "") for e in lues["M-0"]["reprise"])


def coulisses() -> F:
    lignes = fiche(**CLIENTS)
    rang = next(r for r, li in enumerate(lignes) if li[:1] == ["Destinataire 1"])
    lignes.insert(rang + 1, ["", "Partenaires institutionnels ou commerciaux", "", "", "La Poste"])
    return F(
        "Fiche",
        lignes,
        masquee=True,
        commentaires={(2, 1): "voir Paul", (90, 7): "après la dernière ligne"},
        fusions=[(rang, 0, rang + 1, 0)],
        lignes_masquees={rang + 1},
    )


def test_les_deux_formats_disent_exactement_la_meme_chose(tmp_path, maison_lavande, autre_boutique):
    fiches_ods, sortie_ods = lire(tmp_path, maison_lavande, "ods", coulisses())
    fiches_xlsx, sortie_xlsx = lire(tmp_path, autre_boutique, "xlsx", coulisses())
    assert fiches_ods == fiches_xlsx
    assert sortie_ods == sortie_xlsx
    assert {"voir Paul", "après la dernière ligne"} <= {e["valeur"] for e in fiches_ods[0]["reprise"]}
    assert [d["nom"] for d in fiches_ods[0]["destinataires"]] == ["Hébergeur", "La Poste"]
    rang = next(iter(coulisses().lignes_masquees)) + 1
    for phrase in ("2 commentaires de cellule gardés", "1 cellule fusionnée", f"colonnes masquées : Fiche!B{rang}", "est masquée dans le classeur"):  # fmt: skip
        assert phrase in sortie_ods


# --- C15 : un registre à plat ------------------------------------------------------------------------------------------------


def test_c15_un_registre_a_plat_dit_ce_qu_il_n_a_pas_compris(maison_lavande):
    lues, sortie = du_cas("C15", maison_lavande)
    assert set(lues) == {"1", "2"}
    assert sortie.count("2 valeurs sur 6 placées ; 4 valeurs sur 6 gardées en remarque") == 2
    assert remarques(lues["1"]) == {
        "Finalités": "Commandes",
        "Personnes concernées": "Clients",
        "Durée de conservation": "5 ans",
        "Base légale": "Contrat",
    }


@FORMATS
def test_une_ligne_de_total_n_est_pas_une_fiche(format_, tmp_path, maison_lavande):
    tete = ["Nom du traitement", "N° / RÉF", "Finalité", "Données sensibles"]
    lignes = [tete, ["Paie", "R1", "Payer", "Non concerné"], tete, ["Ventes", "R2", "Sans objet", "Santé"], ["Total", "2"]]  # fmt: skip
    lues, sortie = lire(tmp_path, maison_lavande, format_, F("Registre", lignes))
    assert [(f["intitule"], f["donnees_sensibles"], len(f["finalites"])) for f in lues] == [
        ("Paie", None, 1),
        ("Ventes", None, 0),
    ]
    assert "Registre!A5 est une ligne de total" in sortie
    assert "non compris : Registre!D4 (ni oui ni non)" in sortie


@FORMATS
def test_ce_qui_suit_le_tableau_n_est_pas_une_activite(format_, tmp_path, maison_lavande):
    lignes = [
        ["Nom du traitement", "Finalité"],
        ["A", "a"],
        ["Dernière mise à jour : 2024"],
        [],
        ["Fait par Paul"],
    ]
    lignes += [[], ["Sous-traitants", "Pays"], ["Mailo", "États-Unis"]]
    lues, sortie = lire(tmp_path, maison_lavande, format_, F("Registre", lignes))
    assert [f["intitule"] for f in lues] == ["A"]
    assert "Un autre tableau commence en Registre!A7" in sortie
    maison_lavande.refresh_from_db()
    assert [e["valeur"] for e in maison_lavande.reprise] == [
        "Dernière mise à jour : 2024",
        "Fait par Paul",
        "Sous-traitants | Pays",
        "Mailo | États-Unis",
    ]


@FORMATS
def test_une_precision_qui_nie_ne_nie_pas_la_ligne(format_, tmp_path, maison_lavande):
    lue, sortie = une(
        tmp_path,
        maison_lavande,
        format_,
        donnees=[["État civil, identité", "Nom, prénom, pas de photo"]],
        destinataires=[["Destinataire 1", "Sous-traitants", "", "", "n'ont pas accès aux cartes"]],
        sensibles=[["Données concernant la santé", "Allergies, pas de dossier médical"]],
        mesures=[["Mesure de sécurité 1", "#REF!"]],
    )
    assert [d["precisions"] for d in lue["donnees"]] == ["Nom, prénom, pas de photo"]
    assert [d["nom"] for d in lue["destinataires"]] == ["n'ont pas accès aux cartes"]
    assert (lue["donnees_sensibles"], lue["mesures"]) == (None, [])
    assert sortie.count("à confirmer : Fiche!") == 3


def test_un_responsable_conjoint_se_lit_par_la_commande(tmp_path, maison_lavande):
    lue, _ = une(
        tmp_path, maison_lavande, "ods", acteurs=[["Responsable(s) conjoint(s)", "Mairie de Grasse"]]
    )
    assert [c["tiers"] for c in lue["responsables_conjoints"]] == ["Mairie de Grasse"]
    assert lue["qualite"] == "conjoint"


# --- Le rapport ------------------------------------------------------------------------------------------------------------


def test_le_journal_porte_le_rapport_de_l_import(maison_lavande):
    du_cas("C15", maison_lavande)
    with scopes_disabled():
        entree = Entree.objects.get(objet_type="fichier")
    consigne = json.loads(entree.instantane)
    compris = consigne["compris"]
    assert consigne["en bref"].startswith(
        "2 créés, 0 modifiés, 0 refusés ; 4 valeurs sur 12 placées ; 8 valeurs"
    )
    assert [(c["valeurs"], c["placees"], c["remarques"]) for c in compris] == [(6, 2, 4)] * 2
    assert list(compris[0]["cellules"]["remarques"]) == [f"Registre!{c}2" for c in "CDEF"]


@FORMATS
def test_une_fiche_entiere_est_placee_en_entier(format_, tmp_path, maison_lavande):
    donnees = [["Vie personnelle (habitudes de vie, situation familiale, etc.)", "Loisirs", "", "", "3 ans"]]
    _, sortie = une(tmp_path, maison_lavande, format_, donnees=donnees)
    assert "Gestion des clients (feuille « Fiche ») : 13 valeurs sur 13 placées\n" in sortie


def test_les_coordonnees_deja_dites_autrement_ne_comptent_pas_comme_placees(tmp_path, maison_lavande):
    lignes = [[c.replace("4 place aux Aires", "12 rue Neuve") for c in ligne] for ligne in LISTE]
    _, sortie = lire(tmp_path, maison_lavande, "ods", F("2", lignes))
    assert "en remarque : 2!G1" in sortie
