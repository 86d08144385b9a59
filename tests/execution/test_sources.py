"""Les sources d'un relevé : ce qu'elles comptent, ce qu'elles refusent, et qu'elles n'écrivent jamais."""

import gzip
import hashlib
import io
import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bases_jetables import SurSQLite
from conservation.comptage import Decompte
from conservation.dates_ecrites import lecture_de
from registre.execution.sources import fichier, postgresql, source_de, sqlite
from registre.execution.sources.demande import DemandeDeReleve, Filtre, SourceRefusee, filtre

pytestmark = pytest.mark.django_db
LIMITE = date(2023, 11, 24)
PIEGE = 'clients"; DROP TABLE secrets; --'
COLONNE_PIEGE = 'vu "le"; DROP TABLE secrets; -- 50%'
VALEUR_PIEGE = "o'Brien'; DROP TABLE secrets; -- %s"


def clients(nombre=5000, en_retard=213):
    """Des clients des deux côtés du jour limite : 213 la veille ou avant, le reste le jour même ou après."""
    for rang in range(nombre):
        pas = rang if rang < en_retard else rang - en_retard
        ecart = timedelta(days=-1 - pas % 30) if rang < en_retard else timedelta(days=pas % 900)
        yield f"Client {rang}", (LIMITE + ecart).isoformat(), "prospect" if rang % 2 else "client"


@pytest.fixture
def dossier(tmp_path):
    def ecrire(octets: bytes | str, nom="clients.csv", encodage="utf-8"):
        chemin = tmp_path / nom
        chemin.write_bytes(octets if isinstance(octets, bytes) else octets.encode(encodage))
        return str(chemin)

    return ecrire


def demande(adresse, colonne="dernier contact", table="", *filtres):
    return DemandeDeReleve(str(adresse), colonne, LIMITE, table, tuple(filtre(f) for f in filtres))


def en_csv(lignes, separateur=";"):
    corps = "".join(separateur.join(f'"{v}"' for v in ligne) + "\r\n" for ligne in lignes)
    return separateur.join(["nom", "dernier contact", "statut"]) + "\r\n" + corps


# --- CSV ----------------------------------------------------------------------------------------------------------


def test_le_csv_compte_les_deux_cotes_du_jour_limite(dossier):
    chemin = dossier(en_csv(clients()))
    releve = fichier.compter(demande(chemin))
    assert releve.compte == Decompte(5000, 213, 0)
    assert releve.source == "clients.csv"
    assert releve.sha256 == hashlib.sha256(Path(chemin).read_bytes()).hexdigest()


@pytest.mark.parametrize("separateur", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_separateur_et_encodage_se_devinent(dossier, separateur, encodage):
    lignes = (
        ["Prénom", "Date créée", "état"],
        ["Zoé", "23/11/2023", "à jour"],
        ["Noël", "24/11/2023", "clôturé"],
    )
    texte = "\n".join(separateur.join(ligne) for ligne in lignes)
    chemin = dossier(texte, encodage=encodage)
    assert fichier.compter(demande(chemin, "Date créée")).compte == Decompte(2, 1, 0)
    assert fichier.compter(demande(chemin, "date créée", "", "état=clôturé")).compte == Decompte(1, 0, 0)


def test_des_octets_windows_loin_dans_un_fichier_utf_8_se_lisent_quand_meme(dossier):
    debut = b"quand;etat\n" + b"2026-01-01;ouvert\n" * 10_000
    chemin = dossier(debut + "2001-01-01;clôturé\n".encode("cp1252") + "2001-01-01;clôturé\n".encode())
    assert fichier.compter(demande(chemin, "quand", "", "etat=clôturé")).compte == Decompte(2, 2, 0)


def test_guillemets_retours_a_la_ligne_et_lignes_courtes(dossier):
    chemin = dossier('nom;quand\n"Rue A;\nbât. ""B""";2001-01-01\nseul\n\n"x";\n"y";2026-01-01;de trop\n')
    assert fichier.compter(demande(chemin, "quand")).compte == Decompte(4, 1, 2)


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [
        (b"", "vide"),
        (b"PK\x03\x04etc", "ni un CSV, ni un classeur"),
        (b"nom;autre\nDupont;1\n", "aucune colonne"),
        (b"quand;quand\n2001-01-01;x\n", "Plusieurs colonnes"),
        (b'quand;nom\n2001-01-01;"Dupont\n2001-01-01;x\n', "guillemet"),
        (b"quand;nom\n2001-01-01;" + b"D" * 200_000 + b"\n", "guillemet"),
        (b"quand" + b"D" * 3_000_000, "démesurée"),
        (gzip.compress(b"Dupont" * 100_000), "aucune colonne"),
    ],
)
def test_un_fichier_qui_n_est_pas_un_csv_se_refuse_sans_citer_ses_lignes(dossier, octets, phrase):
    chemin = dossier(octets)
    for lire in (
        fichier.compter,
        lambda d: fichier.compter_televerse(io.BytesIO(octets), "x.csv", d),
    ):
        with pytest.raises(SourceRefusee, match=phrase) as refus:
            lire(demande(chemin, "quand"))
        assert "Dupont" not in str(refus.value)
        assert chemin not in str(refus.value)


