"""Lire un réglage de l'environnement, ou refuser de démarrer en disant lequel, et ce qu'il faut écrire.

Un réglage vide vaut un réglage absent. Un réglage que l'on ne comprend pas n'est jamais deviné : `HTTPS=oui` pris pour
« non » enverrait les mots de passe en clair sans que personne ne le sache. Aucun message ne répète une valeur qui peut
porter un mot de passe. Chaque fonction lève `ReglageIncompris`.
"""

import os
import re
import sys
from email.utils import parseaddr
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

OUI = {"oui", "vrai", "true", "1", "on", "yes"}
NON = {"non", "faux", "false", "0", "off", "no"}
HOTE = re.compile(r"\*|\.?[a-z0-9]([a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\]", re.IGNORECASE)
BASES = ("postgres", "postgresql", "psql", "pgsql", "sqlite")
MESSAGERIES = ("smtp", "smtp+tls", "smtps", "smtp+ssl", "filemail")
ATTENTE_BASE = 5  # secondes : un serveur PostgreSQL qui ne répond plus ne retient pas une page davantage


class ReglageIncompris(ImproperlyConfigured):
    """Un réglage ne se comprend pas ; le texte, en français, nomme le réglage et dit ce qui est accepté."""


def refuser(nom: str, raison: str) -> NoReturn:
    raise ReglageIncompris(f"{nom} : {raison}")


def texte(nom: str, defaut: str = "") -> str:
    return os.environ.get(nom, "").strip() or defaut


def note(fichier: Path) -> str:
    """Ce qu'un démarrage précédent a noté pour les suivants ; vide s'il n'a rien noté."""
    try:
        return fichier.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def booleen(nom: str, defaut: bool) -> bool:
    lu = texte(nom)
    if lu and lu.casefold() not in OUI | NON:
        refuser(nom, f"« {lu} » ne se comprend pas. Écrivez oui ou non (ou vrai, faux, true, false, 1, 0).")
    return lu.casefold() in OUI if lu else defaut


def entier(nom: str, defaut: int, minimum: int, maximum: int) -> int:
    lu = texte(nom, str(defaut))
    if not (lu.isascii() and lu.isdigit() and len(lu) < 10 and minimum <= int(lu) <= maximum):
        refuser(nom, f"il faut un nombre de {minimum} à {maximum}, pas « {lu} ».")
    return int(lu)


def dossier(nom: str, defaut: Path) -> Path:
    """Un dossier où l'on peut écrire, ou que l'on pourra créer."""
    chemin = Path(texte(nom) or defaut).absolute().resolve()
    existant = next(d for d in (chemin, *chemin.parents) if d.exists())
    if not existant.is_dir():
        refuser(nom, f"{existant} n'est pas un dossier.")
    if not os.access(existant, os.W_OK | os.X_OK):
        refuser(nom, f"pas le droit d'écrire dans {existant} : à qui est ce dossier ?")
    return chemin


def liste(nom: str) -> list[str]:
    lu = texte(nom)
    elements = [element.strip() for element in lu.split(",")] if lu else []
    if not all(elements):
        refuser(nom, "un élément de la liste est vide ; séparez les éléments par une virgule.")
    return elements


def hotes(nom: str, defaut: list[str]) -> list[str]:
    for hote in liste(nom):
        if not HOTE.fullmatch(hote):
            refuser(
                nom,
                f"« {hote} » n'est pas un nom d'hôte. Écrivez registre.exemple.fr, sans « https:// » ni port, "
                "et une virgule entre deux noms.",
            )
    return liste(nom) or defaut


def origines(nom: str) -> list[str]:
    """Des origines au sens du navigateur : un protocole, un hôte, au besoin un port, et rien derrière."""
    for origine in liste(nom):
        if not _adresse_web(origine, chemin=False):
            refuser(nom, f"« {origine} » n'est pas une origine. Écrivez https://registre.exemple.fr.")
    return liste(nom)


