"""Ce qu'un fichier dit avoir été signé (opérations, épreuves), comparé à ce qui l'est ici. Rien n'en est recréé.

Une opération est signée là où elle a été faite : son auteur, sa date et l'empreinte de sa preuve sont ce que le service a
su en l'enregistrant. Reconnue à son identifiant, elle est la même, ou le fichier la contredit et il le dit champ par champ.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db import models

from registre.echanges.exports.json_registre import signees
from registre.echanges.imports.lot import Lot
from registre.fiche import agregat as ag
from registre.fiche.codes import Codes
from registre.fiche.lecture import date_en_mots, elements, est_vide
from traitements.models import Traitement
from traitements.phrases import accorder, enumerer, majuscule

PORTES = (
    (ag.OPERATION, "operations", ("opération", "opérations")),
    (ag.EPREUVE, "epreuves", ("épreuve d'anonymat", "épreuves d'anonymat")),
)
# Ce qu'une opération ou une épreuve porte depuis novembre 2026.
APPARUS = frozenset(
    "durees_visees sql_sha256 volume_inconnu preuve_absente source_table source_colonne source_filtres source_lecture source_genre a_venir "
    "ligne donnees_origine criteres protocole".split()
)
MONTRES_MAX = 5  # champs cités par contradiction
VALEUR_MAX = 60  # caractères d'une valeur citée


@dataclass
class Comparaison:
    notes: list[str] = field(default_factory=list)
    contredits: list[tuple[str, list[str]]] = field(default_factory=list)


def comparer(lot: Lot) -> Comparaison:
    """S'emploie dans la portée de l'organisme qui reçoit le lot."""
    comparaison, laissees = Comparaison(), []
    references = (
        dict(Traitement.objects.values_list("pk", "reference")) if lot.operations or lot.epreuves else {}
    )
    for forme, nom, mots in PORTES:
        du_fichier = getattr(lot, nom)
        ici = {s["id"]: s for s in signees(forme, references)} if du_fichier else {}
        connues = [s for s in du_fichier if isinstance(s.get("id"), str) and s["id"] in ici]
        contredites = [s for s in connues if _ecarts(s, ici[s["id"]])]
        if memes := len(connues) - len(contredites):
            comparaison.notes.append(f"{_compte(memes, mots)} déjà là, {accorder(memes, 'inchangée')}.")
        comparaison.contredits += [_contredite(forme, s, ici[s["id"]]) for s in contredites]
        if absentes := len(du_fichier) - len(connues):
            laissees.append((absentes, mots))
    if laissees:
        comparaison.notes.append(_non_reprises(laissees))
    return comparaison


def _ecarts(du_fichier: dict[str, Any], ici: dict[str, Any]) -> list[str]:
    """Les champs où le fichier contredit ce qui est signé ; il ne contredit pas un champ qu'il est trop ancien pour porter."""
    champs = dict.fromkeys([*ici, *du_fichier])
    dits = [c for c in champs if c in du_fichier or c not in APPARUS]
    return [c for c in dits if ici.get(c) != du_fichier.get(c)]


def _non_reprises(laissees: list[tuple[int, tuple[str, str]]]) -> str:
    total = sum(nombre for nombre, _ in laissees)
    return (
        f"{enumerer(_compte(n, mots) for n, mots in laissees)} du fichier, non {accorder(total, 'reprise')} : "
        "une opération se signe là où elle a été faite. Gardez le fichier, qui porte l'empreinte des preuves."
    )


def _compte(nombre: int, mots: tuple[str, str]) -> str:
    return f"{nombre} {mots[nombre > 1]}"


def _contredite(forme: ag.Agregat, du_fichier: dict[str, Any], ici: dict[str, Any]) -> tuple[str, list[str]]:
    nom = f"{majuscule(str(forme.modele._meta.verbose_name))} du {date_en_mots(ici['date'])}, {ici['fiche']}"
    codes = Codes()
    dits = [_dite(forme, c, du_fichier.get(c), ici.get(c), codes) for c in _ecarts(du_fichier, ici)]
    autres = len(dits) - MONTRES_MAX
    suite = [f"et {autres} {accorder(autres, 'autre')}"] if autres > 0 else []
    return nom, [
        "Le fichier contredit ce qui est signé ici. Rien n'en est pris.",
        *dits[:MONTRES_MAX],
        *suite,
    ]


def _dite(forme: ag.Agregat, nom: str, du_fichier: Any, ici: Any, codes: Codes) -> str:
    """« nombre avant : 12 dans le fichier, 213 ici »."""
    champ = next((c for c in forme.modele._meta.concrete_fields if c.name == nom), None)
    libelle = champ.verbose_name if champ is not None else nom
    return f"{libelle} : {_citer(champ, du_fichier, codes)} dans le fichier, {_citer(champ, ici, codes)} ici"


def _citer(champ: models.Field | None, valeur: Any, codes: Codes) -> str:
    """La valeur comme elle se lit, écourtée ; telle quelle si elle n'a pas la forme attendue."""
    if est_vide(valeur):
        return "rien"
    if isinstance(valeur, dict):
        return "un autre contenu"
    try:
        lue = ", ".join(elements(champ, valeur, codes)) if champ is not None else str(valeur)
    except (TypeError, ValueError, AttributeError):
        lue = str(valeur)
    return lue if len(lue) <= VALEUR_MAX else f"{lue[:VALEUR_MAX]}…"
