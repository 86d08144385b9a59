"""Un constat comme on le lit : rangé par exigence, avec le champ qu'il touche, l'endroit où le corriger et l'écart qui le couvre."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from droit.regles import Constat, Ecarte, Exigence, Marque
from registre.conformite.controle import Bilan
from registre.fiche.chemins import ancre_de_saisie, chemin_lisible
from registre.fiche.lecture import date_en_mots
from traitements.chemins import Chemin
from traitements.phrases import majuscule

MARQUES = {
    Marque.PRIMAIRE: "texte officiel lu",
    Marque.SECONDAIRE: "source secondaire",
    Marque.MEMOIRE: "non vérifié",
    Marque.AUCUNE: "",
}


@dataclass(frozen=True)
class ConstatLu:
    """`ancre`, `champ` : où le corriger dans le formulaire. `ecart` : celui qui le couvre, s'il y en a un."""

    constat: Constat
    champ: str
    ancre: str
    ecart: dict[str, Any] | None = None

    @property
    def source(self) -> str:
        """« RGPD art. 28(3) », « CEPD 2/2019 (non vérifié) ». Les articles du RGPD n'ont pas besoin de marque."""
        c = self.constat
        return c.source if c.opposable else f"{c.source} ({MARQUES[Marque.MEMOIRE]})"

    @property
    def jusqu_au(self) -> str:
        return date_en_mots(self.ecart["fin"]) if self.ecart else ""

    @property
    def depuis(self) -> str:
        return date_en_mots(self.ecart["pose_le"]) if self.ecart else ""

    @property
    def de_l_organisme(self) -> bool:
        return Chemin.lire(self.constat.chemin).de_l_organisme


def lu(constat: Constat) -> ConstatLu:
    return ConstatLu(constat, chemin_lisible(constat.chemin), ancre_de_saisie(constat.chemin))


def ecarte(ecarte: Ecarte) -> ConstatLu:
    c = ecarte.constat
    return ConstatLu(c, chemin_lisible(c.chemin), ancre_de_saisie(c.chemin), dict(ecarte.ecart))


def par_exigence(constats: Iterable[Constat]) -> list[tuple[str, list[ConstatLu]]]:
    """Les constats par exigence, l'article 30 d'abord ; un groupe vide n'y est pas."""
    constats = list(constats)
    groupes = [(e, [lu(c) for c in constats if c.exigence is e]) for e in Exigence]
    return [(majuscule(e), siens) for e, siens in groupes if siens]


def ecartes(bilan: Bilan) -> list[ConstatLu]:
    return [ecarte(e) for e in bilan.ecartes]
