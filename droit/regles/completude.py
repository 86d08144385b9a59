"""Complétude : ce que l'article 30 demande à toute fiche et à l'organisme, et la tenue à jour du registre."""

from datetime import date

from conservation.durees import Duree, terme
from droit.faits import RIEN, Faits, jour, texte
from droit.regles.regle import ARTICLE_30, ORGANISME, M, P, S, Trouves, alerte, bloquant, conseil, theme
from traitements.phrases import date_en_mots

theme("REG", "Ce que le registre comporte", 10)

LIBELLE_MIN = 10  # caractères : « divers » ou « gestion » ne disent rien
DELAI_REVUE = 12  # mois, quand l'organisme n'en a pas choisi un autre
SUITES_COMMERCIALES = ("prospection", "profilage", "cession")
FAMILLES_CLIENTS = ("clients", "fidelite", "impayes")
PERSONNES_CLIENTES = ("CLIENTS", "ANCIENS_CLIENTS", "ADHERENTS_FIDELITE")
CRITERE_EN_VIGUEUR = "risque_non_occasionnel_sensible"


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


@bloquant("REG-02", "RGPD art. 30(1)(b), 5(1)(b)", M, "finalité absente ou incompréhensible", ARTICLE_30)
def finalite_comprehensible(faits: Faits, le: date) -> Trouves:
    """Aucune finalité, ou une finalité dite en moins de dix caractères."""
    if not faits.finalites:
        yield "finalites", "Indiquez au moins une finalité que la personne concernée comprendrait."
    for f in faits.finalites:
        libelle = texte(f, "libelle")
        if len(libelle) < LIBELLE_MIN:
            lu = f"« {libelle} » ne suffit pas" if libelle else "Cette finalité n'est pas décrite"
            yield (
                f"finalites[{f['numero']}].libelle",
                f"{lu} : dites ce que l'on fait des données, et pourquoi.",
            )


@bloquant("REG-03", "RGPD art. 30(1)(c)", M, "personnes ou données non décrites", ARTICLE_30)
def personnes_et_donnees(faits: Faits, le: date) -> Trouves:
    """Aucune catégorie de personnes concernées, ou aucune catégorie de données."""
    for nom, quoi in (("personnes", "les personnes concernées"), ("donnees", "les données traitées")):
        if not faits.liste(nom):
            yield nom, f"Décrivez {quoi}, catégorie par catégorie."


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


@bloquant(
    "REG-06",
    "RGPD art. 30(1)(a), 27",
    M,
    "représentant dans l'Union non désigné",
    ARTICLE_30,
    ecartable=True,
    portee=ORGANISME,
)
def representant_dans_l_union(faits: Faits, le: date) -> Trouves:
    """Un organisme établi hors de l'Union, sans représentant ni exception de l'article 27(2) invoquée."""
    o = faits.organisme
    designe = texte(o, "representant_ue_nom") or texte(o, "representant_ue_exception")
    if o.get("etabli_ue") is False and not designe:
        yield (
            "organisme.representant_ue_nom",
            "Établi hors de l'Union, vous désignez un représentant dans l'Union et l'inscrivez au registre, "
            "sauf exception de l'article 27(2) que vous justifiez.",
        )


@alerte(
    "REG-07",
    "RGPD art. 30(1)(a), 37(1)",
    M,
    "délégué obligatoire, mais non inscrit",
    ARTICLE_30,
    portee=ORGANISME,
)
def delegue_inscrit(faits: Faits, le: date) -> Trouves:
    """Un organisme qui doit désigner un délégué à la protection des données et n'en inscrit aucun."""
    if faits.organisme.get("dpo_obligatoire") is True and not texte(faits.organisme, "dpo_nom"):
        yield (
            "organisme.dpo_nom",
            "Vous indiquez que la désignation d'un délégué est obligatoire : inscrivez son nom et ses coordonnées.",
        )


@alerte("REG-08", "RGPD art. 26", M, "responsabilité conjointe sans accord")
def accord_entre_responsables(faits: Faits, le: date) -> Trouves:
    """Une responsabilité conjointe déclarée sans l'accord qui répartit les obligations."""
    if faits.liste("responsables_conjoints") and not texte(faits.fiche, "accord_art26"):
        yield (
            "accord_art26",
            "La responsabilité conjointe est déclarée sans accord : indiquez-en la référence ou les grandes lignes.",
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


@alerte(
    "REG-12",
    "RGPD art. 30(5) ; G29, position du 19 avril 2018",
    S,
    "dérogation de l'article 30(5) invoquée pour un fichier de clients",
    ARTICLE_30,
)
def derogation_sans_effet(faits: Faits, le: date) -> Trouves:
    """La dérogation de l'article 30(5) invoquée par l'organisme, pour une fiche de gestion de clients."""
    regime = faits.reperes.parametre("derogation_30_5") or RIEN
    habituel = regime.get("critere", CRITERE_EN_VIGUEUR) == CRITERE_EN_VIGUEUR
    if habituel and faits.organisme.get("derogation_30_5") is True and _gere_des_clients(faits):
        yield (
            "organisme.derogation_30_5",
            "La dérogation des petits effectifs ne couvre pas un traitement habituel : un fichier de clients "
            "s'inscrit au registre.",
        )


def _gere_des_clients(faits: Faits) -> bool:
    clientes = any(texte(p, "categorie") in PERSONNES_CLIENTES for p in faits.liste("personnes"))
    return texte(faits.fiche, "famille") in FAMILLES_CLIENTS or clientes


@bloquant("REG-13", "RGPD art. 30(2)", M, "registre du sous-traitant vide", ARTICLE_30, portee=ORGANISME)
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
