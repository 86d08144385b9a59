"""Le SQL d'une purge : exécuté ici, il retire exactement ce que le relevé a compté en retard ; ailleurs, il n'est qu'écrit."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime

import psycopg
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conservation.comptage import FUSEAU, compter
from conservation.dates_ecrites import ORDINAIRE, lecture_de
from registre.execution.purge.dialectes import Base, Forme, PurgeImpossible
from registre.execution.purge.sql import Effacement, Purge, accorder_au_sort, ecrire, effacement
from registre.execution.sources import mysql, postgresql
from registre.execution.sources.demande import DemandeDeReleve, Filtre, filtre

LIMITE = date(2023, 11, 24)
PIEGE = 'clients"; DROP TABLE secrets; -- `50%`'
SQLITE = Purge(Base.SQLITE, "clients", "quand", Forme.TEXTE_ISO, LIMITE)


def base_de(dates, table="clients", colonne="quand"):
    """Une base SQLite en mémoire : une ligne par date, une sur deux d'un prospect."""
    base = sqlite3.connect(":memory:", isolation_level=None)
    t, c = (f'"{n.replace(chr(34), chr(34) * 2)}"' for n in (table, colonne))
    base.execute(f"CREATE TABLE {t} (id INTEGER, nom TEXT, courriel TEXT, statut TEXT, {c})")
    lignes = [
        (n, f"Client {n}", "x@exemple.fr", "prospect" if n % 2 else "client", d) for n, d in enumerate(dates)
    ]
    base.executemany(f"INSERT INTO {t} VALUES (?, ?, ?, ?, ?)", lignes)
    return base


def executer(base, requetes):
    """Le résultat de la requête qui en rend un."""
    lus = [base.execute(requete).fetchall() for requete in requetes]
    return next((lu[0] for lu in lus if lu), None)


def purger(base, purge):
    """(examinées, en retard, autres formes), le nombre de lignes retirées, le reste."""
    sql, total = ecrire(purge), f'SELECT count(*) FROM "{purge.table.replace(chr(34), chr(34) * 2)}"'
    avant, comptes = base.execute(total).fetchone()[0], executer(base, sql.compter)
    executer(base, sql.agir)
    return comptes, avant - base.execute(total).fetchone()[0], executer(base, sql.verifier)[0]


jours = st.dates(date(1, 1, 1), date(2100, 1, 1))
HEURES = ("", " 00:00", "T23:59:59", " 07:30:00")
FORMES = {
    Forme.TEXTE_ISO: lambda j, heure: j.isoformat() + heure,
    Forme.TEXTE_FRANCAIS: lambda j, heure: f"{j.day:02}/{j.month:02}/{j.year:04}{heure}",
}
# Ce que personne ne lit, du motif même : jours absents du calendrier, et cases vides.
ABSENTES = {
    Forme.TEXTE_ISO: ("2023-02-29", "2020-04-31", "0000-00-00", "1900-02-29", "2022-13-01", "", "  ", None),
    Forme.TEXTE_FRANCAIS: ("29/02/2023", "31/04/2020", "00/00/0000", "29/02/1900", "01/13/2022", "", None),
}


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(list(FORMES)),
    st.lists(st.tuples(jours, st.sampled_from(HEURES)), max_size=12),
    st.sets(st.integers(0, 6)),
    jours,
)
@example(
    Forme.TEXTE_ISO, [(date(2020, 2, 29), ""), (LIMITE, ""), (date(2023, 11, 23), "T23:59:59")], {0}, LIMITE
)
def test_le_sql_retire_exactement_ce_que_le_releve_a_compte(forme, lus, absentes, limite):
    textes = [FORMES[forme](jour, heure) for jour, heure in lus]
    textes += [ABSENTES[forme][rang] for rang in absentes]
    attendu = compter([t or "" for t in textes], limite)
    with closing(base_de(textes)) as base:
        comptes, retirees, reste = purger(base, replace(SQLITE, forme=forme, limite=limite))
    assert comptes == (attendu.examinees, attendu.en_retard, 0)
    assert (retirees, reste) == (attendu.en_retard, 0)


