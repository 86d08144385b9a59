"""De quoi une notice est faite, et la plume qui l'écrit : ce qui manque y laisse un blanc nommé. Pur."""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from droit.faits import Element, Faits, codes
from registre.conformite.notice.mots import propre
from registre.fiche.codes import Codes

PUCE = "• "
BLANC = re.compile(r"\[à compléter : [^\]]*\]")
DIRECTES = ("DIRECTE", "TERMINAL")  # « DEDUITE » ne dit pas si l'article 13 ou le 14 s'applique
# Mention → son article selon que les données viennent de la personne (13) ou d'ailleurs (14).
ARTICLES = {
    "identite": ("13(1)(a)", "14(1)(a)"),
    "delegue": ("13(1)(b)", "14(1)(b)"),
    "finalites": ("13(1)(c)", "14(1)(c)"),
    "interets": ("13(1)(d)", "14(2)(b)"),
    "donnees": ("", "14(1)(d)"),
    "destinataires": ("13(1)(e)", "14(1)(e)"),
    "transferts": ("13(1)(f)", "14(1)(f)"),
    "durees": ("13(2)(a)", "14(2)(a)"),
    "droits": ("13(2)(b)", "14(2)(c)"),
    "retrait": ("13(2)(c)", "14(2)(d)"),
    "reclamation": ("13(2)(d)", "14(2)(e)"),
    "obligatoire": ("13(2)(e)", ""),
    "source": ("", "14(2)(f)"),
    "decision": ("13(2)(f)", "14(2)(g)"),
}


@dataclass(frozen=True)
class Paragraphe:
    """`lignes` : des phrases, ou les éléments d'une liste quand elles commencent par une puce."""

    titre: str
    article: str
    lignes: tuple[str, ...]


@dataclass(frozen=True)
class Manquante:
    """Une mention que la loi exige et que la fiche ne donne pas. `chemin` : le champ qui la donnerait."""

    mention: str
    article: str
    chemin: str


@dataclass(frozen=True)
class Notice:
    """L'information des personnes (RGPD art. 13 et 14), rédigée à partir d'une fiche.

    `regime` : « l'article 13 », « l'article 14 », « les articles 13 et 14 ». `reserves` : ce qu'il faut relire avant de diffuser.
    """

    paragraphes: tuple[Paragraphe, ...]
    manquantes: tuple[Manquante, ...]
    titre: str = ""
    regime: str = ""
    reserves: tuple[str, ...] = ()


@dataclass
class Plume:
    """Ce que chaque partie lit, et ce que toutes ont trouvé manquant."""

    faits: Faits
    codes: Codes
    le: date
    manquantes: list[Manquante] = field(default_factory=list)

    def blanc(self, mention: str, article: str, chemin: str) -> str:
        """Note la mention qui manque et rend le blanc qui tient sa place."""
        mention = mention.replace("[", "(").replace("]", ")")
        manquante = Manquante(mention, article, chemin)
        if manquante not in self.manquantes:
            self.manquantes.append(manquante)
        return f"[à compléter : {mention}]"

    def ou_blanc(self, valeur: Any, mention: str, article: str, chemin: str) -> str:
        """La valeur, prête à entrer dans une phrase ; à défaut, le blanc qui la nomme."""
        return propre(valeur) or self.blanc(mention, article, chemin)

    @cached_property
    def _regime(self) -> tuple[bool, bool]:
        """(article 13, article 14). Une source inconnue laisse ouverts les deux."""
        donnees = self.faits.donnees()
        sources = [codes(d, "sources") for d in donnees]
        directe = any(s in DIRECTES for siennes in sources for s in siennes)
        indirecte = any(map(self.faits.sources_indirectes, donnees))
        inconnue = () in sources or not (directe or indirecte)
        return directe or inconnue, indirecte or inconnue

    @property
    def regime(self) -> str:
        return {(True, False): "l'article 13", (False, True): "l'article 14"}.get(
            self._regime, "les articles 13 et 14"
        )

    def article(self, *mentions: str, sinon: str = "") -> str:
        """« art. 13(1)(c), 14(1)(c) » : ce que le régime de la fiche appelle."""
        refs = [
            ref
            for mention in mentions
            for ref, vaut in zip(ARTICLES[mention], self._regime, strict=True)
            if ref and vaut
        ]
        return f"art. {', '.join(sorted(refs))}" if refs else sinon

    def contact(self) -> str:
        """À qui la personne s'adresse pour ses droits."""
        return self.ou_blanc(
            self.faits.volet("information").get("contact_droits"),
            "contact pour exercer ses droits",
            self.article("droits"),
            "information.contact_droits",
        )


def categorie(plume: Plume, element: Element) -> str:
    """Le libellé de la catégorie de données d'un élément ; vide s'il n'en vise aucune."""
    return plume.faits.reperes.libelle("categories_donnees", element.get("categorie"))
