"""Enregistrer ce qui s'exécute : une opération ou une épreuve, signée par son auteur, jamais modifiée (RGPD art. 5(2))."""

import hashlib
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from conservation.models import Epreuve, Operation
from journal.service import Auteur, consigner, operation
from registre.fiche import agregat as ag
from registre.fiche.codes import Codes
from registre.fiche.enregistrement import Refus
from registre.fiche.envois import reserver
from registre.fiche.phrases_fiche import phrase_categorie, phrase_duree
from traitements.models import Traitement

PREUVE_MAX = 20 * 1024 * 1024  # octets
NON_GARDEE = "Le serveur n'a pas pu garder ce fichier (disque plein ou fermé) : rien n'est consigné. Prévenez son administrateur."
FORMES: dict[type[Operation | Epreuve], ag.Agregat[Any]] = {Operation: ag.OPERATION, Epreuve: ag.EPREUVE}


def enregistrer_figee(
    objet: Operation | Epreuve, *, auteur: Auteur, action: str, preuve: UploadedFile | None = None
) -> None:
    """Contrôle, écrit et consigne un objet figé, d'un seul tenant ; avec sa preuve, gardée d'abord. Lève `Refus`."""
    objet.auteur_identifiant, objet.auteur_nom = auteur.id, auteur.nom
    forme = FORMES[type(objet)]
    _controler(objet)
    if preuve is not None:
        if not isinstance(objet, Operation):
            raise TypeError("Seule une opération garde une preuve.")
        garder_preuve(objet, preuve)
        _controler(objet)
    with operation():
        noter = reserver()
        objet.save()
        consigner(
            auteur=auteur,
            action=action,
            objet_type=forme.type,
            objet_id=str(objet.pk),
            objet_libelle=str(objet),
            organisme=objet.organisme_id,
            apres=ag.instantane_de(forme, objet),
        )
        noter(forme.type, objet.pk)


def _controler(objet: Operation | Epreuve) -> None:
    try:
        objet.full_clean()
    except ValidationError as erreur:
        raise Refus(
            {("" if nom == "__all__" else nom): m for nom, m in erreur.message_dict.items()}
        ) from erreur


def phrases_des_durees(fiche: Traitement, numeros: list[int], codes: Codes) -> list[str]:
    """La phrase de chaque durée, telle que l'opération la retient. Lève `Refus` si un numéro n'est pas dans la fiche."""
    canonique = ag.instantane_de(ag.FICHE, ag.FICHE.charger(Traitement.objects.filter(pk=fiche.pk)).get())
    presentes = {k["numero"]: k for k in canonique["conservations"]}
    absents = sorted(set(numeros) - set(presentes))
    if absents:
        raise Refus({"regles": [f"La fiche n'a pas de durée n° {', '.join(map(str, absents))}."]})
    return [phrase_de_la_duree(presentes[n], canonique, codes) for n in sorted(set(numeros))]


def phrase_de_la_duree(regle: dict, canonique: dict, codes: Codes) -> str:
    """« Coordonnées : 3 ans à compter du dernier contact émanant du prospect, puis suppression »."""
    quoi, quand = phrase_categorie(regle, canonique, codes)[0], phrase_duree(regle, canonique, codes)[0]
    quoi = f"{quoi} ({regle['objet']})" if regle.get("objet") else quoi
    return f"{quoi} : {quand or 'durée non renseignée'}"[:500]


def garder_preuve(operation_: Operation, fichier: UploadedFile) -> None:
    """Pose le nom et l'empreinte de la preuve, et la garde sous `DONNEES/preuves/`, entière ou pas du tout.

    Lève `Refus` si elle est vide, trop lourde, ou si le disque la refuse.
    """
    if not fichier.size:
        raise Refus({"preuve": ["Ce fichier est vide : il ne prouve rien."]})
    if fichier.size > PREUVE_MAX:
        raise Refus(
            {"preuve": [f"Ce fichier dépasse {PREUVE_MAX // 1024 // 1024} Mo : donnez plutôt sa référence."]}
        )
    octets = fichier.read()
    operation_.preuve_nom = Path(fichier.name or "").name[:200]
    operation_.preuve_sha256 = hashlib.sha256(octets).hexdigest()
    try:
        _ecrire(chemin_preuve(operation_), octets)
    except OSError:
        raise Refus({"preuve": [NON_GARDEE]}) from None


def _ecrire(chemin: Path, octets: bytes) -> None:
    """D'un coup : un disque plein ne laisse pas une moitié de preuve sous le nom de son empreinte."""
    chemin.parent.mkdir(parents=True, exist_ok=True)
    provisoire = chemin.with_name(f"{chemin.name}.{uuid4().hex}")
    try:
        provisoire.write_bytes(octets)
        provisoire.replace(chemin)
    finally:
        provisoire.unlink(missing_ok=True)


def chemin_preuve(operation_: Operation) -> Path:
    """Où la preuve est gardée : son empreinte la nomme, l'organisme la range."""
    return settings.DONNEES / "preuves" / str(operation_.organisme_id) / operation_.preuve_sha256
