"""Ce qui entre par HTTP ou par la ligne de commande et que personne n'a prévu : un refus en français, jamais une panne."""

import json
import re
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import RequestFactory
from django.urls import reverse

from boutique import PROSPECTION
from organismes.jours import DERNIER, PREMIER
from pages import en_lettres
from registre.portes.requetes.routes import routes
from registre.wsgi import application

pytestmark = [pytest.mark.django_db, pytest.mark.lent]
JSON = "application/json"


def brut(client, methode: str, url: str, corps: bytes, type_mime: str = JSON, **entetes):
    return client.generic(methode, url, corps, content_type=type_mime, **entetes)


def detail(fiche) -> str:
    return reverse("api:fiches-detail", args=[fiche.pk])


def niveaux(n: int) -> bytes:
    return b'{"remarques": ' + b"[" * n + b"]" * n + b"}"


CORPS = {
    "2 000 niveaux": niveaux(2_000),
    "100 000 niveaux": niveaux(100_000),
    "13 niveaux": niveaux(13),
    "moitié de caractère, valeur": b'{"service": "\\ud800"}',
    "moitié de caractère, clé": b'{"\\udfff": "x"}',
    "moitié de caractère, clé double": b'{"\\udfff": "x", "\\udfff": "x"}',
    "moitié de caractère, liste": b'{"finalites": [{"libelle": "\\ud83d"}]}',
    "nul, valeur": b'{"service": "a\\u0000b"}',
    "nul, clé": b'{"a\\u0000b": 1}',
    "nul, code": b'{"famille": "\\u0000"}',
    "nul, tiers": b'{"destinataires": [{"type": "SOUS_TRAITANT", "tiers": "\\u0000"}]}',
    "entier de 5 000 chiffres": b'{"conservations": [{"duree_valeur": ' + b"9" * 5_000 + b"}]}",
    "entier de 20 chiffres": b'{"conservations": [{"duree_valeur": 99999999999999999999, "duree_unite": "ans"}]}',
    "numéro de 20 chiffres": b'{"finalites": [{"numero": 99999999999999999999, "libelle": "x"}]}',
    "NaN": b'{"service": NaN}',
    "Infinity": b'{"conservations": [{"duree_valeur": Infinity}]}',
    "1e999": b'{"conservations": [{"duree_valeur": 1e999}]}',
    "nombre à virgule": b'{"conservations": [{"duree_valeur": 1.5}]}',
    "année 0": b'{"date_creation": "0000-01-01"}',
    "année 1": b'{"date_creation": "0001-01-01"}',
    "année 9999": b'{"date_prochaine_revue": "9999-12-31"}',
    "année 99999": b'{"date_creation": "99999-01-01"}',
    "autre forme ISO": b'{"date_creation": "2026-W01-1"}',
    "30 février": b'{"date_creation": "2026-02-30"}',
    "chiffres arabes": '{"date_creation": "٢٠٢٦-٠١-٠١"}'.encode(),
    "clé double": b'{"service": "a", "service": "b"}',
    "vide": b"",
    "espaces": b"   ",
    "une liste": b"[]",
    "un nombre": b"12",
    "nul tout court": b"null",
    "coupé": b'{"service": "a',
    "liste à la place d'un objet": b'{"profilage": []}',
    "objet à la place d'une liste": b'{"finalites": {}}',
    "objet dans un texte": b'{"service": {"a": 1}}',
    "liste de nul": b'{"finalites": [null]}',
    "objet en code": b'{"finalites": [{"libelle": "x", "base_legale": {"a": 1}}]}',
    "liste en tiers": b'{"destinataires": [{"type": "INTERNE", "tiers": ["x"]}]}',
    "objet en tiers": b'{"destinataires": [{"type": "INTERNE", "tiers": {"a": 1}}]}',
    "nombre en tiers": b'{"destinataires": [{"type": "INTERNE", "tiers": 12}]}',
    "latin-1": '{"service": "é"}'.encode("latin-1"),
    "utf-16": '{"service": "é"}'.encode("utf-16"),
    "deux documents": b"{}{}",
}


