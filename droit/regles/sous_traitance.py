"""Sous-traitance : le contrat de l'article 28 et ce qu'il prévoit, avec qui l'on emploie et, pour un sous-traitant, avec qui
l'emploie."""

import re
from collections.abc import Iterator
from datetime import date

from droit.faits import Element, Faits, jour, texte
from droit.regles.constat import Gravite, Trouve
from droit.regles.regle import P, Trouves, alerte, bloquant, theme
from organismes.pliage import plier
from traitements.phrases import date_en_mots, de

theme("SST", "Sous-traitance", 90)

INTERDITS = "interdits"


@bloquant(
    "SST-01",
    "RGPD art. 28(3), 28(4)",
    P,
    "sous-traitant sans contrat de l'article 28",
    ecartable=True,
    sous_traitant=True,
)
def contrat_de_sous_traitance(faits: Faits, le: date) -> Trouves:
    """Un sous-traitant avec lequel on dit n'avoir aucun contrat de l'article 28 ; alerte si on ne le dit pas, ou s'il n'est pas
    nommé."""
    for r in _sous_traitants(faits):
        tiers, chemin = faits.tiers(r), f"destinataires[{r['numero']}].tiers"
        if not tiers:
            qui = f" (« {nom} »)" if (nom := texte(r, "nom")) else ""
            yield Trouve(
                chemin,
                f"Ce sous-traitant{qui} n'est pas nommé : choisissez le tiers, ou créez-le ; le contrat de l'article 28 se "
                "renseigne dans sa page.",
                gravite=Gravite.ALERTE,
            )
        elif tiers.get("contrat_art28") is False:
            yield Trouve(
                chemin,
                f"Vous indiquez qu'aucun contrat de l'article 28 n'est conclu avec {tiers.get('nom')} : concluez-le, par écrit, "
                "avant de lui confier des données.",
                # Un autre acte juridique peut lier le sous-traitant (art. 28(3)) : un document cité le laisse penser.
                gravite=Gravite.ALERTE if texte(tiers, "contrat_document") else None,
            )
        elif tiers.get("contrat_art28") is None:
            yield Trouve(
                chemin,
                f"Dites, dans la page {de(str(tiers.get('nom')))}, si le contrat de l'article 28 est conclu.",
                gravite=Gravite.ALERTE,
            )


@alerte(
    "SST-02",
    "RGPD art. 28(2), 28(4), 28(9)",
    P,
    "contrat échu ou sans référence, ou sous-traitants ultérieurs non réglés",
    sous_traitant=True,
)
def contrat_en_cours(faits: Faits, le: date) -> Trouves:
    """Un contrat de sous-traitance échu, que rien ne désigne, muet sur les sous-traitants ultérieurs, ou qui les interdit quand la
    fiche en montre un."""
    for r in _sous_traitants(faits):
        tiers, chemin = faits.tiers(r), f"destinataires[{r['numero']}].tiers"
        for message in _manques_du_contrat(faits, tiers, le):
            yield chemin, message
        if tiers.get("contrat_art28") is True and not _designe(tiers):
            yield Trouve(
                chemin,
                f"Le contrat conclu avec {tiers.get('nom')} n'a ni date ni référence : il est écrit, indiquez où il se trouve.",
                gravite=Gravite.CONSEIL,
            )


@bloquant(
    "SST-03",
    "RGPD art. 28(2), 28(3)",
    P,
    "client sans contrat de l'article 28, ou sous-traitant ultérieur non autorisé",
    ecartable=True,
    sous_traitant=True,
)
def contrat_avec_le_client(faits: Faits, le: date) -> Trouves:
    """Une fiche de sous-traitance dont un client n'a pas de contrat de l'article 28, ou n'a pas autorisé le sous-traitant
    ultérieur que la fiche emploie ; alerte si on ne le dit pas."""
    if not faits.du_sous_traitant:
        return
    for c in faits.liste("clients"):
        if client := faits.tiers(c):
            chemin = f"clients[{c['numero']}].tiers"
            yield from _contrat_du_client(chemin, client)
            yield from _ulterieurs_du_client(faits, chemin, client)


def _sous_traitants(faits: Faits) -> list[Element]:
    return [r for r in faits.liste("destinataires") if r.get("type") == "SOUS_TRAITANT"]


# --- Avec qui l'on emploie ---------------------------------------------------------------------------------------------
def _manques_du_contrat(faits: Faits, tiers: Element, le: date) -> Iterator[str]:
    nom, fin = str(tiers.get("nom")), jour(tiers, "contrat_fin")
    if fin and fin < le:
        yield (
            f"Le contrat conclu avec {nom} est échu depuis le {date_en_mots(fin)} : renouvelez-le, puis mettez à jour la page "
            "de ce tiers."
        )
    if tiers.get("contrat_art28") is not True:
        return
    if not texte(tiers, "ulterieurs_autorises"):
        yield (
            f"Dites, dans la page {de(nom)}, si le contrat autorise des sous-traitants ultérieurs : en général, au cas par "
            "cas, ou jamais."
        )
    if tiers.get("ulterieurs_autorises") == INTERDITS and (siens := _ulterieurs(faits, tiers)):
        yield f"Le contrat conclu avec {nom} interdit les sous-traitants ultérieurs, et {siens} en est un : réglez-le."


