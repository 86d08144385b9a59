"""Les droits de la personne et la façon de les exercer (art. 12, 13(2)(b) à (d), 14(2)(c) à (e), 21(4) ; LIL art. 85)."""

from collections.abc import Iterable

from droit.droits_personnes import CONDITIONNEL, DroitOuvert
from droit.faits import Element, Faits
from registre.conformite.notice.forme import PUCE, Paragraphe, Plume
from registre.conformite.notice.mots import enchaine, phrase, propre
from registre.fiche.droits_lus import NOMS, LigneDroits, droits_par_finalite
from traitements.phrases import enumerer, majuscule

CNIL = "CNIL, 3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07, www.cnil.fr"
CE_QU_ILS_PERMETTENT = {
    "ACCES": "Accès : savoir si nous avons des données sur vous, les connaître et en recevoir une copie (RGPD, art. 15)",
    "RECTIFICATION": "Rectification : faire corriger ou compléter vos données (art. 16)",
    "EFFACEMENT": "Effacement : faire supprimer vos données, dans les cas que la loi prévoit (art. 17)",
    "LIMITATION": "Limitation : faire suspendre l'usage de vos données, dans les cas que la loi prévoit (art. 18)",
    "PORTABILITE": "Portabilité : recevoir les données que vous nous avez données et que nous traitons de façon "
    "automatisée, dans un format réutilisable, ou les faire transmettre à un autre organisme (art. 20)",
    "DECISION_AUTOMATISEE": "Décision automatisée : ne pas être soumis à une décision exclusivement automatisée qui "
    "vous affecte de façon importante, hors les cas que la loi permet (art. 22)",
}
# La condition d'un droit que les faits ne suffisent pas à ouvrir, dite à la personne ; celle des autres se lit ci-dessus.
CONDITIONS = {
    "EFFACEMENT": "dans la mesure où notre mission ne nous impose pas de garder vos données",
    "OPPOSITION_PROSPECTION": "si le profil sert à vous proposer des produits ou des services",
}
CONSENTEMENT_ART9 = "ART9_A"


def droits(plume: Plume) -> list[Paragraphe]:
    lignes = droits_par_finalite(plume.faits)
    paragraphes = (
        _exercer(plume, lignes),
        _opposition(plume, lignes),
        _retrait(plume, lignes),
        _deces(),
        _reclamation(plume),
    )
    return [p for p in paragraphes if p is not None]


def _codes(lignes: Iterable[LigneDroits]) -> set[str]:
    return {d.code for ligne in lignes for d in ligne.droits}


def _vises(lignes: tuple[LigneDroits, ...], code: str) -> str:
    """« Pour les finalités 1 et 3 » ; vide quand toutes sont visées."""
    return _pour([ligne.numero for ligne in lignes if code in _codes([ligne])], len(lignes))


def _pour(numeros: list[int], toutes: int) -> str:
    if len(numeros) == toutes:
        return ""
    return f"Pour {'la finalité' if len(numeros) == 1 else 'les finalités'} {enumerer(map(str, numeros))}"


def _debut(vises: str, suite: str) -> str:
    return f"{vises}, {suite}" if vises else majuscule(suite)


# --- Les droits, et à qui s'adresser ------------------------------------------------------------------------------
def _exercer(plume: Plume, lignes: tuple[LigneDroits, ...]) -> Paragraphe:
    ouverts = _codes(lignes)
    dits = [f"{PUCE}{phrase(texte)}" for code, texte in CE_QU_ILS_PERMETTENT.items() if code in ouverts]
    par_finalite = [phrase(_ligne(plume, ligne, len(lignes))) for ligne in lignes]
    entete = "Selon la raison pour laquelle nous utilisons vos données, vous avez les droits suivants."
    contenu = [
        *([entete] if len(lignes) > 1 else []),
        *par_finalite,
        *(["Ce qu'ils permettent :", *dits] if dits else []),
    ]
    modalites = propre(plume.faits.volet("information").get("modalites"))
    fin = [
        phrase(f"Pour les exercer, adressez-vous à : {plume.contact()}"),
        phrase(modalites),
        "Nous vous répondons dans le mois ; si votre demande est complexe, nous pouvons prendre deux mois de plus, en "
        "vous disant pourquoi (RGPD, art. 12(3)). C'est gratuit, sauf demande manifestement infondée ou excessive.",
    ]
    return Paragraphe("Vos droits", plume.article("droits"), tuple(filter(None, (*contenu, *fin))))


def _ligne(plume: Plume, ligne: LigneDroits, nombre: int) -> str:
    dits = ", ".join(_nom(droit) for droit in ligne.droits)
    if not ligne.base:
        blanc = plume.blanc(
            f"base légale de la finalité {ligne.numero}",
            plume.article("finalites"),
            f"finalites[{ligne.numero}].base_legale",
        )
        dits = ", ".join(m for m in (dits, f"les autres dépendent de ceci : {blanc}") if m)
    return f"{PUCE}Finalité {ligne.numero} : {dits}" if nombre > 1 else f"Vous avez ces droits : {dits}"