@pytest.mark.parametrize("nom", CORPS)
@pytest.mark.parametrize("methode", ["POST", "PUT", "PATCH"])
def test_aucun_corps_ne_fait_tomber_l_api(dpo, prospection, nom, methode):
    url = reverse("api:fiches-list") if methode == "POST" else detail(prospection)
    reponse = brut(dpo, methode, url, CORPS[nom], HTTP_IF_MATCH='"1"')
    assert reponse.status_code == 400
    dit = json.loads(reponse.content.decode("utf-8"))
    messages = [dit["detail"]] if "detail" in dit else [m for ms in dit["erreurs"].values() for m in ms]
    assert messages
    for anglais in ("codec", "Expecting", "recursion", "JSON parse", "surrogate", "must be", "invalid"):
        assert not any(anglais in m for m in messages)


@pytest.mark.parametrize("ressource", ["tiers", "organismes"])
@pytest.mark.parametrize(
    "nom", ["2 000 niveaux", "moitié de caractère, clé", "nul, clé", "NaN", "une liste", "vide"]
)
def test_ni_les_tiers_ni_l_organisme(dpo, maison_lavande, nom, ressource):
    url = reverse("api:tiers-list")
    methode = "POST"
    if ressource == "organismes":
        methode, url = "PATCH", reverse("api:organismes-detail", args=[maison_lavande.pk])
    assert brut(dpo, methode, url, CORPS[nom], HTTP_IF_MATCH='"1"').status_code == 400


@pytest.mark.parametrize(
    "charset", ["bz2_codec", "utf-7", "unicode_escape", "latin-1", "inconnu", "utf-16", "rot13"]
)
def test_un_autre_encodage_que_l_utf8_n_est_pas_decode(dpo, prospection, charset):
    bombe = f"{JSON}; charset={charset}"
    assert brut(dpo, "PATCH", detail(prospection), b"{}", bombe, HTTP_IF_MATCH='"1"').status_code == 415
    url = reverse("admin:organismes_tiers_add")
    formulaire = f"application/x-www-form-urlencoded; charset={charset}"
    assert brut(dpo, "POST", url, b"nom=x", formulaire).status_code == 400


@pytest.mark.parametrize(
    "charset", ["bz2_codec", "utf-7", "unicode_escape", "latin-1", "inconnu", "utf-16", "rot13"]
)
@pytest.mark.parametrize(
    "chemin", ["/registre/?q=%5Cud800", "/compte/login/?next=%00", "/api/v1/fiches/?page=1"]
)
def test_l_adresse_ne_se_decode_jamais_selon_l_encodage_du_corps(charset, chemin):
    """Par le vrai point d'entrée : Django construit la requête avant que rien ne puisse la refuser."""
    statuts = []
    environ = RequestFactory().get(chemin).environ | {"CONTENT_TYPE": f"text/plain; charset={charset}"}
    reponse = application(environ, lambda statut, entetes: statuts.append(statut))
    reponse.close()
    assert statuts[0][:3] == ("401" if chemin.startswith("/api/") else "400")


@pytest.mark.parametrize(
    "type_mime", ["text/plain", "multipart/form-data", "application/xml", "", "x", "application/json;;"]
)
def test_un_autre_type_que_le_json_se_dit_en_415(dpo, prospection, type_mime):
    reponse = brut(dpo, "PATCH", detail(prospection), b"{}", type_mime, HTTP_IF_MATCH='"1"')
    assert reponse.status_code == (200 if type_mime.startswith(JSON) else 415)


def test_un_corps_trop_lourd_se_dit_en_413(dpo, prospection):
    corps = b'{"remarques": "' + b"x" * 5_000_001 + b'"}'
    reponse = brut(dpo, "PATCH", detail(prospection), corps, HTTP_IF_MATCH='"1"')
    assert (reponse.status_code, "5 Mo" in reponse.json()["detail"]) == (413, True)


def test_deux_cent_mille_cles_doubles_se_refusent_vite(dpo, prospection):
    corps = b"{" + b",".join(b'"%d": 1' % n for n in range(200_000)) + b', "1": 1}'
    assert brut(dpo, "PATCH", detail(prospection), corps, HTTP_IF_MATCH='"1"').status_code == 400


@pytest.mark.parametrize(
    "etiquette",
    ["9" * 19, "9" * 5_000, "²", '"²"', "٣", "1.0", "-1", "W/", '""', "\x00", "1 2", '"1", "2"', "*"],
)
def test_une_etiquette_absurde_est_perimee_et_rien_d_autre(dpo, prospection, etiquette):
    assert brut(dpo, "PATCH", detail(prospection), b"{}", HTTP_IF_MATCH=etiquette).status_code == 412


