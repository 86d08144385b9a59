"""La page de l'échéancier, son CSV et le nombre dans la colonne."""

import csv
import html
import re
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from boutique import PROSPECTION, creer_fiche, creer_operation, creer_organisme
from organismes.portee import dans
from pages import en_lettres
from registre.execution.echeances import en_retard, lire
from registre.execution.echeancier_lu import recapituler, regrouper

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


def test_le_csv_compte_les_memes_retards_que_la_page(dpo, maison_lavande):
    """Une durée déclarée non appliquée est en retard sans date ni jour compté : une colonne le dit."""
    durees = [
        REGLE,
        {**PROSPECTION["conservations"][0], "appliquee": "non", "numero": 2, "objet": "Essais"},
        {**REGLE, "derniere_purge": timezone.localdate().isoformat(), "numero": 3, "objet": "Relances"},
    ]
    creer_fiche(maison_lavande, conservations=durees)
    assert "dont 2 en retard" in " ".join(lue(dpo, reverse("conservation")).split())
    contenu = dpo.get(reverse("echeancier_csv")).content.decode("utf-8-sig")
    lignes = list(csv.DictReader(contenu.splitlines(), delimiter=";"))
    dites = {(ligne["Ce qui est dû"], ligne["En retard"]) for ligne in lignes}
    assert {("Durée non appliquée", "oui"), ("Purge périodique", "oui"), ("Purge périodique", "non")} <= dites
    assert [ligne["En retard"] for ligne in lignes].count("oui") == 2


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
    tableau = dpo.get(reverse("echeancier_csv")).content.decode()
    assert ";Échéance inconnue;inconnue;0;" in tableau


# --- Des pages, et un récapitulatif ---------------------------------------------------------------------------------------
LE = date(2026, 11, 24)
DUREE = {nom: v for nom, v in PROSPECTION["conservations"][0].items() if nom != "numero"}


def lots(debut: int, nombre: int, **champs) -> list[dict]:
    return [DUREE | {"objet": f"Lot {n:03d}."} | champs for n in range(debut, debut + nombre)]


def dans_un_mois(n: int) -> str:
    return (timezone.localdate().replace(day=1) + timedelta(days=31 * n + 20)).isoformat()


@pytest.fixture
def longue(maison_lavande):
    """Deux fiches, cent vingt durées : des retards, des termes à venir, des fréquences à fixer, des échéances inconnues."""
    toutes = [
        *(lot | {"echeance": f"2025-0{1 + n % 9}-{10 + n % 18}"} for n, lot in enumerate(lots(0, 60))),
        *(lot | {"echeance": dans_un_mois(1 + n % 30)} for n, lot in enumerate(lots(60, 30))),
        *lots(90, 15),
        *(lot | {"frequence_mois": 12} for lot in lots(105, 15)),
    ]
    datee = {"date_mise_en_oeuvre": "2017-01-10"}
    creer_fiche(maison_lavande, conservations=toutes[::2], **datee)
    creer_fiche(
        maison_lavande,
        reference="TR-002",
        intitule="Fidélité",
        famille="fidelite",
        conservations=toutes[1::2],
        **datee,
    )


def lots_lus(texte: str) -> list[str]:
    return sorted(re.findall(r"Lot \d{3}\.", texte))


@pytest.mark.parametrize(
    "filtres",
    [{}, {"quand": "retard"}, {"famille": "fidelite"}, {"fiche": "tr-002 fidelite"}, {"quand": "a-fixer"}],
)
def test_les_pages_et_le_csv_disent_les_memes_echeances(filtres, dpo, longue):
    feuilletees = list(feuilleter(dpo, urlencode(filtres)))
    pages = [lus for lus, _ in feuilletees]
    tableau = dpo.get(reverse("echeancier_csv"), filtres).content.decode()
    assert sorted(sum(pages, [])) == lots_lus(tableau) != []
    assert all(page.count('class="durees"') <= 50 for _, page in feuilletees) and len(pages) >= 1 + (
        not filtres
    )


def feuilleter(client, requete: str) -> Iterator[tuple[list[str], str]]:
    """Page après page, par le lien « Suivante » ; ce que chacune montre, et elle-même."""
    lien = f"?{requete}"
    while lien:
        page = client.get(reverse("conservation") + lien).content.decode()
        yield lots_lus(page), page
        suivante = re.search(r'rel="next" href="([^"]+)"', page)
        lien = html.unescape(suivante[1]) if suivante else ""


REPERE = re.compile(r'<a href="(\?[^"]*quand=([\w-]+)[^"]*)"[^>]*>([^<]+)<b>(\d+)</b>')


