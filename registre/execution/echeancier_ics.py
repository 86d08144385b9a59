"""L'échéancier en agenda (RFC 5545) : un évènement d'une journée par échéance, et rien d'autre qu'elle."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from registre.execution.echeancier_lu import EcheanceLue
from traitements.phrases import date_en_mots, majuscule

TYPE_MIME = "text/calendar; charset=utf-8"
LARGEUR = 75  # octets
ORIGINE = datetime(2020, 1, 1, tzinfo=UTC)  # d'où se compte SEQUENCE, qui ne peut que croître


def produire(
    echeances: Iterable[EcheanceLue],
    nom: str,
    le: date,
    changees: Mapping[str, datetime],
    adresses: Mapping[str, str],
) -> bytes:
    """`changees` : le dernier changement de chaque fiche ; `adresses` : sa page ; par identifiant."""
    lignes = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Registre//Echeancier//FR", "CALSCALE:GREGORIAN"]
    lignes += ["METHOD:PUBLISH", f"X-WR-CALNAME:{echapper(f'Conservation, {nom}')}"]
    for e in echeances:
        jour = le if e.en_retard else e.due
        if jour and jour < date.max:
            lignes += _evenement(
                e, jour, _estampille(e, le, changees.get(e.fiche, ORIGINE)), adresses[e.fiche]
            )
    return "".join(plier(ligne) + "\r\n" for ligne in [*lignes, "END:VCALENDAR"]).encode()


def _estampille(e: EcheanceLue, le: date, changee: datetime) -> datetime:
    """Le dernier changement ; un retard, montré chaque jour à ce jour, change chaque jour."""
    minuit = datetime.combine(le, time(), UTC)
    return max(changee.astimezone(UTC), minuit) if e.en_retard else changee.astimezone(UTC)


def _evenement(e: EcheanceLue, jour: date, change: datetime, adresse: str) -> list[str]:
    """L'UID ne tient qu'à la fiche, à la durée et au genre : une échéance reportée déplace l'évènement."""
    depuis = f"En retard depuis le {date_en_mots(e.due)}. " if e.en_retard and e.due else ""
    return [
        "BEGIN:VEVENT",
        f"UID:{e.fiche}-{e.regle}-{e.genre}@registre",
        f"DTSTAMP:{change:%Y%m%dT%H%M%SZ}",
        f"LAST-MODIFIED:{change:%Y%m%dT%H%M%SZ}",
        f"SEQUENCE:{max(0, int((change - ORIGINE).total_seconds()) // 60)}",
        f"DTSTART;VALUE=DATE:{jour:%Y%m%d}",
        f"DTEND;VALUE=DATE:{jour + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{echapper(f'{e.genre.libelle} : {e.reference} {e.intitule}, durée {e.regle}')}",
        f"DESCRIPTION:{echapper(f'{depuis}{majuscule(e.pourquoi)}')}",
        f"URL:{adresse}",
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
