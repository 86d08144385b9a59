"""Les généralisations proposées : chaque étape est nommée, et sa phrase, appliquée par qui ne connaît qu'elle, donne le k et la perte dits."""

import random
import re
from collections import Counter

import pytest

from conservation.anonymat.generalisation import propositions
from conservation.anonymat.table import Attribut, JeuDeDonnees


def table(**colonnes):
    lignes = len(next(iter(colonnes.values())))
    return JeuDeDonnees({n: Attribut.de(map(str, c)) for n, c in colonnes.items()}, lignes)


# --- Un lecteur du texte, écrit sans rien prendre au produit -------------------------------------------------------------
def appliquer(phrase, valeurs):
    if lu := re.fullmatch(r"valeurs portées par moins de (\d+) lignes remplacées par « autre »", phrase):
        comptes = Counter(valeurs)
        return [v if comptes[v] >= int(lu[1]) else "autre" for v in valeurs]
    if lu := re.fullmatch(r"nombres ramenés au multiple de ([\d,]+) inférieur ou égal", phrase):
        pas = float(lu[1].replace(",", "."))
        return [v and str(round(float(v.replace(",", ".")) // pas * pas, 6)) for v in valeurs]
    if phrase == "colonne retirée":
        return [""] * len(valeurs)
    if phrase.startswith("dates ramenées au mois"):
        return [v[:7] for v in valeurs]
    if phrase.startswith("dates ramenées à l'année"):
        return [v[:4] for v in valeurs]
    if phrase.startswith("codes postaux ramenés au département"):
        return [v[:3] if v[:2] in ("97", "98") else v[:2] for v in valeurs]
    raise AssertionError(f"cette étape ne se lit pas : {phrase}")


def refaire(proposition, lue, k):
    """k et lignes supprimées, à ne lire que le texte."""
    colonnes = {n: [c.valeurs[r] for r in c.rangs] for n, c in lue.colonnes.items()}
    for geste in proposition["colonnes"]:
        for phrase in geste["faites"]:
            colonnes[geste["colonne"]] = appliquer(phrase, colonnes[geste["colonne"]])
    comptes = Counter(zip(*colonnes.values(), strict=True))
    perdues = sum(n for n in comptes.values() if n < k) if proposition["suppression"] else 0
    restent = (
        [n for n in comptes.values() if n >= k] if proposition["suppression"] else list(comptes.values())
    )
    return min(restent, default=0), perdues


def au_hasard(graine):
    alea = random.Random(graine)
    lignes = range(alea.choice([30, 120, 400]))
    return table(
        age=[alea.randint(18, 90) for _ in lignes],
        cp=[alea.choice(["06", "83", "13", "974"]).ljust(4, "0") + str(alea.randint(0, 9)) for _ in lignes],
        jour=[f"20{alea.randint(20, 26)}-{alea.randint(1, 12):02d}-{alea.randint(1, 28):02d}" for _ in lignes],
        montant=[f"{alea.random() * 300:.2f}".replace(".", ",") for _ in lignes],
        gamme=[alea.choice("aaaabbbcd") for _ in lignes],
    )  # fmt: skip


@pytest.mark.parametrize("graine", range(12))
def test_le_texte_applique_donne_le_k_et_la_perte_annonces(graine):
    lue, k = au_hasard(graine), random.Random(graine).choice([3, 5, 10])
    noms = list(lue.colonnes)
    dites = propositions(lue, noms, k)
    assert dites
    for dite in dites:
        assert refaire(dite, lue, k) == (dite["k"], dite["supprimees"]), dite
        assert dite["k"] == 0 or dite["k"] >= k


def test_une_etape_de_trop_ne_se_dit_pas_et_deux_etapes_se_disent_toutes():
    """Le mois ne suffisait pas : seule l'année reste à faire. Un mois rare se regroupe encore : les deux se disent."""
    lue = table(jour=[f"20{a}-{m:02d}-{j:02d}" for a in (24, 25) for m in (1, 2) for j in (1, 2)])
    (geste,) = propositions(lue, ["jour"], 4)[-1]["colonnes"]
    assert geste == {"colonne": "jour", "faites": ["dates ramenées à l'année (AAAA)"], "avant": 8, "apres": 2}
    rares = table(jour=[f"20{a}-01-{j:02d}" for a, n in ((24, 9), (25, 2), (26, 2)) for j in range(1, n + 1)])
    (geste,) = propositions(rares, ["jour"], 4)[-1]["colonnes"]
    assert geste["faites"] == [
        "dates ramenées au mois (AAAA-MM)",
        "valeurs portées par moins de 4 lignes remplacées par « autre »",
    ]


def test_les_codes_postaux_vont_au_departement_et_les_nombres_a_un_pas_rond():
    lue = table(code=[f"06{n:03d}" for n in range(100)], age=range(100))
    gestes = {c["colonne"]: c["faites"] for c in propositions(lue, ["code", "age"], 5)[-1]["colonnes"]}
    assert gestes["code"] == [
        "codes postaux ramenés au département (deux premiers caractères, trois outre-mer)"
    ]
    assert gestes["age"] == ["nombres ramenés au multiple de 5 inférieur ou égal"]


def test_quand_k_est_atteint_rien_ne_se_propose():
    assert propositions(table(a=["x"] * 5), ["a"], 5) == []


def test_une_voie_qui_supprime_tout_se_dit_sans_issue():
    (seule, *_) = propositions(table(a=[f"v{n}" for n in range(6)]), ["a"], 5)
    assert (seule["k"], seule["supprimees"], seule["part"]) == (0, 6, 10_000)
