"""La classe de base de toutes les vues de gestion : nos droits, notre journal, nos formulaires."""

from typing import ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import path

from organismes.droits import Permission, peut
from registre.acces import permise


class AdminCloisonne(admin.ModelAdmin):
    """ModelAdmin qui ne doit rien aux portes de Django : ni actions en masse, ni suppression en cascade, ni `LogEntry`.

    Chaque route est ouverte par `registre.acces` ; l'objet vient du gestionnaire borné, donc celui d'un autre
    organisme n'existe pas (404). La saisie est celle de `registre.portes.gestion.vue`.
    """

    ROUTES: ClassVar[tuple[str, ...]] = ("changelist", "add", "change")
    ECRITURE: ClassVar[Permission]
    actions = None
    view_on_site = False
    show_full_result_count = False
    list_per_page = 50
    list_display_links: ClassVar = None

    def get_urls(self):
        app, modele = self.opts.app_label, self.opts.model_name
        routes = {
            "changelist": ("", self.changelist_view),
            "add": ("add/", self.add_view),
            "change": ("<uuid:object_id>/change/", self.change_view),
            "delete": ("<uuid:object_id>/delete/", self.delete_view),
        }
        vue = self.admin_site.admin_view
        return [path(routes[r][0], vue(routes[r][1]), name=f"{app}_{modele}_{r}") for r in self.ROUTES]

    def objet(self, pk):
        """L'objet, s'il est de la portée ; 404 sinon."""
        try:
            return self.get_queryset(None).get(pk=pk)
        except self.model.DoesNotExist:
            raise Http404("Cette page n'existe pas.") from None

    def get_queryset(self, request):
        return self.model._default_manager.get_queryset()

    def exiger(self, request: HttpRequest) -> None:
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
        return "delete" in self.ROUTES and peut(request, self.ECRITURE)

    def log_additions(self, *args, **options) -> None:
        """Le journal suffit ; celui de l'administration de Django ferait double emploi, sans preuve."""

    log_addition = log_change = log_deletions = log_additions
