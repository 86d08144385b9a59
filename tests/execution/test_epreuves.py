"""Éprouver un fichier : rien n'en est gardé, aucune valeur n'en sort, même quand il est hostile."""

import io
import json
import logging
import zipfile
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from boutique import AUTEUR, creer_epreuve, creer_fiche
from classeurs_xlsx import ECRIRE, F
from conservation.anonymat.seuils import SEUILS
from conservation.models import Epreuve
from isolement.refus import FichierRefuse
from journal.bases import EcritureHorsJournal
from journal.models import Entree
from organismes.portee import dans
from pages import champs, en_lettres, texte_du_pdf
from registre.actes.fiches import enregistrer_fiche
from registre.conformite.controle import Conformite
from registre.execution.epreuves import epreuve_pdf, lecteur, lecteur_commande, service
from registre.fiche.agregat import FICHE
from traitements.models import Traitement

pytestmark = [pytest.mark.django_db, pytest.mark.lent]
SECRET = "Zyxwabricot"
STATISTIQUES = {
    "reference": "TR-004",
    "intitule": "Statistiques de vente",
    "famille": "statistiques",
    "finalites": [
        {
            "libelle": "Suivre les ventes",
            "type": "statistiques",
            "base_legale": "INTERET_LEGITIME",
            "conserve_apres_terme": True,
        }
    ],
    "conservations": [
        {
            "categories": ["COORDONNEES"],
            "duree_valeur": 3,
            "duree_unite": "ans",
            "point_depart": "DERNIER_CONTACT_PROSPECT",
            "sort_final": "anonymisation",
            "technique": "agregation",
        }
    ],
}
SAIN = "ville;tranche;panier\n" + "".join(
    f"{ville};{tranche};{panier}\n"
    for ville in ("Grasse", SECRET)
    for tranche in ("18-30", "31-60")
    for panier in (20, 40)
    for _ in range(5)
)
ANNUAIRE = "nom,VILLE,tranche\n" + "".join(
    f"x{n},{ville.upper()},{tranche}\n"
    for n in range(10)
    for ville in ("Grasse", SECRET)
    for tranche in ("18-30", "31-60")
)
ETABLI = ("--ligne", "personne", "--donnees-origine", "effacees")


@pytest.fixture
def statistiques(maison_lavande):
    return creer_fiche(maison_lavande, **STATISTIQUES)


@pytest.fixture
def fichier(tmp_path):
    chemin = tmp_path / "ventes.csv"
    chemin.write_text(SAIN, encoding="utf-8")
    return chemin


@pytest.fixture
def annuaire(tmp_path):
    chemin = tmp_path / "annuaire.csv"
    chemin.write_text(ANNUAIRE, encoding="utf-8")
    return chemin


def eprouver(organisme, fichier, *options, regle="TR-004#1"):
    sortie = StringIO()
    colonnes = ["--colonne", "panier=sensible"] if "--colonne" not in options else []
    arguments = [str(fichier), "--organisme", str(organisme.pk), "--duree", regle, *colonnes, *options]
    call_command("eprouver", *arguments, stdout=sortie)
    return sortie.getvalue()


def envoi(contenu: str | bytes = SAIN, nom="ventes.csv", **autres):
    octets = contenu.encode() if isinstance(contenu, str) else contenu
    return {
        "regle": "1",
        "fichier": SimpleUploadedFile(nom, octets),
        "second": SimpleUploadedFile("annuaire.csv", ANNUAIRE.encode()),
        "ligne": "personne",
        "donnees_origine": "effacees",
        "k": "5",
        "diversite": "2",
        "t": "0,3",
        **autres,
    }


def eprouver_par_la_page(client, fiche, roles=("quasi", "quasi", "sensible"), **changes):
    """Le fichier, une fois ; puis les rôles, sans lui."""
    lue = client.post(nouvelle(fiche), envoi(**changes))
    assert lue.status_code == 200, lue.content.decode()
    suite = {**champs(lue.content.decode()), **{f"role_{n}": r for n, r in enumerate(roles)}}
    return client.post(nouvelle(fiche), suite, follow=True)


def nouvelle(fiche) -> str:
    return f"{reverse('epreuve_nouvelle')}?fiche={fiche.pk}"


def toute_la_base() -> str:
    return "\n".join(connection.connection.iterdump()) if connection.vendor == "sqlite" else ""


