"""Les lignes d'un CSV, au fil de l'eau, en mémoire constante : encodage, séparateur et en-tête devinés. Ne dépend pas de Django."""

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, Protocol

from registre.execution.sources.demande import SourceRefusee, propre
from registre.execution.sources.tableau import TETE, Tableau, rang_de_l_entete, rangs, remplies

TAMPON = 1 << 20
ECHANTILLON = 1 << 16
LIGNE_MAX = 1 << 20  # caractères d'une ligne du fichier
CELLULE_MAX = 1 << 17
SEPARATEURS = ";,\t|"
SEPARATEUR_DIT = re.compile(r'"?sep=(?P<separateur>[^"\r\n])"?\s*', re.IGNORECASE)
MARQUES = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
MAL_ECRIT = (
    "Ce fichier ne se lit pas comme un CSV : un guillemet n'est pas refermé, ou une cellule est démesurée."
)


# Un fichier qui se dit UTF-8 et ne l'est pas partout : l'octet fautif se lit comme Windows l'aurait écrit.
def _comme_windows(erreur: UnicodeError) -> tuple[str, int]:
    if not isinstance(erreur, UnicodeDecodeError):
        raise erreur
    return erreur.object[erreur.start : erreur.end].decode("cp1252", "replace"), erreur.end


codecs.register_error("registre-windows", _comme_windows)


class Lisible(Protocol):
    """Un flux brut ou tamponné."""

    def readinto(self, tampon: memoryview, /) -> int | None: ...


class Empreint(io.RawIOBase):
    """Un flux dont chaque octet lu entre dans l'empreinte."""

    def __init__(self, flux: Lisible) -> None:
        self.flux, self.sha256, self.octets = flux, hashlib.sha256(), 0

    def readable(self) -> bool:
        return True

    def readinto(self, tampon: Any) -> int:
        vue, lus = memoryview(tampon), 0
        while lus < len(vue) and (n := self.flux.readinto(vue[lus:])):  # un tuyau livre par petits morceaux
            lus += n
        self.sha256.update(vue[:lus])
        self.octets += lus
        return lus


def ouvrir(flux: Lisible, colonne: str | None) -> tuple[Tableau, Callable[[], str]]:
    """Le tableau, et l'empreinte SHA-256 une fois ses lignes lues jusqu'au bout. `colonne` : celle que l'en-tête doit nommer.

    Lève `SourceRefusee`. `flux` : brut ou tamponné, lu une fois, jamais repris.
    """
    brut = Empreint(flux)
    tampon = io.BufferedReader(brut, TAMPON)
    echantillon = tampon.peek(ECHANTILLON)[:ECHANTILLON]
    if not echantillon:
        raise SourceRefusee("Ce fichier est vide.")
    encodage = _encodage(echantillon)
    erreurs = "registre-windows" if encodage.startswith("utf-8") else "replace"
    texte = io.TextIOWrapper(tampon, encodage, errors=erreurs, newline="")
    csv.field_size_limit(CELLULE_MAX)
    return _tableau(_lignes(texte), colonne, lambda: _encore(flux, colonne)), lambda: brut.sha256.hexdigest()


def _encore(flux: Any, colonne: str | None) -> Iterator[Sequence[str]]:
    """Les mêmes lignes, depuis le début d'un fichier que l'on peut rembobiner."""
    flux.seek(0)
    return ouvrir(flux, colonne)[0].lignes


def _tableau(
    lignes: Iterator[str], colonne: str | None, encore: Callable[[], Iterator[Sequence[str]]]
) -> Tableau:
    tete = list(islice((ligne for ligne in lignes if ligne.strip()), TETE))
    dit = separateur_dit(tete)
    tete = tete[1:] if dit else tete
    separateur = dit or separateur_devine(tete, colonne)
    entete = rang_de_l_entete(_decoupees(tete, separateur), colonne)
    toutes = chain(tete, lignes)
    # L'en-tête se lit sans rigueur (« "nom" ;date »), les lignes avec : un guillemet ouvert en avalerait la suite.
    dessus = csv.reader(toutes, delimiter=separateur)
    noms = [next(dessus) for _ in range(entete + 1)][-1]
    suite = csv.reader(toutes, delimiter=separateur, strict=True)
    return Tableau([propre(n) for n in noms], _remplies(suite), encore, titre=entete)


def _remplies(lignes: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        for ligne in lignes:
            if any(map(str.strip, ligne)):
                yield ligne
    except csv.Error:
        raise SourceRefusee(MAL_ECRIT) from None


def _lignes(texte: io.TextIOWrapper) -> Iterator[str]:
    while ligne := texte.readline(LIGNE_MAX):
        if len(ligne) >= LIGNE_MAX and not ligne.endswith(("\n", "\r")):
            raise SourceRefusee("Une ligne de ce fichier est démesurée : ce n'est pas un CSV.")
        yield ligne


def _decoupees(tete: list[str], separateur: str) -> list[list[str]]:
    try:
        return list(csv.reader(tete, delimiter=separateur))
    except csv.Error:
        raise SourceRefusee(MAL_ECRIT) from None


def _encodage(echantillon: bytes) -> str:
    for marque, nom in MARQUES:
        if echantillon.startswith(marque):
            return nom
    try:
        codecs.getincrementaldecoder("utf-8")().decode(echantillon)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def separateur_dit(tete: Sequence[str]) -> str:
    """Celui que la première ligne déclare (« sep=; ») ; vide si elle n'en dit rien."""
    dit = SEPARATEUR_DIT.fullmatch(tete[0]) if tete else None
    return dit["separateur"] if dit else ""


def separateur_devine(tete: list[str], colonne: str | None = None) -> str:
    """Celui qui fait apparaître la colonne demandée ; à défaut, celui qui découpe le plus de lignes en plus de cellules."""

    def valeur(separateur: str) -> tuple[bool, int]:
        lignes = _decoupees(tete, separateur)
        if colonne is None:
            return False, _largeur_partagee(lignes)
        nomme = next((ligne for ligne in lignes if rangs(ligne, colonne)), None)
        return nomme is not None, len(nomme or (lignes[0] if lignes else ()))

    return max(SEPARATEURS, key=valeur)


def _largeur_partagee(lignes: list[list[str]]) -> int:
    """Le nombre de cellules qu'ont au moins la moitié des lignes : une virgule dans un texte n'en fait pas un séparateur."""
    largeurs = sorted((remplies(ligne) for ligne in lignes), reverse=True)
    return largeurs[len(largeurs) // 2] if largeurs else 0
