"""Créer depuis un modèle : tout est proposé, rien n'est affirmé ; une personne confirme, rubrique par rubrique."""

import tomllib
from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from arbre import RACINE
from journal.models import Entree
from organismes.portee import dans
from pages import formulaire, texte_du_pdf
from registre.conformite.controle import Conformite
from registre.fiche import agregat
from traitements.models import ModeleFiche, Traitement

pytestmark = [pytest.mark.django_db, pytest.mark.lent]
SAISIE = "admin:traitements_traitement_change"


def creer(client, organisme, code="PROSPECTION_B2C_ELEC") -> Traitement:
    reponse = client.post(reverse("fiche_type", args=[code]))
    assert reponse.status_code == 302
    with dans(organisme):
        fiche = Traitement.objects.get(modele=code)
    assert reponse["Location"] == reverse(SAISIE, args=[fiche.pk])
    return fiche


def canonique(organisme, fiche) -> dict:
    with dans(organisme):
        return agregat.instantane_de(
            agregat.FICHE, agregat.FICHE.charger(Traitement.objects.filter(pk=fiche.pk)).get()
        )


def test_les_seize_modeles_se_lisent_et_disent_leur_source(auditeur):
    page = auditeur.get(reverse("fiches_types")).content.decode()
    assert ModeleFiche.objects.filter(actif=True).count() == 16
    for modele in ModeleFiche.objects.all():
        assert reverse("fiche_type", args=[modele.pk]) in page
        lue = auditeur.get(reverse("fiche_type", args=[modele.pk])).content.decode()
        assert "proposé" in lue
        assert "Points de vigilance" in lue
        assert "Créer une fiche" not in lue


@pytest.mark.parametrize("role", ["dpo", "contributeur"])
def test_une_fiche_nait_du_modele_entiere_en_brouillon_et_a_confirmer(request, role, maison_lavande):
    fiche = creer(request.getfixturevalue(role), maison_lavande)
    lue = canonique(maison_lavande, fiche)
    assert (lue["statut"], lue["reference"]) == ("brouillon", "TR-001")
    assert {"finalites", "donnees", "conservation", "destinataires", "droits", "securite"} <= set(
        lue["a_confirmer"]
    )
    assert Entree.objects.order_by("-seq").first().action == "modele"


CODES = [
    ligne["code"]
    for fichier in sorted((RACINE / "traitements/fiches_types").glob("*.toml"))
    for ligne in tomllib.loads(fichier.read_text(encoding="utf-8"))["ligne"]
]


@pytest.mark.parametrize("code", CODES)
def test_aucun_modele_n_est_fautif(code, dpo, maison_lavande):
    """Complet, il n'appelle aucun constat bloquant ; ses rubriques attendent d'être confirmées."""
    modele = ModeleFiche.objects.get(pk=code)
    fiche = creer(dpo, maison_lavande, modele.pk)
    with dans(maison_lavande):
        bilan = Conformite(maison_lavande).bilan(canonique(maison_lavande, fiche), date.today())
    assert [f"{c.code} {c.chemin}" for c in bilan.bloquants] == []


def test_ce_qui_est_propose_se_voit_partout_jusqu_a_sa_confirmation(dpo, maison_lavande):
    fiche = creer(dpo, maison_lavande)
    assert "proposé, à confirmer" in dpo.get(reverse("fiche", args=[fiche.pk])).content.decode()
    assert "Confirmer cette rubrique" in dpo.get(reverse(SAISIE, args=[fiche.pk])).content.decode()
    pdf = PdfReader(BytesIO(dpo.get(reverse("fiche_pdf", args=[fiche.pk])).content))
    assert "à confirmer" in texte_du_pdf(pdf.pages)
    etat = dpo.get(reverse("etat", args=[fiche.pk])).content.decode()
    assert "Rubriques à confirmer" in etat
    assert 'value="valider"' not in etat


