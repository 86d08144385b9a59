"""Le premier regard sur une source, tel que la commande l'imprime. Aucune valeur, sauf les bornes des dates."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from conservation.apercu import ColonneVue, FormatVu, dite, part
from registre.execution.sources.demande import Regard


def dit(regard: Regard, vues: Sequence[ColonneVue]) -> Iterator[str]:
    """Ligne à ligne : les colonnes de dates d'abord, les autres en une ligne."""
    yield f"source : {regard.source}"
    if regard.feuille:
        autres = [f for f in regard.feuilles if f != regard.feuille]
        suite = f" (aussi : {', '.join(autres)} ; --table en choisit une)" if autres else ""
        yield f"feuille : {regard.feuille}{suite}"
    if regard.lignes_de_titre:
        yield f"au-dessus de l'en-tête : {regard.lignes_de_titre}"
    yield f"lignes : {regard.lignes}"
    for vue in vues:
        if vue.formats:
            yield from _colonne(vue)
    if sans_date := [vue.nom or "(sans nom)" for vue in vues if not vue.formats]:
        yield f"sans date : {', '.join(sans_date)}"
    yield f"empreinte : {regard.sha256}"


def _colonne(vue: ColonneVue) -> Iterator[str]:
    yield ""
    yield f"colonne : {vue.nom or '(sans nom)'}"
    yield f"  remplies : {vue.remplies}, vides : {vue.vides}, dates nulles : {vue.nulles}, illisibles : {vue.illisibles}"
    for vu in vue.formats:
        yield f"  {_format(vu, vue.remplies)}"
    for forme, combien in vue.formes:
        yield f"  illisible, de la forme {forme} : {combien}"
    if vue.a_choisir:
        yield f"  à choisir : {vue.a_choisir}"
    elif proposee := vue.proposee:
        yield f"  proposé : {' '.join(f'--format {code}' for code in proposee.codes)}"


def _format(vu: FormatVu, remplies: int) -> str:
    dits = [
        f"{vu.format} : {vu.lus} ({part(vu.lus, remplies)})",
        f"du {vu.plus_ancienne.isoformat()} au {vu.plus_recente.isoformat()}",
        f"au 1er janvier 1970 : {vu.en_1970}" if vu.en_1970 else "",
        f"à venir : {vu.futures}" if vu.futures else "",
    ]
    return ", ".join(d for d in dits if d)


def dit_en_json(regard: Regard, vues: Sequence[ColonneVue]) -> str:
    lu: dict[str, Any] = {
        "source": regard.source,
        "sha256": regard.sha256,
        "feuille": regard.feuille,
        "feuilles": list(regard.feuilles),
        "lignes_de_titre": regard.lignes_de_titre,
        "lignes": regard.lignes,
        "colonnes": [
            {
                **dite(vue),
                "a_choisir": vue.a_choisir,
                "proposee": vue.proposee.codes if vue.proposee else [],
            }
            for vue in vues
        ],
    }
    return json.dumps(lu, ensure_ascii=False, indent=2)