def adresse(nom: str, defaut: str) -> str:
    """L'adresse publique du registre, sans barre finale."""
    lue = texte(nom, defaut)
    if not _adresse_web(lue, chemin=True):
        refuser(nom, f"« {lue} » n'est pas une adresse. Écrivez https://registre.exemple.fr.")
    return lue.rstrip("/")


def _adresse_web(lue: str, *, chemin: bool) -> bool:
    try:
        parties = urlsplit(lue)
        hote, _ = parties.hostname or "", parties.port
    except ValueError:
        return False
    superflu = parties.query or parties.fragment or "@" in parties.netloc
    if parties.scheme not in ("http", "https") or superflu or (parties.path and not chemin):
        return False
    return bool(HOTE.fullmatch(f"[{hote}]" if ":" in hote else hote.removeprefix("*.")))


def base(nom: str, locale: Path) -> dict[str, Any]:
    """La base que désigne une adresse `postgres://` ou `sqlite:///` ; sans réglage, le fichier `locale`."""
    lue = texte(nom)
    if not lue:
        return sqlite(locale)
    protocole = lue.partition("://")[0] if "://" in lue else ""
    if protocole not in BASES:
        refuser(nom, "il faut une adresse postgres://compte:motdepasse@hôte/base, ou sqlite:////chemin/base.")
    try:
        configuration = environ.Env.db_url_config(lue)
        port = configuration.get("PORT") or 0
    except (ValueError, KeyError, ImproperlyConfigured):
        port, configuration = "illisible", {}
    if not isinstance(port, int) or configuration.get("NAME") in (None, "", ":memory:"):
        refuser(
            nom,
            "l'adresse ne se lit pas : il y manque le nom de la base, ou le port n'est pas un nombre. Dans un mot de "
            "passe, les signes @ : / # ? s'écrivent %40 %3A %2F %23 %3F.",
        )
    if protocole == "sqlite":
        return sqlite(configuration["NAME"])
    configuration.setdefault("CONN_MAX_AGE", 60)
    configuration["OPTIONS"] = {"connect_timeout": ATTENTE_BASE} | configuration.get("OPTIONS", {})
    return configuration


def sqlite(fichier: Path | str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": fichier,
        "OPTIONS": {
            # IMMEDIATE : deux écrivains s'attendent au lieu de se perdre (DEFERRED perdait des transactions).
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


def messagerie(nom: str) -> dict[str, Any] | None:
    """Les réglages `EMAIL_*` de Django ; `None` quand l'instance n'envoie pas de courriel."""
    lue = texte(nom)
    if not lue:
        return None
    protocole = lue.partition("://")[0] if "://" in lue else ""
    if protocole == "consolemail":
        refuser(nom, "consolemail écrirait dans le journal du serveur des liens qui ouvrent un compte.")
    if protocole not in MESSAGERIES:
        refuser(nom, "il faut une adresse smtp+tls://compte:motdepasse@serveur:587, ou laissez-le vide.")
    try:
        lus = environ.Env.email_url_config(lue)
        port = urlsplit(lue).port or 0
    except (ValueError, KeyError, ImproperlyConfigured):
        lus, port = {}, -1
    if port < 0 or not (lus.get("EMAIL_FILE_PATH") if protocole == "filemail" else lus.get("EMAIL_HOST")):
        refuser(nom, "l'adresse ne se lit pas : il y manque le serveur, ou le port n'est pas un nombre.")
    return lus


def expediteur(nom: str, defaut: str) -> str:
    lu = texte(nom, defaut)
    if "@" not in parseaddr(lu)[1] or len(lu.splitlines()) > 1:
        refuser(nom, f"« {lu} » n'est pas une adresse de courriel. Écrivez registre@exemple.fr.")
    return lu


def sans_trace(action):
    """Exécute `action` ; un réglage à corriger se dit en une phrase sur la sortie d'erreur, code de sortie 1."""
    try:
        return action()
    except ImproperlyConfigured as faute:
        sys.exit(f"Réglage à corriger. {faute}")