@pytest.mark.parametrize(
    "requete", ["page=²", "page=0", "page=-1", "page=x", "page=", "taille=²", "taille=0", "taille=201", "taille=x",
                "page=" + "9" * 5_000, "taille=" + "9" * 5_000, "famille=%00", "reference=%00", "base_legale=%00"]
)  # fmt: skip
def test_un_parametre_absurde_de_l_api_est_refuse(dpo, prospection, requete):
    reponse = dpo.get(f"{reverse('api:fiches-list')}?{requete}")
    assert reponse.status_code == 400


@pytest.mark.parametrize("texte", ["%ED%A0%80", "%FF", "%F0%9F%98%80", "%E2%80%AE", "a" * 5_000])
def test_un_texte_etrange_ne_trouve_rien(dpo, prospection, texte):
    assert dpo.get(f"{reverse('api:fiches-list')}?service={texte}").json()["count"] == 0
    assert dpo.get(f"/registre/?q={texte}").status_code == 200


def adresses(prefixe: str = "") -> list[str]:
    """Chaque page qui s'ouvre sans désigner d'objet, sauf les fichiers, longs à faire, et la déconnexion."""
    ouvertes = (f"/{r.chemin}" for r in routes() if "<" not in r.chemin and "logout" not in r.nom)
    return [a for a in ouvertes if a.startswith(f"/{prefixe}") and not re.search(r"\.\w+$|[\^$(]", a)]


TROIS = ("operation_nouvelle", "releve_nouveau", "epreuve_nouvelle")
ABSURDES = [
    "%00",
    "²",
    "%ED%A0%80",
    "-1",
    "9" * 5_000,
    "9999-12-31",
    "0001-01-01",
    "0000-00-00",
    "x" * 64,
    "'",
    "%",
    "[]",
]
PARAMETRES = ["page", "q", "tri", "fiche", "regle", "corrige", "au", "statut", "famille", "revue", "registre", "personne",
              "chemin", "genre", "retard", "modele", "avant", "depuis", "organisme", "next"]  # fmt: skip


@pytest.mark.parametrize("valeur", ABSURDES, ids=lambda v: v[:12])
def test_aucun_parametre_de_page_ne_fait_tomber_une_page(dpo, administrateur, prospection, valeur):
    requete = "&".join(f"{nom}={valeur}" for nom in PARAMETRES)
    fiche = f"fiche={prospection.pk}"
    essais = [(dpo, f"{a}?{requete}") for a in adresses()]
    essais += [(dpo, f"{reverse(nom)}?{fiche}&regle={valeur}&corrige=") for nom in TROIS]
    essais += [(dpo, f"{reverse('operations')}?{fiche}&page={valeur}")]
    essais += [(administrateur, f"{a}?{requete}") for a in adresses("gestion/")]
    assert len(essais) > 25
    for client, adresse in essais:
        assert client.get(adresse).status_code < 500, adresse[:120]


@pytest.mark.parametrize("chemin", ["/fiches/%00/", "/%00", "/fiches/²/", "/modeles/%ED%A0%80/", "/agenda/%00/registre.ics",
                                    "/api/v1/fiches/%00/", "/api/v1/referentiels/%00/", "/api/v1/fiches/²/",
                                    "/fiches/x/ecarts/" + "9" * 5_000 + "/lever/"])  # fmt: skip
def test_aucune_adresse_ne_fait_tomber_le_site(dpo, maison_lavande, chemin):
    assert dpo.get(chemin).status_code in (400, 404)


@pytest.mark.parametrize("revision", ["²", "9" * 5_000, "", "-1", "\x00", "1.0"])
def test_une_revision_absurde_est_une_revision_perimee(dpo, prospection, revision):
    reponse = dpo.post(reverse("etat", args=[prospection.pk]), {"action": "archiver", "version": revision})
    assert reponse.status_code == 409


