"""L'échéancier d'un grand registre : millisecondes de calcul du serveur, octets de la page, requêtes ; cache froid, puis chaud.

Usage : `python -m benchmarks.echeancier [N …]`, depuis la racine, dans le venv des essais. N fiches de quatre durées chacune (100 et
1 000 par défaut) : en retard, à venir, à fixer, inconnues. Base jetable.
"""

import os
import time
from typing import Any

from benchmarks.banc import lancer

TAILLES = (100, 1000)
FOIS = 5  # chaque page se demande autant de fois : la plus courte compte
PAGES = (
    ("première page", ""),
    ("page 20", "?page=20"),
    ("retards, page 2", "?quand=retard&page=2"),
    ("une famille", "?famille=clients"),
    ("des mots", "?fiche=numero+12"),
)


def durees(rang: int) -> list[dict[str, Any]]:
    """Quatre durées : une purge connue, en retard ou non selon le rang ; une sans fréquence ; une sans purge connue ; un terme daté."""
    commune = {
        "duree_valeur": 3,
        "duree_unite": "ans",
        "point_depart": "FIN_RELATION_COMMERCIALE",
        "sort_final": "suppression",
    }
    return [
        commune | {"categorie": "ETAT_CIVIL", "frequence_mois": 12, "derniere_purge": f"202{4 + rang % 3}-{1 + rang % 11:02d}-15"},
        commune | {"categorie": "COORDONNEES"},
        commune | {"categorie": "TRANSACTIONS", "frequence_mois": 12},
        commune | {"categorie": "CONNEXION", "echeance": f"20{26 + rang % 9}-{1 + rang % 12:02d}-01"},
    ]  # fmt: skip


def fiche(rang: int) -> dict[str, Any]:
    from benchmarks import generer

    return generer.fiche(rang) | {"date_mise_en_oeuvre": "2017-01-10", "conservations": durees(rang)}


def mesurer() -> None:
    from django.core.cache import cache
    from django.urls import reverse
    from django_scopes import scopes_disabled

    from boutique import connecte, habiliter
    from organismes.choix import Role
    from organismes.models import Organisme

    with scopes_disabled():  # la base du banc ne tient qu'un organisme : on va le chercher
        cible = Organisme.objects.get()
    courriel = f"claire{os.getpid()}@lavande.example"
    claire = connecte(habiliter(cible, Role.DPO, courriel, "Claire Morel"))
    adresse = reverse("conservation")
    claire.get(adresse)  # les gabarits se compilent une fois par processus
    cache.clear()
    print(f"\n  cache froid : {_demander(claire, adresse, fois=1)}")
    for dire, requete in PAGES:
        print(f"  {dire} : {_demander(claire, adresse + requete)}")
    print(f"  CSV : {_demander(claire, reverse('echeancier_csv'))}")
    print(f"  le registre, pour comparer : {_demander(claire, reverse('registre'))}")


def _demander(client: Any, adresse: str, fois: int = FOIS) -> str:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    durees_ms = []
    for _ in range(fois):
        with CaptureQueriesContext(connection) as requetes:
            debut = (
                time.process_time()
            )  # le calcul, non l'attente : la mesure vaut aussi sur une machine occupée
            reponse = client.get(adresse)
            durees_ms.append((time.process_time() - debut) * 1000)
    assert reponse.status_code == 200, reponse.status_code
    return f"{min(durees_ms):.0f} ms, {len(reponse.content) / 1000:.0f} ko, {len(requetes)} requêtes"


if __name__ == "__main__":
    lancer("benchmarks.echeancier", mesurer, TAILLES, fiche)
