"""Ce qu'une colonne contient : les formes et les intitulés qui désignent quelqu'un, et ceux qui ne désignent personne."""

import random
import string

import pytest

from conservation.anonymat.detection import detections, est_une_donnee, nature, non_qualifiees
from conservation.anonymat.intitules import compte_des_personnes, est_sensible, nature_annoncee
from conservation.anonymat.table import Attribut

ALEA = random.Random(4)
CODES = ["".join(ALEA.choices(string.ascii_letters + string.digits, k=8)) for _ in range(60)]
NUMEROS = sorted(ALEA.sample(range(10_000, 99_000), 50))


@pytest.mark.parametrize(
    ("valeurs", "attendue"),
    [
        (["claire@lavande.example", "x"], "courriel"),
        (["Rappeler léa (lea@lavande.example) mardi", *"abcdefgh"], "courriel"),
        (
            ["lea@lavande.example", *map(str, range(30_000))],
            "courriel",
        ),  # une seule, dans trente mille valeurs
        (["06 12 34 56 78", "+33612345678", "0033612345679"], "telephone"),
        (["+33 (0)6 12 34 56 78"], "telephone"),
        (["rappeler au 06.12.34.56.78 demain", "rien"], "telephone"),
        (["2 55 08 14 168 025 38"], "nir"),
        (["255081416802538"], "nir"),
        (["2 55 08 14 168 025"], "nir"),  # sans sa clé
        (["2 55 08 14 168 025 39"], None),  # clé fausse
        (["FR14 2004 1010 0505 0001 3M02 606"], "iban"),
        (["FR14 2004 1010 0505 0001 3M02 607"], None),  # clé fausse
        (["4970 1000 0000 0014"], "carte"),
        (["4970 1000 0000 0015"], None),
        (["732 829 320 00074"], "entreprise"),
        (["732829321"], None),  # SIREN, clé fausse
        (["AB-123-CD", "1234 AB 06"], "plaque"),
        (["192.0.2.14", "2001:db8::1"], "ip"),
        (["43.6584, 6.9225"], "gps"),
        (["12, rue des Oliviers", "4 bis avenue Foch 06130 Grasse"], "adresse"),
        (["Mme Zyxwab"], "nom"),
        (["DUPONT Marie", "Élise Zyxwab", "Zyxwab"], "nom"),
        (["d41d8cd98f00b204e9800998ecf8427e"], "hexadecimal"),
        (["DA39A3EE5E6B4B0D3255BFEF95601890AFD80709"], "hexadecimal"),
        (["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"], "hexadecimal"),
        (["e3b0c44298fc", "0be411fa9077"], "tronquee"),
        (["507f1f77bcf86cd799439011"], "objectid"),
        (["01ARZ3NDEKTSV4RRFFQ69G5FAV"], "ulid"),
        (["$2y$10$" + "abcdefghijklmnopqrstu.ABCDEFGHIJKLMNOPQRSTU/0123456789"[:53]], "motdepasse"),
        (["9b2e8f5e-4a5c-4d0e-9a36-6f3d2b1c0a99"], "uuid"),
        (["47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="], "base64"),
        (CODES, "code"),
        ([f"CLI-{n:05d}" for n in range(100, 140)], "sequence"),
        ([f"CLI-{n}" for n in NUMEROS], "sequence"),  # des trous
        ([f"CLI-{n}" for n in NUMEROS for _ in range(5)], "sequence"),  # plusieurs lignes par client
        ([str(n) for n in NUMEROS], "sequence"),
        ([str(n) for n in range(100_000, 100_040)], "sequence"),
        (["".join(chr(0x660 + int(c)) for c in str(n)) for n in range(100_000, 100_040)], "sequence"),
        (["٠٦ ١٢ ٣٤ ٥٦ ٧٨"], "telephone"),
        (["06\u200b12345678"], "telephone"),
    ],
)
def test_une_colonne_se_reconnait_a_sa_forme(valeurs, attendue):
    dite = nature(Attribut.de(valeurs))
    assert (dite and dite[0]) == attendue


