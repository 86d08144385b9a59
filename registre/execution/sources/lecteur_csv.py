"""Compte un CSV au fil de l'eau, en mémoire constante. Ne dépend pas de Django.

`compter` sert la commande ; la page passe par `repondre`, qui travaille à part (`isolement`) : le fichier vient d'ailleurs.
"""

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator
from datetime import date
from typing import Any, Protocol

from conservation.comptage import Compteur
from isolement.limites import COMPTAGE
from isolement.refus import FichierRefuse
from registre.execution.sources.demande import Filtre, SourceRefusee

LIMITES = COMPTAGE
ILLISIBLE = "Ce fichier ne se lit pas comme un CSV."
TAMPON = 1 << 20
ECHANTILLON = 1 << 16
LIGNE_MAX = 1 << 20  # caractères d'une ligne du fichier
CELLULE_MAX = 1 << 17
SEPARATEURS = ";,\t|"
MARQUES = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


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


def compter(
    flux: Lisible, colonne: str, limite: date, filtres: tuple[Filtre, ...] = ()
) -> tuple[Compteur, str]:
    """Le compte et l'empreinte SHA-256. Lève `SourceRefusee`. `flux` : brut ou tamponné, lu une fois, jamais repris."""
    brut = Empreint(flux)
    tampon = io.BufferedReader(brut, TAMPON)
    echantillon = tampon.peek(ECHANTILLON)[:ECHANTILLON]
    if not echantillon:
        raise SourceRefusee("Ce fichier est vide.")
    if echantillon.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"SQLite format 3")):
        raise SourceRefusee("Ce fichier n'est pas un CSV : exportez la feuille ou la table au format CSV.")
    encodage = _encodage(echantillon)
    erreurs = "registre-windows" if encodage.startswith("utf-8") else "replace"
    texte = io.TextIOWrapper(tampon, encodage, errors=erreurs, newline="")
    csv.field_size_limit(CELLULE_MAX)
    compteur = Compteur(limite)
    try:
        _parcourir(_lignes(texte), colonne, filtres, compteur)
    except csv.Error as erreur:
        raise SourceRefusee(
            "Ce fichier ne se lit pas comme un CSV : un guillemet n'est pas refermé, ou une cellule est démesurée."
        ) from erreur
    return compteur, brut.sha256.hexdigest()


def _parcourir(lignes: Iterator[str], colonne: str, filtres: tuple[Filtre, ...], compteur: Compteur) -> None:
    entete = _entete(lignes)
    separateur = _separateur(entete, colonne)
    noms = next(csv.reader([entete], delimiter=separateur))
    date_ = _rang(noms, colonne)
    gardes = [(_rang(noms, f.colonne), f.garde) for f in filtres]
    for ligne in csv.reader(lignes, delimiter=separateur, strict=True):
        if not ligne:
            continue
        largeur = len(ligne)
        if all(garde(ligne[rang].strip() if rang < largeur else "") for rang, garde in gardes):
            compteur.voir(ligne[date_] if date_ < largeur else "")


def _lignes(texte: io.TextIOWrapper) -> Iterator[str]:
    while ligne := texte.readline(LIGNE_MAX):
        if len(ligne) >= LIGNE_MAX and not ligne.endswith(("\n", "\r")):
            raise SourceRefusee("Une ligne de ce fichier est démesurée : ce n'est pas un CSV.")
        yield ligne


def _entete(lignes: Iterator[str]) -> str:
    """La première ligne non vide ; un nom de colonne entre guillemets peut tenir sur plusieurs lignes."""
    entete = next((ligne for ligne in lignes if ligne.strip()), "")
    while entete.count('"') % 2 and len(entete) < LIGNE_MAX and (suite := next(lignes, "")):
        entete += suite
    return entete


def _encodage(echantillon: bytes) -> str:
    for marque, nom in MARQUES:
        if echantillon.startswith(marque):
            return nom
    try:
        codecs.getincrementaldecoder("utf-8")().decode(echantillon)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _separateur(entete: str, colonne: str) -> str:
    """Celui qui fait apparaître la colonne demandée ; à défaut, celui qui en fait le plus."""
    noms = {s: next(csv.reader([entete], delimiter=s), []) for s in SEPARATEURS}
    return max(SEPARATEURS, key=lambda s: (colonne.strip() in [n.strip() for n in noms[s]], len(noms[s])))


def _rang(noms: list[str], voulu: str) -> int:
    """Le rang d'une colonne par son nom ; la casse ne compte que si deux noms ne diffèrent que par elle.

    Le message ne cite jamais la première ligne : sans en-tête, elle porterait les données d'une personne.
    """
    propres, voulu = [n.strip() for n in noms], voulu.strip()
    rangs = [r for r, n in enumerate(propres) if n == voulu]
    rangs = rangs or [r for r, n in enumerate(propres) if n.casefold() == voulu.casefold()]
    if len(rangs) == 1:
        return rangs[0]
    if rangs:
        raise SourceRefusee(f"Plusieurs colonnes s'appellent « {voulu} » : renommez-en une.")
    raise SourceRefusee(
        f"La première ligne ne nomme aucune colonne « {voulu} » ({len(noms)} colonne{'s' if len(noms) > 1 else ''} lue"
        f"{'s' if len(noms) > 1 else ''})."
    )


def repondre(demande: dict[str, Any], fichiers: list[io.BufferedReader]) -> list[Any]:
    """Lignes examinées, en retard, sans date, puis l'empreinte. Lève `FichierRefuse`."""
    filtres = tuple(Filtre(*f) for f in demande["filtres"])
    limite = date.fromisoformat(demande["limite"])
    try:
        compteur, sha256 = compter(fichiers[0].raw, demande["colonne"], limite, filtres)
    except SourceRefusee as refus:
        raise FichierRefuse(str(refus)) from None
    return [compteur.examinees, compteur.en_retard, compteur.sans_date, sha256]
