"""La page des durées : toutes les durées de référence, ce qu'elles valent, qui les cite ; et la barre des phases de la fiche."""

import csv
import re
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from boutique import creer_fiche
from conservation.models import DureeReference
from organismes.portee import dans
from pages import en_lettres, texte_du_pdf
from registre.fiche import agregat as ag
from registre.fiche.codes import Codes
from registre.fiche.fiche_lue import lire
from registre.fiche.phases import suites_de

pytestmark = pytest.mark.django_db


def lignes(client, **filtres) -> list[str]:
    """Les codes des durées que la page montre."""
    page = client.get(reverse("durees"), filtres).content.decode()
    return re.findall(r'<tr id="([A-Z0-9-]+)">', page)


def tableau(reponse) -> list[dict]:
    return list(csv.DictReader(StringIO(reponse.content.decode("utf-8-sig")), delimiter=";"))


def test_toutes_les_durees_se_lisent_avec_ce_qu_elles_valent(dpo):
    page = dpo.get(reverse("durees")).content.decode()
    assert len(lignes(dpo)) == DureeReference.objects.count() > 50
    for titre in ("Loi ou règlement", "Recommandations de la CNIL", "ce n’est pas la loi"):
        assert titre in page
    assert "non vérifié, à relire" in page


@pytest.mark.parametrize(
    ("filtres", "attendues", "exclues"),
    [
        ({"q": "prospect non client"}, {"PROSPECT-3A"}, {"CVV-JAMAIS"}),
        ({"q": "RÉFÉRENTIEL 2021-131 relance"}, {"RELANCE-FIN-1M"}, {"CVV-JAMAIS"}),
        ({"q": "cvv-jamais"}, {"CVV-JAMAIS"}, {"PROSPECT-3A"}),
        ({"modele": "NEWSLETTER"}, {"PROSPECT-3A"}, {"CVV-JAMAIS"}),
        ({"categorie": "CRYPTOGRAMME"}, {"CVV-JAMAIS"}, {"PROSPECT-3A"}),
        ({"nature": "critere"}, {"CONTENTIEUX"}, {"PROSPECT-3A"}),
        ({"force": "usage", "categorie": "PROFILS"}, {"PROFIL-1A"}, {"PROSPECT-3A"}),
        ({"verifie": "memoire"}, {"PROFIL-1A", "CANDIDAT-2A"}, {"PROSPECT-3A"}),
    ],
)
def test_chercher_et_filtrer(dpo, filtres, attendues, exclues):
    lues = set(lignes(dpo, **filtres))
    assert attendues <= lues
    assert not exclues & lues


@pytest.mark.parametrize(
    "filtres", [{"q": "zzz"}, {"force": "inventee"}, {"modele": "\x00"}, {"q": "<script>"}]
)
def test_une_recherche_vaine_le_dit(dpo, filtres):
    reponse = dpo.get(reverse("durees"), filtres)
    assert reponse.status_code == 200
    assert "Aucune durée ne répond à ces critères" in reponse.content.decode()
    assert "<script>" not in reponse.content.decode()


def test_chaque_duree_dit_quelles_fiches_la_citent(dpo, maison_lavande, autre_boutique):
    cite = [
        {
            "categories": ["COORDONNEES"],
            "regle_reference": "PROSPECT-3A",
            "duree_valeur": 3,
            "duree_unite": "ans",
        }
    ]
    fiche = creer_fiche(maison_lavande, conservations=[*cite, {**cite[0], "categories": ["PROSPECTION"]}])
    creer_fiche(autre_boutique, reference="VOISINE-9", conservations=cite)
    page = dpo.get(reverse("durees")).content.decode()
    ligne = page[page.index('id="PROSPECT-3A"') :].partition("</tr>")[0]
    assert f'href="{reverse("fiche", args=[fiche.pk])}#conservation">TR-001</a>' in ligne
    assert re.search(r'data-libelle="Fiches" class="jour">1<', ligne)
    assert "VOISINE-9" not in page
    exportee = next(r for r in tableau(dpo.get(reverse("durees_csv"))) if r["Code"] == "PROSPECT-3A")
    assert exportee["Fiches qui la citent"] == "TR-001"