LECTURES = {
    Forme.COMPACTE: ("aaaammjj", [20231123, "20231124", "00000000", 0, "20230229", "20231131", None, ""]),
    Forme.SECONDES: ("epoch-s", [1700780399, 1700780400, 0, -1, "1700780399", "1700780400", -(10**14), None]),
    Forme.MILLISECONDES: ("epoch-ms", [1700780399999, 1700780400000, 0, 1, -1000, "1700780399999", None, ""]),
}


def minuit_de_paris(jour: date) -> int:
    return int(datetime(jour.year, jour.month, jour.day, tzinfo=FUSEAU).timestamp())


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(list(LECTURES)), st.lists(st.tuples(jours, st.integers(-1, 1)), max_size=8), jours)
def test_un_nombre_se_purge_comme_le_releve_le_lit(forme, lus, limite):
    """AAAAMMJJ, secondes et millisecondes, autour de chaque minuit de Paris : zéro n'est pas un jour, ni un 31 novembre."""
    code, pieges = LECTURES[forme]
    par_seconde = {Forme.COMPACTE: 0, Forme.SECONDES: 1, Forme.MILLISECONDES: 1000}[forme]
    nombres = [
        minuit_de_paris(j) * par_seconde + ecart
        if par_seconde
        else int(f"{j:%Y%m%d}")
        if j.year > 999
        else None
        for j, ecart in lus
    ]
    valeurs = [*nombres, *pieges]
    attendu = compter(["" if v is None else str(v) for v in valeurs], limite, lecture_de([code]))
    if forme is Forme.COMPACTE:  # le zéro d'un nombre n'a pas huit chiffres : SQL s'arrêterait, par prudence
        valeurs = [None if v == 0 else v for v in valeurs]
    with closing(base_de(valeurs)) as base:
        comptes, retirees, reste = purger(base, replace(SQLITE, forme=forme, limite=limite))
    assert comptes == (attendu.examinees, attendu.en_retard, 0)
    assert (retirees, reste) == (attendu.en_retard, 0)


@pytest.mark.parametrize("forme", LECTURES)
@pytest.mark.parametrize("autre", ["2001-01-01", "12 ", 12.5, "1e9", "-"])
def test_un_nombre_d_une_autre_forme_arrete_toute_la_purge(forme, autre):
    with closing(base_de([20010101 if forme is Forme.COMPACTE else 1, autre])) as base:
        assert purger(base, replace(SQLITE, forme=forme)) == ((2, 1, 1), 0, 1)


@pytest.mark.parametrize(
    "autre",
    [
        "24/11/2001",
        "2001/11/24",
        "2001-1-2",
        "2001-11-24T10:00:00Z",
        "2001-11-24 10:00:00.5",
        " 2001-11-24",
        "inconnu",
        20011124,
    ],
)
def test_une_date_d_une_autre_forme_arrete_toute_la_purge(autre):
    """Le relevé l'a peut-être comptée, le SQL ne la lit pas : il se dit, et ne retire rien."""
    with closing(base_de(["2001-01-01", autre])) as base:
        assert purger(base, SQLITE) == ((2, 1, 1), 0, 1)


@pytest.mark.parametrize("suffixe", ["\x00x", "x", "T24:00", "T9:00"])
def test_ce_qui_deborde_du_motif_n_est_pas_une_date(suffixe):
    with closing(base_de(["2001-01-01" + suffixe])) as base:
        assert purger(base, SQLITE)[1] == 0


def test_les_filtres_du_releve_valent_pour_la_purge():
    with closing(base_de(["2001-01-01"] * 10)) as base:
        assert purger(base, replace(SQLITE, filtres=(filtre("statut=prospect"),))) == ((5, 5, 0), 5, 0)
        assert base.execute("SELECT DISTINCT statut FROM clients").fetchall() == [("client",)]
        assert (
            purger(base, replace(SQLITE, filtres=(filtre("statut!=client"), filtre("nom est vide"))))[1] == 0
        )


