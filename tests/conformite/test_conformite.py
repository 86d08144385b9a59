"""Contrôler tout un registre : la commande, sa date, son coût ; la lecture en masse dit exactement ce que dit la fiche seule."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boutique import PROSPECTION, creer_fiche, creer_tiers
from organismes.portee import dans
from registre.conformite.controle import Conformite
from registre.fiche import agregat as ag
from registre.portes.demonstration.charger import charger
from traitements.models import Traitement

pytestmark = pytest.mark.django_db
TELEPHONE = {
    "finalites": [
        {
            **PROSPECTION["finalites"][0],
            "base_legale": "INTERET_LEGITIME",
            "balance_faite": True,
            "canaux": ["TELEPHONE_B2C"],
        }
    ]
}


def controler(organisme, *options, **autres):
    sortie = StringIO()
    call_command("controler", *options, organisme=str(organisme.pk), stdout=sortie, **autres)
    return sortie.getvalue()


def test_la_lecture_en_masse_dit_ce_que_dit_chaque_fiche(db):
    from django_scopes import scopes_disabled

    from organismes.models import Organisme

    charger()
    with scopes_disabled():  # on regarde toute l'instance
        organismes = list(Organisme.objects.all())
    for organisme in organismes:
        with dans(organisme):
            seules = {
                f.reference: ag.instantane_de(ag.FICHE, f) for f in ag.FICHE.charger(Traitement.objects.all())
            }
            en_masse = {d["reference"]: d for d in ag.canoniques(ag.FICHE, Traitement.objects.all())}
            for reference, seule in seules.items():
                lue = en_masse.pop(reference)
                lue.pop("id")
                assert lue == seule, reference
            assert en_masse == {}


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_fiches(maison_lavande):
    creer_tiers(maison_lavande, "Envoléo SAS", pays="FR", contrat_art28=True)

    def cout() -> int:
        with dans(maison_lavande), CaptureQueriesContext(connection) as requetes:
            for _ in Conformite(maison_lavande).registre(date(2026, 11, 24)):
                pass
        return len(requetes)

    creer_fiche(maison_lavande)
    cout()  # les référentiels se gardent d'une lecture à l'autre : qui passe le premier les lit
    peu = cout()
    for rang in range(30):
        creer_fiche(
            maison_lavande,
            reference=f"TR-1{rang:02d}",
            destinataires=[{"type": "SOUS_TRAITANT", "tiers": "Envoléo SAS"}],
        )
    assert cout() == peu


@pytest.mark.parametrize(("au", "parle"), [("2026-08-10", False), ("2026-08-11", True)])
def test_la_commande_controle_au_jour_que_l_on_dit(maison_lavande, au, parle):
    creer_fiche(maison_lavande, **TELEPHONE)
    sortie = controler(maison_lavande, "--au", au)
    assert ("PRO-03" in sortie) is parle
    assert f"Au {au} : " in sortie


def test_le_json_porte_tout_ce_qu_un_constat_dit(maison_lavande):
    creer_fiche(maison_lavande, **TELEPHONE)
    (constat,) = [
        c
        for c in json.loads(controler(maison_lavande, "--json", au=date(2026, 11, 24)))
        if c["code"] == "PRO-03"
    ]
    assert {
        nom: constat[nom]
        for nom in ("fiche", "gravite", "exigence", "chemin", "valeur", "marque", "date", "ecart")
    } == {
        "fiche": "TR-001",
        "gravite": "bloquant",
        "exigence": "exigé par un autre texte",
        "chemin": "finalites[1].canaux",
        "valeur": ["TELEPHONE_B2C"],
        "marque": "primaire",
        "date": "2026-11-24",
        "ecart": None,
    }
    assert constat["champ"] == "Finalité 1, canaux de prospection"
    assert "L223-1" in constat["source"]
    assert constat["referentiels"]


def test_un_registre_sans_constat_se_dit_en_zero(maison_lavande):
    assert "0 bloquant, 0 alerte, 0 conseil" in controler(maison_lavande)


def test_un_organisme_inconnu_est_refuse(db):
    with pytest.raises(CommandError) as refus:
        call_command("controler", organisme="Personne", stdout=StringIO())
    assert refus.value.returncode == 1


def test_une_fiche_archivee_n_est_pas_controlee(maison_lavande):
    creer_fiche(maison_lavande, statut="archivee", **TELEPHONE)
    assert "PRO-03" not in controler(maison_lavande)


# --- Ce qu'un droit nouveau change -------------------------------------------------------------------------------------
def test_depuis_dit_jour_par_jour_les_fiches_qu_un_droit_nouveau_touche(maison_lavande):
    creer_fiche(maison_lavande, **TELEPHONE)
    creer_fiche(maison_lavande, reference="TR-002", intitule="Paie")
    sortie = controler(maison_lavande, "--depuis", "2026-08-10", "--au", "2026-11-26").replace("\xa0", " ")
    assert "Droit entré en vigueur après le 10 août 2026, jusqu'au 26 novembre 2026" in sortie
    assert "le 11 août 2026 : 1 fiche (" in sortie
    assert "+ bloquant  PRO-03  Finalité 1, canaux de prospection : " in sortie
    assert "TR-002" not in sortie


def test_depuis_se_lit_en_json(maison_lavande):
    creer_fiche(maison_lavande, **TELEPHONE)
    (jour,) = json.loads(controler(maison_lavande, "--json", "--depuis", "2026-08-10", "--au", "2026-08-11"))
    assert jour["le"] == "2026-08-11"
    assert "PRO-03" in jour["regles"]
    (fiche,) = jour["fiches"]
    assert fiche["fiche"] == "TR-001"
    assert "PRO-03" in [c["code"] for c in fiche["apportes"]]
    assert {c["date"] for c in fiche["apportes"]} == {"2026-08-11"}


def test_depuis_se_tait_quand_le_droit_n_a_pas_change(maison_lavande):
    creer_fiche(maison_lavande, **TELEPHONE)
    sortie = controler(maison_lavande, "--depuis", "2026-08-11", "--au", "2026-08-12")
    assert "Rien n'a changé dans ce que les règles appliquent." in sortie
    assert "PRO-03" not in sortie


def test_depuis_apres_au_est_refuse(maison_lavande):
    with pytest.raises(CommandError, match="est après le 2026-08-10"):
        controler(maison_lavande, "--depuis", "2026-08-11", "--au", "2026-08-10")
