"""L'épreuve d'anonymat : les mêmes k, l et t que pycanon sur ses exemples publics, et ce qu'elle conclut."""

import random
from datetime import date, timedelta
from fractions import Fraction

import pytest

from conservation.anonymat.conclusion import LIMITES, conclure, part, taux
from conservation.anonymat.correlation import normale, rapprochement, sous_ensembles
from conservation.anonymat.epreuve import EpreuveImpossible, mesurer, retenir, roles_complets
from conservation.anonymat.mesures import individualisation, inference
from conservation.anonymat.seuils import SEUILS, SeuilRefuse, lire_seuils
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


# --- Corrélation --------------------------------------------------------------------------------------------------------
def test_la_plus_petite_combinaison_qui_isole_se_nomme():
    lue = table("a b c", [("x", 1, "p"), ("x", 2, "p"), ("y", 1, "p"), ("y", 2, "p")])
    dite = sous_ensembles(lue, ["a", "b", "c"])
    assert (sorted(dite["colonnes"]), dite["isolees"], dite["complete"]) == (["a", "b"], 4, True)


def test_une_ligne_unique_dans_les_deux_fichiers_se_rapproche_sans_casse_ni_accent():
    lue = table("ville ne_le", [("Fréjus", "2001-02-03"), ("Nice", "1990-01-01"), ("Nice", "1990-01-01")] * 1)
    second = table("NE-LE Ville nom", [("3/2/2001", "FREJUS", "A"), ("01/01/1990", "nice", "B")])
    dite = rapprochement(lue, second, ["ville", "ne_le"])
    assert (dite["colonnes"], dite["rapprochees"], dite["part"]) == (["ville", "ne_le"], 1, 3334)
    assert dite["parts"] == {"ville": 10_000, "ne_le": 10_000}


@pytest.mark.parametrize(
    ("une", "autre"),
    [
        ("Fréjus", "FREJUS"),
        ("Saint  Tropez", "saint tropez"),
        ("03/02/2001", "2001-02-03"),
        ("2001-02-03T00:00:00", "3.2.2001"),
        ("1 204,50", "1204.5"),
    ],
)
def test_deux_ecritures_d_une_meme_valeur_se_comparent(une, autre):
    assert normale(une) == normale(autre)


def test_des_colonnes_de_meme_nom_sans_valeur_commune_ne_se_comparent_pas():
    """18-30 d'un côté, 24 de l'autre : rien n'a été mesuré, et rien n'en est conclu."""
    second = table("age", [(n,) for n in range(40)])
    dite = rapprochement(table("age", [("18-30",)] * 20), second, ["age"])
    assert (dite["parts"], dite["colonnes"], dite["rapprochees"], dite["mesure"]) == (
        {"age": 0},
        [],
        0,
        False,
    )
    assert rapprochement(HOPITAL, SALAIRES, ["gender"])["parts"] == {}


# --- Le verdict ---------------------------------------------------------------------------------------------------------
# Deux villes, deux tranches, deux paniers : chaque combinaison portée dix fois.
SAINES = [
    (v, a, p)
    for v in ("Grasse", "Nice")
    for a in ("18-30", "31-60")
    for p in ("<50", "50+")
    for _ in range(10)
]
SAIN = table("ville tranche panier", SAINES)
ANNUAIRE = table(
    "VILLE tranche ref",
    [(v, a, n) for n in range(20) for v in ("GRASSE", "nice") for a in ("18-30", "31-60")],
)
TABLEAU = [(s, r, 20 + (7 * s + 3 * r) % 60) for s in range(1, 53) for r in range(1, 14)]
TOTAUX = [("Total", r, sum(n for _, x, n in TABLEAU if x == r)) for r in range(1, 14)]


def conclusion(lue, roles=(), second=None, ligne="personne", origine="effacees", **seuils):
    voulus = {**SEUILS, **seuils}
    complets = roles_complets(list(lue.colonnes), dict(roles))
    retenues = retenir(mesurer(lue, voulus, second, complets, tableau=ligne == "groupe"), complets)
    return conclure(retenues, complets, voulus, ligne=ligne, origine=origine)


def avec(lue, **colonnes):
    neuves = {n: Attribut.de(map(str, c)) for n, c in colonnes.items()}
    return JeuDeDonnees({**lue.colonnes, **neuves}, lue.lignes)


PANIER = {"panier": "sensible"}


def test_les_seuils_atteints_pour_trois_criteres_ne_prouvent_rien_dans_l_absolu():
    dite = conclusion(SAIN, PANIER, ANNUAIRE)
    assert (dite.verdict, dite.mesures) == (VerdictEpreuve.PASSEE, 3)
    assert "ne prouve pas l'anonymat" in dite.titre
    assert [m.split(" :")[0] for m in dite.motifs] == ["Individualisation", "Corrélation", "Inférence"]