def _designe(tiers: Element) -> bool:
    return bool(texte(tiers, "contrat_date") or texte(tiers, "contrat_document"))


def _ulterieurs(faits: Faits, tiers: Element) -> str:
    """Le premier destinataire de la fiche que ce sous-traitant a recruté ; vide s'il n'y en a pas."""
    cites = (faits.tiers(r) for r in faits.liste("destinataires"))
    recrutes = (str(t.get("nom")) for t in cites if faits.reperes.tiers.get(str(t.get("parent"))) is tiers)
    return next(recrutes, "")


# --- Avec qui l'emploie ------------------------------------------------------------------------------------------------
def _contrat_du_client(chemin: str, client: Element) -> Iterator[Trouve]:
    nom = str(client.get("nom"))
    if client.get("contrat_art28") is False:
        yield Trouve(
            chemin,
            f"Vous indiquez qu'aucun contrat de l'article 28 n'est conclu avec {nom}, pour qui vous agissez : concluez-le.",
        )
    elif client.get("contrat_art28") is None:
        yield Trouve(
            chemin,
            f"Dites, dans la page {de(nom)}, si le contrat de l'article 28 qui vous lie est conclu.",
            gravite=Gravite.ALERTE,
        )


def _ulterieurs_du_client(faits: Faits, chemin: str, client: Element) -> Iterator[Trouve]:
    """Recruter un autre sous-traitant suppose l'autorisation écrite du responsable (art. 28(2))."""
    emploie, regime = _sous_traitants(faits), texte(client, "ulterieurs_autorises")
    if not emploie or client.get("contrat_art28") is not True or regime not in ("", INTERDITS):
        return
    if regime == INTERDITS:
        message = (
            f"Le contrat conclu avec {client.get('nom')} interdit les sous-traitants ultérieurs, et cette fiche en emploie : "
            "obtenez une autorisation écrite, ou retirez-les de ce que vous faites pour ce client."
        )
    else:
        message = (
            f"Cette fiche emploie un sous-traitant ultérieur : dites, dans la page {de(str(client.get('nom')))}, si ce client "
            "l'a autorisé par écrit."
        )
    yield Trouve(chemin, message, gravite=Gravite.ALERTE)


# --- Ce que le sous-traitant fait --------------------------------------------------------------------------------------
PROPRE_COMPTE = re.compile(
    r"\bpour (?:notre|son|leur) (?:propre )?compte\b|\b(?:enrichi\w*|aliment\w*) (?:notre|un|son|nos|ses) (?:propre )?(?:annuaire|base|fichier|modele)"
    r"|\b(?:vend|loue|reutilis|revend|monetis)\w*|\bannuaire\b|\bnos propres\b"
)


@alerte(
    "SST-04",
    "RGPD art. 28(3)(a), 29",
    P,
    "instructions du client non indiquées",
    sous_traitant=True,
)
def instructions_du_client(faits: Faits, le: date) -> Trouves:
    """Une fiche de sous-traitance qui ne dit pas où sont les instructions documentées d'un client."""
    if not faits.du_sous_traitant:
        return
    for c in faits.liste("clients"):
        if not texte(c, "instructions"):
            yield (
                f"clients[{c['numero']}].instructions",
                "Indiquez où se trouvent les instructions documentées de ce client : vous n'agissez que sur elles.",
            )


@alerte(
    "SST-05",
    "RGPD art. 28(3)(a), 28(10)",
    P,
    "sous-traitant qui paraît agir pour son propre compte",
    sous_traitant=True,
)
def propre_compte(faits: Faits, le: date) -> Trouves:
    """Une fiche de sous-traitance dont les mots parlent d'un emploi des données pour le compte du sous-traitant lui-même."""
    if not faits.du_sous_traitant:
        return
    textes = (("description", texte(faits.fiche, "description")), *_de_chaque_client(faits))
    for chemin, lu in textes:
        if PROPRE_COMPTE.search(plier(lu)):
            yield (
                chemin,
                "Qui décide d'employer les données pour son propre compte en devient responsable : dites si c'est le cas, et décrivez "
                "alors ce traitement dans une fiche de responsable, avec sa base légale.",
            )


def _de_chaque_client(faits: Faits) -> Iterator[tuple[str, str]]:
    for c in faits.liste("clients"):
        for nom in ("categories_traitements", "instructions"):
            yield f"clients[{c['numero']}].{nom}", texte(c, nom)
