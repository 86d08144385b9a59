"""Le chemin d'un champ : où il se trouve dans une fiche, un organisme, un tiers. Pur, et la seule écriture de sa forme."""

import re
from dataclasses import dataclass
from functools import lru_cache

FORME = re.compile(r"(\w+)\[(\d{1,9})\](?:\.(\w*))?")
ORGANISME = "organisme"


@dataclass(frozen=True)
class Chemin:
    """« finalites[2].base_legale » : la liste `tete`, l'élément `numero`, le champ `champ`.

    Un volet (« aipd.date ») ou l'organisme (« organisme.adresse ») n'ont pas de numéro ; un champ de la racine (« intitule »),
    une liste ou un volet entiers n'ont que leur `tete`.
    """

    tete: str
    numero: int | None = None
    champ: str = ""

    @classmethod
    @lru_cache(maxsize=4096)
    def lire(cls, ecrit: str) -> "Chemin":
        """Le chemin de cette écriture. Ne lève rien : ce qui n'en a pas la forme se lit comme un champ de la racine."""
        if trouve := FORME.fullmatch(ecrit):
            return cls(trouve[1], int(trouve[2]), trouve[3] or "")
        tete, _, champ = ecrit.partition(".")
        return cls(tete, None, champ)

    def __str__(self) -> str:
        return ".".join(m for m in (self.objet, self.champ) if m)

    @property
    def objet(self) -> str:
        """Ce qui porte le champ : « finalites[2] », « aipd », « organisme » ; pour un champ de la racine, lui-même."""
        return self.tete if self.numero is None else f"{self.tete}[{self.numero}]"

    @property
    def element(self) -> str:
        """L'élément d'une liste (« finalites[2] ») ; hors d'une liste, le chemin entier."""
        return str(self) if self.numero is None else self.objet

    @property
    def de_l_organisme(self) -> bool:
        """Un champ de l'organisme, que la fiche ne porte pas."""
        return self.tete == ORGANISME and bool(self.champ)

    @property
    def ancre(self) -> str:
        """Le champ dans le formulaire : « id_finalites-2-base_legale », « id_aipd-date » ; l'organisme y est à la racine ; un élément : « finalites-2 »."""
        if self.numero is not None and not self.champ:
            return f"{self.tete}-{self.numero}"
        parties = (self.tete, self.numero, self.champ)[self.de_l_organisme :]
        return "id_" + "-".join(str(p) for p in parties if p not in (None, ""))
