"""L'épreuve d'anonymat : secondes et mémoire de pointe, pour 10⁵ et 10⁶ lignes (10⁷ en argument) en 832 classes, avec deux colonnes sensibles.

Usage : `python -m benchmarks.anonymat [N …]`, depuis la racine. Deux mesures : k, l et t seuls, que l'on compare à pycanon s'il
s'importe ; puis l'épreuve entière d'un CSV, dans son processus. pycanon n'est pas une dépendance : un venv à part suffit,
`python -m venv V && V/bin/pip install pycanon && V/bin/python -m benchmarks.anonymat`.
"""

import importlib.util
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from conservation.anonymat.mesures import individualisation, inference
from conservation.anonymat.seuils import SEUILS
from conservation.anonymat.table import Attribut, JeuDeDonnees, classes
from isolement.lancement import lancer
from registre.execution.epreuves import lecteur, lecteur_commande

TAILLES = (100_000, 1_000_000)
PATIENCE = 600  # secondes : pycanon compte chaque valeur de chaque classe en relisant la classe
RACINE = Path(__file__).resolve().parent.parent
QUASI, SENSIBLES = ["age", "region", "genre", "trimestre"], ["motif", "note"]


def lignes(n: int) -> list[tuple[str, ...]]:
    alea = random.Random(4)
    return [
        (
            str(alea.randint(18, 90) // 10 * 10),
            f"R{alea.randint(1, 13)}",
            alea.choice("FH"),
            f"T{alea.randint(1, 4)}",
            alea.choice("abcdef"),
            str(alea.randint(0, 20)),
        )
        for _ in range(n)
    ]


def nous(lues: list[tuple[str, ...]]) -> tuple[int, int, float]:
    colonnes = {
        nom: Attribut.de(c) for nom, c in zip(QUASI + SENSIBLES, zip(*lues, strict=True), strict=True)
    }
    table = JeuDeDonnees(colonnes, len(lues))
    siennes = classes(table.choisies(QUASI))
    dites = [inference(siennes, c) for c in table.choisies(SENSIBLES)]
    k = individualisation(siennes, SEUILS["k"]).k
    return k, min(d.diversite for d in dites), float(max(d.proximite for d in dites))


def pycanon(lues: list[tuple[str, ...]]) -> tuple[int, int, float]:
    # Nommées en texte : ce ne sont pas des dépendances du produit.
    pandas, anonymity = (importlib.import_module(nom) for nom in ("pandas", "pycanon.anonymity"))
    table = pandas.DataFrame(lues, columns=QUASI + SENSIBLES)
    table["note"] = table["note"].astype(int)
    k, diversite = anonymity.k_anonymity(table, QUASI), anonymity.l_diversity(table, QUASI, SENSIBLES)
    return int(k), int(diversite), float(anonymity.t_closeness(table, QUASI, SENSIBLES))


def chronometrer(nom: str, n: int) -> None:
    lues = lignes(n)
    debut = time.perf_counter()
    k, diversite, t = {"nous": nous, "pycanon": pycanon}[nom](lues)
    duree = time.perf_counter() - debut
    pointe = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{duree:.2f} s, {pointe:.0f} Mio ; k = {k}, l = {diversite}, t = {t:.6f}")


def entiere(n: int, par=lecteur) -> str:
    """Un CSV lu et éprouvé par le processus à part : comme le fait la page (sans rôles, donc tout ce qu'ils pourraient demander), ou
    comme le fait la commande."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as fichier:
        fichier.write("\n".join(";".join(ligne) for ligne in [tuple(QUASI + SENSIBLES), *lignes(n)]))
        fichier.flush()
        roles = None if par is lecteur else dict.fromkeys(SENSIBLES, "sensible")
        demande = {"roles": roles, "seuils": SEUILS, "tableau": False, "lignes_max": par.LIGNES_MAX}
        debut = time.perf_counter()
        lancer(par.__name__, demande, [fichier], par.LIMITES)
        duree = time.perf_counter() - debut
    pointe = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return f"{duree:.2f} s, {pointe:.0f} Mio"


def a_part(nom: str, n: int) -> str:
    commande = [sys.executable, "-m", "benchmarks.anonymat", "--mesurer", nom, str(n)]
    try:
        lu = subprocess.run(
            commande, check=True, capture_output=True, text=True, cwd=RACINE, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        return f"pas fini au bout de {PATIENCE} s"
    return lu.stdout.strip()


def principal() -> None:
    if sys.argv[1:2] == ["--mesurer"]:
        chronometrer(sys.argv[2], int(sys.argv[3]))
        return
    comparer = importlib.util.find_spec("pycanon") is not None
    for n in [int(a) for a in sys.argv[1:]] or TAILLES:
        if n <= lecteur.LIGNES_MAX:
            print(f"{n:>9} lignes, épreuve entière, page : {entiere(n)}", flush=True)
        print(f"{n:>9} lignes, épreuve entière, commande : {entiere(n, lecteur_commande)}", flush=True)
        for nom in ("nous", *(["pycanon"] if comparer else [])):
            print(f"{n:>9} lignes, {nom:<8}: {a_part(nom, n)}", flush=True)
    if not comparer:
        print("pycanon n'est pas installé : rien à comparer.")


if __name__ == "__main__":
    principal()
