"""L'épreuve d'anonymat : les mêmes k, l et t que pycanon sur ses exemples publics, et ce qu'elle conclut."""

from fractions import Fraction

import pytest

from conservation.anonymat.conclusion import LIMITES, conclure, part, taux
from conservation.anonymat.correlation import rapprochement, sous_ensembles
from conservation.anonymat.detection import est_une_donnee, nature
from conservation.anonymat.epreuve import SEUILS, EpreuveImpossible, mesurer, roles_complets
from conservation.anonymat.generalisation import propositions
from conservation.anonymat.mesures import individualisation, inference
from conservation.anonymat.table import Attribut, JeuDeDonnees, classes, nombre
from conservation.choix import VerdictEpreuve


def table(noms, lignes):
    noms = noms.split()
    colonnes = zip(*lignes, strict=True)
    lues = {n: Attribut.de(map(str, c)) for n, c in zip(noms, colonnes, strict=True)}
    return JeuDeDonnees(lues, len(lignes))


def klt(t, quasi, sensibles):
    lues = classes(t.choisies(quasi.split()))
    dites = [inference(lues, c) for c in t.choisies(sensibles.split())]
    return individualisation(lues, 5).k, min(d.diversite for d in dites), max(d.proximite for d in dites)


# Exemple « hospital » de pycanon (Data/Processed/hospital_anonymized.csv) ; l'âge, constant, n'y change rien.
HOPITAL = table(
    "gender city disease",
    [
        *[("F", "Kerala", m) for m in ("Viral infection", "Heart-related")],
        *[("F", "Tamil Nadu", m) for m in ("Cancer", "TB")],
        *[("M", "Karnataka", m) for m in ("No illness", "TB", "Heart-related")],
        *[("M", "Kerala", m) for m in ("Cancer", "Heart-related", "Viral infection")],
        *[("M", "Tamil Nadu", "Cancer")] * 3,
    ],
)
# Exemple « drugs » de pycanon (Data/Processed/drugs_k5.csv), par classe : les effectifs de chaque traitement.
TRAITEMENTS = table(
    "age sexe pression cholesterol traitement",
    [
        (*classe.split(), traitement)
        for classe, effectifs in {
            "J F HIGH HIGH": {"Y": 5, "A": 6},
            "J F HIGH NORMAL": {"Y": 12, "A": 3, "B": 1},
            "J F LOW HIGH": {"Y": 3, "C": 5},
            "J F LOW NORMAL": {"Y": 5, "X": 5},
            "J F NORMAL HIGH": {"Y": 3, "X": 9},
            "J F NORMAL NORMAL": {"X": 6, "Y": 3},
            "V F HIGH HIGH": {"Y": 4, "B": 2},
            "V F LOW HIGH": {"Y": 4, "C": 2},
            "V F NORMAL HIGH": {"Y": 3, "X": 3},
            "J M HIGH HIGH": {"Y": 4, "A": 6},
            "J M HIGH NORMAL": {"Y": 6, "A": 8, "B": 1},
            "J M LOW HIGH": {"Y": 5, "C": 7},
            "J M LOW NORMAL": {"Y": 6, "X": 8},
            "J M NORMAL HIGH": {"Y": 8, "X": 5},
            "J M NORMAL NORMAL": {"X": 5, "Y": 1},
            "V M HIGH HIGH": {"Y": 2, "B": 6},
            "V M HIGH NORMAL": {"Y": 3, "B": 3},
            "V M LOW HIGH": {"Y": 3, "C": 2},
            "V M LOW NORMAL": {"Y": 3, "X": 2},
            "V M NORMAL HIGH": {"Y": 3, "X": 3},
        }.items()
        for traitement, n in effectifs.items()
        for _ in range(n)
    ],
)
# La table de l'article qui définit la t-proximité (Li, Li et Venkatasubramanian, 2007) : son t de 0,167 pour le salaire.
SALAIRES = table(
    "code age salaire maladie",
    [
        ("4767*", "<=40", 3, "gastric ulcer"),
        ("4767*", "<=40", 5, "stomach cancer"),
        ("4767*", "<=40", 9, "pneumonia"),
        ("4790*", ">=40", 6, "gastritis"),
        ("4790*", ">=40", 11, "flu"),
        ("4790*", ">=40", 8, "bronchitis"),
        ("4760*", "<=40", 4, "gastritis"),
        ("4760*", "<=40", 7, "bronchitis"),
        ("4760*", "<=40", 10, "stomach cancer"),
    ],
)


