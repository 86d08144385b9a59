"""Qui reçoit les données, et où elles partent (art. 13(1)(e) et (f), 14(1)(e) et (f), chapitre V)."""

from droit.destinations import destinataires_hors_eee, pays_du_transfert, vise
from droit.faits import RIEN, Element, codes
from droit.reperes import Repere
from registre.conformite.notice.forme import BLANC, PUCE, Paragraphe, Plume
from registre.conformite.notice.mots import enchaine, nom_propre, phrase, propre
from registre.fiche.phrases_fiche import phrase_transfert
from traitements.choix import OperationCession
from traitements.phrases import enumerer, minuscule

# Ce qu'est un destinataire, dit à la personne ; un type absent d'ici se lit sous son libellé.
ROLES = {
    "INTERNE": "l'un de nos services",
    "SOUS_TRAITANT": "qui agit pour notre compte",
    "PARTENAIRE": "partenaire",
    "PAYS_TIERS": "hors de l'Union européenne",
    "RESPONSABLE_CONJOINT": "responsable conjoint",
    "TIERS_AUTORISE": "que la loi autorise à les demander",
    "AUTRE_DESTINATAIRE": "",
}


# --- Destinataires ------------------------------------------------------------------------------------------------
def destinataires(plume: Plume) -> Paragraphe:
    article = plume.article("destinataires")
    recoivent = [_destinataire(plume, d) for d in plume.faits.liste("destinataires")]
    if recoivent:
        lignes = ["Reçoivent vos données ou y ont accès, chacun pour ce qui le concerne :", *recoivent]
    else:
        lignes = [plume.blanc("destinataires, ou leurs catégories", article, "destinataires")]
    lignes += [*_cession(plume, article), *_plateforme(plume)]
    return Paragraphe("Qui reçoit vos données", article, tuple(lignes))


def _destinataire(plume: Plume, d: Element) -> str:
    """« • Envoléo SAS, qui agit pour notre compte. Routage des courriels. »"""
    libelle = plume.faits.reperes.libelle("types_destinataires", d.get("type"))
    role = ROLES.get(d.get("type") or "", minuscule(libelle))
    nom = nom_destinataire(plume, d)
    vise = enumerer(
        minuscule(plume.faits.reperes.libelle("categories_donnees", c)) for c in codes(d, "categories")
    )
    seulement = f"seulement pour : {vise}" if vise else ""
    tete = ", ".join(m for m in (nom or libelle, role if nom else "", seulement) if m)
    return PUCE + " ".join(m for m in (phrase(tete), phrase(propre(d.get("precisions")))) if m)


def nom_destinataire(plume: Plume, d: Element) -> str:
    """Le nom le plus précis que l'on ait ; vide quand la fiche ne donne que le type."""
    return nom_propre(plume.faits.tiers(d).get("nom") or d.get("nom"))


def _cession(plume: Plume, article: str) -> list[str]:
    """Les partenaires d'une vente, d'une location, d'un échange : ils reçoivent les données."""
    cession = plume.faits.volet("cession")
    if cession.get("active") is not True and not plume.faits.finalites_de("cession"):
        return []
    operations = enumerer(minuscule(str(OperationCession(o).label)) for o in codes(cession, "operations"))
    partenaires = plume.ou_blanc(
        cession.get("partenaires"), "partenaires qui reçoivent les données", article, "cession.partenaires"
    )
    avant = cession.get("information_opposition") is True
    return [
        phrase(f"Nous remettons des données à des partenaires ({operations or 'cession'}) : {partenaires}"),
        *(
            ["Nous vous en informons avant la transmission ; vous pouvez alors vous y opposer."]
            if avant
            else []
        ),
    ]


def _plateforme(plume: Plume) -> list[str]:
    if plume.faits.volet("profilage").get("plateforme_tierce") is not True:
        return []
    return ["Nous remettons une liste de clients à une plateforme, qui y cherche des profils proches."]


# --- Transferts ---------------------------------------------------------------------------------------------------
def transferts(plume: Plume) -> Paragraphe:
    article, declares = plume.article("transferts"), plume.faits.liste("transferts")
    lignes = [_transfert(plume, x) for x in declares] + _non_declares(plume, article)
    if not lignes:
        lignes = [_reponse(plume, article)]
    elif plume.faits.fiche.get("transferts_hors_eee") is not False:
        lignes.insert(0, "Certaines de vos données sont envoyées ou consultées hors de cet espace :")
    return Paragraphe("Vos données hors de l'Espace économique européen", article, tuple(lignes))


def _reponse(plume: Plume, article: str) -> str:
    repondu = plume.faits.fiche.get("transferts_hors_eee")
    if repondu is False:
        return "Nous n'envoyons pas vos données hors de l'Espace économique européen."
    if repondu:
        return plume.blanc("pays et garantie de chaque transfert", article, "transferts")
    return plume.blanc("existence de transferts hors de cet espace", article, "transferts_hors_eee")


