"""Les actes qu'un fichier rapporte et que cette instance n'a pas vus : valider, écarter un constat, mettre à jour (RGPD art. 5(2)).

Un acte est signé là où il est fait : son auteur, sa date, l'état qui en résulte et l'empreinte des faits sont ce que le
service sait, jamais ce qu'un fichier affirme. Le texte se garde en remarque, « selon le fichier » ; l'acte se refait ici.
Réimporter l'export de cette instance ne change rien : ce que le fichier en dit, le service le sait déjà.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from registre.echanges.imports.lot import FicheDuFichier
from registre.echanges.imports.reprise import SOURCE_ACTES, cle, morceaux
from registre.fiche import agregat as ag
from registre.fiche.enregistrement import Refus
from registre.fiche.lecture import date_en_mots
from traitements.choix import Statut
from traitements.models import Ecart, Traitement

CHAMPS_ECART = frozenset(next(p.champs for p in ag.FICHE.listes if p.modele is Ecart))
TEXTES_ECART = ("regle", "chemin", "constat", "raison", "pose_par", "faits")
A_REFAIRE = "Cette validation n'a pas été faite ici : relisez la fiche, puis validez-la."
A_REPOSER = (
    "Cet écart n'a pas été posé ici : le constat se lit de nouveau ; le délégué l'écarte s'il le juge bon."
)
ETATS: dict[str, str] = {
    Statut.VALIDEE: "Validée",
    Statut.ARCHIVEE: "Archivée",
    Statut.BROUILLON: "Brouillon",
}


@dataclass
class Rapportes:
    """Les actes qu'une fiche du fichier rapporte."""

    statut: str = Statut.BROUILLON
    validee_le: date | None = None
    date_maj: date | None = None
    alertes: list[str] = field(default_factory=list)
    ecarts: list[dict[str, Any]] = field(default_factory=list)


