"""La page que la surveillance interroge : la base répond-elle, est-elle préparée, peut-on y écrire ?

Elle ne passe ni par la session ni par les comptes, qui sont dans la base : sans elle, elle répond encore.
"""

from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import Error, OperationalError
from django.http import HttpRequest, JsonResponse

from registre.portes.serveur.pannes import LECTURE_SEULE, PREPARER, SIGNES, panne

ATTENTE = 2  # secondes : une sonde qui attend davantage conclut d'elle-même
MUETTE = "La base de données ne répond pas."
# Ce que la sonde répète : des phrases de `pannes`, qui ne nomment ni machine, ni compte, ni chemin.
PHRASES = {phrase for _, phrase in SIGNES}


class SanteMiddleware:
    """Répond à `/sante/` avant tout ce qui lit la base."""

    def __init__(self, suite):
        self.suite = suite

    def __call__(self, request: HttpRequest):
        if request.path == "/sante/" and request.method in ("GET", "HEAD"):
            return sante(request)
        return self.suite(request)


@login_not_required
def sante(request: HttpRequest) -> JsonResponse:
    raison = defaut()
    if raison:
        reponse = JsonResponse({"etat": "indisponible", "raison": raison}, status=503)
        reponse["Retry-After"] = "30"
    else:
        reponse = JsonResponse({"etat": "ok"})
    reponse["Cache-Control"] = "no-store"
    return reponse


def defaut() -> str:
    """Ce qui empêche le registre de servir ; vide si tout va. Sa propre connexion : attente courte, rien de tenu ouvert."""
    connexion = connections[DEFAULT_DB_ALIAS].copy()
    options = connexion.settings_dict["OPTIONS"]
    options["timeout" if connexion.vendor == "sqlite" else "connect_timeout"] = ATTENTE
    try:
        _ouvrir(connexion)
        return PREPARER if _migrations_manquantes(connexion) else _ecriture(connexion)
    except (Error, OSError) as erreur:
        dite = panne(erreur)
        return dite if dite in PHRASES else MUETTE
    finally:
        connexion.close()


def _ouvrir(connexion) -> None:
    """Ouvre la base sans jamais la créer : SQLite ferait un fichier vide là où le vrai a disparu."""
    nom = str(connexion.settings_dict["NAME"])
    if connexion.vendor == "sqlite" and not nom.startswith("file:") and not Path(nom).is_file():
        raise OperationalError("unable to open database file")
    connexion.ensure_connection()


def _migrations_manquantes(connexion) -> bool:
    execution = MigrationExecutor(connexion)
    return bool(execution.migration_plan(execution.loader.graph.leaf_nodes()))


def _ecriture(connexion) -> str:
    """SQLite : un fichier en lecture seule se voit en prenant le verrou d'écriture ; occupé, il va bien."""
    with connexion.cursor() as curseur:
        if connexion.vendor == "postgresql":
            curseur.execute("SHOW transaction_read_only")
            return LECTURE_SEULE if curseur.fetchone()[0] == "on" else ""
        try:
            curseur.execute("BEGIN IMMEDIATE")
            curseur.execute("ROLLBACK")
        except OperationalError as erreur:
            if "locked" not in str(erreur):
                raise
    return ""
