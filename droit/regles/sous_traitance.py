"""Sous-traitance : le contrat de l'article 28 et ce qu'il prévoit."""

from datetime import date

from droit.faits import Element, Faits, jour, texte
from droit.regles.regle import M, Trouves, alerte, bloquant, theme
from traitements.phrases import date_en_mots

theme("SST", "Sous-traitance", 90)


@bloquant(
    "SST-01",
    "RGPD art. 28(3), 28(4)",
    M,
    "sous-traitant sans contrat de l'article 28",
    ecartable=True,
    sous_traitant=True,
)
def contrat_de_sous_traitance(faits: Faits, le: date) -> Trouves:
    """Un sous-traitant que rien ne nomme, ou avec lequel aucun contrat de l'article 28 n'est déclaré."""
    for r in _sous_traitants(faits):
        tiers = faits.tiers(r)
        if not tiers:
            qui = f" (« {nom} »)" if (nom := texte(r, "nom")) else ""
            yield (
                f"destinataires[{r['numero']}].tiers",
                f"Ce sous-traitant{qui} n'est pas nommé : choisissez le tiers, ou créez-le ; le contrat de l'article 28 se "
                "renseigne dans sa page.",
            )
        elif tiers.get("contrat_art28") is not True:
            yield (
                f"destinataires[{r['numero']}].tiers",
                f"Aucun contrat de l'article 28 n'est déclaré avec {tiers.get('nom')} : renseignez-le dans la page de ce "
                "tiers.",
            )


@alerte(
    "SST-02",
    "RGPD art. 28(2), 28(4)",
    M,
    "contrat échu, ou sous-traitants ultérieurs non réglés",
    sous_traitant=True,
)
def contrat_en_cours(faits: Faits, le: date) -> Trouves:
    """Un contrat de sous-traitance échu, ou muet sur les sous-traitants ultérieurs."""
    for r in _sous_traitants(faits):
        tiers, chemin = faits.tiers(r), f"destinataires[{r['numero']}].tiers"
        fin = jour(tiers, "contrat_fin")
        if fin and fin < le:
            yield (
                chemin,
                f"Le contrat conclu avec {tiers.get('nom')} est échu depuis le {date_en_mots(fin)} : renouvelez-le, puis "
                "mettez à jour la page de ce tiers.",
            )
        if tiers.get("contrat_art28") is True and not texte(tiers, "ulterieurs_autorises"):
            yield (
                chemin,
                f"Dites, dans la page de {tiers.get('nom')}, si le contrat autorise des sous-traitants ultérieurs : en "
                "général, au cas par cas, ou jamais.",
            )


def _sous_traitants(faits: Faits) -> list[Element]:
    return [r for r in faits.liste("destinataires") if r.get("type") == "SOUS_TRAITANT"]
