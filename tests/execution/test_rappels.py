"""Les rappels : un par personne et par jour ; un envoi raté s'annule et n'arrête pas les autres."""

from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from boutique import PROSPECTION, creer_fiche
from conservation.models import Rappel
from organismes.portee import dans

pytestmark = pytest.mark.django_db
REGLE = {**PROSPECTION["conservations"][0], "frequence_mois": 12, "derniere_purge": "2020-01-01"}


def lancer():
    call_command("rappels", stdout=StringIO(), stderr=StringIO())


def test_relancee_dix_fois_elle_n_envoie_qu_une_fois(dpo, maison_lavande):
    creer_fiche(maison_lavande, conservations=[REGLE])
    for _ in range(10):
        lancer()
    assert len(mail.outbox) == 1
    assert "En retard" in mail.outbox[0].body
    assert "/conservation/" in mail.outbox[0].body


def test_rien_a_dire_pas_de_courriel(dpo, prospection):
    lancer()
    assert mail.outbox == []


def test_un_envoi_rate_s_annule_et_les_autres_partent(dpo, contributeur, maison_lavande, monkeypatch):
    creer_fiche(maison_lavande, conservations=[REGLE])
    vrai = mail.EmailMessage.send

    def rate(message, *args, **options):
        if message.to == ["claire@lavande.example"]:
            raise OSError("serveur muet")
        return vrai(message, *args, **options)

    monkeypatch.setattr(mail.EmailMessage, "send", rate)
    with pytest.raises(CommandError):
        lancer()
    assert [m.to for m in mail.outbox] == [["lea@lavande.example"]]
    with dans(maison_lavande):
        assert Rappel.objects.count() == 1
