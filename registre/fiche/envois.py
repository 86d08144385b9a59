"""L'enveloppe d'un formulaire (qui l'a ouvert, pour quel organisme, sur quelle page) et l'envoi que l'on n'exécute qu'une fois."""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.core import signing
from django.db import IntegrityError, transaction
from django.http import HttpRequest, QueryDict

from organismes.models import EnvoiRecu
from organismes.models_envois import REPRISE, adresse_de_reprise
from organismes.requete import RequeteHabilitee

CHAMP = "envoi"  # le nom du champ caché, posé par {% csrf_token %} (registre.portes.templatetags.envoi)
SEL = "registre.envois"
SECONDES_MAX = 7 * 24 * 3600  # une page ouverte depuis plus longtemps ne vaut plus
# Ni le jeton ni les boutons : reprendre un texte ne rejoue pas un geste.
PAS_DU_TEXTE = {CHAMP, "csrfmiddlewaretoken"} | frozenset(
    "enregistrer relire confirmer ajouter reprendre lire lien choisir_tiers dedoubler ouvrir action creer revoquer retour "
    "organisme_choisi traiter page".split()
)


class RequeteDePage(HttpRequest):
    """La requête d'une page à formulaires ; elle n'a pas toujours de portée : un jeton périmé se refuse avant."""

    numero_de_page: str  # posé ici, au premier formulaire ; le même pour tous


@dataclass(frozen=True)
class Enveloppe:
    """Signée : un navigateur ne peut ni la forger, ni la porter chez un autre organisme ou un autre compte.

    `numero` désigne la page ouverte ; il reste le sien quand elle revient avec des erreurs.
    """

    personne: str
    organisme: str
    numero: str
    adresse: str

    def ecrire(self) -> str:
        return signing.dumps([self.personne, self.organisme, self.numero, self.adresse], salt=SEL)

    @property
    def reprise(self) -> str:
        """L'adresse de la page, qui demande le brouillon."""
        return adresse_de_reprise(self.adresse, self.numero)


def lire(texte: str) -> Enveloppe | None:
    """L'enveloppe, ou `None` si elle manque, est altérée ou trop vieille."""
    try:
        champs = signing.loads(texte, salt=SEL, max_age=SECONDES_MAX)
    except signing.BadSignature:
        return None
    return Enveloppe(*champs)


def de_la_requete(request: RequeteDePage) -> Enveloppe:
    """L'enveloppe de la page que cette requête rend."""
    organisme = getattr(request, "organisme", None)
    adresse = adresse_de(request)
    personne = str(request.user.pk)
    return Enveloppe(personne, str(organisme.pk) if organisme else "", _numero(request, personne), adresse)


def adresse_de(request: HttpRequest) -> str:
    """L'adresse de la page, sans la demande de reprise."""
    chemin, _, question = request.get_full_path().partition("?")
    gardes = [(n, v) for n, v in parse_qsl(question, keep_blank_values=True) if n != REPRISE]
    return f"{chemin}?{urlencode(gardes)}" if gardes else chemin


def _numero(request: RequeteDePage, personne: str) -> str:
    """Celui du brouillon repris, de la page qui revient, ou un neuf ; le même pour tous les formulaires d'une page."""
    if not hasattr(request, "numero_de_page"):
        reprise = getattr(request, "reprise", None)
        recue = lire(request.POST.get(CHAMP, "")) if request.method == "POST" else None
        if reprise is not None and reprise.rendu is not None:
            request.numero_de_page = reprise.rendu.numero
        elif recue is not None and recue.personne == personne:
            request.numero_de_page = recue.numero
        else:
            request.numero_de_page = secrets.token_urlsafe(12)
    return request.numero_de_page


