"""Un fichier qui n'est pas arrivé entier se dit ; rien n'est signé sans lui, et ce qui est tapé reste."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse
from django_scopes import scopes_disabled

from conservation.models import Epreuve, Operation
from pages import en_lettres
from registre.execution import pieces
from registre.portes.requetes import televersement

pytestmark = pytest.mark.django_db
PURGE = {
    "type": "purge",
    "date": "2026-11-01",
    "regles": "1",
    "perimetre": "Prospects sans contact depuis trois ans",
    "volume_avant": "300",
    "volume_apres": "87",
    "methode": "Script de purge",
    "operateur": "Léa Fontaine",
    "etape": "signer",
}


def fichier(nom="purge.log", contenu=b"213 lignes") -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, contenu)


def consigner(client, fiche, **autres):
    return client.post(reverse("operation_nouvelle") + f"?fiche={fiche.pk}", {**PURGE, **autres})


def rien() -> bool:
    with scopes_disabled():  # nulle part dans l'instance
        return not Operation.objects.exists() and not Epreuve.objects.exists()


def refusee(reponse, message: str) -> None:
    page = en_lettres(reponse.content.decode())
    assert reponse.status_code == 422
    assert message in page
    assert PURGE["perimetre"] in page
    assert rien()


def envoyer_coupe(client, url: str, corps: bytes, recus: int, type_mime: str):
    """Un envoi dont la connexion tombe : la longueur annoncée est la vraie, les octets s'arrêtent avant."""
    flux = {"wsgi.input": BytesIO(corps[:recus]), "CONTENT_LENGTH": str(len(corps))}
    return client.generic("POST", url, corps, content_type=type_mime, **flux)


@pytest.fixture
def borne(monkeypatch) -> int:
    monkeypatch.setattr(televersement, "OCTETS_RECUS", 200_000)
    return 200_000


def test_une_preuve_au_dela_de_la_limite_n_est_pas_oubliee_en_silence(dpo, prospection, borne):
    refusee(consigner(dpo, prospection, preuve=fichier(contenu=b"x" * (borne + 1))), "Ce fichier dépasse")


def test_une_preuve_a_la_limite_est_gardee(dpo, prospection, borne):
    assert consigner(dpo, prospection, preuve=fichier(contenu=b"x" * borne)).status_code == 302


def test_une_preuve_plus_lourde_que_ce_que_le_registre_garde_est_refusee(dpo, prospection, monkeypatch):
    monkeypatch.setattr(pieces, "OCTETS_RECUS", 1000)
    refusee(consigner(dpo, prospection, preuve=fichier(contenu=b"x" * 1001)), "Donnez plutôt sa référence")


@pytest.mark.parametrize(
    ("envoi", "message"),
    [
        ({"preuve": fichier(contenu=b"")}, "vide"),
        ({"preuve": "purge.log"}, "Ce champ attend un fichier"),
        ({"preuves": fichier()}, "sous un nom que cette page n'attend pas"),
        ({"preuve": fichier(), "autre": fichier()}, "sous un nom que cette page n'attend pas"),
        ({"preuve": [fichier("un.log"), fichier("deux.log")]}, "Un seul fichier ici : vous en avez envoyé 2"),
    ],
)
def test_une_preuve_mal_envoyee_se_dit_et_rien_n_est_signe(dpo, prospection, envoi, message):
    refusee(consigner(dpo, prospection, **envoi), message)


def test_un_disque_plein_ne_fige_rien_et_ne_laisse_pas_de_moitie_de_preuve(
    dpo, maison_lavande, prospection, monkeypatch, settings, tmp_path
):
    settings.DONNEES = tmp_path

    def plein(piece, recue):
        piece.provisoire.parent.mkdir(parents=True)
        piece.provisoire.write_bytes(b"213")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pieces.Piece, "ecrire", plein)
    reponse = consigner(dpo, prospection, preuve=fichier())
    refusee(reponse, "disque plein")
    assert "No space" not in reponse.content.decode()
    assert [c for c in tmp_path.rglob("*") if c.is_file()] == []


@pytest.mark.parametrize("reste", [0.5, 0.98])
@pytest.mark.parametrize("route", ["operation_nouvelle", "releve_nouveau", "epreuve_nouvelle"])
def test_un_envoi_coupe_en_route_ne_consigne_pas_une_moitie_de_fichier(dpo, prospection, reste, route):
    donnees = {**PURGE, "regle": "1", "colonne": "quand", "au": "2026-11-01", "roles": "a = quasi"}
    corps = encode_multipart(
        BOUNDARY,
        {
            **donnees,
            "preuve" if route == "operation_nouvelle" else "fichier": fichier("a.csv", b"a;quand\n" * 400),
        },
    )
    url = reverse(route) + f"?fiche={prospection.pk}"
    reponse = envoyer_coupe(dpo, url, corps, int(len(corps) * reste), MULTIPART_CONTENT)
    assert reponse.status_code == 400
    assert "arrivé incomplet" in en_lettres(reponse.content.decode())
    assert rien()


def test_un_formulaire_coupe_en_route_ne_perd_pas_ses_dernieres_lignes(dpo, maison_lavande, prospection):
    corps = b"reference=TR-001&intitule=Coup%C3%A9&qualite=responsable&finalites-1-numero=1"
    url = reverse("admin:traitements_traitement_change", args=[prospection.pk])
    formulaire = "application/x-www-form-urlencoded"
    reponse = envoyer_coupe(dpo, url, corps, len(corps) - 20, formulaire)
    assert reponse.status_code == 400
    prospection.refresh_from_db()
    assert prospection.intitule != "Coupé"


@pytest.mark.parametrize("nom", ["fichier", "second"])
def test_une_epreuve_dit_lequel_de_ses_fichiers_manque(dpo, prospection, borne, nom):
    envoi = {
        "regle": "1",
        "ligne": "personne",
        "donnees_origine": "effacees",
        "k": "5",
        "diversite": "2",
        "t": "0,3",
    }
    envoi |= {"fichier": fichier("a.csv", b"a\n1\n2\n")} | {nom: fichier("b.csv", b"x" * (borne + 1))}
    reponse = dpo.post(reverse("epreuve_nouvelle") + f"?fiche={prospection.pk}", envoi)
    assert reponse.status_code == 422
    assert "Ce fichier dépasse" in en_lettres(reponse.content.decode())
    assert rien()
