"""Ce que l'on dit de l'état d'une fiche : le jour où elle l'a pris, et ce qui compte parmi les activités en vigueur."""

import re
from io import BytesIO

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from boutique import AUTEUR, creer_fiche
from organismes.portee import dans
from pages import texte_du_pdf
from registre.actes.fiches import enregistrer_fiche
from registre.fiche import agregat as ag
from registre.fiche.lecture import date_en_mots
from traitements.models import Traitement
from traitements.phrases import a, de

pytestmark = pytest.mark.django_db


def lire(client, nom, *args, **criteres) -> str:
    return client.get(reverse(nom, args=args), criteres).content.decode()


def ecrire(organisme, fiche, **donnees):
    with dans(organisme):
        fiche = Traitement.objects.get(pk=fiche.pk)
        return enregistrer_fiche(
            donnees, organisme=organisme, auteur=AUTEUR, fiche=fiche, valideur=True
        ).objet


@pytest.fixture
def validee_en_juin(maison_lavande):
    fiche = creer_fiche(maison_lavande)
    with dans(maison_lavande):
        donnees = {"statut": "validee", "validee_le": "2026-06-02"}
        enregistrer_fiche(
            donnees, organisme=maison_lavande, auteur=AUTEUR, fiche=fiche, admis=frozenset({"validee_le"})
        )
    return fiche


def test_archiver_date_l_archivage_du_jour_et_garde_la_validation(dpo, maison_lavande, validee_en_juin):
    revision = ecrire(maison_lavande, validee_en_juin).revision
    dpo.post(reverse("etat", args=[validee_en_juin.pk]), {"action": "archiver", "version": revision})
    aujourdhui = timezone.localdate()
    for nom in ("fiche", "etat"):
        entete = re.search(r'<span class="etat archivee">([^<]*)</span>', lire(dpo, nom, validee_en_juin.pk))[
            1
        ]
        assert entete.startswith("Archivée le ")
        assert "2 juin 2026" not in entete
    texte = _pdf(dpo.get(reverse("fiche_pdf", args=[validee_en_juin.pk])))
    assert f"archivée le {date_en_mots(aujourdhui)}".replace("\N{NO-BREAK SPACE}", " ") in texte
    lue = ecrire(maison_lavande, validee_en_juin, service="Archives")
    assert (lue.archivee_le, str(lue.validee_le)) == (aujourdhui, "2026-06-02")
    assert ecrire(maison_lavande, validee_en_juin, statut="brouillon").archivee_le is None


def test_une_fiche_archivee_d_avant_se_dit_sans_date(auditeur, maison_lavande, validee_en_juin):
    ecrire(maison_lavande, validee_en_juin, statut="archivee")
    with connection.cursor() as curseur:
        curseur.execute("UPDATE traitements_traitement SET archivee_le = NULL")
    assert '<span class="etat archivee">Archivée</span>' in lire(auditeur, "fiche", validee_en_juin.pk)


def test_le_jour_de_l_archivage_ne_se_declare_pas(dpo, maison_lavande, prospection):
    adresse = reverse("api:fiches-detail", args=[prospection.pk])
    options = {"content_type": "application/json", "HTTP_IF_MATCH": '"1"'}
    refusee = dpo.patch(adresse, {"archivee_le": "2020-01-01", "statut": "archivee"}, **options)
    assert refusee.status_code == 400
    assert "archivee_le" in refusee.json()["erreurs"]
    prise = dpo.patch(adresse, {"statut": "archivee"}, **options).json()
    assert prise["archivee_le"] == timezone.localdate().isoformat()


@pytest.fixture
def trois_etats(maison_lavande):
    creer_fiche(maison_lavande, statut="validee")
    for rang in (2, 3):
        creer_fiche(maison_lavande, reference=f"TR-00{rang}", intitule=f"Brouillon {rang}")
    creer_fiche(maison_lavande, reference="TR-004", intitule="Ancienne", statut="archivee")