@pytest.mark.parametrize(
    ("change", "verdict", "mesures", "dit"),
    [
        ({"origine": "gardees"}, "pseudonymisee", 3, "données d'origine sont gardées"),
        ({"origine": "inconnues"}, "partielle", 3, "On ne sait pas si"),
        ({"origine": ""}, "partielle", 3, "On ne sait pas si"),
        ({"second": None}, "partielle", 2, "Aucun second fichier"),
        ({"second": table("ville", [("Nice",)])}, "partielle", 2, "trop peu de lignes"),
        ({"second": table("ville", [("Lyon",)] * 40)}, "partielle", 2, "presque aucune valeur commune"),
        ({"second": table("autre", [("Lyon",)] * 40)}, "partielle", 2, "aucune colonne de même nom"),
        (
            {"roles": {"panier": "quasi", "ville": "quasi"}, "lue": "sans panier"},
            "partielle",
            2,
            "à ne pas pouvoir déduire",
        ),
        ({"ligne": "evenement"}, "partielle", 2, "une même personne"),
        ({"ligne": ""}, "partielle", 2, "k compte des lignes"),
        (
            {"ligne": "", "second": None, "roles": {}, "lue": "sans panier"},
            "partielle",
            0,
            "k compte des lignes",
        ),
        ({"k": 11}, "insuffisante", 3, "k = 10"),
        ({"k": 10}, "passee", 3, "k = 10"),
        ({"l": 3}, "insuffisante", 3, "l = 2"),
    ],
)
def test_ce_qui_n_est_pas_etabli_ne_passe_pas(change, verdict, mesures, dit):
    demande = {"roles": PANIER, "second": ANNUAIRE, "lue": SAIN, **change}
    if demande["lue"] == "sans panier":
        demande["lue"] = table("ville tranche", [x[:2] for x in SAINES])
        demande["roles"] = {}
    conclue = conclusion(demande.pop("lue"), demande.pop("roles"), **demande)
    assert (conclue.verdict, conclue.mesures) == (verdict, mesures)
    assert dit in " ".join(conclue.motifs + conclue.reserves)


def test_ce_qui_n_est_pas_mesure_n_est_jamais_un_motif():
    dite = conclusion(SAIN, PANIER, table("ville", [("Lyon",)] * 40))
    assert not any("Corrélation" in m or "second" in m for m in dite.motifs)
    assert any("0\N{NO-BREAK SPACE}% des lignes" in r for r in dite.reserves)


def test_une_colonne_dont_l_intitule_dit_ce_qu_elle_revele_se_mesure_sous_tout_role():
    """Dire « maladie » quasi-identifiant ne l'exempte pas : sa déduction se mesure."""
    lue = avec(table("ville", [x[:1] for x in SAINES]), maladie=["grippe"] * 40 + ["asthme"] * 40)
    dite = conclusion(lue, {"maladie": "quasi"}, ANNUAIRE)
    assert dite.verdict == VerdictEpreuve.INSUFFISANTE and "maladie" in " ".join(dite.motifs)


def test_declarer_tout_sensible_n_exempte_rien():
    lue = avec(SAIN, code=range(80))
    for role in ("sensible", "autre", "quasi"):
        assert (
            conclusion(lue, dict.fromkeys(lue.colonnes, role), ANNUAIRE).verdict
            == VerdictEpreuve.INSUFFISANTE
        )


def test_une_colonne_sans_role_compte_comme_quasi_et_une_inconnue_est_refusee():
    assert roles_complets(["a", "b"], {"a": "autre"}) == {"a": "autre", "b": "quasi"}
    for roles, dit in (({"z": "quasi"}, "« z »"), ({"a": "effectif", "b": "effectif"}, "n'en a qu'une")):
        with pytest.raises(EpreuveImpossible, match=dit):
            roles_complets(["a", "b"], roles)


# Un adversaire veut un faux « passée ». Chaque fichier a ses trois critères mesurables, et des données d'origine dites effacées.
def repete(*valeurs):
    return [valeurs[n % len(valeurs)] for n in range(80)]


