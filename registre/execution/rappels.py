"""Les rappels : ce qui est nouveau pour une personne, un courriel par organisme et par jour, quel que soit le nombre de passages."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from django.core.mail import EmailMessage, get_connection
from django.db import IntegrityError
from django.urls import reverse

from conservation.echeancier import DUES
from conservation.models import Rappel
from journal.service import Auteur, consigner, operation
from organismes.choix import Role
from organismes.messagerie import compose
from organismes.models import Habilitation, Organisme, Tiers, Utilisateur
from registre.execution.echeances import lire
from registre.execution.lignes_de_rappel import LigneDeFiche, LigneDeRappel, par_fiche
from traitements.models import Traitement
from traitements.phrases import accorder, compte, date_en_mots, de

TRENTE, SOIXANTE = timedelta(days=30), timedelta(days=60)
LIGNES_MAX = 40  # au-delà, un courriel ne se lit plus : la page les a toutes
DELAI = 10  # secondes : le verrou d'écriture n'attend pas plus longtemps un serveur de courriel muet
AUTEUR = Auteur(id="rappels", nom="Commande rappels", role="commande")


def destinataires(le: date) -> list[Utilisateur]:
    """Les délégués et contributeurs habilités ce jour-là dans la portée."""
    siennes = Habilitation.objects.actives(le).filter(role__in=(Role.DPO, Role.CONTRIBUTEUR))
    return list({h.utilisateur_id: h.utilisateur for h in siennes.select_related("utilisateur")}.values())


@dataclass(frozen=True)
class PartieDuRappel:
    """Un titre, ses lignes, et la page où tout se lit."""

    titre: str
    lignes: Sequence[LigneDeRappel | LigneDeFiche]
    route: str

    def repere(self, fait: str) -> str:
        """Une empreinte courte : ce qui devient en retard change de partie, et se redit."""
        return hashlib.sha256(f"{self.titre} : {fait}".encode()).hexdigest()[:16]

    @property
    def reperes(self) -> list[str]:
        return [self.repere(fait) for ligne in self.lignes for fait in ligne.faits]

    def neuves(self, deja: Collection[str]) -> list[str]:
        """Les lignes qui portent un fait que l'on n'a pas encore dit, et ce qu'elles en disent."""
        dites = (ligne.neuve(self._neufs(ligne, deja)) for ligne in self.lignes)
        return [dite for dite in dites if dite]

    def _neufs(self, ligne: LigneDeRappel | LigneDeFiche, deja: Collection[str]) -> list[str]:
        """Jusqu'en novembre 2026, un rappel retenait ses lignes : d'un seul fait, elle le disait ; de plusieurs, on ne sait pas lesquels."""
        if len(ligne.faits) == 1 and self.repere(ligne.texte) in deja:
            return []
        return [fait for fait in ligne.faits if self.repere(fait) not in deja]


@dataclass(frozen=True)
class Recapitulatif:
    """Ce qu'un organisme a à faire un jour donné. Un courriel n'en dit que ce qui est nouveau pour la personne."""

    organisme: str
    le: date
    parties: tuple[PartieDuRappel, ...]
    retards: int
    origine: str

    @property
    def reperes(self) -> list[str]:
        """Chaque fait, par une empreinte courte : ce qui se garde pour ne pas le redire."""
        return [repere for partie in self.parties for repere in partie.reperes]

    @property
    def lignes(self) -> int:
        return sum(len(partie.lignes) for partie in self.parties)

    @property
    def sujet(self) -> str:
        n = self.lignes
        en_retard = f", dont {compte(self.retards, 'durée')} en retard" if self.retards else ""
        return " ".join(f"Registre {de(self.organisme)} : {n} {accorder(n, 'rappel')}{en_retard}".split())

    def texte(self, deja: Collection[str] = (), depuis: date | None = None) -> str:
        """Ce qui n'a pas encore été dit, quarante lignes au plus, puis où lire le reste ; vide s'il n'y a rien de neuf."""
        neuves = [(partie, partie.neuves(deja)) for partie in self.parties]
        blocs, place = [], LIGNES_MAX
        for partie, lignes in neuves:
            if lignes:
                blocs.append(self._bloc(partie, lignes, place))
                place = max(0, place - len(lignes))
        if not blocs:
            return ""
        connues = self.lignes - sum(len(lignes) for _, lignes in neuves)
        return "\n\n".join([*blocs, *self._connues(connues, depuis)])

    def _bloc(self, partie: PartieDuRappel, lignes: list[str], place: int) -> str:
        reste = len(lignes) - place
        suite = [f"… et {compte(reste, 'autre')} :"] if reste > 0 else []
        adresse = f"{self.origine.rstrip('/')}{reverse(partie.route)}"
        return "\n".join([partie.titre, *(f"- {ligne}" for ligne in lignes[:place]), *suite, adresse])

    def _connues(self, connues: int, depuis: date | None) -> list[str]:
        if not connues or depuis is None:
            return []
        dits = f"{compte(connues, 'ligne')} déjà {accorder(connues, 'envoyée')}"
        return [
            f"Inchangé depuis le rappel du {date_en_mots(depuis)} : {dits}. Tout se lit sur {self.origine.rstrip('/')}/."
        ]


