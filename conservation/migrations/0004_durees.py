from django.db import migrations


class Migration(migrations.Migration):
    """Les modèles se nomment comme on les dit. La base n'en sait rien : leur table, fixée d'abord, ne change pas de nom."""

    dependencies = [("conservation", "0003_mots")]

    operations = [
        migrations.AlterModelTable("RegleReference", "conservation_reglereference"),
        migrations.RenameModel("RegleReference", "DureeReference"),
        migrations.AlterModelTable("RegleConservation", "conservation_regleconservation"),
        migrations.RenameModel("RegleConservation", "DureeConservation"),
    ]
