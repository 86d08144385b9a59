"""Les libellés d'une fiche : ce qui nomme un bloc, une ligne de ce bloc, une colonne. Le reste est une remarque.

Une ligne n'appartient à un bloc que si son libellé est de ce bloc ; une tête de bloc se reconnaît même réécrite, si elle
n'est suivie que de têtes de colonnes.
"""

import re
from collections.abc import Collection

from registre.echanges.imports.textes import plier

NOMS = {
    "nom du traitement",
    "nom de traitement",
    "nom traitement",
    "nom du traitement de donnees",
    "nom de l activite",
    "nom de l activite de traitement",
    "intitule du traitement",
    "intitule de l activite",
    "intitule",
    "denomination du traitement",
}
REFERENCES = {"n ref", "n reference", "reference", "ref", "numero", "n", "reference du traitement"}
DATES = {
    "date de creation du traitement": "date_creation",
    "date de creation de la fiche": "date_creation",
    "date de creation": "date_creation",
    "mise a jour du traitement": "date_maj",
    "derniere mise a jour de la fiche": "date_maj",
    "derniere mise a jour": "date_maj",
    "date de mise a jour": "date_maj",
    "mise a jour": "date_maj",
    "mise a jour de la fiche": "date_maj",
    "maj": "date_maj",
}
BLOCS = {
    "description du traitement": "description",
    "description": "description",
    "acteurs": "acteurs",
    "finalite s du traitement effectue": "finalites",
    "finalites du traitement effectue": "finalites",
    "finalite du traitement effectue": "finalites",
    "finalites du traitement": "finalites",
    "finalites": "finalites",
    "categories de donnees personnelles concernees": "donnees",
    "categories de donnees personnelles": "donnees",
    "donnees personnelles concernees": "donnees",
    "donnees sensibles": "sensibles",
    "categories de personnes concernees": "personnes",
    "personnes concernees": "personnes",
    "destinataires": "destinataires",
    "categories de destinataires": "destinataires",
    "mesures de securite": "securite",
    "transferts hors ue": "transferts",
    "transferts hors de l ue": "transferts",
    "transferts de donnees hors ue": "transferts",
    "transferts hors union europeenne": "transferts",
    "transferts hors de l union europeenne": "transferts",
}
# Les mots qui suffisent à nommer un bloc quand la ligne n'est suivie que de têtes de colonnes. L'ordre compte.
MOTS_DE_TETE = (
    ("transferts", {"transfert"}),
    ("transferts", {"flux"}),
    ("transferts", {"hors", "ue"}),
    ("sensibles", {"sensible"}),
    ("sensibles", {"particuliere"}),
    ("destinataires", {"destinataire"}),
    ("securite", {"securite"}),
    ("securite", {"mesure"}),
    ("personnes", {"personne"}),
    ("donnees", {"donnee"}),
    ("finalites", {"finalite"}),
    ("finalites", {"objectif"}),
    ("acteurs", {"acteur"}),
)
COLONNES = {
    "nom": "nom",
    "adresse": "adresse",
    "code postal": "code_postal",
    "ville": "ville",
    "pays": "pays",
    "pays de destination": "pays",
    "pays destinataire": "pays",
    "telephone": "telephone",
    "adresse mel": "courriel",
    "adresse mail": "courriel",
    "adresse e mail": "courriel",
    "courriel": "courriel",
    "description": "description",
    "duree de conservation": "duree",
    "durees de conservation": "duree",
    "duree": "duree",
    "precisions": "precisions",
    "precision": "precisions",
    "type de destinataire": "description",
    "type de destinataires": "description",
    "categorie de destinataires": "description",
    "type de mesure de securite": "description",
    "type de mesures de securite": "description",
    "type de mesure": "description",
    "destinataire": "destinataire",
    "destinataires": "destinataire",
    "organisme destinataire": "destinataire",
    "type de garanties": "garantie",
    "type de garantie": "garantie",
    "garanties": "garantie",
    "garantie": "garantie",
    "liens vers la documentation": "document",
    "lien vers la documentation": "document",
    "documentation": "document",
}
# Les colonnes que lit chaque bloc ; une autre colonne, même connue, se garde en remarque.
UTILES = {
    "donnees": {"description", "duree"},
    "sensibles": {"description", "duree"},
    "personnes": {"description", "precisions"},
    "destinataires": {"description", "precisions", "nom"},
    "securite": {"description", "precisions"},
    "transferts": {"destinataire", "pays", "garantie", "document"},
    "acteurs": {"nom", "adresse", "code_postal", "ville", "pays", "telephone", "courriel"},
}
# Sans tête de bloc : la place des colonnes du modèle, comptée depuis celle des libellés.
DEFAUT = {
    "description": {1: "description"},
    "finalites": {1: "description"},
    "donnees": {1: "description", 4: "duree"},
    "sensibles": {1: "description", 4: "duree"},
    "personnes": {1: "description", 4: "precisions"},
    "destinataires": {1: "description", 4: "precisions"},
    "securite": {1: "description", 4: "precisions"},
    "transferts": {1: "destinataire", 2: "pays", 3: "garantie", 5: "document"},
    "acteurs": dict(
        enumerate(("nom", "adresse", "code_postal", "ville", "pays", "telephone", "courriel"), start=1)
    ),
}
ACTEURS = (
    "responsable du traitement",
    "responsable de traitement",
    "delegue a la protection des donnees",
    "dpo",
    "societe du dpo",
    "representant",
    "responsable s conjoint",
    "responsables conjoint",
    "responsable conjoint",
)
# Débuts de libellés : les parenthèses et points de suspension varient d'un fichier à l'autre.
DONNEES = (
    ("etat civil", "ETAT_CIVIL"),
    ("vie personnelle", "VIE_PERSONNELLE"),
    ("vie professionnelle", "VIE_PROFESSIONNELLE"),
    ("informations d ordre economique", "ECONOMIQUE_FINANCIERE"),
    ("donnees de connexion", "CONNEXION"),
    ("donnees de localisation", "LOCALISATION"),
    ("internet cookies", "NAVIGATION"),
    ("internet traceurs", "NAVIGATION"),
    ("numero de securite sociale", "NIR"),
    ("n de securite sociale", "NIR"),
    ("nir", "NIR"),
    ("donnees revelant l origine", "ORIGINE_ETHNIQUE"),
    ("donnees revelant les opinions politiques", "OPINIONS_POLITIQUES"),
    ("donnees revelant les convictions", "CONVICTIONS"),
    ("donnees revelant l appartenance syndicale", "SYNDICAT"),
    ("donnees genetiques", "GENETIQUES"),
    ("donnees biometriques", "BIOMETRIQUES"),
    ("donnees concernant la sante", "SANTE"),
    ("donnees de sante", "SANTE"),
    ("donnees relatives a la sante", "SANTE"),
    ("donnees concernant la vie sexuelle", "VIE_SEXUELLE"),
    ("donnees relatives a des condamnations", "INFRACTIONS"),
    ("donnees d infraction", "INFRACTIONS"),
    ("autres categories", "AUTRES"),
)
# Dans le bloc des données sensibles, un libellé court suffit : ses mots, outils ôtés, sont tous d'une même catégorie.
SENSIBLES = {
    "ORIGINE_ETHNIQUE": {"origine", "ethnique", "raciale", "race", "ethnie"},
    "OPINIONS_POLITIQUES": {"politique"},
    "CONVICTIONS": {"religion", "religieuse", "religieu", "philosophique", "conviction", "croyance", "culte"},
    "SYNDICAT": {"syndicat", "syndicale", "syndical"},
    "GENETIQUES": {"genetique", "adn"},
    "BIOMETRIQUES": {"biometrie", "biometrique"},
    "SANTE": {"sante", "medicale", "medical"},
    "VIE_SEXUELLE": {"sexuelle", "sexualite"},
    "INFRACTIONS": {"infraction", "condamnation", "penale", "casier", "judiciaire"},
}  # fmt: skip
OUTILS = set(
    "de des du d la le les l et ou a au aux en sur donnee information revelant concernant relative relatif portant appartenance "
    "opinion orientation vie etat numero n personnelle traitee sensible categorie particuliere aux fins identifier une "
    "personne physique maniere unique".split()
)
# Les infractions relèvent de l'article 10, le NIR d'un régime propre.
ARTICLE_9 = set(SENSIBLES) - {"INFRACTIONS"}
RANG = r"(?:(?: n)?(?: \d{1,3}){1,3}| [a-z])?"
LIGNES = (
    (re.compile(rf"(?:sous finalite|sous finalites|sous objectif){RANG}"), "finalites"),
    (re.compile(rf"finalites?(?: principales?)?(?: du traitement)?{RANG}"), "finalites"),
    (re.compile(rf"categories? de personnes(?: concernees)?{RANG}|personnes concernees{RANG}"), "personnes"),
    (re.compile(rf"organismes? destinataires?{RANG}|transfert{RANG}"), "transferts"),
    (re.compile(rf"(?:categorie de )?destinataire(?: interne| externe)?{RANG}"), "destinataires"),
    (re.compile(rf"mesures? de securite{RANG}|mesure{RANG}"), "securite"),
)


