"""« Durée appliquée ? » : la seule fonction qui le décide, pour la fiche, le PDF, l'échéancier, la règle RET-10, les rappels. Pure.

Une durée, une fiche et une opération se lisent sous leur forme canonique (dictionnaires, dates en ISO 8601).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from conservation.attentes import Attente, DureeSituee, attendre, declaree_non, dire_retards, saisi
from conservation.choix import Appliquee, EtatApplication, Niveau, TypeOperation
from conservation.depart import ANNEE_CIVILE, Exercice, mise_en_oeuvre, premier_terme
from conservation.durees import lire_suspension, terme
from conservation.manques import Deroulement, Preuve, derouler
from conservation.preuves import manquants, niveau, parts, periode, retenir
from conservation.visees import Faits
from traitements.phrases import accorder, date_en_mots, enumerer, nombre

AUCUNE = "aucune opération enregistrée"
SANS_PREUVE = "sans opération qui le prouve"
DITES = frozenset(Appliquee.values)
DECLAREES = {
    Appliquee.PARTIELLEMENT: "déclarée partiellement appliquée",
    Appliquee.NON: "déclarée non appliquée",
}
RANG = {Niveau.DECLAREE: 0, Niveau.DOCUMENTEE: 1, Niveau.CONSTATEE: 2}
FAITES: dict[str, str] = {
    TypeOperation.PURGE: "Purgée",
    TypeOperation.ARCHIVAGE: "Archivée",
    TypeOperation.ANONYMISATION: "Anonymisée",
}
# De la moins bien tenue à la mieux tenue : ce qui compte d'un ensemble dont les parts diffèrent.
TENUE = (
    EtatApplication.NON,
    EtatApplication.A_VERIFIER,
    EtatApplication.INCONNU,
    EtatApplication.PARTIELLEMENT,
    EtatApplication.OUI,
)
POUR_UNE_PART = " (pour une part de ces données)"
SOURCE_MAX = 80  # caractères d'un nom de source
SANS_EFFET_MAX = 3  # les plus récentes seulement : les autres sont au registre


@dataclass(frozen=True)
class Application:
    """Ce que l'on conclut, et ce que vaut ce qui le fait conclure (`niveau` : vide quand rien n'est dit).

    `derniere` : le jour qui compte. `jusqu_au` : celui où la conclusion cesse de valoir. `purge_dite` : la purge que la fiche
    déclare, si `pourquoi` la date déjà. `seule_declaration` : la phrase dit la déclaration de la fiche, précisions comprises.
    `sans_effet` : les opérations qui ne prouvent rien ici, et pourquoi. `attentes` : ce que la durée demande ce jour-là.
    """

    etat: EtatApplication
    niveau: Niveau | None
    pourquoi: str
    derniere: date | None = None
    jusqu_au: date | None = None
    purge_dite: date | None = None
    seule_declaration: bool = False
    sans_effet: tuple[str, ...] = ()
    attentes: tuple[Attente, ...] = ()
    tete: str = ""

    @property
    def retards(self) -> tuple[Attente, ...]:
        return tuple(d for d in self.attentes if d.en_retard)

    @property
    def titre(self) -> str:
        """« Oui, documentée », « Purgée, à vérifier par un relevé »."""
        dit = f", {self.niveau.label}" if self.niveau and self.etat is not EtatApplication.INCONNU else ""
        return self.tete or f"{self.etat.label}{dit}"

    @property
    def phrase(self) -> str:
        """« Oui, documentée : purge du 12 octobre 2026… »."""
        return f"{self.titre} : {self.pourquoi}"


def application(
    regle: Mapping[str, Any],
    fiche: Mapping[str, Any],
    operations: Iterable[Mapping[str, Any]],
    le: date,
    exercice: Exercice = ANNEE_CIVILE,
) -> Application:
    """Ce que l'on sait ce jour-là de l'application d'une durée de la fiche, et ce qu'elle demande.

    Des lignes comptées au-delà du terme la disent non appliquée, jusqu'à un relevé complet à zéro de la même source ; une purge
    documentée n'en laisse que « à vérifier ». Une exécution ou un relevé à zéro valent `periode`, jamais moins que le premier
    terme. Sans opération qui prouve, reste ce que la fiche déclare. D'un ensemble de catégories dont une part seulement a été
    purgée ou relevée, on conclut ce que vaut la part la moins bien tenue.
    """
    connues = list(operations)
    return reunir_parts(
        [_application(part, fiche, connues, le, exercice) for part in parts(regle, fiche, connues)]
    )


def _application(
    regle: Faits, fiche: Faits, operations: Iterable[Faits], le: date, exercice: Exercice
) -> Application:
    retenues = retenir(regle, operations, le)
    deroulement = derouler(retenues.operations, le, lire_suspension(regle))
    premier = premier_terme(regle, fiche, exercice)
    debut = (
        mise_en_oeuvre(fiche) or date.min
    )  # ce qui a été fait avant que le traitement commence ne l'a pas appliqué
    preuves = [*deroulement.preuves, *_purge_declaree(regle, deroulement, le)]
    preuves = [p for p in preuves if p.jour >= debut]
    lue = _conclure(regle, deroulement, preuves, le, premier)
    derniere, dite = _derniere(preuves, deroulement)
    declaree = declaree_non(regle) and lue.etat == regle.get("appliquee") and not deroulement.manques
    non = ". ".join([DECLAREES[Appliquee(regle["appliquee"])], *_precisions(regle)]) if declaree else ""
    attentes = attendre(DureeSituee(regle, fiche, deroulement, le, premier, derniere, dite, non))
    sans_effet = [*retenues.ecartees, *deroulement.sans_effet]
    return _accorder(lue, attentes, _dire_sans_effet(sans_effet))


def reunir_parts(lues: Sequence[Application]) -> Application:
    """Ce que l'on conclut du tout : sa part la moins bien tenue, et tout ce que ses parts demandent."""
    pire = min(lues, key=_tenue)
    if len(lues) == 1:
        return pire
    partagee = any(lue.phrase != pire.phrase for lue in lues)
    pourquoi = f"{pire.pourquoi}{POUR_UNE_PART}" if partagee else pire.pourquoi
    limites = [lue.jusqu_au for lue in lues if lue.jusqu_au]
    if pire.jusqu_au and min(limites) < pire.jusqu_au:
        pourquoi += f" ; une autre part ne vaut que jusqu'au {date_en_mots(min(limites))}"
    return replace(
        pire,
        pourquoi=pourquoi,
        jusqu_au=pire.jusqu_au and min(limites),
        sans_effet=tuple(dict.fromkeys(dit for lue in lues for dit in lue.sans_effet)),
        attentes=_plus_pressantes(lues),
    )


