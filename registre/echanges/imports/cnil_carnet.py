"""Une fiche que l'on lit : ce qu'on en place, ce qu'on en garde, et le sort de chaque cellule."""

from collections.abc import Iterable
from typing import Any

from organismes.champs import LIGNES_MAX
from registre.echanges.imports.cellules import Cellule, Feuille
from registre.echanges.imports.cnil_feuille import CONSIGNES, SUITE, Rangee
from registre.echanges.imports.correspondances import Correspondances
from registre.echanges.imports.rapport import Rapport, Sort
from registre.echanges.imports.reponses import (
    N_AFFIRMENT_RIEN,
    NEGATIVES,
    Reponse,
    commence_par_un_non,
    lire_reponse,
)
from registre.echanges.imports.reprise import morceaux

LISTES = ("finalites", "personnes", "donnees", "conservations", "destinataires", "mesures", "transferts")
SE_CONTREDIT = "la fiche se contredit"
SE_NUANCE = "la fiche nuance sa réponse"
MOTS_SEULS = {"oui", "non"}  # tout autre mot dit autre chose que sa réponse, et se garde
CONTRADICTIONS = {
    "sensibles": "Données sensibles, réponse contredite",
    "transferts": "Transferts hors UE, réponse contredite",
}
RAISONS = {
    Reponse.INCONNUE: "le texte hésite, renvoie ailleurs, parle du passé ou de l'avenir, ou laisse sa case vide : rien n'est affirmé",
    Reponse.NUANCEE: "un « non » ou un « oui » qui dit davantage : rien n'est affirmé",
}


