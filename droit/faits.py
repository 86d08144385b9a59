"""Les faits d'une fiche, figés : ce que les règles lisent, et rien d'autre. Pur."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, wraps
from types import MappingProxyType
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from conservation.ensembles import en_clair
from conservation.visees import concerne, sous_la_meme_duree
from droit.reperes import Reperes
from traitements.chemins import Chemin

Element = Mapping[str, Any]
# Les verdicts d'une épreuve qui disent que des données ne sont pas anonymes.
DEMENTIS = ("identifiante", "pseudonymisee", "insuffisante")
RIEN: Element = MappingProxyType({})
P = ParamSpec("P")
T = TypeVar("T")


# Ce qu'un champ porte d'ordinaire, et que rien ne peut changer.
SIMPLES = frozenset({str, int, float, bool, type(None), date})


JAMAIS_DU_TEXTE = SIMPLES - {str}


def figer(valeur: Any) -> Any:
    """La même valeur, en lecture seule : une règle ne peut rien y changer. Ce qui l'est déjà est rendu tel quel."""
    genre = type(valeur)
    if genre in SIMPLES or genre is MappingProxyType:
        return valeur
    if genre is dict or isinstance(valeur, Mapping):
        composes = {cle: figer(v) for cle, v in valeur.items() if type(v) not in SIMPLES}
        return MappingProxyType({**valeur, **composes})
    if isinstance(valeur, (list, tuple)):
        return tuple([v if type(v) in SIMPLES else figer(v) for v in valeur])
    return valeur


def texte(element: Element, nom: str) -> str:
    """Le texte d'un champ, sans les blancs qui l'entourent ; vide s'il manque ou n'est pas un texte."""
    valeur = element.get(nom)
    return valeur.strip() if valeur and isinstance(valeur, str) else ""


def codes(element: Element, nom: str) -> tuple[str, ...]:
    """Les codes d'un champ qui en porte plusieurs ; aucun s'il manque ou n'est pas une liste."""
    valeur = element.get(nom)
    return tuple([v for v in valeur if isinstance(v, str)]) if valeur and isinstance(valeur, tuple) else ()


def jour(element: Element, nom: str) -> date | None:
    """La date d'un champ ; `None` s'il manque ou n'est pas une date."""
    try:
        return date.fromisoformat(lu) if (lu := texte(element, nom)) else None
    except ValueError:
        return None


def par_categorie(elements: Iterable[Element]) -> dict[str, Element]:
    """Le premier élément de chaque catégorie de données, dans l'ordre de la fiche."""
    premiers: dict[str, Element] = {}
    for element in elements:
        premiers.setdefault(texte(element, "categorie"), element)
    return premiers


def degeler(valeur: Any) -> Any:
    """L'inverse : des dictionnaires et des listes ordinaires, que l'on peut écrire en JSON."""
    if isinstance(valeur, Mapping):
        return {cle: degeler(v) for cle, v in valeur.items()}
    return [degeler(v) for v in valeur] if isinstance(valeur, tuple) else valeur


Jour = date  # le champ de même nom cache le type


class EpreuveConnue(NamedTuple):
    """Ce qu'une règle lit d'une épreuve d'anonymat : ce qu'elle a conclu, quand, et son dernier jour (`None` : elle ne vaut plus)."""

    verdict: str
    date: Jour
    valable_jusqu_au: Jour | None

    def vaut(self, le: Jour) -> bool:
        return self.valable_jusqu_au is not None and le <= self.valable_jusqu_au


