"""La page de saisie d'une fiche : neuve, copiée d'une autre, ou modifiée."""

from functools import cached_property
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from journal.service import Auteur
from organismes.droits import Permission, peut
from organismes.models import Organisme
from organismes.requete import RequeteHabilitee
from registre.actes.fiches import enregistrer_fiche
from registre.actes.remarques import traiter
from registre.actes.suppression import empechements
from registre.conformite.aipd import Suggestion, suggestions
from registre.conformite.constats import ConstatLu, lu
from registre.conformite.controle import Conformite
from registre.fiche.agregat import FICHE, instantane_de
from registre.fiche.enregistrement import Resultat
from registre.fiche.fiche_lue import lire, sous_titre
from registre.fiche.historique import action_de_copie
from registre.fiche.plan import Rubrique
from registre.fiche.rubriques import plan
from registre.portes.gestion.page import Page
from registre.portes.gestion.propositions import GroupePropose, ligne_de, proposees
from traitements.choix import Qualite, Statut
from traitements.models import ModeleFiche, Traitement
from traitements.phrases import accorder

ROUVRIRA = (
    "Cette fiche est validée. Si vous la changez, elle redevient un brouillon jusqu'à ce que le délégué à la "
    "protection des données la valide de nouveau."
)
COPIE = (
    "Copie de « {} » : rien n'est encore enregistré. Ce qui décrit l'activité est repris, à confirmer rubrique par rubrique. "
    "Ne se copient pas : l'état, les dates de mise en œuvre et de revue, les écarts, les remarques d'import, l'exécution des durées "
    "(application, purge, échéance, suspension), les preuves et les accords (mise en balance, consentement, information, source des "
    "données cédées, clauses, analyse et vérification des transferts, accord entre responsables conjoints, instructions des clients, "
    "analyse d'impact)."
)


