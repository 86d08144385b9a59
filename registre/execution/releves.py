"""Relever : la source suit-elle la durée ? Des chiffres, un nom de source et une empreinte entrent au registre, jamais une ligne."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings

from conservation.choix import TypeOperation
from conservation.comptage import A_CHOISIR
from conservation.dates_ecrites import ORDINAIRE, Lecture
from conservation.depart import Exercice, ReleveImpossible, exercice_de, limite
from conservation.models import Operation, PlanReleve
from journal.service import Auteur
from registre.execution.operations import canonique_de, enregistrer_figee, phrase_de_la_duree
from registre.execution.sources.demande import (
    IDENTIFIANTS,
    DemandeDeReleve,
    Filtre,
    Regard,
    Releve,
    RequeteSQL,
    SourceRefusee,
)
from registre.fiche.codes import Codes
from traitements.models import Traitement
from traitements.phrases import compte, majuscule

CHOISIR = "Choisissez : --format jj/mm/aaaa ou --format mm/jj/aaaa (avec aaaa-mm-jj au besoin), ou le format sur la page."
REGARDER = "La commande « relever », avec --apercu, dit ce qu'elle porte."
LIMITES_MAX = 10
DEPARTS_DIFFERENTS = "Ces durées ne courent pas du même départ, et une colonne n'en dit qu'un : faites un relevé pour chaque départ."
METHODE_MESUREE = "Comptage en lecture seule ; aucune ligne n'est gardée."


@dataclass(frozen=True)
class Examen:
    """Des durées d'une fiche à un jour : leurs phrases, et la date avant laquelle plus rien ne devrait rester, la même pour toutes."""

    fiche: Traitement
    numeros: tuple[int, ...]
    phrases: tuple[str, ...]
    le: date
    limite: date

    @property
    def phrase(self) -> str:
        return " ; ".join(self.phrases)

    def demande(
        self,
        adresse: str,
        colonne: str,
        table: str = "",
        filtres: tuple[Filtre, ...] = (),
        requete: RequeteSQL | None = None,
        lecture: Lecture = ORDINAIRE,
        identifiants: str = IDENTIFIANTS,
    ) -> DemandeDeReleve:
        secondes = settings.RELEVE_SECONDES
        return DemandeDeReleve(
            adresse, colonne, self.limite, table, filtres, requete, secondes, lecture, self.le, identifiants
        )


def examen(fiche: Traitement, numero: int, le: date) -> Examen:
    """Lève `ReleveImpossible` si la durée n'est pas chiffrée."""
    return examens(fiche, [numero], le)[0]


def examens(fiche: Traitement, numeros: Iterable[int], le: date) -> list[Examen]:
    """Un par date limite : les durées qui ont la même se comptent ensemble.

    Lève `ReleveImpossible` si l'une n'est pas chiffrée, ou si toutes ne courent pas du même départ : une colonne n'en dit qu'un.
    """
    canonique, codes = canonique_de(fiche), Codes()
    presentes = {k["numero"]: k for k in canonique["conservations"]}
    voulus = sorted(set(numeros))
    if absents := [n for n in voulus if n not in presentes]:
        raise ReleveImpossible(f"La fiche n'a pas de durée n° {', '.join(map(str, absents))}.")
    if len({presentes[n].get("point_depart") for n in voulus}) > 1:
        raise ReleveImpossible(DEPARTS_DIFFERENTS)
    par_limite: dict[date, list[int]] = {}
    for n in voulus:
        par_limite.setdefault(limite(presentes[n], le, _exercice(fiche)), []).append(n)
    if len(par_limite) > LIMITES_MAX:
        raise ReleveImpossible(f"Ces durées ont plus de {LIMITES_MAX} dates limites : choisissez-en moins.")
    phrases = {n: phrase_de_la_duree(presentes[n], canonique, codes) for n in voulus}
    return [
        Examen(fiche, tuple(siens), tuple(phrases[n] for n in siens), le, jour)
        for jour, siens in par_limite.items()
    ]


def durees_mesurables(fiche: Traitement) -> list[tuple[int, str]]:
    """Le numéro et la phrase des durées de la fiche qui sont chiffrées."""
    canonique, codes = canonique_de(fiche), Codes()
    return [
        (regle["numero"], phrase_de_la_duree(regle, canonique, codes))
        for regle in canonique["conservations"]
        if regle["duree_valeur"] is not None
    ]


