"""Ce que les règles trouvent dans des fiches écrites sans les connaître, et ce qu'elles y disent à tort."""

import pytest
from corpus_lu import lire, trouvee

from droit.regles import Gravite

LICITES, FAUTIVES = lire("licites"), lire("fautives")
PART_TROUVEE = 0.95


def test_le_corpus_compte_trente_fiches_licites_et_trente_fautives():
    assert len(LICITES) >= 30
    assert len(FAUTIVES) >= 30


@pytest.mark.parametrize("fiche", LICITES, ids=lambda f: f.nom)
def test_une_fiche_licite_n_est_pas_bloquee_et_chaque_alerte_se_defend(fiche):
    assert [c.message for c in fiche.constats if c.gravite is Gravite.BLOQUANT] == []
    defendues = [(a["code"], a["ou"]) for a in fiche.lue.get("alertes", ())]
    assert sorted((c.code, c.chemin) for c in fiche.constats) == sorted(defendues)


def test_les_fautes_plantees_sont_trouvees(capsys):
    fautes = [(fiche, faute, trouvee(faute, fiche.constats)) for fiche in FAUTIVES for faute in fiche.fautes]
    manquees = [f"{fiche.nom} : {faute['dit']}" for fiche, faute, vue in fautes if not vue]
    trouvees = len(fautes) - len(manquees)
    with capsys.disabled():
        print(f"\nCorpus : {trouvees} fautes trouvées sur {len(fautes)}, {len(LICITES)} fiches licites.")
    assert trouvees >= PART_TROUVEE * len(fautes), "\n".join(manquees)
