"""Les premières minutes de chacun : où mène la connexion, et aucun lien montré qui se referme sur un refus."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from boutique import connecte, creer_epreuve, creer_fiche, creer_operation, creer_tiers, habiliter
from organismes.choix import Role
from organismes.models import Habilitation, Utilisateur
from organismes.portee import dans
from pages import en_lettres
from registre.acces import CONNECTE, PUBLIC, exigence

pytestmark = [pytest.mark.django_db, pytest.mark.lent]
HIER, DEMAIN = (timezone.localdate() + timedelta(days=n) for n in (-1, 1))
MOT = "phrase de passe d'essai"


class Liens(HTMLParser):
    """Les adresses d'une page, et les formulaires qu'elle envoie en POST."""

    def __init__(self, page: str):
        super().__init__()
        self.adresses: list[str] = []
        self.envois: list[str] = []
        self.feed(page)

    def handle_starttag(self, balise, attributs):
        a = dict(attributs)
        if balise == "a" and a.get("href"):
            self.adresses.append(a["href"])
        if balise == "form" and a.get("method", "get").lower() == "post":
            self.envois.append(a.get("action") or "")


def interieur(adresse: str) -> bool:
    parties = urlsplit(adresse)
    return not parties.netloc and parties.scheme in ("", "http")


def forme(adresse: str) -> tuple[str, ...]:
    """Ce qui distingue une page d'une autre : son chemin sans identifiant, et le nom des critères qu'elle porte."""
    parties = urlsplit(adresse)
    chemin = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|/modeles/[\w-]+/", "*", parties.path)
    return chemin, *sorted(critere.partition("=")[0] for critere in parties.query.split("&"))


def marcher(
    client: Client, droits: frozenset, depart: str = "/"
) -> tuple[dict[str, str], set[tuple[str, str]]]:
    """Suit tous les liens visibles depuis `depart`, une adresse par forme de page ; rend ce qui refuse, et les envois montrés."""
    a_voir, vues, refus, envois = [(depart, "la connexion")], set(), {}, set()
    while a_voir:
        adresse, venue = a_voir.pop()
        adresse = urldefrag(adresse)[0]
        if forme(adresse) in vues or not interieur(adresse):
            continue
        vues.add(forme(adresse))
        # La table d'accès suffit : les mettre en page prend des secondes.
        if urlsplit(adresse).path.endswith(".pdf"):
            exige = exigence(resolve(urlsplit(adresse).path).view_name)
            if not set(exige) & droits:
                refus[adresse] = f"téléchargement fermé, vu depuis {venue}"
            continue
        reponse = client.get(adresse, follow=True)
        if reponse.status_code != 200:
            refus[adresse] = f"{reponse.status_code}, vue depuis {venue}"
        if not reponse["Content-Type"].startswith("text/html"):
            continue
        ici = reponse.redirect_chain[-1][0] if reponse.redirect_chain else adresse
        page = Liens(reponse.content.decode())
        envois |= {(urljoin(ici, action), ici) for action in page.envois}
        a_voir += [(urljoin(ici, lien), ici) for lien in page.adresses]
    assert len(vues) > 2, "la marche n'a rien vu"
    return refus, envois


@pytest.fixture
def maison(maison_lavande, autre_boutique):
    fiche = creer_fiche(maison_lavande, date_prochaine_revue=HIER.isoformat())
    creer_fiche(
        maison_lavande, reference="ST-001", intitule="Hébergement", famille="", qualite="sous-traitant"
    )
    creer_tiers(maison_lavande, "Envoléo SAS")
    creer_operation(maison_lavande, fiche)
    creer_epreuve(maison_lavande, fiche)
    return maison_lavande


def personne(maison, role: str, autre_boutique) -> Utilisateur:
    if role in Role.values:
        return habiliter(maison, role, f"{role}@lavande.example", "Claire Morel")
    if role.startswith("administrateur"):
        p = Utilisateur.objects.create_user("admin@lavande.example", "Alix Perrin", MOT, administrateur=True)
        return habiliter(maison, Role.DPO, p.courriel, p.nom) if role == "administrateur et dpo" else p
    if role == "deux organismes":
        habiliter(maison, Role.DPO, "ines@duval.example", "Inès Duval")
        return habiliter(autre_boutique, Role.AUDITEUR, "ines@duval.example", "Inès Duval")
    p = Utilisateur.objects.create_user("nouvelle@lavande.example", "Nora Petit", MOT)
    if role == "mission finie":
        habiliter(maison, Role.AUDITEUR, p.courriel, p.nom, "2026-01-01", HIER.isoformat())
    if role == "mission à venir":
        habiliter(maison, Role.AUDITEUR, p.courriel, p.nom, DEMAIN.isoformat())
    return p


ACCUEILS = {
    **{role: "/" for role in Role.values},
    "administrateur": "/gestion/",
    "administrateur et dpo": "/",
    "deux organismes": "/",
    "sans habilitation": "/",
    "mission finie": "/",
    "mission à venir": "/",
}


@pytest.fixture(params=ACCUEILS)
def role(request) -> str:
    return request.param


def test_la_connexion_mene_chacun_a_une_page_qui_s_ouvre(role, maison, autre_boutique, client):
    qui = personne(maison, role, autre_boutique)
    reponse = client.post(reverse("account_login"), {"login": qui.courriel, "password": MOT}, follow=True)
    assert reponse.status_code == 200
    assert reponse.redirect_chain[-1][0] == ACCUEILS[role]
    page = reponse.content.decode()
    assert f'href="{reverse("compte")}"' in page and f'action="{reverse("account_logout")}"' in page


def test_rien_de_ce_qui_est_montre_ne_se_referme_sur_un_refus(role, maison, autre_boutique):
    """Ni lien qui réponde 403, ni formulaire visant une route que la table d'accès ferme à ce rôle."""
    client = connecte(personne(maison, role, autre_boutique))
    droits = client.get("/", follow=True).wsgi_request.droits
    refus, envois = marcher(client, droits)
    assert refus == {}
    assert envois, "chacun peut au moins quitter"
    for adresse, page in envois:
        exige = exigence(resolve(urlsplit(adresse).path).view_name, "POST")
        assert exige in (PUBLIC, CONNECTE) or set(exige or ()) & droits, (adresse, page)


