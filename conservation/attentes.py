"""Ce qu'une durée demande, et quand. Pur : ni base de données, ni horloge.

Une fiche et ses durées se lisent sous leur forme canonique (dictionnaires, dates en ISO 8601).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from conservation.choix import Appliquee, TypeOperation
from conservation.depart import court_des_le_debut, mise_en_oeuvre
from conservation.durees import Duree, Suspension, lire_suspension, terme
from conservation.manques import Deroulement, LignesEnRetard
from conservation.preuves import manquants, periode
from conservation.visees import Faits
from traitements.phrases import accorder, date_en_mots, nombre

VERIFICATION = Duree(1, "mois")  # pour relever la source qu'une purge vient de vider ; un usage de Registre


class Genre(StrEnum):
    RELEVE = "constat"
    NON_APPLIQUEE = "non-appliquee"
    VERIFIER = "a-verifier"
    TERME = "terme"
    PURGE = "purge"
    SUSPENDUE = "suspendue"
    INCONNU = "inconnu"
    A_FIXER = "a-fixer"

    @property
    def libelle(self) -> str:
        return LIBELLES[self]


LIBELLES = {
    Genre.RELEVE: "Lignes au-delà du terme",
    Genre.NON_APPLIQUEE: "Durée non appliquée",
    Genre.VERIFIER: "Exécution à vérifier",
    Genre.TERME: "Terme daté",
    Genre.PURGE: "Purge périodique",
    Genre.SUSPENDUE: "Suspendue en partie",
    Genre.INCONNU: "Échéance inconnue",
    Genre.A_FIXER: "Fréquence à fixer",
}
DUES = (Genre.RELEVE, Genre.NON_APPLIQUEE, Genre.VERIFIER, Genre.TERME, Genre.PURGE)


@dataclass(frozen=True)
class Attente:
    """`due` est vide quand rien n'est daté. `retard_jours` ne compte que ce que les faits portent.

    `lignes` : celles que le dernier relevé de chaque source a trouvées au-delà du terme, une source chacune.
    """

    genre: Genre
    due: date | None
    pourquoi: str
    retard_jours: int = 0
    lignes: tuple[int, ...] = ()

    @property
    def en_retard(self) -> bool:
        """Due avant ce jour ; des lignes trouvées, ou une durée déclarée non appliquée, le sont dès le jour même."""
        return self.genre in (Genre.RELEVE, Genre.NON_APPLIQUEE) or self.retard_jours > 0


@dataclass(frozen=True)
class DureeSituee:
    """Ce que l'on sait d'une durée un jour donné. `derniere` : la dernière preuve, même déclarée ; `non` : déclarée non appliquée."""

    regle: Faits
    fiche: Faits
    deroulement: Deroulement
    le: date
    premier_terme: date | None
    derniere: date | None
    derniere_dite: str
    non: str


def attendre(situee: DureeSituee) -> list[Attente]:
    """Tout ce que la durée demande ce jour-là. Une fiche archivée ne demande que ce qui a une date, tant que ses données existent."""
    lignes = tuple(m.releve["en_retard"] for m in situee.deroulement.ouverts)
    toutes = [
        Attente(
            genre,
            due,
            pourquoi,
            max(0, (situee.le - due).days) if due else 0,
            lignes if genre is Genre.RELEVE else (),
        )
        for genre, due, pourquoi in _attentes(situee)
    ]
    if situee.fiche.get("statut") != "archivee":
        return toutes
    return [] if _videes(situee) else [d for d in toutes if d.genre in DUES]


def _attentes(s: DureeSituee) -> Iterator[tuple[Genre, date | None, str]]:
    if (suspension := lire_suspension(s.regle)) and suspension.en_cours(s.le):
        yield Genre.SUSPENDUE, None, dire_suspension(suspension)
    if ouverts := s.deroulement.ouverts:
        yield Genre.RELEVE, ouverts[0].depuis, dire_retards(ouverts[0])
    elif s.deroulement.manques:
        yield _verifier(s.deroulement.manques[0])
    elif s.non:
        yield Genre.NON_APPLIQUEE, None, s.non
    echeance = _jour(s.regle.get("echeance"))
    if echeance and not (s.derniere and s.derniere >= echeance):
        yield _terme(echeance, s.fiche)
    if not ouverts:
        yield from _purge(s, echeance)


def _verifier(manque: LignesEnRetard) -> tuple[Genre, date | None, str]:
    faite = manque.purge or manque.releve
    jour, quoi = date.fromisoformat(faite["date"]), TypeOperation(faite["type"]).label.lower()
    return (
        Genre.VERIFIER,
        terme(jour, VERIFICATION),
        f"{quoi} du {date_en_mots(jour)}, qu'aucun relevé n'a vérifiée",
    )


def _terme(echeance: date, fiche: Mapping[str, Any]) -> tuple[Genre, date | None, str]:
    """Un terme que la fiche date. Antérieur au traitement lui-même, il est mal daté : rien n'est en retard pour autant."""
    dite, debut = f"terme fixé au {date_en_mots(echeance)}", mise_en_oeuvre(fiche)
    if debut and echeance < debut:
        return Genre.INCONNU, None, f"{dite}, avant la mise en œuvre du {date_en_mots(debut)} : à corriger"
    return Genre.TERME, echeance, dite


