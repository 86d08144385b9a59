"""Le consentement, là où il se recueille : il fonde la finalité, ou lève l'interdiction de l'article 9 (les articles 6 et 9
se cumulent). Ce qui le prouve, le retire et le rend libre vaut dans les deux cas."""

import re
from datetime import date
from re import Pattern

from droit.faits import Element, Faits, texte
from droit.regles.constat import Gravite, Trouve
from droit.regles.regle import M, P, S, Trouves, alerte, bloquant
from organismes.pliage import plier

# Ce qu'un recueil décrit quand il n'est pas un acte positif et distinct (RGPD art. 4(11), 7(2), considérant 32).
SANS_ACTE_POSITIF: Pattern[str] = re.compile(
    r"\bpre-? ?coch|\bcoche\w* par defaut|\bopt-? ?out\b|\b(?:sauf|a defaut d'|en l'absence d'|sans) ?opposition\b"
    r"|\bpoursui\w+ (?:de )?(?:la |sa |leur |votre )?navigation"
    r"|\b(?:acceptation|accept\w+|valid\w+|signature) (?:des |du |les |nos |de nos )?"
    r"(?:cgv|cgu|conditions generales|reglement)"
    r"|\b(?:article|clause)s?\b[^.]* (?:des |de nos |du )(?:conditions|cgv|cgu|reglement|contrat)"
    r"|\ben (?:utilisant|naviguant|poursuivant|vous inscrivant|commandant),? "
)
# Ce qui montre que l'auteur écarte justement ce recueil : « case non précochée », « distincte de l'acceptation des CGV ».
ACTE_DISTINCT: Pattern[str] = re.compile(
    r"\b(?:non|pas|jamais|ni|aucune?|sans case) (?:\w+ ){0,2}?(?:pre-? ?coch|coche\w* par defaut)"
    r"|\bdistinct|\bsepare|\bindependa|\bdecoch|\ba part\b|\ben plus\b|\boutre\b|\bfacultati|\boptionnel|\bhors des c|\bdifferente?s? de"
)
RETRAIT_LOURD: Pattern[str] = re.compile(
    r"\brecommandee?\b|\b(?:piece|carte) (?:nationale )?d'identite|\bimpossible\b|\baucun retrait|\birrevocable"
)
RETRAIT_POSTAL: Pattern[str] = re.compile(r"\bpar (?:simple )?(?:lettre|courrier)\b(?! electronique)")
RECUEIL_PAPIER: Pattern[str] = re.compile(
    r"\bpapier|\bbulletin|\bcoupon|\bcourrier\b|\bsigne|\bmanuscri|\bimprime|\boral"
)
RETRAIT_AISE: Pattern[str] = re.compile(
    r"\blien|\bclic|\bcourriel|\bemail|\be-mail|\bmail\b|\bcompte\b|\bespace\b|\bformulaire|\bstop\b|\bparametre|\breglage"
    r"|\btelephone|\bcase\b|\bsite\b|\bapplication\b|\bcentre de preferences|\ba tout moment en|\bsur place|\bcaisse\b"
)
UN_SEUL_ACCORD: Pattern[str] = re.compile(
    r"\b(?:case|accord|consentement) (?:unique|globale?)\b|\bune seule case\b|\bun seul (?:accord|consentement)\b"
    r"|\bmeme case (?:vaut|pour)"
)
POUR_PLUSIEURS_FINS: Pattern[str] = re.compile(
    r"\b(?:vaut|valent|sert|couvre\w*) (?:aussi )?(?:pour|a)?\b[^.]*(?:,| et | ainsi que )"
)
AGE_NON_DIT = (
    "Dites si des enfants de moins de quinze ans sont concernés : leur consentement à un service en ligne se donne "
    "conjointement avec un titulaire de l'autorité parentale."
)


def _chemin(f: Element, nom: str) -> str:
    return f"finalites[{f['numero']}].consentement_{nom}"


@bloquant("BAS-05", "RGPD art. 7(1)", M, "consentement sans preuve")
def preuve_du_consentement(faits: Faits, le: date) -> Trouves:
    """Un consentement recueilli (base légale, ou exception de l'article 9), sans mécanisme de preuve."""
    for f in faits.au_consentement:
        if not texte(f, "consentement_preuve"):
            yield (
                _chemin(f, "preuve"),
                "Décrivez ce qui prouve le consentement : sans mécanisme de preuve, il ne peut pas être démontré.",
            )


@bloquant("BAS-06", "RGPD art. 7(3)", M, "consentement sans moyen de retrait")
def retrait_du_consentement(faits: Faits, le: date) -> Trouves:
    """Un consentement recueilli (base légale, ou exception de l'article 9), sans moyen de le retirer."""
    for f in faits.au_consentement:
        if not texte(f, "consentement_retrait"):
            yield (
                _chemin(f, "retrait"),
                "Indiquez comment la personne retire son consentement, aussi simplement qu'elle l'a donné.",
            )


@bloquant(
    "BAS-07",
    "RGPD art. 4(11), considérant 32 ; CJUE 1er octobre 2019, C-673/17",
    M,
    "consentement par une case précochée",
)
def case_precochee(faits: Faits, le: date) -> Trouves:
    """Un consentement recueilli par une case précochée ; une alerte si la fiche ne le dit pas."""
    for f in faits.au_consentement:
        if f.get("consentement_precoche") is True:
            yield (
                _chemin(f, "precoche"),
                "Une case précochée n'est pas un consentement : présentez-la décochée.",
            )
        elif f.get("consentement_precoche") is None:
            yield Trouve(
                _chemin(f, "precoche"),
                "Dites si le consentement est recueilli par une case précochée : ce ne serait pas un consentement.",
                Gravite.ALERTE,
            )


