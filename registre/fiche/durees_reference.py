"""Le référentiel des durées tel qu'on le lit, le cherche et l'exporte : chaque durée avec ce que vaut sa source."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from conservation.choix import Phase, SortFinal
from conservation.durees import lire_iso
from conservation.models import DureeConservation, DureeReference
from conservation.propositions import marque
from organismes.pliage import cherchable, ordre, termes
from organismes.referentiel import Verification
from registre.fiche.codes import Codes
from traitements.choix import Statut
from traitements.models import CategorieDonnees, ModeleFiche

HORS_FICHES_TYPES = {"HORS_PERIMETRE": "Hors gestion commerciale"}


@dataclass(frozen=True)
class DureeDeReferenceLue:
    """Une durée et les fiches qui la citent (identifiant, référence), archives exclues."""

    regle: DureeReference
    categories: tuple[str, ...]
    traitements: tuple[str, ...]
    fiches: tuple[tuple[UUID, str], ...]

    @property
    def duree(self) -> str:
        """« 3 ans », « de 6 mois à 1 an », ou le critère."""
        r = self.regle
        if r.duree_valeur is None:
            return r.critere
        minimum, duree = lire_iso(r.duree_min), lire_iso(r.duree)
        return f"de {minimum} à {duree}" if minimum else str(duree)

    @property
    def precision(self) -> str:
        """Le critère qui accompagne une durée chiffrée."""
        return self.regle.critere if self.regle.duree_valeur is not None else ""

    @property
    def depart(self) -> str:
        return f"à compter {self.regle.point_depart.a_compter}" if self.regle.point_depart else ""

    @property
    def phase(self) -> str:
        return str(Phase(self.regle.phase).label)

    @property
    def sort(self) -> str:
        return str(SortFinal(self.regle.sort_final).label)

    @property
    def marque(self) -> str:
        return marque(self.regle)

    @property
    def certaine(self) -> bool:
        return "relire" not in self.marque

    @property
    def cherchable(self) -> str:
        r = self.regle
        mots = (
            r.pk,
            r.libelle,
            r.source,
            r.remarque,
            r.critere,
            r.get_situation_display(),
            r.quand,
            self.depart,
            *self.categories,
            *self.traitements,
        )
        return "\n".join(map(cherchable, mots))


def toutes(codes: Codes) -> list[DureeDeReferenceLue]:
    """Les durées en usage, dans l'ordre du référentiel. S'emploie dans la portée de l'organisme."""
    regles = DureeReference.objects.filter(actif=True).select_related("point_depart")
    citees = _citations()
    return [
        DureeDeReferenceLue(
            r,
            tuple(codes.libelle(CategorieDonnees, c) for c in r.categories),
            tuple(HORS_FICHES_TYPES.get(t) or codes.libelle(ModeleFiche, t) for t in r.traitements),
            tuple(citees.get(r.pk, ())),
        )
        for r in regles
    ]


def _citations() -> dict[str, list[tuple[UUID, str]]]:
    lignes = (
        DureeConservation.objects.exclude(regle_reference=None)
        .exclude(traitement__statut=Statut.ARCHIVEE)
        .values_list("regle_reference", "traitement", "traitement__reference")
        .order_by()
        .distinct()
    )
    citees: dict[str, list[tuple[UUID, str]]] = {}
    for code, pk, reference in sorted(lignes, key=lambda ligne: ordre(ligne[2])):
        citees.setdefault(code, []).append((pk, reference))
    return citees


CRITERES = {
    "modele": lambda lue, valeur: valeur in lue.regle.traitements,
    "categorie": lambda lue, valeur: valeur in lue.regle.categories,
    "nature": lambda lue, valeur: lue.regle.nature == valeur,
    "force": lambda lue, valeur: lue.regle.force == valeur,
    "verifie": lambda lue, valeur: (
        not lue.certaine if valeur == Verification.MEMOIRE else lue.regle.verifie == valeur
    ),
}


def filtrer(lues: Iterable[DureeDeReferenceLue], filtres: Mapping[str, str]) -> list[DureeDeReferenceLue]:
    """Celles qui contiennent tous les mots de `q` et répondent à chaque critère rempli."""
    cherches = termes(recherche := filtres.get("q", ""))
    if recherche.strip() and not cherches:
        return []
    choisis = [(CRITERES[nom], valeur) for nom, valeur in filtres.items() if valeur and nom in CRITERES]
    return [
        lue
        for lue in lues
        if all(terme in lue.cherchable for terme in cherches)
        and all(critere(lue, valeur) for critere, valeur in choisis)
    ]
