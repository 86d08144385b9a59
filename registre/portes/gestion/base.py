"""La classe de base de toutes les vues de gestion : nos droits, notre journal, nos formulaires."""

from collections.abc import Callable
from typing import ClassVar
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import path

from organismes.droits import Permission, peut
from organismes.requete import RequetePlacee
from registre.acces import permise

INCONNUE = "Cette page n'existe pas."
CHEMINS = {
    "changelist": "",
    "add": "add/",
    "change": "<uuid:object_id>/change/",
    "delete": "<uuid:object_id>/delete/",
}
Vue = Callable[..., HttpResponse]


class AdminCloisonne(admin.ModelAdmin):
    """ModelAdmin qui ne doit rien aux portes de Django : ni actions en masse, ni suppression en cascade, ni `LogEntry`.

    Chaque route est ouverte par `registre.acces` ; l'objet vient du gestionnaire borné, donc celui d'un autre
    organisme n'existe pas (404). La saisie est celle de `registre.portes.gestion.vue`.
    """

    ECRITURE: ClassVar[Permission]
    actions = None
    view_on_site = False
    show_full_result_count = False
    list_per_page = 50
    list_display_links = None

    # Ce qu'un écran n'écrit pas n'existe pas : jamais une page de Django à la place.
    lister: Vue | None = None
    ajouter: Vue | None = None
    modifier: Vue | None = None
    effacer: Vue | None = None

    def vues(self) -> dict[str, Vue]:
        """Les routes de cet écran, et ce que chacune exécute."""
        ecrites = zip(CHEMINS, (self.lister, self.ajouter, self.modifier, self.effacer), strict=True)
        return {route: vue for route, vue in ecrites if vue is not None}

    def get_urls(self):
        app, modele, vue = self.opts.app_label, self.opts.model_name, self.admin_site.admin_view
        return [path(CHEMINS[r], vue(v), name=f"{app}_{modele}_{r}") for r, v in self.vues().items()]

    def objet(self, pk: UUID):
        """L'objet, s'il est de la portée ; 404 sinon."""
        try:
            return self.get_queryset(None).get(pk=pk)
        except self.model.DoesNotExist:
            raise Http404(INCONNUE) from None

    def get_queryset(self, request):
        return self.model._default_manager.get_queryset()

    def exiger(self, request: RequetePlacee) -> None:
        if not peut(request, self.ECRITURE):
            raise PermissionDenied("Vos habilitations ne permettent pas cette action.")

    def _permise(self, request, route: str) -> bool:
        return permise(request, f"admin:{self.opts.app_label}_{self.opts.model_name}_{route}")

    def has_module_permission(self, request) -> bool:
        return self._permise(request, "changelist")

    def has_view_permission(self, request, obj=None) -> bool:
        return self._permise(request, "changelist")

    def has_add_permission(self, request) -> bool:
        return peut(request, self.ECRITURE)

    def has_change_permission(self, request, obj=None) -> bool:
        return peut(request, self.ECRITURE)

    def has_delete_permission(self, request, obj=None) -> bool:
        return "delete" in self.vues() and peut(request, self.ECRITURE)

    def _hors_journal(self, *args, **options):
        """Le journal suffit ; celui de l'administration de Django ferait double emploi, sans preuve."""

    log_addition = log_change = log_deletions = _hors_journal
