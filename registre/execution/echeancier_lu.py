"""L'échéancier tel qu'il se lit : les retards, puis mois par mois, puis ce que rien ne date ; dans chaque section, fiche par fiche. Pur."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlencode

from conservation.echeancier import DUES, Genre
from organismes.pliage import plier
from traitements.phrases import MOIS

RETARD = "retard"
SANS_DATE = (*DUES, Genre.INCONNU, Genre.SUSPENDUE, Genre.A_FIXER)  # dans l'ordre où elles se lisent
MOIS_DITS = (
    12  # du récapitulatif, ce mois compris, puis jusqu'à la fin de l'année ; plus loin, une année par repère
)


class EcheanceLue(NamedTuple):
    """Une échéance telle qu'on la montre, à plat : le cache en garde des milliers, qui se relisent en quelques millisecondes.

    `regle` : le numéro de la durée ; `phrase` : ce qu'elle dit. `titre`, `jusqu_au`, `etat` : ce que l'on sait de son application.
    `lignes` : celles que chaque source a au-delà du terme.
    """

    fiche: str
    reference: str
    intitule: str
    famille: str
    service: str
    regle: int
    phrase: str
    genre: Genre
    due: date | None
    retard_jours: int
    en_retard: bool
    pourquoi: str
    titre: str
    jusqu_au: date | None
    etat: str
    lignes: tuple[int, ...] = ()

    @property
    def section(self) -> str:
        """« retard », le mois (« 2026-11 »), ou le genre de ce que rien ne date."""
        if self.en_retard:
            return RETARD
        return _mois(self.due) if self.due else str(self.genre)


def ranger(lues: Iterable[EcheanceLue]) -> list[EcheanceLue]:
    """Section par section ; dans chacune, la fiche, puis la durée, qui paraît d'abord dans l'ordre reçu."""
    sections: dict[str, dict[str, dict[int, list[EcheanceLue]]]] = {}
    for lue in lues:
        fiche = sections.setdefault(lue.section, {}).setdefault(lue.fiche, {})
        fiche.setdefault(lue.regle, []).append(lue)
    for genre in SANS_DATE:  # à la fin, dans cet ordre
        if sans_date := sections.pop(genre, None):
            sections[genre] = sans_date
    return [
        lue
        for fiches in sections.values()
        for durees in fiches.values()
        for siennes in durees.values()
        for lue in siennes
    ]


# --- Choisir ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class FiltresDEcheancier:
    """Ce que l'adresse de la page demande. `quand` : une section, ou une année. `fiche` : un identifiant, ou des mots de son titre."""

    fiche: str = ""
    famille: str = ""
    service: str = ""
    genre: str = ""
    quand: str = ""

    @classmethod
    def de(cls, parametres: Any) -> "FiltresDEcheancier":
        """`parametres` : ceux d'une adresse. « retard=1 » y dit encore « quand=retard »."""
        lus = {f.name: parametres.get(f.name, "").replace("\x00", "").strip() for f in fields(cls)}
        if parametres.get("retard"):
            lus["quand"] = RETARD
        return cls(**lus)

    @property
    def requete(self) -> str:
        """« ?famille=clients&quand=retard » ; vide sans filtre."""
        remplis = {nom: valeur for nom, valeur in vars(self).items() if valeur}
        return f"?{urlencode(remplis)}" if remplis else ""

    def choisir(self, lues: Iterable[EcheanceLue]) -> list[EcheanceLue]:
        voulus, deja = plier(self.fiche).split(), dict[str, bool]()

        def de_la_fiche(lue: EcheanceLue) -> bool:
            if lue.fiche not in deja:
                titre = plier(f"{lue.reference} {lue.intitule}") if voulus else ""
                deja[lue.fiche] = self.fiche == lue.fiche or all(mot in titre for mot in voulus)
            return deja[lue.fiche]

        return [lue for lue in lues if self._passe(lue) and de_la_fiche(lue)]

    def _passe(self, lue: EcheanceLue) -> bool:
        return (
            self.famille in ("", lue.famille)
            and self.service in ("", lue.service)
            and self.genre in ("", lue.genre)
            and lue.section.startswith(self.quand)
        )


# --- Le récapitulatif ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class RepereDEcheancier:
    """Un lien du récapitulatif : ce qu'il choisit (`quand`), et combien d'échéances y sont."""

    quand: str
    titre: str
    nombre: int


def recapituler(lues: Sequence[EcheanceLue], le: date) -> list[RepereDEcheancier]:
    """Les retards et ce mois-ci, même vides ; puis ce qui a une échéance, par mois d'abord, par année ensuite ; puis le reste."""
    derniere = le.year + (le.month + MOIS_DITS - 2) // 12
    nombres = Counter({RETARD: 0, _mois(le): 0})
    for lue in lues:
        loin = lue.due and not lue.en_retard and lue.due.year > derniere
        nombres[lue.section[:4] if loin else lue.section] += 1
    dates = sorted(quand for quand in nombres if quand[:1].isdigit())
    quands = [RETARD, *dates, *(genre for genre in SANS_DATE if nombres[genre])]
    return [RepereDEcheancier(quand, titre(quand), nombres[quand]) for quand in quands]


def titre(quand: str) -> str:
    """« En retard », « Novembre 2026 », « 2028 », « Échéance inconnue » ; vide si rien ne s'appelle ainsi."""
    if quand == RETARD:
        return "En retard"
    annee, _, mois = quand.partition("-")
    if annee.isdecimal():
        return f"{MOIS[int(mois) - 1].capitalize()} {annee}" if mois else annee
    return Genre(quand).libelle


def _mois(jour: date) -> str:
    return jour.isoformat()[:7]


# --- Les lignes ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class LigneDEcheancier:
    """Les durées d'une fiche qui demandent la même chose le même jour, pour la même raison : une purge les fait toutes."""

    lues: tuple[EcheanceLue, ...]

    @property
    def echeance(self) -> EcheanceLue:
        return self.lues[0]

    @property
    def phrases(self) -> list[str]:
        return [lue.phrase for lue in self.lues]

    @property
    def choix(self) -> str:
        """Ce qui coche ces durées dans la page d'une opération ou d'un relevé."""
        fiche = [("fiche", self.echeance.fiche)]
        return urlencode([*fiche, *(("regle", lue.regle) for lue in self.lues)])


@dataclass(frozen=True)
class SectionDEcheancier:
    """Une section d'une page : son genre de colonnes, et pour chaque fiche ses lignes."""

    quand: str
    titre: str
    fiches: list[list[LigneDEcheancier]]


def regrouper(lues: Iterable[EcheanceLue]) -> list[LigneDEcheancier]:
    """Une ligne par section, par fiche et par demande, dans l'ordre reçu."""
    lignes: dict[tuple[Any, ...], list[EcheanceLue]] = {}
    for lue in lues:
        cle = (lue.section, lue.fiche, lue.genre, lue.due, lue.pourquoi, lue.titre, lue.jusqu_au)
        lignes.setdefault(cle, []).append(lue)
    return [LigneDEcheancier(tuple(siennes)) for siennes in lignes.values()]


def en_sections(lignes: Iterable[LigneDEcheancier]) -> list[SectionDEcheancier]:
    """Les lignes d'une page, rangées pour être lues."""
    return [
        SectionDEcheancier(
            quand,
            titre(quand),
            [list(siennes) for _, siennes in groupby(celles_ci, key=lambda ligne: ligne.echeance.fiche)],
        )
        for quand, celles_ci in groupby(lignes, key=lambda ligne: ligne.echeance.section)
    ]