def separer(
    lue: FicheDuFichier, presente: Traitement | None, *, classeur: bool = False
) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Les données sans les actes, et les remarques qui en gardent le texte. Lève `Refus` sur une forme fausse.

    Une fiche neuve arrive en brouillon, ou archivée si le fichier la dit telle : son activité a cessé, cela ne s'atteste
    pas. Une fiche déjà ici garde son état ; ce que le fichier en dit d'autre est dans les avis. `classeur` : la date de
    mise à jour est une cellule que quelqu'un a remplie ; une fiche neuve la prend, une fiche d'ici la garde en remarque.
    """
    donnees = dict(lue.donnees)
    actes = _lire(donnees)
    if presente is not None:
        _dire_l_etat(actes, presente, lue)
        remarques = _remarque_de_mise_a_jour(actes, presente, lue) if classeur else []
    else:
        if actes.statut == Statut.ARCHIVEE:
            donnees["statut"] = actes.statut
        if classeur and actes.date_maj:
            donnees["date_maj"], actes.date_maj = actes.date_maj.isoformat(), None
        remarques = _remarques_d_etat(actes, lue)
    return donnees, remarques + _remarques_d_ecarts(actes.ecarts, presente, lue)


def _remarques_d_ecarts(
    ecarts: list[dict[str, Any]], presente: Traitement | None, lue: FicheDuFichier
) -> list[dict[str, str]]:
    poses = {_cle(e) for e in _ecarts_de(presente)} if presente else set()
    remarques: list[dict[str, str]] = []
    for ecart in (e for e in ecarts if _cle(e) not in poses):
        dites = _remarque_d_ecart(ecart)
        remarques += dites
        if presente is not None and {cle(r) for r in dites} <= {cle(e) for e in presente.reprise}:
            continue  # déjà gardé ici, et déjà dit
        regle = ecart.get("regle") or "règle non dite"
        lue.avis.append(f"Écart justifié ({regle}) gardé en remarque. {A_REPOSER}")
    return remarques


def _remarque_de_mise_a_jour(
    actes: Rapportes, presente: Traitement, lue: FicheDuFichier
) -> list[dict[str, str]]:
    if actes.date_maj is None or actes.date_maj == presente.date_maj:
        return []
    return morceaux(lue.origine, "Mise à jour du traitement", [_jour(actes.date_maj)])


# --- Lire, forme comprise ----------------------------------------------------------------------------------------------
def _lire(donnees: dict[str, Any]) -> Rapportes:
    statut = donnees.pop("statut", None) or Statut.BROUILLON
    if statut not in Statut.values:
        raise Refus({"statut": ["Cet état n'existe pas."]})
    return Rapportes(
        statut,
        _date("validee_le", donnees.pop("validee_le", None)),
        _date("date_maj", donnees.pop("date_maj", None)),
        _textes(donnees.pop("alertes_lues", None)),
        _ecarts(donnees.pop("ecarts", None)),
    )


def _date(chemin: str, brute: Any) -> date | None:
    if brute is None or brute == "":
        return None
    try:
        return date.fromisoformat(brute)
    except (TypeError, ValueError):
        raise Refus({chemin: ["Il faut une date (AAAA-MM-JJ)."]}) from None


def _textes(bruts: Any) -> list[str]:
    if bruts is None or bruts == "":
        return []
    if not isinstance(bruts, list) or not all(isinstance(t, str) for t in bruts):
        raise Refus({"alertes_lues": ["Il faut une liste de textes."]})
    return bruts


def _ecarts(bruts: Any) -> list[dict[str, Any]]:
    if bruts is None or bruts == "":
        return []
    if not isinstance(bruts, list) or not all(isinstance(e, dict) for e in bruts):
        raise Refus({"ecarts": ["Il faut une liste d'objets."]})
    for rang, ecart in enumerate(bruts, start=1):
        for nom in sorted(ecart.keys() - CHAMPS_ECART - {"numero"}):
            raise Refus({f"ecarts[{rang}].{nom}": ["Ce champ n'existe pas."]})
        for nom in TEXTES_ECART:
            if not isinstance(ecart.get(nom, ""), str):
                raise Refus({f"ecarts[{rang}].{nom}": ["Il faut un texte."]})
        for nom in ("pose_le", "fin"):
            _date(f"ecarts[{rang}].{nom}", ecart.get(nom))
    return bruts


# --- Dire --------------------------------------------------------------------------------------------------------------
def _remarques_d_etat(actes: Rapportes, lue: FicheDuFichier) -> list[dict[str, str]]:
    """Une seule remarque pour ce que le fichier dit de l'état d'une fiche neuve."""
    lignes = [_etat_dit(actes)] if actes.statut != Statut.BROUILLON or actes.validee_le else []
    if actes.date_maj and actes.date_maj != timezone.localdate():
        lignes.append(f"Dernière mise à jour le {_jour(actes.date_maj)}")
    lignes += [f"Alerte lue à la validation : {alerte}" for alerte in actes.alertes]
    if not lignes:
        return []
    remarques = morceaux(SOURCE_ACTES, "État selon le fichier", lignes)
    if actes.statut == Statut.VALIDEE:
        remarques[0]["avertissement"] = A_REFAIRE
        lue.avis.append(f"{lignes[0]} selon le fichier ; elle entre en brouillon, à valider ici.")
    elif actes.statut == Statut.ARCHIVEE:
        lue.avis.append("Archivée selon le fichier : elle arrive archivée, à la date de l'import.")
    return remarques


def _etat_dit(actes: Rapportes) -> str:
    """« Validée le 14 septembre 2026 » ; « Archivée, validée le 2 juin 2026 »."""
    quand = f" le {_jour(actes.validee_le)}" if actes.validee_le else ""
    if actes.statut == Statut.VALIDEE:
        return f"Validée{quand}"
    return f"{ETATS[actes.statut]}, validée{quand}" if quand else ETATS[actes.statut]


def _dire_l_etat(actes: Rapportes, presente: Traitement, lue: FicheDuFichier) -> None:
    ici = Rapportes(presente.statut, presente.validee_le)
    if (actes.statut, actes.validee_le) != (ici.statut, ici.validee_le):
        lue.avis.append(
            f"État dans le fichier : {_etat_dit(actes).lower()} ; ici : {_etat_dit(ici).lower()}. "
            "Un import ne valide, n'archive ni ne rouvre une fiche."
        )


def _remarque_d_ecart(ecart: dict[str, Any]) -> list[dict[str, str]]:
    pose_le, fin = (_date(nom, ecart.get(nom)) for nom in ("pose_le", "fin"))
    lignes = [
        f"Constat : {ecart.get('constat', '')}",
        f"Raison : {ecart.get('raison', '')}",
        f"Posé selon le fichier par {ecart.get('pose_par') or 'une personne non nommée'}"
        + (f", le {_jour(pose_le)}" if pose_le else "")
        + (f", jusqu'au {_jour(fin)}" if fin else ""),
    ]
    libelle = f"Écart justifié, {ecart.get('regle', '')}".rstrip(", ")
    remarques = morceaux(SOURCE_ACTES, libelle, lignes)
    remarques[0]["avertissement"] = A_REPOSER
    return remarques


def _ecarts_de(fiche: Traitement) -> list[dict[str, Any]]:
    return [{nom: ag.valeur(e, nom) for nom in CHAMPS_ECART} for e in Ecart.objects.filter(traitement=fiche)]


def _cle(ecart: dict[str, Any]) -> tuple:
    return tuple(str(ecart.get(nom)) for nom in sorted(CHAMPS_ECART))


def _jour(jour: date) -> str:
    """« 25 mai 2019 », sans espace insécable : une remarque se compare d'un import à l'autre."""
    return date_en_mots(jour).replace("\N{NO-BREAK SPACE}", " ")
