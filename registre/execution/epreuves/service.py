"""Éprouver un fichier sans le garder : il se lit à part, il n'en revient que des chiffres et une empreinte, que l'on consigne.

Deux temps. `mesurer` lit le fichier, une fois. `conclure_epreuve` applique les rôles et ce que l'on déclare à ces chiffres : sur la page,
entre les deux, ils voyagent signés, et le fichier n'est plus nulle part.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.utils import timezone

from conservation.anonymat.conclusion import Conclusion, conclure
from conservation.anonymat.epreuve import (
    EFFECTIF,
    IDENTIFIANT,
    MAXIMUM,
    PROTOCOLE,
    QUASI,
    ROLES,
    SENSIBLE,
    SOMME,
    EpreuveImpossible,
    accorder_la_ligne,
    retenir,
    roles_complets,
    roles_du_tableau,
)
from conservation.anonymat.intitules import est_sensible
from conservation.anonymat.validite import a_refaire as raison_de_refaire
from conservation.anonymat.validite import valable_jusqu_au as fin_de_validite
from conservation.choix import LigneEprouvee, VerdictEpreuve
from conservation.models import Epreuve
from isolement.fichier import Source
from isolement.lancement import DEPASSE, TROP_LONG, lancer
from isolement.limites import Limites
from isolement.refus import FichierRefuse
from journal.service import Auteur
from registre.execution.epreuves import lecteur, lecteur_commande
from registre.execution.operations import enregistrer_figee, phrases_des_durees
from registre.fiche.codes import Codes
from traitements.models import Traitement

SEL = "registre.epreuve"
SECONDES_MAX = 12 * 3600  # au-delà, une mesure qui attend ses rôles est à refaire
ABANDONNE = "Cette épreuve a été mesurée par un protocole que Registre n'emploie plus : un rôle pouvait y exempter une colonne. Refaites-la."


@dataclass(frozen=True)
class FichierMesure:
    """Ce qu'une lecture du fichier a compté : des entiers et des noms de colonnes. `ligne` : ce que l'on a dit qu'une ligne décrit ;
    `roles` : ceux que l'on avait dits avant de lire."""

    fichier: str
    sha256: str
    lignes: int
    ligne: str
    colonnes: list[str]
    seuils: dict[str, int]
    mesures: dict[str, Any]
    date: str
    roles: dict[str, str] | None = None

    def signer(self, fiche: Traitement) -> str:
        """Ce texte revient tel quel ou ne vaut rien, et ne vaut que pour cette fiche."""
        return signing.dumps([str(fiche.pk), asdict(self)], salt=SEL, compress=True)


def relire(texte: str, fiche: Traitement) -> FichierMesure:
    """La mesure signée pour cette fiche. Lève `EpreuveImpossible` si elle est altérée, trop vieille ou d'une autre fiche."""
    pour, mesure = _ouvrir(texte)
    if mesure is None or pour != str(fiche.pk):
        raise EpreuveImpossible("Cette mesure n'est plus valable : choisissez de nouveau le fichier.")
    return mesure


def fichier_mesure(texte: str) -> str:
    """Le nom du fichier de cette mesure signée ; vide si elle ne vaut plus : il faut alors choisir le fichier de nouveau."""
    mesure = _ouvrir(texte)[1]
    return mesure.fichier if mesure else ""


def _ouvrir(texte: str) -> tuple[str, FichierMesure | None]:
    try:
        pour, dite = signing.loads(texte, salt=SEL, max_age=SECONDES_MAX)
        return pour, FichierMesure(**dite)
    except (signing.BadSignature, ValueError, TypeError):
        return "", None


def mesurer(
    fichier: Source,
    nom: str,
    *,
    ligne: str,
    seuils: Mapping[str, int],
    second: Source | None = None,
    roles: Mapping[str, str] | None = None,
    page: bool = True,
) -> FichierMesure:
    """Lit le fichier et compte. `page` : sous les limites d'une page, et non de la commande. Lève `FichierRefuse`."""
    par = lecteur if page else lecteur_commande
    demande = {
        "seuils": dict(seuils),
        "roles": None if roles is None else dict(roles),
        "tableau": ligne == LigneEprouvee.GROUPE,
        "lignes_max": par.LIGNES_MAX,
    }
    lue = _demander(par.__name__, par.LIMITES, demande, [fichier, *([second] if second else [])], page=page)
    return FichierMesure(
        fichier=Path(nom).name[:200],
        sha256=lue["sha256"],
        lignes=lue["lignes"],
        ligne=ligne,
        colonnes=lue["colonnes"],
        seuils=dict(seuils),
        mesures=lue["mesures"],
        date=timezone.localdate().isoformat(),
        roles=lue["roles"],
    )