def _tenue(lue: Application) -> tuple[int, int, date]:
    """Le rang d'une part, la moins bien tenue d'abord."""
    niveau_ = RANG[lue.niveau] if lue.niveau else -1
    return TENUE.index(lue.etat), niveau_, lue.jusqu_au or date.max


def _plus_pressantes(lues: Sequence[Application]) -> tuple[Attente, ...]:
    """De chaque genre, la plus en retard, ou la plus proche ; elle dit les lignes de toutes, une source commune une fois."""
    gardees: dict[str, Attente] = {}
    for d in sorted(
        (d for lue in lues for d in lue.attentes), key=lambda d: (-d.retard_jours, d.due or date.max)
    ):
        deja = gardees.setdefault(d.genre, d)
        lignes = Counter(deja.lignes) | Counter(d.lignes)
        gardees[d.genre] = replace(deja, lignes=tuple(lignes.elements()))
    return tuple(gardees.values())


def _purge_declaree(regle: Faits, deroulement: Deroulement, le: date) -> list[Preuve]:
    """La purge que la fiche déclare, quand aucune opération de ce jour-là ne la consigne."""
    jour = date.fromisoformat(regle["derniere_purge"]) if regle.get("derniere_purge") else None
    if jour is None or jour > le or any(_consigne(p, jour) for p in deroulement.preuves):
        return []
    return [Preuve(Niveau.DECLAREE, jour)]


def _consigne(preuve: Preuve, jour: date) -> bool:
    return preuve.jour == jour and preuve.operation.get("type") == TypeOperation.PURGE


