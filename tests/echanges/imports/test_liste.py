"""La feuille de liste ne tranche pas ce que la fiche laisse ouvert, et rien de son texte ne se perd."""

import pytest

from classeurs import CLIENTS, fiche
from classeurs_xlsx import F
from echanges.imports.test_cas import FORMATS, lire, remarques

pytestmark = [pytest.mark.django_db, pytest.mark.lent]
TETE = ["Nom du traitement", "N° / RÉF", "Finalité", "Données sensibles"]
SENSIBLES = "Données sensibles, dans la liste des traitements"
FINALITE = "Finalité, dans la liste des traitements"


def completee(tmp_path, organisme, format_: str, finalite: str, reponse: str, **valeurs) -> tuple[dict, str]:
    """La fiche des clients, et sa ligne dans la liste."""
    ligne = ["Gestion des clients", "TR-1", finalite, reponse]
    feuilles = F("Liste", [TETE, ligne]), F("Fiche", fiche(**{**CLIENTS, **valeurs}))
    lues, sortie = lire(tmp_path, organisme, format_, *feuilles)
    assert len(lues) == 1
    return lues[0], sortie


def seule(tmp_path, organisme, finalite: str, sensibles: str) -> tuple[dict, str]:
    """Une ligne de la liste, sans fiche."""
    lues, sortie = lire(tmp_path, organisme, "ods", F("Liste", [TETE, ["Paie", "TR-9", finalite, sensibles]]))
    return lues[0], sortie


CONTRADICTION = [["Données sensibles", "Non"], ["Données sensibles", "Oui"]]
NUANCE = [["Données concernant la santé", "Aucune, sauf les allergies"]]


@FORMATS
@pytest.mark.parametrize(
    ("lignes", "dit", "raison"),
    [
        (CONTRADICTION, "Non", "la fiche se contredit"),
        (CONTRADICTION, "Oui", "la fiche se contredit"),
        (NUANCE, "Non", "la fiche nuance sa réponse"),
        ([["Données sensibles", "Non, sauf les allergies"]], "Non", "la fiche nuance sa réponse"),
    ],
)
def test_la_liste_ne_tranche_pas_ce_que_la_fiche_laisse_ouvert(
    lignes, dit, raison, format_, tmp_path, maison_lavande
):
    lue, sortie = completee(tmp_path, maison_lavande, format_, "", dit, sensibles=lignes)
    assert lue["donnees_sensibles"] is None
    assert remarques(lue)[SENSIBLES] == dit
    assert raison in sortie


@pytest.mark.parametrize(
    ("lignes", "dit", "lu"),
    [
        ([["Données concernant la santé", ""]], "Non", False),
        ([["Données concernant la santé", "☐"]], "Non", False),
        ([["Données concernant la santé", "à compléter"]], "Oui", True),
        (NUANCE, "Oui", True),
    ],
)
def test_la_liste_dit_ce_que_la_fiche_tait(lignes, dit, lu, tmp_path, maison_lavande):
    lue, _ = completee(tmp_path, maison_lavande, "ods", "", dit, sensibles=lignes)
    assert lue["donnees_sensibles"] is lu
    assert SENSIBLES not in remarques(lue)


@pytest.mark.parametrize(
    ("texte", "lu", "garde"),
    [("Non", False, False), ("Oui", True, False), ("Aucune donnée sensible traitée ici", False, True)],
)
def test_un_non_qui_dit_autre_chose_que_son_mot_garde_son_texte(texte, lu, garde, tmp_path, maison_lavande):
    lue, _ = seule(tmp_path, maison_lavande, "Payer", texte)
    assert lue["donnees_sensibles"] is lu
    assert (remarques(lue).get(SENSIBLES) == texte) is garde


@pytest.mark.parametrize("texte", ["Aucune, sauf prospection", "Non, mais la paie", "Pas encore définie"])
def test_un_non_reserve_n_est_pas_une_finalite(texte, tmp_path, maison_lavande):
    lue, sortie = seule(tmp_path, maison_lavande, texte, "")
    assert lue["finalites"] == []
    assert remarques(lue)[FINALITE] == texte
    assert "à confirmer : Liste!C2" in sortie


def test_une_finalite_qui_nie_en_passant_en_reste_une(tmp_path, maison_lavande):
    texte = "Payer les salariés, pas les stagiaires"
    assert [f["libelle"] for f in seule(tmp_path, maison_lavande, texte, "")[0]["finalites"]] == [texte]


@pytest.mark.parametrize(
    ("finalite", "gardee"),
    [
        ("Paie", True),
        ("Livrer", False),
        ("Livrer les commandes, suivi des colis", False),
        ("Suivi, paie", True),
    ],
)
def test_une_finalite_de_la_liste_se_compare_mot_pour_mot(finalite, gardee, tmp_path, maison_lavande):
    dites = [
        ["Finalité principale", "Livrer les commandes"],
        ["Sous-finalité 1", "Suivi des colis"],
        ["Sous-finalité 2", "Suivi des paiements"],
    ]
    lue, _ = completee(tmp_path, maison_lavande, "xlsx", finalite, "", finalites=dites)
    assert (remarques(lue).get(FINALITE) == finalite) is gardee
