"""Éprouver un fichier sans le garder : il se lit à part, il n'en revient que des chiffres et une empreinte, que l'on consigne."""

import json
import os
import re
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, BinaryIO

from django.core.files.base import File
from django.utils import timezone

from conservation.anonymat.conclusion import Conclusion, conclure
from conservation.anonymat.epreuve import ROLES, SEUILS
from conservation.models import Epreuve
from isolement.fichier import RAISONS
from journal.service import Auteur
from registre.execution.epreuves import lecteur
from registre.execution.operations import enregistrer_figee, phrases_des_regles
from registre.fiche.codes import Codes
from registre.portes.requetes.televersement import OCTETS_MAX
from traitements.models import Traitement

SECONDES_MAX = 100
Source = Path | File | BinaryIO


class Refusee(Exception):
    """Le fichier ou la demande ne permet pas l'épreuve ; le message dit pourquoi, en français, sans une valeur du fichier."""


def colonnes(fichier: Source) -> dict[str, Any]:
    """`colonnes` (leurs noms), `lignes`, `detections`. Lève `Refusee`."""
    return _demander({}, [fichier])


def preparer(
    fichier: Source,
    nom: str,
    *,
    fiche: Traitement,
    regle: int | None,
    roles: Mapping[str, str],
    seuils: Mapping[str, int],
    second: Source | None = None,
) -> Epreuve:
    """L'épreuve mesurée, que rien n'enregistre encore. Lève `Refusee`, ou `Refus` si la règle n'est pas dans la fiche."""
    texte = phrases_des_regles(fiche, [regle], Codes())[0] if regle else ""
    lue = _demander({"roles": dict(roles), "seuils": dict(seuils)}, [fichier, *([second] if second else [])])
    return Epreuve(
        organisme_id=fiche.organisme_id,
        traitement=fiche,
        regle=regle,
        regle_texte=texte,
        date=timezone.localdate(),
        fichier=Path(nom).name[:200],
        fichier_sha256=lue["sha256"],
        lignes=lue["lignes"],
        colonnes=lue["roles"],
        seuils=dict(seuils),
        mesures=lue["mesures"],
        verdict=conclure(lue["mesures"], lue["roles"], seuils).verdict,
    )


def enregistrer(epreuve: Epreuve, *, auteur: Auteur) -> None:
    enregistrer_figee(epreuve, auteur=auteur, action="epreuve")


def conclusion(epreuve: Epreuve) -> Conclusion:
    return conclure(epreuve.mesures, epreuve.colonnes, epreuve.seuils)


# --- Ce que l'on tape ----------------------------------------------------------------------------------------------------
def lire_roles(lignes: list[str]) -> dict[str, str]:
    """« colonne = rôle » par ligne. Lève `Refusee`."""
    roles: dict[str, str] = {}
    for ligne in filter(str.strip, lignes):
        nom, egal, role = (m.strip() for m in ligne.rpartition("="))
        if not egal or not nom or role not in ROLES:
            raise Refusee(
                f"« {ligne.strip()} » : écrivez « colonne = rôle », le rôle étant {', '.join(ROLES)}."
            )
        if roles.setdefault(nom, role) != role:
            raise Refusee(f"La colonne « {nom} » a deux rôles.")
    return roles


def lire_seuils(k: int, diversite: int, t: str) -> dict[str, int]:
    """Des seuils en entiers, t en dix-millièmes. Lève `Refusee`."""
    try:
        lu = Decimal(str(t).strip().replace(",", ".")) * 10_000
    except InvalidOperation:
        raise Refusee("Le seuil t est un nombre entre 0 et 1, par exemple 0,3.") from None
    if not lu.is_finite() or not 0 <= lu <= 10_000 or lu != int(lu):
        raise Refusee("Le seuil t est un nombre entre 0 et 1, avec quatre décimales au plus.")
    if not 2 <= k <= 1_000_000 or not 1 <= diversite <= 1_000_000:
        raise Refusee("Le seuil k vaut 2 au moins, le seuil l vaut 1 au moins.")
    return {**SEUILS, "k": k, "l": diversite, "t": int(lu)}


# --- Le processus à part -------------------------------------------------------------------------------------------------
def _demander(demande: dict[str, Any], fichiers: list[Source]) -> dict[str, Any]:
    with ExitStack() as pile:
        descripteurs = [pile.enter_context(_descripteur(f)) for f in fichiers]
        commande = [sys.executable, "-I", lecteur.__file__, *map(str, descripteurs)]
        try:
            lu = subprocess.run(  # noqa: S603
                commande,
                input=json.dumps(demande).encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # une trace pourrait citer une valeur
                timeout=SECONDES_MAX,
                pass_fds=descripteurs,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Refusee("Ce fichier demande trop de temps à lire.") from None
    if lu.returncode != 0:
        raise Refusee("La lecture de ce fichier a dépassé ses limites.")
    reponse = json.loads(lu.stdout)
    if "refus" in reponse:
        raise Refusee(_phrase(reponse["refus"]))
    return reponse


def _phrase(raison: str) -> str:
    return re.sub(r"\.?$", ".", raison[:1].upper() + raison[1:], count=1)


@contextmanager
def _descripteur(fichier: Source) -> Iterator[int]:
    """Un descripteur ouvert en lecture. Un téléversement tenu en mémoire passe par un fichier sans nom, qui disparaît aussitôt."""
    with ExitStack() as pile:
        ouvert: Any = pile.enter_context(_ouvrir(fichier)) if isinstance(fichier, Path) else fichier
        try:
            descripteur = ouvert.fileno()
        except (AttributeError, OSError):
            ouvert = pile.enter_context(_anonyme(fichier))
            descripteur = ouvert.fileno()
        etat = os.fstat(descripteur)
        if not stat.S_ISREG(etat.st_mode):
            raise Refusee("Ce n'est pas un fichier.")
        if etat.st_size > OCTETS_MAX:
            raise Refusee(f"Ce fichier dépasse {OCTETS_MAX // 1_000_000} Mo.")
        yield descripteur


def _ouvrir(chemin: Path) -> BinaryIO:
    try:
        if not stat.S_ISREG(chemin.stat().st_mode):  # un tuyau ferait attendre sans fin
            raise Refusee(f"{chemin.name} est illisible : ce n'est pas un fichier.")
        return chemin.open("rb")
    except OSError as erreur:
        raison = RAISONS.get(erreur.errno or 0, "le système refuse de l'ouvrir")
        raise Refusee(f"{chemin.name} est illisible : {raison}.") from erreur


def _anonyme(fichier: Any) -> BinaryIO:
    sans_nom = tempfile.TemporaryFile()
    fichier.seek(0)
    while morceau := fichier.read(1 << 20):
        sans_nom.write(morceau)
    sans_nom.flush()
    return sans_nom
