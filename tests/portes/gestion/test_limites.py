"""Un texte trop long : la limite se dit, avec ce qui dépasse ; rien n'est coupé."""

import pytest
from django.urls import reverse

from organismes.portee import dans
from pages import champs, en_lettres, formulaire
from traitements.models import Traitement

pytestmark = pytest.mark.django_db


def adresse(fiche) -> str:
    return reverse("admin:traitements_traitement_change", args=[fiche.pk])


def test_aucun_champ_ne_coupe_un_collage(dpo, prospection):
    page = dpo.get(adresse(prospection)).content.decode()
    assert "maxlength" not in page
    assert 'data-limite="200"' in page  # l'intitulé, dont le compteur se sert
    assert 'data-limite="6000"' in page  # la description
    assert 'data-limite-ligne="500"' in page  # les sous-finalités


@pytest.mark.parametrize(
    ("champ", "texte", "message"),
    [
        ("volumes", "é" * 312, "300 caractères au plus : ce texte en compte 312, soit 12 de trop."),
        ("remarques", "x" * 6001, "6000 caractères au plus : ce texte en compte 6001, soit 1 de trop."),
        (
            "finalites-1-sous_finalites",
            "courte\n" + "y" * 540,
            "Ligne 2 : 500 caractères au plus : ce texte en compte 540, soit 40 de trop.",
        ),
    ],
)
def test_le_refus_dit_de_combien_et_garde_tout_le_texte(dpo, prospection, champ, texte, message):
    reponse = dpo.post(adresse(prospection), formulaire(dpo, prospection) | {champ: texte})
    page = reponse.content.decode()
    assert reponse.status_code == 422
    assert message in en_lettres(page)
    assert champs(page)[champ] == texte


@pytest.mark.parametrize(("longueur", "statut"), [(300, 302), (301, 422)])
def test_les_deux_cotes_de_la_limite(dpo, maison_lavande, prospection, longueur, statut):
    envoi = formulaire(dpo, prospection) | {"volumes": "é" * longueur}
    assert dpo.post(adresse(prospection), envoi).status_code == statut
    with dans(maison_lavande):
        assert len(Traitement.objects.get().volumes) == (longueur if statut == 302 else 0)
