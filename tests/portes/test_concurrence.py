"""Plusieurs personnes à la fois, pour de vrai : huit fils, une base réelle, rien de perdu."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from arbre import RACINE

pytestmark = pytest.mark.lent

SCRIPT = """
import django; django.setup()
import sys; sys.path.insert(0, {tests!r})
from concurrent.futures import ThreadPoolExecutor
from django.core.management import call_command
from django.db import close_old_connections, connection
if {neuve}: call_command("migrate", verbosity=0); call_command("charger_referentiels", verbosity=0)
from datetime import date
from django.core import mail
from boutique import AUTEUR, PROSPECTION, creer_fiche, creer_operation, creer_organisme, habiliter
from journal.service import verifier
from organismes.portee import dans
from registre.actes import comptes, fiches_types
from registre.fiche import agregat as ag, envois
from registre.actes.fiches import enregistrer_fiche
from registre.fiche.enregistrement import Conflit, Refus, enregistrer
from registre.fiche.envois import DejaRecu, Envoi
from organismes.models import Tiers
from traitements.models import ModeleFiche
from registre.execution.lignes_de_rappel import LigneDeRappel
from registre.execution.rappels import PartieDuRappel, Recapitulatif, envoyer
organisme = creer_organisme("Maison Lavande")
fiche = creer_fiche(organisme)

def essayer(geste):
    try:
        with dans(organisme):
            return geste().effet
    except Conflit:
        return "conflit"
    except Refus:
        return "refus"
    except DejaRecu:
        return "deja"
    finally:
        connection.close()

def modifier(n, revision):
    return lambda: enregistrer_fiche({{"service": f"Service {{n}}"}}, organisme=organisme, auteur=AUTEUR, fiche=fiche, revision=revision)

def creer(n, reference):
    return lambda: enregistrer_fiche({{**PROSPECTION, "reference": reference}}, organisme=organisme, auteur=AUTEUR)

UNE_PURGE = Recapitulatif("Maison", date(2026, 11, 24), (PartieDuRappel("En retard", (LigneDeRappel("Une purge."),), "conservation"),), 1, "http://x")
claire = habiliter(organisme, "dpo", "claire@lavande.example", "Claire Morel")
mail.outbox = []

def rappeler(n):
    try:
        with dans(organisme):
            return envoyer(organisme, claire, UNE_PURGE)
    finally:
        connection.close()

def une_fois(cle, geste):
    def envoyer():
        with envois.en_cours(Envoi(cle, "")):
            return geste()
    return envoyer

class Fait:
    effet = "creation"

def ouvrir():
    comptes.creer("leo@lavande.example", "Léo Petit", auteur=AUTEUR)
    return Fait

def consigner():
    creer_operation(organisme, fiche, preuve=b"")
    return Fait

def inscrire():
    return enregistrer(ag.TIERS, {{"nom": "Envoléo"}}, Tiers(organisme=organisme), auteur=AUTEUR)

def depuis_un_modele():
    return fiches_types.creer(ModeleFiche.objects.get(pk="GESTION_CLIENTS"), organisme, auteur=AUTEUR)

GESTES = [("fiche", creer(0, "TR-900")), ("tiers", inscrire), ("compte", ouvrir), ("operation", consigner),
          ("modele", depuis_un_modele)]
with ThreadPoolExecutor(8) as fils:
    for nom, geste in GESTES:
        faits = list(fils.map(essayer, [une_fois(nom, geste)] * 4))
        assert sorted(faits) == ["creation"] + ["deja"] * 3, (nom, faits)
    rappels = list(fils.map(rappeler, range(8)))
    memes = list(fils.map(essayer, [modifier(n, 1) for n in range(8)]))
    doubles = list(fils.map(essayer, [creer(n, "TR-100") for n in range(8)]))
    libres = list(fils.map(essayer, [creer(n, f"TR-2{{n:02d}}") for n in range(40)]))
assert sorted(rappels) == [False] * 7 + [True], rappels
assert len(mail.outbox) == 1, mail.outbox
assert sorted(memes) == ["conflit"] * 7 + ["modification"], memes
assert sorted(doubles) == ["creation"] + ["refus"] * 7, doubles
assert libres == ["creation"] * 40, libres
assert list(verifier()) == []
"""


def lancer(donnees: Path, url: str) -> None:
    environnement = {c: v for c, v in os.environ.items() if c not in {"DATABASE_URL", "DONNEES"}}
    environnement |= {
        "DONNEES": str(donnees),
        "DJANGO_SETTINGS_MODULE": "reglages_tests",
        "PYTHONPATH": str(RACINE / "tests"),
        "DATABASE_URL": url,
    }
    script = SCRIPT.format(tests=str(RACINE / "tests"), neuve=not url)
    fait = subprocess.run(
        [sys.executable, "-c", script],
        cwd=RACINE,
        env=environnement,
        capture_output=True,
        text=True,
        check=False,
    )
    assert fait.returncode == 0, fait.stdout + fait.stderr


def test_huit_redacteurs_a_la_fois_ne_perdent_rien(tmp_path, base_reelle):
    """Une sauvegarde sur huit passe, les autres sont averties ; quarante créations entrent ; le même envoi, quatre fois, ne crée qu'un objet."""
    if connection.vendor == "sqlite":
        lancer(tmp_path, "")
        return
    s = connection.settings_dict
    lancer(tmp_path, f"postgresql://{s['USER']}:{s['PASSWORD']}@{s['HOST']}:{s['PORT']}/{s['NAME']}")
