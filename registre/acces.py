"""Qui peut ouvrir quelle route. Une route absente de cette table ne répond à personne.

`PUBLIC` : sans connexion. `CONNECTE` : toute personne connectée, pour ses propres affaires. Sinon, le droit exigé
dans l'organisme actif (`organismes.droits`). `lister_urls` lit cette table ; un test la compare aux routes.
"""

from organismes.droits import Droit
from registre.echanges.exports import routes as routes_d_export

PUBLIC, CONNECTE = "public", "connecte"

LECTURE = {
    "registre": {"GET": Droit.LIRE},
    "fiche": {"GET": Droit.LIRE},
    "historique": {"GET": Droit.LIRE},
    "information": {"GET": Droit.LIRE},
    "information_txt": {"GET": Droit.TELECHARGER},
    "organisme": {"GET": Droit.LIRE},
    "tiers": {"GET": Droit.LIRE},
    "fusion_tiers": Droit.VALIDER_FICHE,  # elle change des fiches validées sans les rouvrir
    "journal": {"GET": Droit.LIRE},
    "conservation": {"GET": Droit.LIRE},
    "echeancier_csv": {"GET": Droit.TELECHARGER},
    "agenda": Droit.MODIFIER_FICHE,  # qui exécute les durées ; direction et auditeurs n'écrivent rien
    "operations": {"GET": Droit.LIRE},
    "operation_nouvelle": Droit.MODIFIER_FICHE,
    "releve_nouveau": Droit.MODIFIER_FICHE,
    "operation": {"GET": Droit.LIRE},
    "operation_pv": {"GET": Droit.TELECHARGER},
    "operation_preuve": {"GET": Droit.TELECHARGER},
    "epreuves": {"GET": Droit.LIRE},
    "epreuve_nouvelle": Droit.MODIFIER_FICHE,
    "epreuve": {"GET": Droit.LIRE},
    "epreuve_pdf": {"GET": Droit.TELECHARGER},
    "durees": {"GET": Droit.LIRE},
    "durees_csv": {"GET": Droit.TELECHARGER},
    "regles": {"GET": Droit.LIRE},
    "modeles": {"GET": Droit.LIRE},
    "modele": {"GET": Droit.LIRE, "POST": Droit.MODIFIER_FICHE},
    "a_relire": {"GET": Droit.LIRE},
    "relue": {"POST": Droit.MODIFIER_FICHE},
    "traiter_remarque": {"POST": Droit.MODIFIER_FICHE},
    "traiter_remarque_organisme": {"POST": Droit.MODIFIER_ORGANISME},
    "etat": Droit.VALIDER_FICHE,
    "ecarter": Droit.VALIDER_FICHE,
    "lever_ecart": {"POST": Droit.VALIDER_FICHE},
    **{nom: {"GET": Droit.TELECHARGER} for nom in routes_d_export()},
}
# Ce qui ne tient pas à l'organisme actif : un envoi de ces pages vaut quel qu'il soit.
COMPTE = {
    # L'accueil de chacun : tableau de bord, gestion, ou ce qui manque pour entrer.
    "tableau": {"GET": CONNECTE},
    "sante": {"GET": PUBLIC},
    "agenda_ics": {"GET": PUBLIC},  # le jeton de l'adresse tient lieu de connexion
    "compte": {"GET": CONNECTE},
    "choisir_organisme": CONNECTE,
    "brouillon_garder": {"POST": CONNECTE},  # les siens seuls, quel que soit l'organisme actif
    "brouillon_jeter": {"POST": CONNECTE},
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_signup": PUBLIC,  # fermée : la page le dit
    "account_inactive": PUBLIC,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "account_change_password": CONNECTE,
    "account_set_password": CONNECTE,
    "account_reauthenticate": CONNECTE,
}
API = {
    "api:fiches-list": {"GET": Droit.LIRE, "POST": Droit.MODIFIER_FICHE},
    "api:fiches-detail": {"GET": Droit.LIRE, "PUT": Droit.MODIFIER_FICHE, "PATCH": Droit.MODIFIER_FICHE},
    "api:organismes-list": {"GET": Droit.LIRE},
    "api:organismes-detail": {"GET": Droit.LIRE, "PATCH": Droit.MODIFIER_ORGANISME},
    "api:tiers-list": {"GET": Droit.LIRE, "POST": Droit.MODIFIER_TIERS},
    "api:tiers-detail": {"GET": Droit.LIRE, "PUT": Droit.MODIFIER_TIERS, "PATCH": Droit.MODIFIER_TIERS},
    "api:referentiels-list": {"GET": Droit.LIRE},
    "api:referentiels-detail": {"GET": Droit.LIRE},
    "api:schema": {"GET": Droit.LIRE},
}
GESTION = {
    "admin:index": {"GET": (Droit.LIRE, Droit.ADMINISTRER)},
    "admin:traitements_traitement_changelist": {"GET": Droit.LIRE},
    "admin:traitements_traitement_add": Droit.MODIFIER_FICHE,
    "admin:traitements_traitement_change": Droit.MODIFIER_FICHE,
    "admin:traitements_traitement_delete": Droit.MODIFIER_FICHE,  # puis `suppression.empechements`
    "admin:organismes_tiers_changelist": {"GET": Droit.LIRE},
    "admin:organismes_tiers_add": Droit.MODIFIER_TIERS,
    "admin:organismes_tiers_change": Droit.MODIFIER_TIERS,
    "admin:organismes_tiers_delete": Droit.MODIFIER_TIERS,
    "admin:organismes_organisme_changelist": {"GET": (Droit.LIRE, Droit.ADMINISTRER)},
    "admin:organismes_organisme_add": Droit.ADMINISTRER,
    "admin:organismes_organisme_change": (Droit.MODIFIER_ORGANISME, Droit.ADMINISTRER),
    "admin:organismes_utilisateur_changelist": {"GET": Droit.ADMINISTRER},
    "admin:organismes_utilisateur_add": Droit.ADMINISTRER,
    "admin:organismes_utilisateur_change": Droit.ADMINISTRER,
    "admin:organismes_habilitation_changelist": {"GET": Droit.ADMINISTRER},
    "admin:organismes_habilitation_add": Droit.ADMINISTRER,
    "admin:organismes_habilitation_change": Droit.ADMINISTRER,
}
ACCES = {**LECTURE, **COMPTE, **API, **GESTION}


def exigence(nom: str, methode: str = "GET"):
    """Ce qu'exige la route `nom` pour cette méthode : un marqueur, un tuple de droits (l'un suffit), ou `None`."""
    regle = ACCES.get(nom)
    if isinstance(regle, dict):
        regle = regle.get("GET" if methode in ("HEAD", "OPTIONS") else methode)
    if regle is None or regle in (PUBLIC, CONNECTE):
        return regle
    return regle if isinstance(regle, tuple) else (regle,)


def permise(request, nom: str) -> bool:
    """La personne qui porte cette requête peut-elle ouvrir cette route ?"""
    exige = exigence(nom, request.method)
    if exige is None:
        return False
    if exige == PUBLIC:
        return True
    if exige == CONNECTE:
        return request.user.is_authenticated
    return any(droit in request.droits for droit in exige)
