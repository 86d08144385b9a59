"""La saisie d'une fiche : les onglets du plan, un seul enregistrement pour toute la fiche."""

from uuid import UUID

from django.contrib import admin, messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from organismes.droits import Permission, peut
from organismes.requete import RequeteHabilitee
from registre.actes.copie import copie
from registre.actes.fiches_types import reference_suivante
from registre.actes.suppression import effacer_brouillon, empechements
from registre.fiche.agregat import FICHE, instantane_de
from registre.fiche.enregistrement import Conflit, Disparu, Refus
from registre.fiche.rubriques import LISTES
from registre.portes.gestion.base import INCONNUE, AdminCloisonne
from registre.portes.gestion.page_fiche import PageFiche
from registre.portes.gestion.vue import saisir
from traitements.choix import Qualite
from traitements.models import Traitement

SOUS_TRAITANT = "sous-traitant"
CHANGEE = "Cette fiche a changé depuis que vous avez ouvert cette page : relisez-la avant de l'effacer."


@admin.register(Traitement)
class TraitementAdmin(AdminCloisonne):
    ECRITURE = Permission.MODIFIER_FICHE

    def lister(self, request: RequeteHabilitee) -> HttpResponse:
        """La liste des fiches est le registre lui-même."""
        return redirect("registre")

    def ajouter(self, request: RequeteHabilitee) -> HttpResponse:
        """Une fiche vide, ou la copie de celle que l'adresse désigne (`?copie=`) : rien ne s'écrit avant « Enregistrer »."""
        self.exiger(request)
        if "copie" in request.GET:
            return self._copier(request, request.GET["copie"])
        qualite = Qualite.SOUS_TRAITANT if request.GET.get("registre") == SOUS_TRAITANT else ""
        initial = {"reference": reference_suivante(qualite), "statut": "brouillon"}
        if qualite:
            initial["qualite"] = qualite
        return saisir(request, PageFiche(request, None, initial))

    def modifier(self, request: RequeteHabilitee, object_id: UUID) -> HttpResponse:
        self.exiger(request)
        return saisir(request, PageFiche(request, self.objet(object_id)))

    def effacer(self, request: RequeteHabilitee, object_id: UUID) -> HttpResponse:
        """GET : ce qui va disparaître, ou pourquoi rien ne le peut. POST : efface un brouillon."""
        self.exiger(request)
        fiche, delegue, perime = self.objet(object_id), peut(request, Permission.VALIDER_FICHE), False
        dits = empechements(fiche, request.auteur, delegue)
        if request.method == "POST":
            try:
                lue = int(request.POST.get("version", "0")[:9] or 0)
                effacer_brouillon(fiche, auteur=request.auteur, delegue=delegue, revision=lue)
            except Disparu:
                raise Http404(INCONNUE) from None
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

    def _copier(self, request: RequeteHabilitee, identifiant: str) -> HttpResponse:
        try:
            origine = self.objet(UUID(identifiant))
        except ValueError:
            raise Http404(INCONNUE) from None
        initial = copie(instantane_de(FICHE, origine))
        return saisir(request, PageFiche(request, None, initial, origine))

    def get_queryset(self, request):
        return FICHE.charger(super().get_queryset(request))


def _emportes(fiche: Traitement) -> list[str]:
    """Ce qui s'efface avec la fiche : « Finalités : 3 »."""
    comptes = [(liste.titre, len(getattr(fiche, liste.nom).all())) for liste in LISTES]
    return [f"{titre} : {nombre}" for titre, nombre in comptes if nombre]
