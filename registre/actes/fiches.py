"""Enregistrer une fiche : le seul chemin d'écriture (`fiche.enregistrement`), sous le jugement des règles (`tenue`)."""

from dataclasses import replace
from typing import Any

from journal.service import Auteur
from organismes.models import Organisme
from registre.actes.tenue import Porte, tenir
from registre.fiche import agregat as ag
from registre.fiche.actualisation import dernier_changement
from registre.fiche.agregat import Objets
from registre.fiche.assemblage import Erreurs, Tenu
from registre.fiche.codes import Codes
from registre.fiche.enregistrement import INCHANGE, Resultat, enregistrer
from registre.fiche.rubriques import RUBRIQUES
from traitements.models import DonneesTraitees, Traitement, Transfert


def enregistrer_fiche(
    donnees: dict[str, Any],
    *,
    organisme: Organisme,
    auteur: Auteur,
    fiche: Traitement | None = None,
    revision: int | None = None,
    valideur: bool = False,
    reprise: bool = False,
    admis: frozenset[str] = frozenset(),
    action: str = "",
    codes: Codes | None = None,
    simuler: bool = False,
) -> Resultat[Traitement]:
    """Crée ou modifie une fiche entière ; ce que `donnees` ne nomme pas reste tel quel.

    `revision` : celle que l'auteur a lue (`None` : pas de verrou). `valideur` : peut valider, archiver, écarter un constat.
    `reprise` : un fichier parle de son passé ; il ne valide rien, et ce que Registre tient n'en est pas pris. `admis` : les
    champs tenus que l'appelant établit lui-même (voir `tenue.Porte`). `simuler` : contrôle tout, n'écrit rien.
    Lève `Refus` (erreurs par chemin) ou `Conflit`.
    """
    porte = Porte(organisme, auteur, codes or Codes(), valideur, reprise, admis)

    def juger(
        objets: Objets[Traitement], avant: dict[str, Any] | None, erreurs: Erreurs, ecartes: list[Tenu]
    ) -> None:
        _renvois(objets, erreurs)
        tenir(objets, avant, erreurs, porte, ecartes)

    resultat = enregistrer(
        ag.FICHE,
        donnees,
        fiche or Traitement(organisme=organisme, referentiels_lus=dernier_changement()),
        auteur=auteur,
        revision=revision,
        action=action,
        codes=porte.codes,
        simuler=simuler,
        juger=juger,
        admis=admis,
        indulgent=reprise,
    )
    return replace(resultat, avis=() if resultat.effet == INCHANGE else tuple(porte.avis))


def _renvois(objets: Objets[Traitement], erreurs: Erreurs) -> None:
    if inconnues := set(objets.racine.a_confirmer) - {r.code for r in RUBRIQUES}:
        erreurs.ajouter("a_confirmer", f"Rubrique inconnue : {', '.join(sorted(inconnues))}.")
    numeros = {nom: {e.numero for e in elements} for nom, elements in objets.listes.items()}
    for transfert in objets.elements("transferts", Transfert):
        cite = transfert.destinataire_numero
        if cite is not None and cite not in numeros["destinataires"]:
            erreurs.ajouter(
                f"transferts[{transfert.numero}].destinataire_numero",
                f"La fiche n'a pas de destinataire n° {cite}.",
            )
    for donnee in objets.elements("donnees", DonneesTraitees):
        absents = sorted(set(donnee.finalites) - numeros["finalites"])
        if absents:
            erreurs.ajouter(
                f"donnees[{donnee.numero}].finalites",
                f"La fiche n'a pas de finalité n° {', '.join(map(str, absents))}.",
            )
