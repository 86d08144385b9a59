"""Un critère de conservation dit-il quand elle finit ? Il nomme un événement ou un nombre ; sinon il est vague. Pur."""

import re

from organismes.pliage import plier

# Accents, capitales et blancs repliés. Rien de ce qui suit ne borne une conservation, quoi que le reste du critère dise.
SANS_TERME = re.compile(
    r"\billimit|\bindefini|\bsans (?:aucune )?(?:limit|duree|terme)|\ba vie\b|\bperpetu|\beternel|\bpour toujours\b|\bsine die\b"
    r"|\bjamais (?:supprim|efface|purge|detrui)|\bpas (?:de|d') (?:suppression|effacement|purge|limite|terme)|\bsans etre (?:supprim|efface)"
    r"|\bjusqu'a (?:la )?saturation|\btant que (?:l'entreprise|la societe|l'organisme|le systeme) (?:existe|exerce|fonctionne|le permet)"
    r"|\bjusqu'a nouvel ordre\b|\bad vitam\b|\bde facon permanente\b|\bpermanen(?:te|ce)\b|\bduree de vie de (?:l'entreprise|la societe)\b"
)
# Une durée dite « nécessaire », « raisonnable » ou « légale » redit le principe (RGPD art. 5(1)(e)) sans l'appliquer.
PRINCIPE = re.compile(
    r"\bnecessaire|\b(?:in)?utile|\bbesoin|\braisonnable|\bproportionn|\bappropri|\badequat|\breglementa|\bobligations? (?:legale|comptable|fiscale)"
    r"|\b(?:la|les|une) lois?\b|\b(?:duree|delai)s? (?:legal|reglementaire|prevu|applicable|en vigueur|minim|maxim|standard|usuel|habituel)"
    r"|\bprescriptions? (?:legales|reglementaires)\b|\ben fonction d|\bselon (?:les? )?(?:cas|besoin|procedure|politique|usage)"
    r"|\bappreciation\b|\butilite\b|\binteret (?:commercial|economique|pour)|\b(?:sur |selon |au gre de )(?:la |une )?decision"
    r"|\bdecision (?:de la direction|du service|interne)|\bjug(?:e|ee|ees|ent)\b|\bestime\b|\bopportun"
    r"|\bvariable|\bpolitique (?:interne|de conservation)"
)
# Un événement : ce que l'on peut dater, donc ce qui fait partir ou finir un délai.
EVENEMENT = re.compile(
    r"\bfin d(?!(?:e la|e leur|e l'|u) (?:utilite|interet|besoin|leur))|\bfin$|\ba la fin\b|\bau terme\b|\bterme d|\bclotur|\bclore|\bfermetur|\bresili|\bexpir|\bextinction|\bepuis|\becheance|\bsolde\b"
    r"|\breglements?\b(?! (?:general|europeen|ue|interieur|\())|\bpaiement|\brembours|\bretrait|\bdesabonn|\bdesinscri|\bopposition|\bsuppression du compte"
    r"|\bdepart\b|\bdeces\b|\blivraison|\breception\b|\bexecution\b|\bconclusion\b|\bsignature|\bdelais? de prescription|\bprescription de\b"
    r"|\bprescription (?:applicable|legale|civile|penale|commerciale|extinctive|de droit commun)|\bjusqu'a (?:la )?prescription\b"
    r"|\brecouvrement|\bachevement|\bdecision (?:definitive|de justice|du juge|du tribunal|de refus|d'octroi|administrative|passee)|\bjugement|\brestitution|\bremise d|\bannulation|\bdesactivation|\bcessation|\brupture"
    r"|\bderni[er]+e? (?:contact|achat|connexion|commande|activite|echange|visite|utilisation)|\bdissolution|\bradiation|\brenouvellement"
    r"|\bremplacement|\btransaction\b|\btraitement (?:de la|de l'|du|des) (?:demande|commande|reclamation|dossier|retour|candidature)"
    r"|\breponse\b|\bduree (?:de la|de l'|du|d'un) (?:contrat|relation|abonnement|adhesion|garantie|bail|mandat|mission|campagne|jeu|programme"
    r"|procedure|litige|instance|inscription|scolarite|sejour|hebergement)|\bpendant (?:la|l'|le) (?:contrat|relation|abonnement|adhesion"
    r"|garantie|litige|procedure)|\btant que .*\b(?:compte|contrat|abonn|adhesion|adherent|inscri|relation|garantie|litige|procedure|consentement"
    r"|dossier)|\bmajorite\b|\bconsolidation\b"
)
# « Jusqu'à » suivi de ce qui se date ; non « jusqu'à la fin de leur utilité », ni « jusqu'à nouvel ordre ».
JUSQU_A = re.compile(
    r"\bjusqu'(?:au |aux |a (?:la |l'|ce que )?)(?:(?:fin|terme|issue|extinction) (?:de la |du |de l'|des |d'un |d'une ))?"
    r"(?!nouvel|saturation|disparition (?:du|de l[ea']) ?(?:besoin|interet)|utilite|leur|besoin|demande|ce que|que |fin\b|terme\b|interet|accomplissement|realisation|atteinte|obsolescence|finalite"
    r"|objectif|traitement\b|l'interesse|expiration|prescription|duree|delai|decision|elles?\b|ils?\b|on\b|vie\b|plus|necessaire|perpetu|eternel|eternite|infini|indefini|illimit|cela\b|notre\b|votre\b|toute?s?\b|effacement|purge|inutil|d[eu] |des |le |un |ne )"
    r"[a-z]{4,}"
)
NOMBRE = re.compile(
    r"\d|\b(?:un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|treize|quinze|vingt|trente|quarante|soixante|cent)\w*"
    r"(?: \w+)? (?:ans?|annees?|mois|jours?|semaines?|heures?)\b"
)
# Les mots dont aucun, seul ou avec les autres, ne dit quand : un critère qui n'a qu'eux ne dit rien.
GENERIQUES = frozenset(
    "a à au aux avec ce ces cela cet cette d dans de des du elle elles en est et etre il ils j jusqu jusque l la le les leur leurs n ne nos notre "
    "on ou par pas pendant plus pour qu que quelle qui reste restent s sa selon ses si sont sous suivant sur tant temps tout toute toutes tous un une y "
    "actuelle applicable applicables adequate ainsi appropriee appropriees aussi autant besoin besoins bon cas certaine communication conforme "
    "conformement conservation conserve conservee conservees conserver courante courte defaut defini definie definir delai delais determine "
    "determinee determiner different differente differentes donnee donnees droit duree durees entreprise etablissement exigence exigences exigee "
    "finalite finalites fixe fixee fonction generale habituelle historique indeterminee indetermine interne internes juridique juridiques "
    "justifiee justifie legal legale legales legaux legislation limite limitee loi lois long longtemps longue maximale maximum metier metiers minimale "
    "minimum mise moment necessaire necessaires necessite normale norme normes objectif objectifs obligation obligations organisme oeuvre personnelles "
    "periode pertinente possible poursuivi poursuivie poursuivies pratique pratiques preciser precise precisee prevu prevue prevues principe "
    "procedure procedures proportionnee raisonnable realisation accomplissement atteinte reglement rgpd reglementaire reglementaires "
    "reglementation requis requise respect service services societe standard strict stricte strictement suffisante texte textes traitement "
    "traitements type usage usages usuelle utile utiles utilisation utilisees variable variables vigueur voir exploitation politique indique inconnu "
    "inconnue connu connue compter aucun aucune complet complete faut general non protection ulterieurement".split()
)
MOT = re.compile(r"[a-z0-9]+")
# Attendre que la personne le demande n'est pas limiter : l'effacement sur demande (art. 17) s'ajoute au terme, il ne le remplace pas.
SUR_DEMANDE = re.compile(
    r"\bdemandes? (?:de suppression|d'effacement|de la personne|de l'interesse|du client|contraire)|\bne demande pas"
)