def test_le_sous_processus_compte_comme_la_commande(dossier):
    texte = en_csv(clients())
    lu = fichier.compter_televerse(
        io.BytesIO(texte.encode()), "../../clients.csv", demande("", "dernier contact")
    )
    direct = fichier.compter(demande(dossier(texte)))
    assert lu == direct


def test_un_fichier_absent_ou_un_dossier_se_disent_sans_chemin(tmp_path):
    for adresse in (tmp_path / "absent.csv", tmp_path, "postgresql:jean:secret@hote/base", "a\x00b"):
        with pytest.raises(SourceRefusee) as refus:
            fichier.compter(demande(adresse))
        assert str(adresse) not in str(refus.value) and "secret" not in str(refus.value)


# --- Filtres ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("statut=prospect", Filtre("statut", "=", "prospect")),
        (" statut != a=b ", Filtre("statut", "!=", "a=b")),
        ("dernier achat est vide", Filtre("dernier achat", "vide")),
        (f"{COLONNE_PIEGE}={VALEUR_PIEGE}", Filtre(COLONNE_PIEGE, "=", VALEUR_PIEGE)),
    ],
)
def test_un_filtre_se_lit(texte, attendu):
    assert filtre(texte) == attendu


@pytest.mark.parametrize("texte", ["", "statut", "=x", "statut=", "statut>3", "1=1 OR"])
def test_un_filtre_mal_forme_se_refuse(texte):
    if texte == "1=1 OR":
        assert filtre(texte) == Filtre("1", "=", "1 OR")  # une colonne « 1 », jamais du SQL
    else:
        with pytest.raises(SourceRefusee):
            filtre(texte)


# --- Bases : les mêmes attentes pour SQLite, MariaDB et PostgreSQL ---------------------------------------------------


def nom(identifiant: str) -> str:
    return '"' + identifiant.replace('"', '""') + '"'


@pytest.mark.parametrize("type_", ["text", "date"])
def test_une_base_compte_les_deux_cotes_du_jour_limite(base, type_):
    base.executer(
        f'CREATE TABLE clients (nom text, "dernier contact" {type_}, statut text)',
        lignes=("clients", list(clients())),
    )
    base.executer("INSERT INTO clients VALUES ('sans date', NULL, NULL)")
    releve = base.source.compter(demande(base.adresse, "dernier contact", "clients"))
    assert releve.compte == Decompte(5001, 213, 1)
    assert releve.source == base.etiquette + "clients"
    assert len(releve.sha256) == 64
    lire = lambda *f: base.source.compter(demande(base.adresse, "dernier contact", "clients", *f)).compte  # noqa: E731
    assert lire("statut=prospect") == Decompte(2500, 106, 0)
    assert lire("statut!=prospect") == Decompte(2501, 107, 1)
    assert lire("statut est vide") == Decompte(1, 0, 1)
    assert lire("statut=client", "nom=Client 0") == Decompte(1, 1, 0)