def nu(libelle: str) -> str:
    """« 1. Description (à compléter) : » → « description » : un libellé numéroté ou annoté reste ce libellé."""
    sans_notes = re.sub(r"\([^()]*\)", " ", re.sub(r"\(s\)", "s", libelle, flags=re.IGNORECASE))
    return re.sub(r"^(?:\d{1,2} )+(?=\D)", "", plier(sans_notes)) or plier(libelle)


def mots(libelle: str) -> list[str]:
    """Les mots du libellé, repliés, au singulier."""
    return [mot[:-1] if len(mot) > 3 and mot[-1] in "sx" else mot for mot in plier(libelle).split()]


def est_nom(libelle: str) -> bool:
    """Ce libellé annonce le nom d'un traitement : une fiche commence là."""
    return re.sub(r" (?:n )?\d{1,3}$", "", nu(libelle)) in NOMS


def est_reference(libelle: str) -> bool:
    return plier(libelle) in REFERENCES or nu(libelle) in REFERENCES


def date_de(libelle: str) -> str | None:
    return DATES.get(nu(libelle))


def bloc_de_tete(libelle: str) -> str | None:
    """Le bloc que ce libellé nomme exactement."""
    return BLOCS.get(plier(libelle)) or BLOCS.get(nu(libelle))


