"""Les rappels : un par personne et par jour ; un envoi raté s'annule et n'arrête pas les autres."""

from datetime import date
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from boutique import PROSPECTION, creer_fiche
from conservation.models import Rappel
from organismes.portee import dans
from registre.execution.rappels import PartieDuRappel, Recapitulatif

pytestmark = pytest.mark.django_db
REGLE = {**PROSPECTION["conservations"][0], "frequence_mois": 12, "derniere_purge": "2020-01-01"}


def lu(texte: str) -> str:
    """Sans les espaces insécables que la typographie pose."""
    return texte.replace("\N{NO-BREAK SPACE}", " ")


def lancer():
    call_command("rappels", stdout=StringIO(), stderr=StringIO())


def test_relancee_dix_fois_elle_n_envoie_qu_une_fois(dpo, maison_lavande):
    creer_fiche(maison_lavande, conservations=[REGLE])
    for _ in range(10):
        lancer()
    assert len(mail.outbox) == 1
    assert lu(mail.outbox[0].subject) == "Registre de Maison Lavande : 1 rappel, dont 1 durée en retard"
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


def test_le_lendemain_il_ne_dit_que_ce_qui_est_nouveau(dpo, maison_lavande):
    creer_fiche(maison_lavande, conservations=[REGLE])
    call_command("rappels", au=date(2026, 11, 24), stdout=StringIO())
    call_command("rappels", au=date(2026, 11, 25), stdout=StringIO())
    assert len(mail.outbox) == 1  # rien de neuf : pas de courriel
    creer_fiche(maison_lavande, reference="TR-002", conservations=[REGLE])
    call_command("rappels", au=date(2026, 11, 26), stdout=StringIO())
    (_, second) = mail.outbox
    assert "TR-002" in second.body and "TR-001" not in second.body
    assert "Inchangé depuis le rappel du 24 novembre 2026 : 1 ligne déjà envoyée" in lu(second.body)
    assert "2 rappels, dont 2 durées en retard" in lu(second.subject)


@pytest.mark.parametrize(("lignes", "dites"), [(40, 40), (41, 40)])
def test_il_dit_quarante_lignes_au_plus_puis_ou_lire_le_reste(lignes, dites):
    parties = (PartieDuRappel("En retard", tuple(f"TR-{n}" for n in range(lignes)), "conservation"),)
    texte = Recapitulatif(
        "Maison Lavande", date(2026, 11, 24), parties, lignes, "https://registre.example/"
    ).texte()
    assert texte.count("- TR-") == dites
    assert ("… et 1\N{NO-BREAK SPACE}autre" in texte) is (lignes > dites)
    assert texte.endswith("https://registre.example/conservation/")


def test_les_durees_d_une_fiche_tiennent_sur_une_ligne_avec_leur_compte(dpo, maison_lavande):
    """Trois durées à purger le même jour : une ligne, et non trois ; le sujet compte toujours les durées."""
    lots = [{**REGLE, "numero": n, "objet": f"Lot {n}"} for n in (1, 2, 3)]
    creer_fiche(maison_lavande, conservations=lots)
    creer_fiche(
        maison_lavande,
        reference="TR-002",
        intitule="Fidélité",
        conservations=[*lots, {**REGLE, "numero": 4, "derniere_purge": "2021-05-03"}],
    )
    lancer()
    dit = lu(mail.outbox[0].body).replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert (
        "- TR-001 Prospection de particuliers par courriel : 3 durées (purge périodique, 1er janvier 2021)\n"
        in dit
    )
    assert (
        "- TR-002 Fidélité : 4 durées (purge périodique, 1er janvier 2021, pour 3 ; purge périodique, 3 mai 2022, pour 1)\n"
        in dit
    )
    assert "2 rappels, dont 7 durées en retard" in lu(mail.outbox[0].subject)
