"""Les lettres voulues sont celles que le PDF dessine ; ce qu'il ne sait pas dessiner, il le nomme."""

import unicodedata
from io import BytesIO, StringIO

import pikepdf
import pytest
from dessin import SECOURS, attendu, chaine, dessines, police, polices_de_la_feuille
from django.core.management import call_command
from pypdf import PdfReader

from boutique import creer_fiche
from documents import lettres
from documents.moteur import rendre
from organismes.portee import dans
from registre.echanges.exports import pdf
from registre.echanges.exports.contenu import contenu
from registre.echanges.exports.demande import Demande

pytestmark = pytest.mark.lent


def lettres_de(debut: int, fin: int) -> list[str]:
    tous = map(chr, range(debut, fin))
    return [c for c in tous if unicodedata.category(c)[0] == "L" and lettres.tracer(c)[0] == c]


# Latin-1, latin étendu A et B, Ș Ț compris, vietnamien, grec, cyrillique.
NOMS = [
    *lettres_de(0x41, 0x250),
    *lettres_de(0x1E00, 0x1F00),
    *lettres_de(0x370, 0x400),
    *lettres_de(0x400, 0x530),
]
STYLES = {
    "sans": "<p>{}</p>",
    "sans, gras": "<p><b>{}</b></p>",
    "sans, demi-gras": "<p style='font-weight:600'>{}</p>",
    "sans, italique": "<p><i>{}</i></p>",
    "serif": '<p style=\'font-family:"Source Serif 4","Source Sans 3","Registre Secours"\'>{}</p>',
    "serif, titre": "<h2>{}</h2>",
    "serif, italique": "<h2><i>{}</i></h2>",
}


def page_de(corps: str) -> str:
    """Une page sans marges imprimées : on n'y dessine que le corps."""
    return f'<!doctype html><html lang="fr"><body style="page: couverture">{corps}</body></html>'


def traces(octets: bytes) -> list[tuple]:
    with pikepdf.open(BytesIO(octets)) as document:
        return [t for page in document.pages for t in dessines(page)]


