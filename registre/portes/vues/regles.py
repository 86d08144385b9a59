"""Les règles de droit : ce qu'elles disent, d'où elles viennent, ce qu'elles touchent."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from droit.regles import REGLES, Portee, Regle
from registre.conformite.constats import MARQUES
from registre.conformite.synthese import synthese
from registre.fiche.lecture import date_en_mots
from registre.fiche.referentiels import version_en_service
from traitements.phrases import majuscule

FAMILLES = {
    "REG": "Ce que le registre comporte",
    "BAS": "Base légale et consentement",
    "SEN": "Données sensibles, infractions, identifiants",
    "PRO": "Prospection",
    "CES": "Vente, location, échange de données",
    "PRF": "Profilage",
    "RET": "Conservation",
    "TRF": "Transferts",
    "SST": "Sous-traitance",
    "AIP": "Analyse d'impact",
    "INF": "Information des personnes",
    "AVI": "Avis de consommateurs",
    "SCT": "Secteurs",
    "SCU": "Sécurité",
}


def regles(request: HttpRequest) -> HttpResponse:
    jour = timezone.localdate()
    lue = synthese(request.organisme, jour)
    ordre = list(FAMILLES)
    toutes = sorted(REGLES.values(), key=lambda r: (_rang(r, ordre), r.code))
    groupes = [
        (FAMILLES.get(famille, famille), [_ligne(r, lue) for r in siennes])
        for famille, siennes in groupby(toutes, key=lambda r: r.code[:3])
    ]
    contexte = {
        "groupes": groupes,
        "nombre": len(toutes),
        "parlent": sum(1 for _, lignes in groupes for ligne in lignes if ligne["nombre"]),
        "jour": date_en_mots(jour),
        "version": version_en_service(),
    }
    return render(request, "registre/regles.html", contexte)


def _rang(regle: Regle, ordre: list[str]) -> int:
    famille = regle.code[:3]
    return ordre.index(famille) if famille in ordre else len(ordre)


def _ligne(regle: Regle, lue) -> dict:
    de_l_organisme = regle.portee is Portee.ORGANISME
    siens = [c for c in lue.organisme if c.code == regle.code]
    return {
        "regle": regle,
        "titre": majuscule(regle.titre),
        "marque": "article du RGPD"
        if regle.marque == "memoire" and "RGPD" in regle.source
        else MARQUES[regle.marque],
        "depuis": date_en_mots(regle.depuis) if regle.depuis else "",
        "ramenee": regle.gravite_effective is not regle.gravite,
        "de_l_organisme": de_l_organisme,
        "nombre": len(siens) if de_l_organisme else len(lue.par_regle.get(regle.code, ())),
        "ecartes": len(lue.ecartes.get(regle.code, ())),
    }
