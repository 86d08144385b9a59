from django.db import migrations, models


class Migration(migrations.Migration):
    """Le numéro d'enregistrement se nomme `revision` dans le code ; sa colonne reste `version` : la base n'est pas touchée."""

    dependencies = [("traitements", "0005_sources_indirectes")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("traitement", "version", "revision"),
                migrations.AlterField(
                    "traitement",
                    "revision",
                    models.PositiveIntegerField(db_column="version", default=1, editable=False),
                ),
            ]
        )
    ]
