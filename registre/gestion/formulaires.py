"""Le formulaire d'un agrégat, fabriqué depuis le plan : une racine, des listes de blocs numérotés, des volets."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db import models
from django.http import QueryDict

from registre.aipd import Suggestion
from registre.codes import Codes
from registre.constats import ConstatLu, par_exigence
from registre.gestion.champs import canonique, champ_de_formulaire
from registre.gestion.propositions import GroupePropose
from registre.lecture import est_vide, texte
from registre.plan import Champ, Liste, Rubrique, Si, Volet

RETIRE_PAR_L_AUTRE = "Retiré entre-temps par quelqu'un d'autre ; il reste ici parce que vous l'avez changé."
CHANGE_PAR_L_AUTRE = "Changé entre-temps par quelqu'un d'autre : retirez-le de nouveau si c'est voulu."


class Bloc(forms.Form):
    """La saisie d'un objet : la racine, un élément de liste ou un volet."""

    use_required_attribute = False

    def __init__(
        self, modele: type[models.Model], champs: tuple[Champ, ...], codes: Codes, valeurs: dict, **options
    ):
        super().__init__(initial=valeurs, **options)
        self.modele, self.autre = modele, ""
        self.conditions = {c.nom: c.si for c in champs if c.si is not None}
        for champ in champs:
            du_modele = modele._meta.get_field(champ.nom)
            if du_modele.editable:
                self.fields[champ.nom] = champ_de_formulaire(du_modele, codes, valeurs.get(champ.nom))

    def lignes(self):
        """Les champs dans l'ordre du plan, chacun avec sa condition éventuelle."""
        for champ in self:
            yield champ, self._condition(champ)

    def _condition(self, champ) -> dict[str, str] | None:
        si = self.conditions.get(champ.name)
        return _attributs(si, self.add_prefix) if si is not None and si.champ in self.fields else None

    def donnees(self) -> dict[str, Any]:
        """Les valeurs canoniques ; un champ mal saisi n'y est pas, son erreur suffit."""
        return {
            nom: canonique(self.fields[nom], v) for nom, v in self.cleaned_data.items() if nom in self.fields
        }

    @property
    def vierge(self) -> bool:
        return all(est_vide(v) for v in self.cleaned_data.values()) and not self.errors


def _attributs(si: Si, nommer=str) -> dict[str, str]:
    """Une condition du plan, pour le navigateur : les contrôles à regarder, les valeurs attendues de chacun."""
    conditions = [si, si.et] if si.et else [si]
    return {
        "champs": " ".join(nommer(c.champ) for c in conditions),
        "valeurs": "|".join(" ".join(map(_saisie, c.valeurs)) for c in conditions),
    }


def _saisie(valeur: Any) -> str:
    return {True: "true", False: "false"}.get(valeur, valeur)


class BlocNumerote(Bloc):
    """Un élément d'une liste ; `numero` le désigne dans la fiche. `propose` : repris du référentiel, à confirmer."""

    def __init__(self, *args, numero: int, nouveau: bool, propose: bool = False, **options):
        super().__init__(*args, **options)
        self.numero, self.nouveau, self.propose = numero, nouveau, propose


@dataclass
class ListeSaisie:
    """Une liste de la rubrique. `suivant` : le numéro du prochain élément ; `gabarit` : un bloc vide à copier."""

    liste: Liste
    blocs: list[BlocNumerote]
    suivant: int
    gabarit: "Gabarit"

    @property
    def cite_un_tiers(self) -> bool:
        return any(champ.nom == "tiers" for champ in self.liste.champs)

    @property
    def si(self) -> dict[str, str] | None:
        return _attributs(self.liste.si) if self.liste.si else None


@dataclass
class VoletSaisi:
    volet: Volet
    bloc: Bloc

    @property
    def si(self) -> dict[str, str] | None:
        """Un volet propre à certaines natures se montre dès qu'une finalité en est."""
        natures = self.volet.finalites
        return {"champs": "finalites-*-type", "valeurs": " ".join(natures)} if natures else None


