"""La gestion des tiers, de l'organisme, des comptes et des habilitations."""

from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_scopes import scope, scopes_disabled

from organismes.droits import Permission, peut
from organismes.models import Habilitation, Organisme, Tiers, Utilisateur
from organismes.pliage import ordre
from organismes.requete import RequeteConnectee, RequeteHabilitee
from registre.actes import comptes
from registre.fiche import agregat
from registre.fiche.enregistrement import supprimer
from registre.portes.gestion.base import INCONNUE, AdminCloisonne
from registre.portes.gestion.formulaires_comptes import FormulaireHabilitation, FormulaireUtilisateur
from registre.portes.gestion.pages_objets import PageOrganisme, PageTiers
from registre.portes.gestion.sous_verrou import SousVerrou
from registre.portes.gestion.vue import saisir
from registre.portes.requetes.gardees import remettre
from traitements.phrases import de

A_ENREGISTRER = (
    "Ce qui vient d'être changé n'est pas enregistré : enregistrez-le d'abord, puis donnez le lien."
)


@admin.register(Tiers)
class TiersAdmin(AdminCloisonne):
    ECRITURE = Permission.MODIFIER_TIERS

    def lister(self, request: RequeteHabilitee) -> HttpResponse:
        return redirect("tiers")

    def ajouter(self, request: RequeteHabilitee) -> HttpResponse:
        self.exiger(request)
        return saisir(request, PageTiers(request, None))

    def modifier(self, request: RequeteHabilitee, object_id: UUID) -> HttpResponse:
        self.exiger(request)
        return saisir(request, PageTiers(request, self.objet(object_id)))

    def effacer(self, request: RequeteHabilitee, object_id: UUID) -> HttpResponse:
        """Supprime après confirmation ; refuse tant qu'une fiche ou un tiers le cite, ou s'il est fusionné."""
        self.exiger(request)
        tiers = self.objet(object_id)
        if tiers.fusionne_dans_id:
            messages.error(
                request,
                f"« {tiers} » est fusionné dans « {tiers.fusionne_dans} » : il ne s'efface pas, l'histoire des fiches le cite.",
            )
            return redirect("admin:organismes_tiers_change", tiers.pk)
        if request.method == "POST":
            try:
                supprimer(agregat.TIERS, tiers, auteur=request.auteur)
            except ProtectedError as refus:
                citent = ", ".join(sorted({_citant(o) for o in refus.protected_objects}))
                messages.error(request, f"« {tiers} » est cité par : {citent}. Rien n'a été supprimé.")
                return redirect("admin:organismes_tiers_change", tiers.pk)
            messages.success(request, f"« {tiers} » est supprimé ; le journal en garde la trace.")
            return redirect("tiers")
        return render(request, "gestion/supprimer.html", {"objet": tiers, "retour": reverse("tiers")})


def _citant(objet) -> str:
    fiche = getattr(objet, "traitement", None)
    return f"la fiche {fiche.reference}" if fiche else f"le tiers {objet}"


@admin.register(Organisme)
class OrganismeAdmin(AdminCloisonne):
    """Le délégué modifie le sien ; l'administrateur crée et modifie tous ceux de l'instance."""

    ECRITURE = Permission.MODIFIER_ORGANISME

    def lister(self, request: RequeteConnectee) -> HttpResponse:
        if not peut(request, Permission.ADMINISTRER):
            return redirect("organisme")
        # L'administrateur de l'instance voit tous les organismes, jamais leurs fiches.
        with scopes_disabled():
            tous = sorted(Organisme.objects.all(), key=lambda o: ordre(o.raison_sociale))
        return render(request, "gestion/organismes.html", {"organismes": tous})

    def ajouter(self, request: RequeteConnectee) -> HttpResponse:
        self._exiger_administrateur(request)
        with scopes_disabled():  # l'organisme n'existe pas encore
            return saisir(request, PageOrganisme(request, None))

    def modifier(self, request: RequeteConnectee, object_id: UUID) -> HttpResponse:
        sien = request.organisme is not None and request.organisme.pk == object_id
        if sien and peut(request, Permission.MODIFIER_ORGANISME):
            return saisir(request, PageOrganisme(request, self.objet(object_id)))
        if not peut(request, Permission.ADMINISTRER):
            if sien:
                self.exiger(request)
            raise Http404(INCONNUE)
        with scope(organisme=object_id):
            return saisir(request, PageOrganisme(request, self.objet(object_id)))

    def get_queryset(self, request):
        return agregat.ORGANISME.charger(super().get_queryset(request))

    def _exiger_administrateur(self, request) -> None:
        if not peut(request, Permission.ADMINISTRER):
            raise Http404(INCONNUE)


