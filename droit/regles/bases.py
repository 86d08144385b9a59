"""Bases légales et consentement. L'article 30 ne demande pas la base légale : les articles 5, 6, 7, 13 et 14, si."""

from datetime import date

from droit.droits_personnes import OUI, SELON_LA_BASE, droits_ouverts
from droit.faits import Faits, codes, texte
from droit.regles.regle import M, Trouves, alerte, bloquant, theme

theme("BAS", "Base légale et consentement", 20)

TEXTE_REQUIS = {
    "OBLIGATION_LEGALE": "Citez le texte et l'article qui imposent ce traitement.",
    "MISSION_INTERET_PUBLIC": "Citez le texte et l'article qui confient cette mission.",
}
HORS_CONTRAT = ("prospection", "profilage", "cession")
# Droits que toutes les bases n'ouvrent pas : les annoncer à tort trompe la personne.
A_TORT = {
    "PORTABILITE": "Vous annoncez le droit à la portabilité, mais aucune finalité ne repose sur le consentement ni sur "
    "le contrat (RGPD art. 20(1)).",
    "OPPOSITION": "Vous annoncez le droit d'opposition, mais aucune finalité ne repose sur l'intérêt légitime ni sur "
    "une mission d'intérêt public, et aucune n'est une prospection (RGPD art. 21).",
    "RETRAIT": "Vous annoncez le retrait du consentement, mais aucune finalité ne repose sur le consentement "
    "(RGPD art. 7(3)).",
}
COMPARES = (*SELON_LA_BASE.values(), "OPPOSITION_PROSPECTION")


@bloquant("BAS-01", "RGPD art. 6(1), 13(1)(c), 14(1)(c)", M, "finalité sans base légale")
def une_base_par_finalite(faits: Faits, le: date) -> Trouves:
    """Une finalité sans base légale."""
    for f in faits.finalites:
        if not texte(f, "base_legale"):
            yield f"finalites[{f['numero']}].base_legale", "Choisissez la base légale de cette finalité."


@alerte("BAS-02", "RGPD art. 6(1)(c), 6(1)(e), 6(3)", M, "obligation ou mission sans le texte qui la fonde")
def texte_qui_impose(faits: Faits, le: date) -> Trouves:
    """Une finalité fondée sur une obligation légale ou une mission d'intérêt public, sans le texte qui la fonde."""
    for f in faits.finalites:
        phrase = TEXTE_REQUIS.get(texte(f, "base_legale"))
        if phrase and not texte(f, "texte_legal"):
            yield f"finalites[{f['numero']}].texte_legal", phrase


@alerte("BAS-03", "RGPD art. 6(1)(f), 13(1)(d), 14(2)(b)", M, "intérêt légitime sans mise en balance")
def mise_en_balance(faits: Faits, le: date) -> Trouves:
    """Une finalité fondée sur l'intérêt légitime, dont la mise en balance n'est pas faite."""
    for f in faits.finalites:
        if f.get("base_legale") == "INTERET_LEGITIME" and f.get("balance_faite") is False:
            yield (
                f"finalites[{f['numero']}].balance_faite",
                "Documentez l'intérêt poursuivi, la nécessité du traitement et la mise en balance avec les droits "
                "des personnes.",
            )


@bloquant(
    "BAS-04",
    "CEPD, lignes directrices 2/2019 ; CJUE 4 juillet 2023, C-252/21",
    M,
    "prospection, profilage ou cession fondés sur le contrat",
    ecartable=True,
)
def contrat_hors_de_propos(faits: Faits, le: date) -> Trouves:
    """Une prospection, un profilage ou une cession fondés sur l'exécution du contrat."""
    for f in faits.finalites_de(*HORS_CONTRAT):
        if f.get("base_legale") == "CONTRAT":
            yield (
                f"finalites[{f['numero']}].base_legale",
                "Le contrat ne fonde ni la prospection, ni le profilage publicitaire, ni la cession : choisissez une "
                "autre base légale.",
            )


@bloquant("BAS-05", "RGPD art. 7(1)", M, "consentement sans preuve")
def preuve_du_consentement(faits: Faits, le: date) -> Trouves:
    """Une finalité fondée sur le consentement, sans mécanisme de preuve."""
    for f in faits.consenties:
        if not texte(f, "consentement_preuve"):
            yield (
                f"finalites[{f['numero']}].consentement_preuve",
                "Décrivez ce qui prouve le consentement : sans mécanisme de preuve, il ne peut pas être démontré.",
            )


