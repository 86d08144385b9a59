"""L'information des personnes : la notice rédigée depuis la fiche, ce qui lui manque, les droits de chaque finalité."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from documents.typographie import composer
from droit.faits import Faits
from organismes.droits import Permission, peut
from organismes.requete import RequeteHabilitee
from registre.conformite.controle import Conformite
from registre.conformite.notice import BLANC, PUCE, Manquante, Notice, Paragraphe, rediger, texte
from registre.fiche import agregat
from registre.fiche.chemins import ancre_de_saisie, chemin_lisible
from registre.fiche.codes import Codes
from registre.fiche.droits_lus import droits_par_finalite
from registre.portes.requetes.telechargement import telechargement
from traitements.chemins import Chemin
from traitements.models import Traitement

INSECABLE = re.compile(r"(?<=«) | (?=[»:;?!])|(?<=\bart\.) |(?<=\b\d\d) (?=\d\d\b)")


def information(request: RequeteHabilitee, pk) -> HttpResponse:
    traitement = _fiche(pk)
    contexte: dict[str, Any] = {"traitement": traitement}
    if not traitement.est_sous_traitance:
        notice, faits = _rediger(request, traitement)
        manques = _manques(request, traitement, notice)
        contexte |= {
            "notice": notice,
            "paragraphes": [(p, list(_blocs(p, manques))) for p in notice.paragraphes],
            "manques": list(manques.values()),
            "texte": composer(texte(notice)),
            "droits": droits_par_finalite(faits),
        }
    return render(request, "registre/information.html", contexte)


def information_txt(request: RequeteHabilitee, pk) -> HttpResponse:
    traitement = _fiche(pk)
    if traitement.est_sous_traitance:
        raise Http404  # l'information incombe au responsable
    notice, _ = _rediger(request, traitement)
    titre = f"{traitement.reference} information des personnes"
    return telechargement(composer(texte(notice)), titre, "txt", "text/plain; charset=utf-8")


def _fiche(pk) -> Traitement:
    return get_object_or_404(agregat.FICHE.charger(Traitement.objects.filter(pk=pk)))


def _rediger(request: RequeteHabilitee, traitement: Traitement) -> tuple[Notice, Faits]:
    codes = Codes()
    faits = Conformite(request.organisme, codes).faits(agregat.instantane_de(agregat.FICHE, traitement))
    return rediger(faits, codes, timezone.localdate()), faits


# --- Les mentions manquantes, chacune avec le champ qui la donnerait ---------------------------------------------
@dataclass(frozen=True)
class Manque:
    """`champ` : le champ à remplir, en français. `url` : le formulaire ; vide pour qui ne peut pas le modifier."""

    mention: str
    article: str
    champ: str
    url: str


def _manques(request: RequeteHabilitee, traitement: Traitement, notice: Notice) -> dict[str, Manque]:
    """Mention → manque, dans l'ordre de la notice."""
    return {m.mention: _manque(request, traitement, m) for m in notice.manquantes}


def _manque(request: RequeteHabilitee, traitement: Traitement, m: Manquante) -> Manque:
    if Chemin.lire(m.chemin).de_l_organisme:
        droit = Permission.MODIFIER_ORGANISME
        saisie = reverse("admin:organismes_organisme_change", args=[request.organisme.pk])
    else:
        droit = Permission.MODIFIER_FICHE
        saisie = reverse("admin:traitements_traitement_change", args=[traitement.pk])
    url = f"{saisie}#{ancre_de_saisie(m.chemin)}" if peut(request, droit) else ""
    return Manque(_insecable(m.mention), m.article, chemin_lisible(m.chemin), url)


# --- La notice à l'écran ------------------------------------------------------------------------------------------
def _blocs(paragraphe: Paragraphe, manques: dict[str, Manque]) -> Iterator[tuple[bool, list]]:
    """(liste ?, lignes) ; une ligne est une suite de (texte, manque)."""
    for liste, lignes in groupby(paragraphe.lignes, key=lambda ligne: ligne.startswith(PUCE)):
        yield liste, [list(_morceaux(ligne.removeprefix(PUCE), manques)) for ligne in lignes]


def _morceaux(ligne: str, manques: dict[str, Manque]) -> Iterator[tuple[str, Manque | None]]:
    """La ligne découpée autour de ses blancs."""
    fin = 0
    for blanc in BLANC.finditer(ligne):
        mention = blanc[0].removeprefix("[à compléter : ").removesuffix("]")
        if mention in manques:
            yield _insecable(ligne[fin : blanc.start()]), None
            yield _insecable(blanc[0]), manques[mention]
            fin = blanc.end()
    yield _insecable(ligne[fin:]), None


def _insecable(ligne: str) -> str:
    return INSECABLE.sub("\N{NO-BREAK SPACE}", ligne)
