"""La recherche dans un registre : temps, requêtes et place gardée, pour 1 000 et 10 000 fiches.

Usage : `python -m benchmarks.recherche [N …]`, depuis la racine, dans le venv des essais. Base jetable.
"""

import time

from benchmarks.banc import lancer

TAILLES = (1000, 10_000)
RECHERCHES = ("mailwright", "3 ans", "activite 123", "confidentialite instruction", "introuvable")


def mesurer() -> None:
    from django.db import connection
    from django.db.models import Avg
    from django.db.models.functions import Length
    from django.test.utils import CaptureQueriesContext
    from django_scopes import scopes_disabled

    from organismes.models import Organisme
    from organismes.pliage import termes
    from organismes.portee import dans
    from registre.fiche.recherche import chercher
    from registre.portes.vues.registre import _extraits, trier
    from traitements.models import TexteCherche, Traitement

    with scopes_disabled():  # la base du banc ne tient qu'un organisme : on va le chercher
        cible = Organisme.objects.get()
    with dans(cible):
        taille = TexteCherche.objects.aggregate(m=Avg(Length("texte")))["m"]
        print(f"{taille:.0f} caractères gardés par fiche")
        for recherche in RECHERCHES:
            with CaptureQueriesContext(connection) as requetes:
                debut = time.perf_counter()
                trouvees = chercher(Traitement.objects.all(), recherche)
                nombre = trouvees.count()
                page = [f.pk for f in trier(trouvees, "reference").only("pk")[:50]]
                milieu = time.perf_counter()
                _extraits(page, termes(recherche))
                fin = time.perf_counter()
            print(
                f"    « {recherche} » : {nombre} fiches, {1000 * (milieu - debut):.0f} ms, extraits de la page "
                f"{1000 * (fin - milieu):.0f} ms, {len(requetes)} requêtes"
            )


if __name__ == "__main__":
    lancer("benchmarks.recherche", mesurer, TAILLES)
