"""La tête du journal, et les gardes de la base : une entrée ne se modifie ni ne s'efface, même hors de Django."""

from django.db import migrations

from journal import gardes


def poser(apps, schema_editor):
    apps.get_model("journal", "Tete").objects.get_or_create(pk=1)
    gardes.poser(schema_editor.connection)


def retirer(apps, schema_editor):
    gardes.retirer(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(poser, retirer)]
