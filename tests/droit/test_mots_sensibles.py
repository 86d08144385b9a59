"""Les mots qui laissent voir une donnée sensible : aucun n'échappe au premier coup d'œil."""

import pytest
from motifs import sans_radical

from droit.regles.mots_sensibles import RADICAUX, SOUPCONS


@pytest.mark.parametrize("attribut", SOUPCONS)
def test_chaque_mot_contient_un_radical(attribut):
    """Sinon la lecture s'arrêterait avant de l'avoir cherché."""
    motif, _ = SOUPCONS[attribut]
    assert sans_radical(motif.pattern, RADICAUX) == []
