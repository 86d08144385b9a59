"""Bases légales et consentement."""

from traitements.controles.regle import Exigence, Gravite, controle

AUTRE = Exigence.AUTRE_TEXTE


def _consenties(faits):
    return [f for f in faits.liste("finalites") if f.get("base_legale") == "CONSENTEMENT"]


@controle("BAS-01", Gravite.BLOQUANT, AUTRE, "RGPD art. 6(1), 13(1)(c), 14(1)(c)")
def une_base_par_finalite(faits, le):
    for f in faits.liste("finalites"):
        if not f.get("base_legale") and not faits.du_sous_traitant:
            yield f"finalites[{f['numero']}].base_legale", "Choisissez une base légale pour cette finalité."


@controle("BAS-05", Gravite.BLOQUANT, AUTRE, "RGPD art. 7(1)")
def preuve_du_consentement(faits, le):
    for f in _consenties(faits):
        if not f.get("consentement_preuve"):
            yield (
                f"finalites[{f['numero']}].consentement_preuve",
                "Sans mécanisme de preuve, le consentement ne peut pas être démontré.",
            )


@controle("BAS-06", Gravite.BLOQUANT, AUTRE, "RGPD art. 7(3)")
def retrait_du_consentement(faits, le):
    for f in _consenties(faits):
        if not f.get("consentement_retrait"):
            yield (
                f"finalites[{f['numero']}].consentement_retrait",
                "Prévoyez un retrait aussi simple que l'accord.",
            )


@controle("BAS-07", Gravite.BLOQUANT, AUTRE, "RGPD art. 4(11), 7(4), considérant 32 ; CJUE C-673/17")
def consentement_libre(faits, le):
    for f in _consenties(faits):
        for nom, phrase in (
            ("consentement_precoche", "Une case précochée n'est pas un consentement."),
            ("consentement_conditionne", "Un consentement imposé comme condition n'est pas libre."),
        ):
            if f.get(nom):
                yield f"finalites[{f['numero']}].{nom}", phrase
