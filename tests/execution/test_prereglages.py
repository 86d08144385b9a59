"""Les préréglages : chacun est bien formé, dit ce que sa colonne ne sait pas et d'où il le tient ; la commande s'en sert."""

import sqlite3
from contextlib import closing
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

import schemas_outils
from bases_jetables import SurSQLite
from conservation.dates_ecrites import ORDINAIRE, LecteurDeDates
from conservation.models import DureeReference
from registre.execution.prereglages import DOSSIER, PrereglageInvalide, lire, mesure, outil, outils
from registre.execution.sources import fichier, mysql, postgresql, sqlite
from registre.execution.sources.demande import DemandeDeReleve, RequeteSQL

LIMITE = date(2023, 11, 24)
OUTILS = {"prestashop", "woocommerce", "dolibarr", "odoo", "brevo", "shopify"}
TOUTES = [(o, m) for o in outils() for m in o.mesures]


def test_les_six_outils_y_sont():
    assert {o.code for o in outils()} == OUTILS == {f.stem for f in DOSSIER.glob("*.toml")}


@pytest.mark.django_db
@pytest.mark.parametrize(("o", "m"), TOUTES, ids=[f"{o.code}/{m.code}" for o, m in TOUTES])
def test_une_mesure_nomme_des_durees_qui_existent_et_de_sa_situation(o, m):
    durees = DureeReference.objects.in_bulk()
    for code in m.durees:
        assert durees[code].actif and durees[code].nature not in ("droit", "delai"), code
    assert m.situation in {durees[code].situation for code in m.durees}
    assert m.dit.endswith(".") and len(m.ou) > 30
    if m.verifie == "lu":
        assert o.source == "csv" or "/" in m.ou  # le dépôt et le fichier lus
    if m.requete:
        assert m.requete.startswith("SELECT ") and "{prefixe}" in m.requete and ";" not in m.requete
        assert m.colonne in o.requete(m)


def test_un_prereglage_approche_se_dit():
    assert [f"{o.code}/{m.code}" for o, m in TOUTES if m.exacte] == [
        "prestashop/visites",
        "woocommerce/clients-inactifs",
    ]


FAUTES = {
    "cle": ('verifie = "lu"', 'verifie = "lu"\nverfie = "x"', "comptes-inactifs : clé inconnue : verfie"),
    "marque": ('verifie = "lu"', 'verifie = "certain"', "verifie : « certain » n'est pas connu"),
    "situation": ('situation = "compte"', 'situation = "comptes"', "situation : « comptes »"),
    "deux": ('table = "customer"', 'table = "customer"\nfichier = "x"', "et un seul"),
    "filtre": ('"is_guest=0"', '"is_guest>0"', "Un filtre s'écrit"),
    "vide": ('colonne = "date_upd"', 'colonne = ""', "colonne : vide"),
    "source": ('source = "mysql"', 'source = "oracle"', "« oracle » n'est pas connue"),
    "csv": ('source = "mysql"', 'source = "csv"', "une base a des tables"),
    "double": ('code = "factures"', 'code = "messages"', "deux mesures ont le même code"),
    "absente": ('prefixe = "ps_"\n', "", "prefixe"),
    "toml": ("[outil]", "[outil", "prestashop.toml"),
}


@pytest.mark.parametrize("faute", FAUTES)
def test_un_fichier_fautif_se_refuse(faute, tmp_path):
    avant, apres, phrase = FAUTES[faute]
    texte = (DOSSIER / "prestashop.toml").read_text(encoding="utf-8")
    assert avant in texte
    (tmp_path / "prestashop.toml").write_text(texte.replace(avant, apres, 1), encoding="utf-8")
    with pytest.raises(PrereglageInvalide, match=phrase):
        lire(tmp_path / "prestashop.toml")


@pytest.mark.parametrize("code", ["magento", "prestashop/inconnu", "prestashop", "/"])
def test_un_prereglage_qui_n_existe_pas_dit_ceux_qu_il_y_a(code):
    with pytest.raises(PrereglageInvalide, match="prestashop|comptes-inactifs"):
        mesure(code)


def test_la_commande_liste_et_decrit():
    sortie = StringIO()
    call_command("prereglages", stdout=sortie)
    assert "prestashop : PrestaShop (MySQL ou MariaDB), 7 mesures" in sortie.getvalue()
    sortie = StringIO()
    call_command("prereglages", "prestashop", stdout=sortie)
    for dit in (
        '--table "ps_customer" --colonne-date "date_upd" --filtre "is_guest=0"',
        "lu à la source",
        "approchée",
    ):
        assert dit in sortie.getvalue()
    with pytest.raises(CommandError, match="Aucun préréglage"):
        call_command("prereglages", "magento")