# --- La commande --------------------------------------------------------------------------------------------------------
def test_la_commande_mesure_et_consigne(maison_lavande, statistiques, fichier, annuaire):
    sortie = eprouver(maison_lavande, fichier, *ETABLI, "--second", str(annuaire))
    assert (
        "ne prouve pas l'anonymat" in sortie
        and "k = 5" in sortie
        and "Mesures effectuées : 3 sur 3" in sortie
    )
    assert "VILLE" not in sortie and "ville (100" in sortie  # la part des valeurs communes
    with dans(maison_lavande):
        faite = Epreuve.objects.get()
    assert (faite.verdict, faite.regle, faite.lignes, faite.fichier) == ("passee", 1, 40, "ventes.csv")
    assert (faite.ligne, faite.donnees_origine, faite.criteres, faite.protocole) == (
        "personne",
        "effacees",
        3,
        2,
    )
    assert faite.colonnes == {"ville": "quasi", "tranche": "quasi", "panier": "sensible"}
    assert faite.auteur_nom.startswith("Ligne de commande")
    assert Entree.objects.filter(action="epreuve", objet_id=str(faite.pk)).count() == 1


def test_simuler_ne_consigne_rien(maison_lavande, statistiques, fichier):
    assert "rien n'est consigné" in eprouver(maison_lavande, fichier, "--simuler")
    with dans(maison_lavande):
        assert not Epreuve.objects.exists()


@pytest.mark.parametrize(
    ("options", "verdict", "dit"),
    [
        (
            [],
            "partielle",
            "Mesures effectuées : 1 sur 3",
        ),  # l'appel d'hier : rien n'y est dit de la ligne ni de l'origine
        ([*ETABLI], "partielle", "Mesures effectuées : 2 sur 3"),
        ([*ETABLI[:2], "--donnees-origine", "gardees"], "pseudonymisee", "au mieux pseudonymisées"),
        ([*ETABLI, "--k", "6"], "insuffisante", "k = 5"),
        ([*ETABLI, "--l", "3"], "insuffisante", "l = 2"),
        ([*ETABLI, "--colonne", "ville=identifiant"], "pseudonymisee", "déclarée identifiant"),
    ],
)
def test_ce_que_l_on_dit_fait_le_verdict(maison_lavande, statistiques, fichier, options, verdict, dit):
    assert dit in eprouver(maison_lavande, fichier, *options)
    with dans(maison_lavande):
        assert Epreuve.objects.get().verdict == verdict


def test_le_second_fichier_ne_peut_etre_le_fichier_meme(maison_lavande, statistiques, fichier):
    sortie = eprouver(maison_lavande, fichier, *ETABLI, "--second", str(fichier))
    assert "le second fichier est le fichier éprouvé" in sortie.lower() and "2 sur 3" in sortie


def test_un_tableau_d_effectifs_se_juge_par_la_commande(maison_lavande, statistiques, tmp_path):
    chemin = tmp_path / "semaines.csv"
    cases = [(s, r, 20 + s + len(r)) for s in range(1, 53) for r in ("Nord", "Sud")]
    cases += [("Total", r, sum(n for _, x, n in cases if x == r)) for r in ("Nord", "Sud")]
    chemin.write_text(
        "semaine;region;clients\n" + "".join(f"{s};{r};{n}\n" for s, r, n in cases), encoding="utf-8"
    )
    sortie = eprouver(maison_lavande, chemin, "--colonne", "clients=effectif", "--donnees-origine", "gardees")
    with dans(maison_lavande):
        faite = Epreuve.objects.get()
    assert (faite.verdict, faite.ligne) == ("passee", "groupe"), sortie


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--colonne", "ville"], 2),
        (["--colonne", "ville=secret"], 2),
        (["--t", "beaucoup"], 2),
        (["--t", "0.6"], 2),
        (["--k", "2"], 2),
        (["--l", "1"], 2),
        (["--colonne", "absente=quasi"], 1),
        (["--colonne", "ville=effectif"], 1),
        (["--ligne", "groupe"], 1),
        (["--ligne", "personne", "--colonne", "panier=effectif"], 1),
    ],
)
def test_un_usage_fautif_se_dit(maison_lavande, statistiques, fichier, options, code):
    with pytest.raises(CommandError) as refus:
        eprouver(maison_lavande, fichier, *options)
    # Appelée d'ici, argparse lève sans code ; la ligne de commande sort en 2 (test_commandes).
    assert refus.value.returncode == code or str(refus.value).startswith(f"Error: {options[0]} ")


