"""Chaque opération, chaque épreuve retrouve au journal la durée telle qu'elle était quand on l'a signée."""

import json

from django.db import migrations

from conservation.visees import visees_d_alors


def retrouver(apps, schema_editor):
    for nom, numeros in (("Operation", lambda o: o.regles), ("Epreuve", lambda e: [e.regle] if e.regle else [])):
        # Une migration reprend toute l'instance, hors de toute portée, et n'écrit que ce que le journal dit déjà.
        modele = apps.get_model("conservation", nom)
        for objet in modele._base_manager.iterator(chunk_size=200):
            visees = _visees(apps, objet, numeros(objet))
            modele._base_manager.filter(pk=objet.pk).update(durees_visees=visees)


def _visees(apps, objet, numeros):
    """Une durée ôtée depuis n'a plus d'identifiant : celle qui porterait aujourd'hui son numéro n'est pas la sienne."""
    revisions = apps.get_model("journal", "Entree").objects.filter(
        objet_type="fiche", objet_id=str(objet.traitement_id)
    ).exclude(instantane="")
    d_alors = revisions.filter(horodatage__lte=objet.enregistre_le).order_by("-seq").first()
    if d_alors is None:
        return []
    restees = set(numeros)
    for texte in revisions.filter(seq__gt=d_alors.seq).values_list("instantane", flat=True).iterator(chunk_size=50):
        restees &= {k["numero"] for k in json.loads(texte).get("conservations") or ()}
    durees = apps.get_model("conservation", "DureeConservation").objects.filter(traitement_id=objet.traitement_id)
    identifiants = {n: str(pk) for n, pk in durees.values_list("numero", "pk") if n in restees}
    return [
        {**v, "id": identifiants.get(v["numero"], "")}
        for v in visees_d_alors(json.loads(d_alors.instantane), numeros)
    ]


class Migration(migrations.Migration):
    dependencies = [("conservation", "0005_preuves"), ("journal", "0002_gardes")]

    operations = [migrations.RunPython(retrouver, migrations.RunPython.noop)]
