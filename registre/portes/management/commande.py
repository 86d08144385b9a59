"""La classe de base des commandes : français jusqu'au dernier mot, codes 0, 1 et 2, jamais de trace pour une panne."""

import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from registre.portes.management.francais import parler_francais
from registre.portes.serveur.pannes import panne

IMPREVUE = (
    "Une erreur imprévue a arrêté la commande ; ce qu'elle avait commencé d'écrire est annulé. "
    "Relancez-la avec --traceback pour le détail à transmettre."
)


class Commande(BaseCommand):
    """Ce qu'une commande refuse lève `CommandError` : code 1, ou 2 (`returncode`) quand la ligne ne se comprend pas.

    Une panne connue (base, disque, droits) devient un refus ; ce qui n'est pas prévu se dit sans trace, sauf `--traceback`.
    """

    # Les contrôles de Django se disent en anglais ; `alertes` dit les nôtres au démarrage.
    requires_system_checks = []
    # Elles restent utilisables ; leur aide est en anglais et n'apprend rien à qui tient un registre.
    suppressed_base_arguments = {
        *("--version", "-v", "--verbosity", "--settings", "--pythonpath", "--traceback"),
        *("--no-color", "--force-color", "--skip-checks"),
    }

    def create_parser(self, *args, **options):
        parler_francais()
        return super().create_parser(*args, **options)

    def execute(self, *args, **options):
        try:
            return super().execute(*args, **options)
        except Exception as erreur:
            if raison := panne(erreur):
                raise CommandError(raison) from erreur
            raise

    def run_from_argv(self, argv: list[str]) -> None:
        trace = "--traceback" in argv
        try:
            self._executer(argv)
        except CommandError as refus:
            self._sortir(refus, str(refus), refus.returncode, trace)
        except ImproperlyConfigured:
            raise  # `manage.py` le dit
        except KeyboardInterrupt as arret:
            self._sortir(arret, "Interrompu.", 1, trace)
        except Exception as erreur:
            self._sortir(erreur, IMPREVUE, 1, trace)
        finally:
            connections.close_all()

    def _executer(self, argv: list[str]) -> None:
        self._called_from_command_line = True
        options = vars(self.create_parser(argv[0], argv[1]).parse_args(argv[2:]))
        self.execute(*options.pop("args", ()), **options)

    def _sortir(self, erreur: BaseException, phrase: str, code: int, trace: bool) -> None:
        if trace:
            raise erreur
        self.stderr.write(phrase)
        sys.exit(code)