def test_le_csv_reprend_les_filtres_de_la_page(dpo):
    page = dpo.get(reverse("durees"), {"force": "usage"}).content.decode()
    assert f"{reverse('durees_csv')}?force=usage" in page
    reponse = dpo.get(reverse("durees_csv"), {"force": "usage"})
    assert reponse.content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in reponse["Content-Disposition"]
    lues = tableau(reponse)
    assert [r["Code"] for r in lues] and {r["Force"] for r in lues} == {
        "usage : proposition, sans texte chiffré"
    }
    assert len(tableau(dpo.get(reverse("durees_csv")))) == DureeReference.objects.count()


@pytest.mark.parametrize("debut", ["=", "+", "-", "@", "\t", "\r"])
def test_aucune_cellule_du_csv_n_est_une_formule(dpo, debut):
    DureeReference.objects.filter(pk="PROSPECT-3A").update(libelle=f"{debut}1+1")
    lue = next(r for r in tableau(dpo.get(reverse("durees_csv"))) if r["Code"] == "PROSPECT-3A")
    assert lue["Durée de référence"].startswith("'")


def test_un_nombre_de_requetes_qui_ne_depend_pas_des_durees(
    dpo, maison_lavande, django_assert_max_num_queries
):
    creer_fiche(maison_lavande)
    dpo.get(reverse("durees"))
    # Session, personne, habilitations, organisme, cadre ; durées, citations, catégories, fiches types, version.
    with django_assert_max_num_queries(14):
        dpo.get(reverse("durees"))


BASE = {
    "numero": 1,
    "categories": ["COORDONNEES"],
    "phase": "base_active",
    "duree_valeur": 3,
    "duree_unite": "ans",
}
ARCHIVE = BASE | {
    "numero": 2,
    "phase": "archivage_intermediaire",
    "duree_valeur": 5,
    "sort_final": "suppression",
}


def libelles(regles) -> dict[int, list[str]]:
    return {numero: [p.libelle for p in barre] for numero, barre in suites_de(regles, Codes()).items()}


def test_deux_phases_des_memes_donnees_font_une_seule_suite():
    suite = ["Active · 3 ans", "Archive · 5 ans", "Suppression"]
    assert libelles([BASE, ARCHIVE]) == {1: [], 2: suite}
    assert libelles([ARCHIVE, BASE]) == {2: [], 1: suite}
    assert sum(p.poids for p in suites_de([BASE, ARCHIVE], Codes())[2]) == 12


def test_d_autres_donnees_ou_deux_durees_de_base_ne_se_suivent_pas():
    seules = {1: ["Base active · 3 ans", "non renseigné"], 2: ["Archive · 5 ans", "Suppression"]}
    assert libelles([BASE, {**ARCHIVE, "objet": "factures"}]) == seules
    assert libelles([BASE, {**ARCHIVE, "categories": ["TRANSACTIONS"]}]) == seules
    trois = libelles([BASE, {**BASE, "numero": 3, "duree_valeur": 1}, ARCHIVE])
    assert [len(barre) for barre in trois.values()] == [2, 2, 2]


def test_une_ligne_sans_duree_n_a_pas_de_barre_et_n_en_prive_pas_les_autres():
    vide = {
        "numero": 3,
        "categories": ["COORDONNEES"],
        "phase": "base_active",
        "duree_valeur": None,
        "critere": "",
    }
    assert libelles([vide, BASE, ARCHIVE])[3] == []
    assert len(libelles([vide, BASE, ARCHIVE])[2]) == 3


# --- Un cycle se lit en une ligne, sur la page et dans le PDF -------------------------------------------------------------
NEUF = ["COORDONNEES", "ETAT_CIVIL", "TRANSACTIONS", "LIVRAISON", "FACTURATION_REGLEMENT"]
NEUF += ["MOYENS_PAIEMENT", "RELATION_COMMERCIALE", "CONNEXION", "PROFILS"]
ACTIVE = BASE | {
    "categories": ["COORDONNEES", "ETAT_CIVIL"],
    "objet": "Clients",
    "point_depart": "FIN_CONTRAT",
    "sort_final": "archivage_intermediaire",
    "source": "Note interne du 3 mars",
}
SUITE = ARCHIVE | {
    "numero": 3,
    "categories": ["ETAT_CIVIL", "COORDONNEES"],
    "objet": "clients",
    "point_depart": "FIN_CONTRAT",
    "acces_restreint": True,
    "appliquee": "non",
    "appliquee_precisions": "Le tri reste à faire.",
}
AUTRE = BASE | {"numero": 2, "categories": NEUF, "objet": "le reste", "sort_final": "suppression"}


