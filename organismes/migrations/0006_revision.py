from django.db import migrations, models

MODELES = ("habilitation", "organisme", "tiers", "utilisateur")


class Migration(migrations.Migration):
    """Le numéro d'enregistrement se nomme `revision` dans le code ; sa colonne reste `version` : la base n'est pas touchée."""

    dependencies = [("organismes", "0005_recherche")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                operation
                for modele in MODELES
                for operation in (
                    migrations.RenameField(modele, "version", "revision"),
                    migrations.AlterField(
                        modele,
                        "revision",
                        models.PositiveIntegerField(db_column="version", default=1, editable=False),
                    ),
                )
            ]
        )
    ]
