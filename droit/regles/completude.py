"""Complétude : ce que l'article 30 demande à toute fiche et à l'organisme, et la tenue à jour du registre."""

import re
from datetime import date
from re import Pattern

from conservation.durees import Duree, terme
from droit.faits import Element, Faits, codes, jour, texte
from droit.regles.constat import Gravite, Trouve
from droit.regles.regle import ARTICLE_30, ORGANISME, M, P, Trouves, alerte, bloquant, conseil, theme
from organismes.pliage import plier
from traitements.phrases import date_en_mots

theme("REG", "Ce que le registre comporte", 10)

LIBELLE_MIN = 10  # caractères : « divers » ou « gestion » ne disent rien
DELAI_REVUE = 12  # mois, quand l'organisme n'en a pas choisi un autre
SUITES_COMMERCIALES = ("prospection", "profilage", "cession")
# Mots qui, seuls, ne disent rien de ce que l'on fait des données ; « gestion des clients » garde « clients ».
MOTS_VIDES = frozenset(
    (
        "a au aux avec ce ces cette ci d dans de des du en et l la le les leur leurs lie lies liee liees ne nos notre ou par "
        "pour que qui sa se ses son sur un une votre vos y autre autres divers diverse diverses general generale generales "
        "generaux interne internes propre propres courant courante courants courantes "
        "action actions activite activites administratif administrative administration amelioration ameliorer besoin besoins bien bon bonne but buts commercial commerciale commerciales communication continu continue "
        "efficacite ensemble global globale globales pilotage performance relation relations relationnel "
        "cadre caractere collecte collecter donnee donnees effectuer entreprise etablissement exercice experience exploitation "
        "exploiter faire fichier fichiers fin fins finalite finalites fonctionnement gerer gestion information informations metier "
        "metiers mise mission missions necessaire necessaires objectif objectifs oeuvre operation operations optimisation "
        "optimiser organisation organisme personnelle personnelles qualite realiser service services "
        "societe structure suivi suivre systeme systemes tache taches tenue traitement traitements traiter usage usages "
        "utilisateur utilisation utiliser"
    ).split()
)
VIDES_OU_ADJECTIF = MOTS_VIDES | {
    "personnel"
}  # « données à caractère personnel », mais « paie du personnel »
# « … et actions diverses » : le reste de la finalité ne se sait pas.
FOURRE_TOUT: Pattern[str] = re.compile(
    r"\b(?:actions?|activites?|operations?|besoins?|fins?|finalites?|usages?|taches?|sujets?|demarches?) divers(?:es)?\b|\bet divers(?:es)?\b|\betc\b"
)
MOT: Pattern[str] = re.compile(r"[^\W_]+")
# Qui reçoit au-dehors se nomme : le contrat, la qualité et le pays en dépendent.
AU_DEHORS = (
    "SOUS_TRAITANT",
    "PARTENAIRE",
    "RESPONSABLE_CONJOINT",
    "PAYS_TIERS",
    "AUTRE_DESTINATAIRE",
    "TIERS_AUTORISE",
)


@bloquant(
    "REG-01",
    "RGPD art. 30(1)(a)",
    M,
    "identité ou coordonnées de l'organisme incomplètes",
    ARTICLE_30,
    portee=ORGANISME,
)
def identite_de_l_organisme(faits: Faits, le: date) -> Trouves:
    """Un organisme sans raison sociale, sans adresse, ou sans courriel ni téléphone."""
    if not texte(faits.organisme, "raison_sociale"):
        yield (
            "organisme.raison_sociale",
            "Indiquez le nom du responsable du traitement : le registre le comporte.",
        )
    if not texte(faits.organisme, "adresse"):
        yield (
            "organisme.adresse",
            "Indiquez l'adresse du responsable du traitement : le registre la comporte.",
        )
    if not (texte(faits.organisme, "courriel") or texte(faits.organisme, "telephone")):
        yield (
            "organisme.courriel",
            "Indiquez une adresse électronique ou un téléphone où joindre le responsable.",
        )


@bloquant("REG-02", "RGPD art. 5(1)(b), 30(1)(b)", P, "finalité absente ou incompréhensible", ARTICLE_30)
def finalite_comprehensible(faits: Faits, le: date) -> Trouves:
    """Aucune finalité, ou une finalité non décrite ; une alerte si elle l'est en moins de dix caractères ou en mots vides."""
    if not faits.finalites:
        yield "finalites", "Indiquez au moins une finalité que la personne concernée comprendrait."
    for f in faits.finalites:
        if trouve := _doute_sur_le_libelle(f, texte(f, "libelle")):
            yield trouve


