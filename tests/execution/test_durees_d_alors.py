"""Les opérations signées avant de garder leurs durées les retrouvent au journal, et la preuve les recompare."""

import json
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django_scopes import scopes_disabled

from boutique import AUTEUR, PROSPECTION
from conservation.models import Operation
from journal.service import consigner, operation
from organismes.portee import dans
from registre.actes.fiches import enregistrer_fiche
from registre.execution.operations import durees_visees
from registre.fiche import agregat
from registre.fiche.preuve import anomalies
from traitements.models import Traitement

pytestmark = pytest.mark.django_db
migration = import_module("conservation.migrations.0006_durees_visees")


@pytest.fixture
def ancienne(maison_lavande, prospection) -> Operation:
    """Une purge comme une version passée l'écrivait : ni durées d'alors, ni méthode, au journal comme en base."""
    with dans(maison_lavande):
        purge = Operation(
            organisme=maison_lavande, traitement=prospection, type="purge", regles=[1], regles_texte=["3 ans"],
            date="2026-10-12",
        )  # fmt: skip
        with operation():
            purge.save()
            apres = agregat.instantane_de(agregat.OPERATION, purge)
            del apres["durees_visees"]
            consigner(
                auteur=AUTEUR, action="operation", objet_type="operation", objet_id=str(purge.pk),
                objet_libelle="Purge", organisme=maison_lavande.pk, apres=apres,
            )  # fmt: skip
    return purge


def changer(maison_lavande, conservations) -> None:
    with dans(maison_lavande):
        fiche = Traitement.objects.get()
        donnees = {"conservations": conservations}
        enregistrer_fiche(donnees, organisme=maison_lavande, auteur=AUTEUR, fiche=fiche)


def retrouver(pk) -> list[dict]:
    with scopes_disabled():  # une migration voit toute l'instance
        migration.retrouver(apps, None)
        return Operation.objects.get(pk=pk).durees_visees


def test_une_operation_d_avant_retrouve_la_duree_d_alors(maison_lavande, prospection, ancienne):
    with dans(maison_lavande):
        d_alors = durees_visees(prospection, [1])
    changer(maison_lavande, [PROSPECTION["conservations"][0] | {"duree_valeur": 5}])
    assert retrouver(ancienne.pk) == d_alors
    assert (d_alors[0]["duree"], d_alors[0]["categories"]) == ("P3Y", ["COORDONNEES"])


def test_une_duree_otee_depuis_n_a_plus_d_identifiant(maison_lavande, prospection, ancienne):
    changer(maison_lavande, [])
    changer(maison_lavande, PROSPECTION["conservations"])
    assert retrouver(ancienne.pk)[0]["id"] == ""


def test_la_preuve_recompare_ce_qui_a_ete_retrouve(maison_lavande, prospection, ancienne):
    retrouver(ancienne.pk)
    with scopes_disabled():  # la preuve porte sur toute l'instance
        assert list(anomalies()) == []
        visees = Operation.objects.get().durees_visees
        visees[0]["duree"] = "P5Y"
        with connection.cursor() as curseur:
            curseur.execute("UPDATE conservation_operation SET durees_visees = %s", [json.dumps(visees)])
        assert "n'est plus tel" in next(anomalies())
