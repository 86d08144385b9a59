"""Une requête comme source : un SELECT qui rend une clé et une date, sur chaque base ; ce qui la ferait mentir se refuse."""

import hashlib
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from conservation.comptage import Decompte
from conservation.models import Operation
from organismes.portee import dans
from registre.execution.sources.demande import DemandeDeReleve, RequeteSQL, SourceRefusee
from registre.execution.sources.requete import lire, une_lecture

pytestmark = pytest.mark.django_db
LIMITE = date(2023, 11, 24)
# Le dernier contact d'un client : sa dernière commande, son dernier ticket. Camille n'a plus donné signe que par un ticket.
DERNIER_CONTACT = """\
-- Le dernier contact : commandes ; tickets
WITH contacts AS (
    SELECT client, passee_le AS le FROM commandes
    UNION ALL
    SELECT client, ouvert_le FROM tickets WHERE sujet <> 'relance ; 100 %s'
)
SELECT client, MAX(le) AS dernier_contact
FROM contacts GROUP BY client;
-- fin (c'est tout ; rien d'autre)
"""


def requete(texte, nom="contacts.sql"):
    return RequeteSQL(nom, une_lecture(texte), hashlib.sha256(texte.encode()).hexdigest())


def demande(base, texte, colonne=""):
    return DemandeDeReleve(base.adresse, colonne, LIMITE, requete=requete(texte))


@pytest.fixture
def boutique(base):
    base.executer(
        "CREATE TABLE commandes (client integer, passee_le date)",
        "CREATE TABLE tickets (client integer, ouvert_le date, sujet varchar(50))",
        "INSERT INTO commandes VALUES (1, '2020-01-01'), (1, '2023-11-23'), (2, '2023-11-24'), (3, '2019-05-05'), (4, NULL)",
        "INSERT INTO tickets VALUES (3, '2026-01-01', 'retour'), (1, '2026-02-02', 'relance ; 100 %s'),"
        " (NULL, '2026-01-01', 'anonyme')",
    )
    return base


@pytest.mark.parametrize("colonne", ["", "dernier_contact"])
def test_le_dernier_contact_se_compte_par_client(boutique, colonne):
    boutique.executer("DELETE FROM tickets WHERE client IS NULL")
    voulue = demande(boutique, DERNIER_CONTACT, colonne)
    releve = boutique.source.compter(voulue)
    assert releve.compte == Decompte(4, 1, 1)  # le client 1 est en retard, le 4 n'a pas de date
    assert releve.source == f"{boutique.base}, requête {voulue.requete.sha256}"
    vues = boutique.source.regarder(voulue).colonnes
    assert [c.nom for c in vues if c.formats] == ["dernier_contact"] and vues[-1].remplies == 3


def test_la_colonne_nommee_est_la_date_meme_en_premier(boutique):
    texte = "SELECT MAX(passee_le) AS le, client AS cle FROM commandes GROUP BY client"
    assert boutique.source.compter(demande(boutique, texte, "le")).compte == Decompte(4, 2, 1)
    with pytest.raises(SourceRefusee, match="ne rend pas de colonne « absente »"):
        boutique.source.compter(demande(boutique, texte, "absente"))


def test_des_dates_ecrites_en_texte_se_lisent_en_flux(boutique):
    texte = "SELECT client, CASE client WHEN 1 THEN '23/11/2023' ELSE 'jamais' END AS le FROM commandes WHERE client < 3 GROUP BY client"
    assert boutique.source.compter(demande(boutique, texte)).compte == Decompte(2, 1, 1)


