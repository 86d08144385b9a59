"""Qui entre où : chaque route est déclarée, chaque rôle a ses droits, l'organisme voisin n'existe pas."""

import json
import re
from functools import cache
from io import StringIO
from uuid import uuid4

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.urls import path, reverse
from django.utils import timezone

from boutique import (
    AUTEUR,
    connecte,
    creer_epreuve,
    creer_fiche,
    creer_operation,
    creer_plan,
    creer_tiers,
    habiliter,
)
from documents import moteur
from organismes.choix import Role
from organismes.models import Habilitation
from organismes.portee import dans
from pages import texte_du_pdf
from registre.acces import ACCES
from registre.execution.agenda import abonner
from registre.portes.gestion.base import AdminCloisonne
from registre.portes.requetes.routes import Route, routes
from traitements.models import Traitement

OBJETS = re.compile(r"<uuid:\w+>")
ROUTES = [r for r in routes() if "^" not in r.chemin]
PAR_NOM = {r.nom: r for r in ROUTES}


def adresse(route: Route, pk) -> str:
    chemin = "/" + OBJETS.sub(str(pk), route.chemin)
    for parametre, valeur in (
        ("<str:pk>", "bases-legales"),
        ("<slug:code>", "GESTION_CLIENTS"),
        ("<int:numero>", "1"),
        ("<str:jeton>", str(pk)),
    ):
        chemin = chemin.replace(parametre, valeur)
    return chemin


def objet_de(nom: str, organisme, fiche, tiers):
    """L'identifiant qu'attend une route, dans cet organisme."""
    if "utilisateur" in nom or "habilitation" in nom:
        with dans(organisme):
            habilitation = Habilitation.objects.first()
        return habilitation.utilisateur_id if "utilisateur" in nom else habilitation.pk
    if "organisme" in nom.split("_")[1:2] or nom.startswith("api:organismes"):
        return organisme.pk
    if nom in ("operation", "operation_pv", "operation_preuve", "plan_nouveau"):
        return creer_operation(organisme, fiche).pk
    if nom.startswith("plan_"):
        return creer_plan(organisme, fiche, nom=f"Clients, {nom.replace('_', ' ')}").pk
    if nom == "agenda_ics":
        personne = habiliter(organisme, Role.DPO, "agenda@lavande.example", "Abonnée")
        with dans(organisme):
            return abonner(organisme, personne, auteur=AUTEUR)
    if nom in ("epreuve", "epreuve_pdf"):
        return creer_epreuve(organisme, fiche).pk
    return tiers.pk if "tiers" in nom else fiche.pk


def test_chaque_route_est_declaree_et_chaque_declaration_a_sa_route():
    noms = {r.nom for r in routes()}
    assert noms == set(ACCES)


def test_une_route_que_personne_n_a_declaree_ne_repond_a_personne(dpo, settings):
    settings.ROOT_URLCONF = type(
        "urls", (), {"urlpatterns": [path("neuve/", lambda r: None, name="neuve"), *_urls()]}
    )
    assert dpo.get("/neuve/").status_code == 403


def _urls():
    from registre.urls import urlpatterns

    return urlpatterns


def test_tout_ecran_de_gestion_derive_de_la_classe_commune():
    assert admin.site._registry
    assert all(isinstance(ecran, AdminCloisonne) for ecran in admin.site._registry.values())


ROLES = [*Role.values, "administrateur", "anonyme"]


@pytest.fixture
def gens(maison_lavande, administrateur, client):
    porteurs = {
        r: connecte(habiliter(maison_lavande, r, f"{r}@lavande.example", r.title())) for r in Role.values
    }
    return porteurs | {"administrateur": administrateur, "anonyme": client}


@pytest.fixture
def mises_en_pages_gardees(monkeypatch):
    """Le même document, demandé par quatre rôles, ne se met en pages qu'une fois ; ces essais regardent qui entre."""
    monkeypatch.setattr(moteur, "_mettre_en_pages", cache(moteur._mettre_en_pages))


