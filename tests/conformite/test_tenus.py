"""Un enregistrement ne fait rejuger que sa fiche ; ce qui peut toucher toutes les fiches les fait toutes rejuger."""

from datetime import date

import pytest
from django.core.cache import cache

from boutique import AUTEUR, creer_epreuve, creer_fiche, creer_operation, creer_plan, creer_tiers
from journal.service import consigner, operation
from organismes.models import Organisme
from organismes.portee import dans
from registre.actes.fiches import enregistrer_fiche
from registre.conformite import controle
from registre.conformite.synthese import Synthese, synthese
from registre.execution import echeances as echeancier
from registre.fiche import agregat as ag
from registre.fiche.enregistrement import enregistrer
from traitements.models import Traitement

pytestmark = pytest.mark.django_db
LE = date(2026, 11, 24)
DATEE = {"duree_valeur": 3, "duree_unite": "ans", "frequence_mois": 12, "derniere_purge": "2024-01-15"}


@pytest.fixture
def fiches(maison_lavande):
    return [creer_fiche(maison_lavande, reference=f"TR-00{n}", intitule=f"Fiche {n}") for n in range(1, 5)]


@pytest.fixture
def jugees(monkeypatch):
    """Les références des fiches que les règles jugent, à mesure."""
    lues: list[str] = []

    def juger(faits, le):
        lues.append(faits.fiche["reference"])
        return vraie(faits, le)

    vraie = controle.controler
    monkeypatch.setattr(controle, "controler", juger)
    return lues


def lire_synthese(organisme: Organisme, le: date = LE) -> Synthese:
    with dans(organisme):
        return synthese(organisme, le)


def changer(fiche: Traitement, **champs):
    with dans(fiche.organisme):
        lue = ag.FICHE.charger(Traitement.objects.filter(pk=fiche.pk)).get()
        donnees = ag.instantane_de(ag.FICHE, lue) | champs
        enregistrer_fiche(donnees, organisme=fiche.organisme, auteur=AUTEUR, valideur=True, fiche=lue)


def comparable(lue: Synthese):
    ranges = [{code: sorted(x) for code, x in dit.items()} for dit in (lue.par_regle, lue.ecartes)]
    return *ranges, lue.par_fiche, lue.a_actualiser, lue.organisme


def test_rien_n_a_change_rien_n_est_rejuge(maison_lavande, fiches, jugees):
    lire_synthese(maison_lavande)
    assert sorted(jugees) == [f.reference for f in fiches]
    jugees.clear()
    lire_synthese(maison_lavande)
    assert jugees == []


def test_une_fiche_enregistree_est_seule_rejugee(maison_lavande, fiches, jugees):
    lire_synthese(maison_lavande)
    jugees.clear()
    changer(fiches[1], service="Direction marketing", destinataires=[])
    apres = lire_synthese(maison_lavande)
    assert jugees == ["TR-002"]
    assert apres.par_regle["REG-04"] == [fiches[1].pk]
    cache.clear()
    assert comparable(apres) == comparable(lire_synthese(maison_lavande))


def test_une_fiche_de_plus_est_seule_jugee_et_une_fiche_archivee_ne_l_est_plus(
    maison_lavande, fiches, jugees
):
    lire_synthese(maison_lavande)
    jugees.clear()
    creer_fiche(maison_lavande, reference="TR-009", intitule="Neuve", destinataires=[])
    assert "REG-04" in lire_synthese(maison_lavande).par_regle
    assert jugees == ["TR-009"]
    with dans(maison_lavande):
        changer(Traitement.objects.get(reference="TR-009"), statut="archivee")
    assert "REG-04" not in lire_synthese(maison_lavande).par_regle
    assert jugees == ["TR-009"]


@pytest.mark.parametrize("consigne", [creer_operation, creer_epreuve])
def test_une_operation_ou_une_epreuve_ne_fait_rejuger_que_sa_fiche(maison_lavande, fiches, jugees, consigne):
    lire_synthese(maison_lavande)
    jugees.clear()
    consigne(maison_lavande, fiches[2])
    lire_synthese(maison_lavande)
    assert jugees == ["TR-003"]


def test_un_plan_de_releve_ne_fait_rien_rejuger(maison_lavande, fiches, jugees):
    lire_synthese(maison_lavande)
    jugees.clear()
    creer_plan(maison_lavande, fiches[0])
    lire_synthese(maison_lavande)
    assert jugees == []


def l_organisme(organisme: Organisme) -> None:
    with dans(organisme):
        lu = ag.ORGANISME.charger(Organisme.objects.filter(pk=organisme.pk)).get()
        donnees = ag.instantane_de(ag.ORGANISME, lu) | {"doctrine_profilage": "consentement_tout_profilage"}
        enregistrer(ag.ORGANISME, donnees, lu, auteur=AUTEUR)


def un_tiers(organisme: Organisme) -> None:
    creer_tiers(organisme, "Envoléo SAS", pays="FR")


def les_referentiels(organisme: Organisme) -> None:
    with operation():
        consigner(
            auteur=AUTEUR,
            action="chargement",
            objet_type="referentiels",
            objet_id="referentiels",
            objet_libelle="Référentiels",
            apres={"durees": "1 ligne"},
        )


@pytest.mark.parametrize("change", [l_organisme, un_tiers, les_referentiels])
def test_ce_qui_peut_toucher_toutes_les_fiches_les_fait_toutes_rejuger(
    maison_lavande, fiches, jugees, change
):
    lire_synthese(maison_lavande)
    jugees.clear()
    change(maison_lavande)
    lire_synthese(maison_lavande)
    assert sorted(jugees) == [f.reference for f in fiches]


def test_le_jour_suivant_et_un_autre_code_font_tout_rejuger(maison_lavande, fiches, jugees, monkeypatch):
    lire_synthese(maison_lavande)
    jugees.clear()
    lire_synthese(maison_lavande, date(2026, 11, 25))
    assert sorted(jugees) == [f.reference for f in fiches]
    jugees.clear()
    for module in ("tenus", "synthese"):
        monkeypatch.setattr(f"registre.conformite.{module}.empreinte_du_code", lambda: "autre")
    lire_synthese(maison_lavande)
    assert sorted(jugees) == [f.reference for f in fiches]


def test_la_fiche_d_un_autre_organisme_ne_fait_rien_rejuger(maison_lavande, autre_boutique, fiches, jugees):
    lire_synthese(maison_lavande)
    jugees.clear()
    creer_fiche(autre_boutique, reference="TR-001")
    lire_synthese(maison_lavande)
    assert jugees == []


def test_l_echeancier_ne_refait_que_la_fiche_enregistree(maison_lavande, fiches, monkeypatch):
    refaites: list[str] = []

    def compter(fiche, *suite):
        refaites.append(fiche["reference"])
        return vraie(fiche, *suite)

    vraie = echeancier.echeances
    monkeypatch.setattr(echeancier, "echeances", compter)
    with dans(maison_lavande):
        echeancier.lire(maison_lavande, LE)
        refaites.clear()
        changer(fiches[1], conservations=[{**premiere_duree(fiches[1]), **DATEE}])
        apres = echeancier.lire(maison_lavande, LE)
        assert refaites == ["TR-002"]
        cache.clear()
        assert apres == echeancier.lire(maison_lavande, LE)


def premiere_duree(fiche: Traitement) -> dict:
    lue = ag.FICHE.charger(Traitement.objects.filter(pk=fiche.pk)).get()
    return ag.instantane_de(ag.FICHE, lue)["conservations"][0]
