"""Les règles de droit : ce qu'elles disent, d'où elles viennent, ce qu'elles touchent."""

from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from droit.changements import changements
from droit.regles import REGLES, Marque, Portee, Regle
from organismes.models import ChangementReferentiel
from organismes.requete import RequeteHabilitee
from registre.conformite.constats import MARQUES
from registre.conformite.controle import Conformite
from registre.conformite.droit_nouveau import JourDeDroit, droit_nouveau
from registre.conformite.synthese import synthese
from registre.fiche.actualisation import ChangementLu, dire
from registre.fiche.lecture import date_en_mots
from registre.fiche.referentiels import version_en_service
from traitements.phrases import majuscule

UN_AN = timedelta(days=365)
ARTICLE = "article du RGPD"  # il n'a pas besoin de marque


def regles(request: RequeteHabilitee) -> HttpResponse:
    jour = timezone.localdate()
    lue = synthese(request.organisme, jour)
    toutes = sorted(REGLES.values(), key=lambda r: (r.theme.rang, r.code))
    groupes = [
        (theme.titre, [_ligne(r, lue, jour) for r in siennes])
        for theme, siennes in groupby(toutes, key=lambda r: r.theme)
    ]
    contexte = {
        "groupes": groupes,
        "nombre": len(toutes),
        "parlent": sum(1 for _, lignes in groupes for ligne in lignes if ligne["nombre"]),
        "jour": date_en_mots(jour),
        "version": version_en_service(),
        **_ce_qui_a_change(request, jour),
    }
    return render(request, "registre/regles.html", contexte)


def _ce_qui_a_change(request: RequeteHabilitee, jour: date) -> dict[str, Any]:
    """Le droit qui a changé depuis un an et celui qui vient ; les fiches qu'il touche, quand on dit depuis quand."""
    depuis = _jour_demande(request.GET.get("depuis", ""), jour)
    conformite = Conformite(request.organisme)
    passes = (
        droit_nouveau(conformite, depuis, jour)
        if depuis
        else [JourDeDroit(n) for n in changements(conformite.reperes, jour - UN_AN, jour)]
    )
    a_venir = [JourDeDroit(n) for n in changements(conformite.reperes, jour, date.max)]
    return {
        "depuis": depuis,
        "un_an": jour - UN_AN,
        "aujourd_hui": jour,
        "jours": [*reversed(a_venir), *reversed(passes)],
        "referentiels": _dernieres_lignes_changees(),
    }


def _jour_demande(ecrit: str, jour: date) -> date | None:
    """Le jour écrit dans l'adresse ; `None` s'il manque, ne se lit pas ou n'est pas passé."""
    try:
        lu = date.fromisoformat(ecrit)
    except ValueError:
        return None
    return lu if lu <= jour else None


def _dernieres_lignes_changees() -> list[ChangementLu]:
    """Ce que la dernière version des référentiels qui ait changé quelque chose a changé, ligne par ligne."""
    derniere = ChangementReferentiel.objects.order_by("-pk").first()
    if derniere is None:
        return []
    siennes = ChangementReferentiel.objects.filter(version=derniere.version, le=derniere.le)
    return [dire(c) for c in siennes.order_by("liste", "libelle", "pk")]


def _ligne(regle: Regle, lue, le: date) -> dict:
    de_l_organisme = regle.portee is Portee.ORGANISME
    siens = [c for c in lue.organisme if c.code == regle.code]
    return {
        "regle": regle,
        "titre": majuscule(regle.titre),
        "marque": MARQUES[regle.marque]
        if regle.marque is not Marque.MEMOIRE or not regle.opposable
        else ARTICLE,
        "validite": validite(regle, le),
        "en_vigueur": regle.en_vigueur(le),
        "changements": [(date_en_mots(j), quoi) for j, quoi in sorted(regle.changements.items())],
        "ramenee": regle.gravite_effective is not regle.gravite,
        "de_l_organisme": de_l_organisme,
        "nombre": len(siens) if de_l_organisme else len(lue.par_regle.get(regle.code, ())),
        "ecartes": len(lue.ecartes.get(regle.code, ())),
    }


def validite(regle: Regle, le: date) -> str:
    """Depuis quand, et jusqu'à quand, une règle vaut ; vide si elle n'est pas datée."""
    if regle.en_attente:
        return f"pas en vigueur : attend {regle.en_attente}, qui n'est pas adopté"
    debut, fin = (j and date_en_mots(j) for j in (regle.depuis, regle.jusqu_au))
    if regle.depuis and le < regle.depuis:
        return f"à venir : en vigueur le {debut}" + (f", jusqu'au {fin}" if fin else "")
    if regle.jusqu_au and regle.jusqu_au < le:
        return f"n'est plus en vigueur : a valu jusqu'au {fin}"
    bornes = " et ".join(m for m in (debut and f"depuis le {debut}", fin and f"jusqu'au {fin}") if m)
    return f"en vigueur {bornes}" if bornes else ""
