"""Complétude : ce que l'article 30(1) demande à toute fiche."""

from traitements.controles.regle import Exigence, Gravite, controle

LIBELLE_MIN = 10  # caractères : « divers » ou « gestion » ne disent rien


@controle("REG-02", Gravite.BLOQUANT, Exigence.ARTICLE_30, "RGPD art. 30(1)(b), 5(1)(b)")
def finalite_comprehensible(faits, le):
    if faits.du_sous_traitant:
        return
    if not faits.liste("finalites"):
        yield "finalites", "Indiquez au moins une finalité que la personne concernée comprendrait."
    for f in faits.liste("finalites"):
        if len(f["libelle"]) < LIBELLE_MIN:
            yield (
                f"finalites[{f['numero']}].libelle",
                "« Divers » ou « gestion » ne suffit pas : dites ce que l'on fait.",
            )


@controle("REG-03", Gravite.BLOQUANT, Exigence.ARTICLE_30, "RGPD art. 30(1)(c)")
def personnes_et_donnees(faits, le):
    if faits.du_sous_traitant:
        return
    for nom, phrase in (("personnes", "les personnes concernées"), ("donnees", "les données traitées")):
        if not faits.liste(nom):
            yield nom, f"Décrivez {phrase}, par catégories."


@controle("REG-04", Gravite.BLOQUANT, Exigence.ARTICLE_30, "RGPD art. 30(1)(d)")
def destinataires(faits, le):
    if not faits.du_sous_traitant and not faits.liste("destinataires"):
        yield "destinataires", "Indiquez au moins un destinataire : service interne, sous-traitant ou tiers."


@controle("REG-05", Gravite.ALERTE, Exigence.ARTICLE_30, "RGPD art. 30(1)(g), 30(2)(d), 32")
def mesures_de_securite(faits, le):
    heritees = faits.fiche.get("securite_heritee") and faits.organisme.get("mesures")
    if not (faits.liste("mesures") or heritees or faits.fiche.get("securite_justification")):
        yield (
            "mesures",
            "Décrivez les mesures de sécurité en termes généraux, ou expliquez pourquoi ce n'est pas possible.",
        )


@controle("REG-09", Gravite.ALERTE, Exigence.AUTRE_TEXTE, "RGPD art. 5(2), 24(1)")
def revue_depassee(faits, le):
    prevue = faits.fiche.get("date_prochaine_revue")
    if prevue and prevue < le.isoformat():
        yield (
            "date_prochaine_revue",
            "La date de revue est dépassée : relisez la fiche et fixez la prochaine échéance.",
        )
