"""Une durée vise un ensemble de catégories : les lignes identiques d'une fiche se réunissent, leurs opérations les suivent.

Les opérations signées ne changent pas : la ligne qui réunit garde l'identifiant des autres (`reunies`). Le journal ne change pas non plus : ce
qu'il a consigné se relit par la même fonction, `conservation.ensembles.reunir`.
"""

from collections import defaultdict

from django.db import migrations, models

import organismes.champs
from conservation.ensembles import reunir

SANS_CONTENU = ("id", "traitement_id", "categorie_id", "categories", "reunies")


def reunir_les_lignes(apps, schema_editor):
    modele = apps.get_model("conservation", "DureeConservation")
    # Une migration reprend toute l'instance, hors de toute portée.
    par_fiche = defaultdict(list)
    for duree in modele._base_manager.order_by("traitement_id", "numero").iterator(chunk_size=500):
        par_fiche[duree.traitement_id].append(duree)
    ecarts = defaultdict(list)
    for fiche, chemin in apps.get_model("traitements", "Ecart")._base_manager.values_list("traitement_id", "chemin"):
        ecarts[fiche].append({"chemin": chemin})
    for fiche, durees in par_fiche.items():
        _reunir(modele, durees, ecarts[fiche])


def _reunir(modele, durees, ecarts):
    # Hors du service, donc sans entrée au journal : aucun contenu ne change, une ligne ôtée est mot pour mot dans celle qui la réunit, et
    # `verifier_journal` relit les entrées d'alors par la même fonction.
    lue, renvois = reunir({"conservations": [_ligne(d) for d in durees], "ecarts": ecarts})
    ensembles = {k["numero"]: k["categories"] for k in lue["conservations"]}
    par_numero = {d.numero: d for d in durees}
    for numero, categories in ensembles.items():
        reunies = sorted(str(par_numero[n].pk) for n, vers in renvois.items() if vers == numero)
        modele._base_manager.filter(pk=par_numero[numero].pk).update(categories=categories, reunies=reunies)
    modele._base_manager.filter(pk__in=[par_numero[n].pk for n in renvois]).delete()


def _ligne(duree):
    champs = (c.attname for c in duree._meta.concrete_fields)
    contenu = {nom: getattr(duree, nom) for nom in champs if nom not in SANS_CONTENU}
    return {**contenu, "categorie": duree.categorie_id}


class Migration(migrations.Migration):
    dependencies = [("conservation", "0008_situations"), ("traitements", "0007_mesure_du_guide")]

    operations = [
        migrations.AddField("dureeconservation", "categories", organismes.champs.ChampCodes(
            blank=True, default=list, referentiel="traitements.CategorieDonnees", verbose_name="catégories de données",
            help_text="Toutes celles que la même durée couvre : l'article 30(1)(f) demande un délai par catégorie. Aucune : toutes les "
            "données de la fiche.",
        )),
        migrations.AddField("dureeconservation", "reunies", organismes.champs.ChampLignes(
            blank=True, default=list, editable=False, verbose_name="durées réunies",
        )),
        migrations.AlterField("dureeconservation", "objet", models.CharField(
            blank=True, max_length=300, verbose_name="données couvertes",
            help_text="Si la durée ne vise qu'une partie de ces données : « factures ».",
            validators=[organismes.champs.sans_caractere_interdit],
        )),
        migrations.RunPython(reunir_les_lignes, migrations.RunPython.noop),
    ]
