"""Prospection : le régime change avec le canal, le public, le secteur et la date."""

from datetime import date

from droit.faits import Element, Faits, codes, texte
from droit.regles.regle import RECOMMANDE, M, P, S, Trouves, alerte, bloquant, conseil, theme

theme("PRO", "Prospection", 40)

ELECTRONIQUES = {"EMAIL_B2C", "SMS_B2C", "RESEAU_SOCIAL_MP"}
VERS_PARTICULIERS = ELECTRONIQUES | {"AUTOMATE_FAX", "TELEPHONE_B2C"}
# CPCE art. L34-5, al. 4 : sans consentement, les cinq à la fois.
CONDITIONS = {
    "analogue_vente": "des coordonnées recueillies auprès de la personne lors d'une vente ou d'une prestation",
    "analogue_meme_societe": "un envoi par la société même qui les a recueillies",
    "analogue_produits_analogues": "des produits ou services analogues à ceux déjà fournis",
    "analogue_opposition_collecte": "l'opposition offerte à la collecte",
    "analogue_opposition_envoi": "l'opposition offerte à chaque envoi",
}
MENTIONS_ART14 = {
    "source": "la source des données",
    "delai_art14": "l'information au premier message et sous un mois",
}
# Ce que le registre a écrit, non ce que la fiche déclare.
HORS_DU_TEXTE = ("ecarts", "reprise", "alertes_lues")
TELEPHONE = date(2026, 8, 11)  # loi n° 2025-594, art. 13


@bloquant(
    "PRO-01",
    "CPCE art. L34-5, al. 1 et 4",
    P,
    "prospection électronique de particuliers sans consentement ni exception",
)
def electronique_sans_consentement(faits: Faits, le: date) -> Trouves:
    """Une prospection électronique de particuliers sans consentement, où manque une des cinq conditions de l'exception."""
    for f in _sans_consentement(faits, ELECTRONIQUES):
        if manquent := [nom for nom in CONDITIONS if f.get(nom) is not True]:
            champ = manquent[0] if f.get("base_legale") == "INTERET_LEGITIME" else "base_legale"
            yield (
                f"finalites[{f['numero']}].{champ}",
                "La prospection électronique d'un particulier suppose son consentement, sauf pour un client à qui la "
                "même société propose des produits ou services analogues. Pour cette exception, il manque : "
                f"{' ; '.join(CONDITIONS[nom] for nom in manquent)}.",
            )


@bloquant("PRO-02", "CPCE art. L34-5, al. 1", P, "automate d'appel ou télécopie sans consentement")
def automate_sans_consentement(faits: Faits, le: date) -> Trouves:
    """Une prospection par automate d'appel ou télécopie, sans consentement."""
    for f in _sans_consentement(faits, {"AUTOMATE_FAX"}):
        yield (
            f"finalites[{f['numero']}].base_legale",
            "L'automate d'appel et la télécopie supposent le consentement de la personne, sans exception.",
        )


@bloquant(
    "PRO-03",
    "C. conso. art. L223-1 (loi n° 2025-594, art. 13)",
    P,
    "appels à des particuliers sans consentement ni contrat en cours",
    depuis=TELEPHONE,
)
def telephone_sans_consentement(faits: Faits, le: date) -> Trouves:
    """Depuis le 11 août 2026, des appels à des consommateurs sans consentement ni contrat en cours."""
    for f in _sans_consentement(faits, {"TELEPHONE_B2C"}):
        if f.get("contrat_en_cours") is not True:
            yield (
                f"finalites[{f['numero']}].canaux",
                "Depuis le 11 août 2026, appeler un consommateur suppose son consentement préalable, sauf si l'appel "
                "se rattache à un contrat en cours.",
            )


@bloquant(
    "PRO-04", "C. conso. art. L223-1, al. 3", P, "consentement aux appels sans preuve", depuis=TELEPHONE
)
def preuve_pour_appeler(faits: Faits, le: date) -> Trouves:
    """Depuis le 11 août 2026, des appels fondés sur un consentement dont rien ne fait la preuve."""
    for f in faits.consenties:
        if _emprunte(f, {"TELEPHONE_B2C"}) and not texte(f, "consentement_preuve"):
            yield (
                f"finalites[{f['numero']}].consentement_preuve",
                "La loi met à votre charge la preuve du consentement aux appels : dites comment elle est gardée.",
            )


@bloquant(
    "PRO-05",
    "C. conso. art. L223-1, L223-8",
    P,
    "prospection interdite : énergie, rénovation ou adaptation du logement",
)
def renovation_du_logement(faits: Faits, le: date) -> Trouves:
    """Une prospection de particuliers, par téléphone ou voie électronique, pour l'énergie, la rénovation ou l'adaptation
    du logement, hors contrat en cours."""
    secteur = faits.organisme.get("secteur") == "ENERGIE_RENOVATION"
    vises = {"RENOVATION_ADAPTATION"} | (VERS_PARTICULIERS if secteur else set())
    for f in faits.finalites_de("prospection"):
        libre = f.get("public") == "B2B" or f.get("contrat_en_cours") is True
        if _emprunte(f, vises) and not libre:
            yield (
                f"finalites[{f['numero']}].canaux",
                "Dans ce secteur, prospecter des particuliers par téléphone ou par voie électronique est interdit, "
                "même avec leur consentement, sauf contrat en cours.",
            )