# --- Les comptages ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("lue", "quasi", "sensibles", "attendus"),
    [
        (HOPITAL, "gender city", "disease", (2, 1, Fraction(8, 13))),
        (TRAITEMENTS, "age sexe pression cholesterol", "traitement", (5, 2, Fraction(125, 184))),
        (SALAIRES, "code age", "salaire", (3, 3, Fraction(1, 6))),
        (SALAIRES, "code age", "maladie", (3, 3, Fraction(5, 9))),
        (SALAIRES, "code age", "salaire maladie", (3, 3, Fraction(5, 9))),
    ],
    ids=["hopital", "traitements", "salaires", "maladies", "les-deux"],
)
def test_k_l_et_t_sont_ceux_de_pycanon_1_3_6(lue, quasi, sensibles, attendus):
    """Valeurs relevées en exécutant pycanon 1.3.6 sur ces tables ; `benchmarks.anonymat` refait la comparaison."""
    assert klt(lue, quasi, sensibles) == attendus


def test_la_distance_ordonnee_se_verifie_a_la_main():
    """Deux classes, valeurs 1, 2, 3 : {1, 1} contre {2, 3}. Cumuls d'ensemble 2/4, 3/4, 1 ; écart (1/2 + 1/4) / 2."""
    lue = table("q s", [("a", 1), ("a", 1), ("b", 2), ("b", 3)])
    assert klt(lue, "q", "s") == (2, 1, Fraction(3, 8))


def test_l_ordre_est_celui_des_nombres_et_non_des_lettres():
    lettres = table("q s", [("a", 9), ("a", 10), ("b", 9), ("b", 100)])
    assert lettres.colonnes["s"].numerique
    assert klt(lettres, "q", "s")[2] == Fraction(1, 8)


@pytest.mark.parametrize(
    ("texte", "lu"),
    [
        ("12", 12),
        ("-3,5", -3.5),
        ("1 204", 1204),
        ("0,5", 0.5),
        ("0", 0),
        ("01000", None),
        ("1e999", None),
        ("inf", None),
        ("nan", None),
        ("", None),
        ("douze", None),
        ("1_000", None),
        ("٣", None),
    ],
)
def test_un_nombre_s_ecrit_a_la_francaise_ou_a_l_anglaise(texte, lu):
    assert nombre(texte) == lu


def test_les_blancs_autour_d_une_valeur_ne_la_distinguent_pas():
    assert Attribut.de(["Grasse", " Grasse ", "Nice"]).valeurs == ["Grasse", "Nice"]


# --- Les formes qui désignent quelqu'un ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("valeurs", "attendue"),
    [
        (["claire@lavande.example", "x"], "courriel"),
        (["Rappeler léa (lea@lavande.example) mardi", *"abcdefgh"], "courriel"),
        (["06 12 34 56 78", "+33612345678", "0033612345679"], "telephone"),
        (["2 55 08 14 168 025 38"], "nir"),
        (["255081416802538"], "nir"),
        (["2 55 08 14 168 025 39"], None),  # clé fausse
        (["FR14 2004 1010 0505 0001 3M02 606"], "iban"),
        (["FR14 2004 1010 0505 0001 3M02 607"], None),  # clé fausse
        (["d41d8cd98f00b204e9800998ecf8427e"], "hexadecimal"),
        (["DA39A3EE5E6B4B0D3255BFEF95601890AFD80709"], "hexadecimal"),
        (["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"], "hexadecimal"),
        (["9b2e8f5e-4a5c-4d0e-9a36-6f3d2b1c0a99"], "uuid"),
        (["47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="], "base64"),
        ([f"CLI-{n:05d}" for n in range(100, 140)], "sequence"),
        ([str(n) for n in range(40)], "sequence"),
        ([str(n * 7919) for n in range(40)], None),
        ([str(n % 12) for n in range(40)], None),
        (["Grasse", "Nice", "2026-11-24", "06130"], None),
        (["Direction de la communication"], None),
        ([""], None),
    ],
)
def test_une_colonne_se_reconnait_a_sa_forme(valeurs, attendue):
    dite = nature(Attribut.de(valeurs))
    assert (dite and dite[0]) == attendue


