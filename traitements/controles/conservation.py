"""Durées : chaque catégorie a la sienne, et chaque durée son point de départ."""

from traitements.controles.regle import Exigence, Gravite, controle


@controle("RET-01", Gravite.BLOQUANT, Exigence.ARTICLE_30, "RGPD art. 5(1)(e), 30(1)(f), 13(2)(a)")
def une_duree_par_categorie(faits, le):
    if faits.du_sous_traitant:
        return
    reglees = [
        k for k in faits.liste("conservations") if k.get("duree_valeur") is not None or k.get("critere")
    ]
    couvertes = {k.get("categorie") for k in reglees}
    if None in couvertes:  # une règle sans catégorie vaut pour toutes les données
        return
    for d in faits.liste("donnees"):
        if d.get("categorie") not in couvertes:
            yield (
                f"donnees[{d['numero']}].categorie",
                "Fixez une durée ou un critère pour cette catégorie de données.",
            )


@controle("RET-02", Gravite.BLOQUANT, Exigence.AUTRE_TEXTE, "RGPD art. 5(1)(e)")
def un_point_de_depart_par_duree(faits, le):
    for k in faits.liste("conservations"):
        if k.get("duree_valeur") is not None and not k.get("point_depart"):
            yield (
                f"conservations[{k['numero']}].point_depart",
                "Une durée sans point de départ ne s'applique pas : choisissez l'événement déclencheur.",
            )