def texte_de(envoi: QueryDict) -> QueryDict:
    """Ce que la personne a tapé, sans les jetons, ni les boutons, ni les champs vides."""
    texte = QueryDict(mutable=True)
    for nom, valeurs in envoi.lists():
        if nom not in PAS_DU_TEXTE and (remplies := [v for v in valeurs if v]):
            texte.setlist(nom, remplies)
    return texte


# --- Une seule fois ------------------------------------------------------------------------------------------------
class DejaRecu(Exception):
    """Cet envoi a déjà créé `recu` : il n'y a rien à refaire."""

    def __init__(self, recu: EnvoiRecu):
        self.recu = recu
        super().__init__("Cet envoi nous était déjà parvenu.")


@dataclass
class Envoi:
    """`cle` : l'empreinte de l'envoi. `employe` : une création a été tentée à ce titre."""

    cle: str
    contenu_sha256: str
    employe: bool = False

    def recu(self) -> EnvoiRecu | None:
        """La création que cet envoi a déjà faite."""
        return EnvoiRecu.objects.filter(cle=self.cle).exclude(objet_id="").first()


_en_cours: ContextVar[Envoi | None] = ContextVar("envoi_en_cours", default=None)


@contextmanager
def en_cours(envoi: Envoi | None) -> Iterator[None]:
    """Pendant ce bloc, la première création se fait au titre de cet envoi."""
    marque = _en_cours.set(envoi)
    try:
        yield
    finally:
        _en_cours.reset(marque)


def du_formulaire(request: HttpRequest, enveloppe: Enveloppe) -> Envoi:
    """La page, son adresse d'envoi et tout ce qu'elle porte, fichiers compris : un texte changé est un autre envoi."""
    contenu = hashlib.sha256()
    for nom in sorted(set(request.POST) - {"csrfmiddlewaretoken", CHAMP}):
        contenu.update(repr((nom, request.POST.getlist(nom))).encode("utf-8", "surrogatepass"))
    for nom in sorted(request.FILES):
        for fichier in request.FILES.getlist(nom):
            contenu.update(repr((nom, fichier.name)).encode("utf-8", "surrogatepass"))
            for morceau in fichier.chunks():
                contenu.update(morceau)
            fichier.seek(0)
    sha = contenu.hexdigest()
    return Envoi(_cle(enveloppe.personne, enveloppe.numero, request.path, sha), sha)


def de_l_api(request: RequeteHabilitee, cle: str, corps: bytes) -> Envoi:
    """`Idempotency-Key` : la clé du client, dans son organisme, à cette adresse."""
    organisme = str(request.organisme.pk)
    return Envoi(
        _cle("api", str(request.user.pk), organisme, request.path, cle), hashlib.sha256(corps).hexdigest()
    )


def _cle(*parties: str) -> str:
    return hashlib.sha256("\x00".join(parties).encode("utf-8", "surrogatepass")).hexdigest()


def reserver() -> Callable[[str, Any], None]:
    """Réserve l'envoi dans la transaction de la création ; rend la fonction qui note l'objet créé.

    Un second envoi attend ici que le premier ait fini, puis lève `DejaRecu`. Un envoi qui crée plusieurs objets mène au
    dernier : la fiche, après le tiers qu'elle inscrit. Hors d'un envoi, ne fait rien.
    """
    envoi = _en_cours.get()
    if envoi is None:
        return lambda type_, pk: None
    if not envoi.employe:
        _inserer(envoi)

    def noter(type_: str, pk: Any) -> None:
        EnvoiRecu.objects.filter(cle=envoi.cle).update(objet_type=type_, objet_id=str(pk))

    return noter


def _inserer(envoi: Envoi) -> None:
    try:
        with transaction.atomic():
            EnvoiRecu.objects.create(cle=envoi.cle, contenu_sha256=envoi.contenu_sha256)
    except IntegrityError:
        raise DejaRecu(EnvoiRecu.objects.get(cle=envoi.cle)) from None
    envoi.employe = True


def chemin_de(adresse: str) -> str:
    return urlsplit(adresse).path
