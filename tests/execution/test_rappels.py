"""Les rappels : un par personne et par jour ; un envoi raté s'annule et n'arrête pas les autres."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection

from boutique import AUTEUR, PROSPECTION, creer_fiche, creer_operation
from conservation.models import Rappel
from organismes.portee import dans
from registre.actes.fiches import enregistrer_fiche
from registre.execution.lignes_de_rappel import LigneDeRappel
from registre.execution.rappels import PartieDuRappel, Recapitulatif, recapituler
from registre.fiche.agregat import FICHE
from traitements.models import Traitement

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
    parties = (
        PartieDuRappel("En retard", tuple(LigneDeRappel(f"TR-{n}") for n in range(lignes)), "conservation"),
    )
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


# --- Ce qui a été dit se retient fait par fait -----------------------------------------------------------------------------
HIER, LE = date(2026, 11, 24), date(2026, 11, 25)


def lots(*reponses, **autres):
    """Une durée par réponse à « est-elle appliquée ? »."""
    durees = PROSPECTION["conservations"][0] | autres
    return [{**durees, "numero": n, "objet": f"Lot {n}", "appliquee": r} for n, r in enumerate(reponses, 1)]


def rappeler(le):
    """Le corps du courriel parti ce jour-là ; vide s'il n'en est pas parti."""
    avant = len(mail.outbox)
    call_command("rappels", au=le, stdout=StringIO())
    dit = lu(mail.outbox[-1].body) if len(mail.outbox) > avant else ""
    return dit.replace("\N{NARROW NO-BREAK SPACE}", " ")


def modifier(organisme, fiche, **champs):
    with dans(organisme):
        lue = FICHE.charger(Traitement.objects.filter(pk=fiche.pk)).get()
        enregistrer_fiche(champs, organisme=organisme, auteur=AUTEUR, fiche=lue, valideur=True)


def test_une_duree_qui_en_remplace_une_autre_sur_la_meme_ligne_se_rappelle(dpo, maison_lavande):
    """« 2 durées (durée non appliquée) » hier comme aujourd'hui : ce ne sont pas les mêmes."""
    fiche = creer_fiche(maison_lavande, conservations=lots("non", "non", "oui"))
    assert ": 2 durées (durée non appliquée)\n" in rappeler(HIER)
    modifier(maison_lavande, fiche, conservations=lots("oui", "non", "non"))
    dit = rappeler(LE)
    assert "(Lot 3)" in dit and "(Lot 2)" not in dit
    assert "(durée non appliquée), outre 1 durée déjà rappelée\n" in dit
    assert not rappeler(date(2026, 11, 26))


@pytest.mark.parametrize(("ensuite", "dit"), [(3, ""), (4, "4 lignes"), (4000, "4 000 lignes")])
def test_un_releve_qui_empire_se_rappelle_et_le_meme_compte_ne_se_redit_pas(
    dpo, maison_lavande, ensuite, dit
):
    fiche = creer_fiche(maison_lavande, conservations=lots(""))
    creer_operation(maison_lavande, fiche, "constat", en_retard=3, examinees=50, source="a.csv", date=HIER)
    assert "(3 lignes au-delà du terme, depuis le 24 novembre 2026)" in rappeler(HIER)
    creer_operation(
        maison_lavande, fiche, "constat", en_retard=ensuite, examinees=5000, source="a.csv", date=LE
    )
    recu = rappeler(LE)
    assert (f"({dit} au-delà du terme, depuis le 24 novembre 2026)" in recu) if dit else recu == ""


def test_une_seconde_source_en_retard_se_rappelle(dpo, maison_lavande):
    fiche = creer_fiche(maison_lavande, conservations=lots(""))
    creer_operation(maison_lavande, fiche, "constat", en_retard=3, examinees=50, source="a.csv", date=HIER)
    assert rappeler(HIER)
    creer_operation(maison_lavande, fiche, "constat", en_retard=9, examinees=50, source="b.csv", date=LE)
    assert "(3 et 9 lignes au-delà du terme" in rappeler(LE)


@pytest.mark.parametrize(("reponses", "redit"), [(("non",), False), (("non", "non"), True)])
def test_ce_qu_un_rappel_d_avant_a_dit_par_sa_ligne_se_lit_encore(dpo, maison_lavande, reponses, redit):
    """D'une durée, la ligne retenue disait tout ; de deux, on ne sait plus lesquelles : elles se redisent une fois."""
    creer_fiche(maison_lavande, conservations=lots(*reponses))
    rappeler(HIER)
    with dans(maison_lavande):
        retard = recapituler(maison_lavande, HIER, "http://x").parties[0]
    d_avant = [retard.repere(ligne.texte) for ligne in retard.lignes]
    with connection.cursor() as curseur:
        curseur.execute("UPDATE conservation_rappel SET dites = %s", [json.dumps(d_avant)])
    assert bool(rappeler(LE)) is redit
    assert not rappeler(date(2026, 11, 26))


def test_une_part_de_la_duree_en_retard_a_son_tour_se_rappelle(dpo, maison_lavande):
    """Relevée d'abord pour une seule de ses catégories, une durée élargie garde son retard le plus ancien, et dit le nouveau."""
    (lot,) = lots("", categories=["COORDONNEES"])
    donnees = [{"numero": n, "categorie": c} for n, c in enumerate(("COORDONNEES", "TRANSACTIONS"), 1)]
    fiche = creer_fiche(maison_lavande, donnees=donnees, conservations=[lot])
    creer_operation(maison_lavande, fiche, "constat", en_retard=3, examinees=50, source="a.csv", date=HIER)
    modifier(maison_lavande, fiche, conservations=[{**lot, "categories": ["COORDONNEES", "TRANSACTIONS"]}])
    assert "(3 lignes au-delà du terme" in rappeler(HIER)
    creer_operation(maison_lavande, fiche, "constat", en_retard=9, examinees=50, source="b.csv", date=LE)
    assert "(3 et 9 lignes au-delà du terme" in rappeler(LE)
