"""La table du cache partagé : les limites d'essais de connexion y vivent, il la faut dès la première page."""

from django.core.management import call_command
from django.db import migrations


def creer(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("organismes", "0001_initial")]
    operations = [migrations.RunPython(creer, migrations.RunPython.noop)]
