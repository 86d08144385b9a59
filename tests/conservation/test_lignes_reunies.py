"""Une instance d'avant les ensembles de catégories : ses lignes se réunissent, ses opérations suivent, son journal tient."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django_scopes import scopes_disabled

from boutique import AUTEUR, creer_fiche
from conservation.application import application
from conservation.choix import EtatApplication
from conservation.models import Operation
from journal.models import Entree
from journal.service import consigner, operation
from organismes.portee import dans
from registre.actes.fiches import enregistrer_fiche
from registre.conformite.applications import operations_par_fiche
from registre.echanges.exports import json_registre
from registre.echanges.exports.demande import Demande
from registre.execution.operations import enregistrer_figee, phrases_des_durees
from registre.execution.portee_operation import conclusions
from registre.fiche import agregat
from registre.fiche.codes import Codes
from registre.fiche.preuve import anomalies
from traitements.models import Traitement

pytestmark = pytest.mark.django_db
RACINE = Path(__file__).parents[2]
LIGNE = {"phase": "base_active", "duree_valeur": 3, "duree_unite": "ans", "point_depart": "DERNIER_CONTACT_PROSPECT", "sort_final": "suppression"}  # fmt: skip
# Les modèles tels qu'ils étaient juste avant : une catégorie par ligne.
D_AVANT = """
import django; django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
apps = MigrationExecutor(connection).loader.project_state([("conservation", "0008_situations"), ("traitements", "0007_mesure_du_guide")]).apps
def creer(modele, **champs):
    return apps.get_model(modele)._base_manager.create(**champs)
organisme = creer("organismes.Organisme", raison_sociale="Maison Lavande")
fiche = creer("traitements.Traitement", organisme=organisme, reference="TR-001", intitule="Prospection", qualite="responsable", statut="brouillon")
for code in "ABC":
    creer("traitements.CategorieDonnees", code=code, libelle=code, ordre=1)
for numero, code in enumerate("ABC", 1):
    creer("conservation.DureeConservation", traitement=fiche, numero=numero, categorie_id=code, duree_valeur=3, duree_unite="ans")
creer("traitements.Ecart", traitement=fiche, numero=1, regle="RET-02", chemin="conservations[3].point_depart", constat="-",
      raison="-", pose_le="2026-11-01", fin="2027-11-01", faits="-")
"""


@pytest.mark.lent
def test_la_migration_reunit_les_lignes_identiques_et_garde_leurs_identifiants(tmp_path):
    base = tmp_path / "registre.sqlite3"
    environnement = {**os.environ, "DATABASE_URL": f"sqlite:///{base}", "DONNEES": str(tmp_path), "DJANGO_SETTINGS_MODULE": "reglages_tests"}  # fmt: skip

    def lancer(*arguments: str) -> None:
        subprocess.run(
            [sys.executable, *arguments], env=environnement, cwd=RACINE, check=True, capture_output=True
        )

    lancer("manage.py", "migrate", "conservation", "0008", "-v", "0")
    lancer("manage.py", "migrate", "traitements", "0007", "-v", "0")
    lancer("-c", D_AVANT)
    with closing(sqlite3.connect(base)) as avant:
        ids = dict(avant.execute("SELECT numero, id FROM conservation_regleconservation"))
    lancer("manage.py", "migrate", "-v", "0")
    with closing(sqlite3.connect(base)) as apres:
        lignes = apres.execute("SELECT numero, id, categories, reunies FROM conservation_regleconservation ORDER BY numero").fetchall()  # fmt: skip
    lues = [
        (n, i, json.loads(c), [r.replace("-", "") for r in json.loads(autres)]) for n, i, c, autres in lignes
    ]
    # La troisième porte un écart justifié : il n'a été écrit que pour elle.
    assert lues == [(1, ids[1], ["A", "B"], [ids[2]]), (3, ids[3], ["C"], [])]


@pytest.fixture
def fiche(maison_lavande) -> Traitement:
    """La durée n° 1 de la fiche réunit une ancienne ligne 3, purgée en son temps pour sa seule catégorie."""
    return creer_fiche(
        maison_lavande,
        donnees=[{"categorie": "COORDONNEES"}, {"categorie": "PROSPECTION"}],
        conservations=[
            {"numero": 1, "categories": ["COORDONNEES"], **LIGNE},
            {"numero": 3, "categories": ["PROSPECTION"], **LIGNE},
        ],
    )


def purger(maison_lavande, fiche, *numeros) -> Operation:
    with dans(maison_lavande):
        purge = Operation(
            organisme=maison_lavande, traitement=fiche, type="purge", regles=list(numeros), date=date(2026, 10, 12),
            regles_texte=phrases_des_durees(fiche, list(numeros), Codes()), volume_avant=500, volume_apres=480,
            methode="Script", preuve_reference="Ticket 4512",
        )  # fmt: skip
        enregistrer_figee(purge, auteur=AUTEUR, action="operation")
    return purge


def reunir_en_base() -> None:
    """Ce que la migration fait, sans passer par le service : le journal n'en dit rien."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT id FROM conservation_regleconservation WHERE numero = 3")
        ancienne = str(curseur.fetchone()[0])
        curseur.execute("DELETE FROM conservation_regleconservation WHERE numero = 3")
        lisible = ancienne if "-" in ancienne else "-".join((ancienne[:8], ancienne[8:12], ancienne[12:16], ancienne[16:20], ancienne[20:]))  # fmt: skip
        curseur.execute(
            "UPDATE conservation_regleconservation SET categories = %s, reunies = %s WHERE numero = 1",
            [json.dumps(["COORDONNEES", "PROSPECTION"]), json.dumps([lisible])],
        )


