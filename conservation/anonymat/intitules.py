"""Ce qu'un intitulé de colonne annonce : un nom, une adresse, un code de client, une valeur à ne pas déduire, un compte."""

import re
from collections.abc import Iterable

from conservation.anonymat.personnes import sans_accent

MOTS = re.compile(r"[a-z]+")
CHAMEAU = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Ý])")


def _ensemble(mots: str) -> frozenset[str]:
    return frozenset(mots.split())


# Nature → les mots dont un seul suffit. L'ordre tranche : « adresse_mail » est un courriel.
PARLANTS: tuple[tuple[str, frozenset[str]], ...] = (
    (
        "courriel",
        _ensemble("mail mails email emails courriel courriels mel adressemail adresseemail emailaddress"),
    ),
    ("ip", _ensemble("ip ipv ipaddress adresseip")),
    (
        "telephone",
        _ensemble(
            "tel telephone telephones phone mobile portable gsm fax cellphone msisdn numtel numerotelephone"
        ),
    ),
    ("nir", _ensemble("nir nss numss insee_nir secu securitesociale")),
    ("iban", _ensemble("iban rib bic")),
    ("adresse", _ensemble("adresse adresses address addresses adr addr rue voie street adressepostale")),
    ("gps", _ensemble("gps latitude longitude lat lon lng geoloc geolocalisation geopoint")),
    ("plaque", _ensemble("plaque immatriculation immat vin")),
    ("entreprise", _ensemble("siret siren")),
    ("carte", _ensemble("pan numcarte cardnumber cartebancaire")),
    (
        "nom",
        _ensemble(
            "nom noms prenom prenoms name names firstname lastname surname forename patronyme nomprenom nomcomplet fullname "
            "nomclient nomfamille nomdefamille titulaire signataire contact interlocuteur"
        ),
    ),
    (
        "identifiant",
        _ensemble(
            "id ids identifiant identifiants uuid guid uid login username user userid clientid idclient customerid codeclient "
            "numclient numeroclient matricule pseudo pseudonyme pseudonymise cookie deviceid imei idfa gaid gclid fbclid hash empreinte "
            "token passeport passport cni permis"
        ),
    ),
)
GENS = _ensemble(
    "client clients customer customers abonne adherent patient salarie employe agent prospect acheteur contact personne membre usager "
    "carte fidelite commande facture compte dossier order ticket session contrat abonnement adhesion police sinistre reservation"
)
NUMEROS = _ensemble("id n num numero no number code ref reference cle key")
# Un nom de produit, un identifiant de magasin : l'intitulé ne désigne pas une personne.
OBJETS = _ensemble(
    "produit produits product article articles magasin magasins boutique store shop commune ville city region departement pays country "
    "categorie category campagne campaign marque brand fichier file gamme collection segment rayon famille zone canal source "
    "quartier etablissement site service formule offre modele parfum mois semaine jour"
)
# « nb_mails », « email_valide », « type_adresse » : on en parle, on ne la donne pas.
MODIFIANTS = _ensemble(
    "nb nombre count taux part pct type avec sans valide valides optin opt consentement ouvert ouverts open clic domaine"
)
SENSIBLES = _ensemble(
    "maladie maladies sante diagnostic pathologie traitement religion salaire revenu revenus montant panier ca depense depenses "
    "note score opinion syndicat orientation handicap dette impaye impayes solde achat achats amount income"
)
PAS_UNE_VALEUR = _ensemble("id code date jour mois annee heure canal mode lieu type")
COMPTES = _ensemble(
    "n nb nombre effectif effectifs count counts personnes clients inscrits abonnes acheteurs visiteurs population frequence freq "
    "compte comptes nbre total"
)
NAISSANCES = _ensemble(
    "naissance naissances birth birthdate birthday dateofbirth datenaissance ddn dob ne nee"
)
ACTIVITES = _ensemble("activite activites secteur naf ape")
PERSONNES_COMPTEES = _ensemble(
    "personne personnes client cliente clients clientes customer customers inscrit inscrite inscrits inscrites abonne abonnes adherent adherents "
    "acheteur acheteurs visiteur visiteurs visitors users utilisateurs population habitants effectif effectifs individus patient patients "
    "usagers salaries employes agents benevoles membres beneficiaires contacts prospects donateurs femmes hommes enfants adultes eleves etudiants "
    "candidats participants spectateurs lecteurs residents allocataires assures locataires demandeurs people persons passagers voyageurs"
)
# Une même personne en fait plusieurs : cinq passages peuvent être d'une seule.
EVENEMENTS = _ensemble(
    "commande commandes order orders passage passages visite visites visits achat achats vente ventes ticket tickets transaction transactions "
    "paiement paiements appel appels consultation consultations sejour sejours acte actes connexion connexions session sessions clic clics click "
    "clicks vue vues view views impression impressions reservation reservations facture factures colis livraison livraisons retour retours article "
    "articles produit produits ligne lignes rows evenement evenements event events envoi envois message messages mail mails courriel courriels "
    "email emails ouverture ouvertures telechargement telechargements page pages dossier dossiers contrat contrats abonnement abonnements demande "
    "demandes operation operations trajet trajets nuitee nuitees entree entrees hit hits fois frequence freq rendezvous rdv reclamation reclamations"
)
LIAISONS = _ensemble("de des du d la le les l en par of total annee an")
# Un nombre, mais pas de personnes.
PAS_UN_COMPTE = _ensemble(
    "montant ca prix panier points age annee an annees code cp salaire revenu note score km jour mois semaine heure taux part pct "
    "moyenne moyen id euros eur euro solde naissance date quantite poids taille duree"
)
MESURES = _ensemble(
    "montant ca prix panier salaire revenu depense chiffre moyenne taux part pct somme max maximum plus euros eur total quantite volume"
)
MAXIMUMS = _ensemble("max maximum maximale maxi")
RANGS = _ensemble(
    "rang rank semaine semaines week mois month jour jours day annee annees year age heure hour trimestre numeroligne ligne ordre"
)
LIEUX = _ensemble("cp codepostal postal zip zipcode insee commune departement")