ASTUCES = {
    "noms-dits-autre": ({"nom": repete("Dupont", "Zyxwab")}, {"nom": "autre"}, "identifiante"),
    "noms-sous-un-intitule-neutre": ({"c1": repete("DUPONT Marie", "Jean Morel")}, {"c1": "sensible"}, "identifiante"),
    "prenoms-repetes": ({"colonne_3": repete("Léa", "Élise")}, {}, "identifiante"),
    "civilite-et-nom": ({"objet": repete("Mme Zyxwab", "M. Abricot")}, {}, "identifiante"),
    "adresses-repetees": ({"lieu": repete("12 bis rue des Oliviers", "4, avenue Foch")}, {}, "identifiante"),
    "adresse-par-l-intitule": ({"adresse_postale": repete("Les Pins", "La Garde")}, {"adresse_postale": "quasi"}, "identifiante"),
    "courriel-dans-un-texte": ({"note_libre": repete("voir lea@lavande.example", "rien")}, {}, "identifiante"),
    "telephone-repete": ({"x": repete("+33 (0)6 12 34 56 78", "0493361122")}, {"x": "autre"}, "identifiante"),
    "nir-sans-cle": ({"x": repete("2550814168025", "1801206088012")}, {}, "identifiante"),
    "carte": ({"x": repete("4970 1000 0000 0014", "5555555555554444")}, {}, "identifiante"),
    "siret": ({"x": repete("73282932000074", "55208131766522")}, {}, "identifiante"),
    "code-repete": ({"x": [f"{n % 20 * 7919 + 10:x}".rjust(8, "a") for n in range(80)]}, {"x": "autre"}, "pseudonymisee"),
    "empreintes-tronquees": ({"x": repete("3f2a9c01b7", "0be411fa90")}, {}, "pseudonymisee"),
    "bcrypt": ({"x": repete("$2y$10$" + "a" * 53, "$2y$10$" + "b" * 53)}, {}, "pseudonymisee"),
    "plaques": ({"x": repete("AB-123-CD", "EF-456-GH")}, {}, "pseudonymisee"),
    "ip": ({"x": repete("192.0.2.14", "2001:db8::1")}, {}, "pseudonymisee"),
    "gps": ({"x": repete("43.65842, 6.92251", "43.70313, 7.26608")}, {}, "pseudonymisee"),
    "id-par-l-intitule": ({"client_id": repete("7", "9")}, {"client_id": "autre"}, "pseudonymisee"),
    "identifiant-declare": ({"x": repete("a", "b")}, {"x": "identifiant"}, "pseudonymisee"),
    "montant-presque-unique": ({"m": [n * 3.17 for n in range(80)]}, {"m": "sensible"}, "insuffisante"),
    "code-unique-dit-autre": ({"z": [n * 7919 % 100_003 for n in range(80)]}, {"z": "autre"}, "insuffisante"),
    "texte-libre": ({"t": [f"commande du {n} à rappeler" for n in range(80)]}, {"t": "sensible"}, "insuffisante"),
    "une-seule-valeur-rare": ({"pays": ["FR"] * 79 + ["MC"]}, {"pays": "autre"}, "insuffisante"),
    "combinaison-isolante": ({"a": repete("x", "y", "z", "u", "v"), "b": repete("p", "q", "r")}, {"a": "sensible"}, "insuffisante"),
    "sensible-bidon": ({"diagnostic": [x[0] for x in SAINES]}, {"diagnostic": "quasi"}, "insuffisante"),
    "noms-etrangers": ({"colonne_a": repete("Kowalczyk", "Öztürk")}, {"colonne_a": "autre"}, "partielle"),
    "noms-cyrilliques": ({"x": repete("Иван Петров", "Анна Сидорова")}, {"x": "quasi"}, "partielle"),
    "intitule-allemand": ({"Kundennummer": repete("K77120", "K99120")}, {}, "partielle"),
    "intitule-deguise": ({"n0m": repete("Zyxwab", "Abrikot")}, {}, "partielle"),
    "matricule-court": ({"agent": repete("A12", "B07")}, {}, "partielle"),
    "initiales-et-date": ({"ini": repete("MD-12031985", "JP-03111990")}, {}, "partielle"),
    "numero-repete": ({"x": repete("481516234", "481516299")}, {}, "partielle"),
    "courriel-masque": ({"x": repete("l**@lavande.example", "j**@lavande.example")}, {}, "pseudonymisee"),
    "compte-en-ligne": ({"x": repete("@mariedup", "https://reseau.example/in/zyx")}, {}, "pseudonymisee"),
    "cookie": ({"x": repete("GA1.2.1234567890.1609459200", "GA1.2.9876543210.1609459201")}, {}, "pseudonymisee"),
    "adresse-sans-numero": ({"lieu": repete("Les Pins, chemin des Mimosas", "rue Foch")}, {}, "identifiante"),
    "telephone-colle": ({"x": repete("33612345678", "33698765432")}, {}, "identifiante"),
    "compte-invente": ({"effectif": [900 + n for n in range(80)]}, {"effectif": "effectif"}, "insuffisante"),
}  # fmt: skip


