"""Une feuille de fiche du modèle de la CNIL : blocs, libellés, colonnes, retrouvés où qu'ils soient."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from registre.imports.textes import plier, valeur

BLOCS = {
    "description du traitement": "description",
    "acteurs": "acteurs",
    "finalite s du traitement effectue": "finalites",
    "finalites du traitement effectue": "finalites",
    "finalite du traitement effectue": "finalites",
    "categories de donnees personnelles concernees": "donnees",
    "categories de donnees personnelles": "donnees",
    "donnees sensibles": "sensibles",
    "categories de personnes concernees": "personnes",
    "destinataires": "destinataires",
    "mesures de securite": "securite",
    "transferts hors ue": "transferts",
    "transferts hors de l ue": "transferts",
}
# Un libellé de ligne reconnu place dans son bloc même si l'en-tête a été supprimé.
LIGNES = (
    ("sous finalite", "finalites"),
    ("finalite principale", "finalites"),
    ("categorie de personnes", "personnes"),
    ("organisme destinataire", "transferts"),
    ("destinataire", "destinataires"),
    ("mesure de securite", "securite"),
)
COLONNES = {
    "nom": "nom",
    "adresse": "adresse",
    "code postal": "code_postal",
    "ville": "ville",
    "pays": "pays",
    "telephone": "telephone",
    "adresse mel": "courriel",
    "adresse mail": "courriel",
    "adresse e mail": "courriel",
    "courriel": "courriel",
    "description": "description",
    "duree de conservation": "duree",
    "duree": "duree",
    "precisions": "precisions",
    "type de destinataire": "description",
    "type de mesure de securite": "description",
    "destinataire": "destinataire",
    "type de garanties": "garantie",
    "type de garantie": "garantie",
    "garanties": "garantie",
    "liens vers la documentation": "document",
}
DEFAUT = {
    "donnees": ("description", "duree"),
    "sensibles": ("description", "duree"),
    "personnes": ("description", "precisions"),
    "destinataires": ("description", "precisions"),
    "securite": ("description", "precisions"),
    "transferts": ("destinataire", "pays", "garantie", "document"),
    "acteurs": ("nom", "adresse", "code_postal", "ville", "pays", "telephone", "courriel"),
}
AIDE = ("►", "Consulter les guides")


@dataclass
class Rangee:
    """Une ligne remplie : son bloc, son libellé, ses valeurs par nom de colonne, et ce qui n'a pas de colonne."""

    bloc: str
    libelle: str
    valeurs: dict[str, str]
    reste: list[str] = field(default_factory=list)

    @property
    def cle(self) -> str:
        return plier(self.libelle)

    @property
    def vide(self) -> bool:
        return not any(self.valeurs.values()) and not self.reste


def _cellules(ligne: list[str]) -> list[tuple[int, str]]:
    return [(rang, c) for rang, c in enumerate(ligne) if c.strip() and not c.strip().startswith(AIDE)]


def est_fiche(lignes: list[list[str]]) -> bool:
    """Une fiche porte « Nom du traitement » et au moins deux têtes de bloc, ou trois."""
    premieres = {plier(cellules[0][1]) for ligne in lignes if (cellules := _cellules(ligne))}
    blocs = {BLOCS[p] for p in premieres if p in BLOCS}
    lignes_de_fiche = {bloc for p in premieres for debut, bloc in LIGNES if p.startswith(debut)}
    return len(blocs | lignes_de_fiche) >= (2 if "nom du traitement" in premieres else 3)


@dataclass
class FeuilleFiche:
    nom: str
    lignes: list[list[str]]

    def rangees(self) -> Iterator[Rangee]:
        """Les lignes utiles, dans l'ordre. Les en-têtes donnent les colonnes de leur bloc."""
        bloc, colonnes = "titre", {}
        for ligne in self.lignes:
            cellules = _cellules(ligne)
            if not cellules:
                continue
            (_, libelle), suite = cellules[0], cellules[1:]
            cle = plier(libelle)
            if cle in BLOCS and not self._est_valeur(bloc, cle, suite):
                bloc = BLOCS[cle]
                colonnes = {r: COLONNES[plier(c)] for r, c in suite if plier(c) in COLONNES}
                egares = [lue for r, c in suite if r not in colonnes and (lue := valeur(c))]
                if egares:  # une note tapée dans la ligne d'en-tête
                    yield Rangee("entete", libelle, {}, egares)
                continue
            reconnu = next((b for debut, b in LIGNES if cle.startswith(debut)), None)
            if reconnu and reconnu != bloc:
                bloc, colonnes = reconnu, {}
            yield self._rangee(bloc, libelle, suite, colonnes)

    @staticmethod
    def _est_valeur(bloc: str, cle: str, suite: list[tuple[int, str]]) -> bool:
        """« Destinataires » peut être une ligne de bloc inconnu ; une tête n'est suivie que de têtes de colonnes."""
        return bool(suite) and not any(plier(c) in COLONNES for _, c in suite)

    @staticmethod
    def _rangee(bloc: str, libelle: str, suite: list[tuple[int, str]], colonnes: dict[int, str]) -> Rangee:
        noms = dict(colonnes) or dict(zip((r for r, _ in suite), DEFAUT.get(bloc, ()), strict=False))
        rangee = Rangee(bloc, libelle, {})
        for rang, cellule in suite:
            if not (lue := valeur(cellule)):
                continue
            nom = noms.get(rang)
            if nom and nom not in rangee.valeurs:
                rangee.valeurs[nom] = lue
            elif bloc in ("description", "titre", "finalites") and "description" not in rangee.valeurs:
                rangee.valeurs["description"] = lue
            else:
                rangee.reste.append(lue)
        return rangee
