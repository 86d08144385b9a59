"""De la forme canonique aux objets : conversion, rapprochement par numéro, contrôles. N'écrit rien."""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from organismes.champs import ChampCodes, ChampListe, champ_de, trop_long
from organismes.champs_derives import ChampDerive, ChampDesignation
from organismes.jours import jour_lu, plausible
from organismes.models import Tiers
from registre.fiche import agregat as ag
from registre.fiche import plan
from registre.fiche.codes import Codes
from traitements.elements import VoletDeFiche
from traitements.models import BaseLegale

R = TypeVar("R", bound=models.Model)
ELEMENTS_MAX = 500
# Ceux de PostgreSQL : SQLite en garderait de plus grands.
ENTIER_MAX, PETIT_ENTIER_MAX = 2_147_483_647, 32_767
VIDES: tuple[Any, ...] = (None, "", [])
NON_PRIS = (
    "Registre tient lui-même cette valeur : ne l'envoyez pas, ou renvoyez-la telle que vous l'avez lue."
)


class Erreurs:
    """Messages par chemin de champ, dans l'ordre de découverte."""

    def __init__(self) -> None:
        self._messages: dict[str, list[str]] = defaultdict(list)

    def ajouter(self, chemin: str, *messages: str) -> None:
        nouveaux = [m for m in messages if m not in self._messages[chemin]]
        self._messages[chemin] += nouveaux

    def __bool__(self) -> bool:
        return bool(self._messages)

    def par_chemin(self) -> dict[str, list[str]]:
        return dict(self._messages)


DEUX_BASES = (  # cnil.fr, « Comment choisir la base légale d'un traitement ? », 2 décembre 2019, lu le 26 novembre 2026
    "Une seule base légale par finalité. « Si plusieurs bases légales peuvent s'avérer appropriées pour une même finalité, une seule "
    "doit pourtant être retenue, la plus appropriée » (CNIL, 2 décembre 2019). Deux buts sont deux finalités, chacune avec sa base."
)


def _plusieurs(valeur: Any, connus: Container[str]) -> bool:
    """Deux codes là où il en faut un : une liste, ou un texte qui les énumère."""
    if isinstance(valeur, str):
        valeur = [m for m in re.split(r"[,;+/\s]+", valeur) if m in connus]
    return isinstance(valeur, list) and len(valeur) > 1


class ValeurRefusee(Exception):
    pass


def _json(valeur: Any) -> str:
    """Pour comparer : `1`, `1.0` et `true`, que Python dit égaux, sont trois JSON."""
    return json.dumps(valeur, sort_keys=True, default=str)


def propre(texte: str) -> str:
    """Unicode composé (NFC), fins de ligne « \\n » : la même saisie donne les mêmes octets."""
    return unicodedata.normalize("NFC", texte.replace("\r\n", "\n").replace("\r", "\n"))


def _dire(faute: ValidationError) -> list[str]:
    """Les phrases d'une faute ; un texte trop long dit de combien."""
    if faute.code == "max_length" and faute.params:
        return [trop_long(faute.params["limit_value"], faute.params["show_value"])]
    if faute.code == "invalid_choice" and faute.params:  # Django la cite comme Python l'écrit
        return [f"La valeur « {faute.params['value']} » n'est pas un choix valide."]
    return faute.messages


@dataclass(frozen=True)
class Tenu:
    """Une valeur que Registre tient, et que l'on envoie autre."""

    chemin: str
    champ: models.Field
    valeur: Any


