"""Les cas particuliers du texte fondateur : chacun a sa place dans la fiche, sa règle, et sa ligne dans le PDF."""

import json
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from pypdf import PdfReader

from boutique import AUTEUR, PROSPECTION, creer_fiche
from organismes.portee import dans
from pages import en_lettres, texte_du_pdf
from registre.fiche import agregat
from registre.fiche.enregistrement import enregistrer

pytestmark = [pytest.mark.django_db, pytest.mark.lent]
FINALITE = PROSPECTION["finalites"][0]


def pdf_lu(client, nom: str, *args) -> str:
    pdf = PdfReader(BytesIO(client.get(reverse(nom, args=args)).content))
    return texte_du_pdf(pdf.pages)


def codes(organisme) -> set[str]:
    sortie = StringIO()
    call_command("controler", organisme=str(organisme.pk), json=True, stdout=sortie)
    return {c["code"] for c in json.loads(sortie.getvalue())}


CAS = {
    "profilage qui révèle des données sensibles": (
        {"profilage": {"niveau": "score", "sensible": True}},
        "Révèle ou utilise des données sensibles",
        "SEN-02",
    ),
    "audience similaire (lookalike)": (
        {"profilage": {"niveau": "segmentation", "plateforme_tierce": True}},
        "Audience similaire sur une plateforme",
        "PRF-05",
    ),
    "« ont aussi acheté »": (
        {"profilage": {"niveau": "segmentation", "recommandation": True}},
        "Recommandation par rapprochement d'achats",
        "PRF-06",
    ),
    "vente, location, échange": (
        {
            "finalites": [{**FINALITE, "type": "cession", "base_legale": "INTERET_LEGITIME"}],
            "cession": {"active": True, "canaux": ["EMAIL_B2C"]},
        },
        "Données vendues, louées ou échangées",
        "CES-01",
    ),
    "avis": (
        {"finalites": [{**FINALITE, "type": "avis", "canaux": []}]},
        "Délai maximum de publication et de conservation",
        "AVI-01",
    ),
    "statistiques gardées après le terme": (
        {
            "finalites": [{**FINALITE, "type": "statistiques", "canaux": [], "conserve_apres_terme": True}],
            "conservations": [],  # rien ne supprime ni n'anonymise au terme
        },
        "statistiques conservées après le terme",
        "RET-07",
    ),
}


@pytest.mark.parametrize(("donnees", "ligne", "code"), CAS.values(), ids=CAS.keys())
def test_le_cas_se_lit_dans_la_fiche_dans_le_pdf_et_sa_regle_parle(dpo, maison_lavande, donnees, ligne, code):
    fiche = creer_fiche(maison_lavande, **donnees)
    assert ligne in en_lettres(dpo.get(reverse("fiche", args=[fiche.pk])).content.decode())
    assert ligne in pdf_lu(dpo, "fiche_pdf", fiche.pk)
    assert code in codes(maison_lavande)


def test_un_secteur_hors_du_referentiel_n_est_jamais_dit_hors_du_rgpd(dpo, maison_lavande):
    creer_fiche(maison_lavande, referentiel="CNIL 2021-131 (gestion des activités commerciales)")
    with dans(maison_lavande):
        enregistrer(agregat.ORGANISME, {"secteur": "BANQUE"}, maison_lavande, auteur=AUTEUR)
    page = en_lettres(dpo.get(reverse("organisme")).content.decode())
    for lue in (page, pdf_lu(dpo, "registre_pdf")):
        assert "pas hors du RGPD, qui s’applique entièrement" in " ".join(lue.split())
        assert "secret bancaire" in lue
        assert "non soumis" not in lue
    assert "SCT-01" in codes(maison_lavande)


def test_ce_qui_tient_a_l_organisme_se_dit_sur_sa_page_dans_le_pdf_et_au_tableau_de_bord(dpo, maison_lavande):
    with dans(maison_lavande):
        enregistrer(agregat.ORGANISME, {"declare_hors_rgpd": True}, maison_lavande, auteur=AUTEUR)
    for nom in ("organisme", "tableau"):
        assert "SCT-02" in dpo.get(reverse(nom)).content.decode(), nom
    assert "SCT-02" in pdf_lu(dpo, "registre_pdf")
    assert "SCT-02" in codes(maison_lavande)