def conclure_epreuve(
    mesure: FichierMesure,
    *,
    fiche: Traitement,
    regle: int | None,
    roles: Mapping[str, str],
    origine: str,
) -> Epreuve:
    """L'épreuve, que rien n'enregistre encore. Lève `EpreuveImpossible`, ou `Refus` si la durée n'est pas dans la fiche."""
    texte = phrases_des_durees(fiche, [regle], Codes())[0] if regle else ""
    complets = roles_complets(mesure.colonnes, roles)
    accorder_la_ligne(complets, tableau=mesure.ligne == LigneEprouvee.GROUPE)
    retenues = retenir(mesure.mesures, complets)
    complets = roles_du_tableau(retenues, complets)
    dite = conclure(retenues, complets, mesure.seuils, ligne=mesure.ligne, origine=origine)
    return Epreuve(
        organisme_id=fiche.organisme_id,
        traitement=fiche,
        regle=regle,
        regle_texte=texte,
        date=date.fromisoformat(mesure.date),
        fichier=mesure.fichier,
        fichier_sha256=mesure.sha256,
        lignes=mesure.lignes,
        colonnes=complets,
        seuils=mesure.seuils,
        mesures=retenues,
        verdict=dite.verdict,
        ligne=mesure.ligne,
        donnees_origine=origine,
        criteres=dite.mesures,
        protocole=PROTOCOLE,
    )


def enregistrer(epreuve: Epreuve, *, auteur: Auteur) -> None:
    enregistrer_figee(epreuve, auteur=auteur, action="epreuve")


# --- Ce qu'une épreuve dit encore ----------------------------------------------------------------------------------------
def conclusion(epreuve: Epreuve) -> Conclusion:
    """Ce qu'elle conclut. D'un protocole abandonné, il ne reste que le verdict d'alors, qui ne prouve plus rien."""
    if epreuve.protocole < PROTOCOLE:
        return Conclusion(VerdictEpreuve(epreuve.verdict), (ABANDONNE,), (), abandonne=True)
    return conclure(
        epreuve.mesures,
        epreuve.colonnes,
        epreuve.seuils,
        ligne=epreuve.ligne,
        origine=epreuve.donnees_origine,
    )


def a_refaire(epreuve: Epreuve, le: date) -> str:
    """Pourquoi elle est à refaire ce jour-là ; vide si elle vaut encore, ou si elle n'a rien établi qui puisse vieillir."""
    if not _vieillit(epreuve) and epreuve.protocole >= PROTOCOLE:
        return ""
    return raison_de_refaire(epreuve.date, epreuve.protocole, settings.EPREUVE_VALABLE_MOIS, le)


def valable_jusqu_au(epreuve: Epreuve) -> date | None:
    """Le dernier jour où elle vaut ; `None` quand elle n'a rien établi, ou par un protocole abandonné."""
    if not _vieillit(epreuve):
        return None
    return fin_de_validite(epreuve.date, epreuve.protocole, settings.EPREUVE_VALABLE_MOIS)


def _vieillit(epreuve: Epreuve) -> bool:
    return epreuve.verdict == VerdictEpreuve.PASSEE


# --- Ce que l'on dit -----------------------------------------------------------------------------------------------------
def proposer_roles(mesure: FichierMesure) -> dict[str, str]:
    """Le rôle de chaque colonne, d'après sa forme et son intitulé."""
    vues = {d["colonne"] for d in mesure.mesures["detections"]}
    tableaux = mesure.mesures.get("agregats", {})
    effectif = next((n for n in tableaux if n not in vues), "")
    roles = {n: SENSIBLE if est_sensible(n) else QUASI for n in mesure.colonnes}
    if effectif:
        roles = dict.fromkeys(mesure.colonnes, QUASI) | dict.fromkeys(tableaux[effectif]["sommes"], SOMME)
        roles |= dict.fromkeys(tableaux[effectif]["maximums"], MAXIMUM)
    return roles | dict.fromkeys(vues, IDENTIFIANT) | ({effectif: EFFECTIF} if effectif else {})


def lire_roles(lignes: list[str]) -> dict[str, str]:
    """« colonne=rôle » par ligne. Lève `FichierRefuse`."""
    roles: dict[str, str] = {}
    for ligne in filter(str.strip, lignes):
        nom, egal, role = (m.strip() for m in ligne.rpartition("="))
        if not egal or not nom or role not in ROLES:
            raise FichierRefuse(
                f"« {ligne.strip()} » : écrivez « colonne=rôle », le rôle étant {', '.join(ROLES)}."
            )
        if roles.setdefault(nom, role) != role:
            raise FichierRefuse(f"La colonne « {nom} » a deux rôles.")
    return roles


# --- Le processus à part -------------------------------------------------------------------------------------------------
def _demander(
    module: str, limites: Limites, demande: dict[str, Any], fichiers: list[Source], *, page: bool
) -> dict[str, Any]:
    try:
        return lancer(module, demande, fichiers, limites)
    except FichierRefuse as refus:
        limite = str(refus) in (TROP_LONG, DEPASSE, "ce fichier demande trop de mémoire") or str(
            refus
        ).endswith("lignes")
        raise FichierRefuse(
            f"{refus.phrase} {PAR_LA_COMMANDE}" if page and limite else refus.phrase
        ) from None


PAR_LA_COMMANDE = "C'est la limite de la page ; la commande « eprouver » lit davantage, et plus longtemps."
