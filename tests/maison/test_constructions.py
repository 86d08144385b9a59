"""Les constructions dangereuses : chacune est refusée, hors d'une courte liste de lieux et de raisons."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from django.apps import apps
from django.db import models
from django_scopes import ScopeError

from arbre import RACINE
from organismes.models_referentiels import ChangementReferentiel
from registre.fiche.referentiels import REFERENTIELS

PAQUETS = sorted(
    p.parent for p in RACINE.glob("*/__init__.py") if p.parent.name not in {"tests", "benchmarks"}
)
A_LA_RACINE = [RACINE / nom for nom in ("demarrer.py", "manage.py", "gunicorn.conf.py")]

# Ce que django-scopes ne borne pas, hors des référentiels, qui n'appartiennent à personne.
SANS_CLOISON = {"Entree", "Tete", "EnvoiRecu", "Utilisateur"}

# construction → lieu (fichier, ou dossier) → pourquoi elle y est permise
PERMIS = {
    "HTML tenu pour sûr": {
        "registre/portes/requetes/rendu.py": "les contrôles d'une page de saisie, chaque valeur échappée sur place",
        "registre/portes/gestion/ecriture.py": "la même page, champ par champ",
        "registre/portes/gestion/champs.py": "les réponses d'une liste, échappées une fois pour toutes",
        "templates/account/email/base_message.txt": "un courriel en texte : rien ne s'y échappe",
    },
    "date naïve": {},
    "écriture hors du service": {
        "journal/service.py": "le journal lui-même",
        "organismes/models_personnes.py": "le compte que Django crée lui-même",
        "organismes/champs_derives.py": "des colonnes déduites d'une autre, refaites sans rien changer de déclaré",
        "organismes/brouillons.py": "les brouillons ne sont pas journalisés",
        "registre/fiche/enregistrement.py": "le service",
        "documents/fragments.py": "un fichier PDF, pas un modèle",
        "registre/echanges/exports/pdf_assemblage.py": "un fichier PDF, pas un modèle",
        "registre/fiche/envois.py": "les envois reçus ne sont pas journalisés",
        "registre/fiche/recherche.py": "le texte cherché, déduit de la fiche",
        "registre/fiche/referentiels.py": "les référentiels, dont le chargement est consigné",
        "registre/fiche/actualisation.py": "consigné sur place, avec la fiche",
        "registre/actes/comptes.py": "consigné sur place, avec le compte",
        "registre/execution/agenda.py": "consigné sur place, avec l'abonnement",
        "registre/execution/operations.py": "consigné sur place, figé ensuite",
        "registre/execution/rappels.py": "les rappels envoyés ne sont pas journalisés",
    },
    "portée levée": {
        "organismes/droits.py": "avant de savoir dans quel organisme la personne travaille",
        "organismes/brouillons.py": "l'âge seul décide ; aucun contenu n'est lu",
        "organismes/models.py": "un numéro SIREN vaut pour toute l'instance",
        "registre/execution/agenda.py": "le jeton seul dit de quel organisme il s'agit",
        "registre/echanges/imports/identite.py": "le SIREN d'un fichier peut être celui de tout organisme de l'instance",
        "registre/portes/management/": "la ligne de commande choisit sa portée",
        "registre/portes/demonstration/charger.py": "les organismes n'existent pas encore",
        "registre/portes/gestion/objets.py": "l'administrateur gère comptes et habilitations de toute l'instance",
        "registre/portes/gestion/base.py": "le gestionnaire cloisonné du modèle, que Django nomme ainsi",
    },
    "table de toute l'instance": {
        "journal/service.py": "le journal lui-même",
        "organismes/brouillons.py": "l'âge seul décide ; aucun contenu n'est lu",
        "registre/fiche/envois.py": "une clé tirée au sort désigne l'envoi",
        "registre/fiche/codes.py": "le nom de qui a signé, d'après son identifiant",
        "registre/fiche/references.py": "le chargement des référentiels, de toute l'instance",
        "registre/conformite/tenus.py": "les entrées de l'organisme depuis la dernière lue",
        "registre/execution/echeances.py": "le numéro de la dernière entrée de l'organisme",
        "registre/actes/suppression.py": "l'histoire d'une fiche déjà lue dans sa portée",
        "registre/actes/comptes.py": "un compte est de toute l'instance",
        "registre/echanges/exports/contenu.py": "le jour de la dernière entrée de l'organisme",
        "registre/portes/vues/journal.py": "les entrées de l'organisme actif",
        "registre/portes/vues/tableau.py": "les entrées de l'organisme actif",
        "registre/portes/vues/organisme.py": "à qui demander une habilitation : les administrateurs",
        "registre/portes/gestion/": "l'administrateur gère les comptes de toute l'instance",
        "registre/portes/management/commands/": "la ligne de commande est de toute l'instance",
        "registre/portes/demonstration/charger.py": "les comptes n'existent pas encore",
        "registre/portes/demonstration/histoire.py": "les comptes de la démonstration",
    },
    "réponse faite à la main": {
        "registre/portes/requetes/telechargement.py": "le seul endroit qui donne un fichier",
        "registre/portes/requetes/reception.py": "renvoie où mène l'envoi déjà reçu",
        "registre/portes/vues/echeancier.py": "l'agenda : une adresse à jeton, que l'on garde en chemin",
        "registre/portes/vues/brouillons.py": "répond au script de saisie, en JSON",
        "registre/portes/vues/sante.py": "répond à une sonde, avant toute session",
        "registre/portes/vues/refus.py": "un refus de l'API, hors de ses vues",
        "registre/portes/gestion/vue.py": "renvoie à la page enregistrée",
    },
    "processus lancé": {
        "isolement/lancement.py": "la pièce faite pour cela",
        "demarrage/": "lancer pip, apt-get et gunicorn est tout son métier",
    },
    "code fabriqué": {},
    "chemin d'import ajouté": {
        "gunicorn.conf.py": "« gunicorn » lancé par son nom ne connaît pas encore ce dossier",
    },
}


def nom(noeud: ast.expr) -> str:
    return noeud.attr if isinstance(noeud, ast.Attribute) else getattr(noeud, "id", "")


def appels(arbre: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.Call):
            yield nom(noeud.func), noeud


def surs(arbre: ast.AST) -> Iterator[int]:
    yield from (n.lineno for a, n in appels(arbre) if a in {"mark_safe", "SafeString", "SafeData"})


def naives(arbre: ast.AST) -> Iterator[int]:
    for appele, n in appels(arbre):
        sans_fuseau = appele == "now" and nom(n.func.value) == "datetime" and not (n.args or n.keywords)
        if sans_fuseau or appele in {"today", "utcnow", "utcfromtimestamp"}:
            yield n.lineno


def ecritures(arbre: ast.AST) -> Iterator[int]:
    for appele, n in appels(arbre):
        sur = ast.unparse(n.func)
        sur_la_base = "objects" in sur or "objets(" in sur or ".filter(" in sur
        if appele in {"save", "delete"} and "super()" not in sur or appele.startswith("bulk_"):
            yield n.lineno
        elif appele in {"update", "get_or_create", "update_or_create", "create"} and sur_la_base:
            yield n.lineno


def portees(arbre: ast.AST) -> Iterator[int]:
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.Attribute) and noeud.attr in {"_base_manager", "_default_manager"}:
            yield noeud.lineno
        elif isinstance(noeud, ast.Call) and nom(noeud.func) == "scopes_disabled":
            yield noeud.lineno


def sans_cloison(arbre: ast.AST) -> Iterator[int]:
    """`Entree.objects`… : rien n'y borne la lecture à un organisme, sinon ce que l'on écrit soi-même."""
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.Attribute) and noeud.attr == "objects":
            lu = noeud.value
        elif isinstance(noeud, ast.Call) and nom(noeud.func) == "objets" and noeud.args:
            lu = noeud.args[0]
        else:
            continue
        if ast.unparse(lu).rpartition(".")[2] in {*SANS_CLOISON, "get_user_model()"}:
            yield noeud.lineno


def reponses(arbre: ast.AST) -> Iterator[int]:
    for appele, n in appels(arbre):
        if re.fullmatch(r"(Http|Json|File|Streaming)\w*Response\w*", appele):
            yield n.lineno


def processus(arbre: ast.AST) -> Iterator[int]:
    for appele, n in appels(arbre):
        if (
            appele in {"Popen", "system", "popen", "fork", "spawnv"}
            or nom(getattr(n.func, "value", n)) == "subprocess"
        ):
            yield n.lineno


def fabriques(arbre: ast.AST) -> Iterator[int]:
    for appele, n in appels(arbre):
        if (
            isinstance(n.func, ast.Name)
            and appele in {"eval", "exec", "compile"}
            or "pickle" in ast.unparse(n.func)
        ):
            yield n.lineno


def chemins(arbre: ast.AST) -> Iterator[int]:
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.Attribute) and noeud.attr == "path" and nom(noeud.value) == "sys":
            yield noeud.lineno


CHERCHES: dict[str, Callable[[ast.AST], Iterator[int]]] = {
    "HTML tenu pour sûr": surs,
    "date naïve": naives,
    "écriture hors du service": ecritures,
    "portée levée": portees,
    "table de toute l'instance": sans_cloison,
    "réponse faite à la main": reponses,
    "processus lancé": processus,
    "code fabriqué": fabriques,
    "chemin d'import ajouté": chemins,
}


@cache
def sources() -> list[tuple[str, ast.AST]]:
    du_produit = (f for p in PAQUETS for f in p.rglob("*.py") if "migrations" not in f.parts)
    return [
        (chemin.relative_to(RACINE).as_posix(), ast.parse(chemin.read_text(encoding="utf-8")))
        for chemin in (*A_LA_RACINE, *du_produit)
    ]


def gabarits_surs() -> Iterator[tuple[str, int]]:
    for chemin in (RACINE / "templates").rglob("*.*"):
        for rang, ligne in enumerate(chemin.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(r"\|\s*safe(seq)?\b|autoescape\s+off", ligne):
                yield chemin.relative_to(RACINE).as_posix(), rang


def lieux(construction: str) -> list[tuple[str, int]]:
    trouves = [(f, ligne) for f, arbre in sources() for ligne in CHERCHES[construction](arbre)]
    return [*trouves, *gabarits_surs()] if construction == "HTML tenu pour sûr" else trouves


def permis(fichier: str, construction: str) -> str:
    return next(
        (
            lieu
            for lieu in PERMIS[construction]
            if fichier == lieu or (lieu.endswith("/") and fichier.startswith(lieu))
        ),
        "",
    )


@pytest.mark.parametrize("construction", CHERCHES)
def test_une_construction_dangereuse_n_est_que_la_ou_elle_est_justifiee(construction):
    trouves = lieux(construction)
    assert [f"{f}, ligne {ligne}" for f, ligne in trouves if not permis(f, construction)] == []
    assert {permis(f, construction) for f, _ in trouves} == set(PERMIS[construction]), (
        "une permission ne sert plus"
    )


@pytest.mark.parametrize(
    ("construction", "source"),
    [
        ("HTML tenu pour sûr", "mark_safe(texte)"),
        ("date naïve", "datetime.datetime.now()"),
        ("date naïve", "date.today()"),
        ("écriture hors du service", "fiche.save()"),
        ("écriture hors du service", "Tiers.objects.filter(pk=1).update(nom='x')"),
        ("écriture hors du service", "objets(modele).create(nom='x')"),
        ("portée levée", "with scopes_disabled():\n    pass"),
        ("portée levée", "Tiers._base_manager.all()"),
        ("table de toute l'instance", "Entree.objects.all()"),
        ("réponse faite à la main", "HttpResponse(octets)"),
        ("processus lancé", "subprocess.run(['ls'])"),
        ("code fabriqué", "eval('1')"),
        ("chemin d'import ajouté", "sys.path.insert(0, '.')"),
    ],
)
def test_la_recherche_voit_ce_qu_elle_doit_refuser(construction, source):
    assert list(CHERCHES[construction](ast.parse(source)))


def test_un_modele_sans_cloison_est_declare():
    pieces = {p.name for p in PAQUETS}
    siens = [m for m in apps.get_models() if m.__module__.partition(".")[0] in pieces]
    referentiels = {*REFERENTIELS.values(), ChangementReferentiel}
    assert {m.__name__ for m in siens if m not in referentiels and not borne(m)} == SANS_CLOISON


def borne(modele: type[models.Model]) -> bool:
    try:
        modele.objects.all()
    except ScopeError:
        return True
    return False