@pytest.mark.parametrize("nom", ASTUCES)
def test_aucun_role_ne_fait_passer_ce_qui_designe_ou_isole(nom):
    colonnes, roles, attendu = ASTUCES[nom]
    ligne = "groupe" if "effectif" in roles.values() else "personne"
    dite = conclusion(
        avec(SAIN, **colonnes), {**PANIER, **roles} if ligne == "personne" else roles, ANNUAIRE, ligne=ligne
    )
    assert dite.verdict == attendu, dite.motifs


HASARD = random.Random(7)
SYLLABES = [c + v for c in "bcdfglmnprstv" for v in "aeiou"]
NUMEROS = HASARD.sample(range(10_000, 99_999), 60)
CODES_LUS = sorted({"".join(HASARD.sample(SYLLABES, 3)) for _ in range(60)})
SEMAINE = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()
EN_LETTRES = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
VILLES = "Nice Grasse Antibes Cannes Menton Vence Carros Contes Lucéram Breil Tende Saorge Biot Opio Gréolières Coursegoules Bouyon Gilette Clans Isola Roure Valdeblore"


def en_arabe(n):
    """Le même nombre, en chiffres arabo-indiens."""
    return "".join("٠١٢٣٤٥٦٧٨٩"[int(c)] for c in str(n))


@pytest.mark.parametrize(
    ("intitule", "valeurs", "verdict"),
    [
        ("statut", ["".join(HASARD.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=5)) for _ in range(60)], "pseudonymisee"),
        ("statut", sorted({"".join(HASARD.sample(SYLLABES, 3)) for _ in range(40)}), "partielle"),
        ("statut", [f"{n:05d}" for n in range(10_000, 10_060)], "partielle"),
        ("commune", [str(n) for n in HASARD.sample(range(10_000, 99_999), 60)], "pseudonymisee"),
        ("code_insee", [f"{d:02d}{n:03d}" for d in (6, 13, 62, 83) for n in range(1, 100, 5)], "passee"),
        ("commune", [f"{d:02d}{n:02d}0" for d in (6, 13, 75, 83) for n in range(20)], "passee"),
        ("code_postal", [str(n) for n in HASARD.sample(range(10_000, 99_999), 60)], "passee"),
        ("ville", VILLES.split(), "passee"),
        ("statut", [f"{n:05d}" for n in range(10_000, 10_029)], "passee"),
        ("satisfaction", [str(n) for n in range(101)], "passee"),
        ("statut", ["actif", "résilié", "suspendu", "prospect"], "passee"),
        ("devise", "EUR USD GBP CHF CZK DKK HKD HRK NOK SEK PLN HUF RON BGN TRY ILS MXN BRL CAD AUD NZD".split(), "passee"),
        ("statut", [en_arabe(n) for n in range(10_000, 10_060)], "partielle"),
        ("commune", [f"{str(n)[:2]}\u200b{str(n)[2:]}" for n in NUMEROS], "pseudonymisee"),
        ("zone", list(map(str, NUMEROS)), "pseudonymisee"),
        ("segment", [f"{str(n)[:2]} {str(n)[2:]}" for n in NUMEROS], "pseudonymisee"),
        ("zone", [f"{d:02d}{n:02d}0" for d in (6, 13, 75, 83) for n in range(20)], "passee"),
        ("zone", ["Nord", "Sud", "Littoral"], "passee"),
        ("segment", list(map(str, NUMEROS[:19])), "passee"),
        ("age", CODES_LUS, "partielle"),
        ("montant", CODES_LUS, "partielle"),
        ("tranche_age", [f"{c} {n}" for n, c in enumerate(CODES_LUS)], "partielle"),
        ("age", CODES_LUS[:29], "passee"),
        ("age", [en_arabe(n) for n in range(18, 96)], "passee"),
        ("montant", [f"{n},50 EUR" for n in range(60)], "passee"),
        ("jour", [f"{j} 3 {m}" for j in SEMAINE for m in EN_LETTRES], "passee"),
        ("mois", [f"{m} {an}" for m in EN_LETTRES for an in range(2019, 2027)], "passee"),
        ("metier", [f"Métier {'abcdefghijklmnopqrstuvwxyz'[n]}{'aeiou'[n % 5]}" for n in range(26)] + ["pompier"] * 5, "passee"),
    ],
)  # fmt: skip
def test_un_intitule_anodin_n_exempte_pas_des_codes_et_n_accuse_pas_une_liste(intitule, valeurs, verdict):
    """Chaque valeur portée onze fois, de quoi atteindre tous les seuils : seul ce qu'elle est peut l'arrêter."""
    lignes = [(v, p) for v in valeurs for p in ["<50"] * 5 + ["50+"] * 6]
    lue = table(f"{intitule} panier", lignes)
    dite = conclusion(lue, PANIER, table(f"{intitule} ref", [(v, n) for n, (v, _) in enumerate(lignes)]))
    assert dite.verdict == verdict, (dite.motifs, dite.reserves)