def test_chaque_repere_du_recapitulatif_mene_a_ce_qu_il_compte(dpo, longue):
    """Un mois, une année, les retards, ce que rien ne date : leurs nombres font le tout, et le filtre en cours les suit."""
    ((_, page),) = feuilleter(dpo, "famille=fidelite&quand=retard")
    trouves = []
    for lien, _, titre, nombre in REPERE.findall(page):
        vus = sum((lus for lus, _ in feuilleter(dpo, html.unescape(lien)[1:])), [])
        assert len(vus) == int(nombre) > 0, titre
        assert "famille=fidelite" in lien
        trouves += vus
    tableau = dpo.get(reverse("echeancier_csv"), {"famille": "fidelite"}).content.decode()
    assert sorted(trouves) == lots_lus(tableau)
    assert {len(quand) for _, quand, _, _ in REPERE.findall(page)} >= {4, 7}  # des années, des mois


def test_l_agenda_porte_tout_ce_qui_est_date_et_non_une_page(dpo, client, longue):
    adresse = re.search(
        r"/agenda/[\w-]+/registre\.ics", dpo.post(reverse("agenda"), {"creer": "1"}).content.decode()
    )[0]
    assert client.get(adresse).content.decode().count("BEGIN:VEVENT") == 60 + 30


def test_le_nombre_de_requetes_ne_croit_pas_et_le_cache_ne_relit_aucune_fiche(dpo, maison_lavande):
    creer_fiche(maison_lavande, conservations=lots(0, 2, frequence_mois=12))
    _requetes(dpo)  # cache froid : tout se lit, sans demander au journal ce qui a changé depuis
    creer_fiche(maison_lavande, reference="TR-002", conservations=lots(2, 2, frequence_mois=12))
    change, chaud = _requetes(dpo), _requetes(dpo)
    creer_fiche(maison_lavande, reference="TR-003", conservations=lots(2, 40, frequence_mois=12))
    assert (len(_requetes(dpo)), len(_requetes(dpo))) == (len(change), len(chaud))
    assert not any("dureeconservation" in r for r in chaud)


def _requetes(client) -> list[str]:
    with CaptureQueriesContext(connection) as requetes:
        assert client.get(reverse("conservation"), {"page": 1}).status_code == 200
    return [r["sql"] for r in requetes]


def test_un_changement_le_jour_ou_l_organisme_font_une_autre_liste(dpo, dpo_voisin, maison_lavande):
    fiche = creer_fiche(maison_lavande, conservations=lots(0, 1, echeance="2026-12-01"))
    voisine = creer_organisme("Atelier Verveine")
    with dans(maison_lavande):
        assert (
            en_retard(maison_lavande, date(2026, 12, 1)),
            en_retard(maison_lavande, date(2026, 12, 2)),
        ) == (0, 1)
        assert len(lire(maison_lavande, LE)) == 1
    with dans(voisine):
        assert lire(voisine, LE) == []
    assert "Lot 000." in lue(dpo, reverse("conservation"))
    assert "Lot 000." not in lue(dpo_voisin, reverse("conservation") + f"?fiche={fiche.pk}")
    creer_fiche(maison_lavande, reference="TR-002", conservations=lots(1, 1))
    assert "Lot 001." in lue(dpo, reverse("conservation"))
    with dans(maison_lavande):
        tenue = lire(maison_lavande, LE)
        cache.clear()
        assert lire(maison_lavande, LE) == tenue


def test_une_fiche_se_lit_d_un_tenant_et_ses_durees_du_meme_jour_sur_une_ligne(maison_lavande):
    """Trois durées dues le même jour font une ligne ; une autre fiche due entre-temps ne la coupe pas."""
    creer_fiche(
        maison_lavande, conservations=[*lots(0, 3, echeance="2026-12-10"), *lots(3, 1, echeance="2026-12-20")]
    )
    creer_fiche(maison_lavande, reference="TR-002", conservations=lots(4, 1, echeance="2026-12-15"))
    with dans(maison_lavande):
        dues = [lue for lue in lire(maison_lavande, LE) if lue.section == "2026-12"]
    assert [(x.echeance.reference, len(x.lues)) for x in regrouper(dues)] == [
        ("TR-001", 3),
        ("TR-001", 1),
        ("TR-002", 1),
    ]


@pytest.mark.parametrize(("due", "quand"), [("2027-12-31", "2027-12"), ("2028-01-01", "2028")])
def test_le_recapitulatif_va_de_mois_en_mois_puis_par_annee(due, quand, maison_lavande):
    creer_fiche(maison_lavande, conservations=lots(0, 1, echeance=due))
    with dans(maison_lavande):
        reperes = recapituler(lire(maison_lavande, LE), LE)
    assert [(r.quand, r.nombre) for r in reperes][:3] == [("retard", 0), ("2026-11", 0), (quand, 1)]
