"""Ce que la commande « relever » dit et signe d'une lecture, faite à la main ou par un plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.management.base import OutputWrapper

from conservation.models import Operation, PlanReleve
from journal.service import operation
from registre.execution.plans import garder
from registre.execution.portee_operation import conclusions
from registre.execution.releves import Examen, consigner
from registre.execution.sources.demande import DemandeDeReleve, Releve
from registre.portes.management.auteur import COMMANDE


@dataclass(frozen=True)
class CompteRendu:
    """`sortie` : celle de la commande. `simuler` : rien n'est écrit."""

    sortie: OutputWrapper
    simuler: bool

    def signer(
        self,
        voulus: Sequence[Examen],
        demandes: Sequence[DemandeDeReleve],
        lus: Sequence[Releve],
        plan: PlanReleve | None = None,
        nom: str = "",
    ) -> None:
        """Dit et signe ce qui a été lu, un relevé par date limite, tous ou aucun ; et garde le plan, si l'on en donne le nom."""
        with operation():
            if nom and not self.simuler:
                plan = garder(voulus, demandes[0], lus[0], nom, auteur=COMMANDE)
                self.sortie.write(f"plan gardé : {plan.nom} ({plan.pk})")
            for voulu, demande, lu in zip(voulus, demandes, lus, strict=True):
                numeros = ",".join(map(str, voulu.numeros))
                self.sortie.write(f"{voulu.fiche.reference}#{numeros} : {voulu.phrase}")
                self.dire(lu, demande.limite)
                if self.simuler:
                    self.sortie.write("Simulation : rien n'est écrit.")
                    continue
                faite = consigner(voulu, demande, lu, auteur=COMMANDE, plan=plan)
                self.sortie.write(f"relevé consigné : {faite.pk}")
                self.conclure(faite)

    def conclure(self, faite: Operation) -> None:
        """Ce que le registre en conclut, et pourquoi un relevé n'y change rien."""
        for conclue in conclusions(faite):
            if conclue.application:
                self.sortie.write(f"conclusion : {conclue.application.phrase}")
                for dit in conclue.application.sans_effet:
                    self.sortie.write(f"sans effet : {dit}")

    def dire(self, releve: Releve, limite: date) -> None:
        compte = releve.compte
        self.sortie.write(f"source : {releve.source}")
        if releve.feuille:
            self.sortie.write(f"feuille : {releve.feuille}")
        if releve.lignes_de_titre:
            self.sortie.write(f"au-dessus de l'en-tête, non comptées : {releve.lignes_de_titre}")
        self.sortie.write(f"lecture : {releve.lecture}")
        self.sortie.write(f"limite : {limite.isoformat()}")
        self.sortie.write(f"examinées : {compte.examinees}")
        self.sortie.write(f"en retard : {compte.en_retard}")
        self.sortie.write(f"sans date : {compte.sans_date}")
        for mot, nombre in (
            ("dont dates nulles", compte.nulles),
            ("dont illisibles", compte.illisibles),
            ("au 1er janvier 1970", compte.en_1970),
            ("à venir", compte.futures),
        ):
            if nombre:
                self.sortie.write(f"{mot} : {nombre}")
        self.sortie.write(f"empreinte : {releve.sha256}")