@alerte("BAS-08", "RGPD art. 7(1)", M, "texte du consentement non conservé")
def texte_presente(faits: Faits, le: date) -> Trouves:
    """Un consentement recueilli, sans la version du texte présenté à la personne."""
    for f in faits.au_consentement:
        if not texte(f, "consentement_texte_version"):
            yield (
                _chemin(f, "texte_version"),
                "Conservez le texte présenté à la personne et notez sa version : il prouve ce à quoi elle a consenti.",
            )


@bloquant(
    "BAS-09",
    "RGPD art. 8(1) ; LIL art. 45",
    S,
    "consentement d'un mineur sans autorisation parentale",
    ecartable=True,
)
def consentement_d_un_mineur(faits: Faits, le: date) -> Trouves:
    """Le consentement de mineurs de moins de quinze ans sans autorisation parentale ; une alerte si leur âge n'est pas dit."""
    consentent = faits.au_consentement
    if not consentent:
        return
    lignes = [p for p in faits.liste("personnes") if _mineurs(p)]
    for p in lignes:
        if p.get("moins_de_15_ans") is None:
            yield Trouve(f"personnes[{p['numero']}].moins_de_15_ans", AGE_NON_DIT, Gravite.ALERTE)
    if all(p.get("moins_de_15_ans") is False for p in lignes):
        return
    certain = any(p.get("moins_de_15_ans") is True for p in lignes)
    for f in consentent:
        if not texte(f, "consentement_autorisation_parentale"):
            yield Trouve(
                _chemin(f, "autorisation_parentale"),
                "Avant quinze ans, l'enfant consent à un service en ligne conjointement avec un titulaire de l'autorité "
                "parentale : indiquez comment cet accord est recueilli.",
                None if certain else Gravite.ALERTE,
            )


def _mineurs(personnes: Element) -> bool:
    return personnes.get("categorie") == "MINEURS" or personnes.get("moins_de_15_ans") is True


@bloquant(
    "BAS-13",
    "RGPD art. 4(11), 7(4)",
    P,
    "consentement imposé comme condition",
    ecartable=True,
)
def consentement_impose(faits: Faits, le: date) -> Trouves:
    """Un consentement imposé comme condition d'un contrat ou d'un service ; une alerte si la fiche ne le dit pas."""
    for f in faits.au_consentement:
        if f.get("consentement_conditionne") is True:
            # L'article 7(4) ne vise que ce qui n'est pas nécessaire au contrat : un accord de l'article 9 peut l'être.
            autre_base = f.get("base_legale") not in ("CONSENTEMENT", None, "")
            yield Trouve(
                _chemin(f, "conditionne"),
                "Imposé comme condition, le consentement n'est pas libre : rendez-le facultatif.",
                Gravite.ALERTE if autre_base else None,
            )
        elif f.get("consentement_conditionne") is None:
            yield Trouve(
                _chemin(f, "conditionne"),
                "Dites si le contrat ou le service est subordonné à ce consentement : il ne serait alors pas libre.",
                Gravite.ALERTE,
            )


@alerte("BAS-14", "RGPD art. 4(11), 7(1) et 7(2)", P, "recueil du consentement non décrit")
def recueil_du_consentement(faits: Faits, le: date) -> Trouves:
    """Un consentement dont la fiche ne dit pas où et comment il se recueille."""
    for f in faits.au_consentement:
        if not texte(f, "consentement_recueil"):
            yield (
                _chemin(f, "recueil"),
                "Dites où et comment la personne consent : le geste qu'elle fait, et ce qu'elle lit à ce moment.",
            )


@alerte(
    "BAS-15", "RGPD art. 4(11), 7(2) et 7(3), considérant 32", M, "recueil ou retrait du consentement douteux"
)
def consentement_par_les_mots(faits: Faits, le: date) -> Trouves:
    """Un recueil que la fiche décrit sans acte positif ni choix par finalité, ou un retrait moins simple que l'accord."""
    consentent = faits.au_consentement
    for f in consentent:
        recueil = plier(texte(f, "consentement_recueil"))
        seul = UN_SEUL_ACCORD.search(recueil)
        if seul and (len(consentent) > 1 or POUR_PLUSIEURS_FINS.search(recueil)):
            yield (
                _chemin(f, "recueil"),
                "Un même accord ne vaut pas pour plusieurs finalités : offrez un choix distinct pour chacune.",
            )
        if SANS_ACTE_POSITIF.search(recueil) and not ACTE_DISTINCT.search(recueil):
            yield (
                _chemin(f, "recueil"),
                "Tel que vous le décrivez, ce recueil ne paraît ni positif ni distinct : un silence, une case déjà cochée "
                "ou l'acceptation de conditions générales ne valent pas consentement. Précisez le geste de la personne.",
            )
        if _retrait_malaise(recueil, plier(texte(f, "consentement_retrait"))):
            yield (
                _chemin(f, "retrait"),
                "Le retrait doit être aussi simple que l'accord : dites si la personne consent de la même manière, ou "
                "offrez-lui un moyen plus simple.",
            )


def _retrait_malaise(recueil: str, retrait: str) -> bool:
    """Un retrait par courrier n'étonne que si l'accord, décrit, ne se donne pas aussi sur papier."""
    if RETRAIT_AISE.search(retrait):
        return False
    en_ligne = bool(recueil) and not RECUEIL_PAPIER.search(recueil)
    return bool(RETRAIT_LOURD.search(retrait) or (en_ligne and RETRAIT_POSTAL.search(retrait)))