def test_confirmer_une_rubrique_enregistre_la_page_et_ouvre_la_suivante(dpo, maison_lavande):
    fiche = creer(dpo, maison_lavande)
    avant = canonique(maison_lavande, fiche)["a_confirmer"]
    reponse = dpo.post(
        reverse(SAISIE, args=[fiche.pk]),
        {**formulaire(dpo, fiche), "service": "Marketing", "confirmer": "finalites"},
    )
    lue = canonique(maison_lavande, fiche)
    assert lue["a_confirmer"] == [c for c in avant if c != "finalites"]
    assert lue["service"] == "Marketing"
    assert reponse["Location"].endswith(f"#{lue['a_confirmer'][0]}")


def test_enregistrer_sans_confirmer_ne_confirme_rien(dpo, maison_lavande):
    fiche = creer(dpo, maison_lavande)
    avant = canonique(maison_lavande, fiche)["a_confirmer"]
    dpo.post(reverse(SAISIE, args=[fiche.pk]), {**formulaire(dpo, fiche), "service": "Marketing"})
    assert canonique(maison_lavande, fiche)["a_confirmer"] == avant


def test_confirmee_en_entier_la_fiche_se_valide(dpo, maison_lavande):
    """La fiche de prospection née du modèle, relue et confirmée, se valide."""
    fiche = creer(dpo, maison_lavande)
    for rubrique in canonique(maison_lavande, fiche)["a_confirmer"]:
        dpo.post(reverse(SAISIE, args=[fiche.pk]), {**formulaire(dpo, fiche), "confirmer": rubrique})
    lue = canonique(maison_lavande, fiche)
    assert lue["a_confirmer"] == []
    with dans(maison_lavande):
        revision = Traitement.objects.get(pk=fiche.pk).revision
    dpo.post(reverse("etat", args=[fiche.pk]), {"action": "valider", "version": revision, "lus": "oui"})
    assert canonique(maison_lavande, fiche)["statut"] == "validee"


def test_confirmer_la_rubrique_ne_fait_pas_d_une_esquisse_un_texte(dpo, maison_lavande):
    """Une fiche née d'un modèle d'avant : la mention demeure dans sa valeur, et la validation la refuse."""
    modele = ModeleFiche.objects.get(pk="PROSPECTION_B2C_ELEC")
    finalites = [
        {**f, "balance": f"Esquisse à confirmer. {f['balance']}"} if "balance" in f else f
        for f in modele.contenu["finalites"]
    ]
    modele.contenu = {**modele.contenu, "finalites": finalites}
    modele.save()
    fiche = creer(dpo, maison_lavande)
    for rubrique in canonique(maison_lavande, fiche)["a_confirmer"]:
        dpo.post(reverse(SAISIE, args=[fiche.pk]), {**formulaire(dpo, fiche), "confirmer": rubrique})
    with dans(maison_lavande):
        revision = Traitement.objects.get(pk=fiche.pk).revision
    dpo.post(reverse("etat", args=[fiche.pk]), {"action": "valider", "version": revision, "lus": "oui"})
    lue = canonique(maison_lavande, fiche)
    assert (lue["statut"], lue["a_confirmer"]) == ("brouillon", [])
    assert "porte encore la mention" in dpo.get(reverse("etat", args=[fiche.pk])).content.decode()


def test_l_envoi_du_formulaire_ne_perd_rien_de_ce_que_le_modele_propose(dpo, maison_lavande):
    fiche = creer(dpo, maison_lavande)
    avant = canonique(maison_lavande, fiche)
    dpo.post(reverse(SAISIE, args=[fiche.pk]), formulaire(dpo, fiche))
    apres = canonique(maison_lavande, fiche)
    assert {nom for nom in avant if avant[nom] != apres[nom]} <= {"date_maj"}


def test_un_modele_dont_la_fiche_est_refusee_le_dit_sur_sa_page(dpo):
    trouve = ModeleFiche.objects.get(pk="PROSPECTION_B2C_ELEC")
    trouve.contenu = {**trouve.contenu, "intitule": "x" * 201}
    trouve.save()
    reponse = dpo.post(reverse("fiche_type", args=[trouve.pk]))
    assert reponse.status_code == 422
    assert "La fiche n’est pas créée" in reponse.content.decode()
