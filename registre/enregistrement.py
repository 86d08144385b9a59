"""Le seul chemin d'écriture d'une fiche, d'un organisme, d'un tiers ou d'une habilitation.

Le formulaire, l'API, les imports et les commandes fabriquent la forme canonique (voir `agregat`) et passent ici :
mêmes contrôles, même verrou, une transaction, une entrée de journal. Rien n'est écrit si rien n'a changé.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from journal.service import Auteur, consigner, operation
from organismes.models import Organisme
from registre import agregat as ag
from registre.assemblage import Assemblage, Erreurs
from registre.codes import Codes
from registre.envois import reserver
from registre.relecture import dernier_changement
from registre.validation import Verdict, juger
from traitements.choix import Statut
from traitements.models import Traitement

CREATION, MODIFICATION, INCHANGE = "creation", "modification", "inchange"
TENUS_PAR_LE_SERVICE = ("date_maj", "validee_le", "alertes_lues")


class Refus(Exception):
    """Les données ne peuvent pas être enregistrées. `erreurs` : chemin du champ → messages français."""

    def __init__(self, erreurs: dict[str, list[str]]):
        self.erreurs = erreurs
        super().__init__(" ".join(f"{chemin} : {' '.join(m)}" for chemin, m in erreurs.items()))


class Conflit(Exception):
    """L'objet a changé depuis que son auteur l'a lu. `actuel` est l'objet tel qu'il est maintenant."""

    def __init__(self, actuel: models.Model):
        self.actuel = actuel
        super().__init__("Cette page a été modifiée par quelqu'un d'autre pendant votre saisie.")


@dataclass(frozen=True)
class Resultat:
    objet: models.Model
    effet: str  # creation, modification ou inchange


def enregistrer_fiche(
    donnees: dict[str, Any],
    *,
    organisme: Organisme,
    auteur: Auteur,
    fiche: Traitement | None = None,
    version: int | None = None,
    valideur: bool = False,
    reprise: bool = False,
    action: str = "",
    codes: Codes | None = None,
    simuler: bool = False,
) -> Resultat:
    """Crée ou modifie une fiche entière ; ce que `donnees` ne nomme pas reste tel quel.

    `version` : celle que l'auteur a lue (`None` : pas de verrou). `valideur` : peut valider, archiver, écarter un constat.
    `reprise` : garde les dates fournies (import d'un registre). `simuler` : contrôle tout, n'écrit rien.
    Lève `Refus` (erreurs par chemin) ou `Conflit`.
    """
    codes = codes or Codes()

    def regles(objets, avant, erreurs) -> None:
        _renvois(objets, erreurs)
        if not reprise:
            _tenir(objets, avant, erreurs, valideur, lambda donnees: juger(donnees, organisme, codes))

    return _enregistrer(
        ag.FICHE,
        donnees,
        fiche or Traitement(organisme=organisme, referentiels_lus=dernier_changement()),
        auteur=auteur,
        version=version,
        action=action,
        codes=codes,
        simuler=simuler,
        regles=regles,
    )


def enregistrer(
    forme: ag.Agregat,
    donnees: dict[str, Any],
    objet: models.Model,
    *,
    auteur: Auteur,
    version: int | None = None,
    action: str = "",
    codes: Codes | None = None,
    simuler: bool = False,
) -> Resultat:
    """Crée ou modifie un organisme, un tiers, une habilitation ; modifie un compte. Lève `Refus` ou `Conflit`."""
    return _enregistrer(
        forme, donnees, objet, auteur=auteur, version=version, action=action, codes=codes, simuler=simuler
    )


def supprimer(forme: ag.Agregat, objet: models.Model, *, auteur: Auteur) -> None:
    """Supprime un objet que rien ne cite. Lève `django.db.models.ProtectedError` sinon."""
    with operation():
        avant = ag.instantane_de(forme, forme.charger(forme.modele.objects.filter(pk=objet.pk)).get())
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


def _enregistrer(forme, donnees, objet, *, auteur, version, action, codes, simuler, regles=None) -> Resultat:
    if not isinstance(donnees, dict):
        raise Refus({"": ["Il faut un objet JSON."]})
    with operation():
        nouveau = objet._state.adding
        noter = (
            reserver() if nouveau and not simuler else None
        )  # avant tout contrôle : le doublon n'est pas une faute
        racine = objet if nouveau else _verrouiller(forme, objet, version)
        presents = ag.Objets(racine, {p.nom: [] for p in forme.listes}, {p.nom: None for p in forme.volets})
        if not nouveau:
            presents = ag.lire(forme, racine)
        avant = None if nouveau else ag.instantane(forme, presents)
        assemblage = Assemblage(forme, presents, codes or Codes())
        erreurs = Erreurs()
        objets = assemblage.appliquer(donnees, erreurs)
        if regles and not erreurs:
            regles(objets, avant, erreurs)
        assemblage.controler(objets, erreurs)
        if erreurs:
            raise Refus(erreurs.par_chemin())
        apres = ag.instantane(forme, objets)
        effet = CREATION if nouveau else INCHANGE if apres == avant else MODIFICATION
        if effet != INCHANGE and not simuler:
            _ecrire_ou_refuser(forme, objets, presents)
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


def _organisme(objet: models.Model):
    return objet.pk if isinstance(objet, Organisme) else getattr(objet, "organisme_id", None)


def _verrouiller(forme: ag.Agregat, objet: models.Model, version: int | None) -> models.Model:
    """Relit l'objet sous verrou. Lève `Conflit` si sa version n'est plus celle que l'auteur a lue."""
    forme.modele.objects.select_for_update().only("pk").get(pk=objet.pk)
    racine = forme.charger(forme.modele.objects.filter(pk=objet.pk)).get()
    if version is not None and racine.version != version:
        raise Conflit(racine)
    return racine


def _ecrire_ou_refuser(forme: ag.Agregat, objets: ag.Objets, presents: ag.Objets) -> None:
    """Deux personnes peuvent prendre la même référence au même instant : la base départage, la seconde est refusée."""
    try:
        with transaction.atomic():
            _ecrire(forme, objets, presents)
    except IntegrityError:
        raise Refus(
            {"": ["Quelqu'un vient d'enregistrer la même référence ou le même nom : changez le vôtre."]}
        ) from None


def _ecrire(forme: ag.Agregat, objets: ag.Objets, presents: ag.Objets) -> None:
    racine = objets.racine
    if not racine._state.adding and hasattr(racine, "version"):
        racine.version += 1
    racine.save()
    for partie in forme.listes:
        gardes = {e.pk for e in objets.listes[partie.nom]}
        for ancien in presents.listes[partie.nom]:
            if ancien.pk not in gardes:
                ancien.delete()
        for element in objets.listes[partie.nom]:
            setattr(element, forme.lien, racine)
            element.save()
    for partie in forme.volets:
        volet, ancien = objets.volets[partie.nom], presents.volets[partie.nom]
        if volet is not None:
            volet.traitement = racine
            volet.save()
        elif ancien is not None:
            ancien.delete()


def _tenir(objets: ag.Objets, avant: dict | None, erreurs, valideur: bool, jugement) -> None:
    """Ce que le service tient lui-même : l'état, les dates, qui écarte un constat."""
    fiche = objets.racine
    for nom in TENUS_PAR_LE_SERVICE:  # ils ne se déclarent pas
        setattr(fiche, nom, _tenu(fiche, nom, avant))
    apres = ag.instantane(ag.FICHE, objets)
    if apres == avant:
        return
    if apres["ecarts"] != (avant["ecarts"] if avant else []) and not valideur:
        erreurs.ajouter("ecarts", "Seul le délégué à la protection des données écarte un constat.")
    fiche.date_maj = timezone.localdate()
    verdict = _etat(fiche, avant["statut"] if avant else Statut.BROUILLON, apres, erreurs, valideur, jugement)
    valide = fiche.statut == Statut.VALIDEE and verdict is not None
    fiche.alertes_lues = verdict.alertes if valide else []
    if valide:
        fiche.validee_le = timezone.localdate()
    elif fiche.statut == Statut.BROUILLON:
        fiche.validee_le = None


def _etat(fiche, ancien: str, apres: dict, erreurs, valideur: bool, jugement) -> Verdict | None:
    """L'état demandé, s'il est permis ; le verdict quand la fiche est à valider."""
    if not valideur:
        if fiche.statut != ancien:
            erreurs.ajouter(
                "statut", "Seul le délégué à la protection des données valide ou archive une fiche."
            )
        elif fiche.statut == Statut.VALIDEE:
            fiche.statut = Statut.BROUILLON  # ce qu'il a validé n'est plus là
        return None
    if fiche.statut != Statut.VALIDEE:
        return None
    verdict = jugement(apres)
    if verdict.empechements and ancien == Statut.VALIDEE:
        fiche.statut = (
            Statut.BROUILLON
        )  # enregistrer ne se refuse jamais pour un constat ; rester validée, si
    else:
        erreurs.ajouter("statut", *verdict.empechements) if verdict.empechements else None
    return verdict


def _tenu(fiche, nom: str, avant: dict | None):
    if isinstance(fiche._meta.get_field(nom), models.DateField):
        return _date(avant[nom]) if avant else None
    return avant[nom] if avant else []


def _date(texte: str | None) -> date | None:
    return date.fromisoformat(texte) if texte else None


def _renvois(objets: ag.Objets, erreurs) -> None:
    numeros = {nom: {e.numero for e in elements} for nom, elements in objets.listes.items()}
    for transfert in objets.listes["transferts"]:
        cite = transfert.destinataire_numero
        if cite is not None and cite not in numeros["destinataires"]:
            erreurs.ajouter(
                f"transferts[{transfert.numero}].destinataire_numero",
                f"La fiche n'a pas de destinataire n° {cite}.",
            )
    for donnee in objets.listes["donnees"]:
        absents = sorted(set(donnee.finalites) - numeros["finalites"])
        if absents:
            erreurs.ajouter(
                f"donnees[{donnee.numero}].finalites",
                f"La fiche n'a pas de finalité n° {', '.join(map(str, absents))}.",
            )


__all__ = ["Conflit", "Refus", "Resultat", "enregistrer", "enregistrer_fiche", "supprimer"]
