"""argparse en français. Il n'a pas d'autre porte que `gettext`, qui suit la langue du terminal : on la remplace."""

import argparse

# « options » et « arguments » portent l'espace qui précède en français le deux-points qu'argparse leur accole.
PHRASES = {
    "usage: ": "usage : ",
    "options": "options ",
    "optional arguments": "options ",
    "positional arguments": "arguments ",
    "show this help message and exit": "affiche ce message d'aide",
    "%(prog)s: error: %(message)s\n": "%(prog)s : %(message)s.\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s : %(message)s",
    "the following arguments are required: %s": "il manque %s",
    "one of the arguments %s is required": "il faut l'un de %s",
    "unrecognized arguments: %s": "non reconnu : %s",
    "not allowed with argument %s": "ne va pas avec %s",
    "ignored explicit argument %r": "cette option ne prend pas de valeur (%r)",
    "expected one argument": "il faut une valeur",
    "expected at most one argument": "il faut une valeur au plus",
    "expected at least one argument": "il faut au moins une valeur",
    "ambiguous option: %(option)s could match %(matches)s": "« %(option)s » peut être %(matches)s : précisez",
    "invalid %(type)s value: %(value)r": "« %(value)s » ne se comprend pas",
    "invalid choice: %(value)r (choose from %(choices)s)": "« %(value)s » n'est pas l'un de %(choices)s",
    "expected %s argument": "il faut %s valeur",
    "expected %s arguments": "il faut %s valeurs",
}


def parler_francais() -> None:
    vars(argparse).update(_=_phrase, ngettext=_accordee)  # les deux noms par lesquels il traduit


def _phrase(phrase: str) -> str:
    return PHRASES.get(phrase, phrase)


def _accordee(une: str, plusieurs: str, nombre: int) -> str:
    return PHRASES.get(une if nombre == 1 else plusieurs, plusieurs)