class Carnet:
    """Accumule une fiche. Toute cellule a un sort : un champ, une remarque, ou un libellé du modèle."""

    def __init__(self, feuille: Feuille, correspondances: Correspondances, origine: str):
        self.feuille, self.c, self.origine = feuille, correspondances, origine
        self.rapport = Rapport()
        self.avis: list[str] = []
        self.donnees: dict[str, Any] = {
            "reference": "",
            "intitule": "",
            "qualite": "responsable",
            "statut": "brouillon",
            "donnees_sensibles": None,
            "responsables_conjoints": [],
            "reprise": [],
        } | {nom: [] for nom in LISTES}
        self.sensibles: list[Reponse] = []
        self.doute_sensibles = ""
        self.transferts_dits: list[Reponse] = []
        # Les cellules qui répondent au bloc entier, et celles qui disent le contraire : une contradiction les nomme.
        self.reponses: dict[str, list[tuple[Cellule, Reponse]]] = {"sensibles": [], "transferts": []}
        self.preuves: dict[str, list[Cellule]] = {"sensibles": [], "transferts": []}
        self.finalite_tue = (
            False  # la dernière finalité principale n'affirme rien : ses sous-finalités non plus
        )
        self.hors_eee = False
        self.exemple = False

    # --- Le sort des cellules -------------------------------------------------------------------------------------

    def placer(self, *cellules: Cellule | None) -> None:
        for cellule in filter(None, cellules):
            self.rapport.noter(cellule.adresse, Sort.PLACEE)

    def placer_encore(self, cellules: Iterable[Cellule]) -> None:
        """Ce qui répète une valeur placée n'est plus une remarque."""
        for cellule in cellules:
            if self.rapport.cellules.get(cellule.adresse, (None,))[0] == Sort.REMARQUE:
                self.rapport.cellules[cellule.adresse] = (Sort.PLACEE, "")

    def taire(self, *cellules: Cellule) -> None:
        for cellule in cellules:
            self.rapport.noter(cellule.adresse, Sort.LIBELLE)

    def garder(self, libelle: str, cellule: Cellule, sort: Sort = Sort.REMARQUE, raison: str = "") -> None:
        """Garde, en remarque, le texte d'une cellule qui n'a pas de rubrique ou qu'on n'a pas compris."""
        self.rapport.noter(cellule.adresse, sort, raison)
        self.remarquer(libelle, cellule.texte)

    def remarquer(self, libelle: str, texte: str, avertissement: str = "") -> None:
        """Un avertissement se dit aussi à l'import."""
        elements = morceaux(self.origine, libelle, [texte])
        if avertissement:
            elements[0]["avertissement"] = avertissement
            self.avis.append(avertissement)
        self.donnees["reprise"] += elements

    def douter(self, cellule: Cellule, raison: str, rubrique: str = "") -> None:
        """Ce qui est placé, mais dont une personne doit confirmer la lecture ; `rubrique` : son code dans le plan."""
        self.rapport.noter(cellule.adresse, Sort.DOUTEUSE, raison)
        if rubrique:
            self.donnees["a_confirmer"] = sorted({*self.donnees.get("a_confirmer", []), rubrique})

    def ecarter(self, libelle: str, cellules: Iterable[Cellule], reponse: Reponse, raison: str = "") -> None:
        """Ce qui n'affirme rien : gardé en remarque ; douteux s'il en dit plus qu'un « non »."""
        sort = Sort.REMARQUE if reponse in NEGATIVES else Sort.DOUTEUSE
        for cellule in cellules:
            self.garder(libelle, cellule, sort, raison or RAISONS.get(reponse, ""))

    def repondre(self, bloc: str, cellule: Cellule, dit: Reponse) -> None:
        self.reponses[bloc].append((cellule, dit))

    def dire_les_contradictions(self, bloc: str) -> bool:
        """Un « non » que la fiche contredit se garde, et l'avis nomme les deux cellules ; vrai si c'est le cas."""
        non = [c for c, dit in self.reponses[bloc] if dit == Reponse.NON]
        oui = [c for c, dit in self.reponses[bloc] if dit == Reponse.OUI] + self.preuves[bloc]
        if not (non and oui):
            return False
        for cellule in non:
            avis = f"{cellule.adresse} dit « {cellule.texte[:60]} », mais {oui[0].adresse} dit le contraire (« {oui[0].texte[:60]} ») : à vérifier."
            self.rapport.noter(cellule.adresse, Sort.REMARQUE)
            self.remarquer(CONTRADICTIONS[bloc], cellule.texte, avis)
        for cellule, dit in self.reponses[bloc]:
            if dit == Reponse.OUI and not self.preuves[bloc]:
                self.garder(CONTRADICTIONS[bloc], cellule)
        return True

    def borner(self, libelle: str, cellule: Cellule, longueur: int, *, ligne: bool = False) -> str:
        """Le texte d'une cellule à la mesure de son champ (sur une ligne au besoin) ; s'il n'y tient pas, il se garde en entier."""
        return self.borner_texte(libelle, cellule.texte, longueur, cellule, ligne=ligne)

    def borner_texte(
        self, libelle: str, texte: str, longueur: int, *cellules: Cellule, ligne: bool = False
    ) -> str:
        borne = (texte.replace("\n", " ") if ligne else "\n".join(texte.split("\n")[:LIGNES_MAX]))[:longueur]
        if len(borne) < len(texte):
            self.remarquer(libelle, texte)
            for cellule in cellules:
                self.rapport.noter(
                    cellule.adresse,
                    Sort.DOUTEUSE,
                    "trop long pour son champ : coupé, et gardé en entier en remarque",
                )
        elif borne != texte:  # seuls les sauts de ligne sont devenus des espaces
            self.remarquer(libelle, texte)
        return borne

    def ajouter(self, liste: str, **valeurs: Any) -> None:
        elements = self.donnees[liste]
        elements.append({"numero": len(elements) + 1, **valeurs})

    def garder_reste(self, rangee: Rangee, cellule: Cellule) -> None:
        if not cellule.lue or cellule.cle in CONSIGNES:
            self.taire(cellule)
        elif rangee.bloc == SUITE and rangee.libelle is not cellule:
            self.garder(f"{rangee.libelle.texte} (suite)", cellule)
        else:
            self.garder("Texte de la feuille" if rangee.libelle is cellule else rangee.libelle.texte, cellule)

    def autre(self, r: Rangee) -> None:
        """Ce qui n'est d'aucun bloc : une remarque, « libellé : valeur »."""
        for cellule in r.cellules:
            if cellule.adresse not in self.rapport.cellules:
                self.garder_reste(r, cellule)

    def reponse(self, r: Rangee) -> tuple[Cellule, Reponse] | None:
        """La seule cellule qui suit le nom du bloc ; `None`, tout gardé, s'il y en a plusieurs."""
        if len(r.cellules) == 1 and "description" in r.valeurs:
            cellule = r.valeurs["description"]
            return cellule, lire_reponse(cellule.texte, r.libelle.texte)
        for cellule in r.cellules:
            self.garder(r.libelle.texte, cellule, Sort.INCOMPRISE, "plusieurs valeurs à côté du nom du bloc")
        return None

    def deux_colonnes(
        self, r: Rangee, premiere: str, seconde: str
    ) -> tuple[Cellule | None, Cellule | None] | None:
        """Les deux cellules d'une ligne de liste, ou `None` si elles n'affirment rien : elles sont alors gardées."""
        a, b = r.valeurs.get(premiere), r.valeurs.get(seconde)
        reponses = {c.adresse: lire_reponse(c.texte, r.libelle.texte) for c in (a, b) if c}
        if not reponses:
            return None
        dit_a = reponses[a.adresse] if a else None
        dit_b = reponses[b.adresse] if b else None
        if b and dit_b in (Reponse.VIDE, Reponse.OUI) and dit_a == Reponse.AUTRE:
            self.garder(r.libelle.texte, b)  # « - », « X » en précision : rien de plus à dire
            b, dit_b = None, None
        if b and dit_b == Reponse.NUANCEE and not commence_par_un_non(b.texte):
            dit_b = Reponse.AUTRE  # une précision peut nier quelque chose sans nier la ligne
        muettes = N_AFFIRMENT_RIEN | {Reponse.OUI}
        if dit_a not in muettes and dit_b not in muettes:
            return a, b
        negatives = all(dit in NEGATIVES for dit in reponses.values())
        raison = "" if negatives else "la ligne ne dit pas clairement ce qu'elle déclare"
        self.ecarter(
            r.libelle.texte, filter(None, (a, b)), Reponse.NON if negatives else Reponse.NUANCEE, raison
        )
        return None
