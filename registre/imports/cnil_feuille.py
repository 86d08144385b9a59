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
    ("responsable du traitement", "acteurs"),
    ("delegue a la protection des donnees", "acteurs"),
    ("societe du dpo", "acteurs"),
    ("responsable s conjoint", "acteurs"),
    ("responsables conjoint", "acteurs"),
    ("etat civil", "donnees"),
    ("vie personnelle", "donnees"),
    ("informations d ordre economique", "donnees"),
    ("donnees de connexion", "donnees"),
    ("donnees de localisation", "donnees"),
    ("numero de securite sociale", "donnees"),
    ("donnees revelant", "sensibles"),
    ("donnees genetiques", "sensibles"),
    ("donnees biometriques", "sensibles"),
    ("donnees concernant la sante", "sensibles"),
    ("donnees concernant la vie sexuelle", "sensibles"),
    ("donnees relatives a des condamnations", "sensibles"),
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
# Les liens d'aide de la CNIL, à droite de la fiche ; ailleurs, une flèche peut avoir été tapée par quelqu'un.
AIDE_COLONNE = 8
AIDES = {
    "traitement de donnees a caractere personnel",
    "delegue a la protection des donnees dpo",
    "donnees personnelles",
    "responsable de traitement",
    "donnees sensibles",
    "finalite du traitement",
    "destinataires",
    "transfert de donnees",
    "duree de conservation de donnees",
    "securite des donnees",
}
CONSULTER = "consulter les guides et definitions sur le site de la cnil"
# Ce que le modèle écrit lui-même dans sa première colonne : un libellé qui dit davantage a été complété à la main.
TITRES = ("cet onglet est un modele de fiche", "cet exemple est base sur un traitement fictif")
LIBELLES = [
    set(libelle.split())
    for libelle in (
        *BLOCS,
        "modele de fiche de registre a completer",
        "exemple de fiche de registre",
        "nom du traitement",
        "n ref reference numero",
        "date de creation du traitement de la fiche",
        "mise a jour du traitement",
        "derniere date de mise a jour de la fiche",
        "responsable du traitement",
        "delegue a la protection des donnees dpo",
        "societe du dpo si celui ci est externe",
        "representant",
        "responsable s conjoint s responsables conjoints",
        "finalite principale",
        "sous finalite",
        "etat civil identite donnees d identification images",
        "vie personnelle habitudes de vie situation familiale etc",
        "vie professionnelle",
        "informations d ordre economique et financier revenus situation financiere situation fiscale etc",
        "donnees de connexion adress adresse adresses ip logs etc",
        "donnees de localisation deplacements donnees gps gsm etc",
        "numero de securite sociale ou nir",
        "donnees revelant l origine raciale ou ethnique",
        "donnees revelant les opinions politiques",
        "donnees revelant les convictions religieuses ou philosophiques",
        "donnees revelant l appartenance syndicale",
        "donnees genetiques",
        "donnees biometriques aux fins d identifier une personne physique de maniere unique",
        "donnees concernant la sante",
        "donnees concernant la vie sexuelle ou l orientation sexuelle",
        "donnees relatives a des condamnations penales ou infractions",
        "categorie de personnes",
        "destinataire",
        "mesure de securite",
        "organisme destinataire",
    )
]


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
    return [(rang, c) for rang, c in enumerate(ligne) if c.strip() and not est_aide(rang, c)]


def est_aide(rang: int, cellule: str) -> bool:
    """Un lien vers le site de la CNIL, que le modèle porte lui-même."""
    cle = plier(cellule)
    return cle == CONSULTER or cellule.strip().startswith("►") and (rang >= AIDE_COLONNE or cle in AIDES)


def est_du_modele(libelle: str) -> bool:
    """Le modèle porte ce libellé, en entier ou abrégé : il n'apprend rien."""
    cle = plier(libelle)
    mots = {mot for mot in cle.split() if not (mot.isdigit() and len(mot) <= 2)}
    return cle.startswith(TITRES) or bool(mots) and any(mots <= connus for connus in LIBELLES)


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
            tete = self._tete(libelle, suite)
            if tete and self._est_en_tete(suite):
                bloc = tete
                colonnes = {r: COLONNES[plier(c)] for r, c in suite if plier(c) in COLONNES}
                # Une note tapée dans la ligne d'en-tête, ou dans son libellé, se garde comme le reste.
                yield Rangee(
                    "entete", libelle, {}, [lue for r, c in suite if r not in colonnes and (lue := valeur(c))]
                )
                continue
            reconnu = tete or next((b for debut, b in LIGNES if plier(libelle).startswith(debut)), None)
            if reconnu and reconnu != bloc:
                # Données et données sensibles ont les mêmes colonnes.
                colonnes = colonnes if {bloc, reconnu} == {"donnees", "sensibles"} else {}
                bloc = reconnu
            yield self._rangee(bloc, libelle, suite, colonnes)

    @staticmethod
    def _est_en_tete(suite: list[tuple[int, str]]) -> bool:
        """Une tête de bloc n'est suivie que de têtes de colonnes ; « Données sensibles | Non » est une réponse."""
        return not suite or any(plier(c) in COLONNES for _, c in suite)

    @classmethod
    def _tete(cls, libelle: str, suite: list[tuple[int, str]]) -> str | None:
        """Le bloc que nomme ce libellé, même complété à la main s'il est suivi de têtes de colonnes."""
        cle = plier(libelle)
        if cle in BLOCS:
            return BLOCS[cle]
        if suite and plier(suite[0][1]) in COLONNES:
            return next((bloc for debut, bloc in BLOCS.items() if cle.startswith(f"{debut} ")), None)
        return None

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
