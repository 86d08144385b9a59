"""Une remarque d'import se traite une à une : elle quitte la page, l'histoire la garde, le même import ne la ramène pas."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django_scopes import scopes_disabled

from boutique import AUTEUR, creer_fiche
from classeurs import CLIENTS, ecrire, feuille, fiche
from journal.models import Entree
from organismes.models import Organisme
from organismes.portee import dans
from registre.actes.fiches import enregistrer_fiche
from registre.echanges.imports import reprise
from registre.fiche.preuve import anomalies
from traitements.models import Traitement

pytestmark = pytest.mark.django_db
SUITE = "Reporté dans les destinataires."


def importer(chemin, organisme) -> str:
    sortie = StringIO()
    call_command("importer", chemin, organisme=str(organisme.pk), stdout=sortie, stderr=sortie)
    return sortie.getvalue()


@pytest.fixture
def classeur(tmp_path):
    lignes = [["Note du service", "Voir Julie avant envoi"], ["Autre note", "Armoire 4"], *fiche(**CLIENTS)]
    etrangere = feuille("Plan d'action", [["Refaire les mentions", "avant l'été"]])
    return ecrire(tmp_path / "r.ods", feuille("x", lignes), etrangere)


@pytest.fixture
def importee(maison_lavande, classeur) -> Traitement:
    importer(classeur, maison_lavande)
    with dans(maison_lavande):
        return Traitement.objects.get()


def relue(fiche) -> Traitement:
    with scopes_disabled():
        return Traitement.objects.get(pk=fiche.pk)


def numero(fiche, texte: str) -> int:
    return next(n for n, e in enumerate(relue(fiche).reprise, start=1) if texte in e["valeur"])


def traiter(client, fiche, texte, suite=SUITE, revision=None):
    adresse = reverse("traiter_remarque", args=[fiche.pk, numero(fiche, texte)])
    return client.post(adresse, {"version": revision or relue(fiche).revision, "suite": suite}, follow=True)


def test_une_remarque_traitee_quitte_la_page_et_reste_dans_l_histoire(dpo, importee):
    page = traiter(dpo, importee, "Voir Julie").content.decode()
    assert "La remarque est traitée" in page
    assert "Voir Julie" not in page and "Armoire 4" in page
    histoire = dpo.get(reverse("historique", args=[importee.pk])).content.decode()
    assert "Remarque d&#x27;import traitée" in histoire or "Remarque d’import traitée" in histoire
    assert "Voir Julie avant envoi (traitée : Reporté dans les destinataires.)" in histoire
    derniere = Entree.objects.order_by("-seq").first()
    assert (derniere.action, derniere.auteur_nom) == ("remarque-traitee", "Claire Morel")
    assert [c["chemin"] for c in derniere.changements] == ["reprise"]
    with scopes_disabled():
        assert list(anomalies()) == []


def test_sans_un_mot_elle_se_traite_aussi(contributeur, importee):
    traiter(contributeur, importee, "Armoire 4", suite="")
    assert relue(importee).reprise[numero(importee, "Armoire 4") - 1]["suite"] == ""


def test_le_meme_import_ne_la_ramene_pas(dpo, importee, maison_lavande, classeur):
    traiter(dpo, importee, "Voir Julie")
    assert "inchangés : 1" in importer(classeur, maison_lavande)
    assert "Voir Julie" not in dpo.get(reverse("fiche", args=[importee.pk])).content.decode()


def test_elle_ne_change_ni_l_etat_ni_les_dates_d_une_fiche_validee(contributeur, maison_lavande):
    fiche_ = creer_fiche(maison_lavande)
    with dans(maison_lavande):
        remarquee = enregistrer_fiche(
            {"reprise": [{"libelle": "Note", "valeur": "Voir Julie"}], "statut": "validee"},
            organisme=maison_lavande,
            auteur=AUTEUR,
            fiche=fiche_,
            valideur=True,
            admis=frozenset({"reprise"}),
        ).objet
    assert remarquee.statut == "validee"
    traiter(contributeur, remarquee, "Voir Julie")
    apres = relue(fiche_)
    assert (apres.statut, apres.validee_le) == ("validee", remarquee.validee_le)
    assert "suite" in apres.reprise[0]


@pytest.mark.parametrize("qui", ["direction", "auditeur"])
def test_qui_ne_modifie_pas_la_fiche_n_y_touche_pas(qui, importee, request):
    client = request.getfixturevalue(qui)
    assert "Marquer traitée" not in client.get(reverse("fiche", args=[importee.pk])).content.decode()
    assert traiter(client, importee, "Voir Julie").status_code == 403
    assert all("suite" not in e for e in relue(importee).reprise)


def test_la_fiche_d_un_autre_organisme_n_existe_pas(dpo_voisin, importee):
    assert traiter(dpo_voisin, importee, "Voir Julie").status_code == 404


@pytest.mark.parametrize("revision", [1, "²", "", "9" * 400])
def test_une_page_perimee_ne_traite_rien_et_rend_le_texte(revision, dpo, importee, maison_lavande):
    with dans(maison_lavande):
        enregistrer_fiche({"volumes": "300"}, organisme=maison_lavande, auteur=AUTEUR, fiche=relue(importee))
    adresse = reverse("traiter_remarque", args=[importee.pk, numero(importee, "Voir Julie")])
    page = dpo.post(adresse, {"version": revision, "suite": SUITE}, follow=True).content.decode()
    assert "a changé depuis votre lecture" in page and SUITE in page
    assert all("suite" not in e for e in relue(importee).reprise)


@pytest.mark.parametrize("suite", ["x" * 501, "a\x00b"])
def test_un_mot_impossible_est_refuse_en_francais(suite, dpo, importee):
    page = traiter(dpo, importee, "Voir Julie", suite=suite).content.decode()
    assert "dépasse 500 caractères" in page or "caractère de commande" in page
    assert all("suite" not in e for e in relue(importee).reprise)


@pytest.mark.parametrize("rang", [0, 99])
def test_une_remarque_qui_n_est_plus_a_traiter_se_dit(rang, dpo, importee):
    adresse = reverse("traiter_remarque", args=[importee.pk, rang])
    page = dpo.post(adresse, {"version": relue(importee).revision}, follow=True).content.decode()
    assert "plus à traiter" in page


# --- Dans le formulaire ------------------------------------------------------------------------------------------------
def saisie(client, fiche) -> tuple[str, dict[str, str]]:
    adresse = reverse("admin:traitements_traitement_change", args=[fiche.pk])
    page = client.get(adresse).content.decode()
    champs = dict(re.findall(r'<input[^>]*name="(jeton|reference|intitule)"[^>]*value="([^"]*)"', page))
    return adresse, champs | {"qualite": "responsable"}


def test_depuis_le_formulaire_rien_de_ce_qui_est_tape_ne_se_perd(dpo, importee):
    adresse, champs = saisie(dpo, importee)
    rang = numero(importee, "Voir Julie")
    tape = {**champs, "description": "Une description tapée", "traiter": rang, f"suite-{rang}": SUITE}
    page = dpo.post(adresse, tape).content.decode()
    assert "Une description tapée" in page and "La remarque est traitée" in page
    assert (relue(importee).description, relue(importee).reprise[rang - 1]["suite"]) == ("", SUITE)
    jeton = re.search(r'name="jeton" value="([^"]*)"', page)[1]
    suite = dpo.post(adresse, {**champs, "jeton": jeton, "description": "Une description tapée"})
    assert suite.status_code == 302
    assert relue(importee).description == "Une description tapée"


def test_le_mot_ecrit_sous_une_remarque_se_garde_en_enregistrant_la_page(dpo, importee):
    adresse, champs = saisie(dpo, importee)
    rang = numero(importee, "Armoire 4")
    assert dpo.post(adresse, {**champs, "description": "Tapée", f"suite-{rang}": SUITE}).status_code == 302
    apres = relue(importee)
    assert (apres.description, apres.reprise[rang - 1]["suite"]) == ("Tapée", SUITE)


def test_un_conflit_dans_le_formulaire_montre_la_page_de_conflit_et_garde_le_mot(
    dpo, importee, maison_lavande
):
    adresse, champs = saisie(dpo, importee)
    with dans(maison_lavande):
        enregistrer_fiche({"volumes": "300"}, organisme=maison_lavande, auteur=AUTEUR, fiche=relue(importee))
    rang = numero(importee, "Voir Julie")
    reponse = dpo.post(adresse, {**champs, "description": "Tapée", "traiter": rang, f"suite-{rang}": SUITE})
    assert reponse.status_code == 409
    page = reponse.content.decode()
    assert "Tapée" in page and SUITE in page
    assert "suite" not in relue(importee).reprise[rang - 1]


# --- L'organisme -------------------------------------------------------------------------------------------------------
def test_ce_qu_un_fichier_portait_pour_l_organisme_se_traite_de_meme(
    dpo, contributeur, importee, maison_lavande, classeur
):
    with scopes_disabled():
        organisme = Organisme.objects.get(pk=maison_lavande.pk)
    rang = next(n for n, e in enumerate(organisme.reprise, start=1) if "mentions" in e["valeur"])
    adresse = reverse("traiter_remarque_organisme", args=[rang])
    assert contributeur.post(adresse, {"version": organisme.revision}).status_code == 403
    page = dpo.post(adresse, {"version": organisme.revision, "suite": SUITE}, follow=True).content.decode()
    assert "La remarque est traitée" in page and "Refaire les mentions" not in page
    importer(classeur, maison_lavande)
    with scopes_disabled():
        assert Organisme.objects.get(pk=maison_lavande.pk).reprise[rang - 1]["suite"] == SUITE


def test_une_remarque_dite_traitee_par_un_fichier_se_montre(dpo, importee, maison_lavande, tmp_path):
    from boutique import creer_organisme
    from echanges.imports.test_json import exporter

    traiter(dpo, importee, "Voir Julie")
    chemin, neuf = tmp_path / "r.json", creer_organisme("Maison Lavande")
    chemin.write_bytes(exporter(maison_lavande))
    importer(chemin, neuf)
    with dans(neuf):
        (remarque,) = [e for e in Traitement.objects.get().reprise if "Voir Julie" in e["valeur"]]
    assert "suite" not in remarque
    assert remarque["avertissement"] == f"Traitée, selon le fichier : {SUITE}"
    assert "modifiés : 0" in importer(chemin, neuf)


def test_un_fichier_ne_parle_pas_au_nom_de_registre():
    dit = {"source": "tenu par Registre", "libelle": "validée le", "valeur": "3 mai 2024"}
    (lue,) = reprise.fusionner([dit], [])
    assert lue["source"] == "tenu par Registre, selon le fichier importé"
    assert reprise.fusionner([dit], [lue]) == [lue]
    assert reprise.fusionner([dit], [dit]) == [dit]  # le même élément, déjà ici, reste de Registre