@pytest.mark.parametrize(
    ("texte", "phrase"),
    [
        (
            "SELECT client, passee_le FROM commandes",
            "Sur 5 lignes, .* 1 dont la clé est déjà celle d'une autre",
        ),
        (DERNIER_CONTACT, "Sur 5 lignes, .* 1 sans clé"),
        ("SELECT client, passee_le, 1 AS un FROM commandes", "celle-ci en rend 3"),
        ("SELECT client FROM commandes", "celle-ci en rend 1"),
        ("SELECT client,\n passee_le FORM commandes", "ne s'y comprend pas"),
        ("SELECT client, absente FROM commandes", "une colonne"),
        ("SELECT client, passee_le FROM absente", "une table"),
        (
            "WITH efface AS (DELETE FROM commandes RETURNING client, passee_le) SELECT * FROM efface",
            "ne se lit pas",
        ),
    ],
)
def test_une_requete_qui_ferait_mentir_le_compte_se_refuse(boutique, texte, phrase):
    with pytest.raises(SourceRefusee, match=phrase) as refus:
        boutique.source.compter(demande(boutique, texte))
    assert not {"syntax", "column", "error"} & set(str(refus.value).lower().split())
    assert boutique.valeur("SELECT count(*) FROM commandes") == 5


def test_deux_colonnes_de_meme_nom_se_refusent(boutique):
    texte = "SELECT client AS a, MAX(passee_le) AS a FROM commandes GROUP BY client"
    if boutique.source.__name__.endswith("sqlite"):  # qui renomme la seconde
        assert boutique.source.compter(demande(boutique, texte)).compte == Decompte(4, 2, 1)
        return
    with pytest.raises(SourceRefusee, match="même nom"):
        boutique.source.compter(demande(boutique, texte))


def test_la_base_n_accepte_qu_une_instruction_quand_bien_meme_la_lettre_en_laisserait_passer(boutique):
    """La lecture du fichier se trompera un jour de guillemet : la base ne reçoit pourtant qu'une instruction, et la lit."""
    texte = "SELECT 1 AS a, '2020-01-01' AS b) AS t LIMIT 0; DELETE FROM commandes; SELECT * FROM (SELECT 1 AS a, 2 AS b"
    voulue = DemandeDeReleve(boutique.adresse, "", LIMITE, requete=RequeteSQL("q.sql", texte, "0" * 64))
    with pytest.raises(SourceRefusee, match="ne se lit pas"):
        boutique.source.compter(voulue)
    assert boutique.valeur("SELECT count(*) FROM commandes") == 5


def test_une_requete_qui_tient_au_hasard_se_refuse(boutique):
    hasard = {"postgresql": "random() < 0.5", "mysql": "RAND() < 0.5", "sqlite": "random() > 0"}
    nombres = "SELECT a.client * 100 + b.client * 10 + c.client AS cle FROM (SELECT 1 AS client UNION SELECT 2 UNION SELECT 3) a"
    nombres += "".join(
        f", (SELECT {' AS client UNION SELECT '.join(map(str, range(10)))} AS client) {t}" for t in "bc"
    )
    ou = hasard[boutique.source.__name__.rpartition(".")[2]]
    texte = f"SELECT cle, '2020-01-01' AS le FROM ({nombres}) AS n WHERE {ou}"
    with pytest.raises(SourceRefusee, match="tient au hasard"):
        for _ in range(20):  # deux tirages de trois cents lignes tombent parfois sur le même nombre
            boutique.source.compter(demande(boutique, texte))


# --- Le fichier ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texte", "phrase"),
    [
        ("", "n'en contient aucune"),
        (" -- rien ;\n/* SELECT 1 */ ;", "n'en contient aucune"),
        ("SELECT 1, 2; SELECT 3, 4", "plusieurs"),
        ("SELECT 1, 2; -- fin\nDROP TABLE clients", "plusieurs"),
        ("DELETE FROM clients", "commence par SELECT"),
        ("-- lecture\nUPDATE clients SET a = 1", "commence par SELECT"),
        ("selection", "commence par SELECT"),
        ("SELECT a, b INTO OUTFILE '/tmp/x' FROM t", "ne fait que lire"),
        ("SELECT a, b FROM t for  update", "ne fait que lire"),
        ("SELECT a, b FROM t) AS t UNION SELECT (1, 2", "parenthèses"),
        ("SELECT (a, b FROM t", "parenthèses"),
        ("SELECT 1, 2 \0", "UTF-8"),
    ],
)
def test_un_fichier_qui_n_est_pas_une_lecture_seule_se_refuse(tmp_path, texte, phrase):
    chemin = tmp_path / "q.sql"
    chemin.write_text(texte, encoding="utf-8")
    with pytest.raises(SourceRefusee, match=phrase):
        lire(chemin)


