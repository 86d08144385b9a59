"""Dates : ce qui a eu lieu n'est pas à venir, et ce qui finit ne précède pas ce qui commence."""

from collections.abc import Iterator
from datetime import date

from droit.faits import Element, Faits, jour
from droit.regles.regle import M, Trouves, alerte, theme
from traitements.phrases import date_en_mots, majuscule

theme("DAT", "Dates", 15)

# De la fiche : ce qui a forcément eu lieu quand on l'écrit.
PASSEES = (
    ("date_creation", "la création de la fiche"),
    ("date_derniere_revue", "la dernière revue"),
)
# D'une même liste ou d'un même volet : (champ, ce qu'il date).
PASSEES_DES_ELEMENTS = (
    ("conservations", "derniere_purge", "la dernière purge"),
    ("transferts", "verifie_le", "la vérification de ce transfert"),
)
ORDRE_DE_LA_FICHE = (
    ("date_creation", "la création de la fiche", "date_derniere_revue", "la dernière revue"),
    ("date_derniere_revue", "la dernière revue", "date_prochaine_revue", "la prochaine revue"),
)


@alerte(
    "DAT-01",
    "RGPD art. 5(1)(d) et 5(2)",
    M,
    "date à venir pour un fait passé",
    sous_traitant=True,
)
def rien_de_passe_n_est_a_venir(faits: Faits, le: date) -> Trouves:
    """Une création, une revue, une purge, une vérification, une analyse d'impact ou un contrat déclarés faits, et datés de l'avenir.

    Une fiche modifiée depuis le jour du contrôle ne se juge pas : ses dates sont venues après lui.
    """
    modifiee = jour(faits.fiche, "date_maj")
    if modifiee and modifiee > le:
        return
    for champ, quoi in PASSEES:
        yield from _a_venir(faits.fiche, champ, champ, quoi, le)
    for liste, champ, quoi in PASSEES_DES_ELEMENTS:
        for e in faits.liste(liste):
            yield from _a_venir(e, champ, f"{liste}[{e['numero']}].{champ}", quoi, le)
    if faits.volet("aipd").get("decision") == "realisee":
        yield from _a_venir(faits.volet("aipd"), "date", "aipd.date", "l'analyse d'impact réalisée", le)
    for r in faits.liste("destinataires"):
        tiers = faits.tiers(r)
        if tiers.get("contrat_art28") is True:
            quoi = f"le contrat conclu avec {tiers.get('nom')}"
            yield from _a_venir(tiers, "contrat_date", f"destinataires[{r['numero']}].tiers", quoi, le)


@alerte(
    "DAT-02",
    "RGPD art. 5(1)(d) et 5(2)",
    M,
    "dates dans le désordre",
    sous_traitant=True,
)
def rien_ne_finit_avant_de_commencer(faits: Faits, le: date) -> Trouves:
    """Une revue d'avant la fiche ou d'avant la précédente, une suspension ou un contrat qui finit avant de commencer, une purge d'avant la
    mise en œuvre."""
    for avant, quoi_avant, apres, quoi_apres in ORDRE_DE_LA_FICHE:
        yield from _desordre(faits.fiche, avant, quoi_avant, faits.fiche, apres, quoi_apres, apres)
    for k in faits.liste("conservations"):
        ici = f"conservations[{k['numero']}]"
        debut, fin = "suspension_debut", "suspension_fin"
        yield from _desordre(k, debut, "le début de la suspension", k, fin, "sa fin", f"{ici}.{fin}")
        purge = "derniere_purge"
        yield from _desordre(
            faits.fiche,
            "date_mise_en_oeuvre",
            "la mise en œuvre du traitement",
            k,
            purge,
            "la dernière purge",
            f"{ici}.{purge}",
        )
    for r in faits.liste("destinataires"):
        tiers, chemin = faits.tiers(r), f"destinataires[{r['numero']}].tiers"
        quoi = f"la date du contrat conclu avec {tiers.get('nom')}"
        yield from _desordre(tiers, "contrat_date", quoi, tiers, "contrat_fin", "sa fin", chemin)


def _a_venir(element: Element, champ: str, chemin: str, quoi: str, le: date) -> Iterator[tuple[str, str]]:
    lu = jour(element, champ)
    if lu and lu > le:
        yield (
            chemin,
            f"{majuscule(quoi)} porte la date du {date_en_mots(lu)}, postérieure à ce contrôle ({date_en_mots(le)}) : corrigez-la.",
        )


def _desordre(
    un: Element, avant: str, quoi_avant: str, autre: Element, apres: str, quoi_apres: str, chemin: str
) -> Iterator[tuple[str, str]]:
    if (debut := jour(un, avant)) and (fin := jour(autre, apres)) and fin < debut:
        yield (
            chemin,
            f"{majuscule(quoi_apres)} ({date_en_mots(fin)}) précède {quoi_avant} ({date_en_mots(debut)}) : corrigez l'une des deux dates.",
        )
