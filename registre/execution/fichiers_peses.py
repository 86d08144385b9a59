"""Un fichier téléversé, lu une fois et gardé nulle part : ce que l'on en a vu et compté voyage signé, jusqu'au choix de la colonne.

Garder le fichier entre les deux pages laisserait des données personnelles sur le serveur, dans ses sauvegardes ; le renvoyer
doublerait l'attente. Compté d'avance sous chaque lecture possible, il n'a plus à revenir, sauf pour appliquer un filtre.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from django.core import signing

from conservation.apercu import ColonneVue, relue
from conservation.comptage import Decompte, reunir
from conservation.dates_ecrites import Format, Lecture
from registre.execution.releves import Examen
from registre.execution.sources.demande import DemandeDeReleve, Filtre, Releve, SourceRefusee, etiquette
from registre.execution.sources.fichier import peser_televerse
from traitements.models import Traitement

SEL = "registre.fichier-pese"
SECONDES_MAX = 2 * 3600
SANS_DATE = "Aucune colonne de ce fichier ne porte de dates sous un format connu (ou deux colonnes portent le même nom)."
PERIMEE = "Ce qui avait été lu de ce fichier n'est plus valable : choisissez-le de nouveau."


@dataclass(frozen=True)
class FeuillePesee:
    """Une feuille d'un classeur, ou le CSV entier (`nom` vide). `refus` : pourquoi elle ne se lit pas."""

    nom: str
    refus: str = ""
    lignes: int = 0
    titre: int = 0
    colonnes: tuple[ColonneVue, ...] = ()
    comptes: tuple[dict[Format, Decompte], ...] = ()


@dataclass(frozen=True)
class LecturePossible:
    """Une colonne et une lecture ; `cle` les désigne dans la page."""

    cle: str
    feuille: FeuillePesee
    colonne: ColonneVue
    lecture: Lecture
    compte: Decompte


@dataclass(frozen=True)
class FichierPese:
    """`regle`, `le`, `limite` : la durée, le jour et la date limite sous lesquels il a été compté."""

    nom: str
    sha256: str
    regle: int
    le: date
    limite: date
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
                        yield LecturePossible(f"{f}.{c}.{n}", feuille, colonne, lecture, reunir(comptes))

    def releve(self, choisi: LecturePossible) -> Releve:
        return Releve(
            choisi.compte, self.nom, self.sha256, choisi.feuille.nom, choisi.feuille.titre, choisi.lecture
        )

    def demande(
        self, examen: Examen, choisi: LecturePossible, filtres: tuple[Filtre, ...]
    ) -> DemandeDeReleve:
        return examen.demande(
            self.nom, choisi.colonne.nom, choisi.feuille.nom, filtres, lecture=choisi.lecture
        )


def peser(fichier: BinaryIO, nom: str, examen: Examen) -> FichierPese:
    """Lit le fichier à part, une fois. Lève `SourceRefusee`, aussi quand aucune de ses colonnes ne porte de date."""
    lu = peser_televerse(fichier, examen.le, examen.limite)
    brut = {
        "nom": etiquette(Path(nom).name),
        "regle": examen.numero,
        "le": examen.le.isoformat(),
        "limite": examen.limite.isoformat(),
        "duree": examen.phrase,
        **lu,
    }
    pese = _pese(brut)
    if not any(True for _ in pese.choix()):
        raise SourceRefusee(next((f.refus for f in pese.feuilles if f.refus), SANS_DATE))
    return pese


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
        brut["regle"],
        date.fromisoformat(brut["le"]),
        date.fromisoformat(brut["limite"]),
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
        tuple({Format(f): Decompte(**compte) for f, compte in comptes.items()} for comptes in lue["comptes"]),
    )
