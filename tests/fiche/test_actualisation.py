"""Quand une version nouvelle des référentiels change ce qu'une fiche cite, la fiche se retrouve « à actualiser », avec ce qui change."""

import shutil

import pytest
from django.urls import reverse

from boutique import AUTEUR, PROSPECTION, creer_fiche
from conservation.models import DureeReference
from journal.models import Entree
from organismes.models import ChangementReferentiel
from organismes.portee import dans
from pages import en_lettres
from registre.fiche.referentiels import FICHIERS, RACINE, charger
from traitements.models import Traitement

pytestmark = pytest.mark.django_db
DUREES = "conservation/referentiels/durees.toml"
MODELE = "traitements/fiches_types/03-prospection-b2c-elec.toml"


@pytest.fixture
def version_nouvelle(tmp_path):
    """Charge une copie des référentiels où une chose a changé."""
    for fichier, _ in FICHIERS:
        (tmp_path / fichier).parent.mkdir(parents=True, exist_ok=True)
        copier = shutil.copytree if (RACINE / fichier).is_dir() else shutil.copy
        copier(RACINE / fichier, tmp_path / fichier)

    def changer(fichier: str, avant: str, apres: str) -> None:
        texte = (tmp_path / fichier).read_text(encoding="utf-8")
        assert avant in texte
        (tmp_path / fichier).write_text(texte.replace(avant, apres, 1), encoding="utf-8")
        charger(AUTEUR, tmp_path)

    return changer


def page(client, nom, *args) -> str:
    reponse = client.get(reverse(nom, args=args))
    assert reponse.status_code == 200
    return reponse.content.decode()


def citant(organisme, **autres):
    """Une fiche dont la durée s'inspire de la référence « Prospect non client »."""
    regle = {**PROSPECTION["conservations"][0], "regle_reference": "PROSPECT-3A"}
    return creer_fiche(organisme, conservations=[regle], **autres)


def prospect_a_deux_ans(changer) -> None:
    changer(
        DUREES,
        'code = "PROSPECT-3A"\nlibelle = "Prospect non client"',
        'code = "PROSPECT-3A"\nlibelle = "Prospect resté sans suite"',
    )


def test_la_fiche_qui_cite_la_ligne_changee_est_a_actualiser_et_pas_les_autres(
    dpo, maison_lavande, version_nouvelle
):
    citant(maison_lavande, intitule="Elle cite la durée")
    creer_fiche(maison_lavande, reference="TR-002", intitule="Elle ne la cite pas")
    assert "Aucune fiche à actualiser" in page(dpo, "a_actualiser")
    prospect_a_deux_ans(version_nouvelle)
    vue = page(dpo, "a_actualiser")
    assert "Elle cite la durée" in vue
    assert "Elle ne la cite pas" not in vue
    assert "Prospect non client" in vue
    assert "Prospect resté sans suite" in vue
    assert ">1 fiche<" in page(dpo, "tableau")


def test_actualisee_la_fiche_sort_de_la_liste_et_le_journal_le_dit(dpo, maison_lavande, version_nouvelle):
    fiche = citant(maison_lavande)
    prospect_a_deux_ans(version_nouvelle)
    dpo.post(reverse("actualisee", args=[fiche.pk]))
    assert "Aucune fiche à actualiser" in page(dpo, "a_actualiser")
    derniere = Entree.objects.order_by("-seq").first()
    assert (derniere.action, derniere.auteur_nom) == ("relecture", "Claire Morel")
    vu = en_lettres(page(dpo, "journal"))
    assert f"Actualisation : {fiche}" in vu and "Changements pris en compte" in vu


def test_une_fiche_creee_apres_le_changement_n_est_pas_a_actualiser(dpo, maison_lavande, version_nouvelle):
    prospect_a_deux_ans(version_nouvelle)
    citant(maison_lavande)
    assert "Aucune fiche à actualiser" in page(dpo, "a_actualiser")


def test_une_ligne_retiree_est_un_changement(dpo, maison_lavande, version_nouvelle):
    fiche = citant(maison_lavande)
    version_nouvelle(DUREES, 'code = "PROSPECT-3A"', 'code = "PROSPECT-3A-BIS"')
    assert ChangementReferentiel.objects.filter(code="PROSPECT-3A", retiree=True).exists()
    vue = page(dpo, "a_actualiser")
    assert fiche.intitule in vue
    assert "a été retirée" in vue


def test_recharger_la_meme_version_ne_change_rien(maison_lavande):
    charger(AUTEUR)
    assert not ChangementReferentiel.objects.exists()


def test_un_modele_change_rend_a_actualiser_les_fiches_qui_en_viennent(dpo, maison_lavande, version_nouvelle):
    dpo.post(reverse("fiche_type", args=["PROSPECTION_B2C_ELEC"]))
    version_nouvelle(MODELE, 'famille = "prospection"', 'famille = "autre"')
    # Le nom que portent les changements déjà retenus, quel que soit le dossier des fiches types.
    assert ChangementReferentiel.objects.get().liste == "modeles"
    vue = page(dpo, "a_actualiser")
    assert "Modèle de fiche" in vue
    assert "famille" in vue


def test_direction_et_auditeurs_lisent_la_liste_sans_la_solder(auditeur, maison_lavande, version_nouvelle):
    fiche = citant(maison_lavande)
    prospect_a_deux_ans(version_nouvelle)
    assert "Déclarer à jour" not in page(auditeur, "a_actualiser")
    assert auditeur.post(reverse("actualisee", args=[fiche.pk])).status_code == 403
    with dans(maison_lavande):
        assert Traitement.objects.get(pk=fiche.pk).referentiels_lus == 0


def test_les_durees_corrigees_mettent_a_actualiser_les_fiches_qui_les_citent_et_elles_restent_valides(
    dpo, maison_lavande
):
    """La base d'avant : la médiation y était un minimum légal, et rien n'y disait quand une durée s'applique."""
    avant = DureeReference.objects
    avant.filter(pk="MEDIATION-1A").update(nature="minimale", libelle="Réclamation écrite")
    avant.update(situation="", quand="")
    mediation = {"regle_reference": "MEDIATION-1A", "duree_valeur": 6, "duree_unite": "mois"}
    fiche = creer_fiche(maison_lavande, conservations=[{**PROSPECTION["conservations"][0], **mediation}])
    citant(
        maison_lavande, reference="TR-002", intitule="Elle cite une durée dont seul le mode d'emploi change"
    )
    charger(AUTEUR)
    assert list(ChangementReferentiel.objects.values_list("code", flat=True)) == ["MEDIATION-1A"]
    vue = page(dpo, "a_actualiser")
    assert fiche.reference in vue and "seul le mode d'emploi" not in vue
    assert "RET-04" not in page(dpo, "fiche", fiche.pk)