def _nom(droit: DroitOuvert) -> str:
    """« portabilité » ; « effacement (dans la mesure où…) » quand une condition le limite et ne se lit pas plus bas."""
    dit, _ = NOMS.get(droit.code, (droit.code, ""))
    condition = CONDITIONS.get(droit.code) if droit.ouverture == CONDITIONNEL else None
    return f"{dit} ({condition})" if condition else dit


# --- Opposition : à présenter à part de toute autre information (art. 21(4)) --------------------------------------
def _opposition(plume: Plume, lignes: tuple[LigneDroits, ...]) -> Paragraphe | None:
    ouverts = _codes(lignes)
    dits = []
    if "OPPOSITION_PROSPECTION" in ouverts:
        dits += _opposition_prospection(plume, lignes)
    if "OPPOSITION" in ouverts:
        debut = _debut(
            _vises(lignes, "OPPOSITION"),
            "vous pouvez vous opposer à l'utilisation de vos données pour des raisons tenant à votre situation "
            "particulière",
        )
        dits.append(
            f"{debut}. Nous cesserons, sauf motif légitime et impérieux qui l'emporte sur vos intérêts, ou pour défendre "
            "un droit en justice (RGPD, art. 21(1))."
        )
    if not dits:
        return None
    return Paragraphe("Votre droit de vous opposer", "art. 21(4)", tuple(dits))


def _opposition_prospection(plume: Plume, lignes: tuple[LigneDroits, ...]) -> list[str]:
    mecanisme = plume.ou_blanc(
        plume.faits.volet("information").get("opposition_mecanisme"),
        "moyen de s'opposer à la prospection",
        "art. 21(2) à (4)",
        "information.opposition_mecanisme",
    )
    debut = _debut(
        _vises(lignes, "OPPOSITION_PROSPECTION"),
        "vous pouvez à tout moment, sans motif et sans frais, vous opposer à la prospection et au profilage qui s'y "
        "rattache (RGPD, art. 21(2) et (3))",
    )
    return [f"{debut}.", phrase(f"Comment : {enchaine(mecanisme)}")]


# --- Retrait du consentement --------------------------------------------------------------------------------------
def _retrait(plume: Plume, lignes: tuple[LigneDroits, ...]) -> Paragraphe | None:
    """Le consentement qui fonde une finalité, et celui que l'article 9 demande sous une autre base : l'un et l'autre se retirent."""
    fondees = [f["numero"] for f in plume.faits.consenties]
    explicites = [f["numero"] for f in _explicites(plume.faits) if f["numero"] not in fondees]
    if not fondees and not explicites:
        return None
    dits = []
    if fondees:
        suite = "vous pouvez retirer votre consentement à tout moment"
        dits.append(phrase(_debut(_pour(fondees, len(lignes)), suite)))
    if explicites:
        suite = "vous pouvez retirer à tout moment le consentement explicite que vous nous avez donné"
        dits.append(phrase(_debut(_pour(explicites, len(lignes)), suite)))
    dits[-1] += " Ce qui a été fait avant le retrait reste licite."
    return Paragraphe(
        "Retirer votre consentement",
        f"art. 7(3), {plume.article('retrait').removeprefix('art. ')}",
        (*dits, *_moyens_de_retrait(plume, {*fondees, *explicites})),
    )


def _explicites(faits: Faits) -> list[Element]:
    """Les finalités qui disent recueillir un consentement explicite ; à défaut, celles que servent des données qui le supposent."""
    disent = [f for f in faits.finalites if f.get("consentement_explicite") is True]
    servies = [
        d.get("finalites") or () for d in faits.donnees() if d.get("exception_art9") == CONSENTEMENT_ART9
    ]
    if disent or not servies:
        return disent
    return [f for f in faits.finalites if any(not s or f["numero"] in s for s in servies)]


def _moyens_de_retrait(plume: Plume, numeros: set[int]) -> list[str]:
    """Un moyen par finalité ; une seule phrase quand c'est le même partout."""
    moyens: dict[str, list[int]] = {}
    for f in (f for f in plume.faits.finalites if f["numero"] in numeros):
        moyen = plume.ou_blanc(
            f.get("consentement_retrait"),
            f"moyen de retirer le consentement donné à la finalité {f['numero']}",
            "art. 7(3)",
            f"finalites[{f['numero']}].consentement_retrait",
        )
        moyens.setdefault(moyen, []).append(f["numero"])
    if len(moyens) == 1:
        return [phrase(f"Comment : {enchaine(m)}") for m in moyens]
    return [f"{PUCE}{phrase(f'Finalité {enumerer(map(str, n))} : {enchaine(m)}')}" for m, n in moyens.items()]


# --- Après le décès, réclamation ----------------------------------------------------------------------------------
def _deces() -> Paragraphe:
    return Paragraphe(
        "Vos données après votre décès",
        "LIL art. 85",
        (
            "Vous pouvez fixer des directives sur la conservation, l'effacement et la communication de vos données après "
            "votre décès, et les changer à tout moment.",
        ),
    )


def _reclamation(plume: Plume) -> Paragraphe:
    return Paragraphe(
        "Réclamer auprès de la CNIL",
        f"{plume.article('reclamation')}, 77",
        (phrase(f"Vous pouvez à tout moment adresser une réclamation à l'autorité de contrôle : {CNIL}"),),
    )
