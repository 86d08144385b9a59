"""La page « Nouveau relevé » : un CSV se téléverse, se compte, et ne se garde pas."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from boutique import PROSPECTION, creer_fiche
from classeurs_xlsx import F, ecrire_xlsx
from conservation.models import Operation
from pages import champs, choix_de, en_lettres, relever
from registre.portes.requetes import televersement

pytestmark = pytest.mark.django_db
URL = "/conservation/constats/nouveau/"


def csv(*jours) -> SimpleUploadedFile:
    lignes = "".join(f"Camille {n};{jour};prospect\n" for n, jour in enumerate(jours))
    return SimpleUploadedFile("clients 2026.csv", f"nom;quand;statut\n{lignes}".encode())


def envoyer(client, fiche, fichier, **autres):
    return relever(client, fiche, fichier, **{"colonne": "quand", **autres})


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
    assert 'value="1" id="id_regle_0" checked' in page


def test_un_releve_en_retard_s_enregistre_et_se_lit(dpo, prospection):
    reponse = envoyer(
        dpo,
        prospection,
        csv("2023-11-23", "2023-11-24", "2026-01-01", ""),
        filtre_0="statut",
        signe_0="=",
        valeur_0="prospect",
        renvoye=csv("2023-11-23", "2023-11-24", "2026-01-01", ""),
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
        ({"au": (timezone.localdate() + timedelta(days=2)).isoformat()}, "cette date est à venir"),
        ({"fichier": SimpleUploadedFile("x.csv", b"PK\x03\x04")}, "n'est ni un CSV"),
        ({"fichier": SimpleUploadedFile("x.csv", b"")}, "vide"),
        (
            {"fichier": SimpleUploadedFile("x.csv", b"nom;age\nCamille;12\n")},
            "Aucune colonne ne porte de dates",
        ),
        ({"fichier": SimpleUploadedFile("x.csv", b"nom;vu\n")}, "aucune ligne : il n'y a rien à compter"),
        (
            {"fichier": SimpleUploadedFile("x.csv", b"vu;Vu\n2001-01-02;2001-01-03\n")},
            "portent le même nom (« Vu », « vu »)",
        ),
        (
            {"fichier": SimpleUploadedFile("x.csv", b"nom;vu\n;\n;0000-00-00\n")},
            "sont vides, ou des dates nulles",
        ),
        (
            {"fichier": SimpleUploadedFile("x.csv", b"Camille;2001-01-01\nClaude;2001-01-02\n")},
            "forme de données",
        ),
        ({"fichier": ""}, "obligatoire"),
        ({"regle": "7"}, "n’en fait pas partie"),
        ({"colonne": "absente"}, "Choisissez la colonne"),
        ({"valeur_0": "prospect"}, "Choisissez la colonne de ce filtre"),
        ({"filtre_0": "statut", "signe_0": "="}, "Donnez la valeur"),
        ({"filtre_0": "statut", "signe_0": "vide"}, "choisissez de nouveau le fichier"),
        (
            {"filtre_0": "statut", "signe_0": "vide", "renvoye": csv("2001-01-01")},
            "aucune ligne qui réponde au filtre",
        ),
        (
            {"filtre_0": "statut", "signe_0": "vide", "renvoye": csv("2001-01-02")},
            "pas le fichier qui a été regardé",
        ),
        # Un autre fichier se dit avant la colonne qu'il n'a pas.
        (
            {
                "filtre_0": "statut",
                "signe_0": "vide",
                "renvoye": SimpleUploadedFile("clients 2026.csv", b"autre\n2001-01-02\n"),
            },
            "pas le fichier qui a été regardé",
        ),
    ],
)
def test_un_refus_garde_ce_qui_est_choisi_et_n_ecrit_rien(dpo, prospection, autres, phrase):
    fichier = autres.pop("fichier", csv("2001-01-01"))
    reponse = envoyer(dpo, prospection, fichier, **autres)
    page = lire(reponse)
    assert reponse.status_code == 422
    assert phrase in page
    assert "Camille" not in page
    if "filtre_0" in autres:
        assert '<option value="statut" selected>' in page
    assert aucune()


def deux_temps(client, fiche, fichier) -> str:
    url = f"{URL}?fiche={fiche.pk}"
    return client.post(url, {"regle": "1", "au": "2026-11-24", "fichier": fichier}).content.decode()


def test_le_premier_regard_montre_les_colonnes_sans_en_citer_une_valeur_et_n_ecrit_rien(dpo, prospection):
    lignes = [
        "nom;créé;vu",
        "Camille;03/04/2020;2020-01-01",
        "Claude;05/06/2020;1970-01-01",
        "Dominique;;Paris 75",
    ]
    page = en_lettres(deux_temps(dpo, prospection, SimpleUploadedFile("c.csv", "\n".join(lignes).encode())))
    for dit in ("3 lignes", "Sans date reconnue", "100 % des valeurs, du 3 avril 2020 au 5 juin 2020", "dont 1 au 1er janvier 1970",
                "aussi bien JJ/MM/AAAA que MM/JJ/AAAA", "1 illisible, de la forme « A… 99 » (1)"):  # fmt: skip
        assert dit in page, dit
    for cite in ("Camille", "Claude", "Paris"):
        assert cite not in page
    assert " checked" not in page  # deux colonnes de dates : rien n'est choisi d'avance
    assert choix_de(page, "créé", "MM/JJ/AAAA") and choix_de(page, "vu", "AAAA-MM-JJ")
    assert aucune()


@pytest.mark.parametrize(("format_", "en_retard"), [("JJ/MM/AAAA", 2), ("MM/JJ/AAAA", 0)])
def test_le_format_choisi_decide_du_compte_et_reste_au_registre(dpo, prospection, format_, en_retard):
    fichier = SimpleUploadedFile("c.csv", b"quand\n12/11/2023\n12/10/2023\n")
    envoyer(dpo, prospection, fichier, format_=format_)
    faite = seule()
    assert (faite.examinees, faite.en_retard, faite.sans_date) == (2, en_retard, 0)
    assert f"dates lues : {format_}" in faite.perimetre


def test_ce_qui_a_ete_compte_ne_vaut_ni_pour_une_autre_fiche_ni_une_fois_altere(
    dpo, prospection, maison_lavande
):
    autre = creer_fiche(maison_lavande, reference="TR-002")
    page = deux_temps(dpo, prospection, csv("2001-01-01"))
    envoi = champs(page) | {"choix": choix_de(page, "quand")}
    for fiche, pese in ((autre, envoi["pese"]), (prospection, envoi["pese"][:-2] + "xx"), (prospection, "")):
        reponse = dpo.post(f"{URL}?fiche={fiche.pk}", envoi | {"pese": pese})
        assert reponse.status_code == 422
        assert "n'est plus valable" in lire(reponse)
    assert aucune()


def test_un_releve_envoye_deux_fois_ne_compte_qu_une_fois(dpo, prospection):
    page = deux_temps(dpo, prospection, csv("2001-01-01"))
    envoi = champs(page) | {"choix": choix_de(page, "quand")}
    reponses = [dpo.post(f"{URL}?fiche={prospection.pk}", envoi) for _ in range(2)]
    assert reponses[0].status_code == 302
    assert reponses[0].url == reponses[1].url == reverse("operation", args=[seule().pk])


def test_une_duree_changee_entre_les_deux_pages_se_recompte(dpo, prospection):
    page = deux_temps(dpo, prospection, csv("2001-01-01"))
    duree = PROSPECTION["conservations"][0] | {"duree_valeur": 1}
    change = dpo.patch(
        f"/api/v1/fiches/{prospection.pk}/",
        {"conservations": [duree]},
        content_type="application/json",
        HTTP_IF_MATCH='"1"',
    )
    assert change.status_code == 200
    reponse = dpo.post(f"{URL}?fiche={prospection.pk}", champs(page) | {"choix": choix_de(page, "quand")})
    assert reponse.status_code == 422
    assert "La durée a changé" in lire(reponse)
    assert aucune()


def test_chaque_feuille_d_un_classeur_se_choisit(dpo, prospection, tmp_path):
    clients, archive = [["quand"], ["2026-01-01"]], [["quand"], ["2001-01-01"]]
    notes = [["x"], ["y"]]
    chemin = ecrire_xlsx(tmp_path / "c.xlsx", F("Clients", clients), F("Notes", notes), F("Archive", archive))
    fichier = SimpleUploadedFile("c.xlsx", chemin.read_bytes())
    page = deux_temps(dpo, prospection, fichier)
    assert [f in page for f in ("Clients", "Notes", "Archive")] == [True] * 3
    assert re.findall(r'name="choix" value="([\d.]+)"', page) == ["0.0.0", "2.0.0"]
    dpo.post(f"{URL}?fiche={prospection.pk}", champs(page) | {"choix": "2.0.0"})
    assert (seule().en_retard, seule().source_table) == (1, "Archive")


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