def texte(octets: bytes) -> str:
    """Le texte extrait, toute espace ramenée à une seule : l'insécable et l'ordinaire partagent leur dessin."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(octets)).pages).split())


def dessines_parmi(octets: bytes, mots: list[str]) -> list[str]:
    """Ceux de ces mots qui sont dessinés quelque part dans le texte courant."""
    peints = traces(octets)
    voulus = {mot: [attendu(c, chaine(False, False)) for c in mot] for mot in mots}
    return [
        mot
        for mot, suite in voulus.items()
        if any(peints[i : i + len(suite)] == suite for i in range(len(peints)))
    ]


@pytest.mark.parametrize("style", STYLES)
def test_toute_lettre_d_un_nom_d_europe_est_dessinee_telle_qu_ecrite(style):
    peints = traces(rendre(page_de(STYLES[style].format(" ".join(NOMS))), "Lettres", balises=False))
    faces = chaine("serif" in style, "italique" in style)
    assert len(NOMS) > 1000
    assert len(peints) == len(NOMS)
    assert [c for c, t in zip(NOMS, peints, strict=True) if t != attendu(c, faces)] == []


@pytest.mark.parametrize("signe", "‐‑•▪➢✓☑→≥€№ᵉʳ☎Ωש")
def test_un_signe_hors_de_la_police_vient_de_la_face_de_secours(signe):
    assert traces(rendre(page_de(f"<p>{signe}</p>"), "Signes")) == [attendu(signe, chaine(False, False))]


@pytest.mark.parametrize("signe", "✅😀🎁")
def test_un_pictogramme_vient_de_la_face_des_pictogrammes(signe):
    assert traces(rendre(page_de(f"<p>{signe}</p>"), "Signes")) == [attendu(signe, [SECOURS[1]])]


@pytest.mark.parametrize(
    ("place", "puce"), [("\uf0b7", "•"), ("\uf0a7", "▪"), ("\uf0d8", "➢"), ("\uf0fc", "✓")]
)
def test_une_puce_de_word_se_dessine_en_puce(place, puce):
    octets = rendre(page_de(f"<p>{place} Nom</p>"), "Puces")
    assert texte(octets).startswith(puce)
    assert traces(octets)[0] == attendu(puce, chaine(False, False))


@pytest.mark.parametrize(
    "signe",
    [
        "中",
        "\U00013000",
        "\x00",
        "\x07",
        "\x7f",
        "\ud83d",
        "\ue000",
        "\u0378",
        "\ufffe",
        "\u202e",
        "\U000e0067",
    ],
    ids=lambda s: f"{ord(s):04X}",
)
def test_ce_qu_aucune_police_ne_dessine_s_imprime_par_son_code_et_se_dit(signe, caplog):
    lu = texte(rendre(page_de(f"<p>Avant {signe} après</p>"), f"Titre {signe}"))
    code = f"[U+{ord(signe):04X}]"
    assert f"Avant {code} après" in lu
    assert "Signes imprimés par leur code" in lu
    assert f"{code} (1 fois)" in lu
    assert code in caplog.text


@pytest.mark.parametrize(
    "muet", ["\ufeff", "\ufe0f", "\u2060", "\u200d", "\u200e", "\u200f"], ids=lambda s: f"{ord(s):04X}"
)
def test_un_signe_qui_n_a_pas_de_dessin_n_en_recoit_pas(muet):
    octets = rendre(page_de(f"<p>A{muet}B</p>"), "Muets")
    assert traces(octets) == [attendu(c, chaine(False, False)) for c in "AB"]
    assert "code" not in texte(octets)


def test_un_accent_tape_a_part_se_pose_sur_sa_lettre():
    assert traces(rendre(page_de("<p>e\u0301 S\u0326</p>"), "Accents")) == [
        attendu(c, chaine(False, False)) for c in "éȘ"
    ]


def test_un_saut_de_ligne_de_traitement_de_texte_en_est_un():
    assert lettres.tracer("a\x0bb\u2028c")[0] == "a\nb\nc"


def test_un_document_ordinaire_ne_porte_pas_de_note():
    assert "code" not in texte(rendre(page_de("<p>Łódź</p>"), "Lettres"))


def test_la_feuille_nomme_les_faces_que_le_controle_des_signes_connait():
    nommees = polices_de_la_feuille()
    assert {face.stem for face in lettres.CHAINE} < nommees
    assert set(SECOURS) < nommees
    for famille in ("source-sans-3", "source-serif-4"):
        signes = [set(police(nom).getBestCmap()) for nom in nommees if nom.startswith(famille)]
        assert len(signes) > 1
        assert all(s == signes[0] for s in signes[1:]), "une graisse saurait moins de lettres que l'autre"


def test_chaque_face_a_un_nom_a_elle():
    noms = [police(nom)["name"].getDebugName(4) for nom in polices_de_la_feuille()]
    assert len(set(noms)) == len(noms) == 8


@pytest.mark.django_db
def test_la_fiche_exportee_par_la_commande_dessine_ses_lettres_et_nomme_ce_qui_manque(
    maison_lavande, tmp_path, caplog
):
    creer_fiche(maison_lavande, description="Łódź, Ștefan, Doğan, İnci, Ÿ, 1ᵉʳ", remarques="中")
    sortie = tmp_path / "fiche.pdf"
    call_command(
        "exporter",
        organisme=str(maison_lavande.pk),
        format="pdf",
        fiche="TR-001",
        sortie=str(sortie),
        stdout=StringIO(),
    )
    ecrit = "Łódź,Ștefan,Doğan,İnci,Ÿ,"
    assert dessines_parmi(sortie.read_bytes(), [ecrit]) == [ecrit]
    assert "[U+4E2D]" in caplog.text
    assert "[U+4E2D] (1 fois)" in texte(sortie.read_bytes())


@pytest.mark.django_db
def test_les_fragments_assembles_gardent_chacun_leurs_lettres(maison_lavande, monkeypatch):
    ecrits = ["Łódź", "Москва", "İnci ✅ 中"]
    for rang, ecrit in enumerate(ecrits, start=1):
        creer_fiche(maison_lavande, reference=f"TR-{rang:03d}", intitule=f"Fiche {rang}", description=ecrit)
    monkeypatch.setattr(pdf, "LOT", 1)
    with dans(maison_lavande):
        lu = contenu(Demande(maison_lavande))
    assemble, entier = pdf.par_fragments(lu, "Essai"), pdf.d_un_tenant(lu, "Essai")
    noms = [ecrit.split()[0] for ecrit in ecrits]
    assert dessines_parmi(assemble, noms) == dessines_parmi(entier, noms) == noms
    assert texte(assemble).count("Signes imprimés par leur code") == 1
    assert pdf.par_fragments(lu, "Essai") == assemble
