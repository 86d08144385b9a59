"""Le registre : toutes les fiches, que l'on cherche, filtre, trie."""

from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from registre.lecture import date_en_mots
from registre.synthese import Synthese, synthese
from registre.vues.pages import paginer
from traitements.choix import Famille, Qualite, Statut
from traitements.controles import REGLES, Gravite
from traitements.models import BaseLegale, Finalite, Traitement

TRIS = {
    "reference": "Référence",
    "intitule": "Intitulé",
    "famille": "Famille",
    "service": "Service",
    "date_maj": "Mise à jour",
}
SANS_FAMILLE = "sans"  # dans une adresse ; une valeur vide y voudrait dire « toutes »
REGISTRES = {"responsable": "Responsable, art. 30(1)", "sous-traitant": "Sous-traitant, art. 30(2)"}
COLONNES = "reference intitule famille service statut qualite date_maj validee_le".split()


def registre(request: HttpRequest) -> HttpResponse:
    filtres = {nom: request.GET.get(nom, "") for nom in (*CRITERES, *CONSTATS)}
    tri = request.GET.get("tri", "reference")
    lue = synthese(request.organisme, timezone.localdate())
    fiches = trier(filtrer(Traitement.objects.all(), filtres, lue).only(*COLONNES), tri)
    paginee = paginer(request, fiches)
    contexte = {
        **paginee,
        "filtres": filtres,
        "filtre": any(filtres.values()),
        "colonnes": _colonnes(tri),
        "choix": _choix(filtres),
        "lignes": [(fiche, lue.par_fiche.get(fiche.pk, {})) for fiche in paginee["page"]],
        "precision": _precision(filtres),
        "vide": not paginee["page"].paginator.count and not any(filtres.values()),
    }
    return render(request, "registre/registre.html", contexte)


def _recherche(texte: str) -> Q:
    """Tous les mots, chacun n'importe où dans la fiche."""
    condition = Q()
    for mot in texte.split()[:8]:
        finalites = Finalite.objects.filter(traitement=OuterRef("pk"), libelle__icontains=mot)
        condition &= (
            Q(intitule__icontains=mot)
            | Q(reference__icontains=mot)
            | Q(description__icontains=mot)
            | Q(service__icontains=mot)
            | Q(logiciels__icontains=mot)
            | Q(Exists(finalites))
        )
    return condition


def _revue(valeur: str) -> Q:
    """Les fiches dont la revue est prévue ce jour-là au plus tard."""
    try:
        return Q(date_prochaine_revue__lte=date.fromisoformat(valeur))
    except ValueError:
        return Q(pk__in=[])


def _statut(valeur: str) -> Q:
    return Q() if valeur == "tous" else Q(statut=valeur)


def _registre(valeur: str) -> Q:
    sous_traitant = Q(qualite=Qualite.SOUS_TRAITANT)
    return sous_traitant if valeur == "sous-traitant" else ~sous_traitant


CRITERES = {
    "q": _recherche,
    "famille": lambda v: Q(famille="" if v == SANS_FAMILLE else v),
    "service": lambda v: Q(service=v),
    "statut": _statut,
    "base": lambda v: Q(Exists(Finalite.objects.filter(traitement=OuterRef("pk"), base_legale=v))),
    "registre": _registre,
    "revue": _revue,
}
# Ce que les règles trouvent ; elles ne s'écrivent pas en SQL.
CONSTATS = {
    "regle": lambda code, lue: lue.par_regle.get(code, []),
    "gravite": lambda gravite, lue: [pk for pk, nombres in lue.par_fiche.items() if nombres.get(gravite)],
}


def filtrer(fiches, filtres: dict[str, str], lue: Synthese):
    """Les fiches qui répondent à tous les critères remplis ; sans critère d'état, les archives sont à part."""
    for nom, valeur in filtres.items():
        if valeur and "\x00" not in valeur:
            condition = Q(pk__in=CONSTATS[nom](valeur, lue)) if nom in CONSTATS else CRITERES[nom](valeur)
            fiches = fiches.filter(condition)
    return fiches if filtres.get("statut") else fiches.exclude(statut=Statut.ARCHIVEE)


def trier(fiches, tri: str):
    champ = tri.removeprefix("-")
    if champ not in TRIS:
        return fiches.order_by("reference")
    return fiches.order_by(tri, "reference") if champ != "reference" else fiches.order_by(tri)


def _colonnes(tri: str) -> list[dict]:
    """En-têtes de tri : le lien inverse l'ordre de la colonne active."""
    return [
        {
            "libelle": libelle,
            "tri": f"-{nom}" if tri == nom else nom,
            "sens": {nom: "ascending", f"-{nom}": "descending"}.get(tri, ""),
        }
        for nom, libelle in TRIS.items()
    ]


def _precision(filtres: dict[str, str]) -> str:
    """Ce qu'un lien venu du tableau de bord ou des règles a choisi, en mots."""
    if regle := REGLES.get(filtres["regle"]):
        return f"{regle.code} : {regle.titre} ({regle.source})"
    if filtres["gravite"] in set(Gravite):
        return (
            f"un constat {filtres['gravite']} au moins"
            if filtres["gravite"] == "bloquant"
            else "des constats"
        )
    try:
        return f"revue prévue au plus tard le {date_en_mots(filtres['revue'])}" if filtres["revue"] else ""
    except ValueError:
        return ""


def _choix(filtres: dict[str, str]) -> list[dict]:
    services = (
        Traitement.objects.exclude(service="")
        .order_by("service")
        .values_list("service", flat=True)
        .distinct()
    )
    bases = BaseLegale.objects.filter(actif=True).values_list("code", "libelle")
    listes = [
        ("registre", "Registre", REGISTRES.items()),
        ("famille", "Famille", [*Famille.choices, (SANS_FAMILLE, "Sans famille")]),
        ("service", "Service", [(s, s) for s in services]),
        ("base", "Base légale", bases),
        ("statut", "État", [*Statut.choices, ("tous", "Tous, archives comprises")]),
    ]
    return [{"nom": n, "libelle": lib, "options": list(o), "valeur": filtres[n]} for n, lib, o in listes]
