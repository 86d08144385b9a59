"""Une référence et un nom de tiers n'appartiennent qu'à un objet, de quelque façon qu'on les écrive."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django_scopes import scopes_disabled

from boutique import AUTEUR, PROSPECTION, creer_fiche, creer_tiers
from journal.service import operation
from organismes.champs_derives import remplir
from organismes.models import Tiers
from organismes.portee import dans
from registre.actes.fiches import enregistrer_fiche
from registre.echanges.imports.execution import importer
from registre.echanges.imports.lot import FicheDuFichier, Lot
from registre.fiche import agregat as ag
from registre.fiche.enregistrement import Refus, enregistrer
from registre.fiche.preuve import anomalies
from traitements.models import Traitement

pytestmark = pytest.mark.django_db
MEMES = [" TR-001 ", "tr-001", "TR‑001", "ＴＲ-001", "TR-001\N{ZERO WIDTH SPACE}", "\N{NO-BREAK SPACE}Tr-001"]
DEJA = "C'est « TR-001 Prospection de particuliers par courriel »."


@pytest.mark.parametrize("reference", MEMES)
def test_le_formulaire_refuse_une_reference_deja_prise_et_nomme_la_fiche(dpo, prospection, reference):
    corps = {"reference": reference, "intitule": "Une autre", "qualite": "responsable"}
    reponse = dpo.post(reverse("admin:traitements_traitement_add"), corps)
    assert reponse.status_code == 422
    assert "TR-001 Prospection de particuliers par courriel" in reponse.content.decode()


@pytest.mark.parametrize("reference", MEMES)
def test_l_api_la_refuse_au_meme_endroit(dpo, prospection, reference):
    corps = {**PROSPECTION, "reference": reference, "intitule": "Une autre"}
    reponse = dpo.post(reverse("api:fiches-list"), corps, content_type="application/json")
    assert reponse.status_code == 400
    assert DEJA in reponse.json()["erreurs"]["reference"][0]


@pytest.mark.parametrize("reference", ["tr-001", " TR-001 "])
def test_un_import_la_refuse_et_n_ecrase_rien(maison_lavande, prospection, reference):
    lot = Lot(
        fiches=[
            FicheDuFichier("fiche n° 1", {**PROSPECTION, "reference": reference, "intitule": "Une autre"})
        ]
    )
    with dans(maison_lavande):
        bilan = importer(lot, maison_lavande, auteur=AUTEUR, nom_fichier="x.json", sha256="0" * 64)
        assert [nom for nom, _ in bilan.refuses] == ["Une autre"]
        assert DEJA in bilan.refuses[0][1][0]
        assert [f.intitule for f in Traitement.objects.all()] == [PROSPECTION["intitule"]]


def test_la_base_elle_meme_la_refuse(maison_lavande, prospection):
    with dans(maison_lavande), pytest.raises(IntegrityError), transaction.atomic(), operation():
        Traitement(organisme=maison_lavande, reference="tr-001", intitule="X", qualite="responsable").save()


def test_une_reference_se_garde_sans_espaces_aux_bords(maison_lavande):
    assert creer_fiche(maison_lavande, reference="  AV-7\N{NO-BREAK SPACE}").reference == "AV-7"
    assert creer_tiers(maison_lavande, " Envoléo SAS ").nom == "Envoléo SAS"


def test_deux_references_que_seul_un_signe_rapproche_restent_deux(maison_lavande, prospection):
    for reference in ("TR 001", "TR-01", "TR-0010"):
        creer_fiche(maison_lavande, reference=reference)


def test_changer_la_casse_de_sa_propre_reference_se_peut(maison_lavande, prospection):
    with dans(maison_lavande):
        change = enregistrer_fiche(
            {"reference": "tr-001"}, organisme=maison_lavande, auteur=AUTEUR, fiche=prospection
        ).objet
    assert change.reference == "tr-001"


@pytest.mark.parametrize("nom", ["envoleo sas", "ENVOLÉO  SAS", " Envoléo SAS "])
def test_un_tiers_ne_s_inscrit_qu_une_fois(dpo, maison_lavande, nom):
    creer_tiers(maison_lavande, "Envoléo SAS")
    reponse = dpo.post(reverse("api:tiers-list"), {"nom": nom}, content_type="application/json")
    assert reponse.status_code == 400
    assert reponse.json()["erreurs"]["nom"] == ["Un tiers porte déjà ce nom. C'est « Envoléo SAS »."]
    assert dpo.post(reverse("admin:organismes_tiers_add"), {"nom": nom}).status_code == 422


def test_un_fichier_cite_un_tiers_a_la_casse_et_aux_accents_pres(maison_lavande):
    creer_tiers(maison_lavande, "Envoléo SAS")
    fiche = creer_fiche(maison_lavande, destinataires=[{"type": "SOUS_TRAITANT", "tiers": "ENVOLEO SAS"}])
    with dans(maison_lavande):
        assert fiche.destinataires.get().tiers.nom == "Envoléo SAS"


# --- Les doublons d'avant la règle -----------------------------------------------------------------------------------
@pytest.fixture
def doublons(maison_lavande, prospection):
    """TR-001 et tr-001, Envoléo et ENVOLEO : ce que la version précédente laissait faire, migré."""
    seconde = creer_fiche(maison_lavande, reference="TR-009", intitule="La seconde")
    creer_tiers(maison_lavande, "Envoléo")
    autre = creer_tiers(maison_lavande, "Autre")
    with connection.cursor() as curseur:
        for table, colonne, valeur, pk in (
            ("traitements_traitement", "reference", "tr-001", seconde.pk),
            ("organismes_tiers", "nom", "ENVOLEO", autre.pk),
        ):
            cle = pk.hex if connection.vendor == "sqlite" else str(pk)
            curseur.execute(f"UPDATE {table} SET {colonne} = %s WHERE id = %s", [valeur, cle])
            curseur.execute(f"UPDATE {table} SET {colonne}_cle = CAST(id AS varchar(40))")
    _remplir_comme_la_migration()
    return maison_lavande


def _remplir_comme_la_migration():
    """Les modèles d'une migration n'ont ni portée ni garde de journal."""
    from django.db.migrations.loader import MigrationLoader

    etat = MigrationLoader(connection).project_state().apps
    remplir(etat.get_model("traitements", "Traitement"), "reference")
    remplir(etat.get_model("organismes", "Tiers"), "nom")


def test_les_doublons_d_avant_restent_et_se_disent(dpo, doublons):
    lue = dpo.get(reverse("registre")).content.decode()
    assert "portent la même référence, à la casse" in lue
    assert "La seconde" in lue
    lue = dpo.get(reverse("tiers")).content.decode()
    assert "ENVOLEO et Envoléo" in lue or "Envoléo et ENVOLEO" in lue
    assert reverse("fusion_tiers", args=[_tiers(doublons, "ENVOLEO")])[:7] in lue
    with dans(doublons):
        assert sorted(Traitement.objects.values_list("reference", flat=True)) == ["TR-001", "tr-001"]


def test_chacun_des_deux_s_enregistre_encore_et_un_troisieme_est_refuse(doublons):
    with dans(doublons):
        for fiche in Traitement.objects.all():
            enregistrer_fiche({"service": "Ventes"}, organisme=doublons, auteur=AUTEUR, fiche=fiche)
        for tiers in Tiers.objects.all():
            enregistrer(ag.TIERS, {"ville": "Grasse"}, tiers, auteur=AUTEUR)
        premiere = Traitement.objects.get(reference="TR-001")
        enregistrer_fiche({"reference": "TR-050"}, organisme=doublons, auteur=AUTEUR, fiche=premiere)
        assert Traitement.homonymes() == []  # départagées
    with pytest.raises(Refus):
        creer_fiche(doublons, reference="Tr-001")


def test_rien_d_un_doublon_n_a_change_de_nom(maison_lavande, prospection):
    _remplir_comme_la_migration()
    with scopes_disabled():
        assert list(anomalies()) == []


def _tiers(organisme, nom):
    with dans(organisme):
        return Tiers.objects.get(nom=nom).pk


INVISIBLES = [c * 3 for c in "\u200b\u2060\ufeff\u00ad\u0301\u2800\u115f\u3164\ufe0f"]


@pytest.mark.parametrize("invisible", INVISIBLES)
def test_un_nom_qui_ne_se_voit_pas_est_refuse_a_la_fiche_au_tiers_et_a_l_organisme(maison_lavande, invisible):
    with pytest.raises(Refus, match="ne se voit pas") as refus:
        creer_fiche(maison_lavande, reference=invisible)
    assert set(refus.value.erreurs) == {"reference"}
    with pytest.raises(Refus, match="ne se voit pas") as refus:
        creer_tiers(maison_lavande, invisible)
    assert set(refus.value.erreurs) == {"nom"}
    with dans(maison_lavande), pytest.raises(Refus, match="ne se voit pas"):
        enregistrer(ag.ORGANISME, {"raison_sociale": invisible}, maison_lavande, auteur=AUTEUR)


def test_un_nom_invisible_d_avant_n_empeche_pas_d_inscrire_les_autres(maison_lavande):
    creer_fiche(maison_lavande, reference="TR-000")
    creer_tiers(maison_lavande, "Autre")
    with connection.cursor() as curseur:
        curseur.execute("UPDATE traitements_traitement SET reference = '\u200b', reference_cle = ''")
        curseur.execute("UPDATE organismes_tiers SET nom = '\u200b', nom_cle = ''")
    assert creer_tiers(maison_lavande, "Envoléo").nom == "Envoléo"
    assert creer_fiche(maison_lavande).reference == "TR-001"
    with pytest.raises(Refus) as refus:
        creer_fiche(maison_lavande, reference="tr-001")
    assert {nom: len(phrases) for nom, phrases in refus.value.erreurs.items()} == {"reference": 1}
