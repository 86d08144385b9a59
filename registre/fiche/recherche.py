"""Chercher dans le registre : tout ce qu'une fiche dit, où on l'a trouvé, dans les mots de la page.

Ce qui se cherche est ce qui se lit (`registre.fiche.fiche_lue`) : un champ nouveau du plan se cherche sans rien ajouter ici. Le texte de
chaque fiche est gardé replié (`TexteCherche`) dans la transaction qui l'enregistre ; le nom d'un tiers, non : il se cherche dans
sa page, pour qu'un tiers renommé se trouve sous son nouveau nom, et sous lui seul.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from journal.bases import objets
from organismes.models import Tiers
from organismes.pliage import RECHERCHE_MAX, cherchable, mots, plier, termes
from registre.fiche import agregat as ag
from registre.fiche.actualisation import dernier_changement
from registre.fiche.codes import Codes, SansTiers
from registre.fiche.fiche_lue import RubriqueLue, lire
from registre.fiche.lignes_lues import Valeur
from registre.fiche.phrases_fiche import DERIVEES
from registre.fiche.plan import Liste, Volet
from registre.fiche.rubriques import CHAMPS, LISTES, VOLETS
from traitements.models import TexteCherche, Traitement
from traitements.phrases import majuscule

REVISION = 1  # à augmenter quand la fabrication du texte change : les textes gardés se refont
SANS_TEXTE = {"oui", "non"}  # une réponse à trois valeurs ne se cherche pas
# Une empreinte, un chemin, une note calculée : la page les montre, personne ne les cherche.
TUS = {"faits", "chemin", *(nom for nom, _, _ in DERIVEES.values())}
LOT = 500


def _marque_du_plan() -> str:
    """Huit signes qui changent avec les champs du plan : ceux des fiches déjà enregistrées se cherchent alors aussi."""
    parties: tuple[Liste | Volet, ...] = (*LISTES, *VOLETS)
    portes = (("", CHAMPS), *((x.nom, x.champs) for x in parties))
    noms = "\n".join(f"{ou}.{champ.nom}" for ou, champs in portes for champ in champs)
    return hashlib.sha256(noms.encode()).hexdigest()[:8]


PLAN = _marque_du_plan()


@dataclass(frozen=True)
class Passage:
    """Un texte de la fiche, et ce qu'il est : « Destinataires », « Description »."""

    ou: str
    texte: str


def passages(donnees: dict[str, Any], codes: Codes) -> Iterator[Passage]:
    """Tout ce que la fiche dit, dans l'ordre où elle se lit. `donnees` : sa forme canonique."""
    lue = lire(donnees, codes)
    yield Passage("Référence", lue.reference)
    yield Passage("Intitulé", lue.intitule)
    for rubrique in lue.rubriques:
        yield from _de_la_rubrique(rubrique)
    for e in lue.reprise:
        yield Passage("Éléments repris d'un import", f"{e.get('libelle', '')} : {e.get('valeur', '')}")


def _de_la_rubrique(rubrique: RubriqueLue) -> Iterator[Passage]:
    for valeur in rubrique.valeurs:
        yield from _de_la_valeur(majuscule(valeur.libelle), valeur)
    for table in rubrique.tables:
        for cellule in (c for ligne in table.lignes for c in ligne.cellules):
            yield from _de_la_valeur(table.titre, cellule.principale)
            for note in cellule.notes:
                yield from _de_la_valeur(f"{table.titre}, {note.libelle}", note)
    for volet in rubrique.volets:
        for valeur in volet.valeurs:
            yield from _de_la_valeur(f"{volet.titre}, {valeur.libelle}", valeur)


def _de_la_valeur(ou: str, valeur: Valeur) -> Iterator[Passage]:
    if valeur.rempli and valeur.champ not in TUS and valeur.texte not in SANS_TEXTE:
        yield Passage(ou, ", ".join(ligne for ligne in valeur.lignes if ligne))


# --- Garder le texte ----------------------------------------------------------------------------------------------
def marque() -> str:
    """L'état du plan et des libellés dont les textes sont faits : il change avec un champ nouveau ou un référentiel chargé."""
    return f"{REVISION}.{PLAN}.{dernier_changement()}"


