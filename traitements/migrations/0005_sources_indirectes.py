from django.db import migrations, models

# Ce que le produit tenait pour indirect avant d'en faire une colonne : le droit n'a pas changé, aucune fiche n'est à relire.
INDIRECTES = ["PARTENAIRE", "COURTIER", "PUBLIQUE", "RESEAU_SOCIAL", "PARRAINAGE"]


def marquer(apps, schema_editor):
    apps.get_model("traitements", "SourceDonnees").objects.filter(pk__in=INDIRECTES).update(indirecte=True)


class Migration(migrations.Migration):
    dependencies = [("traitements", "0004_aides")]

    operations = [
        migrations.AddField(
            model_name="sourcedonnees",
            name="indirecte",
            field=models.BooleanField(default=False, verbose_name="collecte indirecte (art. 14)"),
        ),
        migrations.RunPython(marquer, migrations.RunPython.noop),
    ]
