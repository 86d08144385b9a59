"""Réponses que la fiche dément elle-même : un contrat en cours sans client, des fichiers remis contre paiement et non cédés."""

import re
from datetime import date

from droit.faits import Element, Faits, codes, texte
from droit.regles.regle import M, P, Trouves, alerte
from droit.sollicitations import sans_contrat
from organismes.pliage import plier

PERSONNELLES = (
    r"(?:fichiers? (?:de |d')?(?:clients?|prospects?|adherents?|contacts?|adresses|donateurs|postaux|membres)"
    r"|donnees (?:personnelles|clients?|de (?:nos|vos|leurs) clients)|(?:nos|leurs|les|des|d') ?(?:adresses|coordonnees|contacts|profils)\b"
    r"(?! (?:cartographique|aluminium|ip|mac)))"
)
CONTRE_PAIEMENT = re.compile(r"contre (?:paiement|remuneration)|\bmonetis")
PAYE = re.compile(
    rf"\b(?:vend|loue|echange)\w* {PERSONNELLES}|\b(?:vente|location|echange|revente) (?:de |des |d')?{PERSONNELLES}"
    r"|\blocation de fichiers\b(?! audio| video| son)"
)


SANS_ACHAT = frozenset({"PROSPECTS", "VISITEURS_SITE", "PARTICIPANTS_JEU", "PARRAINES", "ABONNES_LETTRE"})
# Elles servent à joindre la personne ou à prouver son choix, non à la cibler.
POUR_JOINDRE = ("COORDONNEES", "ETAT_CIVIL", "PREUVES_CHOIX")
ECARTE = re.compile(r"\b(?:sans|hors|aucune?s?|pas|jamais|ni|exclu\w*)\b")
PROMOTIONS = re.compile(
    r"\b(?:les|nos|des|de) promotions\b(?! (?:du personnel|internes?|immobilieres?|scolaires?))|\bpromotions? (?:du mois|commerciale|sur les)"
    r"|\b(?:messages?|offres?|contenus?|supports?) promotionnel|\boffres? (?:speciale|exclusive|du mois|promotionnelle|de partenaire)"
    r"|\bnos offres\b|\bpublicitaire"
)


@alerte(
    "PRO-17", "C. conso. art. L223-1, al. 4", P, "contrat en cours déclaré pour des personnes sans contrat"
)
def contrat_sans_client(faits: Faits, le: date) -> Trouves:
    """Une sollicitation dite rattachée à un contrat en cours, dans une fiche qui ne vise que des prospects ou d'anciens clients."""
    if not sans_contrat(faits):
        return
    personnes = sorted(faits.categories_de_personnes)
    for f in faits.finalites:
        if f.get("contrat_en_cours") is True and codes(f, "canaux"):
            yield (
                f"finalites[{f['numero']}].contrat_en_cours",
                "Cette fiche ne vise aucun client dont le contrat est en cours "
                f"({faits.citer('categories_personnes', personnes)}) : un contrat exécuté ou résilié n'est plus en cours. "
                "Corrigez cette réponse, ou les personnes concernées.",
            )


@alerte(
    "CES-14",
    "RGPD art. 5(1)(a), 13(1)(e), 30(1)(d)",
    M,
    "remise de données contre paiement, non dite cession",
)
def cession_tue(faits: Faits, le: date) -> Trouves:
    """Une fiche qui dit ne rien céder, ou n'en dit rien, et dont les mots parlent de données vendues, louées ou échangées."""
    if faits.volet("cession").get("active") is True:
        return
    recus = [plier(lu) for lu in _des_destinataires(faits)]
    vises = [*recus, *(plier(_de_finalite(f)) for f in faits.finalites)]
    if any(map(CONTRE_PAIEMENT.search, recus)) or any(map(PAYE.search, vises)):
        yield (
            "cession.active",
            "La fiche parle de données remises contre paiement, vendues, louées ou échangées, et ne le déclare pas : répondez à cette "
            "question, et décrivez la transmission.",
        )