@pytest.mark.lent
@pytest.mark.parametrize("route", ROUTES, ids=lambda r: r.nom)
def test_chaque_role_sur_chaque_route(route, gens, maison_lavande, prospection, mises_en_pages_gardees):
    """Le statut observé suit la table : entré, renvoyé à la connexion, ou refusé."""
    tiers = creer_tiers(maison_lavande, "Envoléo SAS")
    url = adresse(route, objet_de(route.nom, maison_lavande, prospection, tiers))
    for role in ROLES:
        attendus = route.acces()["GET"] if "GET" in route.acces() else []
        reponse = gens[role].get(url)
        if "public" in attendus or role in attendus or ("connecté" in attendus and role != "anonyme"):
            assert reponse.status_code in (200, 302), (role, url, reponse.status_code)
            if reponse.status_code == 302:
                assert "/compte/login/" not in reponse["Location"] or route.nom.startswith("account"), (
                    role,
                    url,
                )
        elif role == "anonyme":
            assert reponse.status_code in (302, 401), (role, url)
            assert reponse.status_code == 401 or "/compte/login/" in reponse["Location"]
        else:
            assert reponse.status_code == 403, (role, url)


ECRITURES = [
    r
    for r in ROUTES
    if {"POST", "PUT", "PATCH"} & set(r.methodes())
    and not r.nom.startswith(("account", "choisir", "brouillon"))
]


@pytest.mark.lent
@pytest.mark.parametrize("route", ECRITURES, ids=lambda r: r.nom)
@pytest.mark.parametrize("role", [Role.DIRECTION, Role.AUDITEUR])
def test_direction_et_auditeurs_n_ecrivent_rien(route, role, gens, maison_lavande, prospection):
    tiers = creer_tiers(maison_lavande, "Envoléo SAS")
    url = adresse(route, objet_de(route.nom, maison_lavande, prospection, tiers))
    for methode in {"POST", "PUT", "PATCH"} & set(route.methodes()):
        reponse = gens[role].generic(methode, url, "{}", content_type="application/json")
        assert reponse.status_code == 403, (url, methode)


AVEC_OBJET = [
    r
    for r in ROUTES
    if OBJETS.search(r.chemin) and "utilisateur" not in r.nom and "habilitation" not in r.nom
]


@pytest.mark.lent
@pytest.mark.parametrize("route", AVEC_OBJET, ids=lambda r: r.nom)
def test_l_objet_d_un_autre_organisme_n_existe_pas(route, dpo, autre_boutique):
    """404 partout, jamais 403 : on n'apprend pas qu'il existe."""
    fiche = creer_fiche(autre_boutique, intitule="Secret du voisin")
    tiers = creer_tiers(autre_boutique, "Tiers du voisin")
    url = adresse(route, objet_de(route.nom, autre_boutique, fiche, tiers))
    for methode in route.methodes():
        reponse = dpo.generic(methode, url, "{}", content_type="application/json", HTTP_IF_MATCH='"1"')
        assert reponse.status_code == 404, (methode, url)
        assert "voisin" not in reponse.content.decode()
    inconnu = dpo.generic(route.methodes()[0], adresse(route, uuid4()), HTTP_IF_MATCH='"1"')
    assert inconnu.status_code == 404


LISTES = [
    "tableau",
    "registre",
    "tiers",
    "journal",
    "organisme",
    "api:fiches-list",
    "api:tiers-list",
    "registre_json",
]


@pytest.mark.parametrize(
    "nom", [*LISTES, "api:organismes-list", "admin:traitements_traitement_add", "registre_pdf"]
)
def test_aucune_liste_ne_montre_l_organisme_voisin(nom, dpo, autre_boutique, prospection):
    creer_fiche(autre_boutique, intitule="Secret du voisin", service="Service du voisin")
    creer_tiers(autre_boutique, "Tiers du voisin")
    reponse = dpo.get(reverse(nom))
    assert reponse.status_code == 200
    contenu = _texte_pdf(reponse.content) if nom == "registre_pdf" else reponse.content.decode()
    assert "voisin" not in contenu
    assert "Savonnerie du Port" not in contenu