def relever(
    lire: Callable[[DemandeDeReleve], Releve],
    demande: DemandeDeReleve,
    regarder: Callable[[], Regard] | None = None,
) -> Releve:
    """Lit la source, sous la lecture que le relevé rendu porte.

    Une colonne dont aucune date ne se lit se regarde (`regarder`) : si elle ne peut être que des dates d'un seul format, elle
    se compte ainsi. Lève `SourceRefusee`, aussi quand ce qui est lu ne prouve rien : un relevé à zéro dirait la durée appliquée.
    """
    releve = lire(demande)
    colonne = releve.colonne or demande.colonne
    if _sans_date(releve) and regarder and (certaine := _certaine(demande, colonne, regarder())):
        demande = replace(demande, lecture=certaine)
        releve = lire(demande)
    if not releve.compte.examinees:
        suite = " qui réponde au filtre" if demande.filtres else ""
        raise SourceRefusee(f"Cette source n'a aucune ligne{suite} : ce relevé ne prouverait rien.")
    if _sans_date(releve):
        colonne = releve.colonne or demande.colonne
        raise SourceRefusee(
            f"La colonne « {colonne} » ne porte aucune date lisible ({demande.lecture}). {REGARDER}"
        )
    if releve.compte.ordre:
        raise SourceRefusee(f"{A_CHOISIR[releve.compte.ordre]} {CHOISIR}")
    return replace(releve, lecture=demande.lecture)


def _sans_date(releve: Releve) -> bool:
    return bool(releve.compte.examinees) and releve.compte.sans_date == releve.compte.examinees


def _certaine(demande: DemandeDeReleve, colonne: str, regard: Regard) -> Lecture | None:
    vue = None if demande.lecture.choisie else regard.colonne(colonne)
    return vue.certaine if vue else None


def consigner(
    examen_: Examen,
    demande: DemandeDeReleve,
    releve: Releve,
    *,
    auteur: Auteur,
    plan: PlanReleve | None = None,
) -> Operation:
    """Enregistre le relevé, signé, et le plan dont il vient. Lève `Refus`."""
    colonne = releve.colonne or demande.colonne
    neuve = Operation(
        organisme_id=examen_.fiche.organisme_id,
        traitement=examen_.fiche,
        regles=list(examen_.numeros),
        regles_texte=list(examen_.phrases),
        type=TypeOperation.RELEVE,
        date=examen_.le,
        perimetre=_perimetre(demande, releve, colonne),
        methode=METHODE_MESUREE,
        operateur=auteur.nom,
        source=releve.source,
        source_sha256=releve.sha256,
        source_genre=releve.genre,
        source_table=demande.table or releve.feuille,
        source_colonne=colonne,
        source_filtres=[str(f) for f in demande.filtres],
        source_lecture=releve.lecture.codes,
        limite=demande.limite,
        examinees=releve.compte.examinees,
        en_retard=releve.compte.en_retard,
        sans_date=releve.compte.sans_date,
        a_venir=releve.compte.futures,
        plan=plan,
    )
    enregistrer_figee(neuve, auteur=auteur, action="constat")
    return neuve


def _perimetre(demande: DemandeDeReleve, releve: Releve, colonne: str) -> str:
    """Ce qui a été lu, et comment : la feuille ou la table, la colonne, les formats s'ils ont été choisis, les filtres, les doutes."""
    lus = releve.compte
    titre = compte(releve.lignes_de_titre, "ligne") if releve.lignes_de_titre else ""
    dits = [
        f"feuille « {releve.feuille} »" if releve.feuille else "",
        f"table « {demande.table} »" if demande.table and not releve.feuille else "",
        f"requête « {demande.requete.nom} »" if demande.requete else "",
        f"colonne « {colonne} »",
        f"dates lues : {releve.lecture}" if releve.lecture.choisie else "",
        *(f"filtre « {f} »" for f in demande.filtres),
        f"{titre} au-dessus de l'en-tête, non comptées" if titre else "",
        f"{compte(lus.nulles, 'date nulle')}" if lus.nulles else "",
        f"{compte(lus.en_1970, 'date')} au 1er janvier 1970" if lus.en_1970 else "",
        f"{compte(lus.futures, 'date')} à venir" if lus.futures else "",
    ]
    return majuscule(", ".join(dit for dit in dits if dit))


def _exercice(fiche: Traitement) -> Exercice:
    return exercice_de({"cloture_exercice": fiche.organisme.cloture_exercice})