def test_une_colonne_qui_designe_n_est_pas_dite_inconnue():
    lue = avec(SAIN, agent=repete("DUPONT Marie", "Jean Morel"), x=repete("Kowalczyk", "Öztürk"))
    dite = conclusion(lue, PANIER, ANNUAIRE)
    (inconnues,) = [r for r in dite.reserves if "ne sait pas ce que porte" in r]
    assert "« x »" in inconnues.replace("\N{NO-BREAK SPACE}", " ") and "agent" not in inconnues


def test_des_lignes_recopiees_ne_font_pas_un_k():
    """Vingt-cinq combinaisons, chacune recopiée cinq fois : k = 5 en lignes, et un critère qui n'est pas mesuré."""
    lue = table("a b", [(n, n % 5) for n in range(25) for _ in range(5)])
    dite = conclusion(lue, {}, table("a", [(n,) for n in range(25)]))
    assert dite.criteres[0].manque.startswith("chaque combinaison est portée par un multiple de 5")
    assert dite.verdict != VerdictEpreuve.PASSEE


# --- Les tableaux d'effectifs -------------------------------------------------------------------------------------------
def du_tableau(lignes, second=None, noms="semaine region clients", roles=None, **seuils):
    lue = table(noms, lignes)
    return conclusion(
        lue, roles or {"clients": "effectif"}, second, ligne="groupe", origine="gardees", **seuils
    )


def test_un_tableau_d_effectifs_se_juge_comme_tel_meme_quand_les_donnees_d_origine_restent():
    dite = du_tableau(TABLEAU + TOTAUX)
    assert (dite.verdict, dite.mesures) == (VerdictEpreuve.PASSEE, 3)
    assert "si « clients » compte bien des personnes".replace(" ", "") in dite.motifs[0].replace(
        "\N{NO-BREAK SPACE}", ""
    ).replace(" ", "")


def test_cinquante_deux_semaines_ne_sont_pas_des_pseudonymes():
    dite = du_tableau([(s, n) for s, r, n in TABLEAU if r == 1], noms="semaine clients")
    assert (dite.verdict, dite.mesures) == (VerdictEpreuve.PARTIELLE, 2)  # sans total, rien à soustraire


@pytest.mark.parametrize(
    ("lignes", "dit"),
    [
        ([*TABLEAU[1:], (1, 1, 4), *TOTAUX], "1 case"),  # une petite case
        (
            [
                *TABLEAU[1:],
                (1, 1, "s"),
                *TOTAUX[1:],
                ("Total", 1, sum(n for s, r, n in TABLEAU[1:] if r == 1) + 3),
            ],
            "par différence",
        ),
        (
            [*TABLEAU[1:], *TOTAUX[1:], ("Total", 1, sum(n for s, r, n in TABLEAU[1:] if r == 1) + 3)],
            "par différence",
        ),
        ([(s, r, n * (2000 if (s, r) == (1, 1) else 1)) for s, r, n in TABLEAU], "une case porte plus de 85"),
        ([*TABLEAU, TABLEAU[0]], "répète une case"),
        ([(f"{s}-{r}", r, n) for s, r, n in TABLEAU], "n'a pas la forme d'un tableau"),
        ([(s, r, 10) for s, r, n in TABLEAU], "la même valeur dans toutes les cases"),
    ],
    ids=["petite", "masquee-retrouvee", "absente-retrouvee", "dominante", "doublon", "une-a-une", "constant"],
)
def test_ce_qui_revele_une_petite_case_ou_une_certitude_manque_les_seuils(lignes, dit):
    dite = du_tableau(lignes)
    assert dite.verdict == VerdictEpreuve.INSUFFISANTE
    assert dit in " ".join(dite.motifs).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("n", "verdict"), [(4, "insuffisante"), (5, "passee"), (0, "passee"), ("", "passee"), ("<5", "passee")]
)
def test_le_seuil_des_petites_cases_a_deux_cotes(n, verdict):
    """Zéro ne désigne personne ; une case masquée non plus, tant qu'aucun total ne la rend."""
    lignes = [*TABLEAU[1:], (1, 1, n), *TOTAUX[1:]]
    assert du_tableau(lignes).verdict == verdict


