"""La commande `relever` : ce qu'elle imprime, ce qu'elle enregistre, ce qu'elle refuse, ce qu'elle ne dit jamais."""

import json
import logging
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from django_scopes import scopes_disabled

from boutique import PROSPECTION, creer_fiche, creer_operation
from conservation.application import application
from conservation.choix import EtatApplication, Niveau
from conservation.models import Operation
from journal.models import Entree
from organismes.portee import dans
from registre.conformite.applications import operations_par_fiche

pytestmark = pytest.mark.django_db
LE, LIMITE = date(2026, 11, 24), date(2023, 11, 24)
SECRET = "tres-secret-42"


def relever(organisme, source, duree="TR-001#1", **options):
    """Ce que la commande imprime, ligne à ligne."""
    sortie = StringIO()
    options = {"colonne_date": "quand", "au": LE, "filtre": [], **options}
    call_command(
        "relever", organisme=str(organisme.pk), duree=duree, source=str(source), stdout=sortie, **options
    )
    return sortie.getvalue()


def operations(organisme) -> list[Operation]:
    with dans(organisme):
        return list(Operation.objects.order_by("enregistre_le"))


def dite(organisme, le=LE):
    with dans(organisme):
        return application(PROSPECTION["conservations"][0], {}, operations_par_fiche().get("TR-001", []), le)


@pytest.fixture
def clients(tmp_path):
    """5 000 clients, dont 213 au-delà de trois ans : la veille du jour limite ou avant ; les autres ce jour-là ou après."""
    chemin = tmp_path / "clients.csv"
    retards = [LIMITE - timedelta(days=1 + n % 400) for n in range(213)]
    permis = [LIMITE + timedelta(days=n % 900) for n in range(4787)]
    lignes = [f"Camille {n};{jour:%d/%m/%Y};prospect" for n, jour in enumerate(retards + permis)]
    chemin.write_text("\n".join(["nom;quand;statut", *lignes]), encoding="cp1252")
    return chemin


def test_un_releve_compte_s_enregistre_et_dit_la_duree_non_appliquee(maison_lavande, prospection, clients):
    sortie = relever(maison_lavande, clients, filtre=["statut=prospect"])
    for ligne in (
        "limite : 2023-11-24",
        "examinées : 5000",
        "en retard : 213",
        "sans date : 0",
        "source : clients.csv",
    ):
        assert ligne in sortie.splitlines()
    (faite,) = operations(maison_lavande)
    assert (faite.type, faite.examinees, faite.en_retard, faite.sans_date) == ("constat", 5000, 213, 0)
    assert (faite.date, faite.limite, faite.source, faite.regles) == (LE, LIMITE, "clients.csv", [1])
    assert faite.perimetre == "Colonne « quand », filtre « statut=prospect »"
    assert "3 ans à compter" in faite.regles_texte[0]
    assert str(faite.pk) in sortie
    entree = Entree.objects.get(objet_id=str(faite.pk))
    assert (entree.action, entree.objet_type) == ("constat", "operation")
    assert dite(maison_lavande).etat is EtatApplication.NON
    assert dite(maison_lavande).pourquoi.startswith("213 lignes au-delà du terme au relevé du 24")


def test_un_second_releve_a_zero_leve_le_manque(maison_lavande, prospection, clients):
    relever(maison_lavande, clients, au=LE - timedelta(days=1))
    lignes = clients.read_text("cp1252").splitlines()
    clients.write_text("\n".join([lignes[0], *lignes[214:]]), encoding="cp1252")
    sortie = relever(maison_lavande, clients)
    assert "en retard : 0" in sortie.splitlines()
    assert "conclusion : Oui, constatée : relevé du 24" in sortie
    assert dite(maison_lavande, LE - timedelta(days=1)).etat is EtatApplication.NON
    assert (dite(maison_lavande).etat, dite(maison_lavande).niveau) == (EtatApplication.OUI, Niveau.CONSTATEE)


