"""Ce qui manque, nommé et dénombré : chaque compte s'ouvre sur sa liste et se vérifie.

Des absences de fait seulement. Les règles de droit, avec leurs conditions et leurs dates, vivent dans
`traitements/controles/`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from conservation.models import RegleConservation
from traitements.choix import Qualite
from traitements.models import (
    ClientTraitement,
    Destinataire,
    DonneesTraitees,
    Finalite,
    MesureSecurite,
    PersonnesConcernees,
    Traitement,
    Transfert,
)

TOUTES = Q()
RESPONSABLE = ~Q(qualite=Qualite.SOUS_TRAITANT)
SOUS_TRAITANT = Q(qualite=Qualite.SOUS_TRAITANT)


@dataclass(frozen=True)
class Manque:
    """Un manque. `une`, `plusieurs` : la phrase qui suit le nombre."""

    code: str
    une: str
    plusieurs: str
    article: str
    condition: Callable[[date], Q]

    def phrase(self, nombre: int) -> str:
        return self.une if nombre == 1 else self.plusieurs


def _a(modele, **filtre) -> Exists:
    return Exists(modele.objects.filter(traitement=OuterRef("pk"), **filtre))


def _sans(modele, registre: Q = RESPONSABLE) -> Callable[[date], Q]:
    return lambda le: registre & ~Q(_a(modele))


def _avec(modele, registre: Q = TOUTES, **filtre) -> Callable[[date], Q]:
    return lambda le: registre & Q(_a(modele, **filtre))


def _securite(le: date) -> Q:
    return ~Q(_a(MesureSecurite)) & ~Q(securite_heritee=True) & Q(securite_justification="")


MANQUES = (
    Manque("finalite", "fiche sans finalité", "fiches sans finalité", "art. 30(1)(b)", _sans(Finalite)),
    Manque(
        "base",
        "fiche dont une finalité est sans base légale",
        "fiches dont une finalité est sans base légale",
        "art. 6, 13(1)(c)",
        _avec(Finalite, RESPONSABLE, base_legale=None),
    ),
    Manque(
        "personnes",
        "fiche sans personnes concernées",
        "fiches sans personnes concernées",
        "art. 30(1)(c)",
        _sans(PersonnesConcernees),
    ),
    Manque("donnees", "fiche sans données", "fiches sans données", "art. 30(1)(c)", _sans(DonneesTraitees)),
    Manque(
        "destinataire",
        "fiche sans destinataire",
        "fiches sans destinataire",
        "art. 30(1)(d)",
        _sans(Destinataire),
    ),
    Manque(
        "duree",
        "fiche sans durée ni critère",
        "fiches sans durée ni critère",
        "art. 30(1)(f)",
        _sans(RegleConservation),
    ),
    Manque(
        "point-depart",
        "fiche dont une durée est sans point de départ",
        "fiches dont une durée est sans point de départ",
        "art. 5(1)(e)",
        _avec(RegleConservation, duree_valeur__isnull=False, point_depart=None),
    ),
    Manque(
        "garantie",
        "fiche dont un transfert est sans garantie",
        "fiches dont un transfert est sans garantie",
        "art. 44 à 49",
        _avec(Transfert, garantie=None),
    ),
    Manque(
        "securite",
        "fiche sans mesure de sécurité",
        "fiches sans mesure de sécurité",
        "art. 30(1)(g), 30(2)(d)",
        _securite,
    ),
    Manque(
        "client",
        "fiche de sous-traitance sans client",
        "fiches de sous-traitance sans client",
        "art. 30(2)(a)",
        _sans(ClientTraitement, SOUS_TRAITANT),
    ),
    Manque(
        "revue",
        "fiche à revoir",
        "fiches à revoir",
        "art. 5(2), 24(1)",
        lambda le: Q(date_prochaine_revue__lte=le),
    ),
)
PAR_CODE = {manque.code: manque for manque in MANQUES}


def touchees(fiches: QuerySet[Traitement], manque: Manque, le: date) -> QuerySet[Traitement]:
    return fiches.filter(manque.condition(le))


def denombrer(fiches: QuerySet[Traitement], le: date) -> list[tuple[Manque, int]]:
    """Les manques présents et leur nombre de fiches, en une requête."""
    comptes = fiches.order_by().aggregate(
        **{f"m{rang}": Count("pk", filter=manque.condition(le)) for rang, manque in enumerate(MANQUES)}
    )
    return [(m, comptes[f"m{rang}"]) for rang, m in enumerate(MANQUES) if comptes[f"m{rang}"]]