def test_deux_tableaux_successifs_ne_laissent_pas_voir_un_petit_ecart():
    avant = [(s, r, n - (1 if (s, r) == (3, 4) else 0)) for s, r, n in TABLEAU]
    assert du_tableau(TABLEAU, table("Semaine region clients", TABLEAU)).verdict == VerdictEpreuve.PASSEE
    dite = du_tableau(TABLEAU, table("Semaine region clients", avant))
    assert dite.verdict == VerdictEpreuve.INSUFFISANTE and "second tableau" in dite.motifs[0]


@pytest.mark.parametrize(
    ("maximum", "verdict"), [(None, "partielle"), (84.0, "passee"), (86.0, "insuffisante")]
)
def test_une_somme_demande_sa_plus_grande_contribution(maximum, verdict):
    lignes = [(*x, 100.5, maximum or 0.5) for x in TABLEAU + TOTAUX]
    noms = "semaine region clients montant max_montant"
    if maximum is None:
        lignes, noms = [x[:4] for x in lignes], "semaine region clients montant"
    assert du_tableau(lignes, noms=noms).verdict == verdict


# Un adversaire met en tableau ce qui désigne : une ligne par naissance, par contrat, par code, et un total ou un second tableau.
HASARD = random.Random(11)
NAISSANCES = [
    f"{HASARD.randint(1940, 2005)}-{HASARD.randint(1, 12):02d}-{j % 28 + 1:02d}" for j in range(300)
]
CONTRATS = HASARD.sample(range(10_000_000, 99_999_999), 300)
DOSSIERS = HASARD.sample(range(10_000, 99_999), 300)
CODES = ["K" + "".join(HASARD.choices("0123456789ABCDEFGH", k=5)) for _ in range(300)]
LUNDI = date(2026, 1, 5)
SEMAINES = [f"2026-S{n:02d}" for n in range(1, 53)]
PROPRES = {
    "naissances": ("date_naissance", NAISSANCES),
    "naissances-a-la-francaise": ("ne_le", [f"{d[8:]}/{d[5:7]}/{d[:4]}" for d in NAISSANCES]),
    "naissances-sans-le-dire": ("jour", NAISSANCES),
    "naissances-en-lettres": (
        "date_naissance",
        [f"{int(d[8:])} {EN_LETTRES[int(d[5:7]) - 1]} {d[:4]}" for d in NAISSANCES],
    ),
    "naissances-en-lettres-sans-le-dire": (
        "periode",
        [f"{int(d[8:])} {EN_LETTRES[int(d[5:7]) - 1]} {d[:4]}" for d in NAISSANCES],
    ),
    "dix-naissances": ("date_naissance", [f"{d[8:]}/{d[5:7]}/{d[2:4]}" for d in NAISSANCES[:10]]),
    "contrats-dits-tranches": ("tranche", [f"{n // 10_000}-{n % 10_000}" for n in CONTRATS]),
    "naissances-un-douze": ("theme", sorted({f"12/{d[5:7]}/{d[:4]}" for d in NAISSANCES})),
    "naissances-collees": ("x", [d.replace("-", "") for d in NAISSANCES]),
    "contrats": ("numero_contrat", CONTRATS),
    "abonnements": ("num_abonnement", CONTRATS),
    "contrats-dits-semaines": ("semaine", CONTRATS),
    "contrats-dits-communes": ("code_commune", CONTRATS),
    "contrats-espaces": ("option", [f"{n:_}".replace("_", " ") for n in CONTRATS]),
    "contrats-et-divers": ("numero_contrat", [*CONTRATS, "divers", "autres"]),
    "contrats-prefixes": ("contrat", [f"CT-{n}" for n in CONTRATS]),
    "dossiers": ("dossier", DOSSIERS),
    "dossiers-sous-un-autre-titre": ("option", DOSSIERS),
    "dossiers-de-1-a-300": ("dossier", range(1, 301)),
    "dix-contrats": ("numero_contrat", CONTRATS[:10]),
    "dix-dossiers": ("dossier", DOSSIERS[:10]),
    "contrats-parmi-des-mots": (
        "option",
        [*CONTRATS, *("".join(HASARD.choices("abcdefgh", k=7)) for _ in range(310))],
    ),
    "codes": ("numero_contrat", CODES),
    "codes-sous-un-autre-titre": ("option", CODES),
    "codes-a-place-fixe": ("option", [f"AB{n % 90 + 10}X{n // 90}" for n in range(300)]),
}


