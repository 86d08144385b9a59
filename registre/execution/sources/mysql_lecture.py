"""La connexion à MySQL ou MariaDB : ce qui la borne à lire, et à s'arrêter. Se charge seule quand une telle base est demandée."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import pymysql
from pymysql.connections import Connection
from pymysql.cursors import SSCursor

from conservation.comptage import FUSEAU
from registre.execution.sources.bases import ATTENTE_VERROU, TempsImparti
from registre.execution.sources.demande import DemandeDeReleve, SourceRefusee

PanneMySQL = pymysql.MySQLError
VARIABLE_INCONNUE = 1193
PORTEE_TOTALE = re.compile(r"GRANT (?P<droits>.+?) ON \*\.\* TO ", re.IGNORECASE)
TROP_DE_DROITS = {"ALL PRIVILEGES", "FILE", "SUPER", "SYSTEM_VARIABLES_ADMIN"}


def connecter(parametres: dict[str, Any], secondes: int) -> Connection:
    try:
        return pymysql.connect(
            **parametres,
            charset="utf8mb4",
            connect_timeout=10,
            read_timeout=secondes + 30,  # le serveur arrête la lecture avant ; ceci, s'il ne répond plus
            program_name="registre, relevé",
            autocommit=True,
        )
    except (PanneMySQL, RuntimeError, OSError):  # leurs messages citent le compte et l'adresse
        raise SourceRefusee(
            "La base ne répond pas, ou refuse la connexion : vérifiez l'hôte, le port, la base, et dans l'environnement "
            "RELEVE_UTILISATEUR et RELEVE_MOT_DE_PASSE."
        ) from None


class LectureMySQL:
    """Une connexion qui ne sait que lire, et le temps qui lui reste : chaque ordre n'a que celui-là."""

    def __init__(self, connexion: Connection, demande: DemandeDeReleve) -> None:
        self.connexion, self.delai = connexion, TempsImparti(demande.secondes)
        self.delai_du_serveur = self._delai_du_serveur()
        self._ordre("SET SESSION lock_wait_timeout = %s", [ATTENTE_VERROU])
        # La limite est un minuit de Paris : l'heure de Paris à cet instant-là la compare juste, sans les fuseaux que bien des
        # serveurs n'ont pas.
        self._ordre("SET SESSION time_zone = %s", [_decalage(demande.limite)])
        self._ordre("SET SESSION TRANSACTION READ ONLY")
        self._exiger_un_simple_lecteur()
        self._ordre("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")

    def lire(self, requete: str, valeurs: Sequence[Any] = ()) -> tuple[tuple[Any, ...], ...]:
        return self._executer(requete, valeurs)[1]

    def decrire(self, requete: str) -> list[tuple[str, int]]:
        """Le nom et le type de chaque colonne."""
        return self._executer(requete)[0]

    def lignes(self, requete: str, valeurs: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        """Ligne à ligne, à mesure que le serveur les envoie : la mémoire reste constante."""
        self._borner()
        curseur = self.connexion.cursor(SSCursor)
        try:
            curseur.execute(requete, tuple(valeurs))
            yield from curseur.fetchall_unbuffered()
        except BaseException:
            # Sans quoi le pilote lirait jusqu'au bout, pour les jeter, les lignes qui restent.
            if resultat := curseur._result:
                resultat.unbuffered_active = False
            raise

    def _executer(
        self, requete: str, valeurs: Sequence[Any] = ()
    ) -> tuple[list[tuple[str, int]], tuple[tuple[Any, ...], ...]]:
        self._borner()
        with self.connexion.cursor() as curseur:
            curseur.execute(requete, tuple(valeurs))
            return [(c[0], c[1]) for c in curseur.description or ()], curseur.fetchall()

    def _ordre(self, requete: str, valeurs: Sequence[Any] = ()) -> None:
        with self.connexion.cursor() as curseur:
            curseur.execute(requete, tuple(valeurs))

    def _borner(self) -> None:
        variable, par_seconde = self.delai_du_serveur
        self._ordre(f"SET SESSION {variable} = %s", [max(1, int(self.delai.reste() * par_seconde))])

    def _delai_du_serveur(self) -> tuple[str, int]:
        """La variable qui borne une lecture, et ce qu'elle compte en une seconde : MariaDB, puis MySQL."""
        for variable, par_seconde in (("max_statement_time", 1), ("max_execution_time", 1000)):
            try:
                self._ordre(f"SET SESSION {variable} = 0")
                return variable, par_seconde
            except PanneMySQL as erreur:
                if erreur.args[0] != VARIABLE_INCONNUE:
                    raise
        raise SourceRefusee(
            "Ce serveur ne sait pas arrêter une lecture trop longue : il faut MySQL 5.7.8 ou MariaDB 10.1, au moins."
        )

    def _exiger_un_simple_lecteur(self) -> None:
        with self.connexion.cursor() as curseur:
            curseur.execute("SHOW GRANTS")  # n'en sort rien : il porte l'empreinte du mot de passe
            totales = [PORTEE_TOTALE.match(ligne) for (ligne,) in curseur.fetchall()]
        droits = {d.strip().upper() for lu in totales if lu for d in lu["droits"].split(",")}
        if droits & TROP_DE_DROITS:
            raise SourceRefusee(
                "Ce compte peut tout sur ce serveur, ou y toucher aux fichiers (droits ALL ON *.*, FILE ou SUPER), ce qu'une lecture "
                "seule n'arrête pas. Faites un compte qui ne sait que lire : CREATE USER registre_lecture IDENTIFIED BY '…'; "
                "GRANT SELECT ON la_base.* TO registre_lecture;"
            )


def _decalage(limite: date) -> str:
    """« +01:00 » : l'heure de Paris à minuit, le jour de la limite ; celle d'hiver avant que MySQL ne sache dater un instant."""
    minuit = datetime.combine(limite, time(), FUSEAU)
    avance = minuit.utcoffset() or timedelta()
    heures = avance // timedelta(hours=1) if limite.year >= 1970 else 1
    return f"+{heures:02}:00"
