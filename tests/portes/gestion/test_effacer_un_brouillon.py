"""Effacer un brouillon créé par erreur : qui le peut, ce que le journal en garde, ce qui ne s'efface jamais."""

from importlib import import_module

import pytest
from django.urls import reverse
from django_scopes import scopes_disabled

from boutique import AUTEUR, connecte, creer_fiche, creer_operation, habiliter
from journal.models import Entree
from organismes.choix import Role
from organismes.portee import dans
from pages import en_lettres, formulaire
from registre.actes.fiches import enregistrer_fiche
from registre.actes.suppression import effacer_brouillon
from registre.fiche.preuve import anomalies
from traitements.models import Traitement

pytestmark = pytest.mark.django_db


def effacer(fiche) -> str:
    return reverse("admin:traitements_traitement_delete", args=[fiche.pk])


@pytest.fixture
def de_lea(contributeur, maison_lavande) -> Traitement:
    """Un brouillon que Léa vient de créer, par le formulaire."""
    envoi = {
        "reference": "TR-009",
        "intitule": "Essai raté",
        "qualite": "responsable",
        "finalites-1-numero": "1",
        "finalites-1-libelle": "Rien du tout",
    }
    contributeur.post(reverse("admin:traitements_traitement_add"), envoi)
    with dans(maison_lavande):
        return Traitement.objects.get(reference="TR-009")


def confirmer(client, fiche):
    return client.post(effacer(fiche), {"version": fiche.revision}, follow=True)


def existe(organisme, fiche) -> bool:
    with dans(organisme):
        return Traitement.objects.filter(pk=fiche.pk).exists()


def test_lea_efface_le_brouillon_qu_elle_a_cree(contributeur, maison_lavande, de_lea):
    page = contributeur.get(effacer(de_lea)).content.decode()
    assert "Finalités : 1" in page
    assert "Effacer ce brouillon" in page
    assert existe(maison_lavande, de_lea)  # une confirmation, d'abord
    reponse = confirmer(contributeur, de_lea)
    assert "le journal en garde le dernier état" in reponse.content.decode()
    assert not existe(maison_lavande, de_lea)


def test_le_journal_garde_tout_du_brouillon_efface_et_il_s_y_lit(contributeur, dpo_voisin, de_lea):
    confirmer(contributeur, de_lea)
    entree = Entree.objects.order_by("-seq").first()
    assert (entree.action, entree.auteur_nom) == ("suppression", "Léa Fontaine")
    avant = {c["chemin"]: c["avant"] for c in entree.changements}
    assert avant["intitule"] == "Essai raté"
    assert avant["finalites[1]"]["libelle"] == "Rien du tout"
    with scopes_disabled():  # la preuve porte sur toute l'instance
        assert list(anomalies(None)) == []
    historique = reverse("historique", args=[de_lea.pk])
    page = en_lettres(contributeur.get(historique).content.decode())
    assert "Historique d’une fiche effacée" in page
    assert "Rien du tout" in page
    assert dpo_voisin.get(historique).status_code == 404


def test_le_delegue_efface_le_brouillon_d_une_autre(dpo, maison_lavande, de_lea):
    confirmer(dpo, de_lea)
    assert not existe(maison_lavande, de_lea)


def test_une_autre_contributrice_ne_l_efface_pas(maison_lavande, de_lea):
    ines = connecte(habiliter(maison_lavande, Role.CONTRIBUTEUR, "ines@lavande.example", "Inès Roy"))
    adresse = reverse("admin:traitements_traitement_change", args=[de_lea.pk])
    assert "Effacer ce brouillon" not in ines.get(adresse).content.decode()
    reponse = confirmer(ines, de_lea)
    assert reponse.status_code == 409
    assert "Seuls la personne qui l'a créée et le délégué" in en_lettres(reponse.content.decode())
    assert existe(maison_lavande, de_lea)


@pytest.mark.parametrize("client", ["direction", "auditeur", "dpo_voisin"])
def test_qui_n_ecrit_pas_n_efface_pas(client, request, maison_lavande, de_lea):
    reponse = confirmer(request.getfixturevalue(client), de_lea)
    assert reponse.status_code in (403, 404)
    assert existe(maison_lavande, de_lea)


