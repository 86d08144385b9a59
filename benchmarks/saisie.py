"""Le formulaire d'une fiche longue : secondes de calcul, mégaoctets, requêtes, pour ouvrir, renvoyer, refuser.

Usage : `python -m benchmarks.saisie [N …]`, depuis la racine, dans le venv des essais. N : le nombre de lignes de données, de
durées et de destinataires (60 et 200 par défaut). Base jetable.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
TAILLES = (60, 200)


def _mesurer(dire: str, demander) -> str:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as requetes:
        debut = time.process_time()  # le calcul, non l'attente : la mesure vaut aussi sur une machine occupée
        reponse = demander()
        duree = time.process_time() - debut
    octets = len(reponse.content)
    print(
        f"  {dire} : {duree:.2f} s, {octets / 1e6:.2f} Mo, {len(requetes)} requêtes ({reponse.status_code})"
    )
    return reponse.content.decode()


def mesurer(nombre: int) -> None:
    from django.urls import reverse

    from benchmarks.generer import fiche_longue
    from boutique import connecte, creer_fiche, creer_organisme, creer_tiers, habiliter
    from organismes.choix import Role
    from pages import champs

    boutique = creer_organisme(f"Mesure {nombre}")
    for n in range(1, 21):
        creer_tiers(boutique, f"Prestataire {n:02d}", pays="FR")
    fiche = creer_fiche(boutique, **fiche_longue(nombre))
    claire = connecte(habiliter(boutique, Role.DPO, f"claire{nombre}@lavande.example", "Claire Morel"))
    adresse = reverse("admin:traitements_traitement_change", args=[fiche.pk])
    print(f"{nombre} données, {nombre} durées, {nombre} destinataires")
    claire.get(adresse)  # les gabarits se compilent une fois par processus
    envoi = champs(_mesurer("ouvrir", lambda: claire.get(adresse)))
    print(f"  {sum(len(v) if isinstance(v, list) else 1 for v in envoi.values())} champs envoyés")
    _mesurer(
        "ouvrir une ligne sans JavaScript", lambda: claire.post(adresse, envoi | {"ouvrir": "donnees-3"})
    )
    _mesurer("renvoyer sans rien changer", lambda: claire.post(adresse, envoi))
    faux = envoi | {"intitule": ""}
    _mesurer("renvoyer avec une erreur", lambda: claire.post(adresse, faux))
    _mesurer("renvoyer avec un changement", lambda: claire.post(adresse, envoi | {"service": "Ventes"}))


def preparer() -> None:
    sys.path[:0] = [str(RACINE), str(RACINE / "tests")]
    os.environ.setdefault("DONNEES", tempfile.mkdtemp(prefix="registre-mesure-"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reglages_tests")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("charger_referentiels", verbosity=0, stdout=open(os.devnull, "w"))


if __name__ == "__main__":
    preparer()
    for nombre in sorted(int(n) for n in sys.argv[1:]) or TAILLES:
        mesurer(nombre)
