"""Ce qu'un classeur porte à côté de ses valeurs : commentaires, cellules fusionnées, lignes et colonnes masquées, et le texte
affiché là où la valeur seule le perdrait (sauts de ligne, pourcentages, formules en échec, cellules sans type).

Lu dans l'XML de l'archive, en flux, par expat, toute déclaration DOCTYPE refusée. Ne dépend ni de Django ni du reste
du produit : le lecteur de classeurs l'appelle dans son processus à part, sous ses limites. Les rangs partent de zéro.
"""

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

AFFICHES_MAX = 50_000
REPETEES_MAX = 100  # le même texte, répété sur une ligne
BLANCS = {"line-break": "\n", "tab": "\t"}
# Les autres perdent ce qui s'affiche : « 50 % », « 1 200 € ».
TYPES_EXACTS = {"string", "float", "date", "time", "boolean"}
COMMENTAIRES_MAX = 5_000
FUSIONS_MAX = 10_000
RANGS_MAX = 5_000  # au-delà, le lecteur refuse la feuille : rien n'y est rempli
ERREUR = re.compile(r"#[A-ZÉ/0]+[!?]?|Err:\d{3}")
REFERENCE = re.compile(r"^\$?([A-Z]{1,3})\$?(\d{1,7})$")


class XmlRefuse(Exception):
    """Un DOCTYPE, ou trop de commentaires : le message le dit en français."""


@dataclass
class Coulisses:
    """`commentaires` : (ligne, colonne, auteur, texte). `fusions` : première et dernière ligne et colonne.

    `affiches` : (ligne, colonne, texte affiché), qui l'emporte sur la valeur lue.
    """

    commentaires: list[tuple[int, int, str, str]] = field(default_factory=list)
    fusions: list[tuple[int, int, int, int]] = field(default_factory=list)
    lignes_masquees: list[int] = field(default_factory=list)
    colonnes_masquees: list[int] = field(default_factory=list)
    affiches: list[tuple[int, int, str]] = field(default_factory=list)


def coulisses(archive: zipfile.ZipFile) -> dict[str, Coulisses]:
    """Par nom de feuille. Lève `XmlRefuse`, ou `expat.ExpatError` si l'XML est mal formé."""
    noms = set(archive.namelist())
    if "content.xml" in noms:
        return _Ods().lire(archive)
    return {nom: _feuille_xlsx(archive, chemin, noms) for nom, chemin in _feuilles_xlsx(archive, noms)}


def _parcourir(
    archive: zipfile.ZipFile,
    chemin: str,
    debut: Callable[[str, dict[str, str]], None],
    fin: Callable[[str], None] | None = None,
    texte: Callable[[str], None] | None = None,
) -> None:
    """`debut(nom, attributs)`, `fin(nom)`, `texte(données)`, les noms sans leur espace de noms."""
    analyseur = expat.ParserCreate(namespace_separator=" ")
    analyseur.buffer_text = True

    def refuser(*_: object) -> None:
        raise XmlRefuse(
            "ce classeur contient une déclaration DOCTYPE, que l'import refuse : ouvrez-le dans un tableur et "
            "enregistrez-le en ODS ou en XLSX, puis recommencez"
        )

    analyseur.StartDoctypeDeclHandler = refuser
    analyseur.StartElementHandler = lambda nom, a: debut(_nu(nom), {_nu(cle): v for cle, v in a.items()})
    if fin:
        analyseur.EndElementHandler = lambda nom: fin(_nu(nom))
    if texte:
        analyseur.CharacterDataHandler = texte
    with archive.open(chemin) as flux:
        analyseur.ParseFile(flux)


def _nu(nom: str) -> str:
    return nom.rpartition(" ")[2]