def _purge(s: DureeSituee, echeance: date | None) -> Iterator[tuple[Genre, date | None, str]]:
    """La purge périodique : après la dernière que l'on connaît, et jamais avant le premier terme.

    Aucune purge connue : le silence n'est pas un retard. Seule une durée qui court dès le début du traitement a alors une
    échéance passée ; les autres dépendent d'événements que la fiche ne date pas.
    """
    frequence, premier = s.regle.get("frequence_mois"), s.premier_terme
    bonne = periode(s.regle)
    rythme = _rythme(s.regle, bonne)
    if s.derniere:
        due = max(terme(s.derniere, bonne), premier or date.min)
        yield Genre.PURGE, due, f"{rythme} ; {s.derniere_dite}"
    elif not frequence:
        if s.regle.get("duree_valeur") is not None and not echeance:
            yield Genre.A_FIXER, None, "une durée, sans fréquence de purge ni échéance"
    elif (connue := mise_en_oeuvre(s.fiche)) is None:
        yield Genre.INCONNU, None, f"{rythme} ; aucune purge connue, ni date de mise en œuvre"
    else:
        due = max(terme(connue, bonne), premier or date.min)
        if due < s.le and not court_des_le_debut(s.regle):
            propre = "aucune purge connue, et un départ propre à chaque personne"
            yield Genre.INCONNU, None, f"{rythme} ; {propre}"
        else:
            rien = f"aucune purge connue ; rien à terme avant le {date_en_mots(premier or connue)}"
            yield Genre.PURGE, due, f"{rythme} ; {rien}"


def _rythme(regle: Faits, bonne: Duree) -> str:
    """« tous les 12 mois », « tous les 12 mois, ramenés à 1 mois : la durée elle-même », « sans fréquence fixée, 12 mois au plus »."""
    frequence = regle.get("frequence_mois")
    if not frequence:
        return f"sans fréquence fixée, {bonne} au plus"
    ramene = f", ramenés à {bonne} : la durée elle-même" if Duree(frequence, "mois").depasse(bonne) else ""
    return f"tous les {frequence} mois{ramene}"


def _videes(s: DureeSituee) -> bool:
    """Les données d'une fiche archivée n'existent plus : une exécution documentée depuis n'en laisse aucune."""
    if s.deroulement.ouverts:
        return False
    depuis = s.fiche.get("archivee_le") or ""
    executions = [p.operation for p in s.deroulement.preuves] + [
        m.purge for m in s.deroulement.manques if m.purge
    ]
    return any(
        o.get("volume_apres") == 0 and o["date"] >= depuis and not manquants(o) for o in executions if o
    )


def dire_retards(manque: LignesEnRetard) -> str:
    """« 3 lignes au-delà du terme au relevé du 12 octobre 2026, en retard depuis celui du 3 mai 2026 »."""
    n, jour = manque.releve["en_retard"], date.fromisoformat(manque.releve["date"])
    depuis = f", en retard depuis celui du {date_en_mots(manque.depuis)}" if manque.depuis < jour else ""
    lignes = f"{nombre(n)} {accorder(n, 'ligne')} au-delà du terme"
    return f"{lignes} au relevé du {date_en_mots(jour)}{saisi(manque.releve)}{depuis}"


def saisi(releve: Faits) -> str:
    """Un nombre que Registre n'a pas compté lui-même se dit."""
    return " (saisi à la main)" if releve.get("mesure") is False else ""


def dire_suspension(suspension: Suspension) -> str:
    fin = f" jusqu'au {date_en_mots(suspension.fin)}" if suspension.fin else ""
    motif = f" : {suspension.motif}" if suspension.motif else ""
    dossiers = f", pour {suspension.dossiers}" if suspension.dossiers else ", sans dire quels dossiers"
    return f"effacement suspendu depuis le {date_en_mots(suspension.debut)}{fin}{dossiers}{motif}"


def declaree_non(regle: Faits) -> bool:
    return regle.get("appliquee") in (Appliquee.NON, Appliquee.PARTIELLEMENT)


def _jour(texte: str | None) -> date | None:
    return date.fromisoformat(texte) if texte else None