def _des_destinataires(faits: Faits) -> list[str]:
    recoivent = [r for r in faits.liste("destinataires") if r.get("type") not in ("INTERNE", "SOUS_TRAITANT")]
    return [texte(r, nom) for r in recoivent for nom in ("nom", "precisions")]


def _de_finalite(finalite: Element) -> str:
    return " ".join((texte(finalite, "libelle"), *codes(finalite, "sous_finalites")))


@alerte(
    "PRO-19", "CPCE art. L34-5 ; RGPD art. 5(1)(b), 6(1)(b)", M, "promotion jointe à l'exécution d'un contrat"
)
def promotion_jointe(faits: Faits, le: date) -> Trouves:
    """Une finalité dite d'exécution, sans canal de prospection, dont les mots parlent de promotions ou d'offres commerciales."""
    for f in faits.finalites_de("execution", "avis", "autre"):
        consentie = f.get("base_legale") == "CONSENTEMENT"
        if not consentie and not codes(f, "canaux") and PROMOTIONS.search(plier(_de_finalite(f))):
            yield (
                f"finalites[{f['numero']}].type",
                "Cette finalité parle de promotions ou d'offres commerciales : en faire une prospection à part, avec ses canaux et sa "
                "base légale, ou dire pourquoi ce n'en est pas une.",
            )


@alerte(
    "TRF-14",
    "RGPD art. 30(1)(d) et (e), 30(2)(c), 44",
    M,
    "logiciel d'un pays tiers sans destinataire ni transfert",
    sous_traitant=True,
)
def logiciel_d_un_pays_tiers(faits: Faits, le: date) -> Trouves:
    """Un pays tiers nommé dans les logiciels de la fiche, qu'aucun destinataire ni transfert ne reprend."""
    logiciels = plier(texte(faits.fiche, "logiciels"))
    if not logiciels:
        return
    connus = {faits.pays(r) for r in faits.liste("destinataires")} | {
        x.get("pays") for x in faits.liste("transferts")
    }
    tus = [
        code
        for code, nom in _pays_tiers(faits)
        if code not in connus and nom in logiciels and _entier(nom, logiciels)
    ]
    if tus:
        yield (
            "logiciels",
            f"Les logiciels cités nomment un pays tiers ({faits.citer('pays', tus)}), et aucun destinataire ni transfert ne le reprend : "
            "dites si des données y sont hébergées ou consultées, et décrivez alors le destinataire et le transfert.",
        )


def _pays_tiers(faits: Faits) -> list[tuple[str, str]]:
    """Le code et le nom plié de chaque pays tiers ; lus une fois par jeu de repères."""
    memoire = faits.reperes.memoire
    if "noms des pays tiers" not in memoire:
        memoire["noms des pays tiers"] = [
            (code, plier(str(ligne["libelle"])))
            for code, ligne in faits.reperes.pays.items()
            if ligne.get("statut") == "tiers"
        ]
    noms: list[tuple[str, str]] = memoire["noms des pays tiers"]
    return noms


def _entier(nom: str, logiciels: str) -> bool:
    """Le nom s'y lit en entier, et la phrase ne l'écarte pas (« aucun accès depuis l'Inde »)."""
    trouve = re.search(rf"(?<!\w){re.escape(nom)}(?!\w)", logiciels)
    if trouve is None:
        return False
    proposition = re.split(r"[.,;:()]", logiciels[: trouve.start()])[-1]
    return not ECARTE.search(proposition)


