"""Prospection : le régime change avec le canal et la date."""

from datetime import date

from traitements.controles.regle import Exigence, Gravite, controle


@controle(
    "PRO-03",
    Gravite.BLOQUANT,
    Exigence.AUTRE_TEXTE,
    "C. conso. art. L223-1 (loi n° 2025-594, art. 13)",
    depuis=date(2026, 8, 11),
)
def telephone_sans_consentement(faits, le):
    for f in faits.liste("finalites"):
        vise = "TELEPHONE_B2C" in (f.get("canaux") or ())
        if vise and f.get("base_legale") != "CONSENTEMENT" and f.get("contrat_en_cours") is not True:
            yield (
                f"finalites[{f['numero']}].canaux",
                "Depuis le 11 août 2026, appeler un consommateur suppose son consentement préalable, "
                "hors contrat en cours.",
            )
