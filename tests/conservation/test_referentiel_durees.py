"""Le référentiel des durées ne se contredit pas : ce que dit le critère d'une ligne est ce d'où court sa durée. Sans base."""

import re
import tomllib
from pathlib import Path

import pytest

from organismes.pliage import plier

RACINE = Path(__file__).parents[2]


def lignes(fichier: str) -> dict[str, dict]:
    lues = tomllib.loads((RACINE / fichier).read_text(encoding="utf-8"))["ligne"]
    return {ligne["code"]: ligne for ligne in lues}


DUREES = lignes("conservation/referentiels/durees.toml")
EVENEMENTS = lignes("traitements/referentiels/evenements.toml")
# Événement → les mots qui le nomment, accents et casse repliés. Un événement nouveau y entre avec les siens.
MOTS = {
    "COLLECTE": r"collecte",
    "DERNIER_CONTACT_PROSPECT": r"contact (emanant )?du prospect",
    "FIN_RELATION_COMMERCIALE": r"relation commerciale",
    "CONCLUSION_CONTRAT": r"conclusion",
    "LIVRAISON_OU_EXECUTION": r"livraison|delivrance|fin de la prestation",
    "RECEPTION_BIEN": r"reception du bien",
    "FIN_CONTRAT": r"fin (de validite )?du contrat|relation contractuelle|resiliation|derniere echeance|garantie souscrite",
    "CLOTURE_EXERCICE": r"exercice",
    "ETABLISSEMENT_DOCUMENT": r"etablissement du document",
    "DEBIT": r"debit",
    "PAIEMENT_EFFECTIF": r"paiement|premiere transaction",
    "REGULARISATION_IMPAYE": r"regularisation",
    "SURVENANCE_IMPAYE": r"survenance de l'impaye",
    "EXERCICE_OPPOSITION": r"opposition",
    "RETRAIT_CONSENTEMENT": r"retrait du consentement",
    "FIN_USAGE_CONSENTEMENT": r"fin du traitement fonde",
    "CLOTURE_DEMANDE": r"cloture d(e la demande|u dossier)",
    "VERIFICATION_IDENTITE": r"verification de l'identite",
    "DERNIERE_ACTIVITE_COMPTE": r"activite sur le compte",
    "DERNIERE_ACTIVITE_FIDELITE": r"utilisation de la carte",
    "FIN_OPERATION": r"fin de l'operation|fin du rapprochement",
    "REMISE_LOT": r"remise du lot",
    "PUBLICATION_AVIS": r"publication",
    "RETRAIT_AVIS": r"retrait de l'avis",
    "REJET_AVIS": r"rejet de l'avis",
    "DEPOT_TRACEUR": r"depot du traceur",
    "EXPRESSION_CHOIX": r"expression du choix",
    "ENREGISTREMENT": r"enregistrement",
    "DECISION_DEFINITIVE": r"decision|voies de recours",
    "REGLEMENT_AMIABLE": r"reglement amiable",
    "MISE_EN_CIRCULATION": r"mise en circulation",
    "DECOUVERTE_VICE": r"decouverte du vice",
    "DECOUVERTE_FAIT": r"connaissance des faits",
    "DERNIER_CONTACT_CANDIDAT": r"contact avec le candidat",
    "FIN_TRAITEMENT": r"fin du traitement au registre",
    "CONSTAT_VIOLATION": r"violation",
    "RECLAMATION_ECRITE": r"reclamation ecrite",
    "FIN_DELAI_RETRACTATION": r"expiration du delai (initial|de retractation)",
    "RELANCE_ENVOYEE": r"envoi de la relance",
    "RECEPTION_DEMANDE": r"reception de la demande",
    "FIN_ANNEE_CIVILE": r"31 decembre",
    "CONSOLIDATION_DOMMAGE": r"consolidation",
    "CONNEXION_OU_CREATION": r"apres la connexion|creation du contenu",
    "CLOTURE_COMPTE": r"cloture du compte|apres cloture",
}


def contredit(ligne: dict) -> set[str]:
    """Les événements que le critère nomme, si celui d'où court la durée n'en est pas ; vide s'il n'y a rien à redire.

    Plusieurs départs pour une durée chiffrée sont plusieurs durées, sauf à zéro, où le premier d'entre eux suffit.
    """
    nommes = {code for code, mots in MOTS.items() if re.search(mots, plier(ligne.get("critere", "")))}
    plusieurs = len(nommes) > 1 and ligne.get("duree") not in (None, "P0D")
    return nommes if nommes and (ligne.get("point_depart") not in nommes or plusieurs) else set()


def test_chaque_evenement_a_ses_mots():
    assert set(MOTS) == set(EVENEMENTS)
    for code in ("RECEPTION_BIEN", "RELANCE_ENVOYEE", "FIN_ANNEE_CIVILE", "CONSOLIDATION_DOMMAGE"):
        assert re.search(MOTS[code], plier(EVENEMENTS[code]["a_compter"])), code


@pytest.mark.parametrize("code", DUREES)
def test_le_critere_d_une_duree_ne_nomme_pas_un_autre_evenement_que_son_depart(code):
    assert not contredit(DUREES[code])


@pytest.mark.parametrize(
    ("critere", "depart", "duree"),
    [
        ("à compter de l'envoi de la relance", "DERNIER_CONTACT_PROSPECT", "P1M"),
        ("31 décembre de l'année de l'opération", "CLOTURE_EXERCICE", "P10Y"),
        ("consolidation du dommage", "DECOUVERTE_FAIT", "P10Y"),
        ("à l'expiration du délai initial de 14 jours", "LIVRAISON_OU_EXECUTION", "P12M"),
        ("à compter de la réception de la demande", "CLOTURE_DEMANDE", "P1M"),
        (
            "compte : un an après clôture ; identité civile : cinq ans après la fin du contrat",
            "FIN_CONTRAT",
            "P1Y",
        ),
    ],
)
def test_les_contradictions_d_avant_se_voient(critere, depart, duree):
    assert contredit({"critere": critere, "point_depart": depart, "duree": duree})


def test_les_droits_et_les_delais_sont_nommes_un_par_un():
    """Ce qui n'est pas une durée de conservation ne le devient, ni ne cesse de l'être, sans qu'un essai le dise."""
    natures = {
        nature: {c for c, d in DUREES.items() if d["nature"] == nature} for nature in ("droit", "delai")
    }
    assert natures == {
        "droit": {"RETRACTATION-14J", "RETRACTATION-12M", "GARANTIE-CONFORMITE-2A", "MEDIATION-1A"},
        "delai": {"RELANCE-FIN-1M", "EFFACEMENT-DEMANDE-1M"},
    }


def test_chaque_duree_dit_sa_situation_et_quand_elle_s_applique():
    assert all(d.get("situation") and d.get("quand", "").endswith(".") for d in DUREES.values())


def test_l_identification_d_un_contributeur_a_trois_departs_et_trois_lignes():
    """Décret n° 2021-1362 : connexion, compte, identité civile."""
    lues = {c: (d["duree"], d["point_depart"]) for c, d in DUREES.items() if c.startswith("AVIS-IDENT")}
    assert lues == {
        "AVIS-IDENT-HEBERGEUR-1A": ("P1Y", "CONNEXION_OU_CREATION"),
        "AVIS-IDENT-COMPTE-1A": ("P1Y", "CLOTURE_COMPTE"),
        "AVIS-IDENT-CIVILE-5A": ("P5Y", "FIN_CONTRAT"),
    }