@bloquant("BAS-06", "RGPD art. 7(3)", M, "consentement sans moyen de retrait")
def retrait_du_consentement(faits: Faits, le: date) -> Trouves:
    """Une finalité fondée sur le consentement, sans moyen de le retirer."""
    for f in faits.consenties:
        if not texte(f, "consentement_retrait"):
            yield (
                f"finalites[{f['numero']}].consentement_retrait",
                "Indiquez comment la personne retire son consentement, aussi simplement qu'elle l'a donné.",
            )


@bloquant(
    "BAS-07",
    "RGPD art. 4(11), 7(4), considérant 32 ; CJUE 1er octobre 2019, C-673/17",
    M,
    "consentement précoché ou imposé",
)
def consentement_libre(faits: Faits, le: date) -> Trouves:
    """Un consentement recueilli par une case précochée, ou imposé comme condition."""
    for f in faits.consenties:
        for nom, phrase in (
            ("precoche", "Une case précochée n'est pas un consentement : présentez-la décochée."),
            (
                "conditionne",
                "Imposé comme condition, le consentement n'est pas libre : rendez-le facultatif.",
            ),
        ):
            if f.get(f"consentement_{nom}") is True:
                yield f"finalites[{f['numero']}].consentement_{nom}", phrase


@alerte("BAS-08", "RGPD art. 7(1)", M, "texte du consentement non conservé")
def texte_presente(faits: Faits, le: date) -> Trouves:
    """Une finalité fondée sur le consentement, sans la version du texte présenté à la personne."""
    for f in faits.consenties:
        if not texte(f, "consentement_texte_version"):
            yield (
                f"finalites[{f['numero']}].consentement_texte_version",
                "Conservez le texte présenté à la personne et notez sa version : il prouve ce à quoi elle a consenti.",
            )


@alerte("BAS-09", "RGPD art. 8 ; LIL art. 45", M, "consentement d'un mineur sans autorisation parentale")
def consentement_d_un_mineur(faits: Faits, le: date) -> Trouves:
    """Des mineurs parmi les personnes concernées, et un consentement sans autorisation parentale."""
    if not any(p.get("categorie") == "MINEURS" for p in faits.liste("personnes")):
        return
    for f in faits.consenties:
        if not texte(f, "consentement_autorisation_parentale"):
            yield (
                f"finalites[{f['numero']}].consentement_autorisation_parentale",
                "Avant quinze ans, un service en ligne suppose aussi l'accord d'un titulaire de l'autorité parentale : "
                "indiquez comment il est recueilli.",
            )


@alerte(
    "BAS-10",
    "RGPD art. 7(3), 12(1), 13(2)(b) et (c), 14(2)(c) et (d), 20, 21",
    M,
    "droits annoncés qui ne suivent pas les bases légales",
)
def droits_annonces(faits: Faits, le: date) -> Trouves:
    """Un droit annoncé qu'aucune base légale de la fiche n'ouvre, ou un droit ouvert que l'information n'annonce pas."""
    annonces = codes(faits.volet("information"), "droits")
    if not annonces:
        return
    for phrase in _annonces_a_tort(faits, annonces):
        yield "information.droits", phrase
    if manquent := _tus(faits, annonces):
        yield (
            "information.droits",
            "Les finalités de la fiche ouvrent des droits que vous n'annoncez pas : "
            f"{faits.citer('droits', manquent)}.",
        )


def _annonces_a_tort(faits: Faits, annonces: tuple[str, ...]) -> list[str]:
    """Rien tant qu'une base reste à choisir : elle pourrait ouvrir le droit annoncé."""
    bases = [texte(f, "base_legale") for f in faits.finalites]
    if not bases or not all(base in faits.reperes.bases_legales for base in bases):
        return []
    ouverts = {droit.code for f in faits.finalites for droit in droits_ouverts(faits, f)}
    if "OPPOSITION_PROSPECTION" in ouverts:  # s'opposer à la prospection, c'est encore s'opposer
        ouverts.add("OPPOSITION")
    return [phrase for code, phrase in A_TORT.items() if code in annonces and code not in ouverts]


def _tus(faits: Faits, annonces: tuple[str, ...]) -> list[str]:
    """Les droits ouverts sans condition et non annoncés. La réclamation est une mention : INF-02 en parle."""
    ouverts = {d.code for f in faits.finalites for d in droits_ouverts(faits, f) if d.ouverture == OUI}
    return [code for code in COMPARES if code in ouverts and code not in annonces]
