"""Les pages dont on garde ce qui y est tapé : chaque page de saisie, et comment se nomme son brouillon."""

from dataclasses import dataclass

from django.forms import BaseForm, FileField
from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve

from organismes import brouillons
from organismes.models import Brouillon
from registre.envois import Enveloppe, chemin_de, texte_de


@dataclass(frozen=True)
class Gardee:
    """`quoi` nomme le brouillon ; `champs` : ceux qui le distinguent, lus dans ce qui est tapé."""

    quoi: str
    champs: tuple[str, ...] = ()

    def titre(self, contenu: QueryDict) -> str:
        dits = " ".join(v for c in self.champs if (v := contenu.get(c, "").strip()))
        return f"{self.quoi} : {dits}" if dits else self.quoi


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
    "operation_nouvelle": Gardee("Opération de conservation", ("perimetre",)),
    "constat_nouveau": Gardee("Constat sur un fichier", ("colonne",)),
    "epreuve_nouvelle": Gardee("Épreuve d'anonymat"),
    "ecarter": Gardee("Écart justifié", ("raison",)),
}


class NonGardee(Exception):
    """Ce qui se tape sur cette page ne se garde pas."""


def garder(request: HttpRequest, enveloppe: Enveloppe, *, refuse: bool = False, temoin: str = "") -> None:
    """Garde le texte que porte l'envoi, pour l'auteur de la page et lui seul.

    Lève `NonGardee`, `brouillons.BrouillonClos` ou `brouillons.TropLong`.
    """
    try:
        gardee = GARDEES[resolve(chemin_de(enveloppe.adresse)).view_name]
    except (KeyError, Resolver404):
        raise NonGardee from None
    contenu = texte_de(request.POST)
    brouillons.garder(
        enveloppe.personne,
        enveloppe.organisme,
        numero=enveloppe.numero,
        adresse=enveloppe.adresse,
        titre=gardee.titre(contenu),
        contenu=contenu.urlencode(),
        refuse=refuse,
        temoin=temoin,
    )


@dataclass(frozen=True)
class Reprise:
    """Ce qu'une page a de brouillons. `rendu` : celui qu'elle montre ; `autres` : ceux qu'elle propose."""

    rendu: Brouillon | None = None
    autres: tuple[Brouillon, ...] = ()

    @property
    def contenu(self) -> QueryDict | None:
        return QueryDict(self.rendu.contenu) if self.rendu else None

    @property
    def textes(self) -> list[str]:
        """Les phrases tapées, pour qui n'a plus de page où les remettre ; ni les choix d'une liste, ni les nombres."""
        contenu = self.contenu or QueryDict()
        return [v for _, valeurs in contenu.lists() for v in valeurs if " " in v.strip()]


def reprise_de(request: HttpRequest) -> QueryDict | None:
    """Ce que la page doit remontrer, tapé et non enregistré ; `None` s'il n'y a rien à reprendre."""
    reprise = getattr(request, "reprise", None)
    return reprise.contenu if reprise is not None else None


def remettre(request: HttpRequest, formulaire: BaseForm) -> BaseForm:
    """Remplit un formulaire neuf de ce qui avait été tapé ; un fichier ne se garde pas."""
    contenu = reprise_de(request)
    if contenu is not None and not formulaire.is_bound:
        for nom, champ in formulaire.fields.items():
            if not isinstance(champ, FileField) and not champ.disabled:
                cle = formulaire.add_prefix(nom)
                formulaire.initial[nom] = champ.widget.value_from_datadict(contenu, {}, cle)
    return formulaire
