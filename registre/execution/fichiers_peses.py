"""Un fichier téléversé, lu une fois et gardé nulle part : ce que l'on en a vu et compté voyage signé, jusqu'au choix de la colonne.

Garder le fichier entre les deux pages laisserait des données personnelles sur le serveur, dans ses sauvegardes ; le renvoyer
doublerait l'attente. Compté d'avance sous chaque lecture possible, il n'a plus à revenir, sauf pour appliquer un filtre.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from django.core import signing

from conservation.apercu import ColonneVue, relue
from conservation.comptage import Decompte, reunir
from conservation.dates_ecrites import Format, Lecture
from conservation.depart import ReleveImpossible
from registre.execution.releves import Examen, examens
from registre.execution.sources.demande import DemandeDeReleve, Filtre, Releve, SourceRefusee, etiquette
from registre.execution.sources.fichier import GENRE, peser_televerse
from traitements.models import Traitement

SEL = "registre.fichier-pese"
SECONDES_MAX = 2 * 3600
CHANGEE = "La durée a changé depuis que ce fichier a été lu : choisissez-le de nouveau."
PERIMEE = "Ce qui avait été lu de ce fichier n'est plus valable : choisissez-le de nouveau."


@dataclass(frozen=True)
class FeuillePesee:
    """Une feuille d'un classeur, ou le CSV entier (`nom` vide). `refus` : pourquoi elle ne se lit pas."""

    nom: str
    refus: str = ""
    lignes: int = 0
    titre: int = 0
    colonnes: tuple[ColonneVue, ...] = ()
    comptes: tuple[dict[Format, list[Decompte]], ...] = ()


@dataclass(frozen=True)
class LecturePossible:
    """Une colonne et une lecture ; `cle` les désigne dans la page. `comptes` : un par date limite."""

    cle: str
    feuille: FeuillePesee
    colonne: ColonneVue
    lecture: Lecture
    comptes: tuple[Decompte, ...]


@dataclass(frozen=True)
class DureesPesees:
    """Des durées qui ont la même date limite, telles qu'elles étaient quand le fichier a été lu."""

    regles: tuple[int, ...]
    phrases: tuple[str, ...]
    limite: date

    def sont(self, examen: Examen) -> bool:
        return (self.regles, self.phrases, self.limite) == (examen.numeros, examen.phrases, examen.limite)


@dataclass(frozen=True)
class FichierPese:
    """`durees`, `le` : les durées, par date limite, et le jour sous lesquels il a été compté."""

    nom: str
    sha256: str
    durees: tuple[DureesPesees, ...]
    le: date
    feuilles: tuple[FeuillePesee, ...]
    brut: dict[str, Any]

    def signer(self, fiche: Traitement) -> str:
        """Ce texte revient tel quel ou ne vaut rien, et ne vaut que pour cette fiche."""
        return signing.dumps([str(fiche.pk), self.brut], salt=SEL, compress=True)

    def choix(self) -> Iterator[LecturePossible]:
        """Chaque lecture possible de chaque colonne de dates que l'on peut nommer sans confusion."""
        for f, feuille in enumerate(self.feuilles):
            noms = [colonne.nom.casefold() for colonne in feuille.colonnes]
            for c, colonne in enumerate(feuille.colonnes):
                if colonne.nom and noms.count(colonne.nom.casefold()) == 1:
                    for n, lecture in enumerate(colonne.lectures):
                        comptes = [feuille.comptes[c][format_] for format_ in lecture.formats]
                        reunis = tuple(map(reunir, zip(*comptes, strict=True)))
                        yield LecturePossible(f"{f}.{c}.{n}", feuille, colonne, lecture, reunis)

    @property
    def colonnes(self) -> list[str]:
        """Les noms de toutes ses colonnes."""
        return list(dict.fromkeys(c.nom for f in self.feuilles for c in f.colonnes if c.nom))

    def examens(self, fiche: Traitement) -> list[Examen]:
        """Ce qui a été compté, sur la fiche d'aujourd'hui. Lève `ReleveImpossible` si une durée a changé depuis."""
        voulus = examens(fiche, [n for d in self.durees for n in d.regles], self.le)
        if len(voulus) != len(self.durees) or not all(
            d.sont(e) for d, e in zip(self.durees, voulus, strict=True)
        ):
            raise ReleveImpossible(CHANGEE)
        return voulus

    def releve(self, choisi: LecturePossible, rang: int) -> Releve:
        return Releve(
            choisi.comptes[rang],
            self.nom,
            self.sha256,
            choisi.feuille.nom,
            choisi.feuille.titre,
            choisi.lecture,
            genre=GENRE,
        )

    def demande(
        self, examen: Examen, choisi: LecturePossible, filtres: tuple[Filtre, ...]
    ) -> DemandeDeReleve:
        return examen.demande(
            self.nom, choisi.colonne.nom, choisi.feuille.nom, filtres, lecture=choisi.lecture
        )