def bloc_devine(libelle: str) -> str | None:
    """Le bloc d'une tête réécrite (« Transferts de données hors UE »). À ne demander que devant des têtes de colonnes."""
    if exact := bloc_de_tete(libelle):
        return exact
    lus = set(mots(libelle))
    return next((bloc for bloc, necessaires in MOTS_DE_TETE if necessaires <= lus), None)


def colonne(tete: str, bloc: str | None, prises: Collection[str]) -> str | None:
    """Le nom d'une colonne dans ce bloc, d'après sa tête ; `prises` : celles que le bloc a déjà."""
    nom = COLONNES.get(plier(tete))
    if bloc == "destinataires" and nom in ("destinataire", "nom"):
        return "nom" if "nom" not in prises else None
    if bloc == "transferts" and nom in ("description", "nom"):
        nom = "destinataire"
    return nom if nom in UTILES.get(bloc or "", ()) and nom not in prises else None


def bloc_de_ligne(libelle: str, courant: str | None) -> str | None:
    """Le bloc auquel appartient une ligne de ce libellé ; `courant` départage ce qui se dit dans deux blocs."""
    cle = nu(libelle)
    if est_nom(libelle) or est_reference(libelle) or date_de(libelle):
        return "description"
    for motif, bloc in LIGNES:
        if motif.fullmatch(cle):
            return "transferts" if bloc == "destinataires" and courant == "transferts" else bloc
    if plier(libelle).startswith(ACTEURS) or cle.startswith(ACTEURS):
        return "acteurs"
    if code := categorie(libelle, courant):
        return "sensibles" if code in SENSIBLES else "donnees"
    return None


def categorie(libelle: str, bloc: str | None) -> str | None:
    """Le code de la catégorie de données que ce libellé nomme ; les formes courtes, dans le bloc sensible seulement."""
    cle = re.sub(r"^(?:\d{1,2} )+(?=\D)", "", plier(libelle))
    for debut, code in DONNEES:
        if cle == debut or cle.startswith(f"{debut} "):
            return code
    return sensible(libelle) if bloc == "sensibles" else None


def sensible(texte: str) -> str | None:
    """« Santé », « Religion », « Données biométriques » → leur catégorie ; `None` si le texte dit autre chose, ou plus."""
    lus = {mot for mot in mots(texte) if mot not in OUTILS}
    return next((code for code, connus in SENSIBLES.items() if lus and lus <= connus), None)


# --- Ce que le modèle écrit lui-même -------------------------------------------------------------------------------------

MODELE = (
    "n ref reference numero",
    "etat civil identite donnees d identification images",
    "vie personnelle habitudes de vie situation familiale etc",
    "vie professionnelle",
    "informations d ordre economique et financier revenus situation financiere situation fiscale etc",
    "donnees de connexion adress adresse adresses ip logs etc",
    "donnees de localisation deplacements donnees gps gsm etc",
    "numero de securite sociale ou nir",
    "donnees biometriques aux fins d identifier une personne physique de maniere unique",
    "donnees concernant la vie sexuelle ou l orientation sexuelle",
    "donnees relatives a des condamnations penales ou infractions",
    "donnees revelant les convictions religieuses ou philosophiques",
    "date de creation du traitement de la fiche mise a jour derniere activite intitule",
    "societe du dpo si celui ci est externe responsable s conjoint s representant delegue protection ue union europeenne",
    "finalite principale sous objectif mesure technique organisationnelle pays tiers flux sortant traite",
)
VOCABULAIRE = {
    mot
    for libelle in (
        *MODELE, *BLOCS, *NOMS, *DATES, *REFERENCES, *COLONNES, *ACTEURS, *(debut for debut, _ in DONNEES), *OUTILS,
        *(mot for connus in SENSIBLES.values() for mot in connus), *(mot for _, cles in MOTS_DE_TETE for mot in cles),
    )
    for mot in mots(libelle)
}  # fmt: skip


def n_ajoute_rien(libelle: str) -> bool:
    """Le libellé d'une ligne reconnue ne dit rien de plus que ce que le modèle écrit : personne ne l'a complété."""
    return all(mot in VOCABULAIRE or mot.isdigit() and len(mot) <= 2 for mot in mots(libelle))