@admin.register(Utilisateur)
class UtilisateurAdmin(AdminCloisonne):
    ECRITURE = Permission.ADMINISTRER

    def lister(self, request: RequeteConnectee) -> HttpResponse:
        with scopes_disabled():  # l'administrateur gère les comptes et habilitations de toute l'instance
            personnes = sorted(
                Utilisateur.objects.prefetch_related("habilitations__organisme"), key=lambda p: ordre(p.nom)
            )
            return render(request, "gestion/comptes.html", {"personnes": personnes})

    def ajouter(self, request: RequeteConnectee) -> HttpResponse:
        self.exiger(request)
        formulaire = remettre(request, FormulaireUtilisateur(request.POST or None))
        if request.method == "POST" and formulaire.is_valid():
            try:
                cree = comptes.creer(auteur=request.auteur, **formulaire.pour_creation())
            except ValidationError as erreur:
                formulaire.update_errors(erreur)
            else:
                lien = comptes.donner_lien(cree, request.build_absolute_uri("/"), auteur=request.auteur)
                return render(request, "gestion/lien.html", {"personne": cree, "lien": lien})
        statut = 422 if formulaire.errors else 200
        contexte = {"form": formulaire, "titre": "Ouvrir un compte"}
        return render(request, "gestion/compte.html", contexte, status=statut)

    def modifier(self, request: RequeteConnectee, object_id: UUID) -> HttpResponse:
        self.exiger(request)
        personne = self.objet(object_id)
        titre = personne.nom
        formulaire = remettre(request, FormulaireUtilisateur(request.POST or None, instance=personne))
        saisie = SousVerrou(request, agregat.UTILISATEUR, formulaire, personne)
        lien_voulu = request.method == "POST" and "lien" in request.POST
        if lien_voulu and not formulaire.has_changed():
            lien = comptes.donner_lien(personne, request.build_absolute_uri("/"), auteur=request.auteur)
            return render(request, "gestion/lien.html", {"personne": personne, "lien": lien})
        if request.method == "POST" and formulaire.is_valid():
            if lien_voulu:
                formulaire.add_error(None, A_ENREGISTRER)
            elif fait := saisie.enregistrer():
                messages.success(request, f"Le compte {de(fait.objet)} est enregistré.")
                return redirect("admin:organismes_utilisateur_changelist")
        contexte = {**saisie.contexte, "titre": titre, "personne": personne}
        return render(request, "gestion/compte.html", contexte, status=saisie.statut)


@admin.register(Habilitation)
class HabilitationAdmin(AdminCloisonne):
    """Un rôle, pour une période. Il se clôt par une date de fin ; il ne s'efface pas."""

    ECRITURE = Permission.ADMINISTRER

    def lister(self, request: RequeteConnectee) -> HttpResponse:
        return redirect("admin:organismes_utilisateur_changelist")

    def ajouter(self, request: RequeteConnectee) -> HttpResponse:
        self.exiger(request)
        with scopes_disabled():  # l'habilitation choisit elle-même son organisme
            return self._saisir(request, Habilitation(), "Habiliter une personne")

    def modifier(self, request: RequeteConnectee, object_id: UUID) -> HttpResponse:
        self.exiger(request)
        with scopes_disabled():  # de toute l'instance
            habilitation = self.objet(object_id)
            titre = f"Modifier l'habilitation {de(str(habilitation.utilisateur))} ({habilitation.organisme})"
            return self._saisir(request, habilitation, titre)

    def _saisir(self, request: RequeteConnectee, habilitation: Habilitation, titre: str) -> HttpResponse:
        depart = request.GET.get("personne") if habilitation._state.adding else None
        formulaire = remettre(
            request,
            FormulaireHabilitation(
                request.POST or None,
                instance=habilitation,
                initial={"utilisateur": depart} if depart else None,
            ),
        )
        valide = request.method == "POST" and formulaire.is_valid()
        cible = formulaire.cible() if valide else habilitation
        saisie = SousVerrou(request, agregat.HABILITATION, formulaire, cible)
        if valide and saisie.enregistrer():
            messages.success(request, "L'habilitation est enregistrée.")
            return redirect("admin:organismes_utilisateur_changelist")
        contexte = {**saisie.contexte, "titre": titre}
        return render(request, "gestion/compte.html", contexte, status=saisie.statut)
