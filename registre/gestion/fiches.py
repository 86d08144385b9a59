"""La saisie d'une fiche : les onglets du plan, un seul enregistrement pour toute la fiche."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from organismes.droits import Droit, peut
from registre.agregat import FICHE, instantane_de
from registre.aipd import suggestions
from registre.codes import Codes
from registre.conformite import Conformite
from registre.constats import lu
from registre.enregistrement import Resultat, enregistrer_fiche
from registre.fiche import lire, sous_titre
from registre.gestion.base import AdminCloisonne
from registre.gestion.propositions import ligne_de, proposees
from registre.gestion.vue import Page, saisir
from registre.modeles import reference_suivante
from registre.remarques import traiter
from registre.rubriques import plan
from traitements.choix import Qualite, Statut
from traitements.models import ModeleFiche, Traitement

SOUS_TRAITANT = "sous-traitant"
ROUVRIRA = (
    "Cette fiche est validée. Si vous la changez, elle redevient un brouillon jusqu'à ce que le délégué à la "
    "protection des données la valide de nouveau."
)


@admin.register(Traitement)
class TraitementAdmin(AdminCloisonne):
    ECRITURE = Droit.MODIFIER_FICHE

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """La liste des fiches est le registre lui-même."""
        return redirect("registre")

    def add_view(self, request: HttpRequest, form_url="", extra_context=None) -> HttpResponse:
        self.exiger(request)
        second = request.GET.get("registre") == SOUS_TRAITANT
        initial = {"reference": reference_suivante("ST" if second else "TR"), "statut": "brouillon"}
        if second:
            initial["qualite"] = Qualite.SOUS_TRAITANT
        return saisir(request, self._page(request, None, initial))

    def change_view(self, request: HttpRequest, object_id, form_url="", extra_context=None) -> HttpResponse:
        self.exiger(request)
        return saisir(request, self._page(request, self.objet(object_id), {}))

    def get_queryset(self, request):
        return FICHE.charger(super().get_queryset(request))

    def _page(self, request: HttpRequest, fiche: Traitement | None, initial: dict) -> Page:
        valideur = peut(request, Droit.VALIDER_FICHE)
        codes = Codes()

        def ecrire(donnees, version, codes):
            return enregistrer_fiche(
                donnees,
                organisme=request.organisme,
                auteur=request.auteur,
                fiche=fiche,
                version=version,
                valideur=valideur,
                codes=codes,
            )

        conformite = Conformite(request.organisme, codes)

        def constats(valeurs):
            return [lu(c) for c in conformite.bilan(valeurs, timezone.localdate()).constats]

        def apres(resultat: Resultat) -> str:
            if "relire" in request.POST:
                return reverse("fiche", args=[resultat.objet.pk])
            saisie = reverse("admin:traitements_traitement_change", args=[resultat.objet.pk])
            # Après une confirmation, on ouvre la rubrique qui reste à confirmer.
            suivante = resultat.objet.a_confirmer[:1] if "confirmer" in request.POST else []
            return f"{saisie}#{suivante[0]}" if suivante else saisie

        def dire(resultat: Resultat) -> str:
            return _suite(resultat.objet, fiche.statut if fiche else "", "confirmer" in request.POST)

        qualite = fiche.qualite if fiche else initial.get("qualite", "")
        return Page(
            forme=FICHE,
            rubriques=plan(qualite),
            objet=fiche,
            ecrire=ecrire,
            apres=apres,
            titre=fiche.intitule if fiche else "Nouvelle fiche",
            codes=codes,
            contexte=_contexte(fiche, qualite, codes),
            avis=ROUVRIRA if fiche and fiche.statut == Statut.VALIDEE and not valideur else "",
            constats=constats,
            ecarter=fiche.pk if fiche and valideur else None,
            modele=codes.de(ModeleFiche).get(fiche.modele) if fiche else None,
            dire=dire,
            suggestions=lambda valeurs: suggestions(conformite.faits(valeurs)),
            propositions=lambda valeurs: proposees(valeurs, codes),
            reprendre=lambda choix: ligne_de(choix, codes),
            fil=_fil(fiche),
            retour=reverse("fiche", args=[fiche.pk]) if fiche else reverse("registre"),
            initial=initial,
            sauf=frozenset({"statut"}),  # il se décide sur la page d'état, constats sous les yeux
            relire=True,
            reprise=fiche.reprise if fiche else [],
            traiter=lambda objet, numero, suite, version: traiter(
                objet, numero, suite, version=version, auteur=request.auteur
            ),
        )


def _suite(fiche: Traitement, avant: str, confirmation: bool) -> str:
    """Ce que l'enregistrement a fait d'autre : rouvert la fiche, confirmé une rubrique."""
    if avant == Statut.VALIDEE and fiche.statut == Statut.BROUILLON:
        return " Elle redevient un brouillon : voyez ses constats, puis validez-la de nouveau."
    if not confirmation:
        return ""
    restent = len(fiche.a_confirmer)
    if not restent:
        return " Toutes les rubriques proposées sont confirmées."
    return f" {restent} rubrique{'s' if restent > 1 else ''} proposée{'s' if restent > 1 else ''} reste{'nt' if restent > 1 else ''} à confirmer."


def _contexte(fiche: Traitement | None, qualite: str, codes: Codes) -> str:
    if fiche is None:
        second = qualite == Qualite.SOUS_TRAITANT
        return "Registre du sous-traitant, art. 30(2)" if second else "Registre du responsable, art. 30(1)"
    return f"{sous_titre(lire(instantane_de(FICHE, fiche), codes))} · révision {fiche.version}"


def _fil(fiche: Traitement | None) -> list[tuple[str, str]]:
    debut = [("Registre", reverse("registre"))]
    if fiche is None:
        return [*debut, ("Nouvelle fiche", "")]
    return [*debut, (fiche.intitule, reverse("fiche", args=[fiche.pk])), ("Modifier", "")]
