"""La page de l'échéancier, son CSV et le nombre dans la colonne."""

import pytest
from django.urls import reverse

from boutique import PROSPECTION, creer_fiche, creer_operation
from pages import en_lettres

pytestmark = pytest.mark.django_db
REGLE = {**PROSPECTION["conservations"][0], "frequence_mois": 12, "derniere_purge": "2020-01-01"}


def lue(client, url) -> str:
    return en_lettres(client.get(url).content.decode())


def test_un_retard_se_lit_partout_puis_une_purge_le_solde(dpo, maison_lavande):
    fiche = creer_fiche(maison_lavande, conservations=[REGLE])
    page = lue(dpo, reverse("conservation"))
    assert "1 en retard" in page
    assert f"?fiche={fiche.pk}&regle=1" in page
    assert "1 échéance de conservation en retard" in lue(dpo, "/")
    creer_operation(maison_lavande, fiche)
    assert "en retard</span>" not in lue(dpo, reverse("conservation"))


def test_sans_frequence_la_page_mene_au_champ(dpo, prospection):
    assert "#id_conservations-1-frequence_mois" in lue(dpo, reverse("conservation"))


def test_le_csv_n_ouvre_jamais_une_formule(dpo, maison_lavande):
    creer_fiche(maison_lavande, intitule="=1+1", conservations=[REGLE])
    contenu = dpo.get(reverse("echeancier_csv")).content.decode()
    assert contenu.startswith("\ufeff")
    assert ";'=1+1;" in contenu


def test_les_filtres_et_la_page_vide(dpo, maison_lavande):
    assert "Rien à échéance" in lue(dpo, reverse("conservation"))
    creer_fiche(maison_lavande, conservations=[REGLE])
    assert "Aucune échéance ne répond" in lue(dpo, reverse("conservation") + "?famille=clients")


def test_une_echeance_inconnue_se_dit_et_ne_compte_nulle_part_comme_un_retard(dpo, maison_lavande):
    regle = {**PROSPECTION["conservations"][0], "frequence_mois": 12}
    creer_fiche(maison_lavande, date_mise_en_oeuvre="2017-01-10", conservations=[regle])
    page = lue(dpo, reverse("conservation"))
    assert "<h2>Échéance inconnue</h2>" in page
    assert "en retard</span>" not in page and "jours de retard" not in page
    assert "en retard" not in lue(dpo, "/")
    csv = dpo.get(reverse("echeancier_csv")).content.decode()
    assert ";Échéance inconnue;inconnue;0;" in csv
