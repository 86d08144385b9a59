"""Les imports : un module par format, avec `lire(chemin) -> Lot` ; une ligne ici."""

from registre.echanges.imports import cnil, json_registre

FORMATS = {
    "cnil-ods": cnil,
    "json": json_registre,
}