class PageFiche(Page[Traitement]):
    """`origine` : la fiche que celle-ci copie."""

    FORME = FICHE
    SAUF = frozenset({"statut"})  # il se décide sur la page d'état, constats sous les yeux
    RELIRE = PROPOSE = TRAITE = True
    request: RequeteHabilitee

    def __init__(
        self,
        request: RequeteHabilitee,
        objet: Traitement | None,
        initial: dict[str, Any] | None = None,
        origine: Traitement | None = None,
    ):
        super().__init__(request, objet, initial)
        self.origine = origine
        self.valideur = peut(request, Permission.VALIDER_FICHE)

    # --- Ce qu'elle montre --------------------------------------------------------------------------------------------
    @property
    def qualite(self) -> str:
        return self.objet.qualite if self.objet else self.initial.get("qualite", "")

    @property
    def rubriques(self) -> tuple[Rubrique, ...]:
        return plan(self.qualite)

    @property
    def titre(self) -> str:
        if self.objet:
            return self.objet.intitule
        return f"Copie de {self.copie}" if self.copie else "Nouvelle fiche"

    @property
    def contexte(self) -> str:
        if self.objet is None:
            second = self.qualite == Qualite.SOUS_TRAITANT
            return (
                "Registre du sous-traitant, art. 30(2)" if second else "Registre du responsable, art. 30(1)"
            )
        lue = lire(instantane_de(FICHE, self.objet), self.codes)
        return f"{sous_titre(lue)} · révision {self.objet.revision}"

    @property
    def fil(self) -> list[tuple[str, str]]:
        debut = [("Registre", reverse("registre"))]
        if self.objet is None:
            return [*debut, ("Nouvelle fiche", "")]
        return [*debut, (self.objet.intitule, self.retour), ("Modifier", "")]

    @property
    def retour(self) -> str:
        return reverse("fiche", args=[self.objet.pk]) if self.objet else reverse("registre")

    @property
    def copie(self) -> str:
        return self.origine.reference if self.origine else ""

    @property
    def avis(self) -> str:
        if self.origine is not None:
            return COPIE.format(self.origine)
        validee = self.objet is not None and self.objet.statut == Statut.VALIDEE
        return ROUVRIRA if validee and not self.valideur else ""

    @property
    def modele(self) -> ModeleFiche | None:
        return self.codes.de(ModeleFiche).get(self.objet.modele) if self.objet else None

    @cached_property
    def suppression(self) -> str:
        """L'adresse où effacer ce brouillon, si cette personne le peut."""
        fiche = self.objet
        if fiche is None or fiche.statut != Statut.BROUILLON:
            return ""
        if empechements(fiche, self.request.auteur, self.valideur):
            return ""
        return reverse("admin:traitements_traitement_delete", args=[fiche.pk])

    # --- Ce que le droit en dit ---------------------------------------------------------------------------------------
    @cached_property
    def _conformite(self) -> Conformite:
        return Conformite(self.request.organisme, self.codes)

    @property
    def ecarter(self) -> UUID | None:
        return self.objet.pk if self.objet and self.valideur else None

    def constats(self, valeurs: dict[str, Any]) -> list[ConstatLu]:
        return [lu(c) for c in self._conformite.bilan(valeurs, timezone.localdate()).constats]

    def suggestions(self, valeurs: dict[str, Any]) -> list[Suggestion]:
        return suggestions(self._conformite.faits(valeurs))

    def propositions(self, valeurs: dict[str, Any]) -> list[GroupePropose]:
        return proposees(valeurs, self.codes)

    def reprendre(self, choix: str) -> dict[str, Any] | None:
        return ligne_de(choix, self.codes)

    # --- Ce qu'elle enregistre -----------------------------------------------------------------------------------------
    @property
    def inscripteur(self) -> tuple[Organisme, Auteur] | None:
        permis = peut(self.request, Permission.MODIFIER_TIERS)
        return (self.request.organisme, self.request.auteur) if permis else None

    def ecrire(self, donnees: dict[str, Any], revision: int | None) -> Resultat[Traitement]:
        return enregistrer_fiche(
            donnees,
            organisme=self.request.organisme,
            auteur=self.request.auteur,
            fiche=self.objet,
            revision=revision,
            valideur=self.valideur,
            action=action_de_copie(self.copie) if self.origine else "",
            codes=self.codes,
        )

    @property
    def reprise(self) -> list[dict[str, Any]]:
        return self.objet.reprise if self.objet else []

    def traiter(
        self, objet: Traitement, numero: int, suite: str, revision: int | None
    ) -> Resultat[Traitement]:
        """Marque une remarque d'import traitée. Lève `Refus` ou `Conflit`."""
        return traiter(objet, numero, suite, revision=revision, auteur=self.request.auteur)

    # --- Où elle mène ----------------------------------------------------------------------------------------------------
    @property
    def _confirme(self) -> bool:
        return "confirmer" in self.request.POST

    def apres(self, resultat: Resultat[Traitement]) -> str:
        fiche = resultat.objet
        if "relire" in self.request.POST:
            return reverse("fiche", args=[fiche.pk])
        saisie = reverse("admin:traitements_traitement_change", args=[fiche.pk])
        # Après une confirmation, on ouvre la rubrique qui reste à confirmer.
        suivante = fiche.a_confirmer[:1] if self._confirme else []
        return f"{saisie}#{suivante[0]}" if suivante else saisie

    def dire(self, resultat: Resultat[Traitement]) -> str:
        """Ce que l'enregistrement a fait d'autre : rouvert la fiche, confirmé une rubrique."""
        fiche = resultat.objet
        etait_validee = self.objet is not None and self.objet.statut == Statut.VALIDEE
        if etait_validee and fiche.statut == Statut.BROUILLON:
            return " Elle redevient un brouillon : voyez ses constats, puis validez-la de nouveau."
        if not self._confirme:
            return ""
        restent = len(fiche.a_confirmer)
        if not restent:
            return " Toutes les rubriques proposées sont confirmées."
        verbe = "restent" if restent > 1 else "reste"
        return f" {restent} {accorder(restent, 'rubrique proposée')} {verbe} à confirmer."