def test_un_releve_d_avant_dit_sa_lecture_par_son_perimetre(maison_lavande, prospection, clients):
    """Avant novembre 2026, la table, la colonne et les filtres n'étaient que dans une phrase."""
    relever(maison_lavande, clients, filtre=["statut=prospect"])
    with scopes_disabled(), connection.cursor() as curseur:  # comme une version passée l'écrivait
        curseur.execute("UPDATE conservation_operation SET source_colonne = '', source_filtres = '[]'")
    with dans(maison_lavande):
        (lue,) = operations_par_fiche()["TR-001"]
    assert (lue["table"], lue["colonne"], lue["filtres"]) == ("", "quand", ["statut=prospect"])


def test_une_purge_posterieure_laisse_le_manque_a_verifier_une_anterieure_ne_fait_rien(
    maison_lavande, prospection, clients
):
    creer_operation(maison_lavande, prospection, date=LE - timedelta(days=2), preuve=b"")
    relever(maison_lavande, clients, au=LE - timedelta(days=1))
    assert dite(maison_lavande).etat is EtatApplication.NON
    creer_operation(maison_lavande, prospection, date=LE, preuve=b"")
    assert dite(maison_lavande).etat is EtatApplication.A_VERIFIER


@pytest.mark.parametrize(
    ("source", "genre", "differee"),
    [
        ("clients.csv", "", False),
        ("clients.db, table clients", "", True),
        ("local/boutique.ps_customer", "", True),
        ("serveur/boutique, requête 3f2a", "", True),
        # Un champ le dit désormais : le nom du fichier ne trompe plus.
        ("ventes, table 2.csv", "fichier", False),
        ("boutique", "sqlite", True),
        ("boutique", "mysql", True),
    ],
)
def test_une_base_lue_au_titre_d_un_jour_passe_se_reconnait_quel_que_soit_son_pilote(
    maison_lavande, prospection, source, genre, differee
):
    le = timezone.localdate() - timedelta(days=2)
    lu = {"en_retard": 0, "source": source, "source_genre": genre, "date": le}
    creer_operation(maison_lavande, prospection, "constat", preuve=b"", **lu)
    with dans(maison_lavande):
        (lue,) = operations_par_fiche()["TR-001"]
    assert lue["differee"] is differee


def test_aucune_ligne_n_est_gardee(maison_lavande, prospection, clients):
    sortie = relever(maison_lavande, clients)
    with scopes_disabled():  # rien ne fuit, dans aucun organisme
        gardes = json.dumps([list(Operation.objects.values()), list(Entree.objects.values())], default=str)
    assert "Camille" not in sortie + gardes
    assert str(clients.parent) not in gardes


def test_simuler_compte_et_n_ecrit_rien(maison_lavande, prospection, clients):
    avant = Entree.objects.count()
    sortie = relever(maison_lavande, clients, simuler=True, au=LE + timedelta(days=1))
    assert "en retard : " in sortie and "Simulation : rien n'est écrit." in sortie
    assert operations(maison_lavande) == []
    assert Entree.objects.count() == avant


def test_une_base_sqlite_se_releve(maison_lavande, prospection, tmp_path):
    chemin = tmp_path / "clients.db"
    with closing(sqlite3.connect(chemin)) as base:
        base.execute('CREATE TABLE "mes clients" (quand text)')
        base.executemany('INSERT INTO "mes clients" VALUES (?)', [("2023-11-23",), ("2023-11-24",), (None,)])
        base.commit()
    sortie = relever(maison_lavande, f"sqlite:///{chemin}", table="mes clients")
    assert "en retard : 1" in sortie and "sans date : 1" in sortie and "examinées : 3" in sortie
    (faite,) = operations(maison_lavande)
    assert faite.source == "clients.db, table mes clients"
    assert faite.perimetre == "Table « mes clients », colonne « quand »"


