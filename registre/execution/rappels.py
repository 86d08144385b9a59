"""Les rappels : un récapitulatif par personne, par organisme et par jour, quel que soit le nombre de passages."""

import hashlib
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
from registre.execution.echeances import EcheanceLue, lire
from traitements.models import Traitement
from traitements.phrases import date_en_mots, de

TRENTE, SOIXANTE = timedelta(days=30), timedelta(days=60)
DELAI = 10  # secondes : le verrou d'écriture n'attend pas plus longtemps un serveur de courriel muet
AUTEUR = Auteur(id="rappels", nom="Commande rappels", role="commande")


def destinataires(le: date) -> list[Utilisateur]:
    """Les délégués et contributeurs habilités ce jour-là dans la portée."""
    siennes = Habilitation.objects.actives(le).filter(role__in=(Role.DPO, Role.CONTRIBUTEUR))
    return list({h.utilisateur_id: h.utilisateur for h in siennes.select_related("utilisateur")}.values())


def contenu(organisme: Organisme, le: date, origine: str) -> str:
    """Le texte du récapitulatif ; vide quand il n'y a rien à dire. S'emploie dans la portée de l'organisme."""
    lues = [lue for lue in lire(organisme, le, le + TRENTE) if lue.echeance.genre in DUES]
    parties = (
        ("En retard", [_echeance(lue) for lue in lues if lue.echeance.en_retard], "conservation"),
        ("Dû dans 30 jours", [_echeance(lue) for lue in lues if not lue.echeance.en_retard], "conservation"),
        ("Revues de fiches", _revues(le), "registre"),
        ("Missions d'audit qui finissent", _missions(le), "tableau"),
        ("Contrats de sous-traitance échus ou qui finissent", _contrats(le), "tiers"),
    )
    return "\n\n".join(
        "\n".join([titre, *(f"- {ligne}" for ligne in lignes), f"{origine.rstrip('/')}{reverse(route)}"])
        for titre, lignes, route in parties
        if lignes
    )


def envoyer(organisme: Organisme, personne: Utilisateur, le: date, texte: str) -> bool:
    """Consigne puis envoie, d'un seul tenant ; faux si le rappel du jour est déjà parti. Un échec d'envoi annule tout et se lève."""
    if Rappel.objects.filter(utilisateur=personne, jour=le).exists():
        return False
    rappel = Rappel(
        organisme=organisme,
        utilisateur=personne,
        jour=le,
        contenu_sha256=hashlib.sha256(texte.encode()).hexdigest(),
    )
    try:
        with operation():
            rappel.save()
            _consigner(rappel)
            _message(organisme, personne, le, texte).send()
    except IntegrityError:  # un autre processus vient de l'envoyer
        return False
    return True


def _message(organisme: Organisme, personne: Utilisateur, le: date, texte: str) -> EmailMessage:
    corps = f"Bonjour {personne.nom},\n\n{organisme.raison_sociale}, au {date_en_mots(le)}.\n\n{texte}\n"
    sujet = " ".join(f"Registre {de(organisme.raison_sociale)} : échéances".split())
    return compose(
        EmailMessage(sujet, corps, to=[personne.courriel], connection=get_connection(timeout=DELAI))
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


def _echeance(lue: EcheanceLue) -> str:
    e = lue.echeance
    quand = [e.genre.libelle.lower(), *([date_en_mots(e.due)] if e.due else [])]
    return f"{e.reference} {e.intitule} : {lue.phrase} ({', '.join(quand)})"


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