@pytest.mark.parametrize(
    ("regle", "code", "dit"),
    [
        ("TR-004#2", 1, "pas de durée n° 2"),
        ("TR-999#1", 1, "TR-999"),
        ("#1", 2, "TR-004#2"),
        ("TR-004#x", 2, "TR-004#2"),
    ],
)
def test_une_duree_se_designe_par_sa_reference_et_son_numero(
    maison_lavande, statistiques, fichier, regle, code, dit
):
    with pytest.raises(CommandError) as refus:
        eprouver(maison_lavande, fichier, regle=regle)
    assert refus.value.returncode == code
    assert dit in str(refus.value)


# --- Les formats --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "octets",
    [
        SAIN.encode("utf-8-sig"),
        SAIN.replace(";", ",").encode(),
        SAIN.replace(";", "\t").replace("\n", "\r\n").encode("utf-8"),
        SAIN.encode("utf-16"),
        SAIN.replace("Grasse", "Fréjus").encode("latin-1"),
        SAIN.replace("Grasse", "Fréjus ’").encode("cp1252"),
        SAIN.replace("Grasse", '"Grasse; la vieille"').encode(),
    ],
    ids=["bom", "virgule", "tabulation", "utf16", "latin1", "cp1252", "guillemets"],
)
def test_les_csv_de_tous_les_jours_se_lisent(tmp_path, octets):
    chemin = tmp_path / "ventes.csv"
    chemin.write_bytes(octets)
    lues = mesurer(chemin)
    assert (lues.colonnes, lues.lignes) == (["ville", "tranche", "panier"], 40)


def mesurer(fichier):
    return service.mesurer(fichier, "ventes.csv", ligne="personne", seuils=SEUILS)


def classeur(lignes) -> bytes:
    """Un XLSX réduit à l'essentiel : un classeur, une feuille, des textes dans leurs cellules."""
    espace = "http://schemas.openxmlformats.org"
    rangees = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{v}</t></is></c>' for v in ligne) + "</row>"
        for ligne in lignes
    )
    liens = f"{espace}/package/2006/relationships"
    parties = {
        "_rels/.rels": f'<Relationships xmlns="{liens}"><Relationship Id="r1" Target="xl/workbook.xml" '
        f'Type="{espace}/officeDocument/2006/relationships/officeDocument"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{espace}/spreadsheetml/2006/main" '
        f'xmlns:r="{espace}/officeDocument/2006/relationships"><sheets><sheet name="V" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{liens}"><Relationship Id="r1" Target="worksheets/sheet1.xml" '
        f'Type="{espace}/officeDocument/2006/relationships/worksheet"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{espace}/spreadsheetml/2006/main"><sheetData>{rangees}</sheetData></worksheet>',
    }
    flux = io.BytesIO()
    with zipfile.ZipFile(flux, "w") as archive:
        for nom, texte in parties.items():
            archive.writestr(nom, texte)
    return flux.getvalue()


def test_un_classeur_se_lit(tmp_path):
    chemin = tmp_path / "ventes.xlsx"
    chemin.write_bytes(classeur([["ville", "panier"], *[["Grasse", n] for n in range(8)]]))
    assert mesurer(chemin).lignes == 8


TITREES = [
    ["Ventes de la boutique"],
    [],
    ["Édité le 24/11/2026"],
    ["ville", "tranche", "panier"],
    [],
    *[["Grasse", "18-30", "20"]] * 8,
]


@pytest.mark.parametrize("extension", ["csv", "sep.csv", "xlsx", "ods"])
def test_un_titre_au_dessus_de_l_en_tete_se_passe_et_se_dit(
    extension, tmp_path, maison_lavande, statistiques
):
    """Comme un relevé le lit ; les lignes sautées se disent, car elles sont dans le fichier."""
    chemin = tmp_path / f"ventes.{extension}"
    if extension in ECRIRE:
        ECRIRE[extension](chemin, F("Ventes", TITREES))
    else:
        en_csv = "\n".join(";".join(ligne) for ligne in TITREES)
        chemin.write_text("sep=;\n" * extension.startswith("sep") + en_csv, encoding="utf-8")
    lue = mesurer(chemin)
    assert (lue.colonnes, lue.lignes, lue.mesures["titre"]) == (["ville", "tranche", "panier"], 8, 2)
    sortie = eprouver(maison_lavande, chemin, *ETABLI)
    assert "sous 2\N{NO-BREAK SPACE}lignes de titre non comptées" in sortie and "relisez-les" in sortie


