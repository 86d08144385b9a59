"""Le référentiel des durées : chercher une durée, savoir ce qu'elle vaut et quelles fiches la citent."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from conservation.models import DureeReference
from organismes.referentiel import Verification
from organismes.requete import RequeteHabilitee
from registre.echanges.exports import durees_csv as en_csv
from registre.fiche.codes import Codes
from registre.fiche.durees_reference import CRITERES, HORS_FICHES_TYPES, DureeDeReferenceLue, filtrer, toutes
from registre.fiche.referentiels import version_en_service
from registre.portes.requetes.telechargement import exporte
from traitements.models import CategorieDonnees, ModeleFiche

# Ce que les durées d'un groupe valent, avant de les lire.
GROUPES = {
    "contraignant": "Loi ou règlement",
    "recommande": "Recommandations de la CNIL",
    "jurisprudence": "Décisions et arrêts",
    "prescription": "Délais pour agir en justice : ils bornent la preuve, sans obliger à conserver",
    "usage": "Usages : propositions sans texte chiffré, à valider par le délégué ; ce n’est pas la loi",
    "historique": "Anciens textes, sans valeur depuis le 25 mai 2018, gardés comme repères",
}

SANS_CONSERVER = {DureeReference.Nature.DROIT, DureeReference.Nature.DELAI}
NON_DUREES = "Droits de la personne et délais pour agir : ils n’obligent pas à conserver"


def durees(request: RequeteHabilitee) -> HttpResponse:
    codes, filtres = Codes(), _filtres(request)
    lues = toutes(codes)
    trouvees = filtrer(lues, filtres)
    remplis = {nom: valeur for nom, valeur in filtres.items() if valeur}
    contexte = {
        "groupes": _groupes(trouvees),
        "nombre": len(trouvees),
        "total": len(lues),
        "version": version_en_service(),
        "q": filtres["q"],
        "filtre": bool(remplis),
        "requete": f"?{urlencode(remplis)}" if remplis else "",
        "choix": _choix(filtres, lues, codes),
    }
    return render(request, "registre/durees.html", contexte)


def durees_csv(request: RequeteHabilitee) -> HttpResponse:
    """Les durées que la page montre, avec les mêmes filtres."""
    return exporte(en_csv, filtrer(toutes(Codes()), _filtres(request)), "Référentiel des durées")


def _filtres(request: HttpRequest) -> dict[str, str]:
    return {nom: request.GET.get(nom, "") for nom in ("q", *CRITERES)}


def _groupes(lues: list[DureeDeReferenceLue]) -> list[tuple[str, list[DureeDeReferenceLue]]]:
    """Les durées par ce qu'elles valent, puis ce qui n'est pas une durée de conservation ; sans groupe vide."""
    durees_ = [lue for lue in lues if lue.regle.nature not in SANS_CONSERVER]
    autres = [lue for lue in lues if lue.regle.nature in SANS_CONSERVER]
    groupes = [(titre, [lue for lue in durees_ if lue.regle.force == f]) for f, titre in GROUPES.items()]
    return [(titre, siennes) for titre, siennes in [*groupes, (NON_DUREES, autres)] if siennes]


def _choix(filtres: dict[str, str], lues: list[DureeDeReferenceLue], codes: Codes) -> list[dict]:
    """Les listes de filtres ; ne s'y trouvent que les valeurs qu'une durée porte."""
    fiches_types = {t for lue in lues for t in lue.regle.traitements}
    categories = {c for lue in lues for c in lue.regle.categories}
    listes = [
        (
            "modele",
            "Traitement",
            [
                *((m.pk, m.libelle) for m in codes.de(ModeleFiche).values() if m.pk in fiches_types),
                *((code, titre) for code, titre in HORS_FICHES_TYPES.items() if code in fiches_types),
            ],
        ),
        (
            "categorie",
            "Catégorie de données",
            [(c.pk, c.libelle) for c in codes.de(CategorieDonnees).values() if c.pk in categories],
        ),
        ("nature", "Nature", DureeReference.Nature.choices),
        ("force", "Ce que vaut la source", DureeReference.Force.choices),
        ("verifie", "Vérification", Verification.choices),
    ]
    return [{"nom": n, "libelle": lib, "options": list(o), "valeur": filtres[n]} for n, lib, o in listes]
