"""Une mesure ne se fabrique pas : un nombre tapé à la main ne porte jamais l'empreinte d'un fichier, et se dit partout."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from boutique import creer_operation
from conservation.models import Operation
from journal.service import Auteur, consigner, operation
from organismes.portee import dans
from pages import en_lettres, relever, texte_du_pdf
from registre.execution.releves import METHODE_MESUREE

pytestmark = [pytest.mark.django_db, pytest.mark.lent]


@pytest.fixture
def mesure(dpo, maison_lavande, prospection) -> Operation:
    """Deux lignes en retard, comptées sur un vrai fichier."""
    fichier = SimpleUploadedFile("clients.csv", b"nom;quand\nA;2001-01-01\nB;2001-01-02\nC;2026-11-01\n")
    relever(dpo, prospection, fichier, "quand")
    with dans(maison_lavande):
        return Operation.objects.get()


def corriger(client, mesuree, **autres):
    envoi = {
        "type": "constat",
        "date": "2026-11-24",
        "regles": ["1"],
        "source": mesuree.source,
        "examinees": "3",
        "en_retard": "0",
        "methode": "Recompté dans le tableur.",
        "motif_correction": "Les deux lignes étaient des essais.",
        "etape": "signer",
    }
    return client.post(reverse("operation_nouvelle") + f"?corrige={mesuree.pk}", envoi | autres)


def lire(client, nom, *args) -> str:
    return en_lettres(client.get(reverse(nom, args=args)).content.decode())


def pdf(client, nom, *args) -> str:
    lu = PdfReader(BytesIO(client.get(reverse(nom, args=args)).content))
    return texte_du_pdf(lu.pages)


def test_une_correction_tapee_n_a_ni_l_empreinte_ni_les_dates_de_la_mesure(dpo, maison_lavande, mesure):
    assert (mesure.en_retard, mesure.mesuree, len(mesure.source_sha256)) == (2, True, 64)
    assert corriger(dpo, mesure).status_code == 302
    with dans(maison_lavande):
        tapee = Operation.objects.get(corrige=mesure)
    assert (tapee.source_sha256, tapee.sans_date, tapee.mesuree) == ("", None, False)
    for lu in (
        lire(dpo, "operation", tapee.pk),
        pdf(dpo, "operation_pv", tapee.pk),
        lire(dpo, "operations"),
        lire(dpo, "fiche", mesure.traitement_id),
        pdf(dpo, "fiche_pdf", mesure.traitement_id),
        lire(dpo, "echeancier_csv"),
    ):
        assert "saisi à la main" in lu
        assert mesure.source_sha256 not in lu.replace(" ", "")


def test_la_mesure_elle_se_dit_mesuree_avec_son_empreinte(dpo, mesure):
    for lu in (lire(dpo, "operation", mesure.pk), pdf(dpo, "operation_pv", mesure.pk)):
        assert "mesuré par Registre" in lu and "saisi à la main" not in lu
        assert mesure.source_sha256 in lu.replace(" ", "")
    assert "saisi à la main" not in lire(dpo, "fiche", mesure.traitement_id)


def test_un_releve_tape_sans_rien_corriger_se_dit_aussi(dpo, maison_lavande, prospection):
    tape = creer_operation(maison_lavande, prospection, "constat", preuve=b"", examinees=9, en_retard=1)
    assert "saisi à la main" in lire(dpo, "operation", tape.pk)
    assert "1 ligne au-delà du terme" in lire(dpo, "fiche", prospection.pk)
    assert "saisi à la main" in lire(dpo, "fiche", prospection.pk)


def test_une_purge_n_a_pas_d_origine_a_dire(dpo, maison_lavande, prospection):
    purge = creer_operation(maison_lavande, prospection)
    assert "saisi à la main" not in lire(dpo, "operation", purge.pk)
    assert "saisi à la main" not in lire(dpo, "operations")


def test_la_methode_de_l_outil_ne_se_tape_pas(dpo, maison_lavande, mesure):
    formulaire = en_lettres(dpo.get(reverse("operation_nouvelle"), {"corrige": mesure.pk}).content.decode())
    assert METHODE_MESUREE not in formulaire
    reponse = corriger(dpo, mesure, methode=METHODE_MESUREE)
    assert reponse.status_code == 422
    assert "saisi à la main : dites comment" in en_lettres(reponse.content.decode())


def test_une_correction_d_avant_qui_garde_une_empreinte_ne_la_montre_plus(dpo, maison_lavande, mesure):
    with dans(maison_lavande):
        ancienne = Operation(
            organisme=maison_lavande,
            traitement=mesure.traitement,
            type="constat",
            regles=[1],
            regles_texte=mesure.regles_texte,
            date=timezone.localdate() - timedelta(days=1),
            examinees=3,
            en_retard=0,
            source_sha256=mesure.source_sha256,
            corrige=mesure,
        )
        with pytest.raises(ValidationError, match="ne porte pas l'empreinte"):
            ancienne.full_clean()
        with operation():  # comme une version passée l'écrivait
            ancienne.save()
            consigner(
                auteur=Auteur("x", "X", "dpo"), action="operation", objet_type="operation",
                objet_id=str(ancienne.pk), objet_libelle="x", organisme=maison_lavande.pk, apres={},
            )  # fmt: skip
    for lu in (lire(dpo, "operation", ancienne.pk), pdf(dpo, "operation_pv", ancienne.pk)):
        assert "saisi à la main" in lu
        assert mesure.source_sha256 not in lu.replace(" ", "")
