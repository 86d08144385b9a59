"""Les lignes d'un rappel : une par fiche, par mission ou par contrat. Ce qui a été dit se retient fait par fait, et non par la ligne.

Deux durées d'une fiche se disent en une ligne ; que l'une remplace l'autre, ou que trois lignes au-delà du terme deviennent quatre mille, et
c'est nouveau, même si la ligne se lit pareil.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from conservation.attentes import Genre
from registre.execution.echeancier_lu import EcheanceLue
from traitements.phrases import accorder, compte, date_en_mots, enumerer, nombre

DEMANDES_MAX = 3  # d'une fiche, sur sa ligne


@dataclass(frozen=True)
class LigneDeRappel:
    """Une ligne qui dit un seul fait : une revue, une mission, un contrat."""

    texte: str

    @property
    def faits(self) -> tuple[str, ...]:
        return (self.texte,)

    def neuve(self, neufs: Collection[str]) -> str:
        """Ce qu'elle dit de ces faits-là ; vide s'ils n'en sont pas."""
        return self.texte if self.texte in neufs else ""


@dataclass(frozen=True)
class LigneDeFiche:
    """Ce qu'une fiche demande : un fait par échéance. « TR-001 Prospection : 3 durées (purge périodique, 1er janvier 2021) »."""

    lues: tuple[EcheanceLue, ...]

    @property
    def texte(self) -> str:
        return _dire(self.lues)

    @property
    def faits(self) -> tuple[str, ...]:
        return tuple(_fait(lue) for lue in self.lues)

    def neuve(self, neufs: Collection[str]) -> str:
        """Les seules échéances nouvelles, et combien d'autres durées de la fiche ont déjà été rappelées."""
        choisies = [lue for lue in self.lues if _fait(lue) in neufs]
        if not choisies:
            return ""
        autres = len({lue.regle for lue in self.lues} - {lue.regle for lue in choisies})
        suite = f", outre {compte(autres, 'durée')} déjà {accorder(autres, 'rappelée')}" if autres else ""
        return f"{_dire(choisies)}{suite}"


def par_fiche(lues: Iterable[EcheanceLue]) -> tuple[LigneDeFiche, ...]:
    """Une ligne par fiche : trois durées à purger le même jour ne s'écrivent pas trois fois."""
    fiches: dict[str, list[EcheanceLue]] = {}
    for lue in lues:
        fiches.setdefault(lue.fiche, []).append(lue)
    return tuple(LigneDeFiche(tuple(siennes)) for siennes in fiches.values())


def _fait(lue: EcheanceLue) -> str:
    """La fiche, la durée, ce qui est dû et quand, et les chiffres de sa raison : qu'un seul change, et c'est un autre fait.

    Le jour du dernier relevé n'en est pas : relever chaque jour les trois mêmes lignes n'apprend rien.
    """
    raison = lue.pourquoi if lue.genre is Genre.NON_APPLIQUEE else "+".join(map(str, lue.lignes))
    due = lue.due.isoformat() if lue.due else ""
    return "|".join((lue.fiche, str(lue.regle), lue.phrase, lue.genre, due, raison))


def _dire(lues: Iterable[EcheanceLue]) -> str:
    """Trois demandes au plus ; une durée seule se dit par sa phrase."""
    lues = tuple(lues)
    e, durees = lues[0], {lue.regle for lue in lues}
    demandes: dict[str, set[int]] = {}
    for lue in lues:
        demandes.setdefault(_demande(lue), set()).add(lue.regle)
    partagees = len(durees) > 1 and len(demandes) > 1
    dites = [f"{d}, pour {len(siennes)}" if partagees else d for d, siennes in demandes.items()]
    if (reste := len(dites) - DEMANDES_MAX) > 0:
        dites = [*dites[:DEMANDES_MAX], f"et {compte(reste, 'autre')}"]
    quoi = e.phrase if len(durees) == 1 else compte(len(durees), "durée")
    return f"{e.reference} {e.intitule} : {quoi} ({' ; '.join(dites)})"


def _demande(lue: EcheanceLue) -> str:
    """« purge périodique, 1er janvier 2021 » ; « 4 000 lignes au-delà du terme, depuis le 21 novembre 2026 »."""
    due = date_en_mots(lue.due) if lue.due else ""
    if not lue.lignes:
        return ", ".join(filter(None, [lue.genre.libelle.lower(), due]))
    lignes = f"{enumerer(map(nombre, lue.lignes))} {accorder(max(lue.lignes), 'ligne')} au-delà du terme"
    return f"{lignes}, depuis le {due}"
