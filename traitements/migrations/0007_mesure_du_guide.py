from django.db import migrations


class Migration(migrations.Migration):
    """Une mesure du guide de la CNIL se nomme `MesureGuide` : une fiche est celle du registre. Sa table reste la même."""

    dependencies = [("traitements", "0006_revision")]

    operations = [
        migrations.AlterModelTable("fichesecurite", "traitements_fichesecurite"),
        migrations.RenameModel("FicheSecurite", "MesureGuide"),
    ]
