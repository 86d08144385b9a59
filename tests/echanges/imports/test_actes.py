"""Un fichier ne signe rien : validation, écart, opération, épreuve y sont rapportés, et se refont là où l'on travaille."""

import json

import pytest
from django.core.management import CommandError
from django.utils import timezone
from django_scopes import scopes_disabled

from boutique import (
    AUTEUR,
    PROSPECTION,
    creer_epreuve,
    creer_fiche,
    creer_operation,
    creer_organisme,
    creer_tiers,
)
from conservation.models import Epreuve, Operation
from echanges.imports.test_json import DOCUMENT, ecrire, essayer, exporter, importer
from organismes.models import Organisme
from organismes.portee import dans
from registre.actes.ecarts import constat_a_ecarter, poser
from registre.actes.fiches import enregistrer_fiche
from registre.echanges.imports.signes import APPARUS
from registre.fiche.preuve import anomalies
from traitements.models import Traitement

pytestmark = [pytest.mark.django_db, pytest.mark.lent]
VIDE = {"reference": "TR-9", "intitule": "Fiche vide", "qualite": "responsable"}
ATTESTEE = {
    "statut": "validee",
    "validee_le": "2019-05-25",
    "date_maj": "2019-05-25",
    "alertes_lues": ["RET-06 · x"],
}
RAISON = "Le contrat est en signature chez le prestataire ; retour prévu le 15 décembre."


def fiches(organisme) -> dict[str, dict]:
    return {f["reference"]: f for f in json.loads(exporter(organisme))["fiches"]}


def jumeau(organisme) -> Organisme:
    return creer_organisme(organisme.raison_sociale)


def fichier(tmp_path, organisme, nom="registre.json"):
    chemin = tmp_path / nom
    chemin.write_bytes(exporter(organisme))
    return chemin


def valider(organisme, fiche):
    with dans(organisme):
        return enregistrer_fiche(
            {"statut": "validee"},
            organisme=organisme,
            auteur=AUTEUR,
            fiche=Traitement.objects.get(pk=fiche.pk),
            valideur=True,
        ).objet


# --- L'état ------------------------------------------------------------------------------------------------------------
def test_une_fiche_vide_dite_validee_arrive_en_brouillon_et_le_rapport_le_dit(tmp_path, maison_lavande):
    sortie = importer(ecrire(tmp_path, {"fiches": [VIDE | ATTESTEE]}), maison_lavande)
    lue = fiches(maison_lavande)["TR-9"]
    assert (lue["statut"], lue["validee_le"], lue["alertes_lues"]) == ("brouillon", None, [])
    assert lue["date_maj"] == timezone.localdate().isoformat()
    (remarque,) = lue["reprise"]
    assert remarque["valeur"].split("\n") == [
        "Validée le 25 mai 2019",
        "Dernière mise à jour le 25 mai 2019",
        "Alerte lue à la validation : RET-06 · x",
    ]
    assert "n'a pas été faite ici" in remarque["avertissement"]
    assert (
        "Fiche vide : Validée le 25 mai 2019 selon le fichier ; elle entre en brouillon, à valider ici."
        in sortie
    )


def test_le_meme_fichier_relu_ne_change_rien(tmp_path, maison_lavande):
    chemin = ecrire(tmp_path, {"fiches": [VIDE | ATTESTEE]})
    importer(chemin, maison_lavande)
    relu = importer(chemin, maison_lavande)
    assert "créés : 0\nmodifiés : 0\ninchangés : 1" in relu
    assert "État dans le fichier : validée le 25 mai 2019 ; ici : brouillon." in relu


def test_l_export_d_une_fiche_validee_ici_se_reimporte_sans_rien_changer(
    tmp_path, maison_lavande, prospection
):
    valider(maison_lavande, prospection)
    chemin = fichier(tmp_path, maison_lavande)
    sortie = importer(chemin, maison_lavande)
    assert "modifiés : 0" in sortie and "à vérifier" not in sortie
    assert exporter(maison_lavande) == chemin.read_bytes()
    assert fiches(maison_lavande)["TR-001"]["statut"] == "validee"


