"""La ligne de commande de `manage.py` : la liste des commandes et les refus, en français."""

import difflib
import sys

from django.core.management import ManagementUtility, get_commands, load_command_class

from registre.portes.management.francais import parler_francais

APPLICATION = "registre.portes"  # celle dont Django cherche les commandes ici


class Gestion(ManagementUtility):
    def main_help_text(self, commands_only: bool = False) -> str:
        noms = sorted(nom for nom, paquet in get_commands().items() if paquet == APPLICATION)
        if commands_only:
            return "\n".join(noms)
        lignes = [f"  {nom:<22} {load_command_class(APPLICATION, nom).help}" for nom in noms]
        suite = [
            "",
            f"« {self.prog_name} COMMANDE --help » dit ses options.",
            "Les commandes de Django (migrate, shell…) répondent aussi, en anglais.",
        ]
        if self.settings_exception is not None:
            suite += ["", f"Réglage à corriger. {self.settings_exception}"]
        return "\n".join([f"usage : {self.prog_name} COMMANDE [options]", "", *lignes, *suite])

    def fetch_command(self, subcommand: str):
        if self.settings_exception is not None:
            raise self.settings_exception
        if subcommand not in get_commands():
            self._refuser(subcommand)
        parler_francais()
        return super().fetch_command(subcommand)

    def _refuser(self, nom: str) -> None:
        proches = difflib.get_close_matches(nom, get_commands())
        conseil = f"Vouliez-vous dire {' ou '.join(proches)} ? " if proches else ""
        sys.stderr.write(
            f"« {nom} » n'est pas une commande. {conseil}« {self.prog_name} help » les nomme toutes.\n"
        )
        sys.exit(2)