def _compter(lues: Coulisses) -> None:
    """À chaque ajout : une feuille piégée ne doit pas remplir la mémoire."""
    if len(lues.commentaires) > COMMENTAIRES_MAX:
        raise XmlRefuse(f"une feuille de ce classeur dépasse {COMMENTAIRES_MAX} commentaires")
    if len(lues.fusions) > FUSIONS_MAX:
        raise XmlRefuse(f"une feuille de ce classeur dépasse {FUSIONS_MAX} cellules fusionnées")
    if len(lues.affiches) > AFFICHES_MAX:
        raise XmlRefuse(f"une feuille de ce classeur dépasse {AFFICHES_MAX} cellules mises en forme")


# --- OpenDocument ------------------------------------------------------------------------------------------------------


class _Ods:
    """Suit la position dans `content.xml` : les répétitions comptent, les tables imbriquées non."""

    def __init__(self) -> None:
        self.feuilles: dict[str, Coulisses] = {}
        self.pile: list[str] = []
        self.ici: Coulisses | None = None
        self.ligne = self.colonne = self.colonne_definie = 0
        self.repetees = 1
        self.note: dict[str, list[str]] | None = None
        self.paragraphes: list[str] = []  # ceux de la cellule, hors de son commentaire
        self.exact = True

    def lire(self, archive: zipfile.ZipFile) -> dict[str, Coulisses]:
        _parcourir(archive, "content.xml", self.debut, self.fin, self.texte)
        return self.feuilles

    def debut(self, nom: str, a: dict[str, str]) -> None:
        self.pile.append(nom)
        if nom == "table" and self.pile[-2:-1] == ["spreadsheet"]:
            self.ici = self.feuilles.setdefault(a.get("name", ""), Coulisses())
            self.ligne = self.colonne = self.colonne_definie = 0
        elif self.ici is not None and self.pile.count("table") == 1:
            self._grille(self.ici, nom, a)
            if nom == "annotation":
                self.note = {"creator": [], "p": []}
            elif nom == "p" and self.note is not None:
                self.note["p"].append("")
            elif nom == "p" and self._dans_la_cellule():
                self.paragraphes.append("")
            elif nom in BLANCS and self._dans_la_cellule():
                self.paragraphes[-1] += BLANCS[nom]
                self.exact = False
            elif nom == "s" and self._dans_la_cellule():
                self.paragraphes[-1] += " " * min(_entier(a, "c"), 100)

    def _grille(self, ici: Coulisses, nom: str, a: dict[str, str]) -> None:
        """Avance d'une colonne, d'une ligne, d'une cellule."""
        masquee = a.get("visibility") in ("collapse", "filter")
        if nom == "table-column":
            nombre = _entier(a, "number-columns-repeated")
            ici.colonnes_masquees += _rangs(self.colonne_definie, nombre) if masquee else []
            self.colonne_definie += nombre
        elif nom == "table-row":
            self.colonne, self.repetees = 0, _entier(a, "number-rows-repeated")
            ici.lignes_masquees += _rangs(self.ligne, self.repetees) if masquee else []
        elif nom in ("table-cell", "covered-table-cell"):
            hauteur, largeur = _entier(a, "number-rows-spanned"), _entier(a, "number-columns-spanned")
            if hauteur * largeur > 1:
                fusion = (self.ligne, self.colonne, self.ligne + hauteur - 1, self.colonne + largeur - 1)
                ici.fusions.append(fusion)
                _compter(ici)
            self.largeur = _entier(a, "number-columns-repeated")
            self.paragraphes, self.exact = [], a.get("value-type") in TYPES_EXACTS

    def texte(self, donnees: str) -> None:
        if self.note is None:
            if self.paragraphes and self._dans_la_cellule():
                self.paragraphes[-1] += re.sub(r"\s+", " ", donnees)
            return
        if self.pile[-1] == "creator":
            self.note["creator"].append(donnees)
        elif self.note["p"] and "p" in self.pile:
            self.note["p"][-1] += donnees

    def fin(self, nom: str) -> None:
        if self.ici is not None and self.pile.count("table") == 1:
            if nom == "annotation" and self.note is not None:
                texte = "\n".join(self.note["p"]).strip()
                auteur = "".join(self.note["creator"]).strip()
                if texte:
                    self.ici.commentaires.append((self.ligne, self.colonne, auteur, texte))
                    _compter(self.ici)
                self.note = None
            elif nom in ("table-cell", "covered-table-cell"):
                self._afficher(self.ici)
                self.colonne += self.largeur
            elif nom == "table-row":
                self.ligne += self.repetees
            elif nom == "table":
                self.ici = None
        self.pile.pop()

    def _dans_la_cellule(self) -> bool:
        """Dans un paragraphe de la cellule même : ni son commentaire, ni un dessin posé dessus."""
        if self.note is not None or "table-cell" not in self.pile:
            return False
        rang = self.pile.index("table-cell")
        return self.pile[rang + 1 : rang + 2] == ["p"]

    def _afficher(self, ici: Coulisses) -> None:
        """Le texte affiché d'une cellule dont la valeur ne le rend pas."""
        texte = "\n".join(self.paragraphes).strip()
        if texte and (not self.exact or ERREUR.fullmatch(texte)) and self.ligne < RANGS_MAX:
            rangs = range(self.colonne, self.colonne + min(self.largeur, REPETEES_MAX))
            for ligne in _rangs(self.ligne, min(self.repetees, REPETEES_MAX)):
                ici.affiches += [(ligne, colonne, texte) for colonne in rangs]
            _compter(ici)
        self.paragraphes = []


