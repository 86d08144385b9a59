"""Copier la notice : d'un bouton, ou à la main quand le navigateur n'a pas de script."""

import pytest

pytestmark = pytest.mark.navigateur
NADIA = "nadia@lavande.example"


def test_le_bouton_copie_toute_la_notice(ouvrir, boutique):
    page = ouvrir(NADIA, permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"/fiches/{boutique.fiche.pk}/information/")
    page.click("[data-copier]")
    page.wait_for_selector("text=Texte copié.")
    copie = page.evaluate("navigator.clipboard.readText()")
    assert copie == page.input_value("#texte-notice")
    assert "75334 Paris Cedex 07" in copie
    assert page.fautes == []


def test_sans_javascript_la_notice_se_lit_et_le_bouton_ne_se_montre_pas(ouvrir, boutique):
    page = ouvrir(NADIA, java_script_enabled=False)
    page.goto(f"/fiches/{boutique.fiche.pk}/information/")
    assert not page.is_visible("[data-copier]")
    assert page.is_visible("#texte-notice")