@dataclass
class RubriqueSaisie:
    rubrique: Rubrique
    racine: Bloc | None
    listes: list[ListeSaisie]
    volets: list[VoletSaisi]
    a_confirmer: bool = False  # proposée par un modèle, que personne n'a encore confirmée
    constats: list[ConstatLu] = field(default_factory=list)

    def blocs(self) -> list[Bloc]:
        racine = [self.racine] if self.racine else []
        return [
            *racine,
            *(b for liste in self.listes for b in liste.blocs),
            *(v.bloc for v in self.volets),
        ]

    def noms(self) -> set[str]:
        r = self.rubrique
        return {element.nom for element in (*r.champs, *r.listes, *r.volets)}

    @property
    def fautes(self) -> int:
        return sum(len(bloc.errors) for bloc in self.blocs() if bloc.is_bound)

    @property
    def gravite(self) -> str:
        """La pastille de l'onglet : la lettre du constat le plus grave (`controler` les rend dans cet ordre)."""
        return self.constats[0].constat.gravite[0] if self.constats else ""

    @property
    def groupes(self) -> list[tuple[str, list[ConstatLu]]]:
        return par_exigence(lu.constat for lu in self.constats)

    @property
    def disputes(self) -> int:
        return sum(
            bool(bloc.autre) + sum(1 for c in bloc.fields.values() if c.autre) for bloc in self.blocs()
        )


