"""MySQL et MariaDB, sur un serveur MariaDB à soi : ce qu'une base de boutique a de particulier, et ce qu'un compte ne doit pas pouvoir."""

import gc
from contextlib import closing
from dataclasses import replace
from datetime import date
from io import StringIO

import pymysql
import pytest
from django.core.management import call_command

import prestashop
from conservation.comptage import Compteur, Decompte
from conservation.models import Operation
from organismes.portee import dans
from registre.execution.sources import mysql, mysql_lecture, source_de
from registre.execution.sources.demande import DemandeDeReleve, SourceRefusee, filtre

pytestmark = pytest.mark.lent
LIMITE = date(2023, 11, 24)  # heure d'hiver à Paris
SECRET = "tres-secret-42"


def demande(base, colonne="quand", table="t", *filtres, limite=LIMITE):
    return DemandeDeReleve(base.adresse, colonne, limite, table, tuple(filtre(f) for f in filtres))


def compter(*args, **options) -> tuple[int, int, int]:
    lu = mysql.compter(demande(*args, **options)).compte
    return lu.examinees, lu.en_retard, lu.sans_date


# --- Par la commande ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_une_boutique_prestashop_se_releve_par_son_dernier_contact(
    maison_lavande, prospection, base_mariadb, tmp_path
):
    """Cinq mille clients dont le compte est ancien ; deux cent treize seulement n'ont ni commandé ni écrit depuis."""
    prestashop.remplir(base_mariadb, LIMITE)
    chemin, sortie = tmp_path / "dernier_contact.sql", StringIO()
    chemin.write_text(prestashop.DERNIER_CONTACT, encoding="utf-8")
    voulu = {"organisme": str(maison_lavande.pk), "duree": "TR-001#1", "au": date(2026, 11, 24)}
    call_command("relever", source=base_mariadb.adresse, requete=chemin, stdout=sortie, **voulu)
    assert {"examinées : 5000", "en retard : 213", "sans date : 0"} <= {*sortie.getvalue().splitlines()}
    with dans(maison_lavande):
        faite = Operation.objects.get()
    assert (faite.en_retard, faite.source[: len(base_mariadb.base)]) == (213, base_mariadb.base)
    # La date de facture, nulle quand rien n'est payé, n'est pas une facture de l'an zéro.
    assert compter(base_mariadb, "invoice_date", "ps_orders")[1:] == (
        0,
        base_mariadb.valeur("SELECT count(*) FROM ps_orders"),
    )
    assert compter(base_mariadb, "date_add", "ps_customer", "newsletter=1", "birthday est vide") == (
        2500,
        2500,
        0,
    )


@pytest.mark.django_db
def test_une_colonne_de_secondes_se_regarde_puis_se_compte(
    maison_lavande, prospection, base_mariadb, tmp_path
):
    """Sans format choisi, une colonne qui ne peut être que des secondes se compte ainsi, et le relevé le dit ; par requête aussi."""
    base_mariadb.executer(
        "CREATE TABLE users (id int, nom varchar(20), last_login int)",
        "INSERT INTO users VALUES (1, 'Camille', 1700780399), (2, 'Dominique', 1700780400), (3, 'Claude', NULL)",
    )
    (tmp_path / "q.sql").write_text("SELECT id, MAX(last_login) AS vu FROM users GROUP BY id")
    regard, sortie, table = StringIO(), StringIO(), {"source": base_mariadb.adresse, "table": "users"}
    call_command("relever", apercu=True, stdout=regard, **table)
    assert "colonne : last_login" in regard.getvalue() and "--format epoch-s" in regard.getvalue()
    assert "Camille" not in regard.getvalue()
    voulu = {
        "organisme": str(maison_lavande.pk),
        "duree": "TR-001#1",
        "au": date(2026, 11, 24),
        "stdout": sortie,
    }
    call_command("relever", colonne_date="last_login", **table, **voulu)
    call_command("relever", source=base_mariadb.adresse, requete=tmp_path / "q.sql", **voulu)
    assert sortie.getvalue().splitlines().count("en retard : 1") == 2
    with dans(maison_lavande):
        assert [faite.sans_date for faite in Operation.objects.all()] == [1, 1]


