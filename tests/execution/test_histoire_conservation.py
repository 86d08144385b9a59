"""Toute l'histoire d'une durée : une durée de référence, un fichier de clients, un relevé, une purge, un second relevé, et le PDF."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from boutique import PROSPECTION, creer_fiche
from conservation.durees import ajouter_mois
from conservation.models import Operation
from organismes.portee import dans
from pages import en_lettres, texte_du_pdf
from pages import relever as par_la_page

pytestmark = [pytest.mark.django_db, pytest.mark.lent]


def page(client, nom, *args, **criteres) -> str:
    return en_lettres(client.get(reverse(nom, args=args), criteres).content.decode())


def clients(en_retard: int, autres: int) -> SimpleUploadedFile:
    """Cinq mille clients : leur dernier contact a plus de trois ans pour les premiers, moins pour les autres."""
    terme = ajouter_mois(timezone.localdate(), -36)
    vieux, frais = (terme - timedelta(days=1)).isoformat(), (terme + timedelta(days=1)).isoformat()
    lignes = [
        "id;dernier_contact",
        *[f"{n};{vieux}" for n in range(en_retard)],
        *[f"a{n};{frais}" for n in range(autres)],
    ]
    return SimpleUploadedFile("clients.csv", "\r\n".join(lignes).encode(), content_type="text/csv")


def relever(client, fiche, fichier):
    return par_la_page(client, fiche, fichier, "dernier_contact", au=timezone.localdate().isoformat())


def test_une_duree_declaree_se_releve_s_execute_et_se_prouve(dpo, maison_lavande):
    regle = {**PROSPECTION["conservations"][0], "regle_reference": "PROSPECT-3A"}
    fiche = creer_fiche(maison_lavande, conservations=[regle])

    reponse = relever(dpo, fiche, clients(213, 4787))
    assert reponse.status_code == 200, reponse.content.decode()
    with dans(maison_lavande):
        releve = Operation.objects.get()
    assert (releve.examinees, releve.en_retard) == (5000, 213)
    vue = page(dpo, "fiche", fiche.pk)
    assert "213 lignes au-delà du terme" in vue
    assert "RET-10" in vue
    assert "213 lignes au-delà du terme" in page(dpo, "conservation")

    purge = {
        "type": "purge",
        "regles": ["1"],
        "date": timezone.localdate().isoformat(),
        "volume_avant": "5000",
        "volume_apres": "4787",
        "methode": "Script de purge",
        "operateur": "Léa Fontaine",
        "preuve_reference": "Ticket 4512",
        "etape": "signer",
    }
    dpo.post(reverse("operation_nouvelle") + f"?fiche={fiche.pk}", purge)
    with dans(maison_lavande):
        faite = Operation.objects.get(type="purge")
    pv = dpo.get(reverse("operation_pv", args=[faite.pk])).content
    assert "Procès-verbal de purge" in PdfReader(BytesIO(pv)).pages[0].extract_text()

    assert "Purgée, à vérifier par un relevé" in page(dpo, "fiche", fiche.pk)

    relever(dpo, fiche, clients(0, 4787))
    vue = page(dpo, "fiche", fiche.pk)
    assert "aucune ligne au-delà du terme" in vue
    assert "RET-10" not in vue
    pdf = PdfReader(BytesIO(dpo.get(reverse("fiche_pdf", args=[fiche.pk])).content))
    texte = texte_du_pdf(pdf.pages)
    assert "Oui, constatée : relevé du" in texte
    assert "aucune ligne au-delà du terme" in texte
