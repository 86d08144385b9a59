"""Profilage et décision automatisée (art. 13(2)(f), 14(2)(g), 22)."""

from droit.faits import Element
from registre.conformite.notice.forme import Paragraphe, Plume
from registre.conformite.notice.mots import enchaine, phrase, propre
from traitements.choix import ExceptionArt22, NiveauProfilage
from traitements.phrases import minuscule

# Ce qui permet une décision exclusivement automatisée, dit à la personne.
CAS: dict[str, str] = {
    ExceptionArt22.CONTRAT: "elles sont nécessaires pour conclure ou exécuter un contrat avec vous (RGPD, art. 22(2)(a))",
    ExceptionArt22.LOI: "un texte les autorise et vous protège (RGPD, art. 22(2)(b))",
    ExceptionArt22.CONSENTEMENT: "vous y avez consenti explicitement (RGPD, art. 22(2)(c))",
}


def profilage(plume: Plume) -> Paragraphe:
    p, article = plume.faits.volet("profilage"), plume.article("decision")
    titre = "Profilage et décisions automatisées"
    if not p.get("niveau") and not plume.faits.profile:
        manque = "existence d'un profilage ou d'une décision automatisée"
        return Paragraphe(titre, article, (plume.blanc(manque, article, "profilage.niveau"),))
    lignes = [_profil(plume, p, article)]
    if p.get("recommandation") is True:
        lignes.append("Nous vous recommandons des produits d'après les achats d'autres clients.")
    return Paragraphe(titre, article, (*lignes, *_decision(plume, p, article)))


def _profil(plume: Plume, p: Element, article: str) -> str:
    if not plume.faits.profile:
        return "Nous n'établissons pas de profil à partir de vos données."
    niveau = (
        dict(NiveauProfilage.choices).get(p.get("niveau") or "", "") if p.get("niveau") != "aucun" else ""
    )
    dit = f"Nous établissons un profil à partir de vos données{f' : {minuscule(str(niveau))}' if niveau else ''}"
    logique = propre(p.get("logique"))
    if not logique and _decide(p):
        logique = plume.blanc("logique suivie par la décision automatisée", article, "profilage.logique")
    return " ".join(filter(None, (phrase(dit), phrase(f"Comment : {enchaine(logique)}") if logique else "")))


def _decide(p: Element) -> bool:
    return p.get("decision_auto") is True or p.get("niveau") == NiveauProfilage.DECISION


def _decision(plume: Plume, p: Element, article: str) -> list[str]:
    if not _decide(p):
        return _pas_de_decision(plume, p, article)
    lignes = ["Nous prenons à votre sujet des décisions par des moyens exclusivement automatisés."]
    manque = "importance et conséquences de la décision automatisée pour la personne"
    effet = plume.ou_blanc(p.get("consequences"), manque, article, "profilage.consequences")
    lignes.append(phrase("Ce qu'elles changent pour vous :", enchaine(effet)))
    permise = plume.ou_blanc(
        CAS.get(str(p.get("exception_art22") or "")),
        "cas qui permet la décision automatisée",
        "art. 22(2)",
        "profilage.exception_art22",
    )
    lignes.append(phrase(f"Ce qui les permet : {permise}"))
    return [*lignes, *_recours(plume, p)]


def _pas_de_decision(plume: Plume, p: Element, article: str) -> list[str]:
    if p.get("decision_auto") is False:
        return ["Aucune décision n'est prise à votre sujet par des moyens exclusivement automatisés."]
    if plume.faits.profile:
        return [plume.blanc("existence d'une décision automatisée", article, "profilage.decision_auto")]
    return []


def _recours(plume: Plume, p: Element) -> list[str]:
    """L'intervention humaine, due quand la décision repose sur un contrat ou un consentement (art. 22(3))."""
    if p.get("intervention_humaine") is True:
        return [
            "Vous pouvez demander qu'une personne revoie la décision, exprimer votre point de vue et contester la "
            "décision (RGPD, art. 22(3))."
        ]
    if p.get("exception_art22") == ExceptionArt22.LOI:
        return []
    manque = "moyen d'obtenir une intervention humaine"
    return [phrase("Votre recours :", plume.blanc(manque, "art. 22(3)", "profilage.intervention_humaine"))]
