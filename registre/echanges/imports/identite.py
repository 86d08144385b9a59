"""De qui un fichier est le registre : le même organisme, un autre, ou rien de dit. Un seul jugement pour tous les formats.

Le SIREN et le nom en décident (`organismes.identite`) ; aucun identifiant de base n'entre dans un export. Un fichier qui ne
nomme personne n'est contredit par rien, et l'import le dit.
"""

import re
from typing import Any

from django_scopes import scopes_disabled

from isolement.refus import FichierRefuse
from organismes.identite import est_une_organisation, memes_noms, nom_et_forme, siren_lu
from organismes.models import Organisme
from registre.echanges.imports.lot import Lot

MUETS = {"reprise"}  # des remarques ne disent pas de qui elles viennent
PRECISION = re.compile(r"\s[-–—/|]\s|[,(:;]")
ANONYME = "Le fichier ne dit pas de quel organisme il est le registre."


class AutreOrganisme(FichierRefuse):
    """Le fichier est le registre d'un autre organisme ; le message nomme les deux."""


def verifier(lot: Lot, organisme: Organisme) -> list[str]:
    """Ce qu'il faut dire de l'identité du fichier, quand elle est bien celle de `organisme`. Lève `AutreOrganisme` sinon."""
    identite = _complete(lot, organisme)
    avis = _des_numeros(lot, organisme) + _juger(identite, organisme)
    dits = _des_responsables(lot, organisme)
    if not dits and not lot.responsables and not _dit_de_qui(identite) and set(lot.organisme) - MUETS:
        dits = [ANONYME]
    return avis + dits


def reconnu(lot: Lot, organisme: Organisme) -> bool:
    """Le fichier se dit-il le registre de cet organisme ? Un fichier qui ne dit rien ne l'est pas."""
    try:
        verifier(lot, organisme)
    except AutreOrganisme:
        return False
    if _dit_de_qui(_complete(lot, organisme)):
        return True
    return bool(lot.responsables) and all(_le_notre(n, organisme) for n in lot.responsables)


def d_un_autre_peut_etre(lot: Lot, organisme: Organisme) -> bool:
    """Les fiches nomment un responsable, jamais cet organisme, que rien d'autre ne désigne : ses coordonnées n'y entrent pas."""
    designe = _dit_de_qui(lot.organisme) or any(_le_notre(n, organisme) for n in lot.responsables)
    return bool(lot.responsables) and not designe


def _le_notre(nom: str, organisme: Organisme) -> bool:
    """« Maison Lavande (service du personnel) » est encore Maison Lavande ; « Maison Lavande Sud » ne l'est pas."""
    return memes_noms(nom, organisme.raison_sociale) or memes_noms(
        PRECISION.split(nom)[0], organisme.raison_sociale
    )


def _complete(lot: Lot, organisme: Organisme) -> dict[str, Any]:
    """L'identité du fichier ; à défaut, ce que disent un SIREN de sa page de garde et le responsable que ses fiches nomment."""
    identite = dict(lot.organisme)
    if not siren_lu(identite.get("siren")) and len(lot.numeros) == 1:
        identite["siren"] = lot.numeros[0]
    if not _nom(identite) and len(lot.responsables) == 1:
        (nom,) = lot.responsables
        if _le_notre(nom, organisme):
            identite["raison_sociale"] = organisme.raison_sociale
        elif est_une_organisation(nom):
            identite["raison_sociale"] = nom
    return identite


def _dit_de_qui(identite: dict[str, Any]) -> bool:
    return nom_et_forme(_nom(identite)) != ("", "") or bool(siren_lu(identite.get("siren")))


def _juger(identite: dict[str, Any], organisme: Organisme) -> list[str]:
    if not _dit_de_qui(identite):
        return []
    nom, numero = _nom(identite), siren_lu(identite.get("siren"))
    nomme = nom_et_forme(nom) != ("", "")
    present = siren_lu(organisme.siren)
    if numero and present:
        if numero != present:
            raise _autre(identite, organisme)
        return [] if not nomme or memes_noms(nom, organisme.raison_sociale) else [_renomme(nom, organisme)]
    porteur = _porteur(numero, organisme)
    d_un_autre = porteur is not None and not memes_noms(nom, porteur.raison_sociale)
    if not nomme or not memes_noms(nom, organisme.raison_sociale) or d_un_autre:
        raise _autre(identite, organisme)
    return _reconnu_a_son_nom(nom, numero, organisme)