@pytest.mark.parametrize(
    "texte",
    [
        "SELECT ';', \"a;b\", `c;d` FROM t",
        "(SELECT a, b FROM t) UNION (SELECT a, b FROM u)",
        "select a, $x$ ; $x$ from t",
        "SELECT a, b /* ; */ FROM t -- ; (",
        "SELECT a, 'l''INTO; (' FROM t",
        "WITH c AS (SELECT 1) SELECT a, b FROM c",
    ],
)
def test_un_point_virgule_dans_un_texte_ou_un_commentaire_n_en_est_pas_un(texte):
    assert texte.startswith(une_lecture(texte + " ;\n-- fin ;").rstrip())


def test_le_fichier_se_lit_et_s_empreint_tel_quel(tmp_path):
    chemin = tmp_path / "contacts.sql"
    chemin.write_bytes(b"\xef\xbb\xbf" + DERNIER_CONTACT.encode())
    lue = lire(chemin)
    assert lue.texte.startswith("-- Le dernier") and lue.texte.endswith("GROUP BY client")
    assert (lue.nom, lue.sha256) == ("contacts.sql", hashlib.sha256(chemin.read_bytes()).hexdigest())
    for octets in (b"SELECT '\xe9', 1", b"SELECT 1, 2" + b" " * 100_000):
        chemin.write_bytes(octets)
        with pytest.raises(SourceRefusee, match="UTF-8|100 ko"):
            lire(chemin)
    with pytest.raises(SourceRefusee, match="n'existe pas"):
        lire(tmp_path)


# --- La commande --------------------------------------------------------------------------------------------------------


def relever(organisme, source, **options):
    sortie = StringIO()
    call_command(
        "relever", organisme=str(organisme.pk), duree="TR-001#1", source=source, stdout=sortie, **options
    )
    return sortie.getvalue()


def test_la_commande_consigne_la_requete_et_son_empreinte(maison_lavande, prospection, boutique, tmp_path):
    boutique.executer("DELETE FROM tickets WHERE client IS NULL")
    chemin = tmp_path / "contacts.sql"
    chemin.write_text(DERNIER_CONTACT)
    empreinte = hashlib.sha256(DERNIER_CONTACT.encode()).hexdigest()
    sortie = relever(maison_lavande, boutique.adresse, requete=chemin, au=LIMITE.replace(year=2026))
    assert "examinées : 4" in sortie and "en retard : 1" in sortie and "sans date : 1" in sortie
    with dans(maison_lavande):
        faite = Operation.objects.get()
    assert faite.source == f"{boutique.base}, requête {empreinte}"
    assert faite.perimetre == "Requête « contacts.sql », colonne « dernier_contact »"
    assert faite.source_colonne == "dernier_contact"


@pytest.mark.parametrize(
    ("options", "phrase"),
    [
        ({"requete": "ok", "table": "commandes"}, "--table, ou bien --requete"),
        ({}, "--table, ou bien --requete"),
        ({"table": "commandes"}, "Donnez --colonne-date"),
        ({"requete": "ok", "filtre": ["client=1"]}, "ôtez --filtre"),
        ({"requete": "absent"}, "n'existe pas"),
        ({"requete": "ecrit"}, "commence par SELECT"),
    ],
)
def test_une_ligne_qui_se_contredit_sort_en_2(maison_lavande, prospection, tmp_path, options, phrase):
    (tmp_path / "ok").write_text("SELECT 1, 2")
    (tmp_path / "ecrit").write_text("DELETE FROM commandes")
    if "requete" in options:
        options = {**options, "requete": tmp_path / options["requete"]}
    with pytest.raises(CommandError, match=phrase) as refus:
        relever(maison_lavande, "sqlite:///boutique.db", **options)
    assert refus.value.returncode == 2