def vague(critere: str, chiffre: bool = False) -> bool:
    """Ce critère ne borne-t-il rien ? `chiffre` : un délai l'accompagne ; seul ce qui le contredit est alors vague.

    « Jusqu'à la clôture du compte », « 3 ans après le dernier achat », « délai de prescription » bornent ; « le temps nécessaire »,
    « durée légale », « sans limite » ne bornent pas. Des données anonymes ne sont plus à borner (RGPD considérant 26).
    """
    lu = plier(critere)
    if not lu or "anonym" in lu:
        return False
    if JUSQU_A.search(lu):
        return False  # un événement nommé l'emporte sur les mots qui l'entourent : « jusqu'au retrait de l'exposition permanente »
    if SANS_TERME.search(lu):
        return True
    if NOMBRE.search(lu) or EVENEMENT.search(lu):
        return False
    if chiffre:
        return "tant que necessaire" in lu or "longtemps que necessaire" in lu
    return bool(PRINCIPE.search(lu)) or GENERIQUES.issuperset(MOT.findall(lu))


def sur_demande_seule(critere: str) -> bool:
    """Le seul terme est la demande de la personne : « jusqu'à demande de suppression »."""
    lu = plier(critere)
    trouve = SUR_DEMANDE.search(lu)
    reste = lu.replace(trouve[0], "") if trouve else ""
    return bool(trouve) and not NOMBRE.search(reste) and not EVENEMENT.search(reste)
