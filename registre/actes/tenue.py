"""Ce que Registre tient lui-même dans une fiche : son état, ses dates, ce que le délégué a lu, qui écarte un constat et lequel.

Rien de cela ne se lit dans ce qu'une porte reçoit (`plan.Champ.tenu`) : on le sait, ou on le calcule ici.
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from droit.regles import Constat
from journal.service import Auteur
from organismes.champs import en_code
from organismes.models import Organisme
from organismes.pliage import signes
from registre.conformite.controle import Conformite
from registre.conformite.validation import Verdict, juger
from registre.fiche import agregat as ag
from registre.fiche.agregat import Objets
from registre.fiche.assemblage import Erreurs, Tenu
from registre.fiche.codes import Codes
from registre.fiche.lecture import NON_RENSEIGNE, texte
from traitements.chemins import Chemin
from traitements.choix import Statut
from traitements.models import Ecart, Traitement

RAISON_MIN = 15  # lettres ou chiffres : « ok » ou « vu » ne justifient rien
RAISON_COURTE = f"Écrivez une raison : {RAISON_MIN} lettres ou chiffres au moins."
FIN_PASSEE = "Cette date est passée : un écart ne peut pas finir avant d'avoir commencé."
PLUS_D_OBJET = "Ce constat n'a plus lieu d'être, ou il est déjà écarté."
SANS_CHOIX = "Ce constat ne s'écarte pas : la loi n'y laisse pas de choix. Corrigez la fiche."
SOURCE = (
    "tenu par Registre"  # marque, dans `reprise`, ce qu'un fichier disait de ce que Registre tient lui-même
)
AVERTISSEMENT = "Registre tient lui-même cette valeur : celle du fichier n'est pas prise."


@dataclass
class Porte:
    """Par où les données arrivent. `valideur` : la personne valide, archive, écarte. `reprise` : un fichier parle de son passé.

    `admis` : les champs tenus que l'appelant établit lui-même (le modèle d'une fiche, la date d'un classeur). `avis` : ce
    qui n'a pas été pris du fichier, à dire dans le bilan.
    """

    organisme: Organisme
    auteur: Auteur
    codes: Codes
    valideur: bool = False
    reprise: bool = False
    admis: frozenset[str] = frozenset()
    avis: list[str] = field(default_factory=list)


def tenir(
    objets: Objets[Traitement],
    avant: dict[str, Any] | None,
    erreurs: Erreurs,
    porte: Porte,
    ecartes: list[Tenu],
) -> None:
    """Pose ce que Registre tient ; `avant` est la fiche canonique d'avant, `None` pour une neuve."""
    fiche = objets.racine
    if porte.reprise:
        _reprendre(objets, avant, porte, ecartes)
    if "validee_le" in porte.admis:  # la démonstration raconte son propre passé
        return
    if avant is not None and _declare(ag.instantane(ag.FICHE, objets)) == _declare(avant):
        return
    _tenir_ecarts(objets, avant, erreurs, porte)
    if avant is not None or "date_maj" not in porte.admis:
        fiche.date_maj = timezone.localdate()
    verdict = _etat(objets, avant["statut"] if avant else Statut.BROUILLON, erreurs, porte)
    lu = verdict if fiche.statut == Statut.VALIDEE else None
    fiche.alertes_lues = lu.alertes if lu is not None else []
    if lu is not None:
        fiche.validee_le = timezone.localdate()
    elif fiche.statut == Statut.BROUILLON:
        fiche.validee_le = None
    if fiche.statut != Statut.ARCHIVEE:
        fiche.archivee_le = None
    elif avant is None or avant["statut"] != Statut.ARCHIVEE:
        fiche.archivee_le = timezone.localdate()


def _declare(instantane: dict[str, Any]) -> dict[str, Any]:
    """Ce que la fiche déclare : traiter une remarque d'import n'y change rien, ni l'état, ni la date."""
    nues = [{nom: v for nom, v in e.items() if nom != "suite"} for e in instantane["reprise"]]
    return {**instantane, "reprise": nues}


# --- L'état --------------------------------------------------------------------------------------------------------------
def _etat(objets: Objets[Traitement], ancien: str, erreurs: Erreurs, porte: Porte) -> Verdict | None:
    """L'état demandé, s'il est permis ; le verdict quand la fiche est à valider."""
    fiche = objets.racine
    if not porte.valideur:
        if fiche.statut == ancien == Statut.VALIDEE:
            fiche.statut = Statut.BROUILLON  # ce qui a été validé n'est plus là
        elif fiche.statut != ancien and not porte.reprise:
            erreurs.ajouter(
                "statut", "Seul le délégué à la protection des données valide ou archive une fiche."
            )
        return None
    if fiche.statut != Statut.VALIDEE:
        return None
    verdict = juger(ag.instantane(ag.FICHE, objets), porte.organisme, porte.codes)
    if verdict.empechements and ancien == Statut.VALIDEE:
        # Enregistrer ne se refuse jamais pour un constat ; rester validée, si.
        fiche.statut = Statut.BROUILLON
    elif verdict.empechements:
        erreurs.ajouter("statut", *verdict.empechements)
    return verdict


