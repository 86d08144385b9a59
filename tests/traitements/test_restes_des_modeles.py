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
# Partout : à qui s'adresser pour exercer ses droits (INF-03), les transferts (TRF-10), que seul l'organisme sait.
# BAS-03 : la mise en balance à faire. BAS-08 : le texte du consentement, à garder. RET-12 : une durée à relire. REG-11 : une fiche à
# scinder. REG-17 : responsable seul ou conjoint. AIP, PRF : l'analyse d'impact et le profilage à trancher. CES-13 : la source à nommer.
# PRO-14 : l'objet des appels. PRO-15 : la clause du contrat. BAS-09 : l'âge des mineurs. RET-15 : l'épreuve d'anonymat à passer.
RESTES = {
    "01-gestion-clients": "BAS-03 BAS-08 CES-13 INF-03 PRO-15 RET-12 TRF-10",
    "02-impayes-contentieux": "AIP-02 AIP-07 BAS-03 INF-03 PRO-15 RET-12 TRF-10",
    "03-prospection-b2c-elec": "AIP-02 BAS-03 BAS-08 CES-13 INF-03 RET-12 TRF-10",
    "04-prospection-b2b": "BAS-03 CES-13 INF-03 PRF-09 TRF-10",
    "05-prospection-telephone": "BAS-03 BAS-08 CES-13 INF-03 PRO-14 RET-12 TRF-10",
    "06-prospection-postale": "BAS-03 CES-13 INF-03 PRF-09 RET-12 TRF-10",
    "07-fidelite": "AIP-02 BAS-03 BAS-08 CES-13 INF-03 PRO-15 REG-11 RET-12 TRF-10",
    "08-jeux-concours": "BAS-08 BAS-09 CES-13 INF-03 REG-11 REG-17 RET-12 TRF-10",
    "09-etudes-sondages": "AIP-07 BAS-03 BAS-08 INF-03 RET-12 TRF-10",
    "10-statistiques": "BAS-03 INF-03 RET-12 RET-15 TRF-10",
    "11-profilage": "AIP-01 BAS-03 BAS-08 CES-13 INF-03 PRF-03 PRF-05 REG-17 RET-12 SCT-03 TRF-10",
    "12-cession-fichiers": "AIP-02 BAS-03 BAS-08 CES-13 INF-03 PRO-14 RET-12 TRF-10",
    "13-avis-clients": "BAS-03 BAS-08 CES-13 INF-03 RET-12 TRF-10",
    "14-droits-opposition": "BAS-03 INF-03 RET-12 TRF-10",
    "15-cookies-audience": "AIP-02 BAS-03 BAS-08 INF-03 PRF-05 PRF-09 REG-17 RET-12 RET-15 TRF-10",
    "16-newsletter": "BAS-08 INF-03 RET-12 TRF-10",
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
