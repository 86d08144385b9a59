"""Ce qu'un fichier prudent peut écraser : ce qu'un classeur a écrit en dernier, jamais ce que quelqu'un a saisi depuis."""

from journal.service import revisions
from registre.echanges.imports.lot import ACTION_CLASSEUR, ACTION_EXPORT, Lot
from registre.fiche.codes import Codes
from registre.fiche.historique import differences
from registre.fiche.lecture import NON_RENSEIGNE
from traitements.models import Traitement

DEJA_SAISIE = (
    "Une fiche de ce nom est ici, saisie ou modifiée dans Registre depuis l'import : rien n'a été écrasé."
)
AUTRE_IMPORT = (
    "Une fiche de ce nom est ici, écrite en dernier par un import qui peut ne pas être celui d'un classeur : "
    "rien n'a été écrasé."
)
D_UN_AUTRE = "Une fiche de ce nom est ici, et le fichier n'est pas reconnu comme le registre de cet organisme : rien n'a été écrasé."
MUETS = ("date_maj", "a_confirmer", "reference")  # Registre les tient, ou le dit ailleurs
RIENS = ("rien", NON_RENSEIGNE, "")


def refus_d_ecraser(fiche: Traitement, lot: Lot) -> str:
    """Pourquoi ce lot ne peut pas changer la fiche ; vide s'il le peut."""
    if lot.etranger:
        return D_UN_AUTRE
    if not lot.prudent:
        return ""
    derniere = revisions("fiche", str(fiche.pk)).values_list("action", flat=True).first()
    if derniere == ACTION_CLASSEUR:
        return ""
    return AUTRE_IMPORT if derniere == ACTION_EXPORT else DEJA_SAISIE


def perdus(fiche: Traitement, codes: Codes) -> list[str]:
    """Ce que la dernière écriture de la fiche a remplacé ou effacé, valeur par valeur."""
    entree = revisions("fiche", str(fiche.pk)).first()
    if entree is None:
        return []
    entree.changements = [c for c in entree.changements if c["chemin"] not in MUETS]
    return [
        f"{d.libelle} : « {d.avant} » était ici ; "
        + ("le classeur ne le porte plus." if d.apres in RIENS else f"le classeur dit « {d.apres} ».")
        for d in differences(entree, codes)
        if d.avant not in RIENS
    ]
