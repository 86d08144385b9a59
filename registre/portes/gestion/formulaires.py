"""Le formulaire d'un agrégat, fabriqué depuis le plan : une racine, des listes de blocs numérotés, des volets."""

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.http import QueryDict

from organismes.champs import champ_de
from organismes.models import Pays
from registre.conformite.aipd import Suggestion
from registre.conformite.constats import ConstatLu
from registre.fiche.codes import Codes
from registre.fiche.fiche_lue import resumer
from registre.fiche.lecture import texte
from registre.fiche.plan import Liste, Rubrique, Volet
from registre.portes.gestion.blocs import Bloc, BlocNumerote, Gabarit, ancre
from registre.portes.gestion.champs import Fabrique
from registre.portes.gestion.disposition import premier_champ
from registre.portes.gestion.propositions import GroupePropose
from registre.portes.gestion.rubriques_saisies import ListeSaisie, RubriqueSaisie, VoletSaisi
from traitements.chemins import Chemin

RETIRE_PAR_L_AUTRE = "Retiré entre-temps par quelqu'un d'autre ; il reste ici parce que vous l'avez changé."
CHANGE_PAR_L_AUTRE = "Changé entre-temps par quelqu'un d'autre : retirez-le de nouveau si c'est voulu."
DEDOUBLES = ("libelle", "sous_finalites", "type")


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
        self.repris: BlocNumerote | None = None  # celui que la personne vient de reprendre ou d'ouvrir
        self.fabrique = Fabrique(codes)
        self.demandees = set(envoi.getlist("ouvrir")) if envoi is not None else set()
        self.gardees: set[str] = set(envoi.getlist("proposer")) if envoi is not None else set()
        self.confirmees = set(envoi.getlist("confirmer")) if envoi is not None else set()
        self.a_confirmer = [c for c in valeurs.get("a_confirmer") or [] if c not in self.confirmees]
        self.rubriques = [self._rubrique(r) for r in rubriques]
        self.fabrique.d_abord = frozenset(
            filter(None, (d["categorie"] for d in self.lues("donnees", ("categorie",))))
        )

    def _rubrique(self, rubrique: Rubrique) -> RubriqueSaisie:
        champs = tuple(c for c in rubrique.champs if c.nom not in self.sauf)
        racine = Bloc(self.modele, champs, self.fabrique, self.valeurs, data=self.envoi) if champs else None
        return RubriqueSaisie(
            rubrique,
            racine,
            [self._liste(liste) for liste in rubrique.listes if _se_saisit(liste)],
            [VoletSaisi(v, self._volet(v)) for v in rubrique.volets],
            rubrique.code in self.a_confirmer,
        )

    def _volet(self, volet: Volet) -> Bloc:
        valeurs = self.valeurs.get(volet.nom) or {}
        return Bloc(volet.modele, volet.champs, self.fabrique, valeurs, data=self.envoi, prefix=volet.nom)

    def _liste(self, liste: Liste) -> ListeSaisie:
        presents = {e["numero"]: e for e in self.valeurs.get(liste.nom) or []}
        blocs = (
            self._envoyes(liste, presents, self.envoi)
            if self.envoi is not None
            else self._presents(liste, presents)
        )
        suivant = max([*presents, *(b.numero for b in blocs)], default=0) + 1
        for bloc in blocs:
            if bloc.prefix in self.demandees:
                self._montrer(bloc)

        def en_une_phrase(element: dict[str, Any]) -> str:
            return resumer(liste, element, {"destinataires": self.destinataires}, self.codes)

        gabarit = Gabarit(liste, self.fabrique)
        return ListeSaisie(liste, blocs, suivant, gabarit, self.demandees, en_une_phrase)

    @cached_property
    def destinataires(self) -> list[dict[str, Any]]:
        """Ceux que la page montre : un transfert s'y lit par le nom de son destinataire."""
        listes = (s for r in self.rubriques for s in r.listes if s.liste.nom == "destinataires")
        return [b.canoniques() for s in listes for b in s.blocs]

    def _montrer(self, bloc: BlocNumerote) -> None:
        """La ligne sur laquelle la page s'ouvre."""
        self.repris = bloc
        self.demandees.add(bloc.prefix)
        bloc.champ_a_soi(premier_champ(bloc)).widget.attrs["autofocus"] = True

    def _presents(self, liste: Liste, presents: dict[int, dict]) -> list[BlocNumerote]:
        return [
            BlocNumerote(
                liste.modele,
                liste.champs,
                self.fabrique,
                valeurs,
                prefix=f"{liste.nom}-{numero}",
                numero=numero,
                nouveau=False,
            )
            for numero, valeurs in sorted(presents.items())
        ]

    def _envoyes(self, liste: Liste, presents: dict[int, dict], envoi: QueryDict) -> list[BlocNumerote]:
        motif = re.compile(rf"^{liste.nom}-(\d{{1,5}})-numero$")
        numeros = sorted({int(t[1]) for cle in envoi if (t := motif.match(cle))})
        gardes = [n for n in numeros if not envoi.get(f"{liste.nom}-{n}-retirer")]
        blocs = [
            BlocNumerote(
                liste.modele,
                liste.champs,
                self.fabrique,
                presents.get(n, {}),
                data=envoi,
                prefix=f"{liste.nom}-{n}",
                numero=n,
                nouveau=n not in presents,
                propose=bool(envoi.get(f"{liste.nom}-{n}-propose")),
            )
            for n in gardes
        ]
        return [b for b in blocs if not (b.is_valid() and b.vierge and b.nouveau and not b.inscrit)]

    def ajouter(self, nom: str) -> None:
        """Ajoute un bloc vide à une liste : le bouton « + » de qui n'a pas de JavaScript."""
        self._ajouter(nom)

    def reprendre(self, nom: str, valeurs: dict[str, Any]) -> None:
        """Ajoute à une liste un bloc rempli de ce que le référentiel propose ; le reste de la saisie ne bouge pas."""
        self._ajouter(nom, valeurs, propose=True)

    def dedoubler(self, prefixe: str) -> None:
        """Copie une finalité, sans sa base légale : deux bases font deux finalités."""
        for saisie in (s for r in self.rubriques for s in r.listes if s.se_dedouble):
            if modele := next((b for b in saisie.blocs if b.prefix == prefixe), None):
                lues = modele.canoniques()
                self._ajouter(
                    saisie.liste.nom, {nom: lues[nom] for nom in DEDOUBLES if lues[nom] is not None}
                )
                return

    def _ajouter(self, nom: str, valeurs: dict[str, Any] | None = None, propose: bool = False) -> None:
        for saisie in (s for r in self.rubriques for s in r.listes if s.liste.nom == nom):
            bloc = saisie.gabarit.pour(saisie.suivant, valeurs, propose)
            saisie.blocs.append(bloc)
            saisie.suivant += 1
            self._montrer(bloc)

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
        blocs = [bloc.is_valid() for r in self.rubriques for bloc in r.blocs()]
        return all([*blocs, *(bloc.inscription_valide() for _, bloc in self.inscriptions())])

    def inscriptions(self) -> list[tuple[str, BlocNumerote]]:
        """Les lignes qui inscrivent un tiers, avec le nom de leur liste."""
        return [(s.liste.nom, b) for r in self.rubriques for s in r.listes for b in s.blocs if b.inscrit]

    @property
    def champs_max(self) -> int:
        """Au-delà, un envoi est refusé : le navigateur le dit avant."""
        return settings.DATA_UPLOAD_MAX_NUMBER_FIELDS

    @property
    def pays(self) -> list[str]:
        """Les pays à proposer à qui inscrit un tiers ; vide quand aucune liste n'en cite."""
        cite = any(s.cite_un_tiers for r in self.rubriques for s in r.listes)
        return [pays.libelle for pays in self.codes.de(Pays).values() if pays.actif] if cite else []

    def garder_inscriptions(self, envoyee: "Saisie") -> None:
        """Remet dans leurs lignes les tiers qu'un envoi resté sans suite voulait inscrire."""
        voulues = {bloc.prefix: bloc.inscription for _, bloc in envoyee.inscriptions()}
        for bloc in (b for r in self.rubriques for s in r.listes for b in s.blocs):
            if bloc.prefix in voulues:
                bloc.inscription = voulues[bloc.prefix]

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
                bloc.champ_a_soi(nom).autre = texte(champ_de(bloc.modele, nom), valeur, self.codes)
                situes.append((bloc[nom].auto_id, self._situer(bloc, str(bloc[nom].label))))
            else:
                bloc.autre = RETIRE_PAR_L_AUTRE if valeur is None else CHANGE_PAR_L_AUTRE
                situes.append((ancre(bloc), self._situer(bloc)))
        return situes

    def poser_constats(self, constats: Iterable[ConstatLu]) -> None:
        """Range chaque constat dans la rubrique que son chemin désigne, et dit au bloc le champ qu'il cite."""
        for lu in constats:
            nom = Chemin.lire(lu.constat.chemin).tete
            bloc, champ = self._bloc(lu.constat.chemin)
            if isinstance(bloc, BlocNumerote):
                bloc.cites.add(champ)
            for r in self.rubriques:
                if nom in r.rubrique.noms:
                    r.constats.append(lu)

    def _bloc(self, chemin: str) -> tuple[Bloc | None, str]:
        lu = Chemin.lire(chemin)
        if lu.numero is not None:
            blocs = (b for r in self.rubriques for s in r.listes if s.liste.nom == lu.tete for b in s.blocs)
            return next((b for b in blocs if b.numero == lu.numero), None), lu.champ
        for r in self.rubriques:
            for v in r.volets:
                if v.volet.nom == lu.tete:
                    return v.bloc, lu.champ
            if r.racine and chemin in r.racine.fields:
                return r.racine, chemin
        return None, chemin

    def fautes(self) -> list[tuple[str, str, str]]:
        """Toutes les erreurs : ancre du champ, ce qui est en cause, message."""
        lues = [("", "", m) for m in self.erreurs]
        for bloc in (bloc for r in self.rubriques for bloc in r.blocs()):
            lues += [(ancre(bloc), self._situer(bloc), str(m)) for m in bloc.non_field_errors()]
            lues += [
                (champ.id_for_label or champ.auto_id, self._situer(bloc, str(champ.label)), str(m))
                for champ in bloc
                for m in champ.errors
            ]
            if isinstance(bloc, BlocNumerote) and (tiers := bloc.tiers_inscrit):
                lues += [
                    (champ.id_for_label, self._situer(bloc, str(champ.label)), str(m))
                    for champ in tiers
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