@dataclass(frozen=True)
class Faits:
    """Une fiche et son organisme sous leur forme canonique, et les repères du droit.

    `fiches_sous_traitant` : nombre de fiches du registre de l'article 30(2) ; `None` quand on ne l'a pas compté.
    `epreuves` : les épreuves d'anonymat de la fiche, de la plus ancienne à la plus récente ({regle, date, verdict, valable_jusqu_au}).
    Toute valeur peut manquer : une règle lit par `get` ou par les méthodes d'ici, qui ne lèvent jamais.
    """

    fiche: Element
    organisme: Element = field(default_factory=dict)
    reperes: Reperes = field(default_factory=Reperes)
    fiches_sous_traitant: int | None = None
    epreuves: tuple[Element, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "fiche", figer(self.fiche))
        object.__setattr__(self, "organisme", figer(self.organisme))
        object.__setattr__(self, "epreuves", figer(self.epreuves))

    # --- Lire -------------------------------------------------------------------------------------------------------
    def liste(self, nom: str) -> tuple[Element, ...]:
        """Les éléments d'une liste de la fiche ; aucun si elle manque."""
        return self.fiche.get(nom) or ()

    def volet(self, nom: str) -> Element:
        """Un volet de la fiche ; vide s'il manque, donc rien n'y est renseigné."""
        return self.fiche.get(nom) or RIEN

    def lire(self, chemin: str) -> Any:
        """La valeur que désigne un chemin (« finalites[2].canaux », « aipd.date », « organisme.adresse »)."""
        lu = Chemin.lire(chemin)
        if lu.numero is None and not lu.champ:
            return self.fiche.get(lu.tete)
        porteur = self._porteur(lu)
        return porteur.get(lu.champ) if lu.champ else porteur

    def _porteur(self, lu: Chemin) -> Element:
        """L'élément, le volet ou l'organisme où se trouve le champ ; vide s'il manque."""
        if lu.numero is not None:
            return self._numerotes.get((lu.tete, str(lu.numero)), RIEN)
        return self.organisme if lu.de_l_organisme else self.volet(lu.tete)

    @cached_property
    def _numerotes(self) -> dict[tuple[str, str], Element]:
        """Chaque élément par sa liste et son numéro ; d'un numéro en double, le premier."""
        numerotes: dict[tuple[str, str], Element] = {}
        for nom, elements in self.fiche.items():
            for e in elements if isinstance(elements, tuple) else ():
                if isinstance(e, Mapping):
                    numerotes.setdefault((nom, str(e.get("numero"))), e)
        return numerotes

    def cible(self, chemin: str) -> Any:
        """L'élément ou le volet entier que touche un chemin : les faits sur lesquels un constat repose."""
        lu = Chemin.lire(chemin)
        entier = lu.numero is not None or (lu.champ and not lu.de_l_organisme)
        return self._porteur(lu) if entier else self.lire(chemin)

    @cached_property
    def memoire(self) -> dict[Any, Any]:
        """Ce que les règles ont déjà tiré de cette fiche (voir `une_fois`)."""
        return {}

    # --- La fiche ---------------------------------------------------------------------------------------------------
    @cached_property
    def du_sous_traitant(self) -> bool:
        """La fiche relève de l'article 30(2), qui n'exige ni finalités, ni données, ni durées."""
        return self.fiche.get("qualite") == "sous-traitant"

    def actif(self, le: date) -> bool:
        """Le traitement est-il mis en œuvre : fiche validée, ou mise en œuvre passée ?"""
        debut = jour(self.fiche, "date_mise_en_oeuvre")
        return self.fiche.get("statut") == "validee" or bool(debut and debut <= le)

    # --- Finalités --------------------------------------------------------------------------------------------------
    @cached_property
    def finalites(self) -> tuple[Element, ...]:
        return self.liste("finalites")

    @cached_property
    def natures(self) -> frozenset[str]:
        """Celles de ses finalités (`type`) ; vide pour celle qui n'en dit pas."""
        return frozenset(texte(f, "type") for f in self.finalites)

    @cached_property
    def categories_de_personnes(self) -> frozenset[str]:
        return frozenset(texte(p, "categorie") for p in self.liste("personnes"))

    def finalites_de(self, *types: str) -> list[Element]:
        """Les finalités dont la nature (`type`) est l'une de celles-ci."""
        return [f for f in self.finalites if f.get("type") in types]

    @cached_property
    def consenties(self) -> list[Element]:
        """Les finalités fondées sur le consentement."""
        return [f for f in self.finalites if f.get("base_legale") == "CONSENTEMENT"]

    @cached_property
    def au_consentement(self) -> list[Element]:
        """Les finalités où la personne consent : le consentement les fonde, ou lève l'interdiction de l'article 9 (9(2)(a))."""
        return [
            f
            for f in self.finalites
            if f.get("base_legale") == "CONSENTEMENT" or f.get("consentement_explicite") is True
        ]

    def finalites_servies(self, donnee: Element) -> list[Element]:
        """Les finalités que cette donnée sert : celles qu'elle cite, ou toutes si elle n'en cite aucune."""
        return self.finalites_citees(donnee) or list(self.finalites)

    def finalites_citees(self, donnee: Element) -> list[Element]:
        """Les finalités que cette donnée cite elle-même."""
        cites = donnee.get("finalites")
        return [f for f in self.finalites if f.get("numero") in cites] if isinstance(cites, tuple) else []

    @cached_property
    def profile(self) -> bool:
        """Un profilage est déclaré : un niveau autre qu'« aucun », ou une de ses formes répondue par oui."""
        p = self.volet("profilage")
        formes = ("decision_auto", "plateforme_tierce", "recommandation")
        return (p.get("niveau") or "aucun") != "aucun" or any(p.get(nom) is True for nom in formes)

    # --- Données ----------------------------------------------------------------------------------------------------
    def donnees(self, attribut: str = "") -> list[Element]:
        """Les données de la fiche, ou celles dont la catégorie a cet attribut : sensible, infraction, nir…"""
        if attribut not in self._donnees:
            self._donnees[attribut] = [d for d, ligne in self._categorisees if ligne.get(attribut)]
        return self._donnees[attribut]

    @cached_property
    def _donnees(self) -> dict[str, list[Element]]:
        """Celles de chaque attribut, rangées une fois : presque toutes les règles les demandent."""
        return {"": list(self.liste("donnees"))}

    @cached_property
    def _categorisees(self) -> list[tuple[Element, Element]]:
        """Chaque donnée et la ligne de sa catégorie."""
        return [(d, self.categorie(d)) for d in self.liste("donnees")]

    @cached_property
    def categories_de_donnees(self) -> frozenset[str]:
        return frozenset(texte(d, "categorie") for d in self.liste("donnees"))

    def categorie(self, donnee: Element) -> Element:
        """La ligne du référentiel des catégories de données ; vide si elle est inconnue."""
        return self.reperes.categories_donnees.get(texte(donnee, "categorie"), RIEN)

    def sources_indirectes(self, donnee: Element) -> list[str]:
        """Les sources de cette donnée qui ne sont pas la personne elle-même (RGPD art. 14)."""
        sources = self.reperes.sources_donnees
        return [s for s in codes(donnee, "sources") if sources.get(s, RIEN).get("indirecte") is True]

    # --- Conservation -----------------------------------------------------------------------------------------------
    def epreuve(self, numero: Any, le: date) -> EpreuveConnue | None:
        """La dernière épreuve d'anonymat d'une durée de conservation ce jour-là ; `None` si aucune ne l'éprouve.

        Faite sous une autre durée, une épreuve ne dit rien de celle-ci ; un démenti, lui, vaut dès qu'une donnée est commune.
        """
        duree = next((k for k in self.liste("conservations") if k.get("numero") == numero), RIEN)
        siennes = [e for e in self.epreuves if duree and _en_parle(e, en_clair(duree, self.fiche))]
        passees = [
            EpreuveConnue(texte(e, "verdict"), quand, jour(e, "valable_jusqu_au"))
            for e in siennes
            if (quand := jour(e, "date")) and quand <= le
        ]
        return passees[-1] if passees else None

    # --- Destinataires, sécurité ------------------------------------------------------------------------------------
    def tiers(self, element: Element) -> Element:
        """Le tiers qu'un élément cite ; vide s'il n'en cite pas."""
        return self.reperes.tiers.get(texte(element, "tiers"), RIEN)

    def pays(self, destinataire: Element) -> str | None:
        """Le pays du destinataire, sinon celui du tiers qu'il cite."""
        return texte(destinataire, "pays") or texte(self.tiers(destinataire), "pays") or None

    @cached_property
    def mesures(self) -> frozenset[str]:
        """Codes des mesures de sécurité de la fiche et, si elle en hérite, de l'organisme."""
        heritees = self.organisme.get("mesures") or () if self.fiche.get("securite_heritee") else ()
        return frozenset(code for m in (*self.liste("mesures"), *heritees) if (code := texte(m, "fiche")))

    # --- Texte ------------------------------------------------------------------------------------------------------
    def citer(self, table: str, codes: Iterable[str]) -> str:
        """Les libellés de ces codes, chacun une fois : « Courriel », « SMS »."""
        return ", ".join(f"« {self.reperes.libelle(table, code)} »" for code in dict.fromkeys(codes))

    def textes(self) -> Iterator[tuple[str, str]]:
        """Tous les textes de la fiche, chacun avec son chemin ; les vides n'y sont pas."""
        return iter(self._textes)

    @cached_property
    def en_minuscules(self) -> str:
        """Tous ses textes d'un bloc, un par ligne : de quoi savoir qu'un mot n'y est pas, sans les lire un à un."""
        return "\n".join([lu for _, lu in self._textes]).casefold()

    @cached_property
    def _textes(self) -> list[tuple[str, str]]:
        """Lus une fois pour toutes les règles qui cherchent un mot."""
        lus: list[tuple[str, str]] = []
        for nom, valeur in self.fiche.items():
            if valeur and type(valeur) not in JAMAIS_DU_TEXTE:
                _lire_les_textes(nom, valeur, lus)
        return lus


