"""Le nom d'un fichier vient d'une personne : il ne sort jamais de son en-tête, et ce qu'il nomme ne s'exécute pas."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.http import parse_header_parameters

from arbre import RACINE
from boutique import creer_epreuve, creer_fiche, creer_operation
from registre.portes.requetes.telechargement import EXTENSIONS, NOM_MAX, disposition, fichier_recu

FORME = re.compile(r"attachment; filename=\"([ -!#-\[\]-~]*)\"; filename\*=UTF-8''([A-Za-z0-9._~%-]*)")
NOMS = [
    'x"; filename="pirate.exe',
    "x\\\"; filename*=UTF-8''pirate.exe; y=\".txt",
    "a\r\nContent-Type: text/html\r\n\r\n<script>.txt",
    "../../etc/passwd",
    "C:\\Windows\\system32\\cmd.exe",
    "facture\u202efdp.exe",
    "a\x00b.pdf",
    "é" * 500 + ".pdf",
    "",
    ".",
    "...",
    ".htaccess",
    "nom.PDF",
    "nom.tar.gz",
    "nom.html",
    "nom.svg",
    "nom.pdf ",
    "nom.pdf;",
    "%22%3Bx.txt",
    "\ud800.txt",
    "日本語.csv",
    "ligne\u2028suivante.log",
    "zéro\u200blargeur.txt",
]


def noms(entete: str) -> tuple[str, str]:
    lu = FORME.fullmatch(entete)
    assert lu, entete
    type_, parametres = parse_header_parameters(entete)
    assert type_ == "attachment" and set(parametres) == {"filename"}
    return lu[1], parametres["filename"]


@pytest.mark.parametrize("nom", NOMS, ids=ascii)
def test_aucun_nom_ne_sort_de_l_en_tete_ni_ne_s_execute(nom, tmp_path):
    (tmp_path / "piece").write_bytes(b"x")
    reponse = fichier_recu(tmp_path / "piece", nom)
    simple, vrai = noms(reponse["Content-Disposition"])
    for lu in (simple, vrai):
        assert lu.rpartition(".")[2] in EXTENSIONS and lu.rpartition(".")[0]
        assert not re.search(r'[\x00-\x1f\x7f/\\"\u2028\u200b\u202e]', lu)
        assert len(lu) <= NOM_MAX + 6 and len(lu.encode()) <= 210
        assert not lu.startswith(".")
    assert reponse["Content-Type"] == "application/octet-stream"
    assert reponse["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("titre", "extension", "attendu"),
    [
        ("Procès-verbal", "pdf", "Procès-verbal.pdf"),
        ("Épreuve d'anonymat TR-004", "pdf", "Épreuve d'anonymat TR-004.pdf"),
        ("journal", "EXE", "journal.bin"),
        ("journal", "LOG", "journal.log"),
        ("", "csv", "fichier.csv"),
    ],
)
def test_un_nom_honnete_reste_le_sien(titre, extension, attendu):
    assert noms(disposition(titre, extension))[1] == attendu


def test_une_seule_fonction_ecrit_l_en_tete():
    ecrivent = [
        chemin.name
        for piece in ("registre", "organismes", "conservation", "traitements", "journal")
        for chemin in (RACINE / piece).rglob("*.py")
        if re.search(r"Content-Disposition|FileResponse|as_attachment", chemin.read_text())
    ]
    assert ecrivent == ["telechargement.py"]


@pytest.mark.lent
@pytest.mark.django_db
@pytest.mark.parametrize("intitule", ['x"; filename="pirate.exe', "a/b\\c \u202e fdp.exe"])
def test_chaque_telechargement_sort_par_elle(dpo, maison_lavande, intitule):
    fiche = creer_fiche(maison_lavande, reference='T"R', intitule=intitule)
    operation = creer_operation(maison_lavande, fiche)
    epreuve = creer_epreuve(maison_lavande, fiche)
    for nom, args in (
        ("registre_pdf", []),
        ("registre_json", []),
        ("fiche_pdf", [fiche.pk]),
        ("information_txt", [fiche.pk]),
        ("echeancier_csv", []),
        ("durees_csv", []),
        ("operation_pv", [operation.pk]),
        ("operation_preuve", [operation.pk]),
        ("epreuve_pdf", [epreuve.pk]),
    ):
        reponse = dpo.get(reverse(nom, args=args))
        assert reponse.status_code == 200, nom
        noms(reponse["Content-Disposition"])
        assert (reponse["X-Content-Type-Options"], reponse["Cache-Control"]) == (
            "nosniff",
            "private, no-store",
        )


@pytest.mark.django_db
def test_une_preuve_deposee_sous_un_nom_pirate_se_rend_en_fichier_neutre(dpo, maison_lavande, prospection):
    envoi = {
        "type": "purge", "date": "2026-11-01", "regles": "1", "perimetre": "Prospects",
        "volume_avant": "9", "volume_apres": "4", "methode": "Script", "etape": "signer",
        "preuve": SimpleUploadedFile("rapport.exe", b"MZ", content_type="text/html"),
    }  # fmt: skip
    page = dpo.post(reverse("operation_nouvelle") + f"?fiche={prospection.pk}", envoi)
    reponse = dpo.get(page["Location"] + "preuve/")
    assert noms(reponse["Content-Disposition"])[1] == "rapport.bin"
    assert reponse["Content-Type"] == "application/octet-stream"
