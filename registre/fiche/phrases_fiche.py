"""Ce qui, dans une fiche, se dit en une phrase plutôt que champ par champ. Pur, hormis les libellés de `Codes`.

Chaque phrase rend son texte et les champs qu'elle dit, qui ne se répètent pas en note.
"""

from conservation.application import Application
from conservation.durees import Duree
from conservation.durees import lire as lire_duree
from conservation.ensembles import categories
from organismes.champs import champ_de
from registre.fiche.codes import Codes
from registre.fiche.droits_lus import note_de_finalite
from registre.fiche.lecture import elements, texte
from registre.fiche.listes import CONSERVATIONS, TRANSFERTS
from traitements.models import CategorieDonnees, Destinataire, Evenement
from traitements.phrases import minuscule


def phrase_duree(regle: dict, donnees: dict, codes: Codes) -> tuple[str, set[str]]:
    """« 3 ans à compter du dernier contact émanant du prospect, puis suppression ».

    Un critère se suffit : « durée de la relation », non « durée de la relation à compter de sa fin ».
    """
    modele = CONSERVATIONS.modele
    fixe = lire_duree(regle)
    morceaux, chiffree = [str(fixe)] if fixe else [], isinstance(fixe, Duree)
    depart = regle.get("point_depart")
    if depart and (chiffree or not morceaux):
        evenement = codes.de(Evenement).get(depart)
        morceaux.append(f"à compter {evenement.a_compter if evenement else depart}")
    if regle.get("sort_final") and morceaux:
        sort = texte(champ_de(modele, "sort_final"), regle["sort_final"], codes)
        morceaux[-1] = f"{morceaux[-1].rstrip(' .')}, puis {minuscule(sort)}"
    pris = {
        "duree_valeur",
        "duree_unite",
        "point_depart" if chiffree or not regle.get("critere") else "critere",
    }
    return " ".join(morceaux), pris | ({"sort_final"} if morceaux else set())


def phrase_categories(regle: dict, donnees: dict, codes: Codes) -> tuple[str, set[str]]:
    """« Coordonnées ; Transactions et achats » : un libellé peut lui-même porter une virgule."""
    dites = [codes.libelle(CategorieDonnees, c) for c in categories(regle)]
    return " ; ".join(dites) or "Toutes les données de la fiche", {"categories"}


def phrase_destinataire(element: dict, donnees: dict, codes: Codes) -> tuple[str, set[str]]:
    """Le nom le plus précis que l'on ait : le tiers, sinon le service, sinon le type."""
    if element.get("tiers"):
        return codes.nom_tiers(element["tiers"]), {"tiers"}
    if element.get("nom"):
        return element["nom"], {"nom", "tiers"}
    type_ = Destinataire._meta.get_field("type")
    return texte(type_, element.get("type"), codes), {"type", "tiers"}


def phrase_transfert(element: dict, donnees: dict, codes: Codes) -> tuple[str, set[str]]:
    """« Mailwright Inc., États-Unis »."""
    modele = TRANSFERTS.modele
    lieu = ", ".join(
        lu
        for nom in ("pays", "organisation")
        for lu in elements(champ_de(modele, nom), element.get(nom), codes)
    )
    numero = element.get("destinataire_numero")
    cite = next((d for d in donnees.get("destinataires", ()) if d["numero"] == numero), None)
    qui = phrase_destinataire(cite, donnees, codes)[0] if cite else element.get("importateur", "")
    pris = {"pays", "organisation", "destinataire_numero"} | (set() if cite else {"importateur"})
    return ", ".join(m for m in (qui, lieu) if m), pris


def phrase_execution(regle: dict, donnees: dict, codes: Codes) -> tuple[str, set[str]]:
    """« Oui, documentée : purge du 12 octobre 2026 » ; sans rien qui le dise, ce que la fiche déclare."""
    lue = regle.get("_application")
    if not isinstance(lue, Application) or (lue.niveau is None and not lue.sans_effet):
        champ = champ_de(CONSERVATIONS.modele, "appliquee")
        return ", ".join(elements(champ, regle.get("appliquee"), codes)), {"appliquee"}
    pris = {"appliquee", "appliquee_precisions"} if lue.seule_declaration else {"appliquee"}
    if lue.purge_dite:  # sinon la purge déclarée se lit à part
        pris.add("derniere_purge")
    return ". ".join([lue.phrase, *lue.sans_effet]), pris


PHRASES = {
    ("conservations", "duree"): phrase_duree,
    ("conservations", "execution"): phrase_execution,
    ("conservations", "donnees"): phrase_categories,
    ("destinataires", "destinataire"): phrase_destinataire,
    ("transferts", "vers"): phrase_transfert,
}


DERIVEES = {("finalites", "base_legale"): ("droits_ouverts", "droits ouverts", note_de_finalite)}