@pytest.mark.parametrize("forme", ["total", "second", "croisee"])
@pytest.mark.parametrize("nom", PROPRES)
def test_un_tableau_de_numeros_ou_de_naissances_n_a_rien_d_anonyme(nom, forme):
    intitule, cles = PROPRES[nom]
    cles = list(dict.fromkeys(cles))
    lignes = [(c, 20 + 7 * n % 61) for n, c in enumerate(cles)]
    second, noms = None, f"{intitule} nb_clients"
    if forme == "second":
        second = table(noms, [(c, n + 7) for c, n in lignes])
    elif forme == "total":
        lignes.append(("Total", sum(n for _, n in lignes)))
    else:
        noms = f"{intitule} sexe nb_clients"
        lignes = [(c, s, n + p) for c, n in lignes for s, p in (("H", 0), ("F", 9))]
        lignes += [("Total", s, sum(n for _, x, n in lignes if x == s)) for s in "HF"]
    dite = du_tableau(lignes, second, noms, {"nb_clients": "effectif"})
    assert dite.verdict == VerdictEpreuve.PSEUDONYMISEE, dite
    assert any(intitule in m for m in dite.motifs)


@pytest.mark.parametrize(
    ("intitule", "modalites"),
    [
        ("semaine", range(1, 53)),
        ("semaine", SEMAINES),
        ("semaine", range(202601, 202653)),
        ("periode", [f"{a}-T{t}" for a in range(2018, 2026) for t in range(1, 5)]),
        ("mois", [f"{a}-{m:02d}" for a in (2024, 2025, 2026) for m in range(1, 13)]),
        ("mois", [f"{a}{m:02d}" for a in (2024, 2025, 2026) for m in range(1, 13)]),
        ("date", [f"{LUNDI + timedelta(7 * n)}" for n in range(40)]),
        ("date", [f"{a}-{j}" for a in range(2018, 2026) for j in ("03-31", "06-30", "09-30", "12-31")]),
        ("date", [f"2026-{m:02d}-01" for m in range(1, 13)] + [f"2025-{m:02d}-01" for m in range(1, 13)]),
        ("jour", [f"2026-{m:02d}-{j:02d}" for m in range(1, 13) for j in range(1, 29)]),
        ("jour", [f"{j:02d}/{m:02d}/2026" for m in range(1, 13) for j in range(1, 29) if j % 7]),
        ("annee", range(1980, 2026)),
        ("annee_naissance", range(1940, 2006)),
        ("age", range(18, 96)),
        ("age_client", [f"{a} ans" for a in range(18, 96)]),
        ("tranche_age", [f"{a}-{a + 4}" for a in range(0, 105, 5)]),
        ("tranche_salaire", [f"{n * 1000}-{n * 1000 + 999}" for n in range(25)]),
        (
            "semaine",
            [
                f"du {LUNDI + timedelta(7 * n):%d/%m/%Y} au {LUNDI + timedelta(7 * n + 6):%d/%m/%Y}"
                for n in range(40)
            ],
        ),
        ("activite", [f"{n}.{m}" for n in range(10, 40) for m in ("11Z", "20A")]),
        ("region", [f"FR{a}{n}" for a in "ABCDEF" for n in range(1, 6)]),
        ("heure", [f"{h:02d}:{m}" for h in range(24) for m in ("00", "30")]),
        ("rang", range(1, 400)),
        ("departement", [f"{n:02d}" for n in range(1, 96)] + ["2A", "2B"]),
        ("departement", [f"{n:02d} - Département" for n in range(1, 96)]),
        ("code_commune", [f"06{n:03d}" for n in range(1, 164)]),
        ("code_postal", [f"{n:02d}000" for n in range(1, 96)]),
        ("ville", [f"Paris {n}e" for n in range(1, 21)]),
        ("age", [en_arabe(n) for n in range(18, 96)]),
    ],
)
def test_une_liste_fermee_ne_designe_personne_meme_une_ligne_par_modalite(intitule, modalites):
    lignes = [(m, 20 + 7 * n % 61) for n, m in enumerate(modalites)]
    lignes.append(("Total", sum(n for _, n in lignes)))
    dite = du_tableau(lignes, None, f"{intitule} nb_clients", {"nb_clients": "effectif"})
    assert dite.verdict == VerdictEpreuve.PASSEE, (dite.motifs, dite.reserves)


@pytest.mark.parametrize("intitule", ["statut", "age", "note", "montant"])
@pytest.mark.parametrize("ecrire", [str, en_arabe, lambda n: f"\u200e{n}"])
def test_des_numeros_ne_se_cachent_pas_dans_une_autre_ecriture(intitule, ecrire):
    """Cinq chiffres arabo-indiens, ou précédés d'une marque invisible, se lisent comme les autres."""
    lignes = [(ecrire(n), 20 + 7 * r % 61) for r, n in enumerate(NUMEROS)]
    dite = du_tableau(lignes, None, f"{intitule} nb_clients", {"nb_clients": "effectif"})
    assert dite.verdict != VerdictEpreuve.PASSEE, dite.motifs