# --- Les dates ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("type_", ["date", "datetime", "datetime(6)", "varchar(30)", "varbinary(30)", "text"])
@pytest.mark.parametrize("mode", ["", "NO_ZERO_DATE,NO_ZERO_IN_DATE,STRICT_ALL_TABLES"])
def test_une_date_nulle_ou_impossible_n_est_pas_une_date_ancienne(base_mariadb, type_, mode):
    """« 0000-00-00 » viendrait avant toute limite : quel que soit le mode du serveur, c'est une ligne sans date."""
    dates = [
        "2023-11-23",
        "2023-11-24",
        "0000-00-00",
        "2023-00-00",
        "2023-05-00",
        "2023-02-31",
        "0000-05-05",
        None,
    ]
    base_mariadb.executer(
        f"CREATE TABLE t (quand {type_})", lignes=("t", [(d,) for d in dates]), mode="ALLOW_INVALID_DATES"
    )
    base_mariadb.executer(f"SET GLOBAL sql_mode = '{mode}'")
    try:
        lu = mysql.compter(demande(base_mariadb)).compte
        assert (lu, lu.nulles, lu.illisibles) == (Decompte(8, 1, 6), 1, 4)
    finally:
        base_mariadb.executer("SET GLOBAL sql_mode = DEFAULT")


@pytest.mark.parametrize(
    ("limite", "veille", "minuit"),
    [
        (date(2023, 11, 24), "2023-11-23 22:59:59", "2023-11-23 23:00:00"),
        (date(2023, 7, 14), "2023-07-13 21:59:59", "2023-07-13 22:00:00"),
        (date(2023, 3, 26), "2023-03-25 22:59:59", "2023-03-25 23:00:00"),  # l'heure change dans la nuit
        (date(2023, 3, 27), "2023-03-26 21:59:59", "2023-03-26 22:00:00"),
    ],
)
def test_un_instant_se_compare_au_minuit_de_paris(base_mariadb, limite, veille, minuit):
    """TIMESTAMP garde un instant ; le serveur n'a pourtant pas les fuseaux, comme souvent. DATETIME garde ce qui est écrit."""
    base_mariadb.executer(
        "SET time_zone = '+00:00'",
        "CREATE TABLE t (id int, quand timestamp NULL, ecrit datetime)",
        f"INSERT INTO t VALUES (1, '{veille}', '{limite}'), (2, '{minuit}', '{limite}'), (3, NULL, NULL)",
    )
    assert compter(base_mariadb, limite=limite) == (3, 1, 1)
    assert compter(base_mariadb, "ecrit", limite=limite) == (3, 0, 1)
    base_mariadb.executer("CREATE VIEW v AS SELECT id, MAX(quand) AS dernier FROM t GROUP BY id")
    assert compter(base_mariadb, "dernier", "v", limite=limite) == (3, 1, 1)


def test_l_heure_de_paris_suit_la_limite_et_jamais_avant_1970():
    jours = (date(2023, 1, 1), date(2023, 7, 1), date(1969, 7, 1), date(1, 1, 1))
    assert [mysql_lecture._decalage(jour) for jour in jours] == ["+01:00", "+02:00", "+01:00", "+01:00"]


@pytest.mark.parametrize("type_", ["time", "year", "bit(8)", "json", "point"])
def test_ce_qui_n_est_ni_date_ni_texte_ni_entier_se_refuse(base_mariadb, type_):
    base_mariadb.executer(f"CREATE TABLE t (quand {type_})")
    if type_ == "json":  # pour MariaDB, un texte
        assert compter(base_mariadb) == (0, 0, 0)
        return
    with pytest.raises(SourceRefusee, match="ni une date, ni un texte, ni un nombre entier"):
        compter(base_mariadb)


# --- Les filtres et les noms ----------------------------------------------------------------------------------------------


def test_un_filtre_compare_la_lettre_et_non_le_classement_de_la_base(base_mariadb):
    """Pour MySQL, « Été » égale « ete  » : ici comme dans un fichier, une valeur est ce qui est écrit."""
    base_mariadb.executer(
        "CREATE TABLE t (quand date, etat varchar(20))",
        "INSERT INTO t VALUES ('2001-01-01', 'Été'), ('2001-01-01', 'été'), ('2001-01-01', 'ete'), ('2001-01-01', 'été '),"
        " ('2001-01-01', NULL), ('2001-01-01', ''), ('2001-01-01', '  '), ('2001-01-01', 'a''b\\\\c%s')",
    )
    assert compter(base_mariadb, "quand", "t", "etat=été")[0] == 1
    assert compter(base_mariadb, "quand", "t", "etat!=été")[0] == 7
    assert compter(base_mariadb, "quand", "t", "etat est vide")[0] == 2
    assert compter(base_mariadb, "quand", "t", "etat=a'b\\c%s")[0] == 1


