"""Le procès-verbal d'une opération de conservation : ce qui a été fait, sur quoi, par qui, avec quelle preuve. Sans donnée personnelle."""

from django.template.loader import render_to_string
from django.utils import timezone

from conservation.choix import TypeOperation
from conservation.models import Operation, PlanReleve
from documents.moteur import rendre
from documents.typographie import Empreinte, NomDeFichier
from journal.models import Entree
from journal.service import revisions
from organismes.champs import champ_de
from registre.fiche.lecture import date_en_mots
from traitements.phrases import nombre

EXTENSION = "pdf"
TYPE_MIME = "application/pdf"
TITRES: dict[str, str] = {
    TypeOperation.PURGE: "Procès-verbal de purge",
    TypeOperation.ARCHIVAGE: "Procès-verbal de mise en archive",
    TypeOperation.ANONYMISATION: "Procès-verbal d'anonymisation",
    TypeOperation.RELEVE: "Procès-verbal de relevé",
}
COMMUNS = (
    "perimetre",
    "methode",
    "operateur",
    "preuve_reference",
    "preuve_absente",
    "preuve_nom",
    "preuve_sha256",
)
D_UN_RELEVE = ("source", "source_sha256", "plan", "limite", "examinees", "en_retard", "sans_date", "a_venir")
D_UNE_EXECUTION = ("volume_avant", "volume_apres", "volume_inconnu", "sql_sha256")
ORIGINE = "origine des nombres"
FICHIERS = {"preuve_nom", "source"}
EMPREINTES = {"preuve_sha256", "source_sha256", "sql_sha256"}
FACULTATIFS = {
    *("preuve_nom", "preuve_sha256", "preuve_absente", "volume_inconnu", "sql_sha256"),
    *("source_sha256", "plan", "sans_date", "a_venir", "motif_correction"),
}


def produire(operation: Operation) -> bytes:
    """Le PDF du procès-verbal. Mêmes données, mêmes octets."""
    titre = TITRES[operation.type]
    contexte = {
        "operation": operation,
        "correction": operation.corrections.first(),
        "durees": list(zip(sorted(operation.regles), operation.regles_texte, strict=False)),
        "titre": titre,
        "lignes": lignes(operation),
        "entree": _entree(operation),
        "jour": date_en_mots(timezone.localtime(operation.enregistre_le).date()),
    }
    return rendre(
        render_to_string("pdf/operation.html", contexte), f"{titre}, {operation.traitement.reference}"
    )


def lignes(operation: Operation) -> list[tuple[str, str]]:
    """Ce que l'opération dit, champ par champ, dans l'ordre du procès-verbal ; vide quand rien n'est renseigné."""
    propres = D_UN_RELEVE if operation.type == TypeOperation.RELEVE else D_UNE_EXECUTION
    noms = ("date", *propres, *COMMUNS, *(("motif_correction",) if operation.corrige_id else ()))
    lues = [(nom, _dire(operation, nom)) for nom in noms if nom != "source_sha256" or operation.mesuree]
    origine = [(ORIGINE, operation.origine)] if operation.origine else []
    return origine + [
        (str(champ_de(operation, nom).verbose_name), valeur)
        for nom, valeur in lues
        if valeur or nom not in FACULTATIFS
    ]


def _dire(operation: Operation, nom: str) -> str:
    valeur = getattr(operation, nom)
    if valeur is None:
        return ""
    if hasattr(valeur, "isoformat"):
        return date_en_mots(valeur)
    if isinstance(valeur, int):
        return nombre(valeur)
    if isinstance(valeur, PlanReleve):
        return valeur.nom
    if nom in EMPREINTES:
        return Empreinte(valeur)
    return NomDeFichier(valeur) if nom in FICHIERS else valeur


def _entree(operation: Operation) -> Entree:
    """L'entrée du journal qui porte l'opération : son numéro et son empreinte la scellent."""
    return revisions("operation", operation.pk).get()