def test_un_brouillon_n_est_pas_une_activite_en_vigueur_au_tableau_de_bord(dpo, trois_etats):
    lue = lire(dpo, "tableau")
    assert re.search(r'\?statut=validee"><strong>1</strong>activité en vigueur', lue)
    assert lire(dpo, "registre", statut="validee").count('data-libelle="Référence"') == 1


@pytest.mark.lent
def test_ni_dans_le_pdf(dpo, trois_etats):
    tout = _pdf(dpo.get(reverse("registre_pdf")))
    assert "1 activité en vigueur, 2 à l’état de brouillon ; 1 fiche archivée" in tout
    assert "3 activités (responsable), dont 2 à l’état de brouillon" in tout


def test_la_liste_du_registre_ne_dit_pas_en_vigueur_ce_qui_comprend_des_brouillons(dpo, trois_etats):
    assert '<option value="">Hors archives</option>' in lire(dpo, "registre")


def _pdf(reponse) -> str:
    pages = PdfReader(BytesIO(reponse.content)).pages
    return texte_du_pdf(pages)


# --- Les mots -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("nom", "attendu"),
    [
        ("Atelier Pixel", "d'Atelier Pixel"),
        ("Maison Lavande", "de Maison Lavande"),
        ("Écoute SA", "d'Écoute SA"),
        ("Œuvres de Noël", "d'Œuvres de Noël"),
        ("Hébergis SAS", "d'Hébergis SAS"),
        ("Hermès", "d'Hermès"),
        ("Hauts-de-France Habitat", "de Hauts-de-France Habitat"),
        ("Hall des vins", "de Hall des vins"),
        ("Yves Roche", "d'Yves Roche"),
        ("Yoplaine", "de Yoplaine"),
        ("Onze Lunes", "de Onze Lunes"),
        ("Ouistreham Mer", "d'Ouistreham Mer"),
        ("Île de Ré", "d'Île de Ré"),
        ("AV-003", "d'AV-003"),
        ("TR-004", "de TR-004"),
        ("Le Comptoir", "du Comptoir"),
        ("Les Jardins", "des Jardins"),
        ("La Ruche", "de La Ruche"),
        ("L'Atelier", "de L'Atelier"),
        ("3 Suisses", "de 3 Suisses"),
        ("", "de "),
    ],
)
def test_de_s_elide_devant_une_voyelle_et_un_h_muet(nom, attendu):
    assert de(nom) == attendu


def test_a_se_contracte_devant_l_article():
    assert [a("Atelier Pixel"), a("Le Comptoir"), a("Les Jardins")] == [
        "à Atelier Pixel",
        "au Comptoir",
        "aux Jardins",
    ]


def test_le_pdf_du_registre_s_intitule_avec_l_elision(db):
    from boutique import creer_organisme
    from registre.echanges.exports import pdf
    from registre.echanges.exports.demande import Demande

    atelier = creer_organisme("Atelier Pixel", effectif=12450)
    with dans(atelier):
        lecteur = PdfReader(BytesIO(pdf.produire(Demande(atelier))))
    assert lecteur.metadata.title == "Registre des activités de traitement d’Atelier Pixel"
    tout = texte_du_pdf(lecteur.pages)
    assert "12 450" in tout
    assert "Délégué(e) à la protection des données" in tout


def test_un_nombre_se_lit_groupe(dpo, maison_lavande):
    from organismes.models import Organisme
    from registre.fiche.enregistrement import enregistrer

    with dans(maison_lavande):
        enregistrer(ag.ORGANISME, {"effectif": 12450}, Organisme.objects.get(), auteur=AUTEUR)
    assert "12\N{NARROW NO-BREAK SPACE}450" in lire(dpo, "organisme")
    assert "Claire Morel, Délégué(e) à la protection des données" in lire(dpo, "organisme")