def _entier(a: dict[str, str], nom: str) -> int:
    lu = a.get(nom, "1")
    return max(int(lu), 1) if lu.isdigit() and len(lu) <= 9 else 1


def _rangs(debut: int, nombre: int) -> list[int]:
    return list(range(debut, min(debut + nombre, RANGS_MAX)))


# --- OOXML --------------------------------------------------------------------------------------------------------------


def _feuilles_xlsx(archive: zipfile.ZipFile, noms: set[str]) -> Iterator[tuple[str, str]]:
    """Le nom de chaque feuille et son fichier dans l'archive."""
    classeur = "xl/workbook.xml"
    if classeur not in noms:
        return
    liens = {lien["Id"]: lien for lien in _liens(archive, classeur, noms) if "Id" in lien}
    feuilles: list[dict[str, str]] = []
    _parcourir(archive, classeur, lambda nom, a: feuilles.append(a) if nom == "sheet" else None)
    for feuille in feuilles:
        cible = liens.get(feuille.get("id", ""), {}).get("chemin", "")
        if cible in noms:
            yield feuille.get("name", ""), cible


def _liens(archive: zipfile.ZipFile, chemin: str, noms: set[str]) -> list[dict[str, str]]:
    """Les liens d'une partie vers les autres, le chemin de chacune résolu dans l'archive."""
    dossier, fichier = posixpath.split(chemin)
    fichier_liens = f"{dossier}/_rels/{fichier}.rels"
    liens: list[dict[str, str]] = []
    if fichier_liens in noms:
        _parcourir(archive, fichier_liens, lambda nom, a: liens.append(a) if nom == "Relationship" else None)
    for lien in liens:
        cible = lien.get("Target", "")
        lien["chemin"] = (
            cible.lstrip("/") if cible.startswith("/") else posixpath.normpath(f"{dossier}/{cible}")
        )
    return liens


