"""Fabrique des classeurs ODS comme on en reçoit : à partir de lignes de texte, ou d'un XML brut pour les pièges."""

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

ENTETE = (
    '<?xml version="1.0" encoding="UTF-8"?>{doctype}<office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" office:version="1.2">'
    '<office:automatic-styles><style:style style:name="masquee" style:family="table">'
    '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    "<office:body><office:spreadsheet>{feuilles}</office:spreadsheet></office:body></office:document-content>"
)
MANIFESTE = (
    '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    "</manifest:manifest>"
)
PLACEHOLDER = "Sélectionnez un élément dans cette liste déroulante ►"


def cellule(texte: str) -> str:
    if not texte:
        return "<table:table-cell/>"
    lignes = "".join(f"<text:p>{escape(ligne)}</text:p>" for ligne in texte.split("\n"))
    return f'<table:table-cell office:value-type="string">{lignes}</table:table-cell>'


def feuille(nom: str, lignes: list[list[str]], suite: str = "") -> str:
    rangees = "".join(
        f"<table:table-row>{''.join(map(cellule, ligne))}</table:table-row>" for ligne in lignes
    )
    return f'<table:table table:name="{escape(nom)}">{rangees}{suite}</table:table>'


def ecrire(chemin: Path, *feuilles: str, doctype: str = "", autres: dict[str, bytes] | None = None) -> Path:
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFESTE)
        archive.writestr("content.xml", ENTETE.format(doctype=doctype, feuilles="".join(feuilles)))
        for nom, octets in (autres or {}).items():
            archive.writestr(nom, octets)
    return chemin


def fiche(**v) -> list[list[str]]:
    """Une feuille de fiche du modèle de la CNIL ; chaque bloc se remplit par une liste de lignes."""
    return [
        ["Modèle de fiche de registre à compléter"],
        ["Description  du traitement  "],
        ["Nom du traitement", v.get("nom", "")],
        ["N° / RÉF", v.get("ref", "ref-001")],
        ["Date de création du traitement", v.get("creation", "")],
        ["Mise à jour du traitement", v.get("maj", "")],
        [],
        ["Acteurs", "Nom", "Adresse", "Code Postal", "Ville", "Pays", "Téléphone", "Adresse mél"],
        *v.get("acteurs", [["Responsable du traitement"]]),
        [],
        ["Finalité(s) du traitement effectué"],
        *v.get("finalites", [["Finalité principale"], ["Sous-finalité 1"]]),
        [],
        ["Catégories de données personnelles concernées", "Description", "", "", "Durée de conservation"],
        *v.get("donnees", [["État civil, identité, données d'identification, images…"]]),
        [],
        ["Données sensibles", "Description", "", "", "Durée de conservation"],
        *v.get("sensibles", [["Données concernant la santé"]]),
        [],
        ["Catégories de personnes concernées", "Description", "", "", "Précisions"],
        *v.get("personnes", [["Catégorie de personnes 1", PLACEHOLDER]]),
        [],
        ["Destinataires", "Type de destinataire", "", "", "Précisions"],
        *v.get("destinataires", [["Destinataire 1", PLACEHOLDER]]),
        [],
        ["Mesures de sécurité", "Type de mesure de sécurité", "", "", "Précisions"],
        *v.get("mesures", [["Mesure de sécurité 1", PLACEHOLDER]]),
        [],
        [
            "Transferts hors UE",
            "Destinataire",
            "Pays",
            "Type de Garanties",
            "",
            "Liens vers la documentation",
        ],
        *v.get("transferts", [["Organisme destinataire 1", "", PLACEHOLDER, PLACEHOLDER]]),
    ]


CLIENTS = {
    "nom": "Gestion des clients",
    "ref": "TR-1",
    "creation": "2020-01-31",
    "maj": "13/05/2024",
    "finalites": [["Finalité principale", "Livrer les commandes"], ["Sous-finalité 1", "Suivi des colis"]],
    "donnees": [
        [
            "État civil, identité, données d'identification, images…",
            "Nom, prénom",
            "",
            "",
            "5 ans à compter de la fin du contrat",
        ]
    ],
    "personnes": [["Catégorie de personnes 1", "Clients"]],
    "destinataires": [["Destinataire 1", "Sous-traitants", "", "", "Hébergeur"]],
    "mesures": [["Mesure de sécurité 1", "Sauvegarde des données", "", "", "chaque nuit"]],
}