def test_une_colonne_qui_n_existe_pas_ne_devient_pas_un_texte():
    """SQLite prend un nom inconnu entre guillemets pour une chaîne : « statu » différerait de tout, et tout partirait."""
    with (
        closing(base_de(["2001-01-01"])) as base,
        pytest.raises(sqlite3.OperationalError, match="no such column"),
    ):
        purger(base, replace(SQLITE, filtres=(filtre("statu!=client"),)))


def test_noms_et_valeurs_pieges_restent_des_noms_et_des_valeurs():
    colonne, valeur = 'vu "le"; --', "o'Brien\\'; DROP TABLE secrets; --\n.shell ls"
    purge = replace(SQLITE, table=PIEGE, colonne=colonne, filtres=(Filtre("nom", "!=", valeur),))
    with closing(base_de(["2001-01-01", "2030-01-01"], PIEGE, colonne)) as base:
        base.execute("CREATE TABLE secrets (x)")
        assert purger(base, purge)[:2] == ((2, 1, 0), 1)
        assert base.execute("SELECT count(*) FROM secrets").fetchone() == (0,)
        base.executescript(ecrire(purge).texte)  # le texte entier, commentaires compris, ne casse rien
    entete = ecrire(replace(purge, entete=("TR-001\nDROP TABLE secrets;",))).texte.split("\n\n")[0]
    assert "TR-001 DROP TABLE secrets;" in entete
    assert all(ligne.startswith("-- ") for ligne in entete.splitlines())


def test_vider_des_colonnes_garde_les_lignes_et_se_verifie():
    purge = replace(SQLITE, effacer=(Effacement("nom"), Effacement("courriel", "o'efface")))
    with closing(base_de(["2001-01-01", "2030-01-01"])) as base:
        assert executer(base, ecrire(purge).verifier) == (1,)
        assert purger(base, purge) == ((2, 1, 0), 0, 0)
        lues = base.execute("SELECT nom, courriel FROM clients ORDER BY id").fetchall()
    assert lues == [(None, "o'efface"), ("Client 1", "x@exemple.fr")]
    assert "n'est pas anonymiser" in ecrire(purge).texte


def test_le_texte_s_explique_en_francais_et_son_empreinte_le_suit():
    sql = ecrire(replace(SQLITE, attendues=213, entete=("TR-001#1 : 3 ans",)))
    assert "jamais exécuté par Registre" in sql.texte and "en_retard doit être 213" in sql.texte
    assert sql.sha256 == ecrire(replace(SQLITE, attendues=213, entete=("TR-001#1 : 3 ans",))).sha256
    assert sql.sha256 != ecrire(replace(SQLITE, attendues=214, entete=("TR-001#1 : 3 ans",))).sha256
    assert len(sql.sha256) == 64


def test_mysql_se_lit_sans_reglage_ni_jour_qui_n_existe_pas():
    purge = Purge(
        Base.MYSQL, "boutique.ps_customer", "date_upd", Forme.NATIVE, LIMITE, (filtre("lang=fr'\\"),)
    )
    _, heure, agir, _ = ecrire(purge).agir
    assert heure == "SET time_zone = '+01:00'"  # l'hiver ; le décalage du jour limite, sans nom de fuseau
    assert agir.startswith("DELETE FROM `boutique`.`ps_customer`\nWHERE ")
    assert (
        "X'667227" in agir and "fr'" not in agir
    )  # la valeur en hexadécimal, quel que soit le mode de la base
    assert "YEAR(`boutique`.`ps_customer`.`date_upd`) > 0" in agir and "< '2023-11-24'" in agir
    assert ecrire(replace(purge, limite=date(2023, 7, 1))).agir[1] == "SET time_zone = '+02:00'"


@pytest.mark.parametrize(
    "purge",
    [
        replace(SQLITE, forme=Forme.NATIVE),
        replace(SQLITE, table=""),
        replace(SQLITE, table="clients\n"),
        replace(SQLITE, base=Base.POSTGRESQL, colonne="é" * 32),
        replace(SQLITE, filtres=(Filtre("nom", "=", "a\0b"),)),
    ],
)
def test_ce_que_sql_ne_dit_pas_exactement_se_refuse(purge):
    with pytest.raises(PurgeImpossible):
        ecrire(purge)


