"""Qui peut ouvrir quelle route. Une route absente de cette table ne répond à personne.

`PUBLIC` : sans connexion. `CONNECTE` : toute personne connectée, pour ses propres affaires. Sinon, le droit exigé
dans l'organisme actif (`organismes.droits`). `lister_urls` lit cette table ; un test la compare aux routes.
"""

from organismes.droits import Permission
from organismes.requete import RequetePlacee
from registre.echanges.exports import routes as routes_d_export

PUBLIC, CONNECTE = "public", "connecte"

LECTURE = {
    "registre": {"GET": Permission.LIRE},
    "fiche": {"GET": Permission.LIRE},
    "historique": {"GET": Permission.LIRE},
    "information": {"GET": Permission.LIRE},
    "information_txt": {"GET": Permission.TELECHARGER},
    "organisme": {"GET": Permission.LIRE},
    "tiers": {"GET": Permission.LIRE},
    "fusion_tiers": Permission.VALIDER_FICHE,  # elle change des fiches validées sans les rouvrir
    "journal": {"GET": Permission.LIRE},
    "conservation": {"GET": Permission.LIRE},
    "echeancier_csv": {"GET": Permission.TELECHARGER},
    "agenda": Permission.MODIFIER_FICHE,  # qui exécute les durées ; direction et auditeurs n'écrivent rien
    "operations": {"GET": Permission.LIRE},
    "operation_nouvelle": Permission.MODIFIER_FICHE,
    "releve_nouveau": Permission.MODIFIER_FICHE,
    "plans_de_releve": {"GET": Permission.LIRE},
    "plan_de_releve": {"GET": Permission.LIRE},
    "plan_nouveau": Permission.MODIFIER_FICHE,
    "plan_modifier": Permission.MODIFIER_FICHE,
    "plan_relever": Permission.MODIFIER_FICHE,
    "categories_trouvees": Permission.MODIFIER_FICHE,  # rien n'y est écrit ; qui tient la fiche
    "sql_de_purge": {"GET": Permission.MODIFIER_FICHE},  # rien n'y est écrit ; qui exécute les durées
    "operation": {"GET": Permission.LIRE},
    "operation_pv": {"GET": Permission.TELECHARGER},
    "operation_preuve": {"GET": Permission.TELECHARGER},
    "epreuves": {"GET": Permission.LIRE},
    "epreuve_nouvelle": Permission.MODIFIER_FICHE,
    "epreuve": {"GET": Permission.LIRE},
    "epreuve_pdf": {"GET": Permission.TELECHARGER},
    "durees": {"GET": Permission.LIRE},
    "durees_csv": {"GET": Permission.TELECHARGER},
    "regles": {"GET": Permission.LIRE},
    "fiches_types": {"GET": Permission.LIRE},
    "fiche_type": {"GET": Permission.LIRE, "POST": Permission.MODIFIER_FICHE},
    "a_actualiser": {"GET": Permission.LIRE},
    "actualisee": {"POST": Permission.MODIFIER_FICHE},
    "traiter_remarque": {"POST": Permission.MODIFIER_FICHE},
    "traiter_remarque_organisme": {"POST": Permission.MODIFIER_ORGANISME},
    "etat": Permission.VALIDER_FICHE,
    "ecarter": Permission.VALIDER_FICHE,
    "lever_ecart": {"POST": Permission.VALIDER_FICHE},
    **{nom: {"GET": Permission.TELECHARGER} for nom in routes_d_export()},
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
    "api:fiches-list": {"GET": Permission.LIRE, "POST": Permission.MODIFIER_FICHE},
    "api:fiches-detail": {
        "GET": Permission.LIRE,
        "PUT": Permission.MODIFIER_FICHE,
        "PATCH": Permission.MODIFIER_FICHE,
    },
    "api:organismes-list": {"GET": Permission.LIRE},
    "api:organismes-detail": {"GET": Permission.LIRE, "PATCH": Permission.MODIFIER_ORGANISME},
    "api:tiers-list": {"GET": Permission.LIRE, "POST": Permission.MODIFIER_TIERS},
    "api:tiers-detail": {
        "GET": Permission.LIRE,
        "PUT": Permission.MODIFIER_TIERS,
        "PATCH": Permission.MODIFIER_TIERS,
    },
    "api:referentiels-list": {"GET": Permission.LIRE},
    "api:referentiels-detail": {"GET": Permission.LIRE},
    "api:schema": {"GET": Permission.LIRE},
}
GESTION = {
    "admin:index": {"GET": (Permission.LIRE, Permission.ADMINISTRER)},
    "admin:traitements_traitement_changelist": {"GET": Permission.LIRE},
    "admin:traitements_traitement_add": Permission.MODIFIER_FICHE,
    "admin:traitements_traitement_change": Permission.MODIFIER_FICHE,
    "admin:traitements_traitement_delete": Permission.MODIFIER_FICHE,  # puis `suppression.empechements`
    "admin:organismes_tiers_changelist": {"GET": Permission.LIRE},
    "admin:organismes_tiers_add": Permission.MODIFIER_TIERS,
    "admin:organismes_tiers_change": Permission.MODIFIER_TIERS,
    "admin:organismes_tiers_delete": Permission.MODIFIER_TIERS,
    "admin:organismes_organisme_changelist": {"GET": (Permission.LIRE, Permission.ADMINISTRER)},
    "admin:organismes_organisme_add": Permission.ADMINISTRER,
    "admin:organismes_organisme_change": (Permission.MODIFIER_ORGANISME, Permission.ADMINISTRER),
    "admin:organismes_utilisateur_changelist": {"GET": Permission.ADMINISTRER},
    "admin:organismes_utilisateur_add": Permission.ADMINISTRER,
    "admin:organismes_utilisateur_change": Permission.ADMINISTRER,
    "admin:organismes_habilitation_changelist": {"GET": Permission.ADMINISTRER},
    "admin:organismes_habilitation_add": Permission.ADMINISTRER,
    "admin:organismes_habilitation_change": Permission.ADMINISTRER,
}
ACCES = {**LECTURE, **COMPTE, **API, **GESTION}


def exigence(nom: str, methode: str = "GET") -> str | tuple[str, ...] | None:
    """Ce qu'exige la route `nom` pour cette méthode : un marqueur, un tuple de droits (l'un suffit), ou `None`."""
    regle = ACCES.get(nom)
    if isinstance(regle, dict):
        regle = regle.get("GET" if methode in ("HEAD", "OPTIONS") else methode)
    if regle is None or regle in (PUBLIC, CONNECTE):
        return regle
    return regle if isinstance(regle, tuple) else (regle,)


def permise(request: RequetePlacee, nom: str) -> bool:
    """La personne qui porte cette requête peut-elle ouvrir cette route ?"""
    exige = exigence(nom, request.method or "")
    if exige is None:
        return False
    if exige == PUBLIC:
        return True
    if exige == CONNECTE:
        return request.user.is_authenticated
    return any(droit in request.droits for droit in exige)
