"""Le journal du serveur : aucune adresse qui ouvre quelque chose, et pas de trace pour un simple refus."""

import logging
import re
from copy import copy

SECRETES = re.compile(r"(/compte/password/reset/key/|/agenda/)[^\s/\"']+")


class Discret(logging.Formatter):
    """Masque dans la ligne entière, trace comprise, ce qui suffirait à entrer ; un refus (403, 404…) tient en une ligne."""

    def format(self, record: logging.LogRecord) -> str:
        statut, requete = getattr(record, "status_code", 0), getattr(record, "request", None)
        if requete is not None and 400 <= statut < 500:
            record = copy(record)
            record.msg, record.args = "%s %s %s", (statut, requete.method, requete.path)
            record.exc_info = record.exc_text = None
        return SECRETES.sub(r"\1[masqué]", super().format(record))
