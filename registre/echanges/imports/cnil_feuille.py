"""Une feuille de fiches du modèle de la CNIL : les fiches qu'elle empile, leurs blocs, leurs lignes, retrouvés où qu'ils soient."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from registre.echanges.imports import libelles as lib
from registre.echanges.imports.cellules import Cellule, Feuille
from registre.echanges.imports.modele import est_aide

TITRE_FICHE = re.compile(r"^(?:fiche|modele de fiche|exemple de fiche|traitement|activite|registre)\b")
NUMERO = re.compile(r"[\d. ]{1,6}")
CONSIGNES = {"ref 001"}
SANS_FIN = 10_000_000  # un commentaire peut suivre la dernière ligne remplie
ENTETE, SUITE, INCONNU = "entete", "suite", "inconnu"


class FeuilleRefusee(Exception):
    """On ne peut pas dire où commencent les fiches de cette feuille ; le message dit pourquoi."""


@dataclass
class Rangee:
    """Une ligne remplie : son bloc, son libellé, ses cellules par nom de colonne, et celles qui n'ont pas de colonne.

    `bloc` : un bloc du modèle ; « entete » (tête de bloc), « suite » (pas de libellé), « inconnu » (libellé d'aucun bloc).
    `muettes` : les cellules qui ne portent pas de valeur (têtes de colonnes, consignes, aides).
    """

    bloc: str
    libelle: Cellule
    valeurs: dict[str, Cellule] = field(default_factory=dict)
    reste: list[Cellule] = field(default_factory=list)
    muettes: list[Cellule] = field(default_factory=list)
    tete: bool = False  # le libellé est celui du bloc entier : « Données sensibles | Non »

    @property
    def cle(self) -> str:
        return self.libelle.cle

    def texte(self, nom: str) -> str:
        return self.valeurs[nom].texte if nom in self.valeurs else ""

    @property
    def cellules(self) -> list[Cellule]:
        return [*self.valeurs.values(), *self.reste]


def utiles(ligne: list[Cellule]) -> list[Cellule]:
    return [c for c in ligne if not est_aide(c.colonne, c.texte)]


def est_connu(libelle: str) -> bool:
    return bool(lib.bloc_de_tete(libelle) or lib.bloc_de_ligne(libelle, None))


def est_en_tete(libelle: Cellule, suite: list[Cellule]) -> bool:
    """Une tête de bloc n'est suivie que de têtes de colonnes ; « Données sensibles | Non » est une réponse.

    Seule une tête exacte du modèle peut porter aussi une note, dans une autre colonne.
    """
    if lib.bloc_de_tete(libelle.texte):
        return not suite or any(c.cle in lib.COLONNES for c in suite)
    if lib.bloc_de_ligne(libelle.texte, None) in ("description", "acteurs"):
        return False  # un traitement peut se nommer « Destinataires »
    tetes = sum(c.cle in lib.COLONNES for c in suite)
    return tetes > 1 or bool(suite) and tetes == len(suite)


def est_fiche(feuille: Feuille) -> bool:
    """Une fiche porte « Nom du traitement » et au moins deux blocs, ou trois blocs."""
    nommee, blocs = False, set()
    for ligne in feuille.lignes:
        if (cellule := _premiere(ligne)) is not None:
            nommee = nommee or lib.est_nom(cellule.texte)
            blocs.add(lib.bloc_de_tete(cellule.texte) or lib.bloc_de_ligne(cellule.texte, None))
    return len(blocs - {"description", None}) >= (2 if nommee else 3)


# --- Les fiches empilées -------------------------------------------------------------------------------------------------


def fiches_empilees(feuille: Feuille) -> list[Feuille]:
    """Une feuille par fiche. Lève `FeuilleRefusee` si elles ne se distinguent pas."""
    colonne = _colonne_des_libelles(feuille)
    noms = [rang for rang, ligne in enumerate(feuille.lignes) if _nomme(ligne, colonne)]
    _refuser_les_colonnes(feuille, noms)
    debuts = [0, *(_remonter(feuille, rang, noms[i], colonne) for i, rang in enumerate(noms[1:]))]
    fins = [*debuts[1:], SANS_FIN]
    extraits = [feuille.extrait(debut, fin) for debut, fin in zip(debuts, fins, strict=True)]
    for extrait in extraits:
        _refuser_les_doublons(extrait, colonne)
    return extraits


def _colonne_des_libelles(feuille: Feuille) -> int:
    premieres = [cellule for ligne in feuille.lignes if (cellule := _premiere(ligne)) is not None]
    voix = Counter(c.colonne for c in premieres if est_connu(c.texte))
    return voix.most_common(1)[0][0] if voix else 0


def _premiere(ligne: list[Cellule]) -> Cellule | None:
    """La première cellule d'une ligne, passé le numéro qui peut précéder son libellé."""
    cellules = utiles(ligne)
    if len(cellules) > 1 and NUMERO.fullmatch(cellules[0].texte):
        return cellules[1]
    return cellules[0] if cellules else None


def _libelle(ligne: list[Cellule], colonne: int) -> Cellule | None:
    """Le libellé d'une ligne : dans la colonne des libellés, ou un libellé connu avant elle ; `None` si elle n'en a pas."""
    cellules = utiles(ligne)
    if not cellules:
        return None
    if est_connu(cellules[0].texte):
        return cellules[0]
    return next(
        (c for c in cellules if c.colonne == colonne), cellules[0] if cellules[0].colonne < colonne else None
    )


def _nomme(ligne: list[Cellule], colonne: int) -> bool:
    libelle = _libelle(ligne, colonne)
    return libelle is not None and lib.est_nom(libelle.texte) and not est_tete_de_liste(ligne, libelle)


def est_tete_de_liste(ligne: list[Cellule], libelle: Cellule) -> bool:
    """« Nom du traitement | N° / RÉF | Finalités » : la tête d'un tableau, pas une fiche nommée « N° / RÉF »."""
    suite = [c for c in utiles(ligne) if c is not libelle and c.lue]
    return bool(suite) and all(
        c.cle in lib.COLONNES or lib.est_reference(c.texte) or lib.date_de(c.texte) or est_connu(c.texte)
        for c in suite
    )


def _remonter(feuille: Feuille, rang: int, plancher: int, colonne: int) -> int:
    """La fiche commence avant son nom : à sa tête « Description », à sa référence, à son titre."""
    debut = rang
    while debut - 1 > plancher and (ligne := utiles(feuille.lignes[debut - 1])):
        libelle = _libelle(ligne, colonne)
        ligne_de_titre = libelle is not None and (
            lib.bloc_de_tete(libelle.texte) == "description"
            or lib.bloc_de_ligne(libelle.texte, None) == "description"
            or len(ligne) == 1
            and not est_connu(libelle.texte)
        )
        if not ligne_de_titre:
            break
        debut -= 1
    vides = debut
    while vides - 1 > plancher and not utiles(feuille.lignes[vides - 1]):
        vides -= 1
    dessus = utiles(feuille.lignes[vides - 1])
    if vides - 1 > plancher and vides < debut and len(dessus) == 1 and TITRE_FICHE.match(dessus[0].cle):
        return vides - 1
    return debut


def _refuser_les_colonnes(feuille: Feuille, noms: list[int]) -> None:
    """Plusieurs noms sur une ligne, et aucune tête de colonne, ou deux libellés de nom : les fiches sont côte à côte."""
    for ligne in feuille.lignes:
        doubles = [c for c in utiles(ligne) if lib.est_nom(c.texte)]
        if len(doubles) > 1 and doubles[1].colonne - doubles[0].colonne > 1:
            raise FeuilleRefusee(
                f"Deux fiches sont côte à côte ({doubles[0].adresse}, {doubles[1].adresse}) : "
                "mettez une fiche par feuille, ou l'une sous l'autre."
            )
    cote_a_cote = next((utiles(feuille.lignes[r]) for r in noms if len(utiles(feuille.lignes[r])) > 2), None)
    tetes = any(c.cle in lib.COLONNES for ligne in feuille.lignes for c in utiles(ligne)[1:])
    if cote_a_cote and not tetes:
        raise FeuilleRefusee(
            f"Plusieurs noms de traitement sur une ligne ({', '.join(c.adresse for c in cote_a_cote[1:])}) : "
            "mettez une fiche par feuille, ou l'une sous l'autre."
        )


def _refuser_les_doublons(feuille: Feuille, colonne: int) -> None:
    """Deux fois les mêmes blocs, ou deux références, sous un seul nom : deux fiches qui ne se séparent pas."""
    tetes: dict[str, list[Cellule]] = {}
    references: list[Cellule] = []
    for ligne in feuille.lignes:
        if (libelle := _libelle(ligne, colonne)) is None:
            continue
        suite = [c for c in utiles(ligne) if c.colonne > libelle.colonne]
        bloc = lib.bloc_de_tete(libelle.texte) if est_en_tete(libelle, suite) else None
        if bloc and bloc != "description":
            tetes.setdefault(bloc, []).append(libelle)
        elif lib.est_reference(libelle.texte):
            references += [c for c in suite[:1] if c.lue and c.cle not in CONSIGNES]
    doubles = [cellules[1] for cellules in tetes.values() if len(cellules) > 1]
    if len(doubles) > 1 or len({c.cle for c in references}) > 1:
        preuves = doubles or references[1:]
        raise FeuilleRefusee(
            f"Une seconde fiche semble commencer ({', '.join(c.adresse for c in preuves[:3])}) sans « Nom du traitement » : "
            "donnez-lui cette ligne, ou une feuille à elle."
        )


# --- Les lignes d'une fiche ------------------------------------------------------------------------------------------------


def rangees(feuille: Feuille) -> Iterator[Rangee]:
    """Les lignes remplies d'une fiche, dans l'ordre. Les têtes donnent les colonnes de leur bloc."""
    return _LectureDeFeuille(feuille).rangees()


class _LectureDeFeuille:
    def __init__(self, feuille: Feuille):
        self.feuille = feuille
        self.colonne = _colonne_des_libelles(feuille)
        self.bloc: str | None = None
        self.colonnes: dict[int, str] = {}  # celles que dit la tête du bloc
        self.dernier: Cellule | None = None

    def rangees(self) -> Iterator[Rangee]:
        for rang, ligne in enumerate(self.feuille.lignes):
            aides = [c for c in ligne if est_aide(c.colonne, c.texte)]
            if cellules := utiles(ligne):
                rangee = self._rangee(rang, cellules)
                rangee.muettes += aides
                yield rangee
            elif aides:
                yield Rangee(ENTETE, aides[0], muettes=aides)

    def _rangee(self, rang: int, cellules: list[Cellule]) -> Rangee:
        libelle = _libelle(cellules, self.colonne) or self._libelle_fusionne(rang)
        if libelle is None:  # la ligne continue celle du dessus, ou ne se rattache à rien
            return Rangee(SUITE, self.dernier or cellules[0], reste=cellules)
        suite = [c for c in cellules if c is not libelle and c.colonne > libelle.colonne]
        devant = [c for c in cellules if c is not libelle and c.colonne < libelle.colonne]
        numeros = [c for c in devant if NUMERO.fullmatch(c.texte)]
        avant = [c for c in devant if c not in numeros]
        self.dernier = libelle
        if est_en_tete(libelle, suite):
            rangee = self._entete(libelle, avant, suite)
        else:
            bloc, tete = self._bloc(libelle)
            rangee = self._repartir(Rangee(bloc or INCONNU, libelle, reste=avant, tete=tete), suite)
        rangee.muettes += numeros
        return rangee

    def _libelle_fusionne(self, rang: int) -> Cellule | None:
        """Le libellé d'une cellule fusionnée sur plusieurs lignes vaut pour chacune."""
        tete = self.feuille.tete_de_fusion(rang, self.colonne)
        if tete is None or tete[0] == rang:
            return None
        return next((c for c in self.feuille.lignes[tete[0]] if c.colonne == tete[1]), None)

    def _entete(self, libelle: Cellule, avant: list[Cellule], suite: list[Cellule]) -> Rangee:
        """Une note tapée dans la ligne de tête, ou dans son libellé, se garde comme le reste."""
        self.bloc = lib.bloc_devine(libelle.texte)
        self.colonnes = {}
        for cellule in suite:
            if nom := lib.colonne(cellule.texte, self.bloc, self.colonnes.values()):
                self.colonnes[cellule.colonne] = nom
        notes = [c for c in suite if c.cle not in lib.COLONNES]
        tetes = [c for c in suite if c.cle in lib.COLONNES]
        return Rangee(ENTETE, libelle, reste=avant + notes, muettes=tetes, tete=self.bloc is not None)

    def _bloc(self, libelle: Cellule) -> tuple[str | None, bool]:
        """Le bloc de la ligne ; vrai si son libellé nomme le bloc entier, et que la ligne y répond."""
        if exact := lib.bloc_de_tete(libelle.texte):
            self.bloc, self.colonnes = exact, {}
            return exact, True
        reconnu = lib.bloc_de_ligne(libelle.texte, self.bloc)
        if reconnu and reconnu != self.bloc and {self.bloc, reconnu} != {"donnees", "sensibles"}:
            self.bloc, self.colonnes = reconnu, {}
        return reconnu, False

    def _repartir(self, rangee: Rangee, suite: list[Cellule]) -> Rangee:
        """Chaque cellule va à sa colonne, dite par la tête du bloc ou, sans tête, à la place du modèle."""
        places = self.colonnes
        if not places:  # une tête sans colonne (« Finalités ») laisse aussi celles du modèle
            defaut = lib.DEFAUT.get(rangee.bloc, {})
            places = {rangee.libelle.colonne + ecart: nom for ecart, nom in defaut.items()}
        if rangee.tete:  # la réponse au bloc entier : une seule cellule, où qu'elle soit
            places = {suite[0].colonne: "description"} if len(suite) == 1 else {}
        for cellule in suite:
            nom = places.get(cellule.colonne)
            if not cellule.lue:
                rangee.muettes.append(cellule)
            elif nom and nom not in rangee.valeurs:
                rangee.valeurs[nom] = cellule
            elif rangee.bloc in ("description", "finalites") and "description" not in rangee.valeurs:
                rangee.valeurs["description"] = cellule
            else:
                rangee.reste.append(cellule)
        return rangee
