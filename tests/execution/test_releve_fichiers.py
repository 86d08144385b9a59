"""Les fichiers d'un relevé, tels qu'on les reçoit : classeurs, lignes de titre, `sep=;`, accents décomposés, formats de date."""

import json
import unicodedata
import zipfile
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django_scopes import scopes_disabled

from classeurs import ecrire, feuille
from classeurs_xlsx import ECRIRE, F
from conservation.comptage import Decompte
from conservation.dates_ecrites import lecture_de
from conservation.models import Operation
from isolement.refus import FichierRefuse
from journal.models import Entree
from registre.execution.sources import fichier, lecteur_classeur
from registre.execution.sources.demande import DemandeDeReleve, SourceRefusee, filtre

LE, LIMITE = date(2026, 11, 24), date(2023, 11, 24)
LIGNES = [
    ["nom", "statut", "quand"],
    ["Camille", "prospect", "2023-11-23"],
    ["Dominique", "client", "2023-11-24"],
    ["Claude", "prospect", ""],
]
TITRE = [["Export clients"], ["Edite le 24/11/2026"], []]


def demande(adresse="", colonne="quand", *filtres, feuille="", formats=()):
    lecture = {"lecture": lecture_de(formats)} if formats else {}
    return DemandeDeReleve(
        str(adresse), colonne, LIMITE, feuille, tuple(map(filtre, filtres)), le=LE, **lecture
    )


@pytest.fixture
def csv(tmp_path):
    def ecrire_csv(lignes, separateur=";", debut="", encodage="utf-8"):
        chemin = tmp_path / "clients.csv"
        corps = debut + "".join(separateur.join(ligne) + "\r\n" for ligne in lignes)
        chemin.write_bytes(corps.encode(encodage))
        return chemin

    return ecrire_csv


# --- Classeurs ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", ["xlsx", "ods"])
@pytest.mark.parametrize("titre", [[], TITRE])
def test_un_classeur_se_compte_comme_son_csv(tmp_path, csv, format_, titre):
    chemin = ECRIRE[format_](tmp_path / f"clients.{format_}", F("Clients", titre + LIGNES + [[], ["", " "]]))
    for filtres, attendu in (((), Decompte(3, 1, 1)), (("statut=prospect",), Decompte(2, 1, 1))):
        lu = fichier.compter(demande(chemin, "quand", *filtres))
        assert lu.compte == attendu
        assert (lu.source, lu.feuille) == (f"clients.{format_}", "Clients")
        assert lu.lignes_de_titre == len([ligne for ligne in titre if ligne])
        du_csv = fichier.compter(demande(csv(titre + LIGNES), "quand", *filtres))
        assert (du_csv.compte, du_csv.lignes_de_titre) == (attendu, lu.lignes_de_titre)
    recu = fichier.compter_televerse(BytesIO(chemin.read_bytes()), f"../clients.{format_}", demande())
    assert recu == fichier.compter(demande(chemin))


def test_les_cellules_de_date_d_un_classeur_se_lisent_et_les_nombres_se_choisissent(tmp_path):
    rangees = "".join(
        "<table:table-row><table:table-cell office:value-type='date' office:date-value='{}'/>"
        "<table:table-cell office:value-type='float' office:value='{}'/></table:table-row>".format(*ligne)
        for ligne in (("2023-11-23", 45253), ("2023-11-24T23:00:00", 45254), ("2024-01-01", 45292))
    )
    chemin = ecrire(tmp_path / "dates.ods", feuille("F", [["quand", "serie"]], rangees))
    assert fichier.compter(demande(chemin)).compte == Decompte(3, 1, 0)
    assert fichier.compter(demande(chemin, "serie")).compte == Decompte(3, 0, 3)
    assert fichier.compter(demande(chemin, "serie", formats=["excel"])).compte == Decompte(3, 1, 0)