def test_des_noms_et_des_valeurs_pieges_ne_sont_que_des_noms_et_des_valeurs(base):
    base.executer(
        "CREATE TABLE secrets (n integer)",
        f"CREATE TABLE {nom(PIEGE)} ({nom(COLONNE_PIEGE)} text, {nom(VALEUR_PIEGE)} text)",
        lignes=(nom(PIEGE), [("2001-01-01", VALEUR_PIEGE), ("2026-01-01", "autre")]),
    )
    lue = demande(base.adresse, COLONNE_PIEGE, PIEGE, f"{VALEUR_PIEGE}={VALEUR_PIEGE}")
    assert base.source.compter(lue).compte == Decompte(1, 1, 0)
    assert base.valeur("SELECT count(*) FROM secrets") == 0
    for table, colonne in (
        ('secrets"; DROP TABLE secrets; --', "n"),
        ("secrets", 'n"; DROP TABLE secrets; --'),
        ("secrets; DROP TABLE secrets", "n"),
        ("(SELECT 1)", "1"),
        ("", ""),
        ("secrets", "absente"),
    ):
        with pytest.raises(SourceRefusee, match="n'a pas de"):
            base.source.compter(demande(base.adresse, colonne, table))
    with pytest.raises(SourceRefusee, match="n'a pas de colonne"):
        base.source.compter(demande(base.adresse, COLONNE_PIEGE, PIEGE, "absente=1"))
    assert base.valeur("SELECT count(*) FROM secrets") == 0


