"""Le pliage : ce qui se vaut, ce qui se cherche, ce qui se range ; une seule fonction pour les trois."""

import pytest

from organismes.pliage import cherchable, ordre, plier, signes, termes


@pytest.mark.parametrize(
    ("un", "autre"),
    [
        ("TR-001", " tr-001 "),
        ("TR-001", "TR‑001"),  # trait d'union insécable
        ("TR-001", "TR–001"),
        ("TR-001", "TR-001\N{ZERO WIDTH SPACE}"),
        ("Fidélité", "FIDELITE"),
        ("Fidélité", "Fide\N{COMBINING ACUTE ACCENT}lite\N{COMBINING ACUTE ACCENT}"),
        ("Noël", "noel"),
        ("Œuvres", "oeuvres"),
        ("Cæsar", "caesar"),
        ("Straße", "STRASSE"),
        ("Łódź", "lodz"),
        ("İstanbul", "istanbul"),
        ("l'opposition", "l’opposition"),
        ("12\N{NO-BREAK SPACE}450", "12\N{NARROW NO-BREAK SPACE}450"),
        ("Envoléo  SAS", "envoleo sas"),
        ("« Clients »", '" clients "'),
    ],
)
def test_deux_ecritures_se_valent(un, autre):
    assert plier(un) == plier(autre)


@pytest.mark.parametrize(
    ("un", "autre"), [("TR-1", "TR 1"), ("TR-1", "TR-01"), ("TR-1", "TR-10"), ("a.b", "ab"), ("été", "étés")]
)
def test_deux_noms_differents_le_restent(un, autre):
    assert plier(un) != plier(autre)


@pytest.mark.parametrize(
    "noms",
    [
        ["1", "2", "9", "10"],
        ["TR-2", "TR-10", "TR-100"],
        ["TR2", "TR10"],
        ["Analyse", "Écoute", "zèle"],
        ["Données", "Écoute", "Fidélité"],
        ["Œillet", "Ombre", "Zinc"],
        ["L'Atelier", "l’Œuvre", "Le Pré"],
        ["cote 2 bis", "cote 10"],
    ],
)
def test_les_noms_se_rangent_comme_en_francais(noms):
    assert sorted(reversed(noms), key=ordre) == noms


@pytest.mark.parametrize(
    ("recherche", "texte"),
    [
        ("fidelite", "Programme de fidélité"),
        ("FIDÉLITÉ", "Programme de fidelite"),
        ("Noel", "Ventes de Noël"),
        ("oeuvre", "Œuvres sociales"),
        ("œuvre", "mise en oeuvre"),
        ("l'opposition", "La liste d’opposition"),
        ("liste d’opposition", "liste d'opposition"),
        ("3 ans", "3\N{NO-BREAK SPACE}ans à compter du contact"),
        ("sous traitant", "un sous-traitant"),
        ("sous-traitant", "un sous traitant"),
        ("12450", "12\N{NARROW NO-BREAK SPACE}450 personnes"),
        ("12 450", "12450 personnes"),
        ("TR-001", "TR-001"),
        ("« opposition »", "opposition"),
        ("prospec", "Prospection"),
    ],
)
def test_ce_que_l_on_cherche_se_trouve(recherche, texte):
    assert all(terme in cherchable(texte) for terme in termes(recherche))


@pytest.mark.parametrize(
    ("recherche", "texte"),
    [
        ("3 ans", "13 ans"),
        ("3 ans", "3 mois, 5 ans"),
        ("ans", "dans"),
        ("position", "opposition"),
        ("TR-1", "TR 21"),
    ],
)
def test_et_rien_d_autre(recherche, texte):
    assert not all(terme in cherchable(texte) for terme in termes(recherche))


def test_une_recherche_sans_lettre_ni_chiffre_n_a_pas_de_terme():
    assert termes(" « & … » ") == []


def test_seuls_comptent_les_lettres_et_les_chiffres_qui_se_lisent():
    assert signes("Vu le 3 mai") == 8
    assert [signes(c * 20) for c in "\u200b\u2800\u3164.\u0301"] == [0] * 5
