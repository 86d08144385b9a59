"""Ce que chaque modèle laisse à dire au délégué, et rien d'autre : ses constats, une fois la fiche créée telle quelle."""

import tomllib
from datetime import date

import pytest

from arbre import RACINE
from droit.faits import Faits
from droit.regles import Constat, controler
from droit.regles.constat import Gravite
from exemples_faits import ORGANISME, reperes

DOSSIER = RACINE / "traitements" / "fiches_types"
LE = date(2026, 11, 26)
# Partout : à qui s'adresser pour exercer ses droits (INF-03), que seul l'organisme sait.
# BAS-08 : le texte du consentement, à garder. RET-12 : une durée dont la référence reste à relire. REG-11 : une fiche à scinder.
# RET-07 : l'anonymisation reste à éprouver. PRF-04 : l'analyse d'impact reste à faire. PRF-05 : l'accord avec la plateforme reste
# à passer. SCT-03 : le profilage sur des sources tierces sort du référentiel.
RESTES = {
    "01-gestion-clients": "BAS-08 INF-03 RET-12",
    "02-impayes-contentieux": "INF-03 RET-12",
    "03-prospection-b2c-elec": "BAS-08 INF-03 RET-12",
    "04-prospection-b2b": "INF-03",
    "05-prospection-telephone": "BAS-08 INF-03 RET-12",
    "06-prospection-postale": "INF-03 RET-12",
    "07-fidelite": "BAS-08 INF-03 REG-11 RET-12",
    "08-jeux-concours": "BAS-08 INF-03 REG-11 RET-12",
    "09-etudes-sondages": "BAS-08 INF-03 RET-12",
    "10-statistiques": "INF-03 RET-07 RET-12",
    "11-profilage": "BAS-08 INF-03 PRF-04 PRF-05 RET-12 SCT-03",
    "12-cession-fichiers": "BAS-08 INF-03 RET-12",
    "13-avis-clients": "BAS-08 INF-03 RET-12",
    "14-droits-opposition": "INF-03 RET-12",
    "15-cookies-audience": "BAS-08 INF-03 RET-07 RET-12",
    "16-newsletter": "BAS-08 INF-03 RET-12",
}


def constats(nom: str) -> list[Constat]:
    (ligne,) = tomllib.loads((DOSSIER / f"{nom}.toml").read_text(encoding="utf-8"))["ligne"]
    return controler(Faits({"statut": "brouillon", **ligne["contenu"]}, ORGANISME, reperes()), LE)


def test_chaque_modele_dit_ce_qu_il_laisse():
    assert sorted(RESTES) == sorted(f.stem for f in DOSSIER.glob("*.toml"))


@pytest.mark.parametrize("nom", RESTES)
def test_un_modele_ne_laisse_que_ce_que_le_delegue_doit_decider(nom):
    assert " ".join(sorted({c.code for c in constats(nom)})) == RESTES[nom]


@pytest.mark.parametrize("nom", RESTES)
def test_rien_de_ce_qu_un_modele_laisse_n_empeche_de_valider(nom):
    assert [f"{c.code} {c.chemin}" for c in constats(nom) if c.gravite is Gravite.BLOQUANT] == []
