"""Le référentiel des durées en CSV : les durées que la page montre, dans le même ordre."""

from collections.abc import Iterable

from conservation.durees import lire_iso
from documents import csv_francais
from documents.csv_francais import ColonneCsv
from registre.fiche.durees_reference import DureeDeReferenceLue

EXTENSION = "csv"
TYPE_MIME = csv_francais.TYPE_MIME


def produire(lues: Iterable[DureeDeReferenceLue]) -> bytes:
    return csv_francais.tableau(COLONNES, lues)


def _en_mots(iso: str) -> str:
    return str(lire_iso(iso) or "")


COLONNES = (
    ColonneCsv("code", "Code", lambda lue: lue.regle.pk),
    ColonneCsv("regle", "Durée de référence", lambda lue: lue.regle.libelle),
    ColonneCsv("situation", "Situation", lambda lue: lue.regle.get_situation_display()),
    ColonneCsv("quand", "Quand", lambda lue: lue.regle.quand),
    ColonneCsv("traitements", "Traitements", lambda lue: ", ".join(lue.traitements)),
    ColonneCsv("categories", "Catégories", lambda lue: ", ".join(lue.categories)),
    ColonneCsv("phase", "Phase", lambda lue: lue.phase),
    ColonneCsv("duree", "Durée", lambda lue: _en_mots(lue.regle.duree)),
    ColonneCsv("duree_min", "Durée minimale", lambda lue: _en_mots(lue.regle.duree_min)),
    ColonneCsv("critere", "Critère", lambda lue: lue.regle.critere),
    ColonneCsv("point_depart", "Point de départ", lambda lue: lue.depart),
    ColonneCsv("sort_final", "Sort final", lambda lue: lue.sort),
    ColonneCsv("nature", "Nature", lambda lue: lue.regle.get_nature_display()),
    ColonneCsv("force", "Force", lambda lue: lue.regle.get_force_display()),
    ColonneCsv("source", "Source", lambda lue: lue.regle.source),
    ColonneCsv("verifie", "Vérification", lambda lue: lue.marque),
    ColonneCsv("remarque", "Remarque", lambda lue: lue.regle.remarque),
    ColonneCsv("fiches", "Fiches qui la citent", lambda lue: ", ".join(ref for _, ref in lue.fiches)),
)