@pytest.mark.parametrize(
    ("contenu", "dit"),
    [
        ("Fichier de Claire Morel\nville;panier\nNice;1\n", "noms de personnes"),
        ("Contact : lea@lavande.example\nville;panier\nNice;1\n", "adresses électroniques"),
        ("Ventes\n\nville;panier\nNice;1\n\nNice;1;2\n", "La ligne 6 a 3 cellules, pour 2"),
        ('sep=;\nville;panier\n\n"Nice\nOuest";1\nNice;1;2\n', "La ligne 6 a 3 cellules, pour 2"),
        ("ville\nNice\nNice;1\n", "La ligne 3 a 2 cellules, pour 1\N{NO-BREAK SPACE}colonne\\."),
    ],
)
def test_un_refus_dit_la_ligne_du_fichier_telle_qu_un_tableur_la_numerote(contenu, dit, tmp_path):
    chemin = tmp_path / "ventes.csv"
    chemin.write_text(contenu, encoding="utf-8")
    with pytest.raises(FichierRefuse, match=dit):
        mesurer(chemin)


def test_deux_feuilles_remplies_ne_s_eprouvent_pas_l_une_sans_l_autre(tmp_path):
    """Une seconde feuille de noms, même masquée, ne passe pas à l'ombre de la première ; une feuille vide ne compte pas."""
    chemin = tmp_path / "ventes.ods"
    ventes = [["ville", "panier"], *[["Nice", "20"]] * 8]
    ECRIRE["ods"](chemin, F("Ventes", ventes), F("Vide", []))
    assert mesurer(chemin).lignes == 8
    ECRIRE["ods"](chemin, F("Ventes", ventes), F("Clients", [["nom"], ["Zyxwab"]]))
    with pytest.raises(FichierRefuse, match="2 feuilles remplies, masquées comprises"):
        mesurer(chemin)