@pytest.mark.parametrize(
    ("sort", "effacer", "admis"),
    [
        ("suppression", (), True),
        ("suppression", (Effacement("nom"),), False),
        ("anonymisation", (), False),
        ("anonymisation", (Effacement("nom"),), True),
        ("suppression_ou_anonymisation", (), True),
        ("suppression_ou_anonymisation", (Effacement("nom"),), True),
        ("archivage_intermediaire", (), False),
        ("archivage_definitif", (), False),
        ("", (), True),
    ],
)
def test_le_sql_suit_le_sort_final(sort, effacer, admis):
    if admis:
        accorder_au_sort(sort, effacer)
    else:
        with pytest.raises(PurgeImpossible):
            accorder_au_sort(sort, effacer)


def test_une_colonne_a_vider_se_lit():
    assert [effacement(t) for t in ("nom", "nom=", "nom=x=y")] == [
        Effacement("nom"),
        Effacement("nom", ""),
        Effacement("nom", "x=y"),
    ]
    with pytest.raises(PurgeImpossible):
        effacement("=x")


# --- PostgreSQL, quand c'est la base des essais --------------------------------------------------------------------
NATIVES = {
    "date": ["2001-01-01", "2023-11-23", "2023-11-24", "infinity", "-infinity", None],
    "timestamp": ["2023-11-23 23:59:59", "2023-11-24 00:00", "-infinity", None],
    # 23 h en temps universel : minuit passé à Paris, l'hiver.
    "timestamptz": ["2023-11-23 22:59:59+00", "2023-11-23 23:00:00+00", "infinity", None],
}


@pytest.fixture
def postgres(base_postgresql):
    """Une base à part : le relevé la lit par son compte de lecture, la purge par une connexion à elle."""
    with psycopg.connect(**base_postgresql.conninfo, autocommit=True) as base:
        yield base, base_postgresql.adresse


@pytest.mark.parametrize(
    ("type_", "forme", "valeurs"),
    [
        *((type_, Forme.NATIVE, valeurs) for type_, valeurs in NATIVES.items()),
        *(
            (t, f, [FORMES[f](date(2023, 11, j), h) for j in (23, 24) for h in HEURES] + list(ABSENTES[f]))
            for t, f in (("text", Forme.TEXTE_ISO), ("varchar", Forme.TEXTE_FRANCAIS))
        ),
        ("integer", Forme.COMPACTE, [20231123, 20231124, 20230229, None]),
        ("bigint", Forme.SECONDES, [1700780399, 1700780400, 0, -1, None]),
        ("text", Forme.MILLISECONDES, ["1700780399999", "1700780400000", "0", "", None]),
    ],
)
def test_postgresql_retire_ce_que_son_releve_a_compte(postgres, type_, forme, valeurs):
    base, adresse = postgres
    garde = (filtre("statut!=o'Brien\\"),)
    base.execute(f'CREATE TABLE "clients ""%""" (statut text, "vu ""le""" {type_})')
    lignes = [("client", v) for v in valeurs] + [("o'Brien\\", valeurs[0])]
    base.cursor().executemany('INSERT INTO "clients ""%%""" VALUES (%s, %s)', lignes)
    lecture = lecture_de([LECTURES[forme][0]]) if forme in LECTURES else ORDINAIRE
    demande = DemandeDeReleve(adresse, 'vu "le"', LIMITE, 'clients "%"', garde, lecture=lecture)
    compte = postgresql.compter(demande).compte
    sql = ecrire(Purge(Base.POSTGRESQL, 'clients "%"', 'vu "le"', forme, LIMITE, garde))
    compte_ici = lire(base, sql.compter)
    assert compte_ici[:2] == (compte.examinees, compte.en_retard) and not any(compte_ici[2:])
    assert lire(base, sql.agir) == compte.en_retard > 0
    assert lire(base, sql.verifier) == (0,)
    assert postgresql.compter(replace(demande, filtres=())).compte.en_retard == 1