def _texte_pdf(octets: bytes) -> str:
    from io import BytesIO

    from pypdf import PdfReader

    return texte_du_pdf(PdfReader(BytesIO(octets)).pages)


def test_le_tiers_d_un_autre_organisme_est_refuse_partout(dpo, maison_lavande, autre_boutique, prospection):
    from django.core.exceptions import ValidationError

    voisin = creer_tiers(autre_boutique, "Tiers du voisin")
    corps = {"destinataires": [{"type": "SOUS_TRAITANT", "tiers": str(voisin.pk)}]}
    url = reverse("api:fiches-detail", args=[prospection.pk])
    reponse = dpo.patch(url, corps, content_type="application/json", HTTP_IF_MATCH='"1"')
    assert reponse.status_code == 400
    with dans(maison_lavande):
        element = prospection.destinataires.get()
        element.tiers = voisin
        with pytest.raises(ValidationError):
            element.verifier_cloison()


def test_une_mission_finie_hier_ne_lit_plus_rien(maison_lavande, prospection):
    hier = timezone.localdate() - timezone.timedelta(days=1)
    ancien = connecte(
        habiliter(
            maison_lavande, Role.AUDITEUR, "ex@lavande.example", "Ex Auditeur", "2026-01-01", hier.isoformat()
        )
    )
    assert ancien.get(reverse("fiche", args=[prospection.pk])).status_code == 403


def test_une_mission_qui_finit_aujourd_hui_lit_encore(maison_lavande, prospection):
    jour = timezone.localdate().isoformat()
    encore = connecte(
        habiliter(maison_lavande, Role.AUDITEUR, "jour@lavande.example", "Dernier Jour", "2026-01-01", jour)
    )
    assert encore.get(reverse("fiche", args=[prospection.pk])).status_code == 200


def test_un_compte_ferme_ne_lit_plus_rien(maison_lavande, prospection):
    personne = habiliter(maison_lavande, Role.DPO, "parti@lavande.example", "Parti")
    client = connecte(personne)
    personne.is_active = False
    personne.save()
    assert client.get("/registre/").status_code == 302


def test_qui_a_deux_organismes_choisit_et_ne_voit_que_l_actif(maison_lavande, autre_boutique, prospection):
    creer_fiche(autre_boutique, intitule="Fiche du port")
    habiliter(maison_lavande, Role.DPO, "externe@dpo.example", "Inès Duval")
    client = connecte(habiliter(autre_boutique, Role.DPO, "externe@dpo.example", "Inès Duval"))
    client.post(reverse("choisir_organisme"), {"organisme": str(autre_boutique.pk)})
    page = client.get("/registre/").content.decode()
    assert "Fiche du port" in page
    assert prospection.intitule not in page
    client.post(reverse("choisir_organisme"), {"organisme": str(uuid4())})
    assert "Fiche du port" in client.get("/registre/").content.decode()


def test_la_table_se_lit_en_json():
    sortie = StringIO()
    call_command("lister_urls", json=True, stdout=sortie)
    lue = {r["nom"]: r["acces"] for r in json.loads(sortie.getvalue())}
    assert lue["admin:traitements_traitement_add"]["POST"] == ["dpo", "contributeur"]
    assert lue["sante"] == {"GET": ["public"]}


def test_la_politique_de_securite_du_contenu_est_stricte(dpo):
    politique = dpo.get("/")["Content-Security-Policy"]
    assert "default-src 'none'" in politique
    assert "unsafe" not in politique


def test_la_page_de_sante_repond_sans_connexion(client, db):
    assert client.get("/sante/").json() == {"etat": "ok"}


def test_les_fiches_du_voisin_ne_se_comptent_pas(maison_lavande, autre_boutique):
    creer_fiche(autre_boutique)
    with dans(maison_lavande):
        assert Traitement.objects.count() == 0
