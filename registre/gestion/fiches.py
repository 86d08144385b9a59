"""La saisie d'une fiche : les onglets du plan, un seul enregistrement pour toute la fiche."""

from django.contrib import admin
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from organismes.droits import Droit, peut
from registre.agregat import FICHE, instantane_de
from registre.codes import Codes
from registre.conformite import Conformite
from registre.enregistrement import Resultat, enregistrer_fiche
from registre.fiche import ancre_de_saisie, chemin_lisible, lire, sous_titre
from registre.gestion.base import AdminCloisonne
from registre.gestion.vue import Page, saisir
from registre.rubriques import plan
from traitements.choix import Qualite, Statut
from traitements.models import Traitement

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

        def constats(valeurs):
            trouves = Conformite(request.organisme, codes).bilan(valeurs, timezone.localdate()).constats
            return [(c, ancre_de_saisie(c.chemin), chemin_lisible(c.chemin)) for c in trouves]

        def apres(resultat: Resultat) -> str:
            if "relire" in request.POST:
                return reverse("fiche", args=[resultat.objet.pk])
            return reverse("admin:traitements_traitement_change", args=[resultat.objet.pk])

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
            fil=_fil(fiche),
            retour=reverse("fiche", args=[fiche.pk]) if fiche else reverse("registre"),
            initial=initial,
            sauf=frozenset() if valideur else frozenset({"statut"}),
            relire=True,
            reprise=fiche.reprise if fiche else [],
        )


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


def reference_suivante(prefixe: str) -> str:
    """« TR-015 » après « TR-014 » : une proposition, que la personne peut changer."""
    derniere = Traitement.objects.filter(reference__regex=rf"^{prefixe}-[0-9]{{3,}}$").aggregate(
        m=Max("reference")
    )["m"]
    numero = int(derniere.rpartition("-")[2]) + 1 if derniere else 1
    return f"{prefixe}-{numero:03d}"
