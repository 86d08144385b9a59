"""Enregistrer ce qui s'exécute : une opération ou une épreuve, signée par son auteur, jamais modifiée (RGPD art. 5(2))."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from conservation.models import DureeConservation, Epreuve, Operation
from conservation.visees import visees_d_alors
from journal.service import Auteur, consigner, operation
from registre.execution.pieces import Piece, recevoir
from registre.fiche import agregat as ag
from registre.fiche.codes import Codes
from registre.fiche.enregistrement import Refus
from registre.fiche.envois import reserver
from registre.fiche.phrases_fiche import phrase_categories, phrase_duree
from traitements.models import Traitement

A_JOINDRE = "à joindre"
PHRASE_MAX, DONNEES_MIN = 500, 120  # caractères d'une phrase de durée, et de ce qu'elle garde de ses données
FORMES: dict[type[Operation | Epreuve], ag.Agregat[Any]] = {Operation: ag.OPERATION, Epreuve: ag.EPREUVE}


def enregistrer_figee(
    objet: Operation | Epreuve, *, auteur: Auteur, action: str, preuve: UploadedFile | None = None
) -> None:
    """Contrôle, écrit et consigne un objet figé, avec ce à quoi il s'applique et sa pièce, d'un seul tenant. Lève `Refus`."""
    objet.auteur_identifiant, objet.auteur_nom = auteur.id, auteur.nom
    objet.durees_visees = durees_visees(objet.traitement, _numeros(objet))
    if preuve is None:
        _ecrire(objet, auteur, action, None)
        return
    if not isinstance(objet, Operation):
        raise TypeError("Seule une opération garde une preuve.")
    controler_avant_signature(objet, auteur)  # une saisie fautive n'écrit rien sur le disque
    with recevoir(preuve, objet.organisme_id) as piece:
        objet.preuve_nom, objet.preuve_sha256 = piece.nom, piece.sha256
        _ecrire(objet, auteur, action, piece)


def controler_avant_signature(operation_: Operation, auteur: Auteur) -> None:
    """Les mêmes contrôles qu'à la signature, la pièce supposée jointe. Lève `Refus`."""
    operation_.auteur_identifiant, operation_.auteur_nom = auteur.id, auteur.nom
    operation_.durees_visees = durees_visees(operation_.traitement, operation_.regles)
    operation_.preuve_nom = A_JOINDRE
    try:
        _controler(operation_)
    finally:
        operation_.preuve_nom = ""


def _ecrire(objet: Operation | Epreuve, auteur: Auteur, action: str, piece: Piece | None) -> None:
    forme = FORMES[type(objet)]
    _controler(objet)
    with operation():
        noter = reserver()
        _une_seule_correction(objet)
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
        if piece is not None:
            piece.placer()  # sous le verrou du journal : deux envois de la même pièce ne s'ôtent pas l'un l'autre
        noter(forme.type, objet.pk)


def _numeros(objet: Operation | Epreuve) -> list[int]:
    if isinstance(objet, Operation):
        return objet.regles
    return [objet.regle] if objet.regle else []


def _une_seule_correction(objet: Operation | Epreuve) -> None:
    """Sous verrou : deux personnes ne corrigent pas la même opération. Lève `Refus`."""
    if not isinstance(objet, Operation) or objet.corrige_id is None:
        return
    corrigee = Operation.objects.select_for_update().get(pk=objet.corrige_id)
    if corrigee.corrections.exists():
        raise Refus({"": ["Cette opération est déjà corrigée : corrigez celle qui la remplace."]})


def _controler(objet: Operation | Epreuve) -> None:
    try:
        objet.full_clean()
    except ValidationError as erreur:
        raise Refus(
            {("" if nom == "__all__" else nom): m for nom, m in erreur.message_dict.items()}
        ) from erreur


def durees_visees(fiche: Traitement, numeros: Sequence[int]) -> list[dict[str, Any]]:
    """Ce à quoi une opération s'applique, durée par durée, telle qu'elle est ce jour-là : voir `preuves.visee`."""
    canonique = canonique_de(fiche)
    identifiants = dict(DureeConservation.objects.filter(traitement=fiche).values_list("numero", "pk"))
    return [{**v, "id": str(identifiants[v["numero"]])} for v in visees_d_alors(canonique, numeros)]


def phrases_des_durees(fiche: Traitement, numeros: list[int], codes: Codes) -> list[str]:
    """La phrase de chaque durée, telle que l'opération la retient. Lève `Refus` si un numéro n'est pas dans la fiche."""
    canonique = canonique_de(fiche)
    presentes = {k["numero"]: k for k in canonique["conservations"]}
    absents = sorted(set(numeros) - set(presentes))
    if absents:
        raise Refus({"regles": [f"La fiche n'a pas de durée n° {', '.join(map(str, absents))}."]})
    return [phrase_de_la_duree(presentes[n], canonique, codes) for n in sorted(set(numeros))]


def phrase_de_la_duree(regle: dict, canonique: dict, codes: Codes) -> str:
    """« Coordonnées : 3 ans à compter du dernier contact émanant du prospect, puis suppression ».

    Trop longue, ce sont les données qui s'abrègent (« … ») : le délai se lit toujours.
    """
    quoi, quand = phrase_categories(regle, canonique, codes)[0], phrase_duree(regle, canonique, codes)[0]
    quoi = f"{quoi} ({regle['objet']})" if regle.get("objet") else quoi
    suite = f" : {quand or 'durée non renseignée'}"[: PHRASE_MAX - DONNEES_MIN]
    place = PHRASE_MAX - len(suite)
    return f"{quoi if len(quoi) <= place else f'{quoi[: place - 1]}…'}{suite}"


def canonique_de(fiche: Traitement) -> dict[str, Any]:
    """La fiche telle qu'elle est enregistrée, sous sa forme canonique."""
    return ag.instantane_de(ag.FICHE, ag.FICHE.charger(Traitement.objects.filter(pk=fiche.pk)).get())