def test_deux_feuilles_remplies_se_choisissent_et_une_vide_ne_compte_pas(tmp_path):
    """N'en compter qu'une en silence dirait zéro de celle que l'on n'a pas lue."""
    autre = F("Archive", [["quand"], ["2001-01-01"]], masquee=True)
    chemin = ECRIRE["xlsx"](tmp_path / "c.xlsx", F("Clients", LIGNES), autre, F("Vide", []))
    with pytest.raises(SourceRefusee, match="2 feuilles remplies.*« Clients », « Archive »"):
        fichier.compter(demande(chemin))
    assert fichier.compter(demande(chemin, feuille="Archive")).compte == Decompte(1, 1, 0)
    with pytest.raises(SourceRefusee, match="pas de feuille « Absente »"):
        fichier.compter(demande(chemin, feuille="Absente"))
    regard = fichier.regarder(str(chemin), LE)
    assert (regard.feuille, regard.feuilles) == ("Clients", ("Clients", "Archive"))
    seule = ECRIRE["xlsx"](tmp_path / "s.xlsx", F("Vide", []), F("Clients", LIGNES))
    assert fichier.compter(demande(seule)).feuille == "Clients"


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [
        (b"PK\x03\x04etc", "ni un CSV, ni un classeur"),
        (b"%PDF-1.7 Camille", "ni un CSV, ni un classeur"),
        (b"\xd0\xcf\x11\xe0Camille", "mot de passe, ou d'un format d'avant 2007"),
    ],
)
def test_ce_qui_n_est_pas_un_tableau_se_refuse(tmp_path, octets, phrase):
    chemin = tmp_path / "clients.xlsx"
    chemin.write_bytes(octets)
    for lire in (lambda: fichier.compter(demande(chemin)), lambda: fichier.regarder(str(chemin), LE)):
        with pytest.raises(SourceRefusee, match=phrase) as refus:
            lire()
        assert "Camille" not in str(refus.value)


