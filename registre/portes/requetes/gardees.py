"""Les pages dont on garde ce qui y est tapé : chaque page de saisie, et comment se nomme son brouillon."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.forms import BaseForm, FileField
from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve

from organismes import brouillons
from organismes.models import Brouillon
from registre.execution.epreuves.service import fichier_mesure
from registre.fiche.envois import CHAMP, Enveloppe, chemin_de, lire, texte_de
from registre.portes.requetes.textes_gardes import lignes

F = TypeVar("F", bound=BaseForm)


@dataclass(frozen=True)
class Gardee:
    """`quoi` nomme le brouillon ; `champs` : ceux qui le distinguent, lus dans ce qui est tapé. `fichier` : elle en attend un.

    `lu` : le nom du fichier déjà lu, d'après ce que la page porte de lui (`mesure`) ; vide s'il est à choisir de nouveau. `seule` : un
    brouillon y remplace celui du même fichier, et celui d'avant tout fichier.
    """

    quoi: str
    champs: tuple[str, ...] = ()
    fichier: bool = False
    lu: Callable[[str], str] = lambda _: ""
    seule: bool = False

    def titre(self, contenu: QueryDict) -> str:
        dits = " ".join(v for c in self.champs if (v := contenu.get(c, "").strip())) or self._fichier(contenu)
        return f"{self.quoi} : {dits}" if dits else self.quoi

    def remplaces(self, contenu: QueryDict) -> set[str]:
        return {self.titre(contenu), self.quoi} if self.seule else set()

    def attend_un_fichier(self, contenu: QueryDict) -> bool:
        return self.fichier and not self._fichier(contenu)

    def _fichier(self, contenu: QueryDict) -> str:
        return self.lu(contenu.get("mesure", ""))


# Une page absente d'ici ne laisse aucun brouillon.
GARDEES = {
    "admin:traitements_traitement_add": Gardee("Nouvelle fiche", ("reference", "intitule")),
    "admin:traitements_traitement_change": Gardee("Fiche", ("reference", "intitule")),
    "admin:organismes_tiers_add": Gardee("Nouveau tiers", ("nom",)),
    "admin:organismes_tiers_change": Gardee("Tiers", ("nom",)),
    "admin:organismes_organisme_add": Gardee("Nouvel organisme", ("raison_sociale",)),
    "admin:organismes_organisme_change": Gardee("Organisme", ("raison_sociale",)),
    "admin:organismes_utilisateur_add": Gardee("Nouveau compte", ("nom",)),
    "admin:organismes_utilisateur_change": Gardee("Compte", ("nom",)),
    "admin:organismes_habilitation_add": Gardee("Nouvelle habilitation"),
    "admin:organismes_habilitation_change": Gardee("Habilitation"),
    "operation_nouvelle": Gardee("Opération de conservation", ("perimetre",), fichier=True),
    "plan_nouveau": Gardee("Plan de relevé", ("nom",)),
    "plan_modifier": Gardee("Plan de relevé", ("nom",)),
    "plan_relever": Gardee("Relevé d'un plan", fichier=True),
    "releve_nouveau": Gardee("Relevé sur un fichier", fichier=True),
    "epreuve_nouvelle": Gardee("Épreuve d'anonymat", fichier=True, lu=fichier_mesure, seule=True),
    "ecarter": Gardee("Écart justifié", ("raison",)),
}


# Les pages de lecture où s'écrit la suite d'une remarque d'import : ce mot seul s'y garde, et ne revient qu'à la demande.
LECTURES = frozenset(["fiche", "organisme"])
REMARQUES = frozenset(["traiter_remarque", "traiter_remarque_organisme"])
SUITE = Gardee("Suite d'une remarque d'import")


def est_gardee(request: HttpRequest) -> bool:
    """Ce qui se tape sur cette page se garde-t-il en brouillon ?"""
    resolu = request.resolver_match
    return resolu is not None and resolu.view_name in GARDEES


class NonGardee(Exception):
    """Ce qui se tape sur cette page ne se garde pas."""


def garder(request: HttpRequest, enveloppe: Enveloppe, *, refuse: bool = False, temoin: str = "") -> None:
    """Garde le texte que porte l'envoi, pour l'auteur de la page et lui seul.

    Lève `NonGardee`, `brouillons.BrouillonClos`, `brouillons.Comble` ou `brouillons.TropLong`.
    """
    gardee, contenu = _a_garder(request, enveloppe)
    brouillons.garder(
        enveloppe.personne,
        enveloppe.organisme,
        numero=enveloppe.numero,
        adresse=enveloppe.adresse,
        titre=gardee.titre(contenu),
        contenu=contenu.urlencode(),
        refuse=refuse,
        temoin=temoin,
        remplaces=gardee.remplaces(contenu),
    )


def _a_garder(request: HttpRequest, enveloppe: Enveloppe) -> tuple[Gardee, QueryDict]:
    if rang := rang_de_remarque(request):
        suite = request.POST.get("suite", "")
        if not suite.strip():
            raise NonGardee
        contenu = QueryDict(mutable=True)
        contenu[f"suite-{rang}"] = suite
        return SUITE, contenu
    try:
        return GARDEES[resolve(chemin_de(enveloppe.adresse)).view_name], texte_de(request.POST)
    except (KeyError, Resolver404):
        raise NonGardee from None


def rang_de_remarque(request: HttpRequest) -> str:
    """Le numéro de la remarque d'import que l'envoi traite depuis une page de lecture ; vide pour tout autre envoi."""
    resolu = request.resolver_match
    return str(resolu.kwargs["numero"])[:9] if resolu and resolu.view_name in REMARQUES else ""


def enveloppe_de(request: HttpRequest) -> Enveloppe | None:
    """L'enveloppe de l'envoi. Une page de lecture porte plusieurs remarques : chacune a son brouillon, donc son numéro."""
    enveloppe = lire(request.POST.get(CHAMP, ""))
    if enveloppe is not None and (rang := rang_de_remarque(request)):
        return replace(enveloppe, numero=f"{enveloppe.numero.partition('~')[0]}~{rang}")
    return enveloppe


@dataclass(frozen=True)
class Reprise:
    """Ce qu'une page a de brouillons. `rendu` : celui qu'elle montre ; `autres` : ceux qu'elle propose."""

    rendu: Brouillon | None = None
    autres: tuple[Brouillon, ...] = ()
    lecture: bool = False  # la page se lit : le texte s'y montre, il peut n'y avoir plus de champ
    fichier: bool = False  # la page attend un fichier, qui ne se garde pas

    @property
    def contenu(self) -> QueryDict | None:
        return QueryDict(self.rendu.contenu) if self.rendu else None

    @property
    def lignes(self) -> list[tuple[str, str]]:
        """Chaque champ rempli et son libellé, pour qui n'a plus de page où les remettre."""
        return lignes(self.rendu.adresse, QueryDict(self.rendu.contenu)) if self.rendu else []


def reprise_de(request: HttpRequest) -> QueryDict | None:
    """Ce que la page doit remontrer, tapé et non enregistré ; `None` s'il n'y a rien à reprendre."""
    reprise = getattr(request, "reprise", None)
    return reprise.contenu if reprise is not None else None


def remettre(request: HttpRequest, formulaire: F) -> F:
    """Remplit un formulaire neuf de ce qui avait été tapé ; un fichier ne se garde pas."""
    contenu = reprise_de(request)
    if contenu is not None and not formulaire.is_bound:
        for nom, champ in formulaire.fields.items():
            if not isinstance(champ, FileField) and not champ.disabled:
                cle = formulaire.add_prefix(nom)
                formulaire.initial[nom] = champ.widget.value_from_datadict(contenu, {}, cle)
    return formulaire


def avec_la_suite(request: HttpRequest, remarques: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Les remarques d'une page, chacune avec la suite tapée et pas encore enregistrée."""
    tape = request.POST if request.method == "POST" else reprise_de(request) or QueryDict()
    return [{**r, "tapee": tape.get(f"suite-{r['numero']}", "")} for r in remarques]
