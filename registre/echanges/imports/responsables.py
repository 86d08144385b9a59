"""De qui les fiches d'un classeur disent être : le responsable du traitement que chacune nomme, le SIREN qu'écrit une feuille."""

import re
from collections.abc import Iterable
from typing import Any

from organismes.identite import est_une_organisation, siren_lu
from registre.echanges.imports.lot import FicheDuFichier
from registre.echanges.imports.reponses import N_AFFIRMENT_RIEN, Reponse, lire_reponse
from registre.echanges.imports.textes import plier

LIBELLES = re.compile(
    r"(?:(?:nom |identite |raison sociale )(?:du |de l )?)?"
    r"(?:responsables? (?:du |de |des |s du |du ou des )?traitements?(?: s)?|responsable|organisme|raison sociale|entite|etablissement)"
)
NUMERO = re.compile(
    r"\bSIRE[NT]\b[^0-9\n]{0,25}((?:[0-9][ .\-\u00a0\u202f]?){8}[0-9](?:[ .\-\u00a0\u202f]?[0-9]{1,5}){0,5})",
    re.IGNORECASE,
)


def nommes(fiches: Iterable[FicheDuFichier]) -> dict[str, list[str]]:
    """Chaque responsable que nomment les fiches, et le nom de celles qui le nomment."""
    dits: dict[str, list[str]] = {}
    for fiche in fiches:
        for element in fiche.donnees.get("reprise") or []:
            nom = re.split(r", |\n| \| ", element["valeur"])[0].strip()
            if LIBELLES.fullmatch(plier(element["libelle"])) and _nomme(nom):
                connu = next((n for n in dits if plier(n) == plier(nom)), nom)
                dits.setdefault(connu, []).append(fiche.nom)
    return dits


def _nomme(nom: str) -> bool:
    """« À compléter », « Voir annexe », « Oui » ne nomment personne ; « Sans Souci SARL » est une société."""
    return bool(nom) and (
        lire_reponse(nom) not in N_AFFIRMENT_RIEN | {Reponse.OUI} or est_une_organisation(nom)
    )


def numeros(reprises: list[list[dict[str, Any]]]) -> list[str]:
    """Les SIREN distincts qu'annonce le texte gardé, chacun précédé du mot SIREN ou SIRET."""
    textes = (f"{e['libelle']} : {ligne}" for es in reprises for e in es for ligne in e["valeur"].split("\n"))
    lus = (siren_lu(t) for texte in textes for t in NUMERO.findall(texte))
    return list(dict.fromkeys(n for n in lus if n))