@alerte("PRF-11", "RGPD art. 5(2), 35(4) ; LIL art. 82", M, "profilage que ses données démentent")
def profilage_dementi(faits: Faits, le: date) -> Trouves:
    """Un profilage dit sans traceurs ou sans source externe, et servi par des données lues sur un terminal ou venues d'un autre."""
    profilage = faits.volet("profilage")
    servent = [
        d
        for d in faits.donnees()
        if d.get("categorie") not in POUR_JOINDRE
        and any(f.get("type") == "profilage" for f in faits.finalites_servies(d))
    ]
    if profilage.get("traceurs") is False and any("TERMINAL" in codes(d, "sources") for d in servent):
        yield (
            "profilage.traceurs",
            "Des données lues sur l'appareil de la personne servent ce profilage, dit sans traceurs : corrigez l'une ou l'autre réponse.",
        )
    if profilage.get("sources_tierces") is False and any(faits.sources_indirectes(d) for d in servent):
        yield (
            "profilage.sources_tierces",
            "Des données venues d'un autre que la personne servent ce profilage, dit sans source externe : corrigez l'une ou l'autre "
            "réponse ; une analyse d'impact serait alors requise.",
        )


@alerte(
    "TRF-15",
    "RGPD art. 30(1)(e), 30(2)(c)",
    P,
    "pays qu'une autre réponse dément",
    sous_traitant=True,
)
def transfert_dementi(faits: Faits, le: date) -> Trouves:
    """Un transfert vers un autre pays tiers que celui de son destinataire, ou un destinataire « de pays tiers » qui n'en est pas."""
    destinataires = {r.get("numero"): r for r in faits.liste("destinataires")}
    for x in faits.liste("transferts"):
        pays, ailleurs = texte(x, "pays"), faits.pays(destinataires.get(x.get("destinataire_numero"), {}))
        if ailleurs and pays != ailleurs and faits.reperes.hors_eee(pays, le):
            yield (
                f"transferts[{x['numero']}].pays",
                f"Ce transfert va vers un pays ({faits.reperes.libelle('pays', pays)}), et son destinataire est dans un autre "
                f"({faits.reperes.libelle('pays', ailleurs)}) : corrigez l'un ou l'autre.",
            )
    for r in destinataires.values():
        if r.get("type") == "PAYS_TIERS" and (ou := faits.pays(r)) and not faits.reperes.hors_eee(ou, le):
            yield (
                f"destinataires[{r['numero']}].pays",
                f"Ce destinataire est dit d'un pays tiers, et son pays ne l'est pas ({faits.reperes.libelle('pays', ou)}) : corrigez l'un "
                "ou l'autre.",
            )


@alerte("PRO-20", "CPCE art. L34-5, al. 4", P, "exception des clients invoquée pour qui n'a rien acheté")
def exception_sans_client(faits: Faits, le: date) -> Trouves:
    """L'exception des produits analogues, réservée aux clients, dans une fiche qui ne vise que des prospects ou des visiteurs."""
    personnes = faits.categories_de_personnes
    if not personnes or not personnes <= SANS_ACHAT:
        return
    for f in faits.finalites:
        if f.get("analogue_vente") is True and codes(f, "canaux") and f.get("base_legale") != "CONSENTEMENT":
            yield (
                f"finalites[{f['numero']}].analogue_vente",
                "Les coordonnées sont dites recueillies lors d'une vente, et la fiche ne vise que des personnes qui n'ont rien acheté "
                f"({faits.citer('categories_personnes', sorted(personnes))}) : corrigez l'une ou l'autre réponse.",
            )


@alerte("REG-23", "RGPD art. 30(1)(c)", P, "« autres » personnes ou données, sans précision")
def autres_sans_precision(faits: Faits, le: date) -> Trouves:
    """La catégorie « autres » de personnes ou de données, que rien ne précise."""
    for nom, code, quoi in (("personnes", "AUTRES_PERSONNES", "qui"), ("donnees", "AUTRES", "lesquelles")):
        for e in faits.liste(nom):
            if e.get("categorie") == code and not texte(e, "precisions"):
                yield f"{nom}[{e['numero']}].precisions", f"« Autres » ne décrit rien : dites {quoi}."
