"""Transferts hors de l'Espace économique européen."""

from traitements.controles.regle import Exigence, Gravite, controle

PRIVACY_SHIELD = "INVALIDE_PRIVACY_SHIELD"


@controle("TRF-01", Gravite.BLOQUANT, Exigence.AUTRE_TEXTE, "RGPD art. 44 à 49, 30(1)(e)")
def transfert_sans_garantie(faits, le):
    for x in faits.liste("transferts"):
        if not x.get("garantie") and (faits.reperes.hors_eee(x.get("pays")) or x.get("organisation")):
            yield (
                f"transferts[{x['numero']}].garantie",
                "Ce transfert hors de l'Espace économique européen est sans garantie.",
            )
    declares = {x.get("destinataire_numero") for x in faits.liste("transferts")}
    for r in faits.liste("destinataires"):
        if faits.reperes.hors_eee(r.get("pays")) and r["numero"] not in declares:
            yield (
                f"destinataires[{r['numero']}].pays",
                "Ce destinataire est hors de l'Espace économique européen : déclarez le transfert et sa garantie.",
            )


@controle("TRF-03", Gravite.BLOQUANT, Exigence.AUTRE_TEXTE, "CJUE 16 juill. 2020, C-311/18")
def privacy_shield(faits, le):
    for x in faits.liste("transferts"):
        if x.get("garantie") == PRIVACY_SHIELD:
            yield (
                f"transferts[{x['numero']}].garantie",
                "Le Privacy Shield est invalidé depuis le 16 juillet 2020 : choisissez une garantie en vigueur.",
            )