@pytest.mark.parametrize(
    ("intitule", "valeurs"),
    [
        ("code_postal", [f"{n:02d}{m:03d}" for n in range(1, 60) for m in (100, 200)]),
        ("cp", sorted(f"{n}000" for n in range(10, 90))),
        ("annee", [str(n) for n in range(1980, 2026)]),
        ("c1", [str(n) for n in range(1980, 2026)]),
        ("montant", [f"{ALEA.random() * 900:.2f}".replace(".", ",") for _ in range(200)]),
        ("prix", [str(ALEA.randint(1, 99_000)) for _ in range(60)]),
        ("total", [f"{n}.50" for n in range(0, 5000, 37)]),
        ("rang", [str(n) for n in range(1, 60)]),
        ("c1", [str(n) for n in range(60)]),
        ("semaine", [str(n) for n in range(5, 48)]),
        ("semaine", [f"S{n:02d}" for n in range(5, 48)]),
        ("jour", [f"2026-{m:02d}-{j:02d}" for m in range(1, 13) for j in range(1, 28)]),
        ("ville", ["Saint-Denis", "Saint-Martin", "Nice", "Grasse", "Bourg-la-Reine", "Villeurbanne"]),
        ("region", ["Provence-Alpes-Côte d'Azur", "Bretagne", "Île-de-France"]),
        ("parfum", ["Rose", "Iris", "Violette", "Lavande"]),
        ("reference", ["AB-1234", "CD-5678", "EF-9012"]),
        ("ean", [f"37{ALEA.randint(10**10, 10**11 - 1)}" for _ in range(30)] * 8),
        ("nom_produit", ["Eau de lavande", "Savon"]),
        ("id_magasin", ["12", "14"]),
        ("email_ouvert", ["oui", "non"]),
        ("nb_mails", ["3", "12"]),
        ("email", ["oui", "non"]),
        ("nom", ["***", ""]),
        ("prenom", ["supprimé"]),
        ("service", ["Direction de la communication"]),
        ("vide", [""]),
    ],
)
def test_ce_qui_ne_designe_personne_ne_s_alarme_pas(intitule, valeurs):
    assert detections([(intitule, Attribut.de(valeurs))]) == []


@pytest.mark.parametrize(
    ("intitule", "attendue"),
    [
        ("Nom", "nom"),
        ("Prénom du client", "nom"),
        ("NomClient", "nom"),
        ("adresse_mail", "courriel"),
        ("Adresse 1", "adresse"),
        ("Tél.", "telephone"),
        ("client_id", "identifiant"),
        ("N° client", "identifiant"),
        ("numéro de commande", "identifiant"),
        ("matricule", "identifiant"),
        ("latitude", "gps"),
        ("adresse_ip", "ip"),
        ("nom du produit", ""),
        ("nom_magasin", ""),
        ("type_adresse", ""),
        ("nombre de clients", ""),
        ("ville", ""),
        ("nombre", ""),
        ("idée", ""),
    ],
)
def test_un_intitule_annonce_ce_qu_il_porte(intitule, attendue):
    assert nature_annoncee(intitule) == attendue


def test_un_intitule_seul_se_dit_sans_part_et_ne_cite_aucune_valeur():
    assert detections([("nom", Attribut.de(["Zyxwab"]))]) == [{"colonne": "nom", "nature": "nom", "part": 0}]


@pytest.mark.parametrize(
    ("intitule", "valeur", "qualifiee"),
    [
        ("colonne_a", "Kowalczyk", False),
        ("x", "A12", False),
        ("x", "481516234", False),
        ("x", "H", True),
        ("x", "18-30", True),
        ("x", "1 204,50", True),
        ("x", "2026-11-24", True),
        ("x", "oui", True),
        ("surface", "20-40 m²", True),
        ("x", "ＡＢ", False),  # pleine chasse
        ("ville", "Grasse", True),
        ("statut_du_contrat", "actif", True),
    ],
)
def test_une_colonne_de_mots_dit_par_son_intitule_de_quoi_elle_parle(intitule, valeur, qualifiee):
    assert (non_qualifiees([(intitule, Attribut.de([valeur]))]) == []) == qualifiee


def test_un_compte_et_une_valeur_sensible_se_lisent_a_l_intitule():
    assert [compte_des_personnes(n) for n in ("nb_clients", "effectif", "montant", "âge", "x")] == [
        True,
        True,
        False,
        False,
        None,
    ]
    assert [est_sensible(n) for n in ("Montant TTC", "diagnostic", "ville", "code_diagnostic")] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("cellule", ["lea@lavande.example", "06130", "2026-11-24", "0612345678", "12 345,50"])
def test_un_en_tete_qui_est_une_donnee_se_reconnait(cellule):
    assert est_une_donnee(cellule)


@pytest.mark.parametrize(
    "cellule", ["ville", "Montant 2026", "t_proximité", "N° 1", "2026", "nom", "adresse"]
)
def test_un_en_tete_ordinaire_passe(cellule):
    assert not est_une_donnee(cellule)
