"""La page des tiers : ce qu'elle dit quand elle n'en montre aucun."""

import pytest
from django.urls import reverse

from boutique import creer_tiers
from pages import en_lettres

pytestmark = pytest.mark.django_db


def titre(client, **criteres) -> str:
    page = en_lettres(client.get(reverse("tiers"), criteres).content.decode())
    return page.partition('class="carte vide"><h2>')[2].partition("</h2>")[0].replace("’", "'")


@pytest.mark.parametrize(
    ("actifs", "en_usage", "hors_d_usage"),
    [
        ([], "Aucun tiers encore", "Aucun tiers hors d'usage"),
        ([True], "", "Aucun tiers hors d'usage"),
        ([False], "Aucun tiers en usage", ""),
        ([True, False], "", ""),
    ],
)
def test_aucun_encore_ne_se_dit_que_d_un_registre_sans_tiers(
    dpo, maison_lavande, actifs, en_usage, hors_d_usage
):
    for rang, actif in enumerate(actifs):
        creer_tiers(maison_lavande, f"Hébergis {rang}", actif=actif)
    assert titre(dpo) == en_usage
    assert titre(dpo, inactifs=1) == hors_d_usage
