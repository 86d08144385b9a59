"""Le journal prouve : chaque champ est signé, la chaîne tient, la base elle-même refuse qu'on la réécrive."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from boutique import AUTEUR, PROSPECTION, creer_fiche
from journal import gardes
from journal.models import Entree, Tete
from journal.service import SIGNES, consigner, operation, tete, verifier
from organismes.portee import dans
from registre.actes.fiches import enregistrer_fiche

pytestmark = pytest.mark.django_db


@pytest.fixture
def histoire(maison_lavande):
    """Une fiche créée puis modifiée trois fois."""
    fiche = creer_fiche(maison_lavande)
    with dans(maison_lavande):
        for service in ("Marketing", "Ventes", "Direction"):
            enregistrer_fiche({"service": service}, organisme=maison_lavande, auteur=AUTEUR, fiche=fiche)
    return fiche


def falsifier(sql: str, *parametres) -> None:
    """Ce que ferait quelqu'un qui tient la base : gardes retirées, SQL direct."""
    gardes.retirer(connection)
    with connection.cursor() as curseur:
        curseur.execute(sql, parametres)
    gardes.poser(connection)


def seqs() -> list[int]:
    return [a.seq for a in verifier()]


def test_un_journal_intact_se_verifie_sans_faute(histoire):
    assert list(verifier()) == []
    sortie = StringIO()
    call_command("verifier_journal", stdout=sortie)
    assert "intact" in sortie.getvalue()


FAUX = {
    "seq": 99_999,
    "horodatage": "2020-01-01 00:00:00+00:00",
    "organisme": "0" * 32,
    "changements": "[]",
    "instantane_sha256": "0" * 64,
}


@pytest.mark.parametrize("champ", [*SIGNES, "instantane", "empreinte"])
def test_toucher_un_champ_se_voit_a_la_bonne_entree(histoire, champ):
    cible = Entree.objects.order_by("-seq")[1]
    faux = FAUX.get(champ, "falsifié")
    if connection.vendor == "postgresql" and champ == "organisme":
        faux = "00000000-0000-0000-0000-000000000000"
    falsifier(f"UPDATE journal_entree SET {champ} = %s WHERE id = %s", faux, cible.pk)
    fautives = seqs()
    assert fautives[0] in (cible.seq, cible.seq + 1) if champ == "seq" else fautives[0] == cible.seq


def test_une_entree_otee_au_milieu_se_voit(histoire):
    cible = Entree.objects.order_by("-seq")[1]
    falsifier("DELETE FROM journal_entree WHERE id = %s", cible.pk)
    assert seqs()[0] == cible.seq + 1


def test_une_queue_coupee_se_voit_a_la_tete(histoire):
    derniere = Entree.objects.order_by("-seq").first()
    falsifier("DELETE FROM journal_entree WHERE id = %s", derniere.pk)
    assert any("tête" in a.message for a in verifier())


def test_une_queue_coupee_avec_sa_tete_ne_se_voit_qu_avec_une_ancre(histoire, tmp_path):
    seq, signature = tete()
    ancre = tmp_path / "ancre.json"
    ancre.write_text(json.dumps({"seq": seq, "empreinte": signature}))
    avant = Entree.objects.get(seq=seq - 1)
    falsifier("DELETE FROM journal_entree WHERE seq = %s", seq)
    falsifier("UPDATE journal_tete SET seq = %s, empreinte = %s", avant.seq, avant.empreinte)
    assert list(verifier()) == []
    assert any("coupé" in a.message for a in verifier({"seq": seq, "empreinte": signature}))
    with pytest.raises(CommandError):
        call_command("verifier_journal", ancre=ancre, stdout=StringIO())


def test_une_chaine_recrite_avec_une_autre_cle_se_voit(histoire, settings):
    settings.CLE_JOURNAL = "une autre clé, aussi longue que la première"
    assert len(seqs()) == Entree.objects.count()


def test_une_ancienne_cle_declaree_verifie_encore(histoire, settings):
    ancienne = settings.CLE_JOURNAL
    settings.CLE_JOURNAL, settings.CLE_JOURNAL_ID = "la clé suivante, tirée au hasard elle aussi", "2"
    settings.CLES_JOURNAL_ANCIENNES = {"1": ancienne}
    assert list(verifier()) == []
    settings.CLES_JOURNAL_ANCIENNES = {}
    assert any("inconnue" in a.message for a in verifier())


def test_une_fiche_changee_dans_la_base_sans_le_journal_se_voit(histoire):
    falsifier("UPDATE traitements_finalite SET libelle = %s", "changé en douce")
    with pytest.raises(CommandError, match="n'est plus tel"):
        call_command("verifier_journal", stdout=StringIO())


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE journal_entree SET auteur_nom = 'x'",
        "DELETE FROM journal_entree",
        "DELETE FROM journal_tete",
        "UPDATE journal_tete SET seq = 0",
        "INSERT INTO journal_tete (seq, empreinte) VALUES (0, '')",
    ],
)
def test_la_base_elle_meme_refuse_de_reecrire(histoire, sql):
    with pytest.raises(DatabaseError, match="journal"), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(sql)
    assert list(verifier()) == []


def test_une_operation_qui_echoue_ne_laisse_ni_changement_ni_entree(maison_lavande):
    avant = tete()
    with pytest.raises(RuntimeError), operation():
        creer_fiche(maison_lavande)
        raise RuntimeError
    assert tete() == avant


def test_une_modification_sans_difference_ne_se_consigne_pas(db):
    with pytest.raises(ValueError, match="Rien n'a changé"), operation():
        consigner(
            auteur=AUTEUR,
            action="modification",
            objet_type="x",
            objet_id="1",
            objet_libelle="x",
            avant={"a": 1},
            apres={"a": 1},
        )


def test_l_entree_dit_qui_quand_et_par_quelle_requete(dpo, maison_lavande, prospection):
    from django.urls import reverse

    url = reverse("api:fiches-detail", args=[prospection.pk])
    dpo.patch(url, {"service": "Ventes"}, content_type="application/json", HTTP_IF_MATCH='"1"')
    entree = Entree.objects.order_by("-seq").first()
    assert (entree.auteur_nom, entree.role, entree.organisme) == ("Claire Morel", "dpo", maison_lavande.pk)
    assert entree.requete
    assert entree.horodatage.utcoffset().total_seconds() == 0
    assert entree.changements[0] == {"chemin": "service", "avant": PROSPECTION["service"], "apres": "Ventes"}


def test_la_tete_est_unique(db):
    assert Tete.objects.count() == 1
