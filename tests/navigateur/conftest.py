"""Chromium de Debian, piloté par Playwright. Absent : une erreur en intégration continue, un saut annoncé ailleurs."""

import os
import shutil
import time

import pytest
from django.core.signals import request_finished, request_started

from boutique import creer_fiche, creer_organisme, habiliter
from organismes.choix import Role

MOT = "phrase de passe d'essai"


@pytest.fixture(scope="session")
def chromium():
    chemin = shutil.which("chromium") or shutil.which("chromium-browser")
    if chemin is None:
        message = "Chromium est absent : les essais de navigateur ne peuvent pas tourner."
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    # L'API synchrone de Playwright fait tourner une boucle dans ce fil ; Django s'en inquiéterait à tort.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from playwright.sync_api import sync_playwright

    # Les PDF excluent les polices de la machine (documents.moteur) ; Chromium, sans elles, tombe.
    env = {nom: valeur for nom, valeur in os.environ.items() if nom != "FONTCONFIG_FILE"}
    with sync_playwright() as playwright:
        navigateur = playwright.chromium.launch(
            executable_path=chemin,
            env=env,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
        )
        yield navigateur
        navigateur.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def boutique(base_reelle):
    organisme = creer_organisme("Maison Lavande", ville="Grasse", pays="FR")
    for role, courriel, nom in (
        (Role.DPO, "claire@lavande.example", "Claire Morel"),
        (Role.CONTRIBUTEUR, "lea@lavande.example", "Léa Fontaine"),
        (Role.AUDITEUR, "nadia@lavande.example", "Nadia Roussel"),
    ):
        habiliter(organisme, role, courriel, nom)
    organisme.fiche = creer_fiche(organisme)
    return organisme


@pytest.fixture
def en_cours():
    """Attend que le serveur ait répondu à tout : une page qui se ferme envoie encore son brouillon, et la base se vide ensuite."""
    ouvertes: list[None] = []  # une par requête : ajouter et ôter se font d'un trait, quel que soit le fil

    def arrivee(**_):
        ouvertes.append(None)

    def depart(**_):
        if ouvertes:
            ouvertes.pop()

    request_started.connect(arrivee)
    request_finished.connect(depart)

    def attendre():
        calmes = 0
        for _ in range(200):
            time.sleep(0.05)
            calmes = 0 if ouvertes else calmes + 1
            if calmes == 3:
                return

    yield attendre
    request_started.disconnect(arrivee)
    request_finished.disconnect(depart)


@pytest.fixture
def ouvrir(chromium, live_server, boutique, en_cours):
    """Une page connectée ; `fautes` recueille les erreurs de console, dont les refus de la politique de sécurité."""
    contextes = []

    def _ouvrir(courriel: str, **options):
        contexte = chromium.new_context(base_url=live_server.url, **options)
        contexte.set_default_timeout(15_000)
        contextes.append(contexte)
        page = contexte.new_page()
        page.fautes = []
        page.on("console", lambda m: page.fautes.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: page.fautes.append(str(e)))
        page.goto("/compte/login/")
        page.fill("input[name=login]", courriel)
        page.fill("input[name=password]", MOT)
        page.click("button[type=submit]")
        page.wait_for_url("**/")
        return page

    yield _ouvrir
    for contexte in contextes:
        contexte.close()
    en_cours()
