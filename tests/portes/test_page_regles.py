"""La page « Les règles » : ce qu'une règle dit, depuis quand et jusqu'à quand elle vaut, ce qu'elle touche."""

from datetime import date

import pytest
from django.urls import reverse

from boutique import PROSPECTION, creer_fiche
from droit.regles import REGLES, Gravite, Marque, Regle
from droit.regles.constat import Exigence
from organismes.models import ChangementReferentiel
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


# --- Ce qui a changé ---------------------------------------------------------------------------------------------------
APPELS = {**PROSPECTION["finalites"][0], "base_legale": "INTERET_LEGITIME", "canaux": ["TELEPHONE_B2C"]}


def section(dpo, ancre: str, **demande) -> str:
    page = dpo.get(reverse("regles"), demande).content.decode().replace(INSECABLE, " ")
    return page.partition(f'id="{ancre}"')[2].partition("</section>")[0]


def test_la_page_dit_les_fiches_qu_un_droit_nouveau_touche(dpo, maison_lavande):
    fiche = creer_fiche(maison_lavande, finalites=[APPELS])
    sans_jour, avec_jour = section(dpo, "changements"), section(dpo, "changements", depuis="2026-08-10")
    assert str(fiche.pk) not in sans_jour
    assert "11 août 2026" in avec_jour and "1 fiche" in avec_jour
    assert str(fiche.pk) in avec_jour and 'href="#PRO-03"' in avec_jour
    assert "11 août 2026" not in section(dpo, "changements", depuis="2026-08-11")


@pytest.mark.parametrize("depuis", ["", "hier", "2026-02-30", "9999-01-01"])
def test_un_jour_que_la_page_ne_lit_pas_n_est_pas_un_jour(dpo, maison_lavande, depuis):
    fiche = creer_fiche(maison_lavande, finalites=[APPELS])
    assert str(fiche.pk) not in section(dpo, "changements", depuis=depuis)


def test_une_regle_a_venir_se_lit_dans_ce_qui_change(dpo, monkeypatch):
    monkeypatch.setitem(REGLES, "ESS-01", regle(depuis=date(2099, 1, 1)))
    assert "à venir" in section(dpo, "changements").partition('href="#ESS-01"')[2]


def test_une_regle_abrogee_se_lit_comme_une_fin(dpo, monkeypatch):
    monkeypatch.setitem(REGLES, "ESS-01", regle(jusqu_au=date(2099, 1, 1)))
    assert "RGPD art. 30 (fin)" in section(dpo, "changements")


def test_la_page_dit_ce_que_la_derniere_version_des_referentiels_a_change(dpo):
    assert section(dpo, "referentiels") == ""
    ChangementReferentiel.objects.create(
        liste="durees",
        code="PROSPECT-3A",
        libelle="Prospects",
        version="2026.11.26",
        le=date(2026, 11, 26),
        changements=[{"chemin": "source", "avant": "Ancienne", "apres": "Nouvelle"}],
    )
    ChangementReferentiel.objects.create(
        liste="durees",
        code="X",
        libelle="Abandonnée",
        version="2026.11.26",
        le=date(2026, 11, 26),
        retiree=True,
    )
    lue = section(dpo, "referentiels")
    assert "Référentiels 2026.11.26" in lue
    assert "Ancienne" in lue and "Nouvelle" in lue and "Retirée" in lue