def test_la_duree_se_designe_aussi_par_son_identifiant(maison_lavande, autre_boutique, prospection, clients):
    with dans(maison_lavande):
        identifiant = str(prospection.conservations.get().pk)
    assert "TR-001#1 : " in relever(maison_lavande, clients, duree=identifiant)
    with pytest.raises(CommandError, match="pas de durée"):
        relever(autre_boutique, clients, duree=identifiant)


def test_une_duree_sans_chiffre_se_refuse(maison_lavande, clients):
    creer_fiche(maison_lavande, conservations=[{"numero": 1, "critere": "Jusqu'au retrait du consentement"}])
    with pytest.raises(CommandError, match="n'est pas chiffrée"):
        relever(maison_lavande, clients)


def test_une_duree_suspendue_se_releve_pour_le_reste_de_la_base(maison_lavande, clients):
    regle = PROSPECTION["conservations"][0] | {
        "suspension_debut": "2026-03-01",
        "suspension_filtre": "statut!=litige",
    }
    creer_fiche(maison_lavande, conservations=[regle])
    assert "en retard : 213" in relever(maison_lavande, clients, filtre=["statut!=litige"])


@pytest.mark.parametrize(
    ("options", "phrase"),
    [
        ({"filtre": ["statut=inconnu"]}, "aucune ligne qui réponde au filtre"),
        ({"colonne_date": "nom"}, "aucune date lisible"),
        ({"colonne_date": "absente"}, "ne nomme aucune colonne"),
    ],
)
def test_un_releve_qui_ne_prouverait_rien_ne_s_enregistre_pas(
    maison_lavande, prospection, clients, options, phrase
):
    """À zéro ligne lue, un relevé dirait la durée appliquée : c'est le filtre ou la colonne qui se trompe."""
    with pytest.raises(CommandError, match=phrase) as refus:
        relever(maison_lavande, clients, **options)
    assert refus.value.returncode == 1
    assert "Camille" not in str(refus.value)
    assert operations(maison_lavande) == []


@pytest.mark.parametrize(
    ("source", "options"),
    [
        ("clients.csv", {"table": "clients"}),
        ("sqlite:///clients.db", {}),
        ("clients.csv", {"filtre": ["n'importe quoi"]}),
        ("clients.csv", {"au": LE + timedelta(days=3650)}),
        ("mysql://hote/base", {}),
    ],
)
def test_un_mauvais_usage_sort_en_2(maison_lavande, prospection, source, options):
    with pytest.raises(CommandError) as refus:
        relever(maison_lavande, source, **options)
    assert refus.value.returncode == 2


@pytest.mark.parametrize(
    ("source", "table"),
    [
        (f"postgresql://jean:{SECRET}@127.0.0.1:1/base", "clients"),
        (f"postgresql://127.0.0.1:1/base?password={SECRET}", "clients"),
        ("postgresql://127.0.0.1:1/base", "clients"),
        (f"mysql://jean:{SECRET}@127.0.0.1/base", "clients"),
        (f"postgresql:jean:{SECRET}@127.0.0.1/base", ""),
    ],
)
def test_le_mot_de_passe_n_est_nulle_part(
    maison_lavande, prospection, source, table, monkeypatch, capfd, caplog
):
    """Ni sur les sorties, ni dans les traces, ni au journal, ni dans la base."""
    monkeypatch.setenv("RELEVE_UTILISATEUR", "jean")
    monkeypatch.setenv("RELEVE_MOT_DE_PASSE", SECRET)
    caplog.set_level(logging.DEBUG)
    with pytest.raises(CommandError) as refus:
        relever(maison_lavande, source, table=table)
    assert refus.value.__suppress_context__
    assert SECRET not in str(refus.value)
    sorties = capfd.readouterr()
    assert SECRET not in sorties.out + sorties.err + caplog.text
    with scopes_disabled():  # rien ne fuit, dans aucun organisme
        gardes = [*Entree.objects.values(), *Operation.objects.values()]
    assert SECRET not in json.dumps(gardes, default=str)