def test_une_archive_d_autre_chose_et_une_bombe_se_refusent(tmp_path, monkeypatch):
    autre, bombe = tmp_path / "a.zip", tmp_path / "b.ods"
    with zipfile.ZipFile(autre, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(SourceRefusee, match="ni un CSV, ni un classeur"):
        fichier.compter(demande(autre))
    with zipfile.ZipFile(bombe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", b"<x>" + b" " * 3_000_000)
    monkeypatch.setattr(lecteur_classeur, "DEPLOYE_MAX", 2_000_000)
    with bombe.open("rb") as flux, pytest.raises(FichierRefuse, match="démesuré"):
        lecteur_classeur.ouvrir(flux, "quand", "")


# --- Au-dessus de l'en-tête, et dedans --------------------------------------------------------------------------------------


@pytest.mark.parametrize("separateur", [";", ",", "\t", "|", "~"])
@pytest.mark.parametrize("guillemets", ["", '"'])
def test_la_ligne_sep_dit_le_separateur(csv, separateur, guillemets):
    chemin = csv(LIGNES, separateur, f"{guillemets}sep={separateur}{guillemets}\r\n", "utf-8-sig")
    assert fichier.compter(demande(chemin)).compte == Decompte(3, 1, 1)
    assert [c.nom for c in fichier.regarder(str(chemin), LE).colonnes] == LIGNES[0]


@pytest.mark.parametrize("tape", [unicodedata.normalize(f, "Date  créée") for f in ("NFC", "NFD")])
@pytest.mark.parametrize("ecrit", ["NFC", "NFD"])
def test_un_accent_decompose_est_le_meme_accent(csv, tape, ecrit):
    lignes = [["Date créée", "état"], ["2001-01-01", "clôturé"], ["2026-01-01", "ouvert"]]
    chemin = csv([[unicodedata.normalize(ecrit, c) for c in ligne] for ligne in lignes])
    assert fichier.compter(demande(chemin, tape, "état=clôturé")).compte == Decompte(1, 1, 0)
    assert fichier.compter(demande(chemin, tape, "état!=clôturé")).compte == Decompte(1, 0, 0)


def test_les_lignes_blanches_ne_sont_pas_des_lignes(csv):
    chemin = csv([["", "", ""], *LIGNES[:2], ["", " ", ""], *LIGNES[2:], ["", "", ""]])
    assert fichier.compter(demande(chemin)).compte == Decompte(3, 1, 1)


def test_des_donnees_au_dessus_de_l_en_tete_se_refusent_au_lieu_de_se_taire(csv):
    chemin = csv([["Camille", "prospect", "2001-01-01"], *LIGNES])
    with pytest.raises(SourceRefusee, match="lignes de données précèdent") as refus:
        fichier.compter(demande(chemin))
    assert "Camille" not in str(refus.value)


@pytest.mark.parametrize(
    "lignes",
    [
        [["Dupont", "prospect", "2023-11-24"], ["Martin", "client", "2023-11-24"]],
        [["Dupont", "prospect", ""], ["Martin", "client", "2023-11-24"]],
        [["Dupont", "prospect", "NULL"], ["Martin", "prospect", "2023-11-24"]],
        [["dupont@exemple.example", "client"], ["martin@exemple.example", "client"]],
    ],
)
def test_une_premiere_ligne_de_donnees_n_est_jamais_dite(csv, lignes):
    with pytest.raises(SourceRefusee, match="a la forme de données") as refus:
        fichier.regarder(str(csv(lignes)), LE)
    assert "upont" not in str(refus.value)


@pytest.mark.parametrize(
    ("lignes", "separateur", "noms"),
    [
        (TITRE + LIGNES, ";", LIGNES[0]),
        ([["quand"], ["2001-01-01"]], ";", ["quand"]),
        ([["", "quand"], ["0", "2001-01-01"], ["1", "2001-01-01"]], ",", ["", "quand"]),
        ([["nom", "quand"], ["Rue A, bât. B", "2001-01-01"], ["Rue C, D, E", "x"]], ";", ["nom", "quand"]),
        ([["2023", "2024", "quand"], ["12", "15", "2001-01-01"]], ";", ["2023", "2024", "quand"]),
    ],
)
def test_l_en_tete_se_trouve_sans_qu_on_le_nomme(csv, lignes, separateur, noms):
    regard = fichier.regarder(str(csv(lignes, separateur)), LE)
    assert [c.nom for c in regard.colonnes] == noms


# --- La commande ------------------------------------------------------------------------------------------------------------


def relever(source, **options):
    sortie = StringIO()
    call_command("relever", source=str(source), stdout=sortie, **{"filtre": [], **options})
    return sortie.getvalue()


@pytest.fixture
def compter(maison_lavande, prospection):
    def compter_par_la_commande(source, **options):
        cible = {"organisme": str(maison_lavande.pk), "duree": "TR-001#1"}
        return relever(source, **{"colonne_date": "quand", "au": LE, **cible, **options})

    return compter_par_la_commande


def seule() -> Operation:
    with scopes_disabled():  # on regarde toute l'instance : rien ailleurs non plus
        return Operation.objects.get()


@pytest.mark.django_db
def test_un_classeur_se_releve_et_le_registre_dit_ce_qui_a_ete_lu(compter, tmp_path):
    lignes = [*TITRE, ["nom", "quand"], ["Camille", "23.11.2023"], ["Claude", "24.11.2023"]]
    chemin = ECRIRE["xlsx"](tmp_path / "clients.xlsx", F("Mes clients", lignes))
    sortie = compter(chemin, format=["jj.mm.aaaa"], table="Mes clients").splitlines()
    for dit in (
        "feuille : Mes clients",
        "lecture : JJ.MM.AAAA",
        "examinées : 2",
        "en retard : 1",
        "sans date : 0",
    ):
        assert dit in sortie
    assert seule().perimetre == (
        "Feuille « Mes clients », colonne « quand », dates lues : JJ.MM.AAAA, "
        "2\N{NO-BREAK SPACE}lignes au-dessus de l'en-tête, non comptées"
    )


@pytest.mark.django_db
def test_rien_ne_se_compte_tant_que_l_ordre_du_jour_et_du_mois_n_est_pas_choisi(compter, csv):
    chemin = csv([["quand"], ["11/12/2023"], ["12/11/2023"]])
    with pytest.raises(
        CommandError, match="aussi bien JJ/MM/AAAA que MM/JJ/AAAA.*--format mm/jj/aaaa"
    ) as refus:
        compter(chemin)
    assert refus.value.returncode == 1
    with scopes_disabled():  # rien n'est écrit, dans aucun organisme
        assert not Operation.objects.exists()
    assert "en retard : 1" in compter(chemin, format=["jj/mm/aaaa"], simuler=True)
    assert "en retard : 1" in compter(chemin, format=["mm/jj/aaaa"], simuler=True)
    decide = csv([["quand"], ["11/12/2023"], ["13/11/2023"]])
    assert "lecture : AAAA-MM-JJ, JJ/MM/AAAA" in compter(decide, simuler=True)


@pytest.mark.django_db
def test_une_colonne_qui_ne_peut_etre_rien_d_autre_se_compte_sans_qu_on_le_dise(compter, csv):
    chemin = csv([["quand", "code"], ["1700693999", "45253"], ["0", "45254"], ["1700780400", "45255"]])
    sortie = compter(chemin).splitlines()
    for dit in ("lecture : secondes depuis 1970", "en retard : 1", "sans date : 1", "dont dates nulles : 1"):
        assert dit in sortie
    assert "dates lues : secondes depuis 1970" in seule().perimetre
    with pytest.raises(CommandError, match="aucune date lisible.*--apercu"):
        compter(chemin, colonne_date="code")  # des codes postaux, peut-être


@pytest.mark.django_db
def test_l_apercu_n_ecrit_rien_et_ne_cite_rien(csv):
    lignes = [
        ["nom", "créé", "vu"],
        ["Camille", "03/04/2020", "1970-01-01"],
        ["Claude", "05/06/2030", "2099-01-01"],
        ["Dominique", "", "Paris 75"],
    ]
    avant = Entree.objects.count()
    sortie = relever(csv(lignes), apercu=True, au=LE)
    for dit in (
        "lignes : 3",
        "  jj/mm/aaaa : 2 (100\N{NO-BREAK SPACE}%), du 2020-04-03 au 2030-06-05, à venir : 1",
        "  aaaa-mm-jj : 2 (66,7\N{NO-BREAK SPACE}%), du 1970-01-01 au 2099-01-01, au 1er janvier 1970 : 1, à venir : 1",
        "  illisible, de la forme A… 99 : 1",
        "  proposé : --format aaaa-mm-jj",
        "sans date : nom",
    ):
        assert dit in sortie.splitlines()
    assert "à choisir : Chaque date de cette colonne se lit aussi bien" in sortie
    lu = json.loads(relever(csv(lignes), apercu=True, json=True, colonne_date="CRÉÉ"))
    assert [c["nom"] for c in lu["colonnes"]] == ["créé"]
    assert lu["colonnes"][0]["proposee"] == [] and lu["colonnes"][0]["a_choisir"]
    for cite in ("Camille", "Paris", "Dominique"):
        assert cite not in sortie + json.dumps(lu)
    assert Entree.objects.count() == avant
    with pytest.raises(CommandError, match="pas de colonne « absente »"):
        relever(csv(lignes), apercu=True, colonne_date="absente")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "options",
    [
        {"format": ["julien"]},
        {"format": ["jj/mm/aaaa", "mm/jj/aaaa"]},
        {"colonne_date": ""},
        {"table": "Feuille1"},
    ],
)
def test_un_mauvais_usage_des_formats_sort_en_2(compter, csv, options):
    with pytest.raises(CommandError) as refus:
        compter(csv(LIGNES), **options)
    assert refus.value.returncode == 2


def test_un_classeur_trop_lourd_se_dit(tmp_path, monkeypatch):
    chemin = ECRIRE["ods"](Path(tmp_path / "c.ods"), F("Clients", LIGNES))
    monkeypatch.setattr(fichier.lecteur, "LIMITES", fichier.lecteur.LIMITES._replace(octets=100))
    with pytest.raises(SourceRefusee, match="dépasse"):
        fichier.compter(demande(chemin))