def bombe() -> bytes:
    flux = io.BytesIO()
    with zipfile.ZipFile(flux, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as entree:
            for _ in range(400):
                entree.write(b" " * 1_000_000)
    return flux.getvalue()


HOSTILES = {
    "vide": (b"", "vide"),
    "blancs": (b"  \n \n", "vide"),
    "binaire": (bytes(range(256)) * 40, "ni un CSV"),
    "bombe": (bombe, "démesuré"),
    "faux-classeur": (b"PK\x03\x04" + SECRET.encode() * 50, "ni un CSV lisible"),
    "colonnes": ((";".join(f"c{n}" for n in range(10_000)) + f"\n{SECRET}\n").encode(), "200 colonnes"),
    "sans-ligne": (b"ville;panier\n", "pas de ligne"),
    "sans-nom": (f"ville;;panier\n{SECRET};1;2\n".encode(), "colonne 2 n'a pas de nom"),
    "doublon": (f"ville;ville\n{SECRET};1\n".encode(), "même nom"),
    "trop-de-cellules": (f"ville;panier\n{SECRET};1\n{SECRET};1;{SECRET}\n".encode(), "ligne 3"),
    "guillemet": (f'ville;panier\n"{SECRET};1\n'.encode(), "ligne"),
    "cellule-longue": (f"ville;panier\n{SECRET * 2000};1\n".encode(), "ligne"),
    "sans-en-tete": (
        f"{SECRET.lower()}@lavande.example;3\nautre@lavande.example;4\n".encode(),
        "en-tête|première ligne",
    ),
    "sans-en-tete-discret": (f"{SECRET};rouge\nLéa;rouge\nMax;bleu\n".encode(), "première ligne"),
    "doctype": (None, "DOCTYPE"),
}


def doctype() -> bytes:
    flux = io.BytesIO()
    with zipfile.ZipFile(flux, "w") as archive:
        archive.writestr("xl/workbook.xml", f'<!DOCTYPE a [<!ENTITY b "{SECRET}">]><a>&b;</a>')
    return flux.getvalue()


@pytest.mark.parametrize("nom", HOSTILES)
def test_un_fichier_hostile_donne_une_phrase_et_ne_dit_rien_de_lui(nom, tmp_path, caplog, capfd):
    contenu, dit = HOSTILES[nom]
    chemin = tmp_path / "fichier"
    chemin.write_bytes(doctype() if contenu is None else contenu() if callable(contenu) else contenu)
    with caplog.at_level(logging.DEBUG), pytest.raises(FichierRefuse, match=dit) as refus:
        mesurer(chemin)
    ecrit = capfd.readouterr()
    for texte in (str(refus.value), caplog.text, ecrit.out, ecrit.err):
        assert SECRET.lower() not in texte.lower()
    assert str(refus.value).endswith(".")


def test_ce_qui_n_est_pas_un_fichier_est_refuse(tmp_path):
    with pytest.raises(FichierRefuse, match="pas un fichier"):
        mesurer(tmp_path)
    with pytest.raises(FichierRefuse, match="n'existe pas"):
        mesurer(tmp_path / "absent.csv")


def test_la_lecture_s_arrete_a_ses_limites(tmp_path, monkeypatch):
    chemin = tmp_path / "ventes.csv"
    chemin.write_text(SAIN)
    monkeypatch.setattr(lecteur, "LIMITES", lecteur.LIMITES._replace(attente=0.001))
    with pytest.raises(FichierRefuse, match="trop de temps"):
        mesurer(chemin)
    monkeypatch.setattr(lecteur, "LIMITES", lecteur.LIMITES._replace(octets=10))
    with pytest.raises(FichierRefuse, match="dépasse"):
        mesurer(chemin)


def test_les_limites_de_la_page_ne_sont_pas_celles_de_la_commande(tmp_path, monkeypatch):
    """En lignes d'abord ; ce que la page refuse, elle dit que la commande le lit."""
    chemin = tmp_path / "ventes.csv"
    chemin.write_text(SAIN)
    monkeypatch.setattr(lecteur, "LIGNES_MAX", 39)
    with pytest.raises(FichierRefuse, match="dépasse 39 lignes. C'est la limite de la page"):
        mesurer(chemin)
    assert service.mesurer(chemin, "ventes.csv", ligne="personne", seuils=SEUILS, page=False).lignes == 40
    assert lecteur_commande.LIMITES.attente > 10 * lecteur.LIMITES.attente
    assert lecteur_commande.LIGNES_MAX == 50 * 200_000


# --- Rien n'est gardé ---------------------------------------------------------------------------------------------------
def test_aucune_valeur_du_fichier_n_est_gardee(dpo, statistiques, settings, caplog, capfd):
    avant = {p for p in settings.DONNEES.rglob("*") if p.is_file()} if settings.DONNEES.exists() else set()
    with caplog.at_level(logging.DEBUG):
        reponse = eprouver_par_la_page(dpo, statistiques)
    assert "Seuils atteints" in reponse.content.decode()
    ecrit = capfd.readouterr()
    with dans(statistiques.organisme):
        canonique = json.dumps(list(Epreuve.objects.values()), default=str)
    journal = json.dumps(list(Entree.objects.values()), default=str)
    for texte in (
        reponse.content.decode(),
        canonique,
        journal,
        toute_la_base(),
        caplog.text,
        ecrit.out,
        ecrit.err,
    ):
        assert SECRET not in texte
    apres = {p for p in settings.DONNEES.rglob("*") if p.is_file()} if settings.DONNEES.exists() else set()
    assert {p for p in apres - avant if "sqlite" not in p.name} == set()


def test_un_televersement_sur_disque_se_lit_par_son_descripteur():
    with TemporaryUploadedFile("ventes.csv", "text/csv", len(SAIN), None) as televerse:
        televerse.write(SAIN.encode())
        televerse.flush()
        assert mesurer(televerse).lignes == 40


# --- Les pages ----------------------------------------------------------------------------------------------------------
def test_le_fichier_lu_les_roles_se_choisissent_dans_des_listes_sans_montrer_de_valeur(dpo, statistiques):
    contenu = SAIN.replace("ville", "courriel").replace("Grasse", "lea@lavande.example")
    page = dpo.post(nouvelle(statistiques), envoi(contenu)).content.decode()
    lus = champs(page)
    assert [lus[f"role_{n}"] for n in range(3)] == [
        "identifiant",
        "quasi",
        "sensible",
    ]  # « panier » se lit à son intitulé
    assert "adresses électroniques" in page and "lea@lavande.example" not in page and SECRET not in page
    with dans(statistiques.organisme):
        assert not Epreuve.objects.exists()


def test_l_epreuve_se_conclut_sans_renvoyer_le_fichier(dpo, statistiques):
    page = eprouver_par_la_page(dpo, statistiques).content.decode()
    assert "Seuils atteints" in page and "3 sur 3" in page
    with dans(statistiques.organisme):
        assert Epreuve.objects.get().verdict == "passee"


@pytest.mark.parametrize(
    ("changes", "dit"),
    [
        ({"ligne": ""}, "Une ligne décrit"),
        ({"donnees_origine": ""}, "Gardez-vous les données d’origine"),
        ({"t": "plus"}, "nombre entre 0 et 0,5"),
        ({"t": "0,6"}, "0,5 au plus"),
        ({"k": "2"}, "reconnaît l’autre"),
        ({"diversite": "1"}, "sait la valeur"),
        ({"fichier": SimpleUploadedFile("v.csv", b"\0\0\0")}, "ni un CSV"),
        ({"second": SimpleUploadedFile("v.csv", b"\0\0\0")}, "Second fichier</a> : Ce n’est ni un CSV"),
        ({"fichier": ""}, "fichier"),
    ],
)
def test_une_demande_impossible_revient_avec_sa_phrase(dpo, statistiques, changes, dit):
    reponse = dpo.post(nouvelle(statistiques), {**envoi(), **changes})
    assert reponse.status_code == 422
    assert dit in en_lettres(reponse.content.decode())


def test_deux_seuils_fautifs_se_disent_ensemble(dpo, maison_lavande, statistiques, fichier):
    reponse = dpo.post(nouvelle(statistiques), envoi(t="0,6", diversite="1", k="x"))
    page = en_lettres(reponse.content.decode())
    assert "0,5 au plus" in page and "sait la valeur" in page and "Saisissez un nombre entier" in page
    assert 'data-limite="40"' not in page  # un seuil n'a pas de « caractères restants »
    with pytest.raises(CommandError, match="sait la valeur.*entre 0 et 0,5"):
        eprouver(maison_lavande, fichier, "--t", "1e999999", "--l", "1")


def test_un_tableau_sans_effectif_revient_le_dire(dpo, statistiques):
    reponse = eprouver_par_la_page(dpo, statistiques, roles=("quasi", "quasi", "quasi"), ligne="groupe")
    assert reponse.status_code == 422
    assert "quelle colonne compte les personnes" in en_lettres(reponse.content.decode())


@pytest.mark.parametrize("change", [lambda m: m[:-3] + "abc", lambda m: "", lambda m: "autre"])
def test_une_mesure_alteree_ne_se_consigne_pas(dpo, statistiques, change):
    lus = champs(dpo.post(nouvelle(statistiques), envoi()).content.decode())
    reponse = dpo.post(nouvelle(statistiques), {**lus, "mesure": change(lus["mesure"])})
    assert reponse.status_code == 422 and "choisissez de nouveau le fichier" in reponse.content.decode()


def test_la_mesure_d_une_fiche_ne_sert_pas_a_une_autre(dpo, maison_lavande, statistiques):
    autre = creer_fiche(maison_lavande, **{**STATISTIQUES, "reference": "TR-009"})
    lus = champs(dpo.post(nouvelle(statistiques), envoi()).content.decode())
    assert dpo.post(nouvelle(autre), lus).status_code == 422
    with dans(maison_lavande):
        assert not Epreuve.objects.exists()


def test_une_epreuve_vieillit_et_dit_qu_elle_est_a_refaire(dpo, maison_lavande, statistiques, settings):
    jour = timezone.localdate() - timedelta(days=40)
    faite = creer_epreuve(maison_lavande, statistiques, date=jour)
    pages = [reverse("epreuves"), reverse("epreuve", args=[faite.pk])]
    assert not any("refaire :" in en_lettres(dpo.get(p).content.decode()) for p in pages)
    assert ("RET-15", "conseil") not in constats(maison_lavande, statistiques, None)
    settings.EPREUVE_VALABLE_MOIS = 1
    assert all("refaire : elle valait jusqu’au" in en_lettres(dpo.get(p).content.decode()) for p in pages)
    assert ("RET-15", "conseil") in constats(maison_lavande, statistiques, None)


@pytest.mark.parametrize(
    ("verdict", "dite"),
    [("passee", True), ("partielle", False), ("insuffisante", False), ("identifiante", False)],
)
def test_seul_ce_qui_a_ete_etabli_vaut_jusqu_a_un_jour(
    verdict, dite, dpo, maison_lavande, statistiques, settings
):
    """La page le dit comme le PDF ; un refus ne vieillit pas : il n'est ni « valable », ni « à refaire »."""
    faite = creer_epreuve(
        maison_lavande, statistiques, verdict=verdict, date=timezone.localdate() - timedelta(days=40)
    )
    page = reverse("epreuve", args=[faite.pk])
    assert ("Cette épreuve vaut jusqu’au" in en_lettres(dpo.get(page).content.decode())) is dite
    octets = dpo.get(reverse("epreuve_pdf", args=[faite.pk])).content
    assert ("épreuve vaut" in texte_du_pdf(PdfReader(io.BytesIO(octets)).pages).replace("\n", " ")) is dite
    settings.EPREUVE_VALABLE_MOIS = 1
    for adresse in (page, reverse("epreuves")):
        assert ("refaire : elle valait" in en_lettres(dpo.get(adresse).content.decode())) is dite


def test_une_epreuve_d_hier_ne_prouve_plus_rien(dpo, maison_lavande, statistiques):
    """Avant novembre 2026, un rôle pouvait exempter une colonne de noms : son « passée » ne se lit plus comme tel."""
    faite = creer_epreuve(maison_lavande, statistiques, protocole=1)
    for adresse in (reverse("epreuves"), reverse("epreuve", args=[faite.pk])):
        page = en_lettres(dpo.get(adresse).content.decode())
        assert "Ancien protocole, à refaire" in page and "Seuils atteints" not in page
    assert dpo.get(reverse("epreuve_pdf", args=[faite.pk])).status_code == 200
    assert ("RET-15", "conseil") in constats(maison_lavande, statistiques, None)


@pytest.mark.parametrize(
    ("changes", "dit"),
    [
        ({"categories": ["COORDONNEES", "TRANSACTIONS"]}, "Faite sous une autre durée : elle ne dit plus rien de celle-ci"),
        ({"duree_valeur": 5}, "Faite sous une autre durée : elle ne dit plus rien de celle-ci"),
        (None, "Faite sous une durée que la fiche n’a plus"),
        ({"justification_ecart": "Guide de la CNIL"}, ""),
    ],
)  # fmt: skip
def test_une_epreuve_dont_la_duree_a_change_ne_s_en_reclame_plus(
    changes, dit, dpo, maison_lavande, statistiques
):
    """La page, la liste et le PDF disent ce que les règles font déjà : elles l'ignorent."""
    faite = creer_epreuve(maison_lavande, statistiques)
    (duree,) = STATISTIQUES["conservations"]
    with dans(maison_lavande):
        lue = FICHE.charger(Traitement.objects.filter(pk=statistiques.pk)).get()
        suite = {"conservations": [{"numero": 1, **duree, **changes}] if changes else []}
        enregistrer_fiche(suite, organisme=maison_lavande, auteur=AUTEUR, fiche=lue, valideur=True)
    pages = [
        en_lettres(dpo.get(adresse).content.decode())
        for adresse in (reverse("epreuves"), reverse("epreuve", args=[faite.pk]))
    ]
    octets = dpo.get(reverse("epreuve_pdf", args=[faite.pk])).content
    imprime = en_lettres(texte_du_pdf(PdfReader(io.BytesIO(octets)).pages).replace("\n", " "))
    for lu in (*pages, imprime):
        assert ("Seuils atteints" in lu) is (not dit)
        assert dit in lu
    for lu in (pages[1], imprime):
        assert ("épreuve vaut jusqu’au" in lu) is (not dit)


def test_la_liste_et_la_page_disent_le_verdict(dpo, maison_lavande, statistiques):
    faite = creer_epreuve(maison_lavande, statistiques)
    assert "Seuils atteints" in dpo.get(reverse("epreuves")).content.decode()
    page = dpo.get(reverse("epreuve", args=[faite.pk])).content.decode()
    assert "Ce que cette épreuve ne dit pas" in page and "a" * 64 in page


def test_le_nom_d_un_fichier_se_montre_a_la_lettre(dpo, maison_lavande, statistiques):
    """« l'export » ne devient pas « l’export » ; ce qui retourne le sens de lecture se montre toujours par son code."""
    faite = creer_epreuve(maison_lavande, statistiques, fichier="l'export ... \u202e1 000 ;.csv")
    montre = "<code>l&#x27;export ... [U+202E]1 000 ;.csv</code>"
    for page in (dpo.get(reverse("epreuves")), dpo.get(reverse("epreuve", args=[faite.pk]))):
        assert montre in page.content.decode()
    octets = dpo.get(reverse("epreuve_pdf", args=[faite.pk])).content
    lu = "".join(p.extract_text() for p in PdfReader(io.BytesIO(octets)).pages)
    assert "l'export ... [U+202E]1 000 ;.csv" in lu


def test_l_organisme_voisin_ne_trouve_rien(dpo_voisin, maison_lavande, statistiques):
    faite = creer_epreuve(maison_lavande, statistiques)
    for nom in ("epreuve", "epreuve_pdf"):
        assert dpo_voisin.get(reverse(nom, args=[faite.pk])).status_code == 404
    assert dpo_voisin.get(nouvelle(statistiques)).status_code == 404
    assert dpo_voisin.post(nouvelle(statistiques), envoi()).status_code == 404
    assert "TR-004" not in dpo_voisin.get(reverse("epreuves")).content.decode()


def test_l_auditeur_lit_et_n_eprouve_pas(auditeur, maison_lavande, statistiques):
    faite = creer_epreuve(maison_lavande, statistiques)
    assert auditeur.get(reverse("epreuve", args=[faite.pk])).status_code == 200
    assert auditeur.post(nouvelle(statistiques), envoi()).status_code == 403


def test_la_feuille_pdf_se_telecharge_et_ne_change_pas(dpo, maison_lavande, statistiques):
    faite = creer_epreuve(maison_lavande, statistiques)
    reponse = dpo.get(reverse("epreuve_pdf", args=[faite.pk]))
    assert reponse["Content-Type"] == "application/pdf"
    texte = texte_du_pdf(PdfReader(io.BytesIO(reponse.content)).pages)
    for dit in (
        "Épreuve d’anonymat",
        "Seuils atteints",
        "considérant 26",
        "02/2026",
        "Entrée du journal",
        "ventes.csv",
    ):
        assert dit in " ".join(texte.replace("\N{NO-BREAK SPACE}", " ").split()), dit
    with dans(maison_lavande):
        relue = Epreuve.objects.select_related("traitement", "organisme").get()
        assert epreuve_pdf.produire(relue) == reponse.content


def test_une_epreuve_ne_se_modifie_ni_ne_s_efface(maison_lavande, statistiques):
    faite = creer_epreuve(maison_lavande, statistiques)
    with dans(maison_lavande):
        for geste in (faite.save, faite.delete):
            with pytest.raises(EcritureHorsJournal):
                geste()


# --- Les règles du droit la lisent ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("verdict", "attendu"),
    [
        (None, ("RET-15", "conseil")),
        ("insuffisante", ("RET-15", "alerte")),
        ("partielle", ("RET-15", "conseil")),
        ("pseudonymisee", ("RET-08", "bloquant")),
        ("identifiante", ("RET-08", "bloquant")),
    ],
)
def test_le_controle_lit_la_derniere_epreuve(maison_lavande, statistiques, verdict, attendu):
    assert attendu in constats(maison_lavande, statistiques, verdict)


def test_une_epreuve_passee_fait_taire_le_manque(maison_lavande, statistiques):
    assert not {c for c, _ in constats(maison_lavande, statistiques, "passee")} & {
        "RET-07",
        "RET-08",
        "RET-15",
    }


def constats(organisme, fiche, verdict):
    if verdict:
        creer_epreuve(organisme, fiche, verdict=verdict)
    with dans(organisme):
        ((_, bilan),) = Conformite(organisme).registre(timezone.localdate())
    return {(c.code, str(c.gravite)) for c in bilan.constats}
