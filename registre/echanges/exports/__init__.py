"""Les exports : un module par format, avec `produire(demande) -> bytes`, `EXTENSION` et `TYPE_MIME` ; une ligne ici."""

from registre.echanges.exports import json_registre, pdf

FORMATS = {
    "pdf": pdf,
    "json": json_registre,
}