def test_un_fichier_qui_change_une_fiche_validee_la_rouvre(tmp_path, maison_lavande, prospection):
    valider(maison_lavande, prospection)
    document = json.loads(exporter(maison_lavande))
    document["fiches"][0]["service"] = "Un autre service"
    sortie = importer(ecrire(tmp_path, document), maison_lavande)
    lue = fiches(maison_lavande)["TR-001"]
    assert (lue["statut"], lue["validee_le"], lue["service"]) == ("brouillon", None, "Un autre service")
    assert "ce que le fichier y change la rouvre" in sortie


@pytest.mark.parametrize("statut", ["validee", "archivee", "brouillon"])
def test_un_fichier_ne_change_pas_l_etat_d_une_fiche_deja_la(statut, tmp_path, maison_lavande, prospection):
    fiche = json.loads(exporter(maison_lavande))["fiches"][0] | {"statut": statut, "validee_le": "2019-05-25"}
    sortie = importer(ecrire(tmp_path, {"fiches": [fiche]}), maison_lavande)
    assert fiches(maison_lavande)["TR-001"]["statut"] == "brouillon"
    assert "Un import ne valide, n'archive ni ne rouvre une fiche." in sortie


def test_une_fiche_archivee_arrive_archivee_sans_date_de_validation(tmp_path, maison_lavande):
    archivee = VIDE | {"statut": "archivee", "validee_le": "2019-05-25"}
    importer(ecrire(tmp_path, {"fiches": [archivee]}), maison_lavande)
    lue = fiches(maison_lavande)["TR-9"]
    assert (lue["statut"], lue["validee_le"]) == ("archivee", None)
    assert lue["reprise"][0]["valeur"] == "Archivée, validée le 25 mai 2019"


@pytest.mark.parametrize(
    ("faux", "message"),
    [
        ({"statut": "signee"}, "Cet état n'existe pas"),
        ({"statut": 12}, "Cet état n'existe pas"),
        ({"validee_le": "hier"}, "Il faut une date"),
        ({"alertes_lues": "rien"}, "Il faut une liste"),
        ({"ecarts": [{"signe": "moi"}]}, "Ce champ n'existe pas"),
        ({"ecarts": [{"raison": 12}]}, "Il faut un texte"),
        ({"ecarts": "rien"}, "Il faut une liste"),
    ],
)
def test_une_forme_fausse_refuse_sa_fiche(faux, message, tmp_path, maison_lavande):
    assert message in essayer(ecrire(tmp_path, {"fiches": [VIDE | faux]}), maison_lavande)
    assert fiches(maison_lavande) == {}


# --- Les écarts --------------------------------------------------------------------------------------------------------
@pytest.fixture
def ecartee(maison_lavande):
    creer_tiers(maison_lavande, "Prestaflou SARL", pays="FR")
    destinataires = [{"numero": 1, "type": "SOUS_TRAITANT", "tiers": "Prestaflou SARL", "pays": "FR"}]
    fiche = creer_fiche(maison_lavande, destinataires=destinataires)
    with dans(maison_lavande):
        constat = constat_a_ecarter(fiche, "SST-01", "destinataires[1].tiers")
        poser(fiche, constat, RAISON, timezone.localdate(), auteur=AUTEUR)
    return maison_lavande


def test_un_ecart_venu_d_ailleurs_garde_sa_raison_et_ne_fait_taire_aucun_constat(tmp_path, ecartee):
    neuf = jumeau(ecartee)
    sortie = importer(fichier(tmp_path, ecartee), neuf)
    lue = fiches(neuf)["TR-001"]
    (remarque,) = [r for r in lue["reprise"] if r["libelle"] == "Écart justifié, SST-01"]
    assert lue["ecarts"] == []
    assert (
        f"Raison : {RAISON}" in remarque["valeur"] and "Posé selon le fichier par Essai" in remarque["valeur"]
    )
    assert "Écart justifié (SST-01) gardé en remarque" in sortie
    relu = importer(tmp_path / "registre.json", neuf)
    assert "modifiés : 0" in relu and "gardé en remarque" not in relu