def texte_de(donnees: dict[str, Any], codes: Codes) -> str:
    """Le texte replié d'une fiche, un passage par ligne : un terme ne se trouve jamais à cheval sur deux."""
    dits = dict.fromkeys(cherchable(p.texte) for p in passages(donnees, codes))
    return "\n".join(d for d in dits if d)


def indexer(fiche: Traitement, donnees: dict[str, Any], codes: Codes) -> None:
    """Garde le texte d'une fiche ; `donnees` est ce que l'on vient d'en enregistrer, dans la même transaction."""
    valeurs = {"texte": texte_de(donnees, codes.sans_tiers()), "marque": marque()}
    TexteCherche.objects.update_or_create(traitement=fiche, defaults=valeurs)


def completer() -> int:
    """Refait les textes qui manquent ou dont les libellés ont changé ; rend leur nombre. Dans la portée, ou hors de toute portée."""
    present = marque()
    a_jour = TexteCherche.objects.filter(traitement=OuterRef("pk"), marque=present)
    manquent = list(Traitement.objects.filter(~Exists(a_jour)).order_by().values_list("pk", flat=True))
    codes = SansTiers()
    for debut in range(0, len(manquent), LOT):
        _completer_un_lot(manquent[debut : debut + LOT], present, codes)
    return len(manquent)


def _completer_un_lot(pks: list, present: str, codes: Codes) -> None:
    with transaction.atomic():
        fiches = Traitement.objects.filter(pk__in=pks)
        list(fiches.select_for_update().order_by("pk").values_list("pk"))  # nul ne les enregistre entre-temps
        neufs = [
            TexteCherche(traitement_id=d["id"], texte=texte_de(d, codes), marque=present)
            for d in ag.canoniques(ag.FICHE, fiches)
        ]
        TexteCherche.objects.bulk_create(
            neufs,
            update_conflicts=True,
            unique_fields=["traitement"],
            update_fields=["texte", "marque"],
        )


# --- Chercher -------------------------------------------------------------------------------------------------------
def coupee(recherche: str) -> int:
    """Le nombre de caractères que l'on cherche, quand il y en a davantage ; sinon zéro."""
    return RECHERCHE_MAX if len(recherche) > RECHERCHE_MAX else 0


def chercher(fiches: QuerySet, recherche: str) -> QuerySet:
    """Les fiches qui contiennent tous les mots, chacun où que ce soit dans la fiche. Dans la portée de l'organisme."""
    cherches = termes(recherche)
    if not cherches:
        return fiches.none() if recherche.strip() else fiches
    completer()
    for terme in cherches:
        fiches = fiches.filter(_contient(terme))
    return fiches


def _contient(terme: str) -> Q:
    condition = Q(texte_cherche__texte__contains=terme)
    cites = list(Tiers.objects.filter(nom_mots__contains=terme).values_list("pk", flat=True))
    for liste in ag.LISTES_DE_TIERS if cites else ():
        lignes = objets(liste.modele).filter(traitement=OuterRef("pk"), tiers__in=cites)
        condition |= Q(Exists(lignes))
    return condition


def chercher_tiers(tiers: QuerySet, recherche: str) -> QuerySet:
    """Les tiers dont le nom contient tous les mots."""
    cherches = termes(recherche)
    if not cherches:
        return tiers.none() if recherche.strip() else tiers
    for terme in cherches:
        tiers = tiers.filter(nom_mots__contains=terme)
    return tiers


# --- Montrer où --------------------------------------------------------------------------------------------------------
AVANT, APRES = 60, 90  # caractères autour de ce que l'on a trouvé
EXTRAITS_MAX = 3


@dataclass(frozen=True)
class Morceau:
    texte: str
    trouve: bool


@dataclass(frozen=True)
class Extrait:
    """« Destinataires : … Mailwright Inc. … » ; les morceaux trouvés se surlignent."""

    ou: str
    morceaux: tuple[Morceau, ...]


