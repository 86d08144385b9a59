"""L'échéancier en agenda (RFC 5545) : un évènement d'une journée par échéance, et rien d'autre qu'elle."""

from collections.abc import Iterable
from datetime import date, timedelta

from conservation.echeancier import Echeance

TYPE_MIME = "text/calendar; charset=utf-8"
LARGEUR = 75  # octets


def produire(echeances: Iterable[Echeance], nom: str) -> bytes:
    lignes = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Registre//Echeancier//FR", "CALSCALE:GREGORIAN"]
    lignes += ["METHOD:PUBLISH", f"X-WR-CALNAME:{echapper(f'Conservation, {nom}')}"]
    for echeance in echeances:
        if echeance.due and echeance.due < date.max:
            lignes += _evenement(echeance, echeance.due)
    return "".join(plier(ligne) + "\r\n" for ligne in [*lignes, "END:VCALENDAR"]).encode()


def _evenement(e: Echeance, due: date) -> list[str]:
    """L'UID ne tient qu'à la fiche, à la durée et au genre : une échéance reportée déplace l'évènement."""
    return [
        "BEGIN:VEVENT",
        f"UID:{e.fiche}-{e.regle}-{e.genre}@registre",
        f"DTSTAMP:{due:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{due:%Y%m%d}",
        f"DTEND;VALUE=DATE:{due + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{echapper(f'{e.genre.libelle} : {e.reference} {e.intitule}, durée {e.regle}')}",
        f"DESCRIPTION:{echapper(e.pourquoi)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def echapper(texte: str) -> str:
    for brut, echappe in (
        ("\\", "\\\\"),
        (";", "\\;"),
        (",", "\\,"),
        ("\r\n", "\\n"),
        ("\n", "\\n"),
        ("\r", "\\n"),
    ):
        texte = texte.replace(brut, echappe)
    return "".join(c for c in texte if c >= " " and c != "\x7f")


def plier(ligne: str) -> str:
    """Coupe aux 75 octets sans couper un caractère ; la suite commence par une espace."""
    morceaux, courant, taille = [], "", 0
    for c in ligne:
        n = len(c.encode())
        if taille + n > LARGEUR:
            morceaux.append(courant)
            courant, taille = " ", 1
        courant, taille = courant + c, taille + n
    return "\r\n".join([*morceaux, courant])
