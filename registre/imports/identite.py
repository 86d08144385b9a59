"""De qui un fichier est le registre : le même organisme, un autre, ou rien de dit. Un seul jugement pour tous les formats.

Le SIREN et le nom en décident (`organismes.identite`) ; aucun identifiant de base n'entre dans un export. Un fichier qui ne
nomme personne n'est contredit par rien, et l'import le dit.
"""

from typing import Any

from django_scopes import scopes_disabled

from organismes.identite import memes_noms, nom_et_forme, siren_lu
from organismes.models import Organisme
from registre.imports.fichier import FichierRefuse

MUETS = {"reprise"}  # des remarques ne disent pas de qui elles viennent


class AutreOrganisme(FichierRefuse):
    """Le fichier est le registre d'un autre organisme ; le message nomme les deux."""


def verifier(identite: dict[str, Any], organisme: Organisme) -> list[str]:
    """Ce qu'il faut dire de l'identité du fichier, quand elle est bien celle de `organisme`. Lève `AutreOrganisme` sinon."""
    nom, numero = _nom(identite), siren_lu(identite.get("siren"))
    nomme = nom_et_forme(nom) != ("", "")
    if not nomme and not numero:
        return (
            ["Le fichier ne dit pas de quel organisme il est le registre."] if set(identite) - MUETS else []
        )
    present = siren_lu(organisme.siren)
    if numero and present:
        if numero != present:
            raise _autre(identite, organisme)
        return [] if not nomme or memes_noms(nom, organisme.raison_sociale) else [_renomme(nom, organisme)]
    porteur = _porteur(numero, organisme)
    d_un_autre = porteur is not None and not memes_noms(nom, porteur.raison_sociale)
    if not nomme or not memes_noms(nom, organisme.raison_sociale) or d_un_autre:
        raise _autre(identite, organisme)
    return []


def _nom(identite: dict[str, Any]) -> Any:
    """La raison sociale ; à défaut, une société inscrite à la place du responsable, comme on en lit dans les classeurs."""
    responsable = identite.get("representant_legal")
    return identite.get("raison_sociale") or (responsable if nom_et_forme(responsable)[1] else "")


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