def appliquee(maison_lavande):
    with dans(maison_lavande):
        lue = agregat.instantane_de(agregat.FICHE, agregat.FICHE.charger(Traitement.objects.all()).get())
        return application(
            lue["conservations"][0], lue, operations_par_fiche()[lue["reference"]], date(2026, 11, 1)
        )


def test_les_operations_suivent_la_ligne_qui_les_reunit(maison_lavande, fiche):
    purges = [purger(maison_lavande, fiche, n) for n in (1, 3)]
    reunir_en_base()
    assert appliquee(maison_lavande).titre == "Oui, documentée"
    with dans(maison_lavande):
        assert [c.application.titre for p in purges for c in conclusions(p)] == ["Oui, documentée"] * 2


def test_une_ligne_purgee_seule_ne_prouve_rien_des_autres(maison_lavande, fiche):
    purger(maison_lavande, fiche, 3)
    reunir_en_base()
    lue = appliquee(maison_lavande)
    assert lue.etat is EtatApplication.INCONNU
    assert "pour une part de ces données" in lue.pourquoi


def test_le_journal_d_avant_tient_et_se_relit(maison_lavande, fiche, dpo):
    with dans(maison_lavande), operation():
        d_alors = agregat.instantane_de(agregat.FICHE, agregat.FICHE.charger(Traitement.objects.all()).get())
        for ligne in d_alors["conservations"]:
            ligne |= {"categorie": ligne.pop("categories")[0]}
        consigner(
            auteur=AUTEUR, action="modification", objet_type="fiche", objet_id=str(fiche.pk), objet_libelle="Fiche",
            organisme=maison_lavande.pk, avant={**d_alors, "conservations": []}, apres=d_alors,
        )  # fmt: skip
    reunir_en_base()
    with scopes_disabled():  # la preuve porte sur toute l'instance
        assert list(anomalies()) == []
        with connection.cursor() as curseur:
            curseur.execute(
                "UPDATE conservation_regleconservation SET categories = %s", [json.dumps(["COORDONNEES"])]
            )
        assert "n'est plus tel" in next(anomalies())
    page = dpo.get(reverse("historique", args=[fiche.pk])).content.decode()
    assert "catégories de données : Coordonnées" in page and "PROSPECTION" not in page


def test_un_export_d_avant_se_relit_sans_difference(maison_lavande, fiche, tmp_path):
    with dans(maison_lavande):
        document = json.loads(json_registre.produire(Demande(maison_lavande)))
    assert document["version"] == 3
    for ligne in document["fiches"][0]["conservations"]:
        ligne |= {"categorie": ligne.pop("categories")[0]}
    chemin = tmp_path / "registre.json"
    chemin.write_text(json.dumps(document | {"version": 2}))
    reunir_en_base()
    entrees = Entree.objects.count()
    call_command("importer", chemin, organisme=str(maison_lavande.pk))
    assert Entree.objects.count() == entrees
    with dans(maison_lavande):
        lue = json.loads(json_registre.produire(Demande(maison_lavande)))["fiches"][0]
    assert [(k["numero"], k["categories"]) for k in lue["conservations"]] == [
        (1, ["COORDONNEES", "PROSPECTION"])
    ]