def test_une_table_se_nomme_seule_ou_avec_sa_base_a_la_casse_pres(base_mariadb):
    base_mariadb.executer(
        "CREATE TABLE t (quand date)",
        f'CREATE TABLE "{base_mariadb.nom}.t" (quand date)',
        "INSERT INTO t VALUES ('2001-01-01')",
        "CREATE VIEW vue AS SELECT quand FROM t",
        "CREATE TABLE autre (quand date, prive date)",
    )
    assert compter(base_mariadb, "quand", "vue") == (1, 1, 0)
    assert compter(base_mariadb, "quand", "t") == (1, 1, 0)
    assert compter(base_mariadb, "quand", f"{base_mariadb.nom}.t") == (
        0,
        0,
        0,
    )  # la table qui porte ce nom, d'abord
    base_mariadb.executer(f'DROP TABLE "{base_mariadb.nom}.t"')
    assert compter(base_mariadb, "quand", f"{base_mariadb.nom}.t") == (1, 1, 0)
    for table in ("T", "mysql.user", "t`; DROP TABLE t; -- "):
        with pytest.raises(SourceRefusee, match="n'a pas de table"):
            compter(base_mariadb, "quand", table)


# --- Ce qu'un relevé ne peut pas faire --------------------------------------------------------------------------------------


@pytest.mark.parametrize("moteur", ["InnoDB", "MyISAM"])
def test_une_vue_dont_la_lecture_ecrirait_est_arretee(base_mariadb, moteur):
    base_mariadb.executer(
        f"CREATE TABLE trace (n int) ENGINE={moteur}",
        "CREATE FUNCTION ecrire() RETURNS date DETERMINISTIC MODIFIES SQL DATA SQL SECURITY DEFINER"
        " BEGIN INSERT INTO trace VALUES (1); RETURN '2001-01-01'; END",
        "CREATE VIEW piege AS SELECT ecrire() AS quand",
    )
    with pytest.raises(SourceRefusee, match="écriture"):
        compter(base_mariadb, "quand", "piege")
    assert base_mariadb.valeur("SELECT count(*) FROM trace") == 0


@pytest.mark.parametrize("droit", ["FILE", "SUPER", "SELECT, FILE", "ALL PRIVILEGES", "role"])
def test_un_compte_qui_sort_de_la_base_se_refuse(base_mariadb, droit):
    base_mariadb.executer("CREATE TABLE t (quand date)", "INSERT INTO t VALUES ('2001-01-01')")
    assert compter(base_mariadb) == (1, 1, 0)
    if droit == "role":
        base_mariadb.executer(
            "CREATE ROLE fichiers",
            "GRANT FILE ON *.* TO fichiers",
            f"GRANT fichiers TO {base_mariadb.compte}",
            f"SET DEFAULT ROLE fichiers FOR {base_mariadb.compte}",
        )
    else:
        base_mariadb.executer(f"GRANT {droit} ON *.* TO {base_mariadb.compte}")
    try:
        with pytest.raises(SourceRefusee, match="GRANT SELECT ON la_base") as refus:
            compter(base_mariadb)
        assert "PASSWORD" not in str(refus.value)
    finally:
        base_mariadb.executer("DROP ROLE IF EXISTS fichiers")


def test_un_compte_sans_droit_et_une_table_tenue_se_disent(base_mariadb, monkeypatch):
    base_mariadb.executer(
        "CREATE TABLE t (quand date, prive date)",
        "CREATE DEFINER = CURRENT_USER SQL SECURITY INVOKER VIEW v AS SELECT quand FROM t",
        f"REVOKE ALL ON {base_mariadb.nom}.* FROM {base_mariadb.compte}",
        f"GRANT SELECT ON v TO {base_mariadb.compte}",
    )
    with pytest.raises(SourceRefusee, match="pas le droit"):
        compter(base_mariadb, "quand", "v")
    base_mariadb.executer(f"GRANT SELECT ON t TO {base_mariadb.compte}")
    monkeypatch.setattr(mysql_lecture, "ATTENTE_VERROU", 1)
    with closing(base_mariadb.serveur.connexion(base_mariadb.nom)) as autre, autre.cursor() as curseur:
        curseur.execute("LOCK TABLES t WRITE")
        with pytest.raises(SourceRefusee, match="une autre application tient la table"):
            compter(base_mariadb)


