"""Ce qu'une panne de la base, du disque ou des droits veut dire, et que faire : en français, sans trace ni secret."""

from django.db import DatabaseError, InterfaceError, OperationalError

from registre.portes.serveur.systeme import raison_systeme

PREPARER = "La base n'est pas préparée pour cette version du registre : lancez « python manage.py preparer »."
LECTURE_SEULE = "La base est en lecture seule : à qui est son fichier, est-ce bien le serveur principal ?"
# Ce que SQLite et PostgreSQL en disent ; le premier trouvé l'emporte.
SIGNES = (
    ("no such table", PREPARER),
    ("no such column", PREPARER),
    ("has no column named", PREPARER),
    ("undefinedtable", PREPARER),
    ("undefinedcolumn", PREPARER),
    ("locked", "La base est occupée par un autre programme : réessayez dans un instant."),
    ("readonly", LECTURE_SEULE),
    ("read-only", LECTURE_SEULE),
    ("unable to open", "Le fichier de la base ne s'ouvre pas : son dossier existe-t-il, et à qui est-il ?"),
    ("not a database", "Le fichier de la base n'en est pas un, ou il est abîmé : reprenez une sauvegarde."),
    ("malformed", "Le fichier de la base est abîmé : reprenez une sauvegarde."),
    ("disk is full", "Le disque est plein."),
    ("disk i/o error", "Le disque ne répond pas."),
    (
        "authentication failed",
        "Le serveur de la base refuse ce compte ou ce mot de passe : voyez DATABASE_URL.",
    ),
    ("no password supplied", "Le serveur de la base demande un mot de passe : voyez DATABASE_URL."),
)
MUETTE = "La base de données ne répond pas : son serveur est-il démarré, et DATABASE_URL est-elle la bonne ?"


def panne(erreur: BaseException) -> str:
    """La phrase à dire ; vide quand ce n'est pas une panne connue, et que l'erreur doit rester une erreur."""
    if isinstance(erreur, DatabaseError | InterfaceError):
        return _base(erreur)
    if isinstance(erreur, OSError) and erreur.errno and not isinstance(erreur, ConnectionError):
        return f"{erreur.filename or 'Un fichier'} : {raison_systeme(erreur)}."
    return ""


def _base(erreur: BaseException) -> str:
    texte = f"{type(erreur.__cause__).__name__} {erreur}".lower()
    trouvee = next((phrase for signe, phrase in SIGNES if signe in texte), "")
    return trouvee or (MUETTE if isinstance(erreur, OperationalError | InterfaceError) else "")
