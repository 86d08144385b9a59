from django.db import migrations


class Migration(migrations.Migration):
    """À part de 0009 : PostgreSQL ne change pas une table dont des lignes viennent de changer dans la même transaction."""

    dependencies = [("conservation", "0009_ensembles")]

    operations = [migrations.RemoveField("dureeconservation", "categorie")]
