"""Réponses que la fiche dément elle-même : un contrat en cours sans client, des fichiers remis contre paiement et non cédés."""

import re
from datetime import date

from droit.faits import Element, Faits, codes, texte
from droit.regles.regle import M, P, Trouves, alerte
from organismes.pliage import plier

# Celles avec qui aucun contrat ne court : leur seule présence dément « contrat en cours ».
SANS_CONTRAT = frozenset(
    {"ANCIENS_CLIENTS", "PROSPECTS", "VISITEURS_SITE", "PARTICIPANTS_JEU", "ABONNES_LETTRE", "PARRAINES"}
)
PAYE = re.compile(
    r"contre (?:paiement|remuneration)|\bremuner|\bmonetis|\b(?:vend|loue|echange)\w* (?:les |nos |des |leurs |ces )?(?:donnees|fichiers?|adresses|coordonnees|contacts|profils)"
    r"|\b(?:vente|location|echange|revente|achat) (?:de|des|du) (?:donnees|fichiers?|adresses|coordonnees|contacts|profils)"
)


@alerte(
    "PRO-17", "C. conso. art. L223-1, al. 4", P, "contrat en cours déclaré pour des personnes sans contrat"
)
def contrat_sans_client(faits: Faits, le: date) -> Trouves:
    """Une sollicitation dite rattachée à un contrat en cours, dans une fiche qui ne vise que des prospects ou d'anciens clients."""
    personnes = {texte(p, "categorie") for p in faits.liste("personnes")}
    if not personnes or not personnes <= SANS_CONTRAT:
        return
    for f in faits.finalites:
        if f.get("contrat_en_cours") is True and codes(f, "canaux"):
            yield (
                f"finalites[{f['numero']}].contrat_en_cours",
                "Cette fiche ne vise aucun client dont le contrat est en cours "
                f"({faits.citer('categories_personnes', sorted(personnes))}) : un contrat exécuté ou résilié n'est plus en cours. "
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
    if any(PAYE.search(plier(lu)) for lu in _dits(faits)):
        yield (
            "cession.active",
            "La fiche parle de données remises contre paiement, vendues, louées ou échangées, et ne le déclare pas : répondez à cette "
            "question, et décrivez la transmission.",
        )


def _dits(faits: Faits) -> list[str]:
    recoivent = [r for r in faits.liste("destinataires") if r.get("type") not in ("INTERNE", "SOUS_TRAITANT")]
    dits = [texte(r, nom) for r in recoivent for nom in ("nom", "precisions")]
    return [*dits, *(_de_finalite(f) for f in faits.finalites)]


def _de_finalite(finalite: Element) -> str:
    return " ".join((texte(finalite, "libelle"), *codes(finalite, "sous_finalites")))
