from django.db import migrations


class Migration(migrations.Migration):
    """Les modèles se nomment comme on les dit. La base n'en sait rien : ni table, ni contrainte, ni colonne ne change."""

    dependencies = [("conservation", "0003_mots")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("RegleReference", "DureeReference"),
                migrations.AlterModelTable("DureeReference", "conservation_reglereference"),
                migrations.RenameModel("RegleConservation", "DureeConservation"),
                migrations.AlterModelTable("DureeConservation", "conservation_regleconservation"),
            ]
        )
    ]
