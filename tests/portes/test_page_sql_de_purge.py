"""Le SQL d'une purge, par la page et par la commande : il s'écrit, il se copie, il ne s'exécute pas."""

import hashlib
import html
import re
import sqlite3
from contextlib import closing
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from boutique import PROSPECTION, creer_fiche
from conservation.models import Operation
from journal.models import Entree
from organismes.portee import dans
from pages import champs

pytestmark = pytest.mark.django_db
VALIDE = {"regle": "1", "base": "sqlite", "table": "clients", "colonne": "vu", "forme": "texte-iso"}


def page(client, fiche, statut=200, **saisie):
    reponse = client.get(reverse("sql_de_purge", args=[fiche.pk]), saisie)
    assert reponse.status_code == statut
    return reponse.content.decode()


def test_la_page_ecrit_un_texte_dont_l_empreinte_est_celle_qu_elle_montre(dpo, prospection):
    entrees = Entree.objects.count()
    assert "Texte à copier" not in page(dpo, prospection)
    lue = page(dpo, prospection, filtres="statut=prospect", **VALIDE)
    texte = html.unescape(re.search(r"<textarea id=\"texte-sql\"[^>]*>(.*?)</textarea>", lue, re.S)[1])
    assert hashlib.sha256(texte.encode()).hexdigest() in lue
    assert 'DELETE FROM "clients"\nWHERE' in texte and "-- TR-001#1 : " in texte and "3 ans" in texte
    assert Entree.objects.count() == entrees


def test_l_empreinte_du_texte_passe_au_proces_verbal_de_la_purge(dpo, maison_lavande, prospection):
    lue = page(dpo, prospection, **VALIDE)
    suite = html.unescape(re.search(r'href="([^"]+)">Consigner la purge faite avec ce texte', lue)[1])
    saisie = champs(dpo.get(suite).content.decode())
    assert (saisie["type"], saisie["regles"]) == ("purge", ["1"])
    saisie |= {
        "volume_avant": "9",
        "volume_apres": "4",
        "methode": "psql",
        "preuve_reference": "T1",
        "etape": "signer",
    }
    assert dpo.post(suite, saisie).status_code == 302
    with dans(maison_lavande):
        faite = Operation.objects.get()
    assert faite.sql_sha256 in lue
    assert faite.sql_sha256 in dpo.get(reverse("operation", args=[faite.pk])).content.decode()
    assert dpo.post(suite, saisie | {"sql_sha256": "abc"}).status_code == 422


@pytest.mark.parametrize(
    ("saisie", "phrase"),
    [
        ({"forme": "date"}, "SQLite ne range pas ainsi ses dates"),
        ({"regle": "99"}, "Ce SQL ne s’écrit pas"),
        ({"filtres": "statut>3"}, "Un filtre s&#x27;écrit"),
        ({"effacer": "=x"}, "Une colonne à vider"),
        ({"table": ""}, "obligatoire"),
        ({"effacer": "\n".join(f"c{n}" for n in range(21))}, "20 lignes au plus"),
    ],
)
def test_ce_qui_ne_s_ecrit_pas_se_dit_en_francais(dpo, prospection, saisie, phrase):
    lue = page(dpo, prospection, 422, **(VALIDE | saisie))
    assert phrase in lue and "Texte à copier" not in lue


@pytest.mark.parametrize(
    ("filtre", "debut", "ecrit"),
    [
        ("", "2026-01-01", None),
        ("litige=114", "2026-01-01", None),  # il garderait les dossiers suspendus, et eux seuls
        ("litige!=114", "2026-01-01", """IS NOT '114'"""),
        ("", "2099-01-01", "DELETE FROM"),
    ],
)
def test_une_suspension_en_cours_garde_ses_dossiers_ou_n_ecrit_rien(
    dpo, maison_lavande, filtre, debut, ecrit
):
    suspendue = {**PROSPECTION["conservations"][0], "suspension_debut": debut, "suspension_filtre": filtre}
    fiche = creer_fiche(maison_lavande, conservations=[suspendue])
    lue = html.unescape(page(dpo, fiche, 200 if ecrit else 422, **VALIDE))
    assert (ecrit or "Cette durée est suspendue") in lue


def test_lecteurs_et_voisins_n_y_entrent_pas(auditeur, dpo, prospection, autre_boutique):
    assert auditeur.get(reverse("sql_de_purge", args=[prospection.pk])).status_code == 403
    voisine = creer_fiche(autre_boutique, reference="VOISINE-1")
    assert dpo.get(reverse("sql_de_purge", args=[voisine.pk])).status_code == 404


@pytest.fixture
def boutique_sqlite(tmp_path):
    """213 clients au-delà de trois ans sur 5 000."""
    chemin = tmp_path / "boutique.db"
    with closing(sqlite3.connect(chemin)) as base:
        base.execute("CREATE TABLE clients (nom TEXT, vu TEXT)")
        retards = [("x", f"{2000 + n % 20}-03-01") for n in range(213)]
        base.executemany("INSERT INTO clients VALUES (?, ?)", retards + [("y", "2026-01-01")] * 4787)
        base.commit()
    return chemin


def commande(organisme, source, **options):
    sortie, erreurs = StringIO(), StringIO()
    reglages = {"table": "clients", "colonne_date": "vu", "filtre": [], "duree": "TR-001#1", **options}
    call_command(
        "relever", organisme=str(organisme.pk), source=source, stdout=sortie, stderr=erreurs, **reglages
    )
    return sortie.getvalue(), erreurs.getvalue()


def test_la_commande_imprime_le_sql_et_lui_seul_puis_le_releve_retombe_a_zero(
    maison_lavande, prospection, boutique_sqlite
):
    adresse = f"sqlite:///{boutique_sqlite}"
    assert "en retard : 213" in commande(maison_lavande, adresse)[0]
    with dans(maison_lavande):
        avant = Operation.objects.count()
    texte, dit = commande(maison_lavande, adresse, sql_purge=True)
    assert hashlib.sha256(texte.encode()).hexdigest() in dit
    assert str(boutique_sqlite) not in texte
    with dans(maison_lavande):
        assert Operation.objects.count() == avant
    with closing(sqlite3.connect(boutique_sqlite)) as base:
        assert base.execute("SELECT count(*) FROM clients").fetchone() == (5000,)  # rien n'était exécuté
        base.executescript(texte)
        assert base.execute("SELECT count(*) FROM clients").fetchone() == (4787,)
    assert "en retard : 0" in commande(maison_lavande, adresse)[0]


@pytest.mark.parametrize(
    ("source", "options", "phrase"),
    [
        ("clients.csv", {"table": ""}, "Un fichier ne se purge pas"),
        ("sqlite:///x.db", {"forme_date": "date"}, "ne range pas ainsi"),
        ("sqlite:///x.db", {"effacer": ["=x"]}, "Une colonne à vider"),
    ],
)
def test_la_commande_refuse_en_francais(maison_lavande, prospection, source, options, phrase):
    with pytest.raises(CommandError, match=phrase):
        commande(maison_lavande, source, sql_purge=True, **options)