def _conclure(
    regle: Faits, deroulement: Deroulement, preuves: list[Preuve], le: date, premier: date | None
) -> Application:
    if ouverts := deroulement.ouverts:
        pire = ouverts[0]
        return Application(EtatApplication.NON, pire.niveau, dire_retards(pire), _jour(pire.releve))
    if deroulement.manques:
        purge = deroulement.manques[0].purge or {}
        tete = f"{FAITES[purge['type']]}, à vérifier par un relevé"
        pourquoi = f"{_dire(purge)}, documentée, après {dire_retards(deroulement.manques[0])}"
        return Application(EtatApplication.A_VERIFIER, niveau(purge), pourquoi, _jour(purge), tete=tete)
    bonnes = [(_jusqu_au(p, regle, premier), p) for p in preuves]
    valables = [(fin, p) for fin, p in bonnes if fin >= le]
    meilleure = max(valables, key=lambda v: (RANG[v[1].niveau], v[1].jour), default=None)
    if meilleure and (meilleure[1].niveau is not Niveau.DECLAREE or _admise(regle)):
        return _oui(meilleure[1], regle, meilleure[0])
    if preuves and _attendue(regle, preuves):
        return _echue(max(preuves, key=lambda p: p.jour), regle)
    return _declaree(regle)


def _admise(regle: Faits) -> bool:
    """Ce que la fiche dit ne contredit pas une purge déclarée. « Non », « partiellement » et « on ne sait pas » la contredisent."""
    return regle.get("appliquee") in (None, "", Appliquee.OUI)


def _attendue(regle: Faits, preuves: list[Preuve]) -> bool:
    """Une preuve échue fait attendre la suivante, sauf si la fiche dit déjà la durée non appliquée."""
    if declaree_non(regle):
        return False
    return _admise(regle) or any(p.niveau is not Niveau.DECLAREE for p in preuves)


def _oui(preuve: Preuve, regle: Faits, fin: date) -> Application:
    pourquoi = (
        f"{_dire_preuve(preuve)} ; vaut jusqu'au {date_en_mots(fin)}"
        if fin < date.max
        else _dire_preuve(preuve)
    )
    if preuve.niveau is not Niveau.DECLAREE and declaree_non(regle):
        dite = DECLAREES[Appliquee(regle["appliquee"])].removeprefix("déclarée ")
        pourquoi += f" ; la fiche la dit encore {dite}"
    return Application(
        EtatApplication.OUI, preuve.niveau, pourquoi, preuve.jour, fin, _purge_dite(preuve, regle)
    )


def _echue(preuve: Preuve, regle: Faits) -> Application:
    """La dernière preuve a passé son temps : la suivante est due."""
    bonne = periode(regle)
    due = "la suivante est due" if regle.get("frequence_mois") else f"il y a plus de {bonne}"
    pourquoi = f"{_dire_preuve(preuve)} : {due}"
    purge = _purge_dite(preuve, regle)
    return Application(EtatApplication.PARTIELLEMENT, preuve.niveau, pourquoi, preuve.jour, purge_dite=purge)


def _declaree(regle: Faits) -> Application:
    """Ce que la fiche déclare, sans rien qui le prouve ; « inconnu » si elle n'en dit rien, ou d'un mot qu'on ne connaît pas."""
    dit = regle.get("appliquee")
    if dit not in DITES:
        return Application(EtatApplication.INCONNU, None, AUCUNE)
    dite = SANS_PREUVE if dit != Appliquee.INCONNU else "la fiche le dit ainsi"
    return Application(
        EtatApplication(dit),
        Niveau.DECLAREE,
        ". ".join([dite, *_precisions(regle)]),
        seule_declaration=True,
    )


def _precisions(regle: Faits) -> list[str]:
    return [regle["appliquee_precisions"]] if regle.get("appliquee_precisions") else []