@pytest.mark.parametrize("valeur", ["\x00", "²", "9" * 400, "9999-12-31", "0001-01-01", "[]", "None"])
def test_aucun_champ_de_formulaire_ne_fait_tomber_une_page(dpo, maison_lavande, prospection, valeur):
    noms = (
        "reference intitule qualite famille statut jeton version ajouter reprendre proposer confirmer relire action lus raison "
        "fin type date regles regle limite examinees en_retard volume_avant colonne au pese choix filtre_0 signe_0 valeur_0 roles k diversite t ligne donnees_origine mesure role_0 lire nom siren "
        "contrat_date pays parent organisme finalites-1-numero finalites-²-numero finalites-1-type conservations-1-numero "
        "conservations-1-duree_valeur conservations-1-echeance"
    ).split()
    envoi = dict.fromkeys(noms, valeur)
    cible = [prospection.pk]
    for adresse in (
        reverse("admin:traitements_traitement_add"),
        reverse("admin:traitements_traitement_change", args=cible),
        reverse("etat", args=cible),
        reverse("ecarter", args=cible) + "?regle=REG-05&chemin=mesures",
        reverse("operation_nouvelle") + f"?fiche={prospection.pk}",
        reverse("releve_nouveau") + f"?fiche={prospection.pk}",
        reverse("epreuve_nouvelle") + f"?fiche={prospection.pk}",
        reverse("admin:organismes_tiers_add"),
        reverse("choisir_organisme"),
        reverse("agenda"),
    ):
        assert dpo.post(adresse, envoi).status_code < 500, adresse


@pytest.mark.parametrize(
    "au", ["9999-12-31", "0001-01-01", "²", "2026-W01-1", "demain", "2026-02-30", "2200-01-01"]
)
@pytest.mark.parametrize("commande", ["rappels", "controler"])
def test_un_jour_hors_de_portee_est_un_mauvais_usage_dit_en_francais(
    maison_lavande, prospection, commande, au
):
    with pytest.raises(CommandError) as refus:
        call_command(commande, "--organisme", str(maison_lavande.pk), "--au", au, stdout=StringIO())
    assert "date" in str(refus.value)


@pytest.mark.parametrize("au", [PREMIER.isoformat(), DERNIER.isoformat(), "2026-11-25"])
@pytest.mark.parametrize("commande", ["rappels", "controler"])
def test_aux_bornes_tout_se_calcule(dpo, maison_lavande, prospection, commande, au):
    sortie = StringIO()
    call_command(commande, "--organisme", str(maison_lavande.pk), "--au", au, stdout=sortie)
    assert sortie.getvalue()


@pytest.mark.parametrize("jour", [PREMIER.isoformat(), DERNIER.isoformat()])
def test_une_fiche_datee_aux_bornes_se_lit_partout(dpo, maison_lavande, prospection, jour):
    regle = PROSPECTION["conservations"][0] | {
        "derniere_purge": jour, "echeance": jour, "frequence_mois": 120, "duree_valeur": 36_500,
        "suspension_debut": jour, "suspension_fin": jour,
    }  # fmt: skip
    corps = {
        "date_creation": jour, "date_mise_en_oeuvre": jour, "date_derniere_revue": jour, "date_prochaine_revue": jour,
        "conservations": [regle],
    }  # fmt: skip
    reponse = dpo.patch(detail(prospection), corps, content_type=JSON, HTTP_IF_MATCH='"1"')
    assert reponse.status_code == 200, reponse.content
    for adresse in ("/", "/registre/", "/conservation/", "/conservation/echeancier.csv", f"/fiches/{prospection.pk}/",
                    f"/fiches/{prospection.pk}/fiche.pdf", f"/fiches/{prospection.pk}/etat/", "/a-relire/",
                    f"/gestion/traitements/traitement/{prospection.pk}/change/"):  # fmt: skip
        assert dpo.get(adresse).status_code == 200, adresse
    releve = f"/conservation/constats/nouveau/?fiche={prospection.pk}"
    envoi = {"regle": "1", "au": "1900-01-01"}
    fichier = SimpleUploadedFile("a.csv", b"quand\n2001-01-01\n")
    assert dpo.post(releve, {**envoi, "fichier": fichier}).status_code == 200


def test_le_refus_se_lit_en_francais(dpo, maison_lavande):
    reponse = brut(
        dpo, "POST", reverse("admin:organismes_tiers_add"), b"nom=x", "multipart/form-data; boundary=é"
    )
    page = en_lettres(reponse.content.decode())
    assert reponse.status_code == 400
    assert "ne peut pas être lue" in page and "Multipart" not in page and "boundary" not in page