class Saisie:
    """Toute la saisie d'un agrégat, rubrique par rubrique.

    `valeurs` : la forme canonique de départ. `envoi` : le POST, ou `None`. Les lignes se reconnaissent à leurs
    clés (`finalites-0-numero`), sans compteur : rien ne se perd si le navigateur n'a pas de JavaScript.
    """

    def __init__(
        self,
        modele: type[models.Model],
        rubriques: tuple[Rubrique, ...],
        codes: Codes,
        valeurs: dict[str, Any],
        envoi: QueryDict | None = None,
        sauf: frozenset[str] = frozenset(),
    ):
        self.modele, self.codes, self.valeurs, self.envoi, self.sauf = modele, codes, valeurs, envoi, sauf
        self.erreurs: list[str] = []
        self.suggestions: list[Suggestion] = []  # pour la rubrique de l'analyse d'impact
        self.propositions: list[GroupePropose] = []  # pour celle de la conservation
        self.repris: BlocNumerote | None = None  # celui que la personne vient de reprendre
        self.gardees: set[str] = set(envoi.getlist("proposer")) if envoi is not None else set()
        self.confirmees = set(envoi.getlist("confirmer")) if envoi is not None else set()
        self.a_confirmer = [c for c in valeurs.get("a_confirmer") or [] if c not in self.confirmees]
        self.rubriques = [self._rubrique(r) for r in rubriques]

    def _rubrique(self, rubrique: Rubrique) -> RubriqueSaisie:
        champs = tuple(c for c in rubrique.champs if c.nom not in self.sauf)
        racine = Bloc(self.modele, champs, self.codes, self.valeurs, data=self.envoi) if champs else None
        return RubriqueSaisie(
            rubrique,
            racine,
            [self._liste(liste) for liste in rubrique.listes if _se_saisit(liste)],
            [VoletSaisi(v, self._volet(v)) for v in rubrique.volets],
            rubrique.code in self.a_confirmer,
        )

    def _volet(self, volet: Volet) -> Bloc:
        valeurs = self.valeurs.get(volet.nom) or {}
        return Bloc(volet.modele, volet.champs, self.codes, valeurs, data=self.envoi, prefix=volet.nom)

    def _liste(self, liste: Liste) -> ListeSaisie:
        presents = {e["numero"]: e for e in self.valeurs.get(liste.nom) or []}
        blocs = self._envoyes(liste, presents) if self.envoi is not None else self._presents(liste, presents)
        suivant = max([*presents, *(b.numero for b in blocs)], default=0) + 1
        return ListeSaisie(liste, blocs, suivant, Gabarit(liste, self.codes))

    def _presents(self, liste: Liste, presents: dict[int, dict]) -> list[BlocNumerote]:
        return [
            BlocNumerote(
                liste.modele,
                liste.champs,
                self.codes,
                valeurs,
                prefix=f"{liste.nom}-{numero}",
                numero=numero,
                nouveau=False,
            )
            for numero, valeurs in sorted(presents.items())
        ]

    def _envoyes(self, liste: Liste, presents: dict[int, dict]) -> list[BlocNumerote]:
        motif = re.compile(rf"^{liste.nom}-(\d{{1,5}})-numero$")
        numeros = sorted({int(t[1]) for cle in self.envoi if (t := motif.match(cle))})
        gardes = [n for n in numeros if not self.envoi.get(f"{liste.nom}-{n}-retirer")]
        blocs = [
            BlocNumerote(
                liste.modele,
                liste.champs,
                self.codes,
                presents.get(n, {}),
                data=self.envoi,
                prefix=f"{liste.nom}-{n}",
                numero=n,
                nouveau=n not in presents,
                propose=bool(self.envoi.get(f"{liste.nom}-{n}-propose")),
            )
            for n in gardes
        ]
        return [b for b in blocs if not (b.is_valid() and b.vierge and b.nouveau)]

    def ajouter(self, nom: str) -> None:
        """Ajoute un bloc vide à une liste : le bouton « + » de qui n'a pas de JavaScript."""
        for r in self.rubriques:
            for saisie in r.listes:
                if saisie.liste.nom == nom:
                    saisie.blocs.append(saisie.gabarit.pour(saisie.suivant))
                    saisie.suivant += 1

    def reprendre(self, nom: str, valeurs: dict[str, Any]) -> None:
        """Ajoute à une liste un bloc rempli de ce que le référentiel propose ; le reste de la saisie ne bouge pas."""
        for saisie in (s for r in self.rubriques for s in r.listes if s.liste.nom == nom):
            self.repris = saisie.gabarit.pour(saisie.suivant, valeurs, propose=True)
            saisie.blocs.append(self.repris)
            saisie.suivant += 1
            premier = next(iter(self.repris.fields.values()))
            premier.widget.attrs["autofocus"] = True

    def proposees(self) -> list[str]:
        """Les rubriques où une proposition reprise attend d'être enregistrée, puis confirmée."""
        return [
            r.rubrique.code
            for r in self.rubriques
            if r.rubrique.code in self.gardees or any(b.propose for s in r.listes for b in s.blocs)
        ]

    def lues(self, nom: str, champs: tuple[str, ...]) -> list[dict[str, Any]]:
        """Ce que la page montre de quelques champs d'une liste, enregistré ou non."""
        listes = (s for r in self.rubriques for s in r.listes if s.liste.nom == nom)
        return [{c: b[c].value() for c in champs} for s in listes for b in s.blocs]

    def valide(self) -> bool:
        """Les conversions ont-elles toutes réussi ? Le droit et les renvois se contrôlent à l'enregistrement."""
        return all([bloc.is_valid() for r in self.rubriques for bloc in r.blocs()])

    def donnees(self) -> dict[str, Any]:
        """La forme canonique de ce que le formulaire montre, et de cela seul."""
        donnees: dict[str, Any] = {}
        neuves = [c for c in self.proposees() if c not in self.a_confirmer and c not in self.confirmees]
        if self.valeurs.get("a_confirmer") or neuves:
            donnees["a_confirmer"] = [*self.a_confirmer, *neuves]
        for r in self.rubriques:
            if r.racine:
                donnees |= r.racine.donnees()
            for saisie in r.listes:
                donnees[saisie.liste.nom] = [{"numero": b.numero, **b.donnees()} for b in saisie.blocs]
            for v in r.volets:
                donnees[v.volet.nom] = v.bloc.donnees()
        return donnees

    def poser_erreurs(self, erreurs: dict[str, list[str]]) -> None:
        """Repose chaque message sur le champ que son chemin désigne ; sinon en tête."""
        for chemin, messages in erreurs.items():
            bloc, nom = self._bloc(chemin)
            for message in messages:
                if bloc is not None and nom in bloc.fields:
                    bloc.add_error(nom, message)
                elif bloc is not None:
                    bloc.add_error(None, message)
                else:
                    self.erreurs.append(message)

    def poser_disputes(self, disputes: dict[str, Any]) -> list[tuple[str, str]]:
        """Montre sous chaque champ ce que l'autre y a enregistré ; rend l'ancre et le nom de chacun."""
        situes = []
        for chemin, valeur in disputes.items():
            bloc, nom = self._bloc(chemin)
            if bloc is None:
                continue
            if nom:
                bloc.fields[nom].autre = texte(bloc.modele._meta.get_field(nom), valeur, self.codes)
                situes.append((bloc[nom].auto_id, self._situer(bloc, bloc[nom].label)))
            else:
                bloc.autre = RETIRE_PAR_L_AUTRE if valeur is None else CHANGE_PAR_L_AUTRE
                situes.append((_ancre(bloc), self._situer(bloc)))
        return situes

    def poser_constats(self, constats: Iterable[ConstatLu]) -> None:
        """Range chaque constat dans la rubrique que son chemin désigne."""
        for lu in constats:
            nom = re.split(r"[\[.]", lu.constat.chemin)[0]
            for r in self.rubriques:
                if nom in r.noms():
                    r.constats.append(lu)

    def _bloc(self, chemin: str) -> tuple[Bloc | None, str]:
        if trouve := re.match(r"^(\w+)\[(\d+)\]\.?(\w*)$", chemin):
            nom, numero, champ = trouve[1], int(trouve[2]), trouve[3]
            blocs = (b for r in self.rubriques for s in r.listes if s.liste.nom == nom for b in s.blocs)
            return next((b for b in blocs if b.numero == numero), None), champ
        volet, _, champ = chemin.partition(".")
        for r in self.rubriques:
            for v in r.volets:
                if v.volet.nom == volet:
                    return v.bloc, champ
            if r.racine and chemin in r.racine.fields:
                return r.racine, chemin
        return None, chemin

    def fautes(self) -> list[tuple[str, str, str]]:
        """Toutes les erreurs : ancre du champ, ce qui est en cause, message."""
        lues = [("", "", m) for m in self.erreurs]
        for bloc in (bloc for r in self.rubriques for bloc in r.blocs()):
            lues += [(_ancre(bloc), self._situer(bloc), m) for m in bloc.non_field_errors()]
            lues += [
                (champ.id_for_label or champ.auto_id, self._situer(bloc, champ.label), m)
                for champ in bloc
                for m in champ.errors
            ]
        return lues

    def _situer(self, bloc: Bloc, libelle: str = "") -> str:
        """« Finalité 2, base légale », « Profilage, niveau », « Service »."""
        ou = self._nom(bloc)
        if not libelle:
            return ou
        return f"{ou}, {libelle[:1].lower()}{libelle[1:]}" if bloc.prefix else libelle

    def _nom(self, bloc: Bloc) -> str:
        for r in self.rubriques:
            if bloc is r.racine:
                return r.rubrique.titre
            for saisie in r.listes:
                if bloc in saisie.blocs:
                    return f"{saisie.liste.singulier} {bloc.numero}"
            for v in r.volets:
                if bloc is v.bloc:
                    return v.volet.titre
        return ""


