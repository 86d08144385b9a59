"""Quelles données, d'où elles viennent, et s'il faut les donner (art. 13(2)(e), 14(1)(d), 14(2)(f), 14(3))."""

from droit.faits import RIEN, Element, codes
from registre.conformite.notice.forme import PUCE, Paragraphe, Plume, categorie
from registre.conformite.notice.mots import des, enchaine, les, phrase, propre
from registre.conformite.notice.publics import dispense
from traitements.phrases import minuscule

SOURCES = {
    "DIRECTE": "vous nous les donnez",
    "DEDUITE": "nous les observons ou les déduisons de ce que nous savons de vous",
    "PARTENAIRE": "un partenaire nous les transmet",
    "COURTIER": "elles viennent d'un fichier que nous louons ou achetons",
    "PUBLIQUE": "elles viennent de sources accessibles au public",
    "RESEAU_SOCIAL": "elles viennent d'un réseau social",
    "PARRAINAGE": "la personne qui vous parraine nous les communique",
    "TERMINAL": "elles sont lues sur l'appareil que vous utilisez",
}
A_NOMMER = {"PARTENAIRE": "partenaire", "COURTIER": "fournisseur"}  # une source qui a un nom : art. 14(2)(f)
DELAIS_ART14 = (
    "Certaines de ces données ne viennent pas de vous. Nous vous en informons dans le mois qui suit leur obtention ; "
    "si elles servent à vous écrire ou à vous appeler, au plus tard lors du premier échange ; si elles doivent être "
    "communiquées à quelqu'un d'autre, au plus tard lors de cette communication (RGPD, art. 14(3))."
)


def donnees(plume: Plume) -> Paragraphe:
    article, toutes = plume.article("donnees", "source", "obligatoire"), plume.faits.liste("donnees")
    if not toutes:
        manque = plume.article("donnees", sinon="art. 30(1)(c)")
        lignes = [plume.blanc("catégories de données", manque, "donnees")]
    else:
        lignes = ["Nous utilisons les données suivantes :", *(_donnee(plume, d) for d in toutes)]
    if any(map(plume.faits.sources_indirectes, toutes)) and not dispense(plume):
        lignes += [DELAIS_ART14, _moment(plume)]
    return Paragraphe("Vos données et d'où elles viennent", article, tuple(lignes))


def _moment(plume: Plume) -> str:
    moment = plume.faits.volet("information").get("moment")
    manque = "moment où nous informons les personnes dont les données viennent d'ailleurs"
    return phrase(
        "En pratique :", enchaine(plume.ou_blanc(moment, manque, "art. 14(3)", "information.moment"))
    )


def _donnee(plume: Plume, d: Element) -> str:
    detail = propre(d.get("precisions"))
    tete = f"{categorie(plume, d)} ({detail})" if detail else categorie(plume, d)
    dits = (f"{tete} : {_source(plume, d)}.", _sensible(plume, d), _obligatoire(plume, d))
    return PUCE + " ".join(filter(None, dits))


def _source(plume: Plume, d: Element) -> str:
    sources = codes(d, "sources")
    if not sources:
        mention = f"source {des(categorie(plume, d))}"
        return plume.blanc(mention, "art. 14(2)(f)", f"donnees[{d['numero']}].sources")
    reperes = plume.faits.reperes
    dites = [SOURCES.get(s) or minuscule(reperes.libelle("sources_donnees", s)) for s in sources]
    return " ; ".join([*dites, *_noms_de_source(plume, d, sources)])


def _noms_de_source(plume: Plume, d: Element, sources: tuple[str, ...]) -> list[str]:
    """Le nom de la source, ou son blanc quand elle en a un que la fiche ne dit pas."""
    if nom := propre(d.get("source_nom")):
        return [f"source : {nom}"]
    ici = f"donnees[{d['numero']}].source_nom"
    return [
        plume.blanc(f"nom du {quoi} d'où viennent {les(categorie(plume, d))}", "art. 14(2)(f)", ici)
        for code, quoi in A_NOMMER.items()
        if code in sources
    ]


def _sensible(plume: Plume, d: Element) -> str:
    attributs, ici = plume.faits.categorie(d), f"donnees[{d['numero']}]"
    if attributs.get("sensible"):
        exception = plume.faits.reperes.exceptions_art9.get(d.get("exception_art9") or "", RIEN)
        dite = f"{exception['libelle']} ({exception['source']})" if exception else ""
        mention = f"exception qui permet de traiter {les(categorie(plume, d))}"
        permet = plume.ou_blanc(dite, mention, "art. 9(2)", f"{ici}.exception_art9")
        return phrase(f"Ces données sont sensibles. Ce qui nous permet de les traiter : {minuscule(permet)}")
    if attributs.get("infraction"):
        mention = "titre à traiter des données d'infraction"
        titre = plume.ou_blanc(d.get("justification_art10"), mention, "art. 10", f"{ici}.justification_art10")
        return phrase(f"Ce qui nous permet de les traiter : {enchaine(titre)}")
    return ""


def _obligatoire(plume: Plume, d: Element) -> str:
    """Dû quand la personne donne elle-même la donnée (art. 13(2)(e)), ou quand on ne sait pas qui la donne."""
    sources, ici = codes(d, "sources"), f"donnees[{d['numero']}]"
    if sources and "DIRECTE" not in sources:
        return ""
    article, nom = "art. 13(2)(e)", categorie(plume, d)
    if d.get("obligatoire") is False:
        return "Réponse facultative."
    if d.get("obligatoire") is None:
        return phrase(
            plume.blanc(f"caractère obligatoire ou facultatif {des(nom)}", article, f"{ici}.obligatoire")
        )
    consequence = plume.ou_blanc(
        d.get("consequence_defaut"),
        f"conséquence d'un défaut de réponse pour {les(nom)}",
        article,
        f"{ici}.consequence_defaut",
    )
    return phrase(f"Réponse obligatoire. À défaut : {enchaine(consequence)}")