# Où cinq chiffres ne sont qu'un code de commune ou un code postal.
TERRITOIRES = _ensemble(
    "commune communes insee zone zones segment segments secteur secteurs quartier quartiers"
)
# Les listes qui n'ont que quelques valeurs.
COURTES = _ensemble(
    "statut etat niveau classe sexe genre civilite csp situation matrimoniale familiale etape saison semestre "
    "trimestre satisfaction nps recommandation reponse continent option"
)

# Ceux qui n'annoncent que des nombres, des dates ou leurs tranches.
CHIFFREES = _ensemble(
    "rang rank semaine semaines week mois month jour jours day date annee annees year age heure hour trimestre tranche tranches anciennete "
    "salaire revenu revenus montant panier ca depense depenses score dette impaye impayes solde amount income tva taxe remise"
)

# De quoi parle une colonne de mots qui ne désigne personne. Sous tout autre intitulé, Registre ne sait pas ce qu'elle porte.
CONNUS = OBJETS | (SENSIBLES - {"note"}) | RANGS | LIEUX
CONNUS |= _ensemble(
    "type domaine villes communes regions arrondissement canton continent langue devise tranche tranches sexe genre civilite profession metier secteur "
    "activite csp statut etat niveau classe groupe couleur matiere ligne univers theme sujet format support appareil navigateur systeme version "
    "medium mode paiement livraison transporteur retour motif raison resultat reponse choix satisfaction nps recommandation periode "
    "date semestre saison anciennete situation matrimoniale familiale foyer logement habitat diplome etude etudes contrat abonnement "
    "option garantie fidelite palier entree sortie origine destination nature objet evenement action etape tva taxe remise promotion "
    "coupon panneau vehicule energie climat meteo academie bassin population unite norme label indicateur"
)


def qualifie(intitule: str) -> bool:
    """L'intitulé dit-il de quoi la colonne parle ?"""
    return not mots(intitule).isdisjoint(CONNUS)


def courte(intitule: str) -> bool:
    """L'intitulé ne parle-t-il que d'une liste courte (« statut », « niveau »), et de rien d'autre de connu ?"""
    lus = mots(intitule) & CONNUS
    return bool(lus) and lus <= COURTES


def chiffree(intitule: str) -> bool:
    """L'intitulé n'annonce-t-il que des nombres (« age », « montant ») ?"""
    lus = mots(intitule) & CONNUS
    return bool(lus) and lus <= CHIFFREES


def mots(intitule: str) -> frozenset[str]:
    """Ses mots, sans accent, sans chiffre ; « DateNaissance » en a deux."""
    return frozenset(MOTS.findall(sans_accent(CHAMEAU.sub(" ", intitule))))


def nature_annoncee(intitule: str) -> str:
    """La nature que l'intitulé annonce ; vide s'il n'annonce rien, ou s'il parle d'un objet ou d'un compte."""
    lus = mots(intitule)
    if lus & MODIFIANTS:
        return ""
    for nature, parlants in PARLANTS:
        if lus & parlants and not (nature in ("nom", "identifiant", "adresse", "gps") and lus & OBJETS):
            return nature
    return "identifiant" if lus & GENS and lus & NUMEROS and not lus & OBJETS else ""


def est_sensible(intitule: str) -> bool:
    return bool(mots(intitule) & SENSIBLES) and not mots(intitule) & PAS_UNE_VALEUR


def compte_des_personnes(intitule: str) -> bool | None:
    """Vrai si l'intitulé dit un compte, faux s'il dit autre chose, `None` s'il ne dit rien."""
    lus = mots(intitule)
    if lus & PAS_UN_COMPTE:
        return False
    return True if lus & COMPTES and unite_comptee(intitule) != "evenements" else None


def unite_comptee(intitule: str) -> str:
    """« personnes », « evenements », ou vide si l'intitulé ne le dit pas ; un compte sans objet (« effectif », « n ») est cru.

    Le premier mot qui le dit tranche : « clients_par_visite » compte des clients, « visites_clients » des visites.
    """
    ordre = MOTS.findall(sans_accent(CHAMEAU.sub(" ", intitule)))
    for mot in ordre:
        if mot in PERSONNES_COMPTEES:
            return "personnes"
        if mot in EVENEMENTS:
            return "evenements"
    return "personnes" if ordre and COMPTES | LIAISONS >= set(ordre) else ""


def parmi(intitule: str, connus: Iterable[str]) -> bool:
    return not mots(intitule).isdisjoint(connus)