def _se_saisit(liste: Liste) -> bool:
    """Une liste dont aucun champ ne se modifie se lit, et s'écrit ailleurs que dans le formulaire."""
    return any(liste.modele._meta.get_field(c.nom).editable for c in liste.champs)


def _ancre(bloc: Bloc) -> str:
    """L'ancre d'un bloc entier : « finalites-2 », « volet-profilage » ; la racine n'en a pas."""
    if isinstance(bloc, BlocNumerote):
        return bloc.prefix
    return f"volet-{bloc.prefix}" if bloc.prefix else ""


@dataclass(frozen=True)
class Gabarit:
    """Fabrique les blocs neufs d'une liste, vides ou remplis d'une proposition."""

    liste: Liste
    codes: Codes

    def pour(
        self, numero: int | str, valeurs: dict[str, Any] | None = None, propose: bool = False
    ) -> BlocNumerote:
        return BlocNumerote(
            self.liste.modele,
            self.liste.champs,
            self.codes,
            valeurs or {},
            prefix=f"{self.liste.nom}-{numero}",
            numero=numero,
            nouveau=True,
            propose=propose,
        )

    @property
    def copie(self) -> BlocNumerote:
        """Le bloc que le navigateur copie ; `__n__` y tient la place du numéro."""
        return self.pour("__n__")
