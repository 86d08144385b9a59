"""Un fichier qu'on ne sait pas lire : ce qu'il est, ce qui se lit, quoi faire ; en français, sans nom d'exception."""

import re
import zipfile

import pytest
from django.core.management import CommandError

from classeurs import CLIENTS, ecrire, feuille, fiche
from classeurs_xlsx import F, ecrire_xlsx
from echanges.imports.test_cnil import fiches, importer

pytestmark = pytest.mark.django_db
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def archive(**entrees: str):
    def ecrire_archive(chemin):
        with zipfile.ZipFile(chemin, "w") as zip_:
            for nom, contenu in entrees.items():
                zip_.writestr(nom.replace("__", "/").replace("_point_", "."), contenu)

    return ecrire_archive


def ods_chiffre(chemin):
    manifeste = "<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    ecrire(chemin, feuille("x", fiche(**CLIENTS)))
    with zipfile.ZipFile(chemin, "a") as zip_, pytest.warns(UserWarning):
        zip_.writestr("META-INF/manifest.xml", manifeste)


def octets(contenu: bytes):
    return lambda chemin: chemin.write_bytes(contenu)


NATURES = {
    "un PDF": octets(b"%PDF-1.7 ..."),
    "un document Word (DOCX)": archive(**{"_Content_Types_.xml": "<Types/>", "word__document.xml": "<w/>"}),
    "un document Word (DOC)": octets(OLE + "WordDocument".encode("utf-16-le")),
    "un classeur Excel d'avant 2007 (XLS)": octets(OLE + "Workbook".encode("utf-16-le")),
    "protégé par un mot de passe": octets(OLE + "EncryptedPackage".encode("utf-16-le")),
    "est protégé par un mot de passe : ouvrez-le": ods_chiffre,
    "un document de texte (ODT)": archive(mimetype="application/vnd.oasis.opendocument.text"),
    "une présentation (PPTX)": archive(**{"ppt__presentation.xml": "<p/>"}),
    "un classeur binaire (XLSB)": archive(**{"xl__workbook.bin": "x"}),
    "une archive ZIP, pas un classeur": archive(**{"photo.jpg": "x"}),
    "une image (PNG)": octets(b"\x89PNG\r\n\x1a\n"),
    "une image (JPEG)": octets(b"\xff\xd8\xff\xe0"),
    "un document RTF": octets(b"{\\rtf1 bonjour}"),
    "est vide": octets(b""),
    "un CSV, qui n'est pas en UTF-8": octets("Nom du traitement;Durée\nPaie;5 années\n".encode("latin-1")),
    "un CSV. ": octets("Nom du traitement;Durée\nPaie;5 ans\n".encode()),
    "un fichier de texte. ": octets(b"Le registre des traitements\n"),
    "un fichier JSON qui ne vient pas de Registre": octets(b'[{"a": 1}]'),
    "une page HTML": octets(b"<!doctype html><html><table>"),
    "un classeur XML d'Excel 2003": octets(b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'),
    "un fichier d'un format inconnu": octets(b"\x00\x01\x02\x03" * 20),
    "le fichier est abîmé ou incomplet": octets(b"PK\x03\x04 pas un zip"),
}  # fmt: skip
REMEDE = re.compile(r"enregistre[zr]|Décompressez|décompressez|importez|Choisissez", re.IGNORECASE)
ANGLAIS = re.compile(r"Error|Exception|BadZip|Traceback|password|file|invalid", re.IGNORECASE)


@pytest.mark.parametrize("format_", [None, "cnil-ods"])
@pytest.mark.parametrize("nature", NATURES)
def test_un_fichier_illisible_dit_ce_qu_il_est_et_quoi_faire(nature, format_, tmp_path, maison_lavande):
    chemin = tmp_path / "registre.ods"
    NATURES[nature](chemin)
    with pytest.raises(CommandError) as refus:
        importer(chemin, maison_lavande, **({"format": format_} if format_ else {}))
    assert nature.strip(". ") in str(refus.value)
    assert REMEDE.search(str(refus.value))
    assert not ANGLAIS.search(str(refus.value))


def test_un_xlsx_nomme_ods_se_lit_pour_ce_qu_il_est(tmp_path, maison_lavande):
    importer(ecrire_xlsx(tmp_path / "registre.ods", F("Fiche", fiche(**CLIENTS))), maison_lavande)
    assert [f["intitule"] for f in fiches(maison_lavande)] == ["Gestion des clients"]


def test_un_doctype_en_utf_16_est_refuse(tmp_path, maison_lavande):
    chemin = ecrire_xlsx(tmp_path / "r.xlsx", F("Fiche", fiche(**CLIENTS)))
    piege = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "c">]><Relationships/>'
    with zipfile.ZipFile(chemin, "a") as zip_:
        zip_.writestr("xl/worksheets/_rels/sheet1.xml.rels", piege.encode("utf-16"))
    with pytest.raises(CommandError, match="DOCTYPE"):
        importer(chemin, maison_lavande)
