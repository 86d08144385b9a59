"""Pourquoi : chaque finalité, ce qui l'autorise, l'intérêt qu'elle poursuit (art. 13(1)(c) et (d), 14(1)(c) et (2)(b))."""

from droit.faits import RIEN, Element, codes
from registre.conformite.notice.forme import Paragraphe, Plume, categorie
from registre.conformite.notice.mots import enchaine, est_infinitif, phrase, propre
from traitements.phrases import enumerer, minuscule

# Ce qui autorise une finalité, dit à la personne ; {suite} : l'intérêt poursuivi ou le texte.
BASES = {
    "CONSENTEMENT": "Nous ne le faisons qu'avec votre consentement ({article}).",
    "CONTRAT": "Nous en avons besoin pour exécuter le contrat qui nous lie, ou pour répondre à la demande que vous "
    "nous faites avant de le conclure ({article}).",
    "OBLIGATION_LEGALE": "La loi nous y oblige ({article}) : {suite}.",
    "INTERETS_VITAUX": "Il y va de vos intérêts vitaux, ou de ceux d'une autre personne ({article}).",
    "MISSION_INTERET_PUBLIC": "Nous exerçons une mission d'intérêt public ou relevant de l'autorité publique "
    "({article}) : {suite}.",
    "INTERET_LEGITIME": "Nous nous fondons sur un intérêt légitime ({article}) : {suite}.",
}
PAR_UN_TEXTE = ("OBLIGATION_LEGALE", "MISSION_INTERET_PUBLIC")
CANAUX = {
    "EMAIL_B2C": "courriel",
    "SMS_B2C": "SMS",
    "AUTOMATE_FAX": "automate d'appel ou télécopie",
    "RESEAU_SOCIAL_MP": "message privé sur un réseau social",
    "PUSH": "notification sur application",
    "TELEPHONE_B2C": "téléphone",
    "POSTAL_B2C": "courrier postal",
    "EMAIL_B2B": "courriel professionnel",
    "EMAIL_GENERIQUE": "courriel à l'adresse générale de votre organisation",
    "TELEPHONE_B2B": "téléphone professionnel",
    "RENOVATION_ADAPTATION": "téléphone ou message électronique",
}


def finalites(plume: Plume) -> list[Paragraphe]:
    toutes, titre = plume.faits.finalites, "Pourquoi nous utilisons vos données"
    if not toutes:
        article = plume.article("finalites")
        return [Paragraphe(titre, article, (plume.blanc("finalités du traitement", article, "finalites"),))]
    return [
        _finalite(plume, f, f"{titre}, finalité {f['numero']}" if len(toutes) > 1 else titre) for f in toutes
    ]


def _finalite(plume: Plume, f: Element, titre: str) -> Paragraphe:
    interet = f.get("base_legale") == "INTERET_LEGITIME"
    lignes = [_ce_que_l_on_fait(plume, f), _base(plume, f), _donnees_de(plume, f)]
    mentions = ("finalites", "interets") if interet else ("finalites",)
    return Paragraphe(titre, plume.article(*mentions), tuple(filter(None, lignes)))


def _ce_que_l_on_fait(plume: Plume, f: Element) -> str:
    but = plume.ou_blanc(
        f.get("libelle"),
        f"but de la finalité {f['numero']}",
        plume.article("finalites"),
        f"finalites[{f['numero']}].libelle",
    )
    pour = f"pour {minuscule(but)}" if est_infinitif(but) else f"dans le but suivant : {but}"
    details = [propre(s) for s in codes(f, "sous_finalites")]
    moyens = [
        CANAUX.get(c) or minuscule(plume.faits.reperes.libelle("canaux", c)) for c in codes(f, "canaux")
    ]
    return " ".join(
        filter(
            None,
            (
                phrase(f"Nous utilisons vos données {pour}"),
                phrase(f"Cela comprend : {', '.join(details)}") if details else "",
                phrase(f"Moyens employés : {enumerer(dict.fromkeys(moyens))}") if moyens else "",
            ),
        )
    )


def _base(plume: Plume, f: Element) -> str:
    n, code = f["numero"], f.get("base_legale") or ""
    base, texte = plume.faits.reperes.bases_legales.get(code, RIEN), propre(f.get("texte_legal"))
    if not code:
        return phrase(
            "Ce qui nous y autorise :",
            plume.blanc(
                f"base légale de la finalité {n}", plume.article("finalites"), f"finalites[{n}].base_legale"
            ),
        )
    article = f"RGPD, {str(base.get('article', '')).removeprefix('RGPD ')}"
    if code not in BASES:
        return phrase(f"Ce qui nous y autorise : {base.get('libelle', code)} ({article})")
    if texte and code not in PAR_UN_TEXTE:
        article = f"{article} ; {texte}"
    return BASES[code].format(article=article, suite=_suite(plume, f, code))


def _suite(plume: Plume, f: Element, code: str) -> str:
    """Ce que la base demande de dire de plus : l'intérêt poursuivi, ou le texte qui oblige."""
    ici = f"finalites[{f['numero']}]"
    if code == "INTERET_LEGITIME":
        mention = f"intérêt légitime poursuivi par la finalité {f['numero']}"
        return enchaine(
            plume.ou_blanc(
                f.get("interet_legitime"), mention, plume.article("interets"), f"{ici}.interet_legitime"
            )
        )
    if code in PAR_UN_TEXTE:
        mention = f"texte qui fonde la finalité {f['numero']}"
        return plume.ou_blanc(f.get("texte_legal"), mention, "art. 6(3)", f"{ici}.texte_legal")
    return ""


def _donnees_de(plume: Plume, f: Element) -> str:
    """Les données qui servent cette finalité, quand la fiche en a plusieurs et le dit."""
    siennes = [
        minuscule(categorie(plume, d))
        for d in plume.faits.liste("donnees")
        if f["numero"] in (d.get("finalites") or ())
    ]
    seule = len(plume.faits.finalites) < 2
    return "" if seule or not siennes else phrase(f"Données employées : {' ; '.join(siennes)}")