def test_une_lecture_interrompue_ne_lit_pas_le_reste(base_mariadb, monkeypatch):
    """Ctrl-C au milieu d'une vue sans fin : le pilote voudrait la lire jusqu'au bout avant de rendre la main."""
    nombres = "information_schema.collations"
    base_mariadb.executer(
        f"CREATE VIEW sans_fin AS SELECT '2020-01-01' AS quand FROM {nombres} a, {nombres} b, {nombres} c, {nombres} d"
    )

    def interrompre(compteur, texte):
        raise KeyboardInterrupt

    monkeypatch.setattr(Compteur, "voir", interrompre)
    with pytest.raises(KeyboardInterrupt):
        mysql.compter(replace(demande(base_mariadb, "quand", "sans_fin"), secondes=3600))
    gc.collect()  # rien ne traîne, ni lecture ni plainte


def test_un_serveur_qui_ne_sait_pas_s_arreter_se_refuse():
    """MariaDB borne une lecture en secondes, MySQL en millisecondes, leurs vieilles versions pas du tout."""

    def delai(connues):
        lecture = mysql_lecture.LectureMySQL.__new__(mysql_lecture.LectureMySQL)

        def ordre(requete, valeurs=()):
            if not any(connue in requete for connue in connues):
                raise pymysql.OperationalError(mysql_lecture.VARIABLE_INCONNUE, "Unknown system variable")

        lecture._ordre = ordre
        return lecture._delai_du_serveur()

    assert delai(["max_statement_time"]) == ("max_statement_time", 1)
    assert delai(["max_execution_time"]) == ("max_execution_time", 1000)
    with pytest.raises(SourceRefusee, match="MySQL 5.7.8 ou MariaDB 10.1"):
        delai([])


# --- L'adresse et le secret -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("adresse", "phrase"),
    [
        (f"mysql://jean:{SECRET}@127.0.0.1:1/base", "RELEVE_MOT_DE_PASSE"),
        (f"mariadb://127.0.0.1:1/base?password={SECRET}", "RELEVE_MOT_DE_PASSE"),
        (f"mysql://127.0.0.1:1/base?init_command={SECRET}", "n'admet que"),
        (f"mysql://jean:{SECRET}@127.0.0.1:port/base", "s'écrit mysql://"),
        (f"mysql://127.0.0.1:1/base?ssl-mode={SECRET}", "ssl-mode s'écrit"),
        ("mysql://127.0.0.1:1/", "ne nomme pas de base"),
        ("mysql://jean@127.0.0.1:1/base", "ne répond pas"),
        (f"mysql://jean@127.0.0.1:1/base?socket=/{SECRET}", "ne répond pas"),
        (f"mysql://jean@127.0.0.1:1/base?ssl-ca=/{SECRET}&ssl-mode=verify-ca", "ne répond pas"),
    ],
)
@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # le pilote oublie une prise refusée
def test_une_mauvaise_adresse_se_dit_sans_redire_le_secret(adresse, phrase, monkeypatch):
    monkeypatch.setenv("RELEVE_MOT_DE_PASSE", SECRET)
    with pytest.raises(SourceRefusee, match=phrase) as refus:
        source_de(adresse).compter(DemandeDeReleve(adresse, "quand", LIMITE, "t"))
    assert SECRET not in str(refus.value) and "jean" not in str(refus.value)
    assert refus.value.__suppress_context__ or refus.value.__context__ is None
    gc.collect()


def test_un_mauvais_mot_de_passe_ne_se_redit_pas(base_mariadb, monkeypatch):
    monkeypatch.setenv("RELEVE_MOT_DE_PASSE", SECRET)
    with pytest.raises(SourceRefusee, match="refuse la connexion") as refus:
        compter(base_mariadb)
    assert SECRET not in str(refus.value) and base_mariadb.nom not in str(refus.value)


def test_une_prise_se_donne_dans_l_adresse_et_la_source_est_locale(base_mariadb):
    compte = base_mariadb.compte.replace("127.0.0.1", "localhost")
    base_mariadb.executer(
        "CREATE TABLE t (quand date)",
        "INSERT INTO t VALUES ('2001-01-01')",
        f"CREATE USER {compte} IDENTIFIED BY 'phrase-de-passe-d-essai-é'",
        f"GRANT SELECT ON {base_mariadb.nom}.* TO {compte}",
    )
    adresse = f"mariadb:///{base_mariadb.nom}?socket={base_mariadb.serveur.prise}"
    lu = mysql.compter(DemandeDeReleve(adresse, "quand", LIMITE, "t"))
    assert (lu.source, lu.compte) == (f"local/{base_mariadb.nom}.t", Decompte(1, 1, 0))
    base_mariadb.executer(f"DROP USER {compte}")