def _non_declares(plume: Plume, article: str) -> list[str]:
    """Les destinataires établis hors de l'espace dont la fiche ne déclare pas le transfert."""
    declares = plume.faits.liste("transferts")
    lignes = []
    for d in destinataires_hors_eee(plume.faits, plume.le):
        if not any(vise(plume.faits, x, d) for x in declares):
            ou = plume.faits.reperes.libelle("pays", plume.faits.pays(d))
            vers = f"{nom_destinataire(plume, d) or 'ce destinataire'}, {ou}"
            blanc = plume.blanc(f"garantie du transfert vers {vers}", article, "transferts")
            lignes.append(f"{PUCE}{vers} : {blanc}.")
    return lignes


def _transfert(plume: Plume, x: Element) -> str:
    article, ici = plume.article("transferts"), f"transferts[{x['numero']}]"
    vers = phrase_transfert(dict(x), dict(plume.faits.fiche), plume.codes)[0]
    if not x.get("pays") and not x.get("organisation"):
        pays = pays_du_transfert(plume.faits, x)
        ou = plume.faits.reperes.libelle("pays", pays) or plume.blanc(
            "pays ou organisation internationale du transfert", article, f"{ici}.pays"
        )
        vers = ", ".join(m for m in (vers, ou) if m)
    return f"{PUCE}{vers} : {_garantie(plume, x, article, vers)}"


def _garantie(plume: Plume, x: Element, article: str, vers: str) -> str:
    ici, vers = f"transferts[{x['numero']}]", BLANC.sub("pays inconnu", vers)
    garantie = plume.faits.reperes.garanties.get(x.get("garantie") or "", RIEN)
    if not garantie or garantie.get("valide") is False:
        quoi = f"garantie{' encore valable' if garantie else ''} du transfert vers {vers}"
        return phrase(plume.blanc(quoi, article, f"{ici}.garantie"))
    if x["garantie"] == "ADEQUATION":
        return _adequation(plume, x, article, vers)
    absence = (
        "aucune décision d'adéquation n'est en vigueur pour ce pays ;" if _sans_decision(plume, x) else ""
    )
    dits = [phrase(absence, f"ce transfert repose sur {_dite(garantie)}")]
    if garantie.get("information_personnes"):
        interets = "intérêts légitimes impérieux que le transfert poursuit"
        dits.append(
            phrase(
                "L'intérêt poursuivi :",
                enchaine(plume.ou_blanc(x.get("precisions"), interets, "art. 49(1)", f"{ici}.precisions")),
            )
        )
    if not garantie.get("derogation") or garantie.get("information_personnes"):
        dits.append(_copie(plume, x, article, ici))
    return " ".join(dits)


def _dite(garantie: Repere) -> str:
    """« ceci : règles d'entreprise contraignantes (RGPD art. 46(2)(b) et 47) », « une dérogation : consentement explicite… »."""
    libelle, article = str(garantie["libelle"]), garantie["article"]
    genre, separe, suite = libelle.partition(" : ")
    if garantie.get("derogation") and separe:
        return f"une {minuscule(genre)} : {minuscule(suite)} ({article})"
    return f"ceci : {minuscule(libelle)} ({article})"


def _decision(plume: Plume, x: Element) -> Repere | None:
    return plume.faits.reperes.decision(pays_du_transfert(plume.faits, x), plume.le)


def _sans_decision(plume: Plume, x: Element) -> bool:
    hors = plume.faits.reperes.hors_eee(pays_du_transfert(plume.faits, x), plume.le)
    return hors and _decision(plume, x) is None


def _adequation(plume: Plume, x: Element, article: str, vers: str) -> str:
    ici = f"transferts[{x['numero']}]"
    decision = _decision(plume, x)
    if decision is None:
        manque = (
            f"garantie du transfert vers {vers} : aucune décision d'adéquation n'est en vigueur pour ce pays"
        )
        return phrase(plume.blanc(manque, article, f"{ici}.garantie"))
    dit = "la Commission européenne a constaté que vos données y sont protégées de façon adéquate (RGPD, art. 45)"
    if not decision.get("partielle"):
        return phrase(dit)
    if x.get("importateur_certifie") is True:
        return phrase(f"{dit}, par une décision dont ce destinataire relève")
    manque = "preuve que ce destinataire relève de la décision d'adéquation, qui est partielle"
    return phrase(f"{dit} ;", plume.blanc(manque, article, f"{ici}.importateur_certifie"))


def _copie(plume: Plume, x: Element, article: str, ici: str) -> str:
    """La référence de la garantie, et comment en obtenir copie."""
    document = plume.ou_blanc(x.get("document"), "référence des garanties", article, f"{ici}.document")
    return phrase(f"Document : {document}. Vous pouvez en demander une copie à : {plume.contact()}")
