"""Les gardes que la base elle-même oppose à qui voudrait réécrire le journal (SQLite et PostgreSQL)."""

from django.db.backends.base.base import BaseDatabaseWrapper

REFUS_ENTREE = "Le journal ne se modifie pas et ne s''efface pas."
REFUS_TETE = "La tête du journal ne recule pas et ne s''efface pas."

SQLITE = {
    "journal_entree_update": f"BEFORE UPDATE ON journal_entree BEGIN SELECT RAISE(ABORT, '{REFUS_ENTREE}'); END",
    "journal_entree_delete": f"BEFORE DELETE ON journal_entree BEGIN SELECT RAISE(ABORT, '{REFUS_ENTREE}'); END",
    "journal_tete_update": "BEFORE UPDATE ON journal_tete WHEN NEW.seq <= OLD.seq "
    f"BEGIN SELECT RAISE(ABORT, '{REFUS_TETE}'); END",
    "journal_tete_delete": f"BEFORE DELETE ON journal_tete BEGIN SELECT RAISE(ABORT, '{REFUS_TETE}'); END",
    "journal_tete_insert": "BEFORE INSERT ON journal_tete WHEN (SELECT COUNT(*) FROM journal_tete) > 0 "
    f"BEGIN SELECT RAISE(ABORT, '{REFUS_TETE}'); END",
}
FONCTIONS = {
    "journal_refuser": f"BEGIN RAISE EXCEPTION '{REFUS_ENTREE}'; END",
    "journal_garder_tete": "BEGIN IF TG_OP = 'UPDATE' AND NEW.seq > OLD.seq THEN RETURN NEW; END IF; "
    "IF TG_OP = 'INSERT' AND NOT EXISTS (SELECT 1 FROM journal_tete) THEN RETURN NEW; END IF; "
    f"RAISE EXCEPTION '{REFUS_TETE}'; END",
}
POSTGRESQL = {
    ("journal_entree_ligne", "journal_entree"): "BEFORE UPDATE OR DELETE ON journal_entree FOR EACH ROW "
    "EXECUTE FUNCTION journal_refuser()",
    ("journal_entree_table", "journal_entree"): "BEFORE TRUNCATE ON journal_entree FOR EACH STATEMENT "
    "EXECUTE FUNCTION journal_refuser()",
    ("journal_tete_ligne", "journal_tete"): "BEFORE INSERT OR UPDATE OR DELETE ON journal_tete FOR EACH ROW "
    "EXECUTE FUNCTION journal_garder_tete()",
    ("journal_tete_table", "journal_tete"): "BEFORE TRUNCATE ON journal_tete FOR EACH STATEMENT "
    "EXECUTE FUNCTION journal_garder_tete()",
}


def poser(connexion: BaseDatabaseWrapper) -> None:
    with connexion.cursor() as curseur:
        if connexion.vendor == "postgresql":
            for nom, corps in FONCTIONS.items():
                curseur.execute(
                    f"CREATE OR REPLACE FUNCTION {nom}() RETURNS trigger AS $$ {corps} $$ LANGUAGE plpgsql"
                )
            for (nom, _), corps in POSTGRESQL.items():
                curseur.execute(f"CREATE OR REPLACE TRIGGER {nom} {corps}")
        else:
            for nom, corps in SQLITE.items():
                curseur.execute(f"CREATE TRIGGER IF NOT EXISTS {nom} {corps}")


def retirer(connexion: BaseDatabaseWrapper) -> None:
    """Retire les gardes ; sert à défaire la migration et à vider une base de test."""
    with connexion.cursor() as curseur:
        if connexion.vendor == "postgresql":
            for nom, table in POSTGRESQL:
                curseur.execute(f"DROP TRIGGER IF EXISTS {nom} ON {table}")
        else:
            for nom in SQLITE:
                curseur.execute(f"DROP TRIGGER IF EXISTS {nom}")