def test_une_fiche_qui_a_ete_validee_un_jour_ne_s_efface_plus(dpo, maison_lavande):
    fiche = creer_fiche(maison_lavande, reference="TR-002")
    with dans(maison_lavande):
        for statut in ("archivee", "brouillon"):
            charge = Traitement.objects.get(pk=fiche.pk)
            enregistrer_fiche(
                {"statut": statut}, organisme=maison_lavande, auteur=AUTEUR, fiche=charge, valideur=True
            )
        fiche = Traitement.objects.get(pk=fiche.pk)
    reponse = confirmer(dpo, fiche)
    assert "Elle a déjà été validée ou archivée" in en_lettres(reponse.content.decode())
    assert existe(maison_lavande, fiche)


def test_une_fiche_archivee_ne_s_efface_pas(dpo, maison_lavande):
    fiche = creer_fiche(maison_lavande, statut="archivee")
    assert "Elle est archivée" in en_lettres(confirmer(dpo, fiche).content.decode())
    assert existe(maison_lavande, fiche)


def test_un_brouillon_que_cite_une_operation_signee_ne_s_efface_pas(dpo, maison_lavande, prospection):
    creer_operation(maison_lavande, prospection)
    reponse = confirmer(dpo, prospection)
    assert "Elle porte une opération signée : archivez-la." in en_lettres(reponse.content.decode())
    assert existe(maison_lavande, prospection)


def test_un_brouillon_change_entre_temps_ne_s_efface_pas_sans_etre_relu(
    dpo, contributeur, maison_lavande, de_lea
):
    adresse = reverse("admin:traitements_traitement_change", args=[de_lea.pk])
    dpo.post(adresse, formulaire(dpo, de_lea) | {"service": "Ventes"})
    reponse = confirmer(contributeur, de_lea)
    page = en_lettres(reponse.content.decode())
    assert reponse.status_code == 409
    assert "a changé depuis" in page
    assert "<h2>Rien n’a été effacé</h2>" in page.replace("'", "’")
    assert "ne s'efface pas" not in page  # relue, elle s'effacera
    assert "s'archive" not in page
    assert existe(maison_lavande, de_lea)


def un_autre_l_efface(organisme, fiche, monkeypatch, ou: str) -> None:
    """Entre la lecture de la page et l'écriture, quelqu'un d'autre efface la fiche."""
    module, nom = import_module(ou.rpartition(".")[0]), ou.rpartition(".")[2]
    vraie = getattr(module, nom)

    def devancee(*args, **options):
        monkeypatch.setattr(module, nom, vraie)
        with dans(organisme):
            effacer_brouillon(fiche, auteur=AUTEUR, delegue=True, revision=fiche.revision)
        return vraie(*args, **options)

    monkeypatch.setattr(module, nom, devancee)


def test_deux_personnes_effacent_le_meme_brouillon_la_seconde_ne_trouve_rien(
    dpo, maison_lavande, de_lea, monkeypatch
):
    un_autre_l_efface(maison_lavande, de_lea, monkeypatch, "registre.portes.gestion.fiches.effacer_brouillon")
    assert confirmer(dpo, de_lea).status_code == 404
    assert not existe(maison_lavande, de_lea)


def test_une_fiche_effacee_pendant_qu_on_l_enregistre_se_dit_et_rien_de_tape_ne_se_perd(
    dpo, maison_lavande, de_lea, monkeypatch
):
    envoi = formulaire(dpo, de_lea) | {"service": "Ventes en ligne"}
    un_autre_l_efface(
        maison_lavande, de_lea, monkeypatch, "registre.portes.gestion.page_fiche.enregistrer_fiche"
    )
    reponse = dpo.post(reverse("admin:traitements_traitement_change", args=[de_lea.pk]), envoi)
    page = en_lettres(reponse.content.decode())
    assert reponse.status_code == 422
    assert "Une autre personne vient de l'effacer" in page
    assert "Ventes en ligne" in page


@pytest.mark.parametrize("revision", ["", "x", "²", "9" * 40])
def test_une_revision_forgee_n_efface_rien(contributeur, maison_lavande, de_lea, revision):
    assert contributeur.post(effacer(de_lea), {"version": revision}).status_code == 409
    assert existe(maison_lavande, de_lea)


def test_l_api_n_efface_pas_une_fiche(dpo, maison_lavande, de_lea):
    assert dpo.delete(reverse("api:fiches-detail", args=[de_lea.pk])).status_code in (403, 405)
    assert existe(maison_lavande, de_lea)
