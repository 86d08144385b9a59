"""Comment se lisent les droits qu'une finalité ouvre : leurs noms, leurs conditions. Calculés, jamais enregistrés."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from droit.droits_personnes import CONDITIONNEL, DroitOuvert, droits_ouverts
from droit.faits import Element, Faits
from droit.reperes import Reperes
from registre.fiche.codes import Codes
from traitements.models import BaseLegale

EN_TOUT_CAS = ("POST_MORTEM", "RECLAMATION")  # ne tiennent ni à la finalité, ni à sa base
NOMS = {  # code → nom, et « conditionnel » accordé avec lui
    "ACCES": ("accès", "conditionnel"),
    "RECTIFICATION": ("rectification", "conditionnelle"),
    "EFFACEMENT": ("effacement", "conditionnel"),
    "LIMITATION": ("limitation", "conditionnelle"),
    "PORTABILITE": ("portabilité", "conditionnelle"),
    "OPPOSITION": ("opposition", "conditionnelle"),
    "OPPOSITION_PROSPECTION": ("opposition à la prospection", "conditionnelle"),
    "DECISION_AUTOMATISEE": ("refus d'une décision exclusivement automatisée", "conditionnel"),
    "RETRAIT": ("retrait du consentement", "conditionnel"),
    "POST_MORTEM": ("directives après le décès", "conditionnelles"),
    "RECLAMATION": ("réclamation auprès de la CNIL", "conditionnelle"),
}


@dataclass(frozen=True)
class LigneDroits:
    """Une finalité et les droits qui tiennent à elle. `base` est vide tant que la base légale n'est pas choisie."""

    numero: int
    finalite: str
    base: str
    droits: tuple[DroitOuvert, ...]

    @property
    def noms(self) -> str:
        return en_mots(self.droits)

    @property
    def conditions(self) -> tuple[str, ...]:
        return tuple(_condition(d) for d in self.droits if d.precision)

    @property
    def articles(self) -> str:
        """« RGPD art. 15, 21(2)-(3) ; C. pénal art. 226-18-1 », chaque texte une fois."""
        textes: dict[str, list[str]] = {}
        for entier in (a for d in self.droits for a in d.article.split(" ; ") if a):
            loi, _, article = entier.partition(" art. ")
            textes.setdefault(loi, []).append(article)
        return "\N{NO-BREAK SPACE}; ".join(
            f"{loi} art. {', '.join(dict.fromkeys(a))}" for loi, a in textes.items()
        )


def nom(droit: DroitOuvert) -> str:
    """« accès », « portabilité (conditionnelle) »."""
    dit, accorde = NOMS.get(droit.code, (droit.code, CONDITIONNEL))
    return f"{dit} ({accorde})" if droit.ouverture == CONDITIONNEL else dit


def _condition(droit: DroitOuvert) -> str:
    """« portabilité, art. 20(1) : données fournies… », « opposition à la prospection : sans motif… »."""
    dit, _ = NOMS.get(droit.code, (droit.code, ""))
    return f"{dit}{', ' if droit.precision.startswith('art. ') else ' : '}{droit.precision}"


def propres(droits: Iterable[DroitOuvert]) -> list[DroitOuvert]:
    """Les droits qui tiennent à la finalité ou à sa base, sans ceux que l'on a en tout cas."""
    return [d for d in droits if d.code not in EN_TOUT_CAS]


def en_mots(droits: Iterable[DroitOuvert]) -> str:
    return ", ".join(nom(d) for d in droits)


def droits_par_finalite(faits: Faits) -> tuple[LigneDroits, ...]:
    return tuple(
        LigneDroits(
            f["numero"],
            f.get("libelle") or "",
            faits.reperes.libelle("bases_legales", f.get("base_legale")),
            tuple(propres(droits_ouverts(faits, f))),
        )
        for f in faits.finalites
    )


def note_de_finalite(finalite: Element, donnees: Mapping[str, Any], codes: Codes) -> str:
    """« accès, rectification, portabilité (conditionnelle) » ; vide tant que la base n'est pas choisie."""
    base = codes.de(BaseLegale).get(finalite.get("base_legale") or "")
    if base is None:
        return ""
    ligne = {"droits": base.droits, "droits_precisions": base.droits_precisions}
    reperes = Reperes(bases_legales={base.pk: ligne})
    faits = Faits({"finalites": [finalite], "profilage": donnees.get("profilage")}, {}, reperes)
    return en_mots(propres(droits_ouverts(faits, faits.finalites[0])))
