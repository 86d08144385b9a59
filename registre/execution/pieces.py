"""Les pièces jointes aux opérations : gardées entières sous le nom de leur empreinte, vérifiées chaque fois qu'elles sortent."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from conservation.models import Operation
from isolement.limites import OCTETS_RECUS, en_megaoctets
from registre.fiche.enregistrement import Refus

LOT = 1 << 20  # octets lus à la fois : une pièce de 200 Mo n'en occupe pas davantage
VIDE = "Ce fichier est vide : il ne prouve rien."
TROP_LOURDE = (
    f"Ce fichier dépasse {en_megaoctets(OCTETS_RECUS)} : rien n'est consigné. Donnez plutôt sa référence."
)
NON_GARDEE = "Le serveur n'a pas pu garder ce fichier (disque plein ou fermé) : rien n'est consigné. Prévenez son administrateur."


class Piece:
    """Une pièce écrite sous un nom provisoire ; elle prend sa place dans l'unité de travail qui écrit l'opération."""

    def __init__(self, fichier: UploadedFile, organisme: UUID) -> None:
        self.nom = Path(fichier.name or "").name[:200]
        self.organisme = organisme
        self.provisoire = _dossier(organisme) / f"{uuid4().hex}.provisoire"
        self.sha256 = ""
        self.placee: Path | None = None

    def ecrire(self, fichier: UploadedFile) -> None:
        empreinte = hashlib.sha256()
        self.provisoire.parent.mkdir(parents=True, exist_ok=True)
        with self.provisoire.open("wb") as sortie:
            for morceau in fichier.chunks(LOT):
                empreinte.update(morceau)
                sortie.write(morceau)
        self.sha256 = empreinte.hexdigest()

    def placer(self) -> None:
        """La met sous son empreinte ; celle qui y serait déjà est la même, ou s'est abîmée. Lève `Refus`.

        Seule une pièce neuve s'ôte si la suite échoue : une autre opération de l'organisme tient à celle qui y était.
        """
        chemin = _dossier(self.organisme) / self.sha256
        neuve = not chemin.exists()
        with _disque():
            self.provisoire.replace(chemin)
        self.placee = chemin if neuve else None


@contextmanager
def recevoir(fichier: UploadedFile, organisme: UUID) -> Iterator[Piece]:
    """Écrit la pièce au fil de l'eau, à côté de sa place ; rien n'en reste si la suite échoue.

    Lève `Refus` si elle est vide, trop lourde, ou si le disque la refuse.
    """
    if not fichier.size:
        raise Refus({"preuve": [VIDE]})
    if fichier.size > OCTETS_RECUS:
        raise Refus({"preuve": [TROP_LOURDE]})
    piece = Piece(fichier, organisme)
    try:
        with _disque():
            piece.ecrire(fichier)
        yield piece
    except BaseException:
        if piece.placee:
            piece.placee.unlink(missing_ok=True)
        raise
    finally:
        piece.provisoire.unlink(missing_ok=True)


@contextmanager
def _disque() -> Iterator[None]:
    try:
        yield
    except OSError:
        raise Refus({"preuve": [NON_GARDEE]}) from None


def chemin_preuve(operation: Operation) -> Path:
    """Où la pièce est gardée : son empreinte la nomme, l'organisme la range."""
    return _dossier(operation.organisme_id) / operation.preuve_sha256


def intacte(operation: Operation) -> bool:
    """La pièce gardée a-t-elle toujours l'empreinte signée ? Faux aussi quand elle manque."""
    try:
        with chemin_preuve(operation).open("rb") as fichier:
            return hashlib.file_digest(fichier, "sha256").hexdigest() == operation.preuve_sha256
    except OSError:
        return False


def anomalies() -> Iterator[str]:
    """Les pièces qui manquent ou ont changé depuis leur signature, en français. S'emploie hors de toute portée."""
    signees = Operation.objects.exclude(preuve_sha256="").select_related("traitement").order_by("date", "pk")
    for operation in signees.iterator(chunk_size=200):
        if not chemin_preuve(operation).exists():
            yield f"« {operation} » : sa pièce « {operation.preuve_nom} » n'est plus gardée."
        elif not intacte(operation):
            yield f"« {operation} » : sa pièce « {operation.preuve_nom} » n'a plus l'empreinte signée."


def _dossier(organisme: UUID) -> Path:
    return settings.DONNEES / "preuves" / str(organisme)
