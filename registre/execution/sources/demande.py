"""Ce que l'on demande à une source, ce qu'elle rend, et comment elle refuse. Aucune valeur de ligne n'en sort."""

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from conservation.apercu import ColonneVue
from conservation.comptage import Compteur, Decompte
from conservation.dates_ecrites import ORDINAIRE, Lecture

VIDE = re.compile(r"(?P<colonne>[^=]+?)\s+est\s+vide", re.IGNORECASE)
COMPARAISON = re.compile(r"(?P<colonne>[^=]+?)\s*(?P<signe>!?=)\s*(?P<valeur>.*)", re.DOTALL)
ETIQUETTE_MAX = 300
IDENTIFIANTS = "RELEVE"  # RELEVE_UTILISATEUR, RELEVE_MOT_DE_PASSE
SECONDES_MAX = 1800  # d'un relevé entier, quand rien ne le règle


class SourceRefusee(Exception):
    """La source ne peut pas être lue ; le message dit pourquoi, en français, sans adresse complète ni valeur de ligne."""


@dataclass(frozen=True)
class Filtre:
    """`signe` : « = », « != » ou « vide ». La valeur se compare au texte de la colonne, telle quelle."""

    colonne: str
    signe: str
    valeur: str = ""

    def __str__(self) -> str:
        return (
            f"{self.colonne} est vide" if self.signe == "vide" else f"{self.colonne}{self.signe}{self.valeur}"
        )

    def garde(self, texte: str) -> bool:
        """La ligne dont la colonne porte ce texte est-elle retenue ?"""
        if self.signe == "vide":
            return texte == ""
        return (texte == self.valeur) is (self.signe == "=")


@dataclass(frozen=True)
class RequeteSQL:
    """Un `SELECT` qui rend une clé et une date. `sha256` : celle du fichier, celle que dit `sha256sum`.

    `entier` : tout le texte du fichier, commentaires de fin compris, pour qui le garde.
    """

    nom: str
    texte: str
    sha256: str
    entier: str = ""


@dataclass(frozen=True)
class DemandeDeReleve:
    """Compter, dans `colonne`, les dates antérieures à `limite`. `adresse` : un chemin de fichier ou une URL de base.

    Une base se lit par `table` ou par `requete` ; avec une requête, `colonne` peut être vide : c'est sa seconde colonne. `table`
    nomme aussi la feuille d'un classeur. `secondes` : le temps du relevé entier. `lecture` : les formats de date, figés avant le
    compte. `le` : le jour du relevé, au-delà duquel une date est future. `identifiants` : le début du nom des variables
    d'environnement qui portent le compte d'une base.
    """

    adresse: str
    colonne: str
    limite: date
    table: str = ""
    filtres: tuple[Filtre, ...] = ()
    requete: RequeteSQL | None = None
    secondes: int = SECONDES_MAX
    lecture: Lecture = ORDINAIRE
    le: date | None = None
    identifiants: str = IDENTIFIANTS

    def compteur(self) -> Compteur:
        """Ce à quoi chaque source montre ses dates écrites en texte ou en nombre, une à une."""
        return Compteur(self.limite, self.lecture, self.le)


@dataclass(frozen=True)
class Releve:
    """Des chiffres, le nom de la source (ni secret ni chemin), une empreinte.

    `feuille` : celle d'un classeur. `lignes_de_titre` : au-dessus de l'en-tête, non comptées. `lecture` : celle du compte.
    `colonne` : celle de la date, quand la demande ne l'a pas dite. `genre` : un code de `conservation.choix.GenreSource`.
    """

    compte: Decompte
    source: str
    sha256: str
    feuille: str = ""
    lignes_de_titre: int = 0
    lecture: Lecture = ORDINAIRE
    colonne: str = ""
    genre: str = ""


@dataclass(frozen=True)
class Regard:
    """Le premier regard sur une source : ses colonnes, sans compter. `feuilles` : celles d'un classeur qui sont remplies."""

    source: str
    sha256: str
    lignes: int
    colonnes: tuple[ColonneVue, ...]
    feuille: str = ""
    feuilles: tuple[str, ...] = ()
    lignes_de_titre: int = 0

    def colonne(self, nom: str) -> ColonneVue | None:
        voulu = propre(nom).casefold()
        return next((c for c in self.colonnes if c.nom.casefold() == voulu), None)


def propre(nom: str) -> str:
    """Un nom de colonne, recomposé (« é » en un caractère) et sans blancs de trop."""
    return unicodedata.normalize("NFC", " ".join(nom.split()))


def filtre(texte: str) -> Filtre:
    """« statut=prospect », « statut!=client », « statut est vide ». Lève `SourceRefusee`."""
    texte = texte.strip()
    if lu := VIDE.fullmatch(texte):
        return Filtre(lu["colonne"].strip(), "vide")
    lu = COMPARAISON.fullmatch(texte)
    if lu is None:
        raise SourceRefusee(
            "Un filtre s'écrit « colonne=valeur », « colonne!=valeur » ou « colonne est vide »."
        )
    if not lu["valeur"].strip():
        raise SourceRefusee("Un filtre sans valeur s'écrit « colonne est vide ».")
    return Filtre(lu["colonne"].strip(), lu["signe"], lu["valeur"].strip())


def etiquette(*morceaux: str) -> str:
    """Le nom d'une source, sans caractère de commande, à la longueur du registre."""
    return "".join(c if c.isprintable() else " " for c in "".join(morceaux))[:ETIQUETTE_MAX]


def empreinte_de_base(source: str, demande: DemandeDeReleve, compte: Decompte, lu_le: datetime) -> str:
    """Une base n'a pas d'octets à empreindre : c'est la lecture, chiffres et moment, que l'empreinte scelle."""
    dit = {
        "source": source,
        "table": demande.table,
        "requete": demande.requete.sha256 if demande.requete else "",
        "colonne": demande.colonne,
        "filtres": [str(f) for f in demande.filtres],
        "lecture": demande.lecture.codes,
        "limite": demande.limite.isoformat(),
        "compte": [compte.examinees, compte.en_retard, compte.sans_date],
        "lu_le": lu_le.isoformat(),
    }
    return hashlib.sha256(json.dumps(dit, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
