"""Qui : le responsable, ses responsables conjoints, son représentant, son délégué (art. 13(1)(a) et (b), 26, 27)."""

from droit.faits import Element
from registre.conformite.notice.forme import Paragraphe, Plume
from registre.conformite.notice.mots import nom_propre, phrase, propre
from traitements.phrases import de, enumerer, minuscule


# --- Responsable --------------------------------------------------------------------------------------------------
def responsable(plume: Plume) -> Paragraphe:
    o, article = plume.faits.organisme, plume.article("identite")
    nom = nom_propre(o.get("raison_sociale")) or plume.blanc(
        "nom du responsable", article, "organisme.raison_sociale"
    )
    lieu = plume.ou_blanc(_adresse(plume, o), "adresse du responsable", article, "organisme.adresse")
    lignes = [
        _public(plume),
        phrase(f"Nous sommes {nom}, {lieu}. Nous décidons pourquoi et comment vos données sont utilisées"),
        phrase(
            "Pour nous joindre :",
            _contacts(o)
            or plume.blanc("téléphone ou adresse électronique du responsable", article, "organisme.courriel"),
        ),
        *_representant(plume),
        *_conjoints(plume),
    ]
    return Paragraphe("Qui est responsable de vos données", article, tuple(filter(None, lignes)))


def _public(plume: Plume) -> str:
    qui = [
        minuscule(plume.faits.reperes.libelle("categories_personnes", p.get("categorie")))
        for p in plume.faits.liste("personnes")
    ]
    return phrase(f"Cette information s'adresse aux personnes suivantes : {enumerer(qui)}") if qui else ""


def _adresse(plume: Plume, identite: Element, prefixe: str = "") -> str:
    """« 4 place aux Aires, 06130 Grasse, France » ; vide sans rue ni ville."""
    rue = propre(identite.get(f"{prefixe}adresse"))
    ville = " ".join(
        m for m in (propre(identite.get(f"{prefixe}{n}")) for n in ("code_postal", "ville")) if m
    )
    pays = plume.faits.reperes.libelle("pays", identite.get("pays")) if not prefixe else ""
    return ", ".join(m for m in (rue, ville, pays) if m) if rue or ville else ""


def _contacts(identite: Element, prefixe: str = "") -> str:
    return " ou ".join(
        m for m in (propre(identite.get(f"{prefixe}{n}")) for n in ("courriel", "telephone")) if m
    )


def _representant(plume: Plume) -> list[str]:
    """Le représentant dans l'Union (art. 27), que seul désigne un responsable établi hors d'elle."""
    o, article = plume.faits.organisme, plume.article("identite")
    if o.get("etabli_ue") is None and plume.faits.reperes.hors_eee(o.get("pays")):
        manque = "établissement dans l'Union européenne, ou représentant qui y est désigné"
        return [plume.blanc(manque, article, "organisme.etabli_ue")]
    if o.get("etabli_ue") is not False or o.get("representant_ue_exception"):
        return []
    nom = plume.ou_blanc(
        o.get("representant_ue_nom"),
        "nom du représentant dans l'Union européenne",
        article,
        "organisme.representant_ue_nom",
    )
    ou = ", ".join(m for m in (_adresse(plume, o, "representant_ue_"), _contacts(o, "representant_ue_")) if m)
    ou = ou or plume.blanc("coordonnées du représentant", article, "organisme.representant_ue_courriel")
    return [phrase(f"Notre représentant dans l'Union européenne (RGPD, art. 27) : {nom}, {ou}")]


def _conjoints(plume: Plume) -> list[str]:
    if plume.faits.fiche.get("qualite") != "conjoint":
        return []
    conjoints = plume.faits.liste("responsables_conjoints")
    noms = enumerer(_conjoint(plume, c) for c in conjoints) or plume.blanc(
        "nom et coordonnées des responsables conjoints",
        plume.article("identite"),
        "responsables_conjoints",
    )
    parts = [
        propre(plume.faits.fiche.get("accord_art26")),
        *(propre(c.get("repartition")) for c in conjoints),
    ]
    accord = " ; ".join(p for p in parts if p) or plume.blanc(
        "grandes lignes de l'accord entre responsables conjoints", "art. 26(2)", "accord_art26"
    )
    return [
        phrase(f"Nous en décidons avec {noms} : nous en sommes responsables ensemble (RGPD, art. 26)"),
        phrase(f"Ce que nous avons convenu : {accord}"),
        "Vous pouvez exercer vos droits auprès de chacun de nous (RGPD, art. 26(3)).",
    ]


def _conjoint(plume: Plume, conjoint: Element) -> str:
    tiers = plume.faits.tiers(conjoint)
    nom = nom_propre(tiers.get("nom") or conjoint.get("tiers"))
    ou = _adresse(plume, tiers) or _contacts(tiers)
    chemin = f"responsables_conjoints[{conjoint['numero']}].tiers"
    return f"{nom} ({ou or plume.blanc(f'coordonnées {de(nom)}', plume.article('identite'), chemin)})"


# --- Délégué ------------------------------------------------------------------------------------------------------
def delegue(plume: Plume) -> Paragraphe | None:
    """Ses coordonnées ; rien quand l'organisme, qui n'est pas tenu d'en désigner un, n'en a pas."""
    o, article = plume.faits.organisme, plume.article("delegue")
    titre = "Notre délégué à la protection des données"
    nom = propre(o.get("dpo_nom"))
    ou = [m for m in (_contacts(o, "dpo_"), _adresse(plume, o, "dpo_")) if m]
    if not nom and not ou:
        if o.get("dpo_obligatoire") is False:
            return None
        s_il = "" if o.get("dpo_obligatoire") else ", s'il en est désigné un"
        manque = plume.blanc(f"coordonnées du délégué{s_il}", article, "organisme.dpo_nom")
        return Paragraphe(titre, article, (manque,))
    societe = propre(o.get("dpo_societe"))
    qui = ", ".join(m for m in (nom, societe) if m)
    joindre = " ; ".join(ou) or plume.blanc("coordonnées du délégué", article, "organisme.dpo_courriel")
    ligne = "Vous pouvez lui poser toute question sur vos données et vos droits :"
    return Paragraphe(titre, article, (phrase(ligne, ", ".join(m for m in (qui, joindre) if m)),))