def _feuille_xlsx(archive: zipfile.ZipFile, chemin: str, noms: set[str]) -> Coulisses:
    lues = Coulisses()
    rang = -1
    erreur: tuple[int, int] | None = None  # la place d'une formule en échec, dont la valeur se perdrait
    lu = False

    def texte(donnees: str) -> None:
        if erreur is not None and lu:
            lues.affiches.append((*erreur, donnees))
            _compter(lues)

    def fin(nom: str) -> None:
        nonlocal erreur, lu
        lu = False
        erreur = None if nom == "c" else erreur

    def debut(nom: str, a: dict[str, str]) -> None:
        nonlocal rang, erreur, lu
        lu = nom == "v"
        if nom == "c" and a.get("t") == "e":
            erreur = _place(a.get("r", ""))
        masquee = a.get("hidden") in ("1", "true")
        if nom == "row":
            rang = int(a["r"]) - 1 if a.get("r", "").isdigit() else rang + 1
            lues.lignes_masquees += _rangs(rang, 1) if masquee else []
        elif nom == "col" and masquee:
            premier, dernier = _entier(a, "min"), _entier(a, "max")
            lues.colonnes_masquees += _rangs(premier - 1, dernier - premier + 1)
        elif nom == "mergeCell" and (fusion := _plage(a.get("ref", ""))):
            lues.fusions.append(fusion)
            _compter(lues)

    _parcourir(archive, chemin, debut, fin, texte)
    lues.commentaires = _tous_les_commentaires(archive, chemin, noms)
    _compter(lues)
    return lues


def _tous_les_commentaires(
    archive: zipfile.ZipFile, chemin: str, noms: set[str]
) -> list[tuple[int, int, str, str]]:
    """Excel double chaque fil de discussion d'un commentaire simple, qui n'est qu'une consigne : le fil l'emporte."""
    simples: dict[tuple[int, int], list[tuple[str, str]]] = {}
    fils: dict[tuple[int, int], list[tuple[str, str]]] = {}
    for lien in _liens(archive, chemin, noms):
        genre = lien.get("Type", "").rpartition("/")[2]
        if lien["chemin"] in noms and genre == "threadedComment":
            _commentaires(archive, lien["chemin"], "threadedComment", fils)
        elif lien["chemin"] in noms and genre == "comments":
            _commentaires(archive, lien["chemin"], "comment", simples)
    return [
        (*place, auteur, texte)
        for place in sorted(simples.keys() | fils.keys())
        for auteur, texte in fils.get(place) or simples[place]
    ]


def _commentaires(
    archive: zipfile.ZipFile, chemin: str, balise: str, lus: dict[tuple[int, int], list[tuple[str, str]]]
) -> None:
    pile: list[str] = []
    auteurs: list[str] = []
    place: tuple[int, int] | None = None
    auteur = ""
    morceaux: list[str] = []

    def debut(nom: str, a: dict[str, str]) -> None:
        nonlocal place, auteur, morceaux
        pile.append(nom)
        if nom == "author":
            auteurs.append("")
        elif nom == balise:
            place, morceaux = _place(a.get("ref", "")), []
            rang = a.get("authorId", "")
            auteur = auteurs[int(rang)] if rang.isdigit() and int(rang) < len(auteurs) else ""

    def texte(donnees: str) -> None:
        if pile[-1] == "author":
            auteurs[-1] += donnees
        elif pile[-1] in ("t", "text") and place is not None and "rPh" not in pile:
            morceaux.append(donnees)

    def fin(nom: str) -> None:
        nonlocal place
        pile.pop()
        if nom == balise and place is not None:
            if lu := "".join(morceaux).strip():
                lus.setdefault(place, []).append((auteur.strip(), lu))
            place = None

    _parcourir(archive, chemin, debut, fin, texte)


def _place(reference: str) -> tuple[int, int] | None:
    """« B12 » → (11, 1)."""
    trouve = REFERENCE.match(reference)
    if not trouve:
        return None
    colonne = 0
    for lettre in trouve[1]:
        colonne = colonne * 26 + ord(lettre) - 64
    return int(trouve[2]) - 1, colonne - 1


def _plage(reference: str) -> tuple[int, int, int, int] | None:
    premiere, _, derniere = reference.partition(":")
    a, b = _place(premiere), _place(derniere or premiere)
    return (*a, *b) if a and b else None