# --- MariaDB --------------------------------------------------------------------------------------------------------
SUR_MARIADB = [
    (
        "datetime NULL",
        Forme.NATIVE,
        (),
        ["2023-11-23 23:59:59", "2023-11-24", "0000-00-00", "2023-02-31", None],
    ),
    ("timestamp NULL", Forme.NATIVE, (), ["2023-11-23 22:59:59", "2023-11-23 23:00:00", None]),
    ("varchar(30)", Forme.TEXTE_ISO, (), ["2023-11-23", "2023-11-24T00:00", "2023-02-29", "", None]),
    ("varchar(30)", Forme.TEXTE_FRANCAIS, (), ["23/11/2023 23:59", "24/11/2023", "31/04/2020", None]),
    ("int", Forme.COMPACTE, ("aaaammjj",), [20231123, 20231124, 20230229, None]),
    ("bigint", Forme.SECONDES, ("epoch-s",), [1700780399, 1700780400, 0, -1, None]),
    ("bigint", Forme.MILLISECONDES, ("epoch-ms",), [1700780399999, 1700780400000, 0, 1, None]),
    ("varchar(20)", Forme.SECONDES, ("epoch-s",), ["1700780399", "1700780400", "0", "", None]),
]


@pytest.mark.lent
@pytest.mark.parametrize(("type_", "forme", "formats", "valeurs"), SUR_MARIADB)
@pytest.mark.parametrize("effacer", [(), (Effacement("nom"), Effacement("courriel", "o'efface\\"))])
def test_mariadb_retire_ou_vide_ce_que_son_releve_a_compte(
    base_mariadb, type_, forme, formats, valeurs, effacer
):
    """Le SQL donné, exécuté par un compte qui écrit : il compte, agit en une transaction, et ne trouve plus rien à vérifier."""
    base_mariadb.executer(
        f'CREATE TABLE "clients ""50%""" (nom text, courriel text, statut varchar(20), "vu ""le""" {type_}) ENGINE=InnoDB',
        "SET time_zone = '+00:00'",
        lignes=(
            '"clients ""50%"""',
            [("Camille", "c@exemple.example", "client", v) for v in valeurs]
            + [("Claude", "d@exemple.example", "o'Brien\\", valeurs[0])],
        ),
        mode="ANSI_QUOTES,ALLOW_INVALID_DATES",
    )
    garde = (filtre("statut!=o'Brien\\"),)
    lecture = lecture_de(formats) if formats else ORDINAIRE
    demande = DemandeDeReleve(
        base_mariadb.adresse, 'vu "le"', LIMITE, 'clients "50%"', garde, lecture=lecture
    )
    compte = mysql.compter(demande).compte
    sql = ecrire(Purge(Base.MYSQL, 'clients "50%"', 'vu "le"', forme, LIMITE, garde, effacer))
    with closing(base_mariadb.serveur.connexion(base_mariadb.nom)) as base, base.cursor() as curseur:
        assert _rendre(curseur, sql.compter)[:2] == (compte.examinees, compte.en_retard)
        assert compte.en_retard and _rendre(curseur, sql.agir) == compte.en_retard
        assert _rendre(curseur, sql.verifier) == (0,)
        curseur.execute('SELECT count(*), count(nom) FROM `clients "50%"`'.replace("%", "%%"), ())
        lignes, noms = curseur.fetchone()
    if effacer:  # la date reste : le relevé compterait encore ces lignes
        assert (lignes - noms, mysql.compter(demande).compte.en_retard) == (
            compte.en_retard,
            compte.en_retard,
        )
    else:
        assert (lignes, mysql.compter(demande).compte.en_retard) == (len(valeurs) + 1 - compte.en_retard, 0)


def _rendre(curseur, requetes):
    """La ligne que rendent les requêtes, ou le nombre de lignes touchées."""
    rendu = None
    for requete in requetes:
        touchees = curseur.execute(requete)
        if curseur.description:
            rendu = tuple(map(int, curseur.fetchone()))
        elif requete.startswith(("DELETE", "UPDATE")):
            rendu = touchees
    return rendu


def lire(base, requetes):
    """La ligne que rendent les requêtes, ou le nombre de lignes retirées."""
    rendu = None
    for curseur in map(base.execute, requetes):
        if curseur.description:
            rendu = curseur.fetchone()
        elif curseur.statusmessage.startswith("DELETE"):
            rendu = curseur.rowcount
    return rendu
