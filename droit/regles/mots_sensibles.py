"""Ce que les mots d'une donnée laissent voir : santé, religion, infractions ou numéro de sécurité sociale sous une autre
catégorie. Un mot ne prouve rien : il fait poser la question."""

import re
from datetime import date
from re import Pattern

from droit.faits import Faits, texte
from droit.regles.regle import P, Trouves, alerte, theme
from organismes.pliage import plier

theme("DON", "Ce que les mots d'une donnée laissent voir", 35)

# Attribut de la catégorie qu'il faudrait → mots qui la font soupçonner, une fois pliés, et ce qu'il faut se demander.
SOUPCONS: dict[str, tuple[Pattern[str], str]] = {
    "sensible": (
        re.compile(
            r"\b(?:etat|etats|donnees?|questionnaires?|informations?|problemes?) (?:de |sur la )?sante\b"
            r"|\b(?:dossiers?|certificats?|antecedents?|traitements?|suivi) medica(?:l|ux)\b|\bmedicaments?\b"
            r"|\bmaladies? (?:chronique|professionnelle|grave|declaree)|\barrets? (?:de travail|maladie)\b|\bpatholog"
            r"|\bhandicap(?! de (?:golf|jeu))|\bdiabet(?:e|ique)s?\b|\bfauteuils? roulants?\b|\bsans gluten\b|\bintolerances? (?:alimentaire|au )|\bmobilite reduite\b|\bpmr\b|\brqth\b|\ballergi|\bgrossesse|\bfemmes? enceintes?|\bgroupe sanguin|\bregimes? alimentaires?\b"
            r"|\b(?:religion|religieu)|\bconfession(?:nel|s)?\b|\bcasher\b|\bkasher\b|\bhalal\b|\bopinions? politiques?\b"
            r"|\b(?:appartenance|adhesion|mandat|affiliation) syndica|\b(?:orientation|vie) sexuelle\b"
            r"|\borigines? (?:ethnique|raciale)|\bbiometri|\bempreintes? digitales?\b|\breconnaissance faciale\b"
            r"|\bgenetique|\badn\b"
        ),
        "relèvent de l'article 9 : si c'est le cas, décrivez-les à part, avec l'exception qui permet de les traiter",
    ),
    "infraction": (
        re.compile(
            r"\bcasiers? judiciaires?\b|\bcondamnations?(?: penales?)?\b(?! aux depens)|\binfractions?\b|\bdepots? de plainte"
            r"|\bmains? courantes?\b|\bvols? (?:commis|constate|a l'etalage)|\bmesures? de surete"
        ),
        "sont relatives à des infractions : si c'est le cas, décrivez-les à part, avec le titre qui permet de les traiter",
    ),
    "nir": (
        re.compile(
            r"\bn(?:umero|°|o)\.? (?:de )?(?:securite sociale|secu\b)|\bnir\b|\bcartes? vitale"
            r"|\bnumero d'inscription au repertoire"
        ),
        "comportent le numéro de sécurité sociale : si c'est le cas, décrivez-le à part ; peu de textes en permettent l'usage",
    ),
}
# L'écart peut suivre le mot (« le numéro n'est pas demandé ») ; et l'animal n'a pas de données personnelles.
APRES: Pattern[str] = re.compile(r"[^.;,]{0,20}\b(?:n'est pas|ne sont pas|non demande|jamais|interdi|exclu)")
ANIMAL: Pattern[str] = re.compile(r"\banima(?:l|ux)\b|\bchiens?\b|\bchats?\b|\bbovin|\bchevaux\b|\bcheptel")
# Sans l'un d'eux, aucun de ces mots ne s'y trouve : la plupart des fiches s'arrêtent là (un essai le tient).
RADICAUX = tuple(
    "sante medica maladie arret patholog handicap diabet roulant gluten intoleran mobilite pmr rqth allergi grossesse enceinte groupe regime "
    "religi confession casher kasher halal opinion syndica sexuelle origine biometri empreinte faciale geneti adn "
    "judiciaire condamnation infraction plainte courante vol surete secu nir vitale inscription".split()
)
ECARTE: Pattern[str] = re.compile(
    r"\b(?:sans|hors|aucune?s?|pas d[e']|ni|jamais|a l'exclusion|a l'exception|exclu\w*|interdi\w*)\b"
)


@alerte(
    "DON-01",
    "RGPD art. 9(1), 10, 87",
    P,
    "donnée sensible, d'infraction ou numéro de sécurité sociale peut-être tus",
)
def sensible_sous_une_autre_categorie(faits: Faits, le: date) -> Trouves:
    """Une donnée dont les mots évoquent la santé, la religion, une infraction ou le numéro de sécurité sociale, sans que la
    fiche en décrive la catégorie."""
    dites = [(d, dit, plier(dit)) for d in faits.liste("donnees") if (dit := texte(d, "precisions"))]
    ensemble = " / ".join([plie for _, _, plie in dites])
    if not any(radical in ensemble for radical in RADICAUX):
        return
    for attribut, (motif, question) in SOUPCONS.items():
        if faits.donnees(attribut):
            continue
        for d, dit, plie in dites:
            if mot := _mot_qui_l_evoque(motif, dit, plie):
                yield (
                    f"donnees[{d['numero']}].precisions",
                    f"Vous citez « {mot} » : dites si ces données {question}.",
                )


def _mot_qui_l_evoque(motif: Pattern[str], dit: str, plie: str) -> str:
    """Le mot, tel qu'il est écrit ; vide si la phrase l'écarte (« sans donnée de santé »)."""
    trouve = motif.search(plie)
    if trouve is None or ECARTE.search(plie[max(0, trouve.start() - 40) : trouve.start()]):
        return ""
    if APRES.match(plie[trouve.end() : trouve.end() + 40]) or ANIMAL.search(
        plie[max(0, trouve.start() - 40) : trouve.end() + 40]
    ):
        return ""
    return _tel_qu_ecrit(dit, plie, trouve.start(), trouve.end())


def _tel_qu_ecrit(dit: str, plie: str, debut: int, fin: int) -> str:
    """Le pliage garde l'ordre des mots : le mot de même rang dans le texte d'origine."""
    while fin < len(plie) and plie[fin].isalpha():
        fin += 1
    premier, dernier = plie[:debut].count(" "), plie[:fin].count(" ")
    return " ".join(dit.split()[premier : dernier + 1]).strip(" ,;.:()«»")