@pytest.mark.django_db
def test_relever_se_sert_d_un_prereglage(maison_lavande, prospection, tmp_path):
    """Une base SQLite aux noms de PrestaShop tient lieu de la sienne."""
    with closing(sqlite3.connect(tmp_path / "boutique.db")) as base:
        base.execute("CREATE TABLE ps_customer (date_upd TEXT, is_guest INTEGER)")
        base.executemany(
            "INSERT INTO ps_customer VALUES (?, ?)", [("2001-01-01 10:00:00", n % 2) for n in range(10)]
        )
        base.commit()
    commun = {
        "organisme": str(maison_lavande.pk),
        "duree": "TR-001#1",
        "source": f"sqlite:///{tmp_path}/boutique.db",
    }
    sortie = StringIO()
    call_command(
        "relever", **commun, preset="prestashop/comptes-inactifs", filtre=[], simuler=True, stdout=sortie
    )
    assert "examinées : 5" in sortie.getvalue() and "en retard : 5" in sortie.getvalue()
    with pytest.raises(CommandError, match="par requête"):
        call_command("relever", **commun, preset="prestashop/paniers", filtre=[], simuler=True)
    with pytest.raises(CommandError, match="--colonne-date"):
        call_command("relever", **commun, table="ps_customer", filtre=[], simuler=True)


def compter(source, o, m, adresse):
    """Ce que le préréglage fait compter, comme la commande."""
    requete = RequeteSQL(m.code, o.requete(m), "0" * 64) if m.requete else None
    demande = DemandeDeReleve(adresse, m.colonne, LIMITE, o.table(m), m.filtres, requete)
    lu = source.compter(demande).compte
    return lu.examinees, lu.en_retard, lu.sans_date


@pytest.mark.lent
@pytest.mark.parametrize("code", ["prestashop", "woocommerce", "dolibarr"])
def test_chaque_prereglage_se_lit_dans_les_tables_de_son_outil(code, base_mariadb):
    """Sur MariaDB, aux tables que l'éditeur déclare : deux lignes chacune, dont une en retard."""
    o = outil(code)
    for nom, table in schemas_outils.TABLES[code].items():
        base_mariadb.executer(table.creation(o.prefixe + nom), lignes=(o.prefixe + nom, list(table.lignes)))
    lus = {m.code: compter(mysql, o, m, base_mariadb.adresse) for m in o.mesures}
    assert lus == {m.code: (2, 1, 0) for m in o.mesures}


def test_chaque_prereglage_d_odoo_se_lit_dans_ses_tables(base_postgresql):
    o = outil("odoo")
    for nom, table in schemas_outils.ODOO.items():
        base_postgresql.executer(table.creation(nom), lignes=(nom, list(table.lignes)))
    lus = {m.code: compter(postgresql, o, m, base_postgresql.adresse) for m in o.mesures}
    assert lus == {m.code: (2, 1, 0) for m in o.mesures}


def test_les_prereglages_d_odoo_nomment_des_colonnes_qui_existent(tmp_path):
    """Sans PostgreSQL : les mêmes noms, dans SQLite, qui lit ces requêtes."""
    o, base = outil("odoo"), SurSQLite(tmp_path)
    for nom, table in schemas_outils.ODOO.items():
        base.executer(table.creation(nom), lignes=(nom, list(table.lignes)))
    assert {compter(sqlite, o, m, base.adresse) for m in o.mesures} == {(2, 1, 0)}


@pytest.mark.parametrize("code", ["brevo", "shopify"])
def test_les_prereglages_d_un_export_nomment_ses_colonnes(code, tmp_path):
    (tmp_path / "export.csv").write_text(schemas_outils.EXPORTS[code], encoding="utf-8")
    o = outil(code)
    assert {compter(fichier, o, m, str(tmp_path / "export.csv")) for m in o.mesures} == {(2, 1, 0)}


def test_le_prefixe_se_pose_devant_chaque_table():
    presta = outil("prestashop")
    _, paniers = mesure("prestashop/paniers")
    assert "FROM ps_cart c LEFT JOIN ps_orders o" in presta.requete(paniers)


@pytest.mark.parametrize(
    ("texte", "jour"),
    [("12-04-2022 09:30", date(2022, 4, 12)), ("2026-05-01 23:59:00 +0100", date(2026, 5, 2))],
)
def test_les_formes_des_exports_se_lisent(texte, jour):
    """Celles des exemples tiers de Brevo et de Shopify ; avec un fuseau, le jour est celui de Paris."""
    assert LecteurDeDates(ORDINAIRE.formats).jour(texte) == jour
