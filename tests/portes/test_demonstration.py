"""La démonstration : deux organismes crédibles, deux fiches fautives à dessein, des mots de passe montrés une fois."""

import shutil
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_scopes import scopes_disabled

from boutique import creer_organisme
from conservation.models import Epreuve
from journal.models import Entree
from organismes.choix import Role
from organismes.models import Habilitation, Organisme, Utilisateur
from organismes.portee import dans
from registre.conformite.controle import Conformite
from registre.fiche.preuve import anomalies
from registre.portes.demonstration import lecture
from registre.portes.demonstration.charger import charger
from traitements.choix import Famille
from traitements.models import Traitement

pytestmark = pytest.mark.django_db
FICHES_FAUTIVES = ("TR-009", "TR-011")  # à dessein : voir la tête de leurs fichiers
JOUR = date(2026, 11, 24)  # les vérifications de la démonstration vieillissent, comme les vraies


@pytest.fixture
def comptes(demonstration, db):
    return demonstration


def organisme(nom: str) -> Organisme:
    with scopes_disabled():
        return Organisme.objects.get(raison_sociale=nom)


def test_la_demonstration_ne_se_mele_pas_a_une_vraie_base(db):
    creer_organisme("Vraie société")
    with pytest.raises(CommandError, match="ne s'y mêle pas"):
        call_command("charger_demo", stdout=StringIO())
    with scopes_disabled():
        assert Organisme.objects.count() == 1


def copie(tmp_path, monkeypatch):
    """Les fichiers de la démonstration, dans un dossier que l'essai peut abîmer."""
    dossier = Path(shutil.copytree(lecture.DOSSIER, tmp_path / "demonstration"))
    monkeypatch.setattr(lecture, "DOSSIER", dossier)
    return dossier


@pytest.mark.parametrize(
    ("fichier", "texte", "attendu"),
    [
        ("instance.toml", "administrateur = [", "demonstration/instance.toml : illisible"),
        (
            "maison-lavande/tr-001-commandes.toml",
            "[fiches]",
            r"maison-lavande/tr-001-commandes.toml : il faut fiche, et rien d'autre \(lu : fiches\)",
        ),
        ("atelier-pixel/organisme.toml", "[organisme]", "il faut organisme, tiers, et rien d'autre"),
    ],
)
def test_un_fichier_abime_est_nomme_et_rien_n_est_cree(db, tmp_path, monkeypatch, fichier, texte, attendu):
    (copie(tmp_path, monkeypatch) / fichier).write_text(texte, encoding="utf-8")
    with pytest.raises(CommandError, match=attendu):
        call_command("charger_demo", stdout=StringIO())
    with scopes_disabled():
        assert not Organisme.objects.exists()


def test_une_fiche_de_plus_est_un_fichier_de_plus(db, tmp_path, monkeypatch):
    autre = '[fiche]\nreference = "TR-050"\nintitule = "Carnet de visites"\nqualite = "responsable"\n'
    (copie(tmp_path, monkeypatch) / "maison-lavande" / "tr-050-visites.toml").write_text(
        autre, encoding="utf-8"
    )
    charger()
    with dans(organisme("Maison Lavande")):
        assert Traitement.objects.get(reference="TR-050").intitule == "Carnet de visites"


def test_maison_lavande_couvre_les_huit_familles(comptes):
    with dans(organisme("Maison Lavande")):
        familles = set(Traitement.objects.values_list("famille", flat=True))
        assert Traitement.objects.count() >= 8
    attendues = {
        Famille.CLIENTS,
        Famille.PROSPECTION,
        Famille.STATISTIQUES,
        Famille.CESSION,
        Famille.AVIS,
        Famille.FIDELITE,
        Famille.IMPAYES,
        Famille.DROITS,
    }
    assert attendues <= familles


def test_elle_transfere_aux_etats_unis_et_au_maroc(comptes):
    with dans(organisme("Maison Lavande")):
        from traitements.models import Transfert

        garanties = set(Transfert.objects.exclude(garantie=None).values_list("pays_id", "garantie_id"))
    assert {("US", "ADEQUATION"), ("MA", "CCT_COMMISSION")} <= garanties


def test_atelier_pixel_est_sous_traitant_de_trois_clients(comptes):
    with dans(organisme("Atelier Pixel")):
        from traitements.models import ClientTraitement

        assert Traitement.objects.du_sous_traitant().count() >= 3
        assert ClientTraitement.objects.values("tiers").distinct().count() == 3


@pytest.mark.parametrize("nom", ["Maison Lavande", "Atelier Pixel"])
def test_seules_les_fiches_fautives_ont_un_constat_bloquant(comptes, nom):
    cible = organisme(nom)
    with dans(cible):
        bloquees = {
            fiche["reference"] for fiche, bilan in Conformite(cible).registre(JOUR) if bilan.bloquants
        }
    assert bloquees == (set(FICHES_FAUTIVES) if nom == "Maison Lavande" else set())


def test_un_compte_par_role_et_un_administrateur(comptes):
    with scopes_disabled():
        assert set(Habilitation.objects.values_list("role", flat=True)) == set(Role.values)
    assert Utilisateur.objects.filter(administrateur=True).count() == 1


def test_les_mots_de_passe_ouvrent_et_ne_sont_ecrits_nulle_part(comptes, client):
    for compte in comptes:
        assert client.login(email=compte.courriel, password=compte.mot_de_passe)
        assert not Entree.objects.filter(instantane__contains=compte.mot_de_passe).exists()
        assert compte.mot_de_passe not in Utilisateur.objects.get(courriel=compte.courriel).password
    assert len({c.mot_de_passe for c in comptes}) == len(comptes)


def test_un_second_chargement_ne_fait_rien(comptes):
    entrees = Entree.objects.count()
    sortie = StringIO()
    call_command("charger_demo", stdout=sortie)
    assert "déjà chargée" in sortie.getvalue()
    assert Entree.objects.count() == entrees


def test_le_journal_de_la_demonstration_est_intact_et_signe(comptes):
    with scopes_disabled():
        assert list(anomalies()) == []
    assert {"Claire Morel", "Léa Fontaine"} <= set(Entree.objects.values_list("auteur_nom", flat=True))


def test_la_demonstration_montre_les_trois_niveaux_et_un_ecart_justifie(comptes):
    lavande = organisme("Maison Lavande")
    with dans(lavande):
        conformite, bilans = Conformite(lavande), {}
        for canonique, _ in conformite.registre(JOUR):
            lue = conformite.avec_applications(canonique, JOUR)
            for k in lue["conservations"]:
                bilans[f"{canonique['reference']}#{k['numero']}"] = k["_application"].phrase
    for duree, debut in {
        "TR-002#1": "Oui, constatée : relevé du 13",
        "TR-003#1": "Oui, déclarée",
        "TR-006#2": "Oui, documentée : purge du 3",
        "TR-007#1": "Oui, documentée : purge du 30",
        "TR-009#1": "Non, constatée : 37 lignes",
    }.items():
        assert bilans[duree].startswith(debut), bilans[duree]
    with dans(lavande):
        verdicts = list(Epreuve.objects.order_by("enregistre_le").values_list("verdict", flat=True))
    assert verdicts == ["identifiante", "passee"]
    with dans(lavande):  # un écart vaut du jour où il est posé
        aujourd_hui = {c["reference"]: b for c, b in Conformite(lavande).registre(timezone.localdate())}
    assert [e.constat.code for e in aujourd_hui["TR-001"].ecartes] == ["RET-10"]
