"""Traiter, une à une, les remarques qu'un import a laissées : ce que le fichier portait et qui n'avait pas de rubrique.

Une remarque traitée garde son texte et la suite qu'on lui a donnée (`suite`, vide si l'on n'a rien écrit) ; elle ne se lit
plus sur la page ni dans le PDF, et l'histoire dit qui l'a traitée et quand. Le même import ne la ramène pas.
"""

from typing import TypeVar

from django.core.exceptions import ValidationError

from journal.service import Auteur
from organismes.champs import peu_de_lignes, sans_caractere_interdit
from organismes.models import Organisme
from registre.actes.fiches import enregistrer_fiche
from registre.fiche import agregat as ag
from registre.fiche.assemblage import propre
from registre.fiche.enregistrement import Refus, Resultat, enregistrer
from traitements.models import Traitement

ACTION = "remarque-traitee"
REPRISE = frozenset({"reprise"})
SUITE_MAX = 500  # caractères
Repris = TypeVar("Repris", Traitement, Organisme)


def traiter(
    objet: Repris, numero: int, suite: str, *, revision: int | None, auteur: Auteur
) -> Resultat[Repris]:
    """Marque traitée la remarque de ce rang (1 pour la première). Lève `Refus`, ou `Conflit` si l'objet a changé."""
    suite = _controler(suite)
    elements = [dict(e) for e in objet.reprise]
    if not 1 <= numero <= len(elements) or "suite" in elements[numero - 1]:
        raise Refus({"reprise": ["Cette remarque n'est plus à traiter : rechargez la page."]})
    elements[numero - 1]["suite"] = suite
    donnees = {"reprise": elements}
    if isinstance(objet, Organisme):
        return enregistrer(
            ag.ORGANISME, donnees, objet, auteur=auteur, revision=revision, action=ACTION, admis=REPRISE
        )
    return enregistrer_fiche(
        donnees,
        organisme=objet.organisme,
        fiche=objet,
        auteur=auteur,
        revision=revision,
        action=ACTION,
        admis=REPRISE,
    )


def _controler(suite: str) -> str:
    """Lève `Refus` si ce texte ne peut pas se garder."""
    suite = propre(suite).strip()
    try:
        sans_caractere_interdit(suite)
        peu_de_lignes(suite)
    except ValidationError as erreur:
        raise Refus({"reprise": erreur.messages}) from erreur
    if len(suite) > SUITE_MAX:
        raise Refus({"reprise": [f"Ce texte dépasse {SUITE_MAX} caractères : {len(suite)}."]})
    return suite
