"""La charte tient : polices livrées, aucun style ni script en ligne, contrastes AA en clair et en sombre."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from fontTools.ttLib import TTFont

RACINE = Path(settings.RACINE)
POLICES = RACINE / "static" / "polices"
FEUILLES = sorted((RACINE / "static" / "css").glob("*.css"))
GABARITS = sorted((RACINE / "templates").rglob("*.html"))

TEXTE_AA = 4.5  # WCAG 2.2, 1.4.3
CONTOUR_AA = 3.0  # WCAG 2.2, 1.4.11


# Le papier n'a pas de mode sombre : ces feuilles nomment leurs couleurs, celles de la charte claire.
# Les constats du PDF : l'encre de la palette claire sur un fond pâli pour le papier.
CONSTATS = {"#9c1f1f", "#7a4b00", "#2f4f7f", "#f6f5f1", "#fbeaea", "#fdf3dd", "#e9effa"}
COULEURS_PAPIER = {
    "impression.css": {"#fff"},
    "pdf.css": {"#0b5563", "#1d2733", "#55606e", "#dcd8cc"} | CONSTATS,
}


def jetons() -> dict[str, tuple[str, str]]:
    css = (RACINE / "static/css/registre.css").read_text()
    trouves = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", css)
    return {nom: (clair, sombre) for nom, clair, sombre in trouves}


def luminance(couleur: str) -> float:
    """Luminance relative (WCAG) d'une couleur #rrvvbb."""
    composantes = [int(couleur[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, v, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in composantes)
    return 0.2126 * r + 0.7152 * v + 0.0722 * b


def contraste(une: str, autre: str) -> float:
    claire, sombre = sorted((luminance(une), luminance(autre)), reverse=True)
    return (claire + 0.05) / (sombre + 0.05)


def couples_de_texte() -> list[tuple[str, str]]:
    """(encre, fond) pour chaque couple que les feuilles de style emploient."""
    ordinaires = [
        (encre, fond)
        for encre in ("encre", "encre-2", "accent", "bloquant")
        for fond in ("papier", "feuille", "creux", "accent-fond")
    ]
    constats = [
        (t, f"{g}-fond") for g in ("bloquant", "alerte", "conseil", "juste") for t in (g, "encre-2", "accent")
    ]
    pleins = [
        ("sur-accent", "accent"),
        ("sur-accent", "accent-fort"),
        ("feuille", "bloquant"),
        ("feuille", "alerte"),
    ]
    return ordinaires + constats + pleins + [("encre", "alerte-fond"), ("encre", "bloquant-fond")]


@pytest.mark.parametrize("theme", [0, 1], ids=["clair", "sombre"])
@pytest.mark.parametrize(("encre", "fond"), couples_de_texte())
def test_tout_texte_se_lit_sur_son_fond(encre, fond, theme):
    couleurs = jetons()
    assert contraste(couleurs[encre][theme], couleurs[fond][theme]) >= TEXTE_AA


@pytest.mark.parametrize("theme", [0, 1], ids=["clair", "sombre"])
@pytest.mark.parametrize("fond", ["feuille", "papier"])
@pytest.mark.parametrize("trait", ["bord", "accent", "bloquant", "alerte", "conseil", "juste"])
def test_contours_et_signes_se_distinguent(trait, fond, theme):
    couleurs = jetons()
    assert contraste(couleurs[trait][theme], couleurs[fond][theme]) >= CONTOUR_AA


def test_le_calcul_de_contraste_est_celui_de_wcag():
    assert contraste("#000000", "#ffffff") == pytest.approx(21)
    assert contraste("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_aucune_couleur_hors_des_jetons():
    """Une couleur écrite hors de la palette échapperait au thème sombre et aux contrastes ci-dessus."""
    for feuille in FEUILLES:
        regles = re.sub(r"/\*.*?\*/", "", feuille.read_text(), flags=re.S)
        hors_jetons = re.sub(r"--[\w-]+: light-dark\([^)]*\);", "", regles)
        trouvees = set(re.findall(r"(?<![\w-])#[0-9a-fA-F]{3,8}\b|\brgba?\(", hors_jetons))
        permises = COULEURS_PAPIER.get(feuille.name, set())
        assert trouvees <= permises, feuille.name


def test_les_jetons_employes_existent():
    css = {feuille.name: feuille.read_text() for feuille in FEUILLES}
    declares = set(re.findall(r"(--[\w-]+):", "".join(css.values())))
    for nom, texte in css.items():
        assert set(re.findall(r"var\((--[\w-]+)", texte)) <= declares, nom


def test_les_polices_sont_livrees_avec_leur_licence():
    for famille in ("source-serif-4", "source-sans-3"):
        for style in ("normal", "italic"):
            for jeu in (
                "latin-wght",
                "latin-ext-wght",
                "complet-600" if "serif" in famille else "complet-400",
            ):
                police = POLICES / f"{famille}-{jeu}-{style}.woff2"
                assert police.read_bytes()[:4] == b"wOF2", police.name
        licence = (POLICES / f"LICENCE-{famille}.txt").read_text()
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence
        assert "Adobe" in licence
    for secours in ("dejavu-sans", "noto-emoji"):
        assert (POLICES / f"{secours}-complet-normal.woff2").read_bytes()[:4] == b"wOF2"
        assert "Copyright" in (POLICES / f"LICENCE-{secours}.txt").read_text()


def test_un_sous_ensemble_ne_pretend_qu_aux_signes_qu_il_a():
    """Un intervalle trop large ferait croire au navigateur que la police a la lettre."""
    css = (RACINE / "static/css/polices.css").read_text()
    faces = re.findall(r'polices/([\w-]+\.woff2)".*?unicode-range: ([^;]+);', css, flags=re.S)
    assert len(faces) == 8
    for fichier, plages in faces:
        bornes = [p.strip().removeprefix("U+").split("-") for p in plages.split(",")]
        pretendus = {c for b in bornes for c in range(int(b[0], 16), int(b[-1], 16) + 1)}
        assert pretendus <= set(TTFont(POLICES / fichier).getBestCmap()), fichier


def test_les_feuilles_ne_citent_que_des_fichiers_livres():
    for feuille in FEUILLES:
        for adresse in re.findall(r"url\(\"?([^\")]+)", feuille.read_text()):
            assert not adresse.startswith(("http", "//", "data:")), adresse
            assert (feuille.parent / adresse).is_file(), adresse


@pytest.mark.parametrize("gabarit", GABARITS, ids=lambda g: str(g.relative_to(RACINE / "templates")))
def test_aucun_style_ni_script_en_ligne(gabarit):
    """La CSP les bloquerait : la page serait cassée sans que personne ne le dise."""
    source = gabarit.read_text()
    assert not re.search(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", source)
    for script in re.findall(r"<script\b[^>]*>", source):
        assert " src=" in script or 'type="application/json"' in script, script
    assert not re.search(r"(?:src|href)=[\"'](?:https?:)?//", source)


def test_la_gravite_ne_se_dit_pas_par_la_couleur_seule():
    """Chaque gravité a sa forme : carré, triangle, disque."""
    lecture = (RACINE / "static/css/lecture.css").read_text()
    assert re.search(r"\.alerte > b::before,\s*\.signe\.alerte::before \{[^}]*clip-path: polygon", lecture)
    assert re.search(r"\.conseil > b::before,[^{]*\{ border-radius: 50%", lecture)
    assert ".etat.brouillon::before { background: none;" in lecture


def test_le_panneau_des_brouillons_gardes_n_habille_pas_la_pastille_brouillon():
    """« Brouillon » est aussi l'état d'une fiche : aucune règle ne porte sur `.brouillon` seul."""
    for feuille in (RACINE / "static/css").glob("*.css"):
        assert not re.search(r"(?:^|[\s,}])\.brouillon\b", feuille.read_text()), feuille.name
    assert 'class="garde-brouillon' in (RACINE / "templates/cadre/brouillon.html").read_text()