def test_un_ecart_pose_ici_reste_a_la_reimportation(tmp_path, ecartee):
    avant = exporter(ecartee)
    assert "modifiés : 0" in importer(fichier(tmp_path, ecartee), ecartee)
    assert exporter(ecartee) == avant


@pytest.mark.parametrize(
    "forge",
    [{"pose_par": "La présidente"}, {"pose_le": "2019-01-01"}, {"constat": "Rien."}, {"faits": "f" * 64}],
)
def test_un_ecart_forge_ne_remplace_pas_celui_d_ici(forge, tmp_path, ecartee):
    document = json.loads(exporter(ecartee))
    avant = document["fiches"][0]["ecarts"]
    document["fiches"][0]["ecarts"] = [avant[0] | forge]
    importer(ecrire(tmp_path, document), ecartee)
    assert fiches(ecartee)["TR-001"]["ecarts"] == avant


# --- Les opérations et les épreuves ------------------------------------------------------------------------------------
@pytest.fixture
def executee(maison_lavande, prospection, settings, tmp_path):
    settings.DONNEES = tmp_path
    creer_operation(maison_lavande, prospection, volume_avant=213, volume_apres=0, operateur="Léa")
    creer_operation(
        maison_lavande, prospection, type_="constat", preuve=b"", en_retard=2, examinees=40, source="crm.csv"
    )
    creer_epreuve(maison_lavande, prospection)
    return maison_lavande


def test_l_export_porte_les_operations_l_empreinte_des_preuves_et_les_epreuves(executee):
    document = json.loads(exporter(executee))
    purge = next(o for o in document["operations"] if o["type"] == "purge")
    constat = next(o for o in document["operations"] if o["type"] == "constat")
    assert document["version"] == 3
    assert (purge["fiche"], purge["volume_avant"], purge["auteur_nom"]) == ("TR-001", 213, "Essai")
    assert len(purge["preuve_sha256"]) == 64 and purge["regles_texte"]
    assert (constat["en_retard"], constat["source"]) == (2, "crm.csv")
    assert [(e["fiche"], e["verdict"], e["lignes"]) for e in document["epreuves"]] == [
        ("TR-001", "passee", 40)
    ]
    assert "auteur_identifiant" not in purge


def test_elles_ne_sont_jamais_recreees_ailleurs_et_l_import_dit_combien(executee, tmp_path):
    neuf = jumeau(executee)
    sortie = importer(fichier(tmp_path, executee), neuf)
    assert "2 opérations et 1 épreuve d'anonymat du fichier, non reprises" in sortie
    assert "se signe là où elle a été faite" in sortie
    with dans(neuf):
        assert (Operation.objects.count(), Epreuve.objects.count()) == (0, 0)
    assert fiches(neuf) == fiches(executee)
    with scopes_disabled():
        assert list(anomalies()) == []


def test_reimportees_la_ou_elles_sont_elles_sont_inchangees(executee, tmp_path):
    chemin = fichier(tmp_path, executee)
    sortie = importer(chemin, executee)
    assert (
        "2 opérations déjà là, inchangées." in sortie and "1 épreuve d'anonymat déjà là, inchangée." in sortie
    )
    assert exporter(executee) == chemin.read_bytes()


def test_un_export_d_avant_ne_contredit_pas_ce_qu_il_ne_pouvait_pas_porter(executee, tmp_path):
    document = json.loads(exporter(executee))
    for signee in (*document["operations"], *document["epreuves"]):
        for nom in APPARUS:
            signee.pop(nom, None)
    sortie = importer(ecrire(tmp_path, document), executee)
    assert "2 opérations déjà là, inchangées." in sortie and "contredit" not in sortie


