"""Après une mise à jour du produit : un champ apparu depuis ne fait pas passer les objets pour falsifiés."""

from dataclasses import replace

import pytest
from django.db import connection
from django_scopes import scopes_disabled

from boutique import creer_fiche, creer_organisme
from registre.fiche import agregat as ag
from registre.fiche.preuve import anomalies

pytestmark = pytest.mark.django_db
NEUFS = {
    "a_confirmer",
    "alertes_lues",
    "source_nom",
    "conserve_apres_terme",
    "recommandation",
    "representant_ue_exception",
}


def avant_la_mise_a_jour(forme: ag.Agregat) -> ag.Agregat:
    """L'agrégat tel qu'il était : sans les champs de cette version, ni la liste des écarts."""

    def sans(partie: ag.Partie) -> ag.Partie:
        return replace(partie, champs=tuple(c for c in partie.champs if c not in NEUFS))

    return replace(
        forme,
        champs=tuple(c for c in forme.champs if c not in NEUFS),
        listes=tuple(sans(p) for p in forme.listes if p.nom != "ecarts"),
        volets=tuple(sans(p) for p in forme.volets),
    )


@pytest.fixture
def ancienne_base(monkeypatch):
    """Un organisme et une fiche consignés par la version précédente du produit."""
    with monkeypatch.context() as patch:
        patch.setattr(ag, "ORGANISME", avant_la_mise_a_jour(ag.ORGANISME))
        lavande = creer_organisme("Maison Lavande")
        patch.setattr("registre.fiche.agregat.FICHE", avant_la_mise_a_jour(ag.FICHE))
        patch.setattr("registre.actes.fiches.tenir", lambda *args: None)
        fiche = creer_fiche(lavande, information=None, profilage={"niveau": "aucun"})
    return fiche


def fautes() -> list[str]:
    with scopes_disabled():  # la preuve porte sur toute l'instance
        return list(anomalies())


def test_les_objets_d_avant_restent_verifies(ancienne_base):
    assert fautes() == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE traitements_traitement SET a_confirmer = '[\"finalites\"]'",
        "UPDATE traitements_donneestraitees SET source_nom = 'Courtier discret'",
        "UPDATE organismes_organisme SET representant_ue_exception = 'Aucune raison'",
        "UPDATE traitements_traitement SET volumes = 'trois'",
    ],
)
def test_mais_un_champ_neuf_rempli_sans_le_journal_se_voit(ancienne_base, sql):
    with connection.cursor() as curseur:
        curseur.execute(sql)
    assert len(fautes()) == 1