def une_fois(lire: Callable[Concatenate[Faits, P], T]) -> Callable[Concatenate[Faits, P], T]:
    """Une lecture que plusieurs règles demandent : faite une fois par fiche, puisque rien n'y change. Ce qu'elle rend ne se modifie pas."""

    @wraps(lire)
    def lue(faits: Faits, /, *args: P.args, **options: P.kwargs) -> T:
        cle = lire, args, *options.items()
        if cle not in faits.memoire:
            faits.memoire[cle] = lire(faits, *args, **options)
        deja: T = faits.memoire[cle]
        return deja

    return lue


def _en_parle(epreuve: Element, duree: Mapping[str, Any]) -> bool:
    visees = epreuve.get("visees") or ()
    if texte(epreuve, "verdict") in DEMENTIS:
        return concerne(visees, duree)
    return epreuve.get("regle") == duree["numero"] and sous_la_meme_duree(visees, duree)


def _lire_les_textes(chemin: str, valeur: Any, lus: list[tuple[str, str]]) -> None:
    """Ajoute à `lus` ceux d'une valeur figée, d'un élément ses champs d'abord."""
    genre = type(valeur)
    if genre is str:
        lus.append((chemin, valeur))
    elif genre is tuple:
        for e in valeur:
            if e and type(e) is str:
                lus.append((chemin, e))
            elif type(e) not in SIMPLES:
                _lire_les_textes(_chemin(chemin, e), e, lus)
    elif genre is MappingProxyType:
        remplis = [(nom, v) for nom, v in valeur.items() if v]
        lus += [(f"{chemin}.{nom}", v) for nom, v in remplis if type(v) is str]
        for nom, v in remplis:
            if type(v) not in SIMPLES:
                _lire_les_textes(f"{chemin}.{nom}", v, lus)


def _chemin(liste: str, element: Any) -> str:
    return f"{liste}[{element.get('numero')}]" if type(element) is MappingProxyType else liste
