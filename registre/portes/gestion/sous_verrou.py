"""Les formulaires de l'administrateur sous le même verrou que les fiches : ce qu'on a lu, ce que d'autres ont changé depuis."""

from typing import Any

from journal.service import revisions
from organismes.requete import RequeteConnectee
from registre.fiche.agregat import Agregat, instantane_de
from registre.fiche.codes import Codes
from registre.fiche.enregistrement import Conflit, Racine, Refus, Resultat, enregistrer
from registre.portes.gestion import verrou
from registre.portes.gestion.formulaires_comptes import FormulaireVerrouille
from registre.portes.gestion.fusion import fusionner
from registre.portes.gestion.vue import Heurt
from registre.portes.requetes.formulaires import poser
from registre.portes.requetes.gardees import reprise_de


class SousVerrou:
    """Un formulaire de modèle et l'objet qu'il change. Après `enregistrer`, `contexte` dit ce que la page montre."""

    def __init__(
        self, request: RequeteConnectee, forme: Agregat, formulaire: FormulaireVerrouille, objet: Racine
    ):
        self.request, self.forme, self.formulaire, self.objet = request, forme, formulaire, objet
        self.heurt: Heurt | None = None

    def enregistrer(self) -> Resultat | None:
        """Ce qui est écrit, ou `None` si la page doit revenir (refus, ou conflit)."""
        lu = None if self.objet._state.adding else self._lu(self.objet)
        try:
            return enregistrer(
                self.forme,
                self.formulaire.canonique(),
                self.objet,
                auteur=self.request.auteur,
                revision=lu.revision if lu else None,
            )
        except Refus as refus:
            poser(self.formulaire, refus)
        except Conflit as conflit:
            self._rapprocher(conflit.actuel)
        return None

    @property
    def contexte(self) -> dict[str, Any]:
        return {"form": self.formulaire, "conflit": self.heurt, "jeton": self._jeton()}

    @property
    def statut(self) -> int:
        return 409 if self.heurt else 422 if self.formulaire.errors else 200

    def _lu(self, objet: Racine) -> verrou.Lu:
        return verrou.lire(self.request.POST.get("jeton", ""), self.forme, objet)

    def _jeton(self) -> str:
        """Celui de la page qui revient ou du texte repris : la révision que la personne a lue, pas celle d'aujourd'hui."""
        if self.objet._state.adding:
            return ""
        tape = reprise_de(self.request) if self.request.method != "POST" else self.request.POST
        if tape is not None and self.heurt is None:
            return tape.get("jeton", "")
        return verrou.jeton(self.forme, self.objet)

    def _rapprocher(self, actuel: Racine) -> None:
        """La page revient avec les deux saisies rapprochées, sur la révision d'aujourd'hui."""
        lu, codes = self._lu(actuel), Codes()
        fusion = fusionner(
            self._lue(actuel, lu),
            instantane_de(self.forme, actuel),
            self.formulaire.canonique(),
        )
        self.objet = actuel
        self.formulaire = type(self.formulaire)(instance=actuel, initial=fusion.donnees)
        disputes = [
            (self.formulaire[n].id_for_label, self.formulaire[n].label.lower()) for n in fusion.disputes
        ]
        self.heurt = Heurt(verrou.changements_depuis(self.forme, actuel, lu, codes), disputes)

    def _lue(self, actuel: Racine, lu: verrou.Lu) -> dict[str, Any]:
        """Ce que la page montrait. Si aucune entrée ne le dit, on défait une à une celles qui ont suivi."""
        if connue := verrou.instantane_lu(self.forme, actuel, lu):
            return connue
        etat = instantane_de(self.forme, actuel)
        for entree in revisions(self.forme.type, actuel.pk).filter(seq__gt=lu.seq):
            etat |= {c["chemin"]: c["avant"] for c in entree.changements}
        return etat