@pytest.mark.parametrize(
    ("effectif", "mesures", "dit"),
    [
        ("clients", 3, ""),
        ("nb_clients_par_visite", 3, ""),
        ("effectif", 3, ""),
        ("nb", 3, ""),
        ("nb_commandes", 1, "compte des événements"),
        ("passages", 1, "compte des événements"),
        ("nb_visites", 1, "compte des événements"),
        ("achats", 1, "compte des événements"),
        ("nb_commandes_clients", 1, "compte des événements"),
        ("nb_dossiers", 1, "compte des événements"),
        ("nb_zorglubs", 1, "ne dit pas que l'on compte des personnes"),
        ("x", 1, "ne dit pas que l'on compte des personnes"),
    ],
)
def test_cinq_commandes_ne_sont_pas_cinq_personnes(effectif, mesures, dit):
    """Ceux d'une case peuvent être tous d'une même personne : sans compte de personnes, rien ne passe, et c'est dit."""
    conclue = du_tableau(TABLEAU + TOTAUX, noms=f"semaine region {effectif}", roles={effectif: "effectif"})
    attendu = VerdictEpreuve.PASSEE if mesures == 3 else VerdictEpreuve.PARTIELLE
    assert (conclue.verdict, conclue.mesures) == (attendu, mesures), conclue
    assert dit in " ".join(conclue.reserves)
    assert mesures == 3 or not any("Individualisation" in m for m in conclue.motifs)


def test_une_colonne_de_montants_n_est_pas_un_effectif():
    with pytest.raises(EpreuveImpossible, match="nombre de personnes"):
        conclusion(table("ville montant", [("Nice", 900)] * 3), {"montant": "effectif"}, ligne="groupe")


# --- Les seuils ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("seuils", "nom", "dit"),
    [
        ((2, 2, "0,3"), "k", "qui s'y reconnaît reconnaît l'autre"),
        ((5, 1, "0,3"), "l", "sait la valeur"),
        ((5, 2, "0,5001"), "t", "0,5 au plus"),
        ((5, 2, "plus"), "t", "nombre entre 0 et 0,5"),
        ((5, 2, "nan"), "t", "nombre entre 0 et 0,5"),
        ((5, 2, "0,00001"), "t", "quatre décimales"),
        ((2_000_000, 2, "0,3"), "k", "au plus"),
    ],
)
def test_un_seuil_sous_son_plancher_est_refuse_avec_sa_raison(seuils, nom, dit):
    with pytest.raises(SeuilRefuse, match=dit) as refus:
        lire_seuils(*seuils)
    assert refus.value.nom == nom


def test_au_plancher_un_seuil_se_prend():
    assert lire_seuils(3, 2, "0,5") == {"k": 3, "l": 2, "t": 5000}


# --- Ce qui s'enregistre ------------------------------------------------------------------------------------------------
def test_aucun_nombre_flottant_ne_s_enregistre():
    def valeurs(noeud):
        if isinstance(noeud, dict):
            return [v for n in noeud.values() for v in valeurs(n)]
        return [v for n in noeud for v in valeurs(n)] if isinstance(noeud, (list, tuple)) else [noeud]

    for lue, second, tableau in (
        (TRAITEMENTS, HOPITAL, False),
        (table("semaine region clients", TABLEAU), table("semaine region clients", TABLEAU), True),
    ):
        assert {type(v) for v in valeurs(mesurer(lue, SEUILS, second, tableau=tableau))} <= {
            int,
            str,
            bool,
            type(None),
        }


def test_les_limites_citent_leurs_textes_et_disent_le_projet():
    texte = " ".join(LIMITES)
    assert "05/2014" in texte and "considérant 26" in texte and "C-413/23 P" in texte
    assert "02/2026" in texte and "projet" in texte
    assert "aucun texte ne les fixe" in texte


@pytest.mark.parametrize(("n", "lu"), [(0, "0"), (1, "0,01"), (1250, "12,5"), (10_000, "100")])
def test_une_part_se_lit_en_pour_cent(n, lu):
    assert part(n) == f"{lu}\N{NO-BREAK SPACE}%"


def test_un_seuil_se_lit_sans_zero_inutile():
    assert [taux(n) for n in (0, 3000, 6794, 10_000)] == ["0", "0,3", "0,6794", "1"]
