"""Le cadre de chaque page : la colonne, l'organisme, la personne."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from organismes.droits import Permission
from organismes.portee import libelle_roles
from registre.execution.echeances import en_retard
from registre.portes.requetes.gardees import est_gardee
from traitements.models import Traitement
from traitements.phrases import nombre


@dataclass(frozen=True)
class EntreeDeMenu:
    libelle: str
    url: str
    n: str = ""
    vif: bool = False
    courante: bool = False


class Cadre:
    """Calculé au premier usage : une page de connexion ne pose aucune requête."""

    def __init__(self, request):
        self.request = request

    @property
    def ouvert(self) -> bool:
        """Une personne est connectée."""
        return getattr(self.request, "user", None) is not None and self.request.user.is_authenticated

    @cached_property
    def entrees(self) -> list[EntreeDeMenu]:
        if not self.ouvert:
            return []
        return self._marquer(list(self._menu()))

    def _menu(self):
        if self.request.organisme:
            yield "Tableau de bord", "tableau", "", ()
            fiches = nombre(Traitement.objects.actifs().count())
            siennes = ("/registre/", "/fiches/", "/modeles/", "/a-relire/", "/gestion/traitements/")
            yield "Registre", "registre", fiches, siennes
            retards = retards_de(self.request)
            dits = f"{nombre(retards)} en retard" if retards else ""
            yield "Conservation", "conservation", dits, ("/conservation/",)
            yield "Règles", "regles", "", ("/regles/",)
            yield "Tiers", "tiers", "", ("/tiers/", "/gestion/organismes/tiers/")
            siens = f"/gestion/organismes/organisme/{self.request.organisme.pk}/"
            yield "Organisme", "organisme", "", ("/organisme/", siens)
            yield "Journal", "journal", "", ("/journal/",)
        elif not self._gere:
            yield "Accueil", "tableau", "", ()
        if self._gere:
            yield "Gestion", "admin:index", "", ("/gestion/",)

    @property
    def _gere(self) -> bool:
        return bool({Permission.MODIFIER_FICHE, Permission.ADMINISTRER} & self.request.droits)

    def _marquer(self, menu: list) -> list[EntreeDeMenu]:
        """L'entrée courante est celle dont le début d'adresse est le plus long."""
        longueurs = [
            max((len(d) for d in debuts if self.request.path.startswith(d)), default=0) for *_, debuts in menu
        ]
        plus_long = max(longueurs, default=0)
        return [
            EntreeDeMenu(
                libelle,
                reverse(nom),
                n,
                vif=nom == "conservation",
                courante=self._courante(nom, longueur, plus_long),
            )
            for (libelle, nom, n, _), longueur in zip(menu, longueurs, strict=True)
        ]

    def _courante(self, nom: str, longueur: int, plus_long: int) -> bool:
        return longueur == plus_long > 0 or self.request.path == reverse(nom)

    @property
    def messagerie(self) -> bool:
        return bool(settings.MESSAGERIE)

    @property
    def garde_la_saisie(self) -> bool:
        """Ce qui se tape sur cette page se garde en brouillon."""
        return self.ouvert and est_gardee(self.request)

    @property
    def organisme(self):
        return getattr(self.request, "organisme", None)

    @property
    def personne(self) -> str:
        return self.request.user.nom if self.ouvert else ""

    @property
    def role(self) -> str:
        return libelle_roles(self.request) if self.ouvert else ""

    @property
    def plusieurs_organismes(self) -> bool:
        return len(getattr(self.request, "organismes", [])) > 1

    @property
    def url_organismes(self) -> str:
        return reverse("choisir_organisme")

    @property
    def peut_modifier_organisme(self) -> bool:
        return Permission.MODIFIER_ORGANISME in getattr(self.request, "droits", ())

    @property
    def peut_modifier(self) -> bool:
        return Permission.MODIFIER_FICHE in getattr(self.request, "droits", ())


def retards_de(request) -> int:
    """Les échéances en retard, comptées une fois par requête : la colonne et le tableau de bord les disent."""
    if not hasattr(request, "retards"):
        request.retards = en_retard(request.organisme, timezone.localdate())
    return request.retards


def cadre(request) -> dict[str, Cadre]:
    return {"cadre": Cadre(request)}