def _accorder(lue: Application, attentes: list[Attente], sans_effet: tuple[str, ...]) -> Application:
    """Une durée qui doit quelque chose n'est pas dite appliquée : « oui » ne l'emporte jamais sur un retard."""
    retards = [d for d in attentes if d.en_retard]
    complete = replace(lue, attentes=tuple(attentes), sans_effet=sans_effet)
    if lue.etat is not EtatApplication.OUI or not retards:
        return complete
    dits = enumerer(
        f"{d.genre.libelle.lower()} en retard de {nombre(d.retard_jours)} {accorder(d.retard_jours, 'jour')}"
        for d in retards
    )
    partielle = replace(
        complete, etat=EtatApplication.PARTIELLEMENT, pourquoi=f"{lue.pourquoi} ; {dits}", jusqu_au=None
    )
    return replace(partielle, tete=partielle.titre)


def _jusqu_au(preuve: Preuve, regle: Faits, premier: date | None) -> date:
    return max(terme(preuve.jour, periode(regle)), premier or date.min)


def _derniere(preuves: list[Preuve], deroulement: Deroulement) -> tuple[date | None, str]:
    """La dernière fois que la durée a été appliquée, même selon la seule fiche, et comment le dire."""
    purges = [Preuve(niveau(m.purge), _jour(m.purge), dict(m.purge)) for m in deroulement.manques if m.purge]
    derniere = max([*preuves, *purges], key=lambda p: (p.jour, RANG[p.niveau]), default=None)
    if derniere is None:
        return None, ""
    faites = [p.jour for p in preuves if p.operation]
    if derniere.operation:
        return derniere.jour, f"dernière exécution le {date_en_mots(derniere.jour)}, {derniere.niveau.label}"
    depuis = f", sans opération enregistrée depuis celle du {date_en_mots(max(faites))}" if faites else ""
    return derniere.jour, f"dernière purge déclarée le {date_en_mots(derniere.jour)}{depuis}"


def _purge_dite(preuve: Preuve, regle: Faits) -> date | None:
    """La purge que la fiche déclare, quand c'est celle que la phrase date."""
    declaree = regle.get("derniere_purge")
    return preuve.jour if declaree == preuve.jour.isoformat() and _est_une_purge(preuve) else None


def _est_une_purge(preuve: Preuve) -> bool:
    return not preuve.operation or preuve.operation["type"] == TypeOperation.PURGE


def _dire_preuve(preuve: Preuve) -> str:
    if not preuve.operation:
        return f"purge déclarée le {date_en_mots(preuve.jour)}, sans opération enregistrée"
    return _dire(preuve.operation)


def _dire(operation: Faits) -> str:
    """« purge du 12 octobre 2026, de 5 000 à 4 787 », « relevé du 12 octobre 2026, 5 000 lignes de « clients.csv », aucune… »."""
    dite = f"{TypeOperation(operation['type']).label.lower()} du {date_en_mots(_jour(operation))}"
    if operation["type"] == TypeOperation.RELEVE:
        return f"{dite}{_lues(operation)}, aucune ligne au-delà du terme{saisi(operation)}"
    if absents := manquants(operation):
        return f"{dite}, sans {enumerer(absents)}"
    if operation.get("volume_avant") is None:
        return f"{dite}, volume inconnu"
    return f"{dite}, de {nombre(operation['volume_avant'])} à {nombre(operation['volume_apres'])}"


def _lues(releve: Faits) -> str:
    """« , 5 000 lignes lues de clients.csv, filtre « statut=prospect » » : la limite de ce qui a été compté."""
    n = releve.get("examinees")
    de = f" de {releve['source'][:SOURCE_MAX]}" if releve.get("source") else ""
    lues = f", {nombre(n)} {accorder(n, 'ligne')} {accorder(n, 'lue')}{de}" if n else ""
    filtres = releve.get("filtres") or ()
    return lues + "".join(f", filtre « {f} »" for f in filtres)


def _dire_sans_effet(sans_effet: Iterable[tuple[Faits, str]]) -> tuple[str, ...]:
    """« Purge du 12 octobre 2026 : sans volume et preuve, elle ne ferme pas le relevé », les plus récentes d'abord."""
    recentes = sorted(sans_effet, key=lambda s: s[0]["date"], reverse=True)[:SANS_EFFET_MAX]
    return tuple(
        f"{TypeOperation(o['type']).label} du {date_en_mots(_jour(o))} : {raison}" for o, raison in recentes
    )


def _jour(operation: Faits) -> date:
    return date.fromisoformat(operation["date"])