def test_sqlite_refuse_toute_ecriture_et_tout_autre_geste(tmp_path):
    base = SurSQLite(tmp_path)
    base.executer("CREATE TABLE clients (quand text)", lignes=("clients", [("2001-01-01",)]))
    avant = base.chemin.read_bytes()
    with closing(sqlite._ouvrir(base.chemin)) as ouverte:
        sqlite._borner(ouverte, demande(base.adresse, "quand", "clients"))
        sqlite._compter(ouverte, demande(base.adresse, "quand", "clients"))
        for ordre in (
            "INSERT INTO clients VALUES ('x')",
            "DROP TABLE clients",
            "PRAGMA query_only=OFF",
            "ATTACH DATABASE ':memory:' AS autre",
            "CREATE TEMP TABLE t (a)",
        ):
            with pytest.raises(sqlite3.DatabaseError):
                ouverte.execute(ordre)
    with (
        closing(sqlite._ouvrir(base.chemin)) as ouverte,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        ouverte.execute("INSERT INTO clients VALUES ('x')")
    assert base.chemin.read_bytes() == avant


def test_sqlite_ne_laisse_rien_a_cote_et_refuse_ce_que_le_fichier_n_a_pas_encore(tmp_path):
    """Une application tient la base en WAL : ses écritures récentes sont à côté, le fichier seul en compterait trop peu."""
    base = SurSQLite(tmp_path)
    base.executer("PRAGMA journal_mode=WAL", "CREATE TABLE clients (quand text)")
    with closing(sqlite3.connect(base.chemin)) as autre:
        autre.execute("INSERT INTO clients VALUES ('2001-01-01')")
        autre.commit()
        with pytest.raises(SourceRefusee, match="fichier -wal.*Fermez l'application"):
            sqlite.compter(demande(base.adresse, "quand", "clients"))
        autre.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert sqlite.compter(demande(base.adresse, "quand", "clients")).compte == Decompte(1, 1, 0)
    assert sqlite.compter(demande(base.adresse, "quand", "clients")).compte == Decompte(1, 1, 0)
    assert [f.name for f in tmp_path.iterdir()] == [base.chemin.name]
    journal = base.chemin.with_name(f"{base.chemin.name}-journal")
    journal.write_bytes(bytes(512))  # vidé, mais gardé : rien n'attend
    assert sqlite.compter(demande(base.adresse, "quand", "clients")).compte == Decompte(1, 1, 0)
    journal.write_bytes(sqlite.JOURNAL + bytes(504))
    lien = tmp_path / "lien.db"
    lien.symlink_to(base.chemin)
    with pytest.raises(SourceRefusee, match="fichier -journal"):
        sqlite.compter(demande(f"sqlite:///{lien}", "quand", "clients"))


def test_sqlite_refuse_un_fichier_qui_a_change_pendant_la_lecture(tmp_path, monkeypatch):
    base = SurSQLite(tmp_path)
    base.executer("CREATE TABLE clients (quand text)", lignes=("clients", [("2001-01-01",)]))
    lire = sqlite._compter

    def pendant(ouverte, voulue):
        compte = lire(ouverte, voulue)
        base.executer("INSERT INTO clients VALUES ('2001-01-01')", "CREATE TABLE autre (n)")
        return compte

    monkeypatch.setattr(sqlite, "_compter", pendant)
    with pytest.raises(SourceRefusee, match="a changé pendant la lecture"):
        sqlite.compter(demande(base.adresse, "quand", "clients"))


@pytest.mark.parametrize("contenu", [None, b"nom;quand\nDupont;2001-01-01\n" * 100])
def test_une_base_sqlite_absente_ou_fausse_se_dit(tmp_path, contenu):
    chemin = tmp_path / "base.db"
    if contenu:
        chemin.write_bytes(contenu)
    with pytest.raises(SourceRefusee, match="pas une base SQLite|n'existe pas") as refus:
        sqlite.compter(demande(f"sqlite:///{chemin}", "quand", "clients"))
    assert "Dupont" not in str(refus.value) and str(tmp_path) not in str(refus.value)
    assert chemin.exists() is bool(contenu)


def test_les_types_que_sqlite_melange_se_comptent_a_part(tmp_path):
    base = SurSQLite(tmp_path)
    melange = [(1700784000,), (2.5,), (b"2001-01-01",), (None,), ("2001-01-01",), ("01/02/2001 10:00",)]
    base.executer("CREATE TABLE clients (quand)", lignes=("clients", melange))
    assert sqlite.compter(demande(base.adresse, "quand", "clients")).compte == Decompte(6, 2, 4)


def test_un_octet_faux_dans_sqlite_est_une_date_illisible(tmp_path):
    base = SurSQLite(tmp_path)
    base.executer(
        "CREATE TABLE clients (quand text)",
        "INSERT INTO clients VALUES (CAST(x'ff32' AS TEXT)), ('2001-01-01')",
    )
    assert sqlite.compter(demande(base.adresse, "quand", "clients")).compte == Decompte(2, 1, 1)


def test_postgresql_refuse_d_ecrire_meme_par_une_fonction(base_postgresql):
    """Une vue dont la lecture écrirait : la transaction en lecture seule l'arrête, et rien n'est écrit."""
    base = base_postgresql
    base.executer(
        "CREATE TABLE trace (n integer)",
        "CREATE FUNCTION ecrire() RETURNS date LANGUAGE plpgsql SECURITY DEFINER AS"
        " $$ BEGIN INSERT INTO trace VALUES (1); RETURN '2001-01-01'; END $$",
        "CREATE VIEW piege AS SELECT ecrire() AS quand",
    )
    with pytest.raises(SourceRefusee, match="écriture"):
        postgresql.compter(demande(base.adresse, "quand", "piege"))
    assert base.valeur("SELECT count(*) FROM trace") == 0


def test_postgresql_lit_ses_dates_a_l_heure_de_paris(base_postgresql):
    base = base_postgresql
    base.executer(
        "CREATE SCHEMA vente",
        "CREATE TABLE vente.clients (quand timestamptz, jour timestamp, oui boolean)",
        "INSERT INTO vente.clients VALUES ('2023-11-23 23:30+00', '2023-11-23 23:59', true),"
        " ('2023-11-23 22:30+00', '2023-11-24 00:00', true), ('infinity', '-infinity', false)",
    )
    lire = lambda colonne: postgresql.compter(demande(base.adresse, colonne, "vente.clients")).compte  # noqa: E731
    assert lire("quand") == Decompte(3, 1, 1)
    assert lire("jour") == Decompte(3, 1, 1)
    with pytest.raises(SourceRefusee, match="ni une date, ni un texte, ni un nombre entier"):
        lire("oui")


SANS_FIN = {
    # Une somme sans fin, des lignes sans fin : côté serveur, puis en flux.
    "sqlite": (
        "CREATE VIEW lente AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) AS quand FROM n",
        "CREATE VIEW sans_fin AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT '2020-01-01' AS quand FROM n",
    ),
    "mariadb": (
        "CREATE VIEW lente AS SELECT curdate() + interval sleep(30) day AS quand",
        "CREATE VIEW sans_fin AS SELECT '2020-01-01' AS quand FROM information_schema.collations a,"
        " information_schema.collations b, information_schema.collations c, information_schema.collations d",
    ),
    "postgresql": (
        "CREATE VIEW lente AS SELECT current_date AS quand FROM pg_sleep(30)",
        "CREATE VIEW sans_fin AS SELECT '2020-01-01'::text AS quand FROM generate_series(1, 1e12)",
    ),
}


@pytest.mark.parametrize("vue", ["lente", "sans_fin"])
def test_une_vue_sans_fin_s_arrete_au_delai(base, vue):
    """Le délai vaut pour tout le relevé : des lots qui arrivent vite, l'un après l'autre, ne le repoussent pas."""
    base.executer(*SANS_FIN[base.source.__name__.rpartition(".")[2].replace("mysql", "mariadb")])
    with pytest.raises(SourceRefusee, match="trop de temps : 1 s au plus.*RELEVE_SECONDES"):
        base.source.compter(replace(demande(base.adresse, "quand", vue), secondes=1))


SECRET = "tres-secret-42"


@pytest.mark.parametrize(
    "adresse",
    [
        f"postgresql://jean:{SECRET}@127.0.0.1:1/base",
        f"postgres://:{SECRET}@127.0.0.1:1/base",
        f"postgresql://127.0.0.1:1/base?password={SECRET}",
        f"postgresql://127.0.0.1:1/base?options={SECRET}",
        f"postgresql://jean:a?{SECRET}=@127.0.0.1:1/base",
        f"postgresql://jean:1/{SECRET}@127.0.0.1:1/base",
        f"postgresql://jean:{SECRET}@127.0.0.1:port/base",
        "postgresql://jean@127.0.0.1:1/base",
        f"mysql://jean:{SECRET}@127.0.0.1/base",
        f"host=127.0.0.1 password={SECRET}",
    ],
)
def test_aucun_refus_ne_redit_le_secret(adresse, monkeypatch):
    monkeypatch.setenv("RELEVE_MOT_DE_PASSE", SECRET)
    with pytest.raises(SourceRefusee) as refus:
        source_de(adresse).compter(demande(adresse, "quand", "clients"))
    assert SECRET not in str(refus.value)
    assert "jean" not in str(refus.value)
    assert refus.value.__cause__ is None and (
        refus.value.__context__ is None or refus.value.__suppress_context__
    )


def test_un_mot_de_passe_dans_l_adresse_se_refuse_avec_la_marche_a_suivre():
    with pytest.raises(SourceRefusee, match="RELEVE_MOT_DE_PASSE"):
        postgresql._parametres(demande(f"postgresql://jean:{SECRET}@hote/base", "quand", "clients"))


def test_l_environnement_donne_le_compte_et_son_secret(monkeypatch):
    monkeypatch.setenv("RELEVE_UTILISATEUR", "lecteur")
    monkeypatch.setenv("RELEVE_MOT_DE_PASSE", SECRET)
    lus = postgresql._parametres(demande("postgresql://hote:5433/base?sslmode=require", "quand", "clients"))
    assert lus == {
        "host": "hote",
        "port": "5433",
        "dbname": "base",
        "user": "lecteur",
        "password": SECRET,
        "sslmode": "require",
    }


# --- Les nombres entiers --------------------------------------------------------------------------------------------


ENTIERS = {
    "epoch-s": [1700780399, 1700780400],  # 2023-11-23 23:59:59 à Paris, puis minuit
    "epoch-ms": [1700780399999, 1700780400000],
    "aaaammjj": [20231123, 20231124],
}


@pytest.mark.parametrize("type_", ["bigint", "numeric(20, 0)"])
@pytest.mark.parametrize("format_", ENTIERS)
def test_un_entier_se_lit_sous_le_format_choisi_et_jamais_sans_choix(base, type_, format_):
    """Secondes, millisecondes, AAAAMMJJ : ce qu'un entier veut dire se décide au même endroit que pour un fichier."""
    base.executer(
        f"CREATE TABLE t (quand {type_})", lignes=("t", [(e,) for e in [*ENTIERS[format_], 7, 0, None]])
    )
    voulue = demande(base.adresse, "quand", "t")
    assert base.source.compter(voulue).compte == Decompte(5, 0, 5)
    lu = base.source.compter(replace(voulue, lecture=lecture_de([format_]))).compte
    # Sept secondes après 1970 se lisent, et se disent ; le sept d'aucun mois ne se lit pas ; zéro n'est pas 1970.
    horloge = format_ != "aaaammjj"
    assert lu == (Decompte(5, 2, 2) if horloge else Decompte(5, 1, 3))
    assert (lu.nulles, lu.illisibles, lu.en_1970) == ((1, 0, 1) if horloge else (1, 1, 0))


def test_une_colonne_de_dates_dit_ce_qu_elle_a_de_suspect(base):
    """Les dates comptées par la base disent les mêmes soupçons que celles lues dans un fichier : 1970, à venir, illisibles."""
    jours = ["1970-01-01", "2023-11-23", "2023-11-24", "2026-11-24", "2026-11-25", None]
    base.executer("CREATE TABLE t (quand date)", lignes=("t", [(j,) for j in jours]))
    voulue = replace(demande(base.adresse, "quand", "t"), le=date(2026, 11, 24))
    lu = base.source.compter(voulue).compte
    assert (lu, lu.nulles, lu.illisibles, lu.en_1970, lu.futures) == (Decompte(6, 2, 1), 0, 0, 1, 1)
    assert base.source.compter(demande(base.adresse, "quand", "t")).compte.futures == 0


def test_une_base_se_regarde_avant_de_se_compter(base):
    """Les colonnes, les formats et leurs bornes ; d'une seule colonne si on la dit ; jamais une valeur."""
    lignes = [
        (n, f"Camille {n}", "2020-01-01" if n else "2023-11-24", 1700780399 + n, f"0{n % 9}/02/2020")
        for n in range(9)
    ]
    base.executer(
        'CREATE TABLE t (n integer, nom varchar(50), "le jour" date, vu bigint, ecrit varchar(20))',
        lignes=("t", lignes),
    )
    vu = base.source.regarder(replace(demande(base.adresse, "", "t"), le=LIMITE))
    assert (vu.lignes, [c.nom for c in vu.colonnes]) == (9, ["n", "nom", "le jour", "vu", "ecrit"])
    formats = {c.nom: [str(f.format) for f in c.formats] for c in vu.colonnes}
    assert (formats["nom"], formats["le jour"], formats["vu"]) == ([], ["aaaa-mm-jj"], ["epoch-s"])
    le_jour = vu.colonne("le jour").formats[0]
    assert (le_jour.plus_ancienne, le_jour.plus_recente) == (date(2020, 1, 1), LIMITE)
    assert vu.colonne("ecrit").a_choisir and vu.colonne("vu").certaine == lecture_de(["epoch-s"])
    assert [c.nom for c in base.source.regarder(demande(base.adresse, "vu", "t")).colonnes] == ["vu"]
    with pytest.raises(SourceRefusee, match="n'a pas de colonne"):
        base.source.regarder(demande(base.adresse, "absente", "t"))
    with pytest.raises(SourceRefusee, match="n'a pas de table"):
        base.source.regarder(demande(base.adresse, "", "absente"))


# --- PostgreSQL : ce qu'une transaction en lecture seule n'arrête pas, ce qu'une politique cache --------------------------


def test_un_domaine_se_lit_par_le_type_qu_il_restreint(base_postgresql):
    base = base_postgresql
    base.executer(
        "CREATE DOMAIN jour AS date CHECK (VALUE > '1900-01-01')",
        "CREATE DOMAIN jour_de_contact AS jour",
        "CREATE DOMAIN jour_ecrit AS varchar(10)",
        "CREATE TABLE clients (quand jour_de_contact, texte jour_ecrit)",
        "INSERT INTO clients VALUES ('2023-11-23', '23/11/2023'), ('2023-11-24', '24/11/2023'), (NULL, NULL)",
    )
    for colonne in ("quand", "texte"):
        assert postgresql.compter(demande(base.adresse, colonne, "clients")).compte == Decompte(3, 1, 1)


@pytest.mark.parametrize(
    "droit",
    ["SUPERUSER", *("pg_execute_server_program", "pg_write_server_files", "pg_read_server_files", "membre")],
)
def test_un_compte_qui_peut_sortir_de_la_base_se_refuse(base_postgresql, droit, monkeypatch):
    """`COPY … TO PROGRAM` passe outre la transaction en lecture seule : le compte qui le peut ne lit rien."""
    base, lecteur = base_postgresql, os.environ["RELEVE_UTILISATEUR"]
    base.executer("CREATE TABLE clients (quand date)", "INSERT INTO clients VALUES ('2001-01-01')")
    compter = lambda: postgresql.compter(demande(base.adresse, "quand", "clients"))  # noqa: E731
    assert compter().compte == Decompte(1, 1, 0)
    if droit == "SUPERUSER":
        base.executer(f'ALTER ROLE "{lecteur}" SUPERUSER')
    elif droit == "membre":  # sans en hériter : une fonction prendrait le rôle
        base.executer(
            f'CREATE ROLE "{lecteur}_chef" SUPERUSER',
            f'ALTER ROLE "{lecteur}" NOINHERIT',
            f'GRANT "{lecteur}_chef" TO "{lecteur}"',
        )
    else:
        base.executer(f'GRANT {droit} TO "{lecteur}"')
    try:
        with pytest.raises(SourceRefusee, match="administrateur.*GRANT SELECT ON"):
            compter()
    finally:
        base.executer(f'DROP ROLE IF EXISTS "{lecteur}_chef"')


def test_une_politique_de_lignes_fait_un_refus_et_jamais_un_compte_plus_petit(base_postgresql):
    base = base_postgresql
    base.executer(
        "CREATE TABLE clients (quand date, agence text)",
        "INSERT INTO clients VALUES ('2001-01-01', 'nord'), ('2026-01-01', 'sud')",
        "ALTER TABLE clients ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY sud ON clients USING (agence = 'sud')",
        "CREATE VIEW vue WITH (security_barrier) AS SELECT * FROM clients",
        "CREATE TABLE prive (quand date)",
        f'REVOKE pg_read_all_data FROM "{os.environ["RELEVE_UTILISATEUR"]}"',
        f'GRANT SELECT ON clients, vue TO "{os.environ["RELEVE_UTILISATEUR"]}"',
    )
    with pytest.raises(SourceRefusee, match="certaines lignes.*BYPASSRLS"):
        postgresql.compter(demande(base.adresse, "quand", "clients"))
    with pytest.raises(SourceRefusee, match="pas le droit de lire"):
        postgresql.compter(demande(base.adresse, "quand", "prive"))
    # La vue lit par son propriétaire, qui voit tout.
    assert postgresql.compter(demande(base.adresse, "quand", "vue")).compte == Decompte(2, 1, 0)