# --- Les écarts justifiés ------------------------------------------------------------------------------------------------
def _tenir_ecarts(
    objets: Objets[Traitement], avant: dict[str, Any] | None, erreurs: Erreurs, porte: Porte
) -> None:
    """Un écart neuf ou récrit prend le constat, les faits, l'auteur et la date d'aujourd'hui ; les autres restent."""
    presents = {e["numero"]: e for e in avant["ecarts"]} if avant else {}
    siens = objets.elements("ecarts", Ecart)
    neufs = [e for e in siens if _saisi(e) != _saisi_de(presents.get(e.numero))]
    if not porte.valideur and not porte.reprise and (neufs or len(siens) != len(presents)):
        erreurs.ajouter("ecarts", "Seul le délégué à la protection des données écarte un constat.")
        return
    if not neufs:
        return
    trouves = _constats(objets, porte)
    for ecart in neufs:
        constat = trouves.get((ecart.regle, ecart.chemin))
        fautes = _fautes(ecart, constat)
        if constat is not None and not fautes:
            _poser(ecart, constat, porte)
        for nom, message in fautes.items():
            erreurs.ajouter(f"ecarts[{ecart.numero}].{nom}", message)


def _constats(objets: Objets[Traitement], porte: Porte) -> dict[tuple[str, str], Constat]:
    """Les constats d'aujourd'hui sur la fiche telle qu'elle s'enregistre, par règle et par champ."""
    canonique = ag.instantane(ag.FICHE, objets) | {"ecarts": []}
    bilan = Conformite(porte.organisme, porte.codes).bilan(canonique, timezone.localdate())
    return {(c.code, c.chemin): c for c in bilan.constats}


def _fautes(ecart: Ecart, constat: Constat | None) -> dict[str, str]:
    """Pourquoi cet écart ne se pose pas : champ → message ; vide s'il le peut."""
    fautes = {}
    if constat is None or not constat.ecartable:
        fautes["regle"] = PLUS_D_OBJET if constat is None else SANS_CHOIX
    if signes(ecart.raison) < RAISON_MIN:
        fautes["raison"] = RAISON_COURTE
    if ecart.fin is None or ecart.fin < timezone.localdate():
        fautes["fin"] = FIN_PASSEE if ecart.fin else "Dites jusqu'à quand."
    return fautes


def _poser(ecart: Ecart, constat: Constat, porte: Porte) -> None:
    ecart.constat, ecart.faits = constat.message, constat.empreinte
    ecart.pose_par, ecart.pose_le = porte.auteur.nom, timezone.localdate()


def _saisi(ecart: Ecart) -> dict[str, Any]:
    return _saisi_de({nom: ag.valeur(ecart, nom) for nom in _PARTIE.champs})


def _saisi_de(ecart: dict[str, Any] | None) -> dict[str, Any]:
    return {nom: ecart[nom] for nom in _PARTIE.champs if nom not in _PARTIE.tenus} if ecart else {}


_PARTIE = next(p for p in ag.FICHE.listes if p.nom == "ecarts")


# --- Ce qu'un fichier disait ---------------------------------------------------------------------------------------------
def _reprendre(
    objets: Objets[Traitement], avant: dict[str, Any] | None, porte: Porte, ecartes: list[Tenu]
) -> None:
    """Ce qu'un fichier dit d'une fiche neuve et que Registre tient se garde parmi les éléments repris."""
    fiche = objets.racine
    if avant is not None:
        gardes = [e for e in avant["reprise"] if e.get("source") == SOURCE and e not in fiche.reprise]
        fiche.reprise = [*fiche.reprise, *gardes]
        return
    dits = [_element(t, porte.codes) for t in ecartes]
    if dits:
        fiche.reprise = [*fiche.reprise, *dits]
        noms = ", ".join(dict.fromkeys(e["libelle"] for e in dits))
        porte.avis.append(f"gardé en remarque, Registre le tenant lui-même : {noms}.")


def _element(tenu: Tenu, codes: Codes) -> dict[str, str]:
    libelle = str(tenu.champ.verbose_name)
    ou = f"{tenu.champ.model._meta.verbose_name}, " if Chemin.lire(tenu.chemin).numero is not None else ""
    return {
        "source": SOURCE,
        "libelle": f"{ou}{libelle}",
        "valeur": _lisible(tenu, codes),
        "avertissement": AVERTISSEMENT,
    }


def _lisible(tenu: Tenu, codes: Codes) -> str:
    """La valeur du fichier comme elle se lit ; telle quelle si elle n'a pas la forme attendue, ses caractères interdits en code."""
    try:
        dite = texte(tenu.champ, tenu.valeur, codes)
    except (TypeError, ValueError, AttributeError):
        dite = str(tenu.valeur)
    return en_code(dite)[:2000] or NON_RENSEIGNE