class Assemblage(Generic[R]):
    """`admis` : les champs tenus de la racine que l'appelant établit lui-même. Les autres, envoyés différents de ce que
    Registre sait, ne sont pas pris : `ecartes` les retient."""

    def __init__(
        self,
        forme: ag.Agregat[R],
        presents: ag.Objets[R],
        codes: Codes,
        admis: frozenset[str] = frozenset(),
    ):
        self.forme, self.presents, self.codes, self.admis = forme, presents, codes, admis
        self.ecartes: list[Tenu] = []

    def appliquer(self, donnees: dict[str, Any], erreurs: Erreurs) -> ag.Objets[R]:
        """Pose `donnees` sur les objets présents ; ce qui n'est pas nommé ne bouge pas."""
        connus = {*self.forme.champs, *(p.nom for p in (*self.forme.listes, *self.forme.volets))}
        for cle in donnees:
            if cle not in connus:
                erreurs.ajouter(str(cle), "Ce champ n'existe pas.")
        racine = self.presents.racine
        self._remplir(racine, self.forme.champs, self.forme.tenus - self.admis, donnees, "", erreurs)
        return ag.Objets(
            racine,
            {p.nom: self._liste(p, donnees, erreurs) for p in self.forme.listes},
            {p.nom: self._volet(p, donnees, erreurs) for p in self.forme.volets},
        )

    def controler(self, objets: ag.Objets[R], erreurs: Erreurs) -> None:
        """Les contrôles des modèles (ceux du formulaire d'administration), par chemin."""
        a_venir = frozenset() if not erreurs else self._tenus_des_listes()  # posés une fois le reste permis
        self._controler(objets.racine, "", erreurs)
        for nom, elements in objets.listes.items():
            for element in elements:
                self._controler(element, f"{nom}[{element.numero}].", erreurs, a_venir)
        for nom, volet in objets.volets.items():
            if volet is not None:
                self._controler(volet, f"{nom}.", erreurs)

    def _liste(
        self, partie: ag.Partie[plan.ElementDeListe], donnees: dict, erreurs: Erreurs
    ) -> list[plan.ElementDeListe]:
        presents = self.presents.listes[partie.nom]
        if partie.nom not in donnees:
            return presents
        recus = donnees[partie.nom]
        if not isinstance(recus, list) or not all(isinstance(r, dict) for r in recus):
            erreurs.ajouter(partie.nom, "Il faut une liste d'objets.")
            return presents
        if len(recus) > ELEMENTS_MAX:
            erreurs.ajouter(partie.nom, f"Cette liste dépasse {ELEMENTS_MAX} éléments.")
            return presents
        anciens = {e.numero: e for e in presents}
        pris = {n for r in recus if type(n := r.get("numero")) is int}
        libres = (n for n in count(1) if n not in pris)  # sans numéro : le rang dans la liste
        elements: list[plan.ElementDeListe] = []
        for recu in recus:
            numero = recu.get("numero")
            if numero is None:
                numero = next(libres)
            if type(numero) is not int or not 1 <= numero <= 32_000:
                erreurs.ajouter(partie.nom, f"Le numéro « {numero} » n'est pas un entier positif.")
                continue
            if any(e.numero == numero for e in elements):
                erreurs.ajouter(partie.nom, f"Deux éléments portent le numéro {numero}.")
                continue
            element = anciens.get(numero) or partie.modele(numero=numero)
            setattr(element, self.forme.lien, self.presents.racine)
            chemin = f"{partie.nom}[{numero}]."
            valeurs = {c: v for c, v in partie.relire(recu).items() if c != "numero"}
            self._inconnus(valeurs, partie.champs, chemin, erreurs)
            self._remplir_partie(element, partie, valeurs, chemin, erreurs)
            elements.append(element)
        return sorted(elements, key=lambda e: e.numero)

    def _volet(self, partie: ag.Partie[VoletDeFiche], donnees: dict, erreurs: Erreurs) -> VoletDeFiche | None:
        present = self.presents.volets[partie.nom]
        if partie.nom not in donnees:
            return present
        recu = donnees[partie.nom]
        if recu is None:
            return None
        if not isinstance(recu, dict):
            erreurs.ajouter(partie.nom, "Il faut un objet, ou null.")
            return present
        volet = present or partie.modele(**{self.forme.lien: self.presents.racine})
        self._inconnus(recu, partie.champs, f"{partie.nom}.", erreurs)
        self._remplir_partie(volet, partie, recu, f"{partie.nom}.", erreurs)
        rempli = any(ag.valeur(volet, c) not in (None, "", []) for c in partie.champs)
        return volet if rempli else None  # un volet vide se lit comme un volet absent

    def _inconnus(self, valeurs: dict, champs: tuple[str, ...], chemin: str, erreurs: Erreurs) -> None:
        for cle in valeurs:
            if cle not in champs:
                erreurs.ajouter(f"{chemin}{cle}", "Ce champ n'existe pas.")

    def _remplir_partie(
        self, objet: models.Model, partie: ag.Partie, valeurs: dict, chemin: str, erreurs: Erreurs
    ) -> None:
        """Un élément envoyé est entier : ce qu'il ne nomme pas redevient vide."""
        vide = {c: None for c in partie.champs if c not in partie.tenus}
        self._remplir(objet, partie.champs, partie.tenus, vide | valeurs, chemin, erreurs)

    def _remplir(
        self,
        objet: models.Model,
        champs: Iterable[str],
        tenus: frozenset[str],
        valeurs: dict,
        chemin: str,
        erreurs: Erreurs,
    ) -> None:
        for nom in champs:
            if nom not in valeurs:
                continue
            champ = champ_de(objet, nom)
            if nom in tenus:
                self._ecarter(objet, champ, valeurs[nom], chemin)
                continue
            try:
                self._poser(objet, champ, valeurs[nom])
            except ValeurRefusee as refus:
                erreurs.ajouter(f"{chemin}{nom}", str(refus))

    def _ecarter(self, objet: models.Model, champ: models.Field, valeur: Any, chemin: str) -> None:
        """Un champ tenu ne se prend jamais de ce que l'on reçoit ; renvoyé tel qu'on l'a lu, il ne gêne pas."""
        connue = ag.valeur(objet, champ.name)
        if valeur in VIDES and connue in VIDES or _json(valeur) == _json(connue):
            return
        self.ecartes.append(Tenu(f"{chemin}{champ.name}", champ, valeur))

    def _poser(self, objet: models.Model, champ: models.Field, valeur: Any) -> None:
        if isinstance(champ, models.ForeignKey):
            self._poser_cle(objet, champ, valeur)
            return
        if valeur is None or valeur == "":
            setattr(objet, champ.name, self._vide(champ))
            return
        setattr(objet, champ.name, self._convertir(champ, valeur))

    def _vide(self, champ: models.Field) -> Any:
        if isinstance(champ, (ChampListe, models.JSONField)):
            return []
        if champ.null:
            return None
        if isinstance(champ, (models.CharField, models.TextField)) and not champ.has_default():
            return ""
        return champ.get_default()

    def _convertir(self, champ: models.Field, valeur: Any) -> Any:
        match champ:
            case ChampListe():
                return self._liste_de(champ, valeur)
            case models.JSONField():
                if not isinstance(valeur, list):
                    raise ValeurRefusee("Il faut une liste.")
                return valeur
            case models.BooleanField():
                if type(valeur) is not bool:
                    raise ValeurRefusee("Répondez par oui, par non, ou laissez vide (true, false, null).")
                return valeur
            case models.DateField():
                return self._date(valeur)
            case models.IntegerField():
                return self._entier(champ, valeur)
        if not isinstance(valeur, str):
            raise ValeurRefusee("Il faut un texte.")
        return propre(valeur).strip() if isinstance(champ, ChampDesignation) else propre(valeur)

    def _liste_de(self, champ: ChampListe, valeur: Any) -> list:
        if not isinstance(valeur, list):
            raise ValeurRefusee(f"Il faut une liste de {champ.QUOI}.")
        if any(type(v) is not champ.ELEMENT for v in valeur):
            raise ValeurRefusee(f"Il faut une liste de {champ.QUOI}.")
        if isinstance(champ, ChampCodes):
            connus = set(champ.choix.values) if champ.choix else self.codes.de(champ.modele())
            if inconnus := sorted(set(valeur) - set(connus)):
                raise ValeurRefusee(f"Code inconnu : {', '.join(inconnus)}.")
            return sorted(set(valeur))
        if champ.ELEMENT is int:
            return sorted(set(valeur))
        return [propre(v) for v in valeur if v.strip()]

    def _entier(self, champ: models.IntegerField, valeur: Any) -> int:
        if type(valeur) is float and valeur.is_integer():
            valeur = int(valeur)  # pour JSON, 3.0 est un entier
        if type(valeur) is not int:
            raise ValeurRefusee("Il faut un nombre entier.")
        maximum = PETIT_ENTIER_MAX if isinstance(champ, models.PositiveSmallIntegerField) else ENTIER_MAX
        if valeur > maximum:
            raise ValeurRefusee(f"Ce nombre dépasse {maximum}.")
        return valeur

    def _date(self, valeur: Any) -> date:
        try:
            lue = valeur if isinstance(valeur, date) else jour_lu(valeur)
            return plausible(lue)
        except ValueError as refus:
            raise ValeurRefusee(str(refus)) from None

    def _poser_cle(self, objet: models.Model, champ: models.ForeignKey, valeur: Any) -> None:
        if valeur is None or valeur == "":
            setattr(objet, champ.attname, None)
            if not champ.null:
                raise ValeurRefusee("Ce champ est obligatoire.")
        elif champ.related_model is Tiers:
            setattr(objet, champ.name, self._tiers(valeur))
        elif champ.related_model is BaseLegale and _plusieurs(valeur, self.codes.de(BaseLegale)):
            raise ValeurRefusee(DEUX_BASES)
        elif hasattr(champ.related_model, "code"):
            if not isinstance(valeur, str) or valeur not in self.codes.de(champ.related_model):
                raise ValeurRefusee(f"Code inconnu : {valeur}.")
            setattr(objet, champ.attname, valeur)
        else:
            setattr(objet, champ.attname, valeur)

    def _tiers(self, valeur: Any) -> Tiers:
        tiers = self.codes.tiers(valeur)
        if tiers is None:
            raise ValeurRefusee(f"Aucun tiers ne s'appelle « {valeur} » : inscrivez-le d'abord.")
        return tiers

    def _tenus_des_listes(self) -> frozenset[str]:
        return frozenset().union(*(p.tenus for p in self.forme.listes))

    def _controler(
        self, objet: models.Model, chemin: str, erreurs: Erreurs, sauf: frozenset[str] = frozenset()
    ) -> None:
        """Comme `full_clean`, sans les clés déjà vérifiées ni l'unicité du numéro, contrôlée plus haut."""
        referentiels = [c.name for c in objet._meta.concrete_fields if self._deja_verifie(c)] + [*sauf]
        exclus = [*referentiels, self.forme.lien] if self.forme.lien else referentiels
        try:
            objet.full_clean(exclude=exclus, validate_unique=objet is self.presents.racine)
        except ValidationError as erreur:
            for nom, fautes in erreur.error_dict.items():
                for message in (m for faute in fautes for m in _dire(faute)):
                    court = self._champ_unique(objet, message) if nom == "__all__" else nom
                    erreurs.ajouter(f"{chemin}{court}".rstrip("."), message)

    @staticmethod
    def _champ_unique(objet: models.Model, message: str) -> str:
        """Le champ qu'un doublon vise (le dernier de la contrainte, ou celui dont il se déduit), ou vide pour l'objet entier."""
        uniques = (c for c in objet._meta.constraints if isinstance(c, models.UniqueConstraint))
        nom = next((c.fields[-1] for c in uniques if c.violation_error_message == message), "")
        champ = objet._meta.get_field(nom) if nom else None
        return champ.source if isinstance(champ, ChampDerive) else nom

    @staticmethod
    def _deja_verifie(champ: models.Field) -> bool:
        referentiel = champ.is_relation and (
            hasattr(champ.related_model, "code") or champ.related_model is Tiers
        )
        return referentiel or isinstance(champ, ChampCodes)
