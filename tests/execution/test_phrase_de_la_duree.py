"""La phrase d'une durée, telle qu'une opération la retient : elle dit toujours combien de temps."""

import pytest

from registre.execution.operations import PHRASE_MAX, phrase_de_la_duree
from registre.fiche.codes import Codes
from traitements.models import CategorieDonnees

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("objet", ["", "factures " * 33])
@pytest.mark.parametrize("critere", ["", "jusqu'à la clôture du dossier " * 16])
def test_une_duree_de_toutes_les_categories_dit_encore_combien_de_temps(objet, critere):
    toutes = list(CategorieDonnees.objects.values_list("pk", flat=True))
    duree = (
        {"critere": critere}
        if critere
        else {"duree_valeur": 3, "duree_unite": "ans", "point_depart": "FIN_CONTRAT"}
    )
    phrase = phrase_de_la_duree({"categories": toutes, "objet": objet, **duree}, {}, Codes())
    assert len(phrase) <= PHRASE_MAX
    quoi, _, quand = phrase.partition("… : ")
    assert quoi and quand.startswith(critere[:60] or "3 ans à compter de la fin du contrat")


def test_une_phrase_courte_reste_entiere():
    duree = {"categories": ["COORDONNEES", "TRANSACTIONS"], "duree_valeur": 3, "duree_unite": "ans"}
    assert phrase_de_la_duree(duree, {}, Codes()) == "Coordonnées ; Transactions et achats : 3 ans"
