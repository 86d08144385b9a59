"""Les seuils d'une épreuve, et leurs planchers : un seuil qui ne mesurerait plus rien est refusé, avec sa raison."""

from decimal import Decimal

SEUILS = {"k": 5, "l": 2, "t": 3_000}  # repères du produit, non la loi ; t en dix-millièmes
K_MIN, L_MIN, T_MAX = 3, 2, 5_000
MAX = 1_000_000
DOMINANCE = (
    8_500  # dix-millièmes : une case, ou une personne, qui porte plus de cette part du total le révèle
)
PLANCHERS = {
    "k": f"Le seuil k vaut {K_MIN} au moins : à deux dans une classe, qui s'y reconnaît reconnaît l'autre. Trois est aussi "
    "la fréquence minimale que l'Insee retient pour une case de tableau (statistiques d'entreprises).",
    "l": f"Le seuil l vaut {L_MIN} au moins : avec une seule valeur dans une classe, qui sait la classe sait la valeur.",
    "t": "Le seuil t vaut 0,5 au plus : au-delà, plus de la moitié d'une classe s'écarte de l'ensemble, et connaître la "
    "classe d'une personne renseigne sur sa valeur.",
}


class SeuilRefuse(ValueError):
    """Un seuil hors de ses bornes. `nom` : k, l ou t ; le message, en français, dit pourquoi."""

    def __init__(self, nom: str, message: str) -> None:
        super().__init__(message)
        self.nom = nom


def lire_seuils(k: int, diversite: int, t: str) -> dict[str, int]:
    """Des seuils en entiers, t en dix-millièmes. Lève `SeuilRefuse`, qui les dit tous."""
    lus, fautes = {}, []
    for nom, valeur in (("k", k), ("l", diversite), ("t", t)):
        try:
            lus[nom] = lire_seuil(nom, valeur)
        except SeuilRefuse as refus:
            fautes.append(refus)
    if fautes:
        raise SeuilRefuse(fautes[0].nom, " ".join(map(str, fautes)))
    return lus


def lire_seuil(nom: str, valeur: int | str) -> int:
    """Un seuil (k, l ou t) en entier, t en dix-millièmes. Lève `SeuilRefuse`."""
    lu = _lire_t(str(valeur)) if nom == "t" else int(valeur)
    if lu > T_MAX if nom == "t" else lu < {"k": K_MIN, "l": L_MIN}[nom]:
        raise SeuilRefuse(nom, PLANCHERS[nom])
    if lu > MAX:
        raise SeuilRefuse(nom, f"Le seuil {nom} vaut {MAX} au plus.")
    return lu


def _lire_t(t: str) -> int:
    try:
        lu = Decimal(t.strip().replace(",", ".")) * 10_000
    except ArithmeticError:  # ni un nombre, ni un nombre que l'on puisse tenir (« 1e999999 »)
        raise SeuilRefuse("t", "Le seuil t est un nombre entre 0 et 0,5, par exemple 0,3.") from None
    if lu.is_finite() and lu > MAX:  # un entier d'un million de chiffres ne se forme pas
        return MAX
    if not lu.is_finite() or lu < 0 or lu != int(lu):
        raise SeuilRefuse("t", "Le seuil t est un nombre entre 0 et 0,5, avec quatre décimales au plus.")
    return int(lu)
