"""Ce que porte un registre mis en pages : identité, parties, fiches lues, preuve. Sans mise en forme."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from journal.canonique import canonique, empreinte
from journal.models import Entree
from journal.service import tete
from organismes.models import Organisme
from registre.conformite.constats import ConstatLu, ecartes, lu
from registre.conformite.controle import Conformite
from registre.echanges.exports.demande import Demande
from registre.echanges.exports.json_registre import document
from registre.fiche import agregat as ag
from registre.fiche.codes import Codes
from registre.fiche.fiche_lue import FicheLue, RubriqueLue, lire, lire_rubrique, sous_titre
from registre.fiche.lecture import date_en_mots, texte
from registre.fiche.rubriques_organisme import PLAN_ORGANISME
from traitements.choix import Qualite
from traitements.models import Traitement

# L'adresse d'une fiche mise en pages à part, le temps que l'assemblage en fasse un renvoi interne.
RENVOI = "https://registre.invalid/#"


@dataclass(frozen=True)
class FichePage:
    """Une fiche à mettre en pages ; `ancre` désigne son début dans le document.

    `page` : son numéro de page quand le document s'assemble ; 0 quand la mise en pages le trouve seule.
    """

    ancre: str
    lue: FicheLue
    sous_titre: str
    mesures_organisme: tuple[str, ...]
    famille: str
    constats: tuple[ConstatLu, ...] = ()
    ecartes: tuple[ConstatLu, ...] = ()
    jour_constats: str = ""
    page: int = 0

    @property
    def a_confirmer(self) -> list[str]:
        """Les rubriques qu'un modèle propose et que personne n'a confirmées."""
        return self.lue.donnees.get("a_confirmer") or []

    @property
    def lien(self) -> str:
        return f"{RENVOI if self.page else '#'}{self.ancre}"


@dataclass(frozen=True)
class PartieDuRegistre:
    """Un des deux registres."""

    code: str
    titre: str
    article: str
    fiches: tuple[FichePage, ...]


@dataclass(frozen=True)
class Contenu:
    organisme: Organisme
    identite: tuple[RubriqueLue, ...]
    parties: tuple[PartieDuRegistre, ...]
    archivees: int
    jour: str  # la date du dernier changement, tirée du journal : jamais l'horloge
    seq: int
    tete: str
    empreinte: str
    constats: tuple[ConstatLu, ...] = ()  # ceux qui tiennent à l'organisme
    jour_constats: str = ""

    @property
    def fiches(self) -> int:
        return sum(len(p.fiches) for p in self.parties)

    @property
    def en_vigueur(self) -> int:
        return self._de_statut("validee")

    @property
    def brouillons(self) -> int:
        """Les fiches imprimées que personne n'a encore validées : elles ne comptent pas parmi les activités en vigueur."""
        return self._de_statut("brouillon")

    def _de_statut(self, statut: str) -> int:
        return sum(f.lue.donnees["statut"] == statut for p in self.parties for f in p.fiches)


TITRES = {
    "responsable": ("Registre du responsable du traitement", "article 30(1) du RGPD"),
    "sous-traitant": ("Registre du sous-traitant", "article 30(2) du RGPD"),
}


def contenu(demande: Demande) -> Contenu:
    """Rassemble tout, en un nombre de requêtes qui ne dépend pas du nombre de fiches."""
    codes = Codes()
    organisme = ag.ORGANISME.charger(Organisme.objects.filter(pk=demande.organisme.pk)).get()
    identite = ag.instantane_de(ag.ORGANISME, organisme)
    rubriques = tuple(lire_rubrique(Organisme, r, identite, codes) for r in PLAN_ORGANISME)
    # L'empreinte porte sur ce qui est imprimé : les mêmes objets, chargés une fois.
    chargees = list(demande.fiches())
    canoniques = [ag.instantane_de(ag.FICHE, f) for f in chargees]
    seule = demande.fiche is not None
    vivantes = [d for d in canoniques if seule or d["statut"] != "archivee"]
    lecture = _LectureDesFiches(codes, Conformite(organisme, codes), demande.le, _mesures_communes(rubriques))
    parties = [_partie(code, vivantes, lecture) for code in TITRES]
    seq, derniere = tete()
    return Contenu(
        organisme=organisme,
        identite=rubriques,
        parties=tuple(p for p in parties if p.fiches),
        archivees=len(canoniques) - len(vivantes),
        jour=date_en_mots(_dernier_changement(organisme)),
        seq=seq,
        tete=derniere,
        empreinte=empreinte(canonique(document(demande, chargees))),
        constats=tuple(lu(c) for c in lecture.conformite.constats_organisme(demande.le)),
        jour_constats=date_en_mots(demande.le),
    )


def _mesures_communes(rubriques: tuple[RubriqueLue, ...]) -> tuple[str, ...]:
    """Les titres des mesures de l'organisme, dont chaque fiche hérite si elle le dit."""
    tables = [table for r in rubriques if r.code == "securite" for table in r.tables]
    return tuple(ligne.cellules[0].principale.texte for table in tables for ligne in table.lignes)


@dataclass(frozen=True)
class _LectureDesFiches:
    """Ce qu'il faut pour lire une fiche : les libellés, les règles et leur jour, les mesures communes."""

    codes: Codes
    conformite: Conformite
    le: date
    securite: tuple[str, ...]


def _partie(code: str, canoniques: list[dict[str, Any]], lecture: _LectureDesFiches) -> PartieDuRegistre:
    titre, article = TITRES[code]
    siennes = [d for d in canoniques if (d["qualite"] == Qualite.SOUS_TRAITANT) == (code == "sous-traitant")]
    fiches = tuple(_fiche(f"{code}-{rang}", d, lecture) for rang, d in enumerate(siennes, start=1))
    return PartieDuRegistre(code, titre, article, fiches)


def _fiche(ancre: str, donnees: dict[str, Any], lecture: _LectureDesFiches) -> FichePage:
    lue = lire(lecture.conformite.avec_applications(donnees, lecture.le), lecture.codes)
    bilan = lecture.conformite.bilan(donnees, lecture.le)
    return FichePage(
        ancre,
        lue,
        sous_titre(lue),
        lecture.securite if donnees.get("securite_heritee") else (),
        texte(Traitement._meta.get_field("famille"), donnees["famille"], lecture.codes),
        tuple(lu(c) for c in bilan.constats),
        tuple(ecartes(bilan)),
        date_en_mots(lecture.le),
    )


def _dernier_changement(organisme: Organisme) -> date:
    """Le jour de la dernière entrée de l'organisme au journal ; il en a une depuis sa création."""
    horodatages = Entree.objects.filter(organisme=organisme.pk).order_by("-seq")
    return timezone.localtime(horodatages.values_list("horodatage", flat=True)[0]).date()
