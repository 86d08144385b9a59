"""L'échéancier de conservation en CSV : les échéances que la page montre, dans le même ordre."""

from collections.abc import Iterable

from conservation.echeancier import Genre
from documents import csv_francais
from documents.csv_francais import ColonneCsv
from registre.execution.echeancier_lu import EcheanceLue

EXTENSION = "csv"
TYPE_MIME = csv_francais.TYPE_MIME


def produire(lues: Iterable[EcheanceLue]) -> bytes:
    return csv_francais.tableau(COLONNES, lues)


def _terme(lue: EcheanceLue) -> str:
    """Le jour (ISO), « inconnue » quand rien ne le dit ; vide quand il n'y en a pas."""
    return lue.due.isoformat() if lue.due else ("inconnue" if lue.genre is Genre.INCONNU else "")


COLONNES = (
    ColonneCsv("fiche", "Fiche", lambda lue: lue.reference),
    ColonneCsv("intitule", "Intitulé", lambda lue: lue.intitule),
    ColonneCsv("regle", "Durée", lambda lue: lue.phrase),
    ColonneCsv("genre", "Ce qui est dû", lambda lue: lue.genre.libelle),
    ColonneCsv("echeance", "Échéance", _terme),
    ColonneCsv("retard", "Jours de retard", lambda lue: str(lue.retard_jours)),
    ColonneCsv("en_retard", "En retard", lambda lue: "oui" if lue.en_retard else "non"),
    ColonneCsv("pourquoi", "Pourquoi", lambda lue: lue.pourquoi),
    ColonneCsv("etat", "État", lambda lue: lue.etat),
)
