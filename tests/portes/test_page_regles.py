"""La page « Les règles » : ce qu'une règle dit, depuis quand et jusqu'à quand elle vaut, ce qu'elle touche."""

from datetime import date

import pytest
from django.urls import reverse

from droit.regles import REGLES, Gravite, Marque, Regle
from droit.regles.constat import Exigence
from registre.portes.vues.regles import validite

pytestmark = pytest.mark.django_db
INSECABLE = "\N{NO-BREAK SPACE}"
LE = date(2026, 11, 24)


def regle(**options) -> Regle:
    def parle(faits, le):
        """Toujours."""
        yield "service", "Nommez le service."

    champs = {"titre": "service non nommé", "marque": Marque.PRIMAIRE, **options}
    return Regle("ESS-01", Gravite.ALERTE, Exigence.AUTRE_TEXTE, "RGPD art. 30", parle, **champs)


@pytest.mark.parametrize(
    ("options", "dit"),
    [
        ({}, ""),
        ({"depuis": date(2026, 8, 11)}, "en vigueur depuis le 11 août 2026"),
        ({"depuis": LE}, "en vigueur depuis le 24 novembre 2026"),
        ({"depuis": date(2026, 11, 25)}, "à venir : en vigueur le 25 novembre 2026"),
        ({"jusqu_au": LE}, "en vigueur jusqu'au 24 novembre 2026"),
        ({"jusqu_au": date(2026, 11, 23)}, "n'est plus en vigueur : a valu jusqu'au 23 novembre 2026"),
        (
            {"depuis": date(2020, 1, 1), "jusqu_au": date(2027, 1, 1)},
            "en vigueur depuis le 1er janvier 2020 et jusqu'au 1er janvier 2027",
        ),
        (
            {"depuis": date(2027, 1, 1), "jusqu_au": date(2027, 6, 30)},
            "à venir : en vigueur le 1er janvier 2027, jusqu'au 30 juin 2027",
        ),
        (
            {"en_attente": "COM(2025) 501 (« Omnibus IV »)"},
            "pas en vigueur : attend COM(2025) 501 (« Omnibus IV »), qui n'est pas adopté",
        ),
    ],
)
def test_une_regle_dit_depuis_quand_et_jusqu_a_quand_elle_vaut(options, dit):
    assert validite(regle(**options), LE).replace(INSECABLE, " ") == dit


def lue(dpo, monkeypatch, **options) -> str:
    monkeypatch.setitem(REGLES, "ESS-01", regle(**options))
    page = dpo.get(reverse("regles")).content.decode()
    return page.replace(INSECABLE, " ").partition('id="ESS-01"')[2].partition("</tr>")[0]


def test_une_regle_pas_encore_adoptee_se_montre_et_ne_touche_rien(dpo, monkeypatch):
    ligne = lue(dpo, monkeypatch, en_attente="COM(2025) 501")
    assert "attend COM(2025) 501, qui n’est pas adopté" in ligne
    assert "pas en vigueur</span>" in ligne


def test_ce_que_le_droit_a_change_a_une_regle_se_lit_avec_elle(dpo, monkeypatch):
    ligne = lue(dpo, monkeypatch, changements={date(2026, 8, 11): "la preuve se garde trois ans."})
    assert "Depuis le 11 août 2026 : la preuve se garde trois ans." in ligne