@pytest.mark.parametrize("cellule", ["lea@lavande.example", "06130", "2026-11-24", "0612345678", "12 345,50"])
def test_un_en_tete_qui_est_une_donnee_se_reconnait(cellule):
    assert est_une_donnee(cellule)


@pytest.mark.parametrize("cellule", ["ville", "Montant 2026", "t_proximité", "N° 1", "2026"])
def test_un_en_tete_ordinaire_passe(cellule):
    assert not est_une_donnee(cellule)


# --- Corrélation --------------------------------------------------------------------------------------------------------
def test_la_plus_petite_combinaison_qui_isole_se_nomme():
    lue = table("a b c", [("x", 1, "p"), ("x", 2, "p"), ("y", 1, "p"), ("y", 2, "p")])
    dite = sous_ensembles(lue, ["a", "b", "c"])
    assert (sorted(dite["colonnes"]), dite["isolees"], dite["complete"]) == (["a", "b"], 4, True)


def test_une_ligne_unique_dans_les_deux_fichiers_se_rapproche():
    lue = table("ville age", [("Grasse", 30), ("Nice", 40), ("Nice", 40), ("Cannes", 50)])
    second = table(
        "age ville nom", [(30, "Grasse", "A"), (40, "Nice", "B"), (50, "Cannes", "C"), (50, "Cannes", "D")]
    )
    dite = rapprochement(lue, second, ["ville", "age"])
    assert (dite["colonnes"], dite["rapprochees"], dite["part"]) == (["ville", "age"], 1, 2500)


def test_sans_colonne_commune_rien_ne_se_rapproche():
    assert rapprochement(HOPITAL, SALAIRES, ["gender"])["colonnes"] == []


# --- Généralisations ----------------------------------------------------------------------------------------------------
def test_les_generalisations_atteignent_le_k_choisi_et_disent_leur_perte():
    lignes = [
        (f"2026-{m:02d}-{j:02d}", f"06{n:03d}") for m in (1, 2) for j in range(1, 11) for n in (100, 200, 300)
    ]
    (supprimer, *autres) = propositions(table("jour code", lignes), ["jour", "code"], 5)
    assert (supprimer["supprimees"], supprimer["part"], supprimer["colonnes"]) == (60, 10_000, [])
    assert autres[-1]["supprimees"] == 0
    (jour,) = autres[-1]["colonnes"]
    assert jour == {"colonne": "jour", "faites": "dates ramenées au mois", "avant": 20, "apres": 2}


def test_quand_k_est_atteint_rien_ne_se_propose():
    assert propositions(TRAITEMENTS, ["age", "sexe"], 5) == []


def test_les_codes_postaux_vont_au_departement_et_les_nombres_en_tranches():
    lignes = [(f"06{n:03d}", n, "rare" if n < 2 else "courant") for n in range(100)]
    dites = propositions(table("code age genre", lignes), ["code", "age", "genre"], 5)
    gestes = {c["colonne"]: c["faites"] for c in dites[-1]["colonnes"]}
    assert gestes["code"] == "codes postaux ramenés au département"
    assert "tranches" in gestes["age"]
    assert gestes["genre"] == "colonne retirée"  # le dernier recours, et celui qui coûte le moins


# --- Le verdict ---------------------------------------------------------------------------------------------------------
ROLES = {
    "age": "quasi",
    "sexe": "quasi",
    "pression": "quasi",
    "cholesterol": "quasi",
    "traitement": "sensible",
}


def conclusion(lue, roles, second=None, **seuils):
    voulus = {**SEUILS, **seuils}
    return conclure(mesurer(lue, roles, voulus, second), roles, voulus)


