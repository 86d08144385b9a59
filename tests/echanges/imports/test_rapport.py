"""Les comptes tombent juste : chaque cellule remplie d'un classeur a un sort, un seul, et son texte se retrouve."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isolement.refus import FichierRefuse
from organismes.portee import dans
from registre.echanges.imports import cnil
from registre.echanges.imports.cellules import Feuille, lettres
from registre.echanges.imports.rapport import Rapport, Sort

JETON = re.compile(r"jeton\d+x")
LIBELLES = [
    "Nom du traitement",
    "N° / RÉF",
    "Date de création du traitement",
    "Acteurs",
    "Responsable(s) conjoint(s)",
    "Finalité(s) du traitement effectué",
    "Finalité principale",
    "Sous-finalité 1",
    "Catégories de données personnelles concernées",
    "État civil, identité",
    "Données sensibles",
    "Santé",
    "Données concernant la santé",
    "Catégories de destinataires",
    "Destinataire 1",
    "Mesure de sécurité 1",
    "Transferts de données hors UE",
    "Organisme destinataire 1",
    "Catégorie de personnes 2",
    "AIPD réalisée ?",
    "Total",
    "",
    "3",
]
COLONNES = [
    "Description",
    "Durée de conservation",
    "Précisions",
    "Destinataire",
    "Pays",
    "Type de Garanties",
    "Nom",
]
VALEURS = ["", "", "Non", "Oui", "Non concerné", "N/A", "/", "3 ans", "environ 3 ans", "Aucun sauf l'Inde", "France", "À compléter", "2020-01-01"]  # fmt: skip


class Suite:
    """Un jeton neuf à chaque demande."""

    def __init__(self):
        self.rang = 0

    def __call__(self) -> str:
        self.rang += 1
        return f"jeton{self.rang}x"


cellules = st.one_of(st.sampled_from(VALEURS), st.just("JETON"), st.sampled_from(COLONNES))
lignes_ = st.tuples(st.sampled_from([*LIBELLES, "JETON"]), st.lists(cellules, max_size=6)).map(
    lambda t: [t[0], *t[1]]
)
feuilles_ = st.lists(st.lists(lignes_, max_size=25), min_size=1, max_size=2)


def brute(rang: int, lignes: list[list[str]]) -> dict:
    return {
        "nom": f"F{rang}", "lignes": lignes, "masquee": False, "commentaires": [], "fusions": [],
        "lignes_masquees": [], "colonnes_masquees": [],
    }  # fmt: skip


@pytest.mark.lent
@pytest.mark.django_db
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(feuilles=feuilles_)
def test_chaque_cellule_a_un_sort_et_aucun_texte_ne_se_perd(feuilles, tmp_path, monkeypatch, maison_lavande):
    suite = Suite()
    entete = [["Nom du traitement", "JETON"], ["Finalité principale", "JETON"], ["Destinataire 1", "JETON"]]
    remplies = [
        [[suite() if c == "JETON" else c for c in ligne] for ligne in [*entete, *lignes]]
        for lignes in feuilles
    ]
    lues = [brute(n, lignes) for n, lignes in enumerate(remplies)]
    monkeypatch.setattr(cnil, "lire_a_part", lambda chemin: lues)
    with dans(maison_lavande):
        lot = cnil.lire(tmp_path)
    if lot.refus:  # une feuille refusée par son nom : rien n'en est importé, et c'est dit
        return
    attendues = {c.adresse for f in map(Feuille.lire, lues) for ligne in f.lignes for c in ligne}
    rapports = [lot.rapport, *(f.rapport for f in lot.fiches)]
    assert sorted(a for r in rapports for a in r.cellules) == sorted(attendues)
    tout = json.dumps([lot.organisme, [f.donnees for f in lot.fiches], lot.tiers], ensure_ascii=False)
    assert set(JETON.findall(json.dumps(remplies))) - set(JETON.findall(tout)) == set()
    for fiche in lot.fiches:
        sommes = [len(fiche.rapport.adresses(s)) for s in Sort if s > Sort.LIBELLE]
        assert sum(sommes) == fiche.rapport.total == fiche.rapport.en_json()["valeurs"]
        for sort in (Sort.REMARQUE, Sort.DOUTEUSE, Sort.INCOMPRISE):
            assert all(re.fullmatch(r"F\d![A-Z]+\d+", a) for a in fiche.rapport.adresses(sort))


TETES_PLATES = [
    "Nom du traitement",
    "Référence",
    "Finalité",
    "Données sensibles",
    "Base légale",
    "Durée",
    "Service",
]


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lignes=st.lists(st.lists(cellules, max_size=9), max_size=12))
def test_un_registre_a_plat_ne_perd_rien_non_plus(lignes, tmp_path, monkeypatch):
    suite = Suite()
    remplies = [TETES_PLATES, *([suite() if c == "JETON" else c for c in ligne] for ligne in lignes)]
    lue = brute(0, remplies)
    monkeypatch.setattr(cnil, "lire_a_part", lambda chemin: [lue])
    lot = cnil.lire(tmp_path)
    attendues = {c.adresse for ligne in Feuille.lire(lue).lignes for c in ligne}
    assert sorted(a for r in [lot.rapport, *(f.rapport for f in lot.fiches)] for a in r.cellules) == sorted(attendues)  # fmt: skip
    tout = json.dumps([lot.organisme, [f.donnees for f in lot.fiches]], ensure_ascii=False)
    assert set(JETON.findall(json.dumps(remplies))) - set(JETON.findall(tout)) == set()


@pytest.mark.django_db
def test_un_classeur_d_un_autre_modele_est_refuse_en_disant_ce_qui_se_lit(tmp_path, monkeypatch):
    monkeypatch.setattr(
        cnil, "lire_a_part", lambda chemin: [brute(0, [["ref_id", "name"], ["PRC-001", "HR"]])]
    )
    with pytest.raises(FichierRefuse, match="aucune feuille ne porte les libellés.*Nom du traitement"):
        cnil.lire(tmp_path / "autre.xlsx")


@pytest.mark.parametrize(("colonne", "nom"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_une_colonne_se_nomme_comme_dans_un_tableur(colonne, nom):
    assert lettres(colonne) == nom


def test_une_cellule_notee_deux_fois_ne_compte_qu_une_fois_et_garde_le_doute():
    rapport = Rapport()
    for sort in (Sort.PLACEE, Sort.DOUTEUSE, Sort.REMARQUE):
        rapport.noter("F!A1", sort, sort.name)
    rapport.noter("F!A2", Sort.PLACEE)
    rapport.noter("F!A3", Sort.LIBELLE)
    assert rapport.resume() == "1 valeur sur 2 placée ; 1 valeur sur 2 douteuse, à confirmer"
    assert rapport.lignes() == ["à confirmer : F!A1 (DOUTEUSE)"]


def test_au_dela_de_douze_adresses_on_dit_combien_il_en_reste():
    rapport = Rapport()
    for rang in range(14):
        rapport.noter(f"F!A{rang}", Sort.REMARQUE)
    assert rapport.lignes()[0].endswith("F!A11 et 2 autres")
    assert len(rapport.en_json()["cellules"]["remarques"]) == 14
