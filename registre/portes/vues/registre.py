"""Le registre : toutes les fiches, que l'on cherche, filtre, trie."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from droit.regles import REGLES, Gravite
from organismes.pliage import debut_d_ordre, ordre, termes
from organismes.requete import RequeteHabilitee
from registre.conformite.synthese import Synthese, synthese
from registre.fiche.agregat import FICHE, canoniques
from registre.fiche.codes import Codes
from registre.fiche.lecture import date_en_mots
from registre.fiche.recherche import (
    Extrait,
    Morceau,
    chercher,
    coupee,
    extraits,
    passages,
    surligner,
    termes_de,
)
from registre.portes.vues.pages import paginer
from traitements.choix import Famille, Qualite, Statut
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


def registre(request: RequeteHabilitee) -> HttpResponse:
    filtres = {nom: request.GET.get(nom, "").replace("\x00", "") for nom in ("q", *CRITERES, *CONSTATS)}
    tri = request.GET.get("tri", "reference")
    lue = synthese(request.organisme, timezone.localdate())
    toutes = filtrer(Traitement.objects.all(), filtres, lue)
    fiches = toutes if filtres["statut"] else toutes.exclude(statut=Statut.ARCHIVEE)
    paginee = paginer(request, trier(fiches, tri).only(*COLONNES))
    contexte = {
        **paginee,
        "filtres": filtres,
        "coupee": coupee(filtres["q"]),
        "filtre": any(filtres.values()),
        "colonnes": _colonnes(tri),
        "choix": _choix(filtres),
        "lignes": _lignes(paginee["page"], lue, termes(filtres["q"])),
        "archivees": _archivees(toutes, filtres),
        "homonymes": Traitement.homonymes(),
        "precision": _precision(filtres),
        "vide": not paginee["page"].paginator.count and not any(filtres.values()),
    }
    return render(request, "registre/registre.html", contexte)


@dataclass(frozen=True)
class LigneDuRegistre:
    """Une fiche de la liste : ses constats par gravité, son intitulé et les passages où l'on a trouvé ce que l'on cherche."""

    fiche: Traitement
    nombres: dict[str, int]
    intitule: tuple[Morceau, ...]
    extraits: list[Extrait]


def _lignes(page, lue: Synthese, cherches: list[str]) -> list[LigneDuRegistre]:
    trouves = _extraits([f.pk for f in page], cherches) if cherches else {}
    return [
        LigneDuRegistre(
            fiche,
            lue.par_fiche.get(fiche.pk, {}),
            surligner(fiche.intitule, cherches),
            trouves.get(str(fiche.pk), []),
        )
        for fiche in page
    ]


def _extraits(pks: list, cherches: list[str]) -> dict[str, list[Extrait]]:
    """Où les fiches de la page disent ce que l'on cherche ; l'intitulé, qui se surligne, n'est pas répété."""
    codes, trouves = Codes(), {}
    for donnees in canoniques(FICHE, Traitement.objects.filter(pk__in=pks)):
        dans_le_titre = set(termes_de(donnees["intitule"], cherches))
        restent = [terme for terme in cherches if terme not in dans_le_titre]
        trouves[donnees["id"]] = extraits(passages(donnees, codes), restent)
    return trouves


def _archivees(toutes, filtres: dict[str, str]) -> int:
    """Les fiches archivées qui répondent aussi, quand la liste ne les montre pas."""
    if filtres["statut"] or not any(filtres.values()):
        return 0
    return toutes.filter(statut=Statut.ARCHIVEE).count()


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
    "famille": lambda v: Q(famille="" if v == SANS_FAMILLE else v),
    "service": lambda v: Q(service_tri__startswith=debut_d_ordre(v)),
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
    """Les fiches qui répondent à tous les critères remplis, archives comprises."""
    fiches = chercher(fiches, filtres.get("q", ""))
    for nom, valeur in filtres.items():
        if valeur and nom != "q":
            condition = Q(pk__in=CONSTATS[nom](valeur, lue)) if nom in CONSTATS else CRITERES[nom](valeur)
            fiches = fiches.filter(condition)
    return fiches


RANG_FAMILLE = Case(
    *(
        When(famille=code, then=Value(rang))
        for rang, (code, _) in enumerate(sorted(Famille.choices, key=lambda f: ordre(f[1])))
    ),
    default=Value(len(Famille.choices)),
)
CLES_DE_TRI: dict[str, F | Case] = {
    "reference": F("reference_tri"),
    "intitule": F("intitule_tri"),
    "famille": RANG_FAMILLE,
    "service": F("service_tri"),
    "date_maj": F("date_maj"),
}


def trier(fiches, tri: str):
    """Dans l'ordre du français, le même sur toutes les bases ; à égalité, par référence. Un tri inconnu est celui de la référence."""
    champ = tri.removeprefix("-")
    cle = CLES_DE_TRI.get(champ, F("reference_tri"))
    decroissant = champ in CLES_DE_TRI and tri.startswith("-")
    sens = cle.desc(nulls_last=True) if decroissant else cle.asc(nulls_last=True)
    return fiches.order_by(sens, "reference_tri")


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
    noms = Traitement.objects.exclude(service="").order_by().values_list("service", flat=True).distinct()
    # « Service client » et « service Client » sont le même service : le premier écrit nomme les deux.
    services = {debut_d_ordre(s): s for s in sorted(noms, key=ordre, reverse=True)}
    bases = BaseLegale.objects.filter(actif=True).values_list("code", "libelle")
    listes = [
        ("registre", "Registre", REGISTRES.items()),
        ("famille", "Famille", [*Famille.choices, (SANS_FAMILLE, "Sans famille")]),
        ("service", "Service", [(s, s) for s in sorted(services.values(), key=ordre)]),
        ("base", "Base légale", bases),
        ("statut", "État", [*Statut.choices, ("tous", "Tous, archives comprises")]),
    ]
    return [{"nom": n, "libelle": lib, "options": list(o), "valeur": filtres[n]} for n, lib, o in listes]