def _doute_sur_le_libelle(f: Element, libelle: str) -> Trouve | None:
    chemin = f"finalites[{f['numero']}].libelle"
    if not libelle:
        return Trouve(
            chemin, "Cette finalité n'est pas décrite : dites ce que l'on fait des données, et pourquoi."
        )
    vide, court = _ne_dit_rien(libelle), len(libelle) < LIBELLE_MIN
    if vide and court:
        return Trouve(
            chemin, f"« {libelle} » ne suffit pas : dites ce que l'on fait des données, et pourquoi."
        )
    if court or ((vide or FOURRE_TOUT.search(plier(libelle))) and not codes(f, "sous_finalites")):
        return Trouve(
            chemin,
            f"« {libelle} » ne dit pas à la personne ce que l'on fait de ses données, ni pourquoi : précisez-le.",
            Gravite.ALERTE,
        )
    return None


def _ne_dit_rien(libelle: str) -> bool:
    if any(
        mot.isascii() and mot.isalpha() and mot not in VIDES_OU_ADJECTIF for mot in libelle.lower().split()
    ):
        return False  # le plus souvent, un mot suffit à le dire, sans rien plier
    return all(mot in MOTS_VIDES for mot in MOT.findall(plier(libelle).replace("caractere personnel", "")))


@bloquant("REG-03", "RGPD art. 30(1)(c)", P, "personnes ou données non décrites", ARTICLE_30)
def personnes_et_donnees(faits: Faits, le: date) -> Trouves:
    """Aucune catégorie de personnes concernées ou de données, ou une ligne qui n'en nomme pas."""
    for nom, quoi in (("personnes", "les personnes concernées"), ("donnees", "les données traitées")):
        if not faits.liste(nom):
            yield nom, f"Décrivez {quoi}, catégorie par catégorie."
        for ligne in faits.liste(nom):
            if not texte(ligne, "categorie"):
                yield (
                    f"{nom}[{ligne['numero']}].categorie",
                    f"Dites la catégorie que cette ligne décrit parmi {quoi}.",
                )


@bloquant("REG-04", "RGPD art. 30(1)(d)", M, "aucun destinataire", ARTICLE_30)
def destinataires(faits: Faits, le: date) -> Trouves:
    """Aucun destinataire, pas même un service interne."""
    if not faits.liste("destinataires"):
        yield "destinataires", "Indiquez au moins un destinataire : service interne, sous-traitant ou tiers."


@alerte(
    "REG-05",
    "RGPD art. 30(1)(g), 30(2)(d), 32",
    M,
    "mesures de sécurité non décrites",
    ARTICLE_30,
    sous_traitant=True,
)
def mesures_de_securite(faits: Faits, le: date) -> Trouves:
    """Aucune mesure de sécurité décrite ni reprise de l'organisme, et aucune raison donnée de cette absence."""
    heritees = faits.fiche.get("securite_heritee") and faits.organisme.get("mesures")
    if not (faits.liste("mesures") or heritees or texte(faits.fiche, "securite_justification")):
        yield (
            "mesures",
            "Décrivez les mesures de sécurité en termes généraux, reprenez celles de l'organisme, "
            "ou expliquez pourquoi ce n'est pas possible.",
        )


@alerte("REG-09", "RGPD art. 5(2), 24(1)", M, "revue dépassée", sous_traitant=True)
def revue_depassee(faits: Faits, le: date) -> Trouves:
    """Une date de prochaine revue passée."""
    prevue = jour(faits.fiche, "date_prochaine_revue")
    if prevue and prevue < le:
        yield (
            "date_prochaine_revue",
            f"La revue prévue le {date_en_mots(prevue)} est dépassée : relisez la fiche et fixez la prochaine échéance.",
        )


@conseil(
    "REG-10",
    "CNIL, page « Le registre des activités de traitement »",
    P,
    "ni mise à jour ni revue dans le délai de revue",
    sous_traitant=True,
)
def fiche_ancienne(faits: Faits, le: date) -> Trouves:
    """Une fiche en service que personne n'a modifiée ni revue depuis plus longtemps que le délai de revue."""
    dates = [d for nom in ("date_maj", "date_derniere_revue") if (d := jour(faits.fiche, nom))]
    delai = _delai_revue(faits)
    if faits.actif(le) and dates and terme(max(dates), Duree(delai, "mois")) < le:
        yield (
            "date_derniere_revue",
            f"Cette fiche n'a pas changé depuis plus de {delai} mois : confirmez qu'elle reflète encore la réalité.",
        )