def recapituler(organisme: Organisme, le: date, origine: str) -> Recapitulatif:
    """Ce qu'il y a à rappeler ce jour-là. S'emploie dans la portée de l'organisme."""
    lues = [lue for lue in lire(organisme, le, le + TRENTE) if lue.genre in DUES]
    retards = [lue for lue in lues if lue.en_retard]
    a_venir = [lue for lue in lues if not lue.en_retard]
    en_retard = len({(lue.fiche, lue.regle) for lue in retards})
    parties = (
        PartieDuRappel("En retard", par_fiche(retards), "conservation"),
        PartieDuRappel("Dû dans 30 jours", par_fiche(a_venir), "conservation"),
        PartieDuRappel("Revues de fiches", _revues(le), "registre"),
        PartieDuRappel("Missions d'audit qui finissent", _missions(le), "tableau"),
        PartieDuRappel("Contrats de sous-traitance échus ou qui finissent", _contrats(le), "tiers"),
    )
    return Recapitulatif(organisme.raison_sociale, le, parties, en_retard, origine)


def envoyer(organisme: Organisme, personne: Utilisateur, recapitulatif: Recapitulatif) -> bool:
    """Consigne puis envoie ce qui est nouveau depuis le dernier rappel, d'un seul tenant ; faux s'il n'y a rien, ou s'il est déjà parti.

    Un échec d'envoi annule tout et se lève.
    """
    dernier = Rappel.objects.filter(utilisateur=personne).order_by("-jour").first()
    if dernier is not None and dernier.jour >= recapitulatif.le:
        return False
    texte = recapitulatif.texte(dernier.dites, dernier.jour) if dernier else recapitulatif.texte()
    if not texte:
        return False
    rappel = Rappel(
        organisme=organisme,
        utilisateur=personne,
        jour=recapitulatif.le,
        contenu_sha256=hashlib.sha256(texte.encode()).hexdigest(),
        dites=recapitulatif.reperes,
    )
    try:
        with operation():
            rappel.save()
            _consigner(rappel)
            _message(personne, recapitulatif, texte).send()
    except IntegrityError:  # un autre processus vient de l'envoyer
        return False
    return True


def _message(personne: Utilisateur, recapitulatif: Recapitulatif, texte: str) -> EmailMessage:
    corps = f"Bonjour {personne.nom},\n\n{recapitulatif.organisme}, au {date_en_mots(recapitulatif.le)}.\n\n{texte}\n"
    return compose(
        EmailMessage(
            recapitulatif.sujet, corps, to=[personne.courriel], connection=get_connection(timeout=DELAI)
        )
    )


def _consigner(rappel: Rappel) -> None:
    consigner(
        auteur=Auteur(AUTEUR.id, AUTEUR.nom, AUTEUR.role, str(uuid4())),
        action="rappel",
        objet_type="rappel",
        objet_id=str(rappel.pk),
        objet_libelle=str(rappel),
        organisme=rappel.organisme_id,
        apres={"jour": rappel.jour.isoformat(), "contenu_sha256": rappel.contenu_sha256},
    )


def _revues(le: date) -> list[LigneDeRappel]:
    fiches = Traitement.objects.actifs().filter(date_prochaine_revue__lte=le + TRENTE)
    lues = fiches.order_by("date_prochaine_revue", "reference_tri").only(
        "reference", "intitule", "date_prochaine_revue"
    )
    return [
        LigneDeRappel(f"{f.reference} {f.intitule} : {date_en_mots(f.date_prochaine_revue)}")
        for f in lues
        if f.date_prochaine_revue
    ]


def _missions(le: date) -> list[LigneDeRappel]:
    siennes = Habilitation.objects.actives(le).filter(role=Role.AUDITEUR, fin__lte=le + TRENTE)
    return [
        LigneDeRappel(f"{h.utilisateur} : {date_en_mots(h.fin)}")
        for h in siennes.select_related("utilisateur").order_by("fin")
        if h.fin
    ]


def _contrats(le: date) -> list[LigneDeRappel]:
    tiers = Tiers.objects.filter(contrat_art28=True, contrat_fin__lte=le + SOIXANTE, fusionne_dans=None)
    lus = tiers.order_by("contrat_fin", "nom_tri")
    return [LigneDeRappel(f"{t.nom} : {date_en_mots(t.contrat_fin)}") for t in lus if t.contrat_fin]
