"""La typographie des phrases du droit : posée à l'affichage, jamais dans la règle."""

import pytest

from registre.templatetags.typographie import typo


@pytest.mark.parametrize(
    ("ecrit", "lu"),
    [
        ("l'article 6", "l’article 6"),
        ("« divers »", "«\N{NO-BREAK SPACE}divers\N{NO-BREAK SPACE}»"),
        (
            "RGPD art. 6 ; LIL art. 4",
            "RGPD art.\N{NO-BREAK SPACE}6\N{NARROW NO-BREAK SPACE}; LIL art.\N{NO-BREAK SPACE}4",
        ),
        ("un motif : précis", "un motif\N{NO-BREAK SPACE}: précis"),
        ("https://exemple.fr", "https://exemple.fr"),
        ("«\N{NO-BREAK SPACE}déjà\N{NO-BREAK SPACE}»", "«\N{NO-BREAK SPACE}déjà\N{NO-BREAK SPACE}»"),
    ],
)
def test_une_phrase_tapee_au_clavier_s_imprime_comme_il_faut(ecrit, lu):
    assert typo(ecrit) == lu
