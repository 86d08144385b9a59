"""La notice d'information des personnes (RGPD art. 12 à 14), rédigée à partir d'une fiche. Calculée, jamais enregistrée.

Rien n'y est inventé : ce que la fiche ne dit pas laisse un blanc visible, que `Notice.manquantes` nomme avec son article et
le champ qui le comblerait.
"""

from datetime import date

from droit.faits import Faits
from registre.conformite.notice import (
    destinataires,
    donnees,
    durees,
    finalites,
    profilage,
    publics,
    responsable,
    vos_droits,
)
from registre.conformite.notice.forme import BLANC, PUCE, Manquante, Notice, Paragraphe, Plume
from registre.conformite.notice.mots import propre
from registre.fiche.codes import Codes
from registre.fiche.rubriques import plan

__all__ = ["BLANC", "PUCE", "Manquante", "Notice", "Paragraphe", "rediger", "texte"]


def rediger(faits: Faits, codes: Codes, le: date) -> Notice:
    """La notice d'une fiche du responsable ce jour-là : une décision d'adéquation peut n'être plus en vigueur.

    Une fiche de sous-traitance n'en a pas : informer incombe au responsable (art. 13, 14 et 28).
    """
    plume = Plume(faits, codes, le)
    paragraphes = (
        responsable.responsable(plume),
        responsable.delegue(plume),
        *finalites.finalites(plume),
        donnees.donnees(plume),
        destinataires.destinataires(plume),
        destinataires.transferts(plume),
        durees.durees(plume),
        profilage.profilage(plume),
        publics.appels(plume),
        *vos_droits.droits(plume),
        publics.mineurs(plume),
    )
    reserves = (*_propositions(faits), *publics.reserves(plume))
    return Notice(
        tuple(p for p in paragraphes if p is not None),
        tuple(plume.manquantes),
        propre(faits.fiche.get("intitule")),
        plume.regime,
        reserves,
    )


def _propositions(faits: Faits) -> tuple[str, ...]:
    """Ce qu'un modèle propose et que personne n'a confirmé : la notice le reprend, sans que ce soit encore vrai."""
    titres = {r.code: r.titre for r in plan(faits.fiche.get("qualite") or "")}
    proposees = [titres.get(code, code) for code in faits.fiche.get("a_confirmer") or ()]
    if not proposees:
        return ()
    return (
        "À confirmer avant diffusion : un modèle a proposé le contenu de ces rubriques, et personne ne l'a encore "
        f"confirmé : {', '.join(proposees)}.",
    )


def texte(notice: Notice) -> str:
    """La notice en texte brut, à copier : titres, articles, phrases, blancs compris."""
    tete = f"Vos données personnelles : {notice.titre}" if notice.titre else "Vos données personnelles"
    blocs = [
        f"{tete}\nInformation prévue par {notice.regime} du RGPD.",
        *(f"[{reserve}]" for reserve in notice.reserves),
        *("\n".join((f"{p.titre} ({p.article})", *p.lignes)) for p in notice.paragraphes),
    ]
    return "\n\n".join(blocs) + "\n"