def extraits(dits: Iterable[Passage], cherches: list[str]) -> list[Extrait]:
    """Où chaque terme se trouve, trois extraits au plus : le passage qui en tient le plus d'abord."""
    places = [(passage, _places(passage.texte, cherches)) for passage in dits]
    restent = set(cherches)
    choisis: list[Extrait] = []
    while restent and len(choisis) < EXTRAITS_MAX:
        passage, trouves = max(places, key=lambda p: len(restent & set(p[1])), default=(None, {}))
        if passage is None or not restent & set(trouves):
            break
        restent -= set(trouves)
        choisis.append(Extrait(passage.ou, _couper(passage.texte, trouves)))
    return choisis


def surligner(texte: str, cherches: list[str]) -> tuple[Morceau, ...]:
    """Le texte entier, ce que l'on cherche surligné."""
    return _decouper(texte, _intervalles(_places(texte, cherches)), 0, len(texte))


def termes_de(texte: str, cherches: list[str]) -> list[str]:
    """Ceux des termes que ce texte contient."""
    return list(_places(texte, cherches))


def _places(texte: str, cherches: list[str]) -> dict[str, list[tuple[int, int]]]:
    """Pour chaque terme trouvé, les intervalles du texte qu'il occupe."""
    plie = plier(texte)
    possibles = [terme for terme in cherches if _peut_etre_dans(plie, terme)]
    lus = list(mots(texte)) if possibles else []
    trouvees: dict[str, list[tuple[int, int]]] = {}
    for terme in possibles:
        voulus = terme.split()
        for rang in range(len(lus) - len(voulus) + 1):
            suite = lus[rang : rang + len(voulus)]
            exacts = all(m.plie == v for m, v in zip(suite[:-1], voulus[:-1], strict=True))
            if exacts and suite[-1].plie.startswith(voulus[-1]):
                trouvees.setdefault(terme, []).append((suite[0].debut, suite[-1].fin))
    return trouvees


def _peut_etre_dans(plie: str, terme: str) -> bool:
    """Faux si le texte plié ne tient pas les mots du terme : le couper en mots coûte vingt fois plus. Un nombre peut y être groupé."""
    return all(mot.isdigit() or mot in plie for mot in terme.split())


def _intervalles(places: dict[str, list[tuple[int, int]]]) -> list[tuple[int, int]]:
    """Les intervalles à surligner, dans l'ordre, ceux qui se touchent réunis."""
    reunis: list[tuple[int, int]] = []
    for debut, fin in sorted(i for siens in places.values() for i in siens):
        if reunis and debut <= reunis[-1][1]:
            reunis[-1] = (reunis[-1][0], max(fin, reunis[-1][1]))
        else:
            reunis.append((debut, fin))
    return reunis


def _couper(texte: str, places: dict[str, list[tuple[int, int]]]) -> tuple[Morceau, ...]:
    """Une fenêtre autour du premier mot trouvé, coupée entre deux mots."""
    siens = _intervalles(places)
    debut = _bord(texte, max(0, siens[0][0] - AVANT), 1)
    fin = _bord(texte, min(len(texte), siens[0][1] + APRES), -1)
    return (
        *((Morceau("… ", False),) if debut else ()),
        *_decouper(texte, siens, min(debut, siens[0][0]), max(fin, siens[0][1])),
        *((Morceau(" …", False),) if fin < len(texte) else ()),
    )


def _bord(texte: str, place: int, sens: int) -> int:
    """La limite de mot la plus proche, en rentrant dans la fenêtre."""
    while 0 < place < len(texte) and not texte[place - 1 if sens > 0 else place].isspace():
        place += sens
    return place


def _decouper(texte: str, siens: list[tuple[int, int]], debut: int, fin: int) -> tuple[Morceau, ...]:
    morceaux, place = [], debut
    for d, f in siens:
        if d < debut or f > fin:
            continue
        morceaux += [Morceau(texte[place:d], False), Morceau(texte[d:f], True)]
        place = f
    return tuple(m for m in (*morceaux, Morceau(texte[place:fin], False)) if m.texte)