@bloquant(
    "PRO-06", "RGPD art. 21(2), 21(3) ; C. pénal art. 226-18-1", P, "prospection sans moyen de s'y opposer"
)
def opposition_a_la_prospection(faits: Faits, le: date) -> Trouves:
    """Une prospection sans mécanisme d'opposition, ou sans liste qui fasse durer l'opposition."""
    if not faits.finalites_de("prospection"):
        return
    information = faits.volet("information")
    if not texte(information, "opposition_mecanisme"):
        yield (
            "information.opposition_mecanisme",
            "Dites comment la personne s'oppose à la prospection : ce droit est absolu et s'exerce sans motif.",
        )
    if information.get("liste_opposition") is False:
        yield (
            "information.liste_opposition",
            "Tenez une liste d'opposition : sans elle, l'opposition à la prospection ne dure pas.",
        )


@alerte(
    "PRO-07",
    "CNIL, « La prospection commerciale par courrier électronique »",
    S,
    "courriel professionnel sans rapport établi avec la profession",
)
def objet_professionnel(faits: Faits, le: date) -> Trouves:
    """Un courriel à des professionnels dont l'objet n'est pas dit en rapport avec leur profession."""
    for f in faits.finalites:
        if _emprunte(f, {"EMAIL_B2B"}) and f.get("objet_rapport_profession") is not True:
            yield (
                f"finalites[{f['numero']}].objet_rapport_profession",
                "Confirmez que l'objet du message est en rapport avec la profession de la personne ; sinon, appliquez "
                "le régime des particuliers.",
            )


@alerte("PRO-08", "RGPD art. 14(2)(f), 14(3)", M, "collecte indirecte sans information complète")
def collecte_indirecte(faits: Faits, le: date) -> Trouves:
    """Des données recueillies auprès d'un autre que la personne, sans que l'information en dise la source et le délai."""
    sources = [s for d in faits.donnees() for s in faits.sources_indirectes(d)]
    mentions = codes(faits.volet("information"), "mentions")
    manquent = [quoi for mention, quoi in MENTIONS_ART14.items() if mention not in mentions]
    if sources and manquent:
        yield (
            "information.mentions",
            f"Ces données ne viennent pas de la personne ({faits.citer('sources_donnees', sources)}). Il manque : "
            f"{' ; '.join(manquent)}.",
        )


@alerte("PRO-09", "LIL art. 82 ; CNIL, délibération n° 2026-042", S, "suivi des ouvertures sans consentement")
def suivi_des_ouvertures(faits: Faits, le: date) -> Trouves:
    """Un suivi individuel des ouvertures de courriels, sans consentement."""
    for f in faits.finalites:
        if f.get("suivi_ouverture") is True and f.get("base_legale") != "CONSENTEMENT":
            yield (
                f"finalites[{f['numero']}].suivi_ouverture",
                "Le pixel qui mesure l'ouverture individuelle d'un courriel suppose un consentement, hors exemptions.",
            )


@alerte(
    "PRO-10",
    "CNIL, référentiel 2021-131, § 7",
    S,
    "ouverture d'un courriel comptée comme un contact",
    RECOMMANDE,
)
def ouverture_comptee(faits: Faits, le: date) -> Trouves:
    """Une durée courant du dernier contact du prospect, où l'ouverture d'un courriel compte comme un contact."""
    for k in faits.liste("conservations"):
        depart = k.get("point_depart") == "DERNIER_CONTACT_PROSPECT"
        if depart and k.get("ouverture_vaut_contact") is True:
            yield (
                f"conservations[{k['numero']}].ouverture_vaut_contact",
                "L'ouverture d'un courriel n'est pas un contact émanant du prospect : ne comptez qu'une demande, une "
                "réponse ou un clic.",
            )


@alerte("PRO-11", "CPCE art. L34-5, al. 3", P, "enquête promotionnelle")
def enquete_promotionnelle(faits: Faits, le: date) -> Trouves:
    """Une étude ou une enquête dont le contenu est promotionnel."""
    for f in faits.finalites_de("etude"):
        if f.get("promotionnelle") is True:
            yield (
                f"finalites[{f['numero']}].promotionnelle",
                "Une enquête qui promeut un produit ou un service est une prospection : appliquez-en les règles.",
            )


@conseil(
    "PRO-12",
    "C. conso. art. L223-1 (loi n° 2025-594, art. 13)",
    P,
    "référence dépassée à Bloctel",
    depuis=TELEPHONE,
)
def bloctel(faits: Faits, le: date) -> Trouves:
    """Depuis le 11 août 2026, une fiche qui cite encore Bloctel."""
    for chemin, lu in faits.textes():
        if "bloctel" in lu.casefold() and not chemin.startswith(HORS_DU_TEXTE):
            yield (
                chemin,
                "La référence à Bloctel est dépassée : les appels suivent désormais le régime du consentement.",
            )
            return


def _emprunte(finalite: Element, canaux: set[str]) -> bool:
    return not canaux.isdisjoint(codes(finalite, "canaux"))


def _sans_consentement(faits: Faits, canaux: set[str]) -> list[Element]:
    """Les finalités qui empruntent l'un de ces canaux sans se fonder sur le consentement."""
    return [f for f in faits.finalites if _emprunte(f, canaux) and f.get("base_legale") != "CONSENTEMENT"]
