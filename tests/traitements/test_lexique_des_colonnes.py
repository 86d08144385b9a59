"""Catégories trouvées : ce que disent les noms des colonnes, et ce qu'ils ne disent pas. Aucune valeur n'est lue."""

import sqlite3
import tomllib
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from boutique import creer_fiche
from traitements.colonnes import CHOSE, LIBRE, TECHNIQUE, categories_de, constater
from traitements.lexique_colonnes import CATEGORIES

RACINE = Path(__file__).parents[2]
NOMS = {
    "date_naissance": "ETAT_CIVIL",
    "DateDeNaissance": "ETAT_CIVIL",
    "Date de naissance": "ETAT_CIVIL",
    "birthday": "ETAT_CIVIL",
    "lastname": "ETAT_CIVIL",
    "firstName": "ETAT_CIVIL",
    "NOM": "ETAT_CIVIL",
    "prénom": "ETAT_CIVIL",
    "email": "COORDONNEES",
    "adresse_mail": "COORDONNEES",
    "phone_mobile": "COORDONNEES",
    "codePostal": "COORDONNEES",
    "billing_email": "COORDONNEES FACTURATION_REGLEMENT",
    "ip_address": "CONNEXION",
    "adresse_ip": "CONNEXION",
    "passwd": "CONNEXION",
    "card_number": "CARTE_BANCAIRE",
    "cvv": "CRYPTOGRAMME",
    "iban": "MOYENS_PAIEMENT",
    "num_secu": "NIR",
    "allergies": "SANTE",
    "orientation_sexuelle": "VIE_SEXUELLE",
    "opt_in": "PREUVES_CHOIX",
    "EMAIL_BLACKLISTED": "PREUVES_CHOIX",
    "latitude": "LOCALISATION",
    "siret": "VIE_PROFESSIONNELLE",
    "company": "VIE_PROFESSIONNELLE",
    "nom_produit": CHOSE,
    "filename": CHOSE,
    "Lineitem name": CHOSE,
    "note_private": LIBRE,
    "commentaires": LIBRE,
    "id_customer": TECHNIQUE,
    "fk_soc": TECHNIQUE,
    "customer_id": TECHNIQUE,
    "date_upd": TECHNIQUE,
    "created_at": TECHNIQUE,
    "ADDED_TIME": TECHNIQUE,
    "xyz42": "",
    "renommage": "",  # « nom » n'y est qu'en morceau
    "champion": "",
    "": "",
}


@pytest.mark.parametrize("nom", NOMS)
def test_un_nom_de_colonne_dit_sa_categorie_ou_se_tait(nom):
    lues = categories_de(nom)
    attendues = NOMS[nom].split()
    assert set(lues) <= set(attendues) and bool(lues) is bool(attendues), lues


def test_chaque_categorie_du_referentiel_a_ses_mots_et_aucune_autre():
    lignes = tomllib.loads(
        (RACINE / "traitements/referentiels/categories-donnees.toml").read_text(encoding="utf-8")
    )["ligne"]
    assert set(CATEGORIES) == {ligne["code"] for ligne in lignes} - {"AUTRES"}
    for code, liste in CATEGORIES.items():
        assert all(code in categories_de(nom) for nom in (n.strip() for n in liste.split(";"))), code


def test_ce_qui_est_trouve_declare_et_absent_se_separe():
    lu = constater(
        ["nom", "email", "date_naissance", "cvv", "note", "id", "zz", "email"], ["ETAT_CIVIL", "LIVRAISON"]
    )
    assert dict(lu.declarees) == {"nom": ("ETAT_CIVIL",), "date_naissance": ("ETAT_CIVIL",)}
    assert dict(lu.non_declarees) == {"email": ("COORDONNEES",), "cvv": ("CRYPTOGRAMME",)}
    assert (lu.sans_colonne, lu.libres, lu.techniques, lu.inconnues) == (
        ("LIVRAISON",),
        ("note",),
        ("id",),
        ("zz",),
    )
    assert lu.examine.startswith(
        "Examiné : 7 noms de colonnes, 4 reconnus, 1 technique, 1 de texte libre, 1 non reconnu."
    )
    assert "Non examiné : les valeurs" in lu.examine


def test_une_colonne_peut_nommer_une_categorie_declaree_et_une_autre():
    lu = constater(["billing_email"], ["FACTURATION_REGLEMENT"])
    assert dict(lu.declarees) == {"billing_email": ("FACTURATION_REGLEMENT",)}
    assert dict(lu.non_declarees) == {"billing_email": ("COORDONNEES",)}


def commande(organisme, **options):
    sortie = StringIO()
    reglages = {"fiche": "TR-001", "source": "", "table": "", "colonnes": "", **options}
    call_command("categories_trouvees", organisme=str(organisme.pk), stdout=sortie, **reglages)
    return sortie.getvalue()


@pytest.fixture
def sources(tmp_path):
    (tmp_path / "clients.csv").write_text(
        "Courriel;Date de naissance\nclaire@exemple.fr;12/03/1980\n", encoding="utf-8"
    )
    with closing(sqlite3.connect(tmp_path / "boutique.db")) as base:
        base.execute('CREATE TABLE "clients 1" (courriel TEXT, "Date de naissance" TEXT)')
        base.execute("""INSERT INTO "clients 1" VALUES ('claire@exemple.fr', '12/03/1980')""")
        base.commit()
    return tmp_path


@pytest.mark.django_db
@pytest.mark.parametrize(
    "options",
    [
        {"source": "{}/clients.csv"},
        {"source": "sqlite:///{}/boutique.db", "table": "clients 1"},
        {"colonnes": "courriel, Date de naissance"},
    ],
)
def test_la_commande_dit_les_colonnes_sans_categorie_et_jamais_une_valeur(
    maison_lavande, prospection, sources, options
):
    dit = commande(maison_lavande, **{cle: v.replace("{}", str(sources)) for cle, v in options.items()})
    assert "colonne `Date de naissance` : aucune catégorie déclarée (« État civil" in dit
    assert "Non examiné : les valeurs" in dit
    assert "claire" not in dit and "1980" not in dit


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "phrase"),
    [
        ({}, "--source, ou bien --colonnes"),
        ({"source": "x.csv", "colonnes": "nom"}, "--source, ou bien --colonnes"),
        ({"source": "absent.csv"}, "ne se lit pas"),
        ({"source": "sqlite:///absente.db", "table": "t"}, "n'existe pas"),
        ({"source": "postgresql://jean:secret@hote/base"}, "information_schema"),
        ({"colonnes": "nom", "fiche": "TR-404"}, "TR-404"),
        ({"colonnes": "nom", "fiche": "VOISINE-1"}, "Aucune fiche de cet organisme"),
    ],
)
def test_la_commande_refuse_en_francais(maison_lavande, prospection, autre_boutique, options, phrase):
    creer_fiche(autre_boutique, reference="VOISINE-1")
    with pytest.raises(CommandError, match=phrase) as refus:
        commande(maison_lavande, **options)
    assert "secret" not in str(refus.value)
