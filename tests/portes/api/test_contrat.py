"""Le contrat de l'API, en passage court ; le long est dans `benchmarks/contrat.py`."""

import pytest
from contrat import eprouver, servir

from boutique import creer_tiers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.lent]


def test_le_schema_et_l_api_disent_la_meme_chose(base_reelle, dpo, maison_lavande, prospection):
    creer_tiers(maison_lavande, "Envoléo SAS", pays="FR")
    with servir(en_transaction=True) as adresse:
        rapport = eprouver(dpo, exemples=1, secondes=20, phases=("coverage",), adresse=adresse)
    assert rapport.requetes
    assert rapport.manques == {}
