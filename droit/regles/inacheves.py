"""Ce qui reste à écrire : la mention d'un modèle, « à compléter », un blanc entre crochets."""

from collections.abc import Iterator
from datetime import date

from droit.faits import Faits, texte
from droit.inacheves import Inacheve, inacheve
from droit.regles.constat import Gravite, Trouve
from droit.regles.regle import ORGANISME, M, Trouves, bloquant, theme
from traitements.chemins import Chemin

theme("TXT", "Textes de la fiche", 150)

# Là où un champ vide empêcherait de valider la fiche : « à compléter » ne l'y remplit pas.
EXIGES = {
    "avis": ("delai_affiche",),
    "aipd": ("consultation_art36",),
    "cession": ("preuve_source",),
    "clients": ("categories_traitements",),
    "conservations": ("critere",),
    "destinataires": ("nom",),
    "donnees": ("justification_art10",),
    "finalites": ("libelle", "consentement_preuve", "consentement_retrait"),
    "information": ("opposition_mecanisme",),
    "responsables_conjoints": ("nom",),
    "transferts": ("document", "organisation"),
}
EXIGES_DE_L_ORGANISME = ("raison_sociale", "adresse")
# Ce que Registre tient, ce qu'un import a gardé tel quel, et les remarques, où noter ce qui reste à faire est leur emploi.
HORS_DU_TEXTE = ("alertes_lues", "ecarts", "modele", "remarques", "reprise")
LAISSES = ("texte_origine",)
DU_MODELE = (
    "Ce texte vient d'un modèle et porte encore la mention qui le dit à confirmer : relisez-le, adaptez-le, puis retirez la "
    "mention."
)
ENTIER = "« {lu} » n'est pas une réponse : écrivez ce qu'il en est."
EN_PARTIE = (
    "Ce texte semble attendre une précision (« à confirmer », « à compléter », un blanc à remplir) : achevez-le, ou retirez "
    "cette mention s'il est définitif."
)


@bloquant(
    "TXT-01",
    "RGPD art. 5(2), 24(1), 30(1), 30(2)",
    M,
    "texte proposé ou laissé à compléter",
    ecartable=True,
    sous_traitant=True,
)
def texte_acheve(faits: Faits, le: date) -> Trouves:
    """Un texte qui porte encore la mention d'un modèle, ou qui n'est qu'un « à compléter » là où le vide empêcherait de valider ;
    en alerte, tout autre texte qui semble inachevé."""
    for chemin, lu in faits.textes():
        if (quoi := inacheve(lu)) and not _laisse(chemin):
            yield _dire(chemin, lu, quoi, _exige(chemin))
    for r in faits.liste("destinataires"):
        nom = texte(faits.tiers(r), "nom")
        if quoi := inacheve(nom):
            yield _dire(f"destinataires[{r['numero']}].tiers", nom, quoi, exige=True)


@bloquant(
    "TXT-02",
    "RGPD art. 30(1)(a), 30(2)(a)",
    M,
    "identité de l'organisme laissée à compléter",
    ecartable=True,
    portee=ORGANISME,
)
def identite_achevee(faits: Faits, le: date) -> Trouves:
    """Une raison sociale ou une adresse de l'organisme qui n'est qu'un « à compléter » ; en alerte, tout autre texte de son identité
    qui semble inachevé."""
    for champ, lu in _identite(faits):
        if quoi := inacheve(lu):
            yield _dire(f"organisme.{champ}", lu, quoi, champ in EXIGES_DE_L_ORGANISME)


def _identite(faits: Faits) -> Iterator[tuple[str, str]]:
    return ((champ, lu) for champ, lu in faits.organisme.items() if isinstance(lu, str))


def _dire(chemin: str, lu: str, quoi: Inacheve, exige: bool) -> Trouve:
    if quoi is Inacheve.MODELE:
        return Trouve(chemin, DU_MODELE)
    if quoi is Inacheve.ENTIER:
        return Trouve(chemin, ENTIER.format(lu=lu.strip()), None if exige else Gravite.ALERTE)
    return Trouve(chemin, EN_PARTIE, Gravite.ALERTE)


def _laisse(chemin: str) -> bool:
    return chemin.startswith(HORS_DU_TEXTE) or chemin.endswith(LAISSES)


def _exige(ecrit: str) -> bool:
    chemin = Chemin.lire(ecrit)
    return chemin.champ in EXIGES.get(chemin.tete, ())
