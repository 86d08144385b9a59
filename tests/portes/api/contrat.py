"""Le contrat de l'API, éprouvé par schemathesis : ce que le schéma permet passe, ce qu'il interdit est refusé, rien n'étonne.

Sert à l'essai court (`test_contrat.py`) et au passage long (`benchmarks/contrat.py`). Chaque exigence de schemathesis
vaut, sauf celles que le produit tient autrement, et que l'on dit ici.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import schemathesis
from django.db import connections
from django.test import Client
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from registre.wsgi import application as registre

SCHEMA = "/api/v1/schema/"
# Un refus de fond : la requête est bien faite, et c'est le registre qui ne la permet pas. Un schéma ne sait pas le dire.
DE_FOND = re.compile(
    "porte déjà|vient d'enregistrer|n'a pas de|Aucun tiers|s'appelle|même numéro|portent le numéro|SIREN"
    "|nombre et d'une unité|finir avant|avant d'avoir commencé|Seul le délégué|lieu d'être|ne s'écarte pas|Écrivez une raison"
    "|Registre tient lui-même|Rubriques proposées|obligatoire pour|propre sous-traitant|^[A-Z]{3}-[0-9]{2}, "
)
PHASES = ("examples", "coverage", "fuzzing", "stateful")


@dataclass
class Rapport:
    """`requetes` : combien, par statut. `manques` : un texte par exigence non tenue, sans doublon."""

    requetes: Counter = field(default_factory=Counter)
    manques: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        statuts = ", ".join(f"{statut} : {n}" for statut, n in sorted(self.requetes.items()))
        return f"{sum(self.requetes.values())} requêtes ({statuts}), {len(self.manques)} manques"


def eprouver(
    client: Client, *, exemples: int, secondes: int, adresse: str, graine: int = 1, phases=PHASES
) -> Rapport:
    """Éprouve toutes les routes du schéma avec la session de ce client, à l'`adresse` que rend `servir`.

    L'appel direct, sans serveur, ne sert pas : schemathesis 4.32 y passe une option que Werkzeug ne connaît pas.
    """
    reglages = SchemathesisConfig.from_dict(
        {
            "seed": graine,
            "max-time": secondes,
            "base-url": adresse,
            "parameters": {"cookie.sessionid": client.cookies["sessionid"].value},
            "continue-on-failure": True,
            "generation": {
                "max-examples": exemples,
                "deterministic": True,
                "no-shrink": True,
                "database": "none",
            },
            "phases": {nom: {"enabled": nom in phases} for nom in PHASES},
            # 428 dit exactement ce qui manque (RFC 6585) ; schemathesis attend 406 par défaut.
            "checks": {
                "missing_required_header": {"expected-statuses": [401, 403, 404, 428]},
                # L'étiquette se juge avant le corps : d'une autre révision, 412 sans rien en lire.
                "negative_data_rejection": {
                    "expected-statuses": [400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428]
                },
            },
        }
    )
    schema = schemathesis.openapi.from_dict(client.get(SCHEMA).json(), config=reglages)
    rapport = Rapport()
    for fait in from_schema(schema).execute():
        if isinstance(fait, events.NonFatalError | events.FatalError):
            erreur = getattr(fait, "value", None) or fait.exception
            rapport.manques[f"erreur {getattr(fait, 'label', '')}"] = repr(erreur)
        elif isinstance(fait, events.ScenarioFinished | events.FuzzScenarioFinished):
            _compter(rapport, fait)
    return rapport


class _Serveur(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Muet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


@contextmanager
def servir(en_transaction: bool = False) -> Iterator[str]:
    """L'application sur un port libre de cette machine, le temps du bloc. `en_transaction` : sur la connexion de l'essai."""
    application, genre = (
        (_dans_la_transaction(_avec_jeton()), WSGIServer) if en_transaction else (_avec_jeton(), _Serveur)
    )
    with make_server("127.0.0.1", 0, application, genre, _Muet) as serveur:
        Thread(target=serveur.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serveur.server_port}"
        serveur.shutdown()


def _dans_la_transaction(app):
    """L'application, dans la transaction de l'essai : schemathesis appelle d'un autre fil, qui n'en verrait rien."""
    partagee = connections["default"]
    partagee.inc_thread_sharing()

    def repondre(environ, demarrer):
        connections["default"] = partagee
        return app(environ, demarrer)

    return repondre


def _avec_jeton():
    """L'application, le jeton CSRF posé : sans lui, aucune écriture ne passerait la porte."""
    jeton = "a" * 32

    def repondre(environ, demarrer):
        environ["HTTP_COOKIE"] = f"{environ.get('HTTP_COOKIE', '')}; csrftoken={jeton}".lstrip("; ")
        environ["HTTP_X_CSRFTOKEN"] = jeton
        return registre(environ, demarrer)

    return repondre


def _compter(rapport: Rapport, fait: Any) -> None:
    for echange in fait.recorder.interactions.values():
        if echange.response is not None:
            rapport.requetes[echange.response.status_code] += 1
    for identifiant, controles in fait.recorder.checks.items():
        for controle in controles:
            if controle.failure_info is None:
                continue
            echange = fait.recorder.interactions[identifiant]
            if controle.name == "positive_data_acceptance" and _refus_de_fond(echange.response):
                continue
            echec = controle.failure_info.failure
            cle = f"{fait.recorder.label} {controle.name} {echange.response.status_code} {echec.title}"
            rapport.manques.setdefault(cle, f"{echec.message}\n{_dire(echange)}")


def _refus_de_fond(reponse) -> bool:
    if reponse.status_code == 412:  # l'étiquette tirée au sort n'est pas celle de l'objet
        return True
    if reponse.status_code == 422 and "clé d'idempotence" in reponse.text:  # tirée deux fois
        return True
    try:
        erreurs = reponse.json().get("erreurs", {})
    except ValueError:
        return False
    return (
        reponse.status_code == 400
        and bool(erreurs)
        and all(DE_FOND.search(m) for ms in erreurs.values() for m in ms)
    )


def _dire(echange) -> str:
    envoi = echange.request
    corps = (envoi.body or b"")[:1500]
    recu = echange.response.content[:600].decode(errors="replace")
    return f"{envoi.method} {envoi.uri}\n{ {n: v for n, v in envoi.headers.items() if n != 'Cookie'} }\n{corps!r}\n→ {recu}"