def _delai_revue(faits: Faits) -> int:
    delai = faits.organisme.get("delai_revue_mois")
    return delai if isinstance(delai, int) and delai > 0 else DELAI_REVUE


@conseil(
    "REG-11",
    "RGPD art. 5(1)(b) ; pratique de la CNIL",
    M,
    "exécution d'un contrat et suites commerciales dans une même fiche",
)
def fiche_a_scinder(faits: Faits, le: date) -> Trouves:
    """Une fiche qui mêle l'exécution d'un contrat à la prospection, au profilage ou à la cession."""
    if faits.finalites_de("execution") and faits.finalites_de(*SUITES_COMMERCIALES):
        yield (
            "finalites",
            "Envisagez de scinder cette fiche : l'exécution du contrat et ses suites commerciales n'ont ni les mêmes "
            "bases légales, ni les mêmes durées, ni les mêmes droits.",
        )


@bloquant(
    "REG-13",
    "RGPD art. 30(2), 30(5)",
    M,
    "registre du sous-traitant vide",
    ARTICLE_30,
    portee=ORGANISME,
    ecartable=True,
)
def second_registre(faits: Faits, le: date) -> Trouves:
    """Un organisme qui agit aussi comme sous-traitant et ne tient aucune fiche du registre de l'article 30(2)."""
    if faits.organisme.get("est_sous_traitant") is True and faits.fiches_sous_traitant == 0:
        yield (
            "organisme.est_sous_traitant",
            "Vous agissez aussi comme sous-traitant : tenez le second registre, celui de l'article 30(2).",
        )


@bloquant(
    "REG-14",
    "RGPD art. 30(2)(a), 30(2)(b)",
    M,
    "client ou catégories de traitements non indiqués",
    ARTICLE_30,
    sous_traitant=True,
)
def clients_du_sous_traitant(faits: Faits, le: date) -> Trouves:
    """Une fiche de sous-traitance qui ne nomme aucun client, ou ne dit pas ce qui est fait pour l'un d'eux.

    Le catalogue des contrôles ne vise que le registre de l'article 30(1) ; celui de l'article 30(2) l'exige aussi.
    """
    if not faits.du_sous_traitant:
        return
    if not faits.liste("clients"):
        yield "clients", "Nommez chaque responsable pour le compte duquel vous agissez."
    for c in faits.liste("clients"):
        if not texte(c, "categories_traitements"):
            yield (
                f"clients[{c['numero']}].categories_traitements",
                "Dites quelles catégories de traitements vous menez pour ce client.",
            )


@alerte("REG-21", "RGPD art. 5(1)(b), 30(1)(b)", P, "finalité dont la nature n'est pas dite", ARTICLE_30)
def nature_de_la_finalite(faits: Faits, le: date) -> Trouves:
    """Une finalité dont la nature n'est pas choisie : les règles propres à la prospection, au profilage ou à la cession
    ne peuvent pas la lire."""
    for f in faits.finalites:
        if not texte(f, "type"):
            yield (
                f"finalites[{f['numero']}].type",
                "Dites la nature de cette finalité (exécution, prospection, profilage…) : les règles qui s'y appliquent en "
                "dépendent.",
            )


@alerte("REG-22", "RGPD art. 13(1)(e), 28(3), 30(1)(d)", P, "destinataire que rien ne désigne", ARTICLE_30)
def destinataires_designes(faits: Faits, le: date) -> Trouves:
    """Un destinataire sans type, ou un destinataire extérieur sans nom ni précision."""
    for d in faits.liste("destinataires"):
        nature = texte(d, "type")
        if not nature:
            yield (
                f"destinataires[{d['numero']}].type",
                "Dites à quel titre ce destinataire reçoit les données : service interne, sous-traitant ou partenaire.",
            )
        elif nature in AU_DEHORS and not any(texte(d, nom) for nom in ("nom", "tiers", "precisions")):
            yield (
                f"destinataires[{d['numero']}].nom",
                "Nommez ce destinataire, ou décrivez sa catégorie : son contrat et le lieu des données en dépendent.",
            )