@pytest.mark.parametrize(
    "adresse", ["/nulle-part/", "/gestion/organismes/utilisateur/", "/journal/", "/registre/"]
)
def test_une_page_d_erreur_ramene_a_un_accueil_qui_s_ouvre(role, adresse, maison, autre_boutique):
    client = connecte(personne(maison, role, autre_boutique))
    reponse = client.get(adresse)
    if reponse.status_code in (403, 404):
        assert "Revenir à l’accueil" in reponse.content.decode()
        retours = [a for a in Liens(reponse.content.decode()).adresses if a.startswith("/")]
        assert {client.get(a, follow=True).status_code for a in retours} == {200}


def test_un_formulaire_perime_ramene_a_l_accueil(maison, administrateur):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(Utilisateur.objects.get(administrateur=True))
    reponse = strict.post(reverse("choisir_organisme"), {"organisme": "x"})
    assert reponse.status_code == 403
    assert "Revenir à l’accueil" in reponse.content.decode()
    assert strict.get("/", follow=True).status_code == 200


def test_une_demande_mal_formee_se_dit_en_francais(client, settings):
    settings.ALLOWED_HOSTS = ["registre.example"]
    reponse = client.get("/", headers={"host": "ailleurs.example"})
    assert reponse.status_code == 400
    page = reponse.content.decode()
    assert (
        "Cette requête ne peut pas être lue" in page
        and "sous ce nom de machine" in page
        and "Bad Request" not in page
    )


def test_une_erreur_du_registre_garde_sa_page(dpo, monkeypatch):
    def panne(*arguments):
        raise RuntimeError("boum")

    monkeypatch.setattr("registre.portes.vues.tableau.synthese", panne)
    dpo.raise_request_exception = False
    reponse = dpo.get("/")
    assert reponse.status_code == 500
    assert "Une erreur nous a échappé" in reponse.content.decode()
    assert "boum" not in reponse.content.decode()


def test_trop_de_demandes_se_dit_en_francais(client, settings):
    from django.core.cache import cache

    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    pages = [
        client.post(reverse("account_reset_password"), {"email": "nul@ailleurs.example"}) for _ in range(30)
    ]
    assert pages[-1].status_code == 429
    assert "Trop de demandes en peu de temps" in pages[-1].content.decode()


def test_une_mission_finie_dit_laquelle_et_a_qui_s_adresser(maison, autre_boutique, administrateur):
    client = connecte(personne(maison, "mission finie", autre_boutique))
    page = en_lettres(client.get("/").content.decode())
    assert "Aucun registre ne vous est ouvert aujourd’hui" in page
    assert "Maison Lavande" in page and "finie le" in page
    assert "Alix Perrin" in page and "admin@instance.example" in page
    assert "TR-001" not in page


def test_un_compte_ferme_revient_a_la_connexion_et_rien_n_y_refuse(maison, autre_boutique):
    qui = personne(maison, Role.DPO, autre_boutique)
    client = connecte(qui)
    Utilisateur.objects.filter(pk=qui.pk).update(is_active=False)
    page = client.get("/", follow=True)
    assert page.redirect_chain[-1][0].startswith(reverse("account_login"))
    assert marcher(client, frozenset(), reverse("account_inactive"))[0] == {}


