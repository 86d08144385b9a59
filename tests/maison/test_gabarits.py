"""Les gabarits se lisent : des lignes courtes, une mise en forme que tient djade (voir `demarrage/verifications.py`)."""

import arbre

LIGNE_MAX = 160  # caractères


def test_aucune_ligne_de_gabarit_n_est_trop_longue():
    longues = [
        f"{nom}:{rang} ({len(ligne)})"
        for nom, texte in arbre.gabarits().items()
        for rang, ligne in enumerate(texte.splitlines(), start=1)
        if len(ligne) > LIGNE_MAX
    ]
    assert longues == []