def peser(fichier: BinaryIO, nom: str, voulus: Sequence[Examen]) -> FichierPese:
    """Lit le fichier à part, une fois, pour toutes les durées. Lève `SourceRefusee`, aussi quand rien ne s'y compte."""
    le = voulus[0].le
    lu = peser_televerse(fichier, le, [e.limite for e in voulus])
    durees = [[list(e.numeros), list(e.phrases), e.limite.isoformat()] for e in voulus]
    pese = _pese({"nom": etiquette(Path(nom).name), "durees": durees, "le": le.isoformat(), **lu})
    if not any(True for _ in pese.choix()):
        raise SourceRefusee(" ".join(dict.fromkeys(map(_sans_choix, pese.feuilles))))
    return pese


def _sans_choix(feuille: FeuillePesee) -> str:
    """Pourquoi rien ne se compte dans cette feuille. Aucune valeur n'y est citée."""
    if feuille.refus:
        return feuille.refus
    ou = f" de la feuille « {feuille.nom} »" if feuille.nom else ""
    if not feuille.lignes:
        return f"Sous la ligne de noms{ou}, aucune ligne : il n'y a rien à compter."
    datees = [c for c in feuille.colonnes if c.lectures]
    if doublons := sorted({c.nom for c in datees if c.nom}):
        cites = ", ".join(f"« {nom} »" for nom in doublons)
        return f"Plusieurs colonnes{ou} portent le même nom ({cites}) : renommez-les."
    if datees:
        return f"Une colonne de dates{ou} n'a pas de nom : donnez-lui-en un."
    if not any(c.remplies for c in feuille.colonnes):
        return f"Toutes les cases{ou} sont vides, ou des dates nulles : aucune date à compter."
    return f"Aucune colonne{ou} ne porte de dates sous un format connu."


def relire(texte: str, fiche: Traitement) -> FichierPese | None:
    """Ce qui a été signé pour cette fiche ; `None` si c'est altéré, trop vieux, ou d'une autre fiche."""
    try:
        pour, brut = signing.loads(texte, salt=SEL, max_age=SECONDES_MAX)
        return _pese(brut) if pour == str(fiche.pk) else None
    except (signing.BadSignature, ValueError, TypeError, KeyError):
        return None


def _pese(brut: dict[str, Any]) -> FichierPese:
    return FichierPese(
        brut["nom"],
        brut["sha256"],
        tuple(
            DureesPesees(tuple(regles), tuple(phrases), date.fromisoformat(limite))
            for regles, phrases, limite in brut["durees"]
        ),
        date.fromisoformat(brut["le"]),
        tuple(map(_feuille, brut["feuilles"])),
        brut,
    )


def _feuille(lue: dict[str, Any]) -> FeuillePesee:
    if "refus" in lue:
        return FeuillePesee(lue["feuille"], lue["refus"])
    return FeuillePesee(
        lue["feuille"],
        "",
        lue["lignes"],
        lue["titre"],
        tuple(map(relue, lue["colonnes"])),
        tuple(
            {Format(f): [Decompte(**c) for c in siens] for f, siens in comptes.items()}
            for comptes in lue["comptes"]
        ),
    )