def test_les_seuils_atteints_ne_prouvent_rien_dans_l_absolu():
    dite = conclusion(TRAITEMENTS, ROLES, t=7000)
    assert dite.verdict == VerdictEpreuve.PASSEE
    assert "ne prouve pas l'anonymat" in dite.titre
    assert any("second fichier" in r for r in dite.reserves)


@pytest.mark.parametrize(
    ("seuils", "dit"), [({"k": 6, "t": 7000}, "k = 5"), ({"l": 3, "t": 7000}, "l = 2"), ({}, "t = 0,6794")]
)
def test_un_seuil_manque_suffit(seuils, dit):
    dite = conclusion(TRAITEMENTS, ROLES, **seuils)
    assert dite.verdict == VerdictEpreuve.INSUFFISANTE
    assert dit in " ".join(dite.motifs)


def test_un_identifiant_declare_emporte_le_verdict():
    dite = conclusion(TRAITEMENTS, {**ROLES, "sexe": "identifiant"}, t=10_000)
    assert dite.verdict == VerdictEpreuve.PSEUDONYMISEE
    assert "données personnelles" in dite.titre


def test_un_pseudonyme_detecte_l_emporte_meme_dit_autre():
    colonnes = {**TRAITEMENTS.colonnes, "ref": Attribut.de(f"{n:032x}" for n in range(TRAITEMENTS.lignes))}
    dite = conclusion(JeuDeDonnees(colonnes, TRAITEMENTS.lignes), {**ROLES, "ref": "autre"}, t=10_000)
    assert dite.verdict == VerdictEpreuve.PSEUDONYMISEE
    assert "« ref »".replace(" ", "\N{NO-BREAK SPACE}") in dite.motifs[0]


def test_un_rapprochement_un_a_un_suffit_a_manquer():
    lue = table("ville pays", [("Grasse", "FR")] * 5 + [("Nice", "FR")])
    dite = conclusion(lue, {"ville": "autre", "pays": "quasi"}, second=table("ville", [("Nice",)]))
    assert dite.verdict == VerdictEpreuve.INSUFFISANTE
    assert "Corrélation" in dite.motifs[0]


def test_sans_quasi_identifiant_rien_ne_se_mesure():
    with pytest.raises(EpreuveImpossible):
        mesurer(TRAITEMENTS, dict.fromkeys(ROLES, "autre"), SEUILS)


def test_une_colonne_sans_role_compte_comme_quasi_et_une_inconnue_est_refusee():
    assert roles_complets(["a", "b"], {"a": "autre"}) == {"a": "autre", "b": "quasi"}
    with pytest.raises(EpreuveImpossible, match="« z »"):
        roles_complets(["a"], {"z": "quasi"})


def test_aucun_nombre_flottant_ne_s_enregistre():
    def valeurs(noeud):
        if isinstance(noeud, dict):
            return [v for n in noeud.values() for v in valeurs(n)]
        return [v for n in noeud for v in valeurs(n)] if isinstance(noeud, (list, tuple)) else [noeud]

    lues = valeurs(mesurer(TRAITEMENTS, ROLES, {**SEUILS, "k": 20}, HOPITAL))
    assert {type(v) for v in lues} <= {int, str, bool, type(None)}


def test_les_limites_citent_leurs_textes_et_disent_le_projet():
    texte = " ".join(LIMITES)
    assert "05/2014" in texte and "considérant 26" in texte
    assert "02/2026" in texte and "projet" in texte
    assert "aucun texte ne les fixe" in texte


@pytest.mark.parametrize(("n", "lu"), [(0, "0"), (1, "0,01"), (1250, "12,5"), (10_000, "100")])
def test_une_part_se_lit_en_pour_cent(n, lu):
    assert part(n) == f"{lu}\N{NO-BREAK SPACE}%"


def test_un_seuil_se_lit_sans_zero_inutile():
    assert [taux(n) for n in (0, 3000, 6794, 10_000)] == ["0", "0,3", "0,6794", "1"]