@pytest.fixture
def cyclique(maison_lavande):
    return creer_fiche(maison_lavande, conservations=[ACTIVE, AUTRE, SUITE])


def section(client, fiche) -> str:
    page = client.get(reverse("fiche", args=[fiche.pk])).content.decode()
    lue = page[page.index('id="conservation"') :].partition("</section>")[0]
    return en_lettres(re.sub(r"\s+", " ", lue.replace("\N{NO-BREAK SPACE}", " ")))


def test_les_phases_d_un_cycle_se_lisent_dans_une_ligne_avec_une_barre(dpo, cyclique):
    lue = section(dpo, cyclique)
    rangees = re.findall("<tr>.*?</tr>", lue.partition("<tbody>")[2])
    assert len(rangees) == 2 and lue.count('class="phases"') == 2
    cycle = re.sub("<[^>]+>", " ", rangees[0])
    assert cycle.count("Coordonnées ; État civil") == 1
    for dit in (
        "Base active : 3 ans à compter de la fin du contrat, puis passage en archivage",
        "source : Note interne du 3 mars",
        "Archivage intermédiaire : 5 ans à compter de la fin du contrat, puis suppression",
        "accès restreint : oui",
        "données couvertes (base active) : Clients",
        "données couvertes (archivage intermédiaire) : clients",
        "Le tri reste à faire.",
    ):
        assert dit in re.sub(r"\s+", " ", cycle), dit
    barre = re.findall(r"<span[^>]*>([^<]*)</span>", lue.partition('class="suite"')[2].partition("</tr>")[0])
    assert barre == ["Active · 3 ans", "Archive · 5 ans", "Suppression"]


def test_un_ensemble_long_se_lit_en_liste_un_court_en_une_phrase(dpo, cyclique):
    lue = section(dpo, cyclique)
    liste = lue.partition('<ul class="ensemble-lu">')[2].partition("</ul>")[0]
    assert liste.count("<li>") == len(NEUF)
    assert "<li>État civil, identité, données d’identification, images</li>" in liste
    assert lue.count("ensemble-lu") == 1  # deux catégories tiennent en une phrase


def test_reunir_les_phases_ne_perd_aucune_valeur(maison_lavande, cyclique):
    """Chaque texte des lignes se retrouve dans la rangée ; la phase y devient le nom de sa part."""
    with dans(maison_lavande):
        fiche = ag.FICHE.charger(type(cyclique).objects.filter(pk=cyclique.pk)).get()
        lue = lire(ag.instantane_de(ag.FICHE, fiche), Codes())
    table = next(t for r in lue.rubriques for t in r.tables if t.nom == "conservations")
    assert [ligne.numero for ligne in table.lignes] == [
        1,
        2,
        3,
    ]  # les tableurs et la recherche lisent toujours chaque ligne
    assert [ligne.numero for ligne in table.rangees] == [1, 2]

    def textes(lignes) -> set[str]:
        parts = [p for ligne in lignes for c in ligne.cellules for p in (c, *c.temps)]
        dits = {v.texte for p in parts for v in (p.principale, *p.notes)}
        return dits | {p.phase for p in parts if hasattr(p, "phase")}

    assert textes(table.lignes) <= textes(table.rangees)


def test_le_pdf_dit_le_cycle_en_une_ligne(dpo, cyclique):
    pdf = dpo.get(reverse("fiche_pdf", args=[cyclique.pk])).content
    lu = texte_du_pdf(PdfReader(BytesIO(pdf)).pages).replace("\N{NO-BREAK SPACE}", " ")
    assert lu.count("Coordonnées ; État civil") == 1
    assert "Base active : 3 ans à compter de la fin du contrat" in lu
    assert "Archivage intermédiaire : 5 ans à compter de la fin du contrat" in lu
