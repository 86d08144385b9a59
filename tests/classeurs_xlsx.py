"""Fabrique des classeurs XLSX et ODS avec ce qu'un tableur porte à côté des valeurs : commentaires, fusions, masquages.

La même description donne les deux formats : ce que l'import en dit doit être identique.
"""

import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from classeurs import cellule, ecrire
from registre.echanges.imports.cellules import lettres

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    "</Types>"
)
LIENS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PRINCIPAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@dataclass
class F:
    """Une feuille. `commentaires` : (ligne, colonne) → texte. `fusions` : (ligne, colonne, ligne, colonne), depuis zéro."""

    nom: str
    lignes: list[list[str]]
    masquee: bool = False
    commentaires: dict[tuple[int, int], str] = field(default_factory=dict)
    fusions: list[tuple[int, int, int, int]] = field(default_factory=list)
    lignes_masquees: set[int] = field(default_factory=set)


def ecrire_ods(chemin: Path, *feuilles: F) -> Path:
    return ecrire(chemin, *map(_table, feuilles))


def _table(f: F) -> str:
    couvertes = {
        (i, j): (i, j) != (a, b) for a, b, c, d in f.fusions for i in range(a, c + 1) for j in range(b, d + 1)
    }
    etendues = {(a, b): (c - a + 1, d - b + 1) for a, b, c, d in f.fusions}
    largeur = max([*(len(ligne) for ligne in f.lignes), *(j + 1 for _, j in couvertes), *(j + 1 for _, j in f.commentaires), 1])  # fmt: skip
    hauteur = max([len(f.lignes), *(i + 1 for i, _ in f.commentaires)])
    rangees = []
    for i in range(hauteur):
        ligne = f.lignes[i] if i < len(f.lignes) else []
        cellules = []
        for j in range(largeur):
            xml = cellule(ligne[j] if j < len(ligne) else "")
            if note := f.commentaires.get((i, j)):
                annotation = f"<office:annotation><text:p>{escape(note)}</text:p></office:annotation>"
                xml = xml.replace("/>", f">{annotation}</table:table-cell>", 1) if xml.endswith("/>") else xml.replace(">", f">{annotation}", 1)  # fmt: skip
            if couvertes.get((i, j)):
                xml = "<table:covered-table-cell/>"
            elif (i, j) in etendues:
                haut, large = etendues[i, j]
                xml = xml.replace(
                    "<table:table-cell",
                    f'<table:table-cell table:number-rows-spanned="{haut}" table:number-columns-spanned="{large}"',
                    1,
                )
            cellules.append(xml)
        masque = ' table:visibility="collapse"' if i in f.lignes_masquees else ""
        rangees.append(f"<table:table-row{masque}>{''.join(cellules)}</table:table-row>")
    style = ' table:style-name="masquee"' if f.masquee else ""
    return f"<table:table table:name={quoteattr(f.nom)}{style}>{''.join(rangees)}</table:table>"


def ecrire_xlsx(chemin: Path, *feuilles: F) -> Path:
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr(
            "_rels/.rels",
            LIENS.format(
                f'<Relationship Id="r1" Type="{RELATION}/officeDocument" Target="xl/workbook.xml"/>'
            ),
        )
        noms = "".join(
            f'<sheet name={quoteattr(f.nom)} sheetId="{n}" r:id="f{n}"{" state=" + chr(34) + "hidden" + chr(34) if f.masquee else ""}/>'
            for n, f in enumerate(feuilles, 1)
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{PRINCIPAL}" xmlns:r="{RELATION}"><sheets>{noms}</sheets></workbook>',
        )
        liens = "".join(
            f'<Relationship Id="f{n}" Type="{RELATION}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(feuilles) + 1)
        )
        archive.writestr("xl/_rels/workbook.xml.rels", LIENS.format(liens))
        for n, f in enumerate(feuilles, 1):
            archive.writestr(f"xl/worksheets/sheet{n}.xml", _feuille_xlsx(f))
            if f.commentaires:
                lien = f'<Relationship Id="c1" Type="{RELATION}/comments" Target="../comments{n}.xml"/>'
                archive.writestr(f"xl/worksheets/_rels/sheet{n}.xml.rels", LIENS.format(lien))
                archive.writestr(f"xl/comments{n}.xml", _commentaires_xlsx(f))
    return chemin


def _feuille_xlsx(f: F) -> str:
    rangees = []
    for i, ligne in enumerate(f.lignes):
        cellules = "".join(
            f'<c r="{lettres(j)}{i + 1}" t="inlineStr"><is><t xml:space="preserve">{escape(texte)}</t></is></c>'
            for j, texte in enumerate(ligne)
            if texte
        )
        masque = ' hidden="1"' if i in f.lignes_masquees else ""
        rangees.append(f'<row r="{i + 1}"{masque}>{cellules}</row>')
    plages = "".join(
        f'<mergeCell ref="{lettres(b)}{a + 1}:{lettres(d)}{c + 1}"/>' for a, b, c, d in f.fusions
    )
    fusions = f"<mergeCells>{plages}</mergeCells>" if plages else ""
    return f'<worksheet xmlns="{PRINCIPAL}"><sheetData>{"".join(rangees)}</sheetData>{fusions}</worksheet>'


def _commentaires_xlsx(f: F) -> str:
    lus = "".join(
        f'<comment ref="{lettres(j)}{i + 1}" authorId="0"><text><r><t>{escape(texte)}</t></r></text></comment>'
        for (i, j), texte in f.commentaires.items()
    )
    return f'<comments xmlns="{PRINCIPAL}"><authors><author/></authors><commentList>{lus}</commentList></comments>'


ECRIRE = {"ods": ecrire_ods, "xlsx": ecrire_xlsx}
