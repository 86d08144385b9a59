"""La saisie d'une fiche : les onglets du plan, un seul enregistrement pour toute la fiche."""

from uuid import UUID

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from organismes.droits import Droit, peut
from registre.actes.copie import copie
from registre.actes.fiches import enregistrer_fiche
from registre.actes.fiches_types import reference_suivante
from registre.actes.remarques import traiter
from registre.actes.suppression import effacer_brouillon, empechements
from registre.conformite.aipd import suggestions
from registre.conformite.constats import lu
from registre.conformite.controle import Conformite
from registre.fiche.agregat import FICHE, instantane_de
from registre.fiche.codes import Codes
from registre.fiche.enregistrement import Conflit, Disparu, Refus, Resultat
from registre.fiche.fiche_lue import lire, sous_titre
from registre.fiche.historique import action_de_copie
from registre.fiche.rubriques import LISTES, plan
from registre.portes.gestion.base import AdminCloisonne
from registre.portes.gestion.propositions import ligne_de, proposees
from registre.portes.gestion.vue import Page, saisir
from traitements.choix import Qualite, Statut
from traitements.models import ModeleFiche, Traitement
from traitements.phrases import accorder

SOUS_TRAITANT = "sous-traitant"
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
CHANGEE = "Cette fiche a changé depuis que vous avez ouvert cette page : relisez-la avant de l'effacer."


@admin.register(Traitement)
class TraitementAdmin(AdminCloisonne):
    ROUTES = ("changelist", "add", "change", "delete")
    ECRITURE = Droit.MODIFIER_FICHE

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """La liste des fiches est le registre lui-même."""
        return redirect("registre")

    def add_view(self, request: HttpRequest, form_url="", extra_context=None) -> HttpResponse:
        """Une fiche vide, ou la copie de celle que l'adresse désigne (`?copie=`) : rien ne s'écrit avant « Enregistrer »."""
        self.exiger(request)
        if "copie" in request.GET:
            return self._copier(request, request.GET["copie"])
        qualite = Qualite.SOUS_TRAITANT if request.GET.get("registre") == SOUS_TRAITANT else ""
        initial = {"reference": reference_suivante(qualite), "statut": "brouillon"}
        if qualite:
            initial["qualite"] = qualite
        return saisir(request, self._page(request, None, initial))

    def change_view(self, request: HttpRequest, object_id, form_url="", extra_context=None) -> HttpResponse:
        self.exiger(request)
        return saisir(request, self._page(request, self.objet(object_id), {}))

    def delete_view(self, request: HttpRequest, object_id, extra_context=None) -> HttpResponse:
        """GET : ce qui va disparaître, ou pourquoi rien ne le peut. POST : efface un brouillon."""
        self.exiger(request)
        fiche, delegue, perime = self.objet(object_id), peut(request, Droit.VALIDER_FICHE), False
        dits = empechements(fiche, request.auteur, delegue)
        if request.method == "POST":
            try:
                lue = int(request.POST.get("version", "0")[:9] or 0)
                effacer_brouillon(fiche, auteur=request.auteur, delegue=delegue, version=lue)
            except Disparu:
                raise Http404("Cette page n'existe pas.") from None
            except (Conflit, ValueError):
                dits, perime = [CHANGEE], True
            except Refus as refus:
                dits = refus.erreurs[""]
            else:
                messages.success(request, f"« {fiche} » est effacée ; le journal en garde le dernier état.")
                return redirect("registre")
        contexte = {"fiche": fiche, "empechements": dits, "emportes": _emportes(fiche), "perime": perime}
        statut = 409 if request.method == "POST" else 200
        return render(request, "gestion/effacer_fiche.html", contexte, status=statut)

    def _copier(self, request: HttpRequest, identifiant: str) -> HttpResponse:
        try:
            origine = self.objet(UUID(identifiant))
        except ValueError:
            raise Http404("Cette page n'existe pas.") from None
        initial = copie(instantane_de(FICHE, origine))
        return saisir(request, self._page(request, None, initial, origine))

    def get_queryset(self, request):
        return FICHE.charger(super().get_queryset(request))

    def _page(
        self,
        request: HttpRequest,
        fiche: Traitement | None,
        initial: dict,
        origine: Traitement | None = None,
    ) -> Page:
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
                action=action_de_copie(origine.reference) if origine else "",
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
            titre=fiche.intitule
            if fiche
            else f"Copie de {origine.reference}"
            if origine
            else "Nouvelle fiche",
            codes=codes,
            contexte=_contexte(fiche, qualite, codes),
            avis=_avis(fiche, origine, valideur),
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
            suppression=_suppression(request, fiche, valideur),
            auteur=request.auteur if peut(request, Droit.MODIFIER_TIERS) else None,
            copie=origine.reference if origine else "",
            traiter=lambda objet, numero, suite, version: traiter(
                objet, numero, suite, version=version, auteur=request.auteur
            ),
        )


def _avis(fiche: Traitement | None, origine: Traitement | None, valideur: bool) -> str:
    if origine is not None:
        return COPIE.format(origine)
    return ROUVRIRA if fiche and fiche.statut == Statut.VALIDEE and not valideur else ""


def _suppression(request: HttpRequest, fiche: Traitement | None, valideur: bool) -> str:
    """L'adresse où effacer ce brouillon, si cette personne le peut."""
    if fiche is None or fiche.statut != Statut.BROUILLON or empechements(fiche, request.auteur, valideur):
        return ""
    return reverse("admin:traitements_traitement_delete", args=[fiche.pk])


def _emportes(fiche: Traitement) -> list[str]:
    """Ce qui s'efface avec la fiche : « Finalités : 3 »."""
    comptes = [(liste.titre, len(getattr(fiche, liste.nom).all())) for liste in LISTES]
    return [f"{titre} : {nombre}" for titre, nombre in comptes if nombre]


def _suite(fiche: Traitement, avant: str, confirmation: bool) -> str:
    """Ce que l'enregistrement a fait d'autre : rouvert la fiche, confirmé une rubrique."""
    if avant == Statut.VALIDEE and fiche.statut == Statut.BROUILLON:
        return " Elle redevient un brouillon : voyez ses constats, puis validez-la de nouveau."
    if not confirmation:
        return ""
    restent = len(fiche.a_confirmer)
    if not restent:
        return " Toutes les rubriques proposées sont confirmées."
    return f" {restent} {accorder(restent, 'rubrique proposée')} {'restent' if restent > 1 else 'reste'} à confirmer."


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