def test_un_export_d_avant_ne_reunit_pas_ce_que_la_fiche_tient_a_part(maison_lavande, fiche, tmp_path):
    """Deux lignes d'ici, chacune purgée : le fichier ne fait pas perdre sa preuve à l'une."""
    for numero in (1, 3):
        purger(maison_lavande, fiche, numero)
    with dans(maison_lavande):
        document = json.loads(json_registre.produire(Demande(maison_lavande)))
    for ligne in document["fiches"][0]["conservations"]:
        ligne |= {"categorie": ligne.pop("categories")[0]}
    chemin = tmp_path / "registre.json"
    chemin.write_text(json.dumps(document | {"version": 2}))
    entrees = Entree.objects.count()
    call_command("importer", chemin, organisme=str(maison_lavande.pk))
    assert Entree.objects.count() == entrees
    assert appliquee(maison_lavande).titre == "Oui, documentée"


def test_un_export_d_avant_dit_ce_qu_il_reunit_d_une_fiche_neuve(maison_lavande, fiche, tmp_path):
    with dans(maison_lavande):
        document = json.loads(json_registre.produire(Demande(maison_lavande)))
    document["fiches"][0] |= {"reference": "TR-900", "intitule": "Une autre"}
    for ligne in document["fiches"][0]["conservations"]:
        ligne |= {"categorie": ligne.pop("categories")[0]}
    mal_formee = document["fiches"][0] | {"reference": "TR-901", "intitule": "Mal formée", "ecarts": 5}
    mal_formee["conservations"] = [{"numero": 1, "categorie": {"code": 3}}, {"numero": 2, "categorie": 4}]
    document["fiches"].append(mal_formee)
    chemin, sortie = tmp_path / "registre.json", StringIO()
    chemin.write_text(json.dumps(document | {"version": 2}))
    with pytest.raises(CommandError, match="1 refus"):
        call_command("importer", chemin, organisme=str(maison_lavande.pk), stdout=sortie, stderr=sortie)
    assert (
        "1\N{NO-BREAK SPACE}ligne de durée du fichier est réunie à d'autres, identiques." in sortie.getvalue()
    )
    with dans(maison_lavande):
        neuve = Traitement.objects.get(reference="TR-900")
        assert neuve.conservations.get().categories == ["COORDONNEES", "PROSPECTION"]


def test_une_reunion_ecrite_a_la_main_se_voit(maison_lavande, fiche):
    """Donner à une durée l'identifiant d'une autre lui donnerait ses purges : le journal ne l'a pas réunie."""
    purger(maison_lavande, fiche, 3)
    with dans(maison_lavande):
        ancienne = str(fiche.conservations.get(numero=3).pk)
        enregistrer_fiche(
            {"conservations": [{"numero": 1, "categories": ["PROSPECTION"], **LIGNE}]},
            organisme=maison_lavande, auteur=AUTEUR, fiche=fiche,
        )  # fmt: skip
    with connection.cursor() as curseur:
        curseur.execute("UPDATE conservation_regleconservation SET reunies = %s", [json.dumps([ancienne])])
    with scopes_disabled():  # la preuve porte sur toute l'instance
        assert "dit réunir des lignes que le journal ne montre pas" in next(anomalies())


def test_la_page_d_une_operation_dit_que_sa_duree_n_est_plus_la(maison_lavande, fiche):
    """Un numéro se reprend : l'opération d'avant ne prend pas la conclusion de la durée qui le porte aujourd'hui."""
    faite = purger(maison_lavande, fiche, 1)
    for conservations in ([], [{"numero": 1, "categories": ["TRANSACTIONS"], **LIGNE, "duree_valeur": 10}]):
        with dans(maison_lavande):
            fiche.refresh_from_db()
            enregistrer_fiche(
                {"conservations": conservations}, organisme=maison_lavande, auteur=AUTEUR, fiche=fiche
            )
            assert [c.application for c in conclusions(faite)] == [None]