@pytest.mark.parametrize(
    ("liste", "forge", "dit"),
    [
        ("operations", {"volume_avant": 12}, "nombre avant : 12 dans le fichier, 213 ici"),
        ("operations", {"preuve_sha256": "0" * 64}, "empreinte de la preuve : 0000"),
        ("operations", {"auteur_nom": "La présidente"}, "auteur : La présidente dans le fichier, Essai ici"),
        ("operations", {"signe": "moi"}, "signe : moi dans le fichier, rien ici"),
        ("epreuves", {"verdict": "insuffisante"}, "verdict : Seuils non atteints dans le fichier, Seuils atteints ici"),
    ],
)  # fmt: skip
def test_une_operation_forgee_est_nommee_et_rien_n_en_est_pris(liste, forge, dit, executee, tmp_path):
    avant = exporter(executee)
    document = json.loads(avant)
    rang = next(r for r, o in enumerate(document[liste]) if o.get("type", "purge") == "purge")
    document[liste][rang] |= forge
    sortie = essayer(ecrire(tmp_path, document), executee)
    assert "contredit ce qui est signé ici" in sortie and dit in sortie and "1 refus" in sortie
    assert exporter(executee) == avant


def test_une_epreuve_d_un_fichier_plus_ancien_ne_contredit_pas_celle_d_ici(executee, tmp_path):
    document = json.loads(exporter(executee))
    for champ in ("ligne", "donnees_origine", "criteres", "protocole"):
        del document["epreuves"][0][champ]
    assert "1 épreuve d'anonymat déjà là, inchangée." in essayer(ecrire(tmp_path, document), executee)


def test_une_operation_sans_identifiant_ou_d_ailleurs_n_est_pas_reprise(executee, tmp_path):
    operations = [{"id": 12}, {}, {"id": "x", "type": "purge"}]
    sortie = importer(ecrire(tmp_path, {"version": 2, "operations": operations}), executee)
    assert "3 opérations du fichier, non reprises" in sortie


def test_une_operation_mal_formee_refuse_le_fichier(tmp_path, maison_lavande):
    with pytest.raises(CommandError, match=r"operations\[1\] : il faut un objet JSON"):
        importer(ecrire(tmp_path, {"version": 2, "operations": [12]}), maison_lavande)


def test_un_export_d_avant_les_operations_se_lit_encore(tmp_path, maison_lavande):
    assert "créés : 1" in importer(ecrire(tmp_path, {"fiches": [PROSPECTION]}), maison_lavande)
    assert DOCUMENT["version"] == 1


# --- L'aller et retour -------------------------------------------------------------------------------------------------
def test_la_demonstration_fait_l_aller_retour_aux_actes_pres(db, tmp_path):
    from registre.portes.demonstration.charger import charger

    charger()
    for nom in ("Maison Lavande", "Atelier Pixel"):
        with scopes_disabled():
            original = Organisme.objects.get(raison_sociale=nom)
        chemin, neuf = fichier(tmp_path, original), jumeau(original)
        sortie = importer(chemin, neuf)
        avant, apres = json.loads(chemin.read_text()), json.loads(exporter(neuf))
        assert (apres["organisme"], apres["tiers"]) == (avant["organisme"], avant["tiers"])
        for ancienne, neuve in zip(avant["fiches"], apres["fiches"], strict=True):
            changes = {c for c in ancienne if ancienne[c] != neuve[c]}
            assert changes <= {"statut", "validee_le", "date_maj", "alertes_lues", "reprise", "ecarts"}
            if ancienne["statut"] == "validee":
                assert f"{ancienne['intitule']} : Validée le" in sortie
        (tmp_path / "second.json").write_bytes(exporter(neuf))
        assert "créés : 0\nmodifiés : 0" in importer(chemin, neuf)
        assert "créés : 0\nmodifiés : 0" in importer(tmp_path / "second.json", neuf)
