"""Ce que chaque lecture peut prendre : au-delà, elle est refusée."""

from typing import NamedTuple


class Limites(NamedTuple):
    """`octets` : du fichier. `memoire` : du processus, en octets. `secondes` : de calcul. `attente` : montre en main."""

    octets: int
    memoire: int
    secondes: int
    attente: float


OCTETS_RECUS = 200_000_000  # d'un fichier téléversé
CLASSEUR = Limites(octets=30_000_000, memoire=1_500_000_000, secondes=30, attente=60)
COMPTAGE = Limites(octets=OCTETS_RECUS, memoire=2_500_000_000, secondes=90, attente=90)
# La page attend devant quelqu'un ; la commande, non : elle lit plus de lignes, plus longtemps.
EPREUVE = Limites(octets=OCTETS_RECUS, memoire=2_500_000_000, secondes=80, attente=100)
EPREUVE_COMMANDE = Limites(octets=4_000_000_000, memoire=12_000_000_000, secondes=3_000, attente=3_600)


def en_megaoctets(octets: int) -> str:
    return f"{octets // 1_000_000} Mo"
