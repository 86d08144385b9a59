"""La page « Nouveau relevé » : un CSV se téléverse, se compte, et ne se garde pas."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from boutique import creer_fiche
from conservation.models import Operation
from pages import en_lettres
from registre.portes.requetes import televersement

pytestmark = pytest.mark.django_db
URL = "/conservation/constats/nouveau/"


def csv(*jours) -> SimpleUploadedFile:
    lignes = "".join(f"Camille {n};{jour};prospect\n" for n, jour in enumerate(jours))
    return SimpleUploadedFile("clients 2026.csv", f"nom;quand;statut\n{lignes}".encode())


def envoyer(client, fiche, fichier, **autres):
    envoi = {
        "regle": "1",
        "colonne": "quand",
        "au": "2026-11-24",
        "filtres": "",
        "fichier": fichier,
        **autres,
    }
    return client.post(f"{URL}?fiche={fiche.pk}", envoi, follow=True)


def lire(reponse) -> str:
    return en_lettres(reponse.content.decode())


def seule() -> Operation:
    with scopes_disabled():  # on regarde toute l'instance : rien ailleurs non plus
        return Operation.objects.get()


def aucune() -> bool:
    with scopes_disabled():  # on regarde toute l'instance : rien ailleurs non plus
        return not Operation.objects.exists()


def test_la_page_mene_de_la_fiche_au_releve(dpo, prospection, maison_lavande):
    creer_fiche(maison_lavande, reference="TR-002", intitule="Sans durée", conservations=[])
    page = lire(dpo.get(URL))
    assert f"{URL}?fiche={prospection.pk}" in page
    assert "Sans durée" not in page
    page = lire(dpo.get(f"{URL}?fiche={prospection.pk}&regle=1"))
    assert "3 ans à compter du dernier contact" in page
    assert 'value="1" required id="id_regle_0" checked' in page


def test_un_releve_en_retard_s_enregistre_et_se_lit(dpo, prospection):
    reponse = envoyer(
        dpo, prospection, csv("2023-11-23", "2023-11-24", "2026-01-01", ""), filtres="statut=prospect\n"
    )
    faite = seule()
    assert reponse.redirect_chain == [(reverse("operation", args=[faite.pk]), 302)]
    assert (faite.examinees, faite.en_retard, faite.sans_date) == (4, 1, 1)
    assert (faite.source, faite.auteur_nom, faite.operateur) == (
        "clients 2026.csv",
        "Claire Morel",
        "Claire Morel",
    )
    assert len(faite.source_sha256) == 64
    page = lire(reponse)
    assert "1\N{NO-BREAK SPACE}ligne au-delà du terme sur 4" in page
    assert "Camille" not in page


def test_un_releve_a_zero_le_dit(dpo, prospection):
    page = lire(envoyer(dpo, prospection, csv("2026-01-01")))
    assert "Aucune ligne au-delà du terme sur 1" in page


@pytest.mark.parametrize(
    ("autres", "phrase"),
    [
        ({"colonne": "absente"}, "ne nomme aucune colonne « absente »"),
        ({"colonne": "nom"}, "aucune date lisible"),
        ({"filtres": "statut"}, "Un filtre s'écrit"),
        ({"filtres": "statut=client"}, "aucune ligne qui réponde au filtre"),
        ({"au": (timezone.localdate() + timedelta(days=2)).isoformat()}, "cette date est à venir"),
        ({"fichier": SimpleUploadedFile("x.csv", b"PK\x03\x04")}, "n'est ni un CSV"),
        ({"fichier": SimpleUploadedFile("x.csv", b"")}, "vide"),
        ({"fichier": ""}, "obligatoire"),
        ({"regle": "7"}, "n’en fait pas partie"),
    ],
)
def test_un_refus_garde_ce_qui_est_tape_et_n_ecrit_rien(dpo, prospection, autres, phrase):
    fichier = autres.pop("fichier", csv("2001-01-01"))
    reponse = envoyer(dpo, prospection, fichier, **{"colonne": "quand", **autres})
    assert reponse.status_code == 422
    assert phrase in lire(reponse)
    assert f'value="{autres.get("colonne", "quand")}"' in lire(reponse)
    assert "Camille" not in lire(reponse)
    assert aucune()


def test_une_duree_suspendue_le_dit_sans_rien_lire(dpo, maison_lavande):
    regle = {"numero": 1, "duree_valeur": 3, "duree_unite": "ans", "suspension_debut": "2026-03-01"}
    fiche = creer_fiche(maison_lavande, conservations=[regle])
    assert "rien n’est en retard" in lire(envoyer(dpo, fiche, csv("2001-01-01")))
    assert aucune()


@pytest.mark.parametrize("taille", [3_000_000, 300_000])
def test_un_gros_fichier_est_jete_sans_toucher_le_disque(
    dpo, prospection, monkeypatch, tmp_path, settings, taille
):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    monkeypatch.setattr(televersement, "OCTETS_RECUS", 200_000)
    gros = SimpleUploadedFile("gros.csv", b"nom;quand\n" + b"x;2001-01-01\n" * (taille // 13))
    reponse = envoyer(dpo, prospection, gros)
    assert reponse.status_code == 422
    assert "Ce fichier dépasse" in lire(reponse)
    assert list(tmp_path.iterdir()) == []
    assert aucune()


def test_un_fichier_qui_passe_par_le_disque_n_y_reste_pas(dpo, prospection, tmp_path, settings):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    corps = io.BytesIO(b"nom;quand\n" + b"x;2001-01-01\n" * 1000)
    corps.name = "clients.csv"
    envoyer(dpo, prospection, corps)
    assert seule().en_retard == 1000
    assert list(tmp_path.iterdir()) == []


def test_la_direction_ne_releve_pas_et_la_fiche_du_voisin_n_existe_pas(direction, dpo, autre_boutique):
    assert direction.get(URL).status_code == 403
    voisine = creer_fiche(autre_boutique)
    assert dpo.get(f"{URL}?fiche={voisine.pk}").status_code == 404
    assert dpo.get(f"{URL}?fiche=rien").status_code == 404
    assert envoyer(dpo, voisine, csv("2001-01-01")).status_code == 404
