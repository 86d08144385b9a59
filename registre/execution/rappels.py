"""Les rappels : ce qui est nouveau pour une personne, un courriel par organisme et par jour, quel que soit le nombre de passages."""

import hashlib
from collections.abc import Collection, Iterable
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
from registre.execution.echeancier_lu import EcheanceLue
from traitements.models import Traitement
from traitements.phrases import accorder, compte, date_en_mots, de

TRENTE, SOIXANTE = timedelta(days=30), timedelta(days=60)
LIGNES_MAX = 40  # au-delà, un courriel ne se lit plus : la page les a toutes
DEMANDES_MAX = 3  # d'une fiche, sur sa ligne
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
    lignes: tuple[str, ...]
    route: str

    def repere(self, ligne: str) -> str:
        """Une empreinte courte : ce qui devient en retard change de partie, et se redit."""
        return hashlib.sha256(f"{self.titre} : {ligne}".encode()).hexdigest()[:16]


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
        """Chaque ligne, par une empreinte courte : ce qui se garde pour ne pas la redire."""
        return [partie.repere(ligne) for partie in self.parties for ligne in partie.lignes]

    @property
    def sujet(self) -> str:
        n = len(self.reperes)
        en_retard = f", dont {compte(self.retards, 'durée')} en retard" if self.retards else ""
        return " ".join(f"Registre {de(self.organisme)} : {n} {accorder(n, 'rappel')}{en_retard}".split())

    def texte(self, deja: Collection[str] = (), depuis: date | None = None) -> str:
        """Les lignes qui n'ont pas encore été dites, quarante au plus, puis où lire le reste ; vide s'il n'y a rien de neuf."""
        neuves = [
            (partie, [ligne for ligne in partie.lignes if partie.repere(ligne) not in deja])
            for partie in self.parties
        ]
        blocs, place = [], LIGNES_MAX
        for partie, lignes in neuves:
            if lignes:
                blocs.append(self._bloc(partie, lignes, place))
                place = max(0, place - len(lignes))
        if not blocs:
            return ""
        connues = len(self.reperes) - sum(len(lignes) for _, lignes in neuves)
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
        PartieDuRappel("En retard", tuple(_par_fiche(retards)), "conservation"),
        PartieDuRappel("Dû dans 30 jours", tuple(_par_fiche(a_venir)), "conservation"),
        PartieDuRappel("Revues de fiches", tuple(_revues(le)), "registre"),
        PartieDuRappel("Missions d'audit qui finissent", tuple(_missions(le)), "tableau"),
        PartieDuRappel("Contrats de sous-traitance échus ou qui finissent", tuple(_contrats(le)), "tiers"),
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


def _par_fiche(lues: Iterable[EcheanceLue]) -> list[str]:
    """Une ligne par fiche : trois durées à purger le même jour ne s'écrivent pas trois fois."""
    fiches: dict[str, list[EcheanceLue]] = {}
    for lue in lues:
        fiches.setdefault(lue.fiche, []).append(lue)
    return [_fiche(siennes) for siennes in fiches.values()]


def _fiche(lues: list[EcheanceLue]) -> str:
    """« TR-001 Prospection : 3 durées (purge périodique, 1er janvier 2021) » ; une durée seule se dit par sa phrase."""
    e, durees = lues[0], {lue.regle for lue in lues}
    demandes: dict[str, set[int]] = {}
    for lue in lues:
        quand = [lue.genre.libelle.lower(), *([date_en_mots(lue.due)] if lue.due else [])]
        demandes.setdefault(", ".join(quand), set()).add(lue.regle)
    partagees = len(durees) > 1 and len(demandes) > 1
    dites = [f"{d}, pour {len(siennes)}" if partagees else d for d, siennes in demandes.items()]
    if (reste := len(dites) - DEMANDES_MAX) > 0:
        dites = [*dites[:DEMANDES_MAX], f"et {compte(reste, 'autre')}"]
    quoi = e.phrase if len(durees) == 1 else compte(len(durees), "durée")
    return f"{e.reference} {e.intitule} : {quoi} ({' ; '.join(dites)})"


def _revues(le: date) -> list[str]:
    fiches = Traitement.objects.actifs().filter(date_prochaine_revue__lte=le + TRENTE)
    lues = fiches.order_by("date_prochaine_revue", "reference_tri").only(
        "reference", "intitule", "date_prochaine_revue"
    )
    return [
        f"{f.reference} {f.intitule} : {date_en_mots(f.date_prochaine_revue)}"
        for f in lues
        if f.date_prochaine_revue
    ]


def _missions(le: date) -> list[str]:
    siennes = Habilitation.objects.actives(le).filter(role=Role.AUDITEUR, fin__lte=le + TRENTE)
    return [
        f"{h.utilisateur} : {date_en_mots(h.fin)}"
        for h in siennes.select_related("utilisateur").order_by("fin")
        if h.fin
    ]


def _contrats(le: date) -> list[str]:
    tiers = Tiers.objects.filter(contrat_art28=True, contrat_fin__lte=le + SOIXANTE, fusionne_dans=None)
    lus = tiers.order_by("contrat_fin", "nom_tri")
    return [f"{t.nom} : {date_en_mots(t.contrat_fin)}" for t in lus if t.contrat_fin]