# --- Ce que le tableau de bord compte ---------------------------------------------------------------------------------
CARTE = re.compile(r'<a class="carte"\s+href="([^"]+)"><strong[^>]*>(\d+)</strong>')
COMPTE = re.compile(r'<p class="compte">(\d+) fiche')


def lignes(client, adresse: str) -> int:
    """Le nombre de lignes de la liste que l'adresse ouvre."""
    page = en_lettres(client.get(adresse).content.decode())
    if urlsplit(adresse).path == reverse("organisme"):
        return page.count('<li class="constat ')
    trouve = COMPTE.search(page)
    corps = page[page.index("<tbody>") :] if "<tbody>" in page else ""
    assert corps.count("<tr>") == (int(trouve[1]) if trouve else 0)
    return int(trouve[1]) if trouve else 0


@pytest.mark.parametrize("qui", [Role.DPO, Role.CONTRIBUTEUR, Role.DIRECTION, Role.AUDITEUR])
@pytest.mark.parametrize("fiches", [0, 3])
def test_chaque_chiffre_ouvre_autant_de_lignes(qui, fiches, maison_lavande):
    for n in range(fiches):
        creer_fiche(
            maison_lavande,
            reference=f"TR-00{n}",
            famille=["", "clients", "prospection"][n],
            statut=["brouillon", "brouillon", "archivee"][n],
            date_prochaine_revue=[HIER, HIER + timedelta(days=31), HIER][n].isoformat(),
        )
    client = connecte(habiliter(maison_lavande, qui, "x@lavande.example", "Claire Morel"))
    page = en_lettres(client.get("/").content.decode())
    chiffres = CARTE.findall(page)
    assert len(chiffres) >= 4
    chiffres += re.findall(r'href="([^"]+\?regle=[A-Z]{3}-\d\d)">(\d+) fiches?<', page)
    chiffres += re.findall(r'<a href="([^"]+\?regle=[A-Z]{3}-\d\d)">[^<]+</a> \((\d+)\)', page)
    chiffres += re.findall(
        r'<a href="([^"]+\?famille=\w+)">[^<]+</a><svg.*?</svg><b>(\d+)</b>', page, re.DOTALL
    )
    for adresse, nombre in chiffres:
        assert lignes(client, adresse) == int(nombre), adresse


def test_un_organisme_neuf_ne_lit_pas_zero_constat_bloquant_a_cote_de_deux(dpo_voisin):
    page = en_lettres(dpo_voisin.get("/").content.decode())
    signes = page.count('<span class="signe bloquant">')
    assert signes == 2
    assert re.search(r"<strong[^>]*>\d+</strong>constats sur l’organisme<small[^>]*>dont 2 bloquants<", page)
    assert "0 constat" not in page and "</strong>constats bloquants" not in page


@pytest.mark.parametrize(
    ("qui", "salue"),
    [(Role.DPO, True), (Role.CONTRIBUTEUR, True), (Role.DIRECTION, False), (Role.AUDITEUR, False)],
)
def test_seul_qui_peut_faire_est_salue_de_choses_a_faire(qui, salue, maison):
    client = connecte(habiliter(maison, qui, "x@lavande.example", "Claire Morel"))
    page = en_lettres(client.get("/").content.decode())
    titre = re.search(r"<h1>(.*?)</h1>", page)[1]
    assert ("à faire" in titre) is salue
    assert ("à faire" in page.lower()) is salue
    if salue:
        tableau = page[page.index('id="releve"') : page.index("</section>", page.index('id="releve"'))]
        nombre = tableau.split("<tbody>")[1].count("<tr>")
        dits = "zéro une deux trois quatre cinq six sept huit neuf dix onze douze".split()
        assert titre == f"Bonjour Claire, {dits[nombre] if nombre < 13 else nombre} choses à faire"


def test_le_contributeur_lit_ce_qui_revient_au_delegue_sans_le_compter(autre_boutique):
    lea = connecte(habiliter(autre_boutique, Role.CONTRIBUTEUR, "lea@port.example", "Léa Fontaine"))
    page = en_lettres(lea.get("/").content.decode())
    assert "Bonjour Léa, ni blocage ni alerte à votre charge" in page
    assert "Sur l’organisme, à la charge du délégué" in page


def test_le_titre_d_une_habilitation_s_elide(administrateur, maison_lavande):
    amelie = habiliter(maison_lavande, Role.CONTRIBUTEUR, "amelie@lavande.example", "Amélie Roux")
    with dans(maison_lavande):
        habilitation = Habilitation.objects.get(utilisateur=amelie)
    page = administrateur.get(reverse("admin:organismes_habilitation_change", args=[habilitation.pk]))
    assert "Modifier l'habilitation d'Amélie Roux (Maison Lavande)" in en_lettres(page.content.decode())
