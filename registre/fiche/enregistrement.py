"""Le seul chemin d'écriture d'une fiche, d'un organisme, d'un tiers, d'une habilitation ou d'un plan de relevé.

Le formulaire, l'API, les imports et les commandes fabriquent la forme canonique (voir `agregat`) et passent ici :
mêmes contrôles, même verrou, une transaction, une entrée de journal. Rien n'est écrit si rien n'a changé.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import IntegrityError, models, transaction

from conservation.models import PlanReleve
from journal import bases
from journal.service import Auteur, consigner, operation
from organismes.models import Habilitation, Organisme, Tiers, Utilisateur
from registre.fiche import agregat as ag
from registre.fiche.assemblage import NON_PRIS, Assemblage, Erreurs, Tenu
from registre.fiche.chemins import chemin_lisible
from registre.fiche.codes import Codes
from registre.fiche.envois import reserver
from registre.fiche.recherche import indexer
from traitements.models import Traitement

CREATION, MODIFICATION, INCHANGE = "creation", "modification", "inchange"
# Ce qui s'enregistre ici : la racine d'un agrégat, sous verrou par sa `revision`.
Racine = Traitement | Organisme | Tiers | Habilitation | Utilisateur | PlanReleve
R = TypeVar("R", bound=Racine)
# L'objet assemblé, sa forme canonique d'avant (`None` : neuf), où dire les fautes, ce qui n'a pas été pris.
Jugement = Callable[[ag.Objets[R], dict[str, Any] | None, Erreurs, list[Tenu]], None]


def _phrase(chemin: str, messages: list[str]) -> str:
    """« Finalité 1, balance des intérêts : … » : une personne lit le champ, jamais son chemin."""
    return " : ".join(m for m in (chemin_lisible(chemin), " ".join(messages)) if m)


class Refus(Exception):
    """Les données ne peuvent pas être enregistrées. `erreurs` : chemin du champ → messages français."""

    def __init__(self, erreurs: dict[str, list[str]]):
        self.erreurs = erreurs
        super().__init__(" ".join(_phrase(chemin, messages) for chemin, messages in erreurs.items()))

    @property
    def phrases(self) -> str:
        """Les messages à la suite, sans leurs champs."""
        return " ".join(message for siens in self.erreurs.values() for message in siens)


class Disparu(Refus):
    """L'objet vient d'être effacé par quelqu'un d'autre."""

    def __init__(self) -> None:
        super().__init__({"": ["Une autre personne vient de l'effacer : rien n'a été enregistré."]})


class Conflit(Exception):
    """L'objet a changé depuis que son auteur l'a lu. `actuel` est l'objet tel qu'il est maintenant."""

    def __init__(self, actuel: Racine):
        self.actuel = actuel
        super().__init__("Cette page a été modifiée par quelqu'un d'autre pendant votre saisie.")


@dataclass(frozen=True)
class Resultat(Generic[R]):
    objet: R
    effet: str  # creation, modification ou inchange
    avis: tuple[str, ...] = ()  # ce qu'un fichier disait et qui n'a pas été pris


def enregistrer(
    forme: ag.Agregat[R],
    donnees: dict[str, Any],
    objet: R,
    *,
    auteur: Auteur,
    revision: int | None = None,
    action: str = "",
    codes: Codes | None = None,
    simuler: bool = False,
    admis: frozenset[str] = frozenset(),
    juger: Jugement[R] | None = None,
    indulgent: bool = False,
) -> Resultat[R]:
    """Crée ou modifie un objet entier ; ce que `donnees` ne nomme pas reste tel quel.

    `revision` : celle que l'auteur a lue (`None` : pas de verrou). `admis` : les champs tenus que l'appelant établit
    lui-même. `juger` : ce qui tranche sur l'objet assemblé, avant d'écrire ; une fiche n'entre pas sans lui (voir
    `actes.fiches`). `indulgent` : un champ tenu, reçu et non pris, n'est pas une faute. `simuler` : contrôle, n'écrit rien.
    Lève `Refus` (erreurs par chemin) ou `Conflit`.
    """
    if forme.type == ag.FICHE.type and juger is None:
        raise TypeError("Une fiche ne s'enregistre que jugée : voir `actes.fiches.enregistrer_fiche`.")
    if not isinstance(donnees, dict):
        raise Refus({"": ["Il faut un objet JSON."]})
    with operation():
        nouveau = objet._state.adding
        # Avant tout contrôle : le doublon n'est pas une faute.
        noter = reserver() if nouveau and not simuler else None
        racine = objet if nouveau else verrouiller(forme, objet, revision)
        presents = _vierge(forme, racine) if nouveau else ag.lire(forme, racine)
        avant = None if nouveau else ag.instantane(forme, presents)
        assemblage = Assemblage(forme, presents, codes or Codes(), admis)
        erreurs = Erreurs()
        objets = assemblage.appliquer(donnees, erreurs)
        if juger and not erreurs:
            juger(objets, avant, erreurs, assemblage.ecartes)
        for tenu in () if indulgent else assemblage.ecartes:
            erreurs.ajouter(tenu.chemin, NON_PRIS)
        assemblage.controler(objets, erreurs)
        if erreurs:
            raise Refus(erreurs.par_chemin())
        apres = ag.instantane(forme, objets)
        effet = CREATION if nouveau else INCHANGE if apres == avant else MODIFICATION
        if effet != INCHANGE and not simuler:
            _ecrire_ou_refuser(forme, objets, presents)
            if isinstance(racine, Traitement):
                indexer(racine, apres, assemblage.codes)
            consigner(
                auteur=auteur,
                action=action or effet,
                objet_type=forme.type,
                objet_id=str(racine.pk),
                objet_libelle=str(racine),
                organisme=_organisme(racine),
                avant=avant,
                apres=apres,
            )
            if noter is not None:
                noter(forme.type, racine.pk)
        return Resultat(racine, effet)


def _vierge(forme: ag.Agregat[R], racine: R) -> ag.Objets[R]:
    """Un objet neuf : ni élément, ni volet."""
    return ag.Objets(racine, {p.nom: [] for p in forme.listes}, {p.nom: None for p in forme.volets})


def supprimer(forme: ag.Agregat[R], objet: R, *, auteur: Auteur) -> None:
    """Supprime un objet que rien ne cite. Lève `django.db.models.ProtectedError` sinon."""
    with operation():
        avant = ag.instantane_de(forme, forme.charger(bases.objets(forme.modele).filter(pk=objet.pk)).get())
        identifiant, libelle, organisme = str(objet.pk), str(objet), _organisme(objet)
        objet.delete()
        consigner(
            auteur=auteur,
            action="suppression",
            objet_type=forme.type,
            objet_id=identifiant,
            objet_libelle=libelle,
            organisme=organisme,
            avant=avant,
            apres=None,
        )


def _organisme(objet: models.Model) -> UUID | None:
    return objet.pk if isinstance(objet, Organisme) else getattr(objet, "organisme_id", None)


def verrouiller(forme: ag.Agregat[R], objet: R, revision: int | None) -> R:
    """Relit l'objet sous verrou. Lève `Conflit` si sa révision n'est plus celle que l'auteur a lue, `Disparu` s'il n'est plus."""
    if bases.objets(forme.modele).select_for_update().only("pk").filter(pk=objet.pk).first() is None:
        raise Disparu
    racine = forme.charger(bases.objets(forme.modele).filter(pk=objet.pk)).get()
    if revision is not None and racine.revision != revision:
        raise Conflit(racine)
    return racine


def _ecrire_ou_refuser(forme: ag.Agregat[R], objets: ag.Objets[R], presents: ag.Objets[R]) -> None:
    """Deux personnes peuvent prendre la même référence au même instant : la base départage, la seconde est refusée."""
    try:
        with transaction.atomic():
            _ecrire(forme, objets, presents)
    except IntegrityError:
        raise Refus(
            {"": ["Quelqu'un vient d'enregistrer la même référence ou le même nom : changez le vôtre."]}
        ) from None


def _ecrire(forme: ag.Agregat[R], objets: ag.Objets[R], presents: ag.Objets[R]) -> None:
    racine = objets.racine
    if not racine._state.adding:
        racine.revision += 1
    racine.save()
    for partie in forme.listes:
        gardes = {e.pk for e in objets.listes[partie.nom]}
        for ancien in presents.listes[partie.nom]:
            if ancien.pk not in gardes:
                ancien.delete()
        for element in objets.listes[partie.nom]:
            setattr(element, forme.lien, racine)
            element.save()
    for nom, present in presents.volets.items():
        volet = objets.volets[nom]
        if volet is not None:
            setattr(volet, forme.lien, racine)
            volet.save()
        elif present is not None:
            present.delete()
