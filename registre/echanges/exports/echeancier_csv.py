"""L'échéancier de conservation en CSV : les échéances que la page montre, dans le même ordre."""

from collections.abc import Iterable

from conservation.echeancier import Genre
from documents import csv_francais
from documents.csv_francais import ColonneCsv
from registre.execution.echeances import EcheanceLue

EXTENSION = "csv"
TYPE_MIME = csv_francais.TYPE_MIME


def produire(lues: Iterable[EcheanceLue]) -> bytes:
    return csv_francais.tableau(COLONNES, lues)


def _terme(lue: EcheanceLue) -> str:
    """Le jour (ISO), « inconnue » quand rien ne le dit ; vide quand il n'y en a pas."""
    e = lue.echeance
    return e.due.isoformat() if e.due else ("inconnue" if e.genre is Genre.INCONNU else "")


COLONNES = (
    ColonneCsv("fiche", "Fiche", lambda lue: lue.echeance.reference),
    ColonneCsv("intitule", "Intitulé", lambda lue: lue.echeance.intitule),
    ColonneCsv("regle", "Durée", lambda lue: lue.phrase),
    ColonneCsv("genre", "Ce qui est dû", lambda lue: lue.echeance.genre.libelle),
    ColonneCsv("echeance", "Échéance", _terme),
    ColonneCsv("retard", "Jours de retard", lambda lue: str(lue.echeance.retard_jours)),
    ColonneCsv("pourquoi", "Pourquoi", lambda lue: lue.echeance.pourquoi),
    ColonneCsv("etat", "État", lambda lue: lue.etat),
)