def _reconnu_a_son_nom(nom: str, numero: str, organisme: Organisme) -> list[str]:
    """Un nom qui se vaut n'est pas une preuve : ce qui en vient se dit."""
    avis = []
    if nom.strip() != organisme.raison_sociale.strip():
        avis.append(
            f"Reconnu à son seul nom, écrit autrement : « {nom} » dans le fichier, « {organisme.raison_sociale} » ici."
        )
    if numero:
        avis.append(
            f"Le fichier porte le {_groupe(numero)}, que l'organisme n'avait pas ici : vérifiez que c'est le sien."
        )
    return avis


def _des_numeros(lot: Lot, organisme: Organisme) -> list[str]:
    """Plusieurs numéros dans le texte, dont aucun n'est celui d'ici : peut-être ceux de prestataires, cela se vérifie."""
    autres = [n for n in lot.numeros if n != siren_lu(organisme.siren)]
    if len(lot.numeros) < 2 or len(autres) < len(lot.numeros):
        return []
    dits = ", ".join(map(_groupe, autres))
    return [f"Le texte du fichier porte {dits} ; aucun n'est celui de « {organisme.raison_sociale} »."]


def _des_responsables(lot: Lot, organisme: Organisme) -> list[str]:
    """Un responsable qui n'est pas l'organisme d'ici : une personne, ou une autre société pour quelques fiches."""
    avis = [
        f"Le responsable du traitement y est « {nom} » ; vous importez dans « {organisme.raison_sociale} » "
        f"({_compte_de_fiches(fiches)}) : vérifiez que ce registre est le sien."
        for nom, fiches in lot.responsables.items()
        if not _le_notre(nom, organisme)
    ]
    responsable = lot.organisme.get("representant_legal")
    if not lot.organisme.get("raison_sociale") and responsable and not est_une_organisation(responsable):
        avis.append(
            f"Le responsable de l'organisme y est « {responsable} » ; vous importez dans « {organisme.raison_sociale} » : "
            "vérifiez que ce registre est le sien."
        )
    if len(lot.responsables) > 1:
        avis.insert(
            0, f"Les fiches du fichier nomment {len(lot.responsables)} responsables du traitement différents."
        )
    return avis


def _compte_de_fiches(fiches: list[str]) -> str:
    dites = ", ".join(f"« {nom} »" for nom in fiches[:3])
    return f"{dites} et {len(fiches) - 3} autres" if len(fiches) > 3 else dites


def _nom(identite: dict[str, Any]) -> Any:
    """La raison sociale ; à défaut, une organisation inscrite à la place du responsable, comme on en lit dans les classeurs."""
    responsable = identite.get("representant_legal")
    return identite.get("raison_sociale") or (responsable if est_une_organisation(responsable) else "")


def _renomme(nom: str, organisme: Organisme) -> str:
    return f"Même SIREN, autre nom : « {nom} » dans le fichier, « {organisme.raison_sociale} » ici."


def _autre(identite: dict[str, Any], organisme: Organisme) -> AutreOrganisme:
    numero = siren_lu(identite.get("siren"))
    du_fichier = designer(_nom(identite), numero)
    phrase = (
        f"Ce fichier est le registre de {du_fichier} ; vous l'importez dans "
        f"{designer(organisme.raison_sociale, siren_lu(organisme.siren))}. Rien n'est écrit."
    )
    if porteur := _porteur(numero, organisme):
        phrase += f" Son organisme est ici « {porteur.raison_sociale} », identifiant {porteur.pk}."
    return AutreOrganisme(f"{phrase} Pour n'en prendre que les fiches et les tiers : --fiches-seulement.")


def designer(nom: Any, numero: str) -> str:
    """« « Maison Lavande », SIREN 812 345 676 »."""
    dit = f"« {nom.strip()} »" if isinstance(nom, str) and nom.strip() else "un organisme sans nom"
    return f"{dit}, {_groupe(numero)}" if numero else f"{dit}, sans SIREN"


def _groupe(numero: str) -> str:
    return f"SIREN {numero[:3]} {numero[3:6]} {numero[6:]}"


def _porteur(numero: str, sauf: Organisme) -> Organisme | None:
    """L'autre organisme de l'instance qui porte ce numéro."""
    if not numero:
        return None
    with scopes_disabled():  # le SIREN d'un fichier peut être celui de n'importe quel organisme de l'instance
        return Organisme.objects.filter(siren=numero).exclude(pk=sauf.pk).first()
