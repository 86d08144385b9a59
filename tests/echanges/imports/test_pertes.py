"""Rien ne se perd : un jeton dans chaque cellule libre d'un classeur, et chacun se retrouve dans l'export."""

import itertools
import re

import pytest
from django.core.management import CommandError
from django_scopes import scopes_disabled

from classeurs import CLIENTS, PLACEHOLDER, cellule, ecrire, feuille, fiche
from echanges.imports.test_cnil import LISTE, OFFICIEL, fiches, importer
from echanges.imports.test_json import exporter
from journal.models import Entree
from registre.echanges.imports.delais import lire_duree
from registre.echanges.imports.textes import lire_date, plier, reparer
from traitements.models import Traitement

pytestmark = [pytest.mark.django_db, pytest.mark.lent]
JETON = re.compile(r"jeton\d{4}x")


class Jetons:
    def __init__(self):
        self._suite, self.poses = itertools.count(), {}

    def __call__(self, ou: str = "") -> str:
        jeton = f"jeton{next(self._suite):04d}x"
        self.poses[jeton] = ou
        return jeton

    def perdus(self, organisme) -> dict[str, str]:
        retrouves = set(JETON.findall(exporter(organisme).decode()))
        return {jeton: ou for jeton, ou in self.poses.items() if jeton not in retrouves}


def importer_feuilles(tmp_path, organisme, *feuilles: tuple[str, list], **options) -> str:
    return importer(
        ecrire(tmp_path / "r.ods", *(feuille(nom, lignes) for nom, lignes in feuilles)), organisme, **options
    )


def remplir(lignes: list[list[str]], jetons: Jetons, largeur: int = 10) -> list[list[str]]:
    remplies = []
    for ligne in lignes:
        pleine = [*ligne, *[""] * (largeur - len(ligne))]
        remplies.append(
            [pleine[0], *[c or jetons(f"{ligne[:1]} colonne {r}") for r, c in enumerate(pleine[1:], 1)]]
        )
    return remplies  # fmt: skip


def test_une_ligne_tapee_entre_toutes_les_autres_se_garde(tmp_path, maison_lavande):
    jetons = Jetons()
    lignes = []
    for ligne in fiche(**CLIENTS):
        lignes += [
            ligne,
            [jetons(f"seule, après {ligne[:1]}")],
            [jetons(f"libellé, après {ligne[:1]}"), "42"],
        ]
    importer_feuilles(tmp_path, maison_lavande, ("x", lignes))
    assert jetons.perdus(maison_lavande) == {}


def test_un_libelle_complete_a_la_main_garde_son_complement(tmp_path, maison_lavande):
    jetons = Jetons()
    lignes = [[f"{ligne[0]} {jetons(ligne[0])}", *ligne[1:]] if ligne else [] for ligne in fiche(**CLIENTS)]
    importer_feuilles(tmp_path, maison_lavande, ("entière", fiche(**CLIENTS)), ("complétée", lignes))
    assert jetons.perdus(maison_lavande) == {}


def test_chaque_cellule_remplie_deux_fois_se_garde(tmp_path, maison_lavande):
    jetons = Jetons()
    lignes = remplir(fiche(), jetons) + remplir(fiche(), jetons)
    importer_feuilles(tmp_path, maison_lavande, ("x", lignes))
    assert jetons.perdus(maison_lavande) == {}


@pytest.mark.parametrize(
    "bloc",
    ["Description", "Acteurs", "Finalité", "Catégories de données", "Données sensibles", "Catégories de personnes", "Destinataires", "Mesures", "Transferts"],
)  # fmt: skip
def test_un_en_tete_supprime_ne_perd_ni_n_egare_rien(bloc, tmp_path, maison_lavande):
    jetons = Jetons()
    lignes = [
        ligne
        for ligne in fiche(**{**CLIENTS, "sensibles": [["Données concernant la santé", "Allergies"]]})
        if not (ligne and ligne[0].startswith(bloc) and len(ligne) != 2)
    ]
    lignes = [li if len(li) < 2 else remplir([li], jetons, 6)[0] for li in lignes if li]
    importer_feuilles(tmp_path, maison_lavande, ("x", lignes))
    assert jetons.perdus(maison_lavande) == {}
    lue = fiches(maison_lavande)[0]
    assert lue["intitule"] == "Gestion des clients"
    assert [f["libelle"] for f in lue["finalites"]] == ["Livrer les commandes"]
    assert [d["categorie"] for d in lue["donnees"]] == ["ETAT_CIVIL", "SANTE"]
    assert lue["donnees_sensibles"] is True


@pytest.mark.parametrize("colonne", range(1, 8))
def test_une_colonne_supprimee_ne_perd_pas_les_autres(colonne, tmp_path, maison_lavande):
    jetons = Jetons()
    lignes = remplir(fiche(), jetons)
    for ligne in lignes:
        jetons.poses.pop(ligne.pop(colonne), None)
    importer_feuilles(tmp_path, maison_lavande, ("x", lignes))
    assert jetons.perdus(maison_lavande) == {}


@pytest.mark.parametrize("largeur", [8, 14])
def test_la_feuille_de_liste_ne_perd_rien(largeur, tmp_path, maison_lavande):
    jetons = Jetons()
    lignes = [[jetons("titre"), jetons("à côté du titre")], *remplir(LISTE[:3], jetons, largeur), *LISTE[3:5]]
    lignes += remplir(
        [["Gestion des clients", "TR-1"], ["Sans fiche"], ["Avec réf", "TR-9"]], jetons, largeur
    )
    lignes += [
        ["", "", "", "", jetons("finalité sans nom")],
        ["", jetons("référence seule")],
        ["", "", "2020-01-01", "", "", "", "", "", jetons("note sans nom")],
    ]
    importer_feuilles(tmp_path, maison_lavande, ("2", lignes), ("3", fiche(**CLIENTS)))
    assert jetons.perdus(maison_lavande) == {}


@pytest.mark.parametrize("nom", ["Listes de nos sous-traitants", "Tutoriel maison", "Notes", "5_-_Listes"])
def test_une_feuille_etrangere_se_garde_quel_que_soit_son_nom(nom, tmp_path, maison_lavande):
    jetons = Jetons()
    lignes = [[jetons(f"ligne {n}"), "x" * 50] for n in range(700)]
    importer_feuilles(tmp_path, maison_lavande, (nom, lignes), ("3", fiche(**CLIENTS)))
    assert jetons.perdus(maison_lavande) == {}


@pytest.mark.parametrize("blanc", [" ", "\n"])
def test_un_texte_de_vingt_mille_caracteres_se_garde_dans_chaque_cellule(blanc, tmp_path, maison_lavande):
    class Longs(Jetons):
        def __call__(self, ou: str = "") -> str:
            debut, fin = super().__call__(f"{ou}, début"), super().__call__(f"{ou}, fin")
            milieu = f"Une phrase assez longue.{blanc}" * 790
            return f"{debut}{blanc}{milieu}{fin}"

    jetons = Longs()
    lignes = [li if li[1:2] == ["Nom"] else remplir([li], jetons, 6)[0] for li in fiche(**CLIENTS) if li]
    importer_feuilles(tmp_path, maison_lavande, ("x", lignes))
    assert jetons.perdus(maison_lavande) == {}
    assert "inchangés : 1" in importer(tmp_path / "r.ods", maison_lavande)


def test_une_cellule_demesuree_est_refusee_et_non_coupee(tmp_path, maison_lavande):
    with pytest.raises(CommandError, match="20000 caractères"):
        importer_feuilles(tmp_path, maison_lavande, ("x", fiche(nom="a" * 20_001)))


HOMONYMES = {
    "même nom": ["Paie"] * 4,
    "même long nom": ["P" * 200] * 4,
    "autres écritures": ["日本語", "中国", "😀", "…!"],
    "nom déjà suffixé": ["Paie", "Paie", "Paie (feuille « f1 »)", "paie"],
}


@pytest.mark.parametrize("cas", HOMONYMES)
def test_des_activites_de_meme_nom_restent_distinctes(cas, tmp_path, maison_lavande):
    jetons = Jetons()
    feuilles = [
        (
            f"f{n}",
            fiche(
                **{**CLIENTS, "nom": nom, "ref": "ref-001", "finalites": [["Finalité principale", jetons()]]}
            ),
        )
        for n, nom in enumerate(HOMONYMES[cas])
    ]
    importer_feuilles(tmp_path, maison_lavande, *feuilles)
    assert len(fiches(maison_lavande)) == 4
    assert jetons.perdus(maison_lavande) == {}
    assert "inchangés : 4" in importer(tmp_path / "r.ods", maison_lavande)


def test_trois_lignes_de_liste_de_meme_nom_donnent_trois_fiches(tmp_path, maison_lavande):
    jetons = Jetons()
    lignes = [*LISTE[:5], *[["Paie", "", "", "", jetons()] for _ in range(3)]]
    importer_feuilles(tmp_path, maison_lavande, ("2", lignes))
    assert jetons.perdus(maison_lavande) == {}
    assert "inchangés : 3" in importer(tmp_path / "r.ods", maison_lavande)


def test_un_courriel_impossible_n_empeche_pas_le_reste_de_l_identite(tmp_path, autre_boutique):
    lignes = [
        [c.replace("contact@lavande.example", "à demander / accueil") for c in ligne] for ligne in LISTE
    ]
    importer_feuilles(tmp_path, autre_boutique, ("2", lignes))
    autre_boutique.refresh_from_db()
    assert (autre_boutique.ville, autre_boutique.courriel) == ("Grasse", "")
    assert any(e["valeur"] == "à demander / accueil" for e in autre_boutique.reprise)


@pytest.mark.parametrize("decalage", [1, 3])
def test_une_colonne_inseree_avant_la_liste_ne_deplace_rien(decalage, tmp_path, autre_boutique):
    importer_feuilles(tmp_path, autre_boutique, ("2", [[""] * decalage + ligne for ligne in LISTE]))
    autre_boutique.refresh_from_db()
    assert (autre_boutique.dpo_nom, autre_boutique.adresse) == ("Claire Morel", "4 place aux Aires")


def test_une_adresse_a_deux_points_n_est_pas_un_libelle(tmp_path, autre_boutique):
    lignes = [[c.replace("4 place", "Bât. B : 4 place") for c in ligne] for ligne in LISTE]
    importer_feuilles(tmp_path, autre_boutique, ("2", lignes))
    autre_boutique.refresh_from_db()
    assert autre_boutique.adresse == "Bât. B : 4 place aux Aires"


@pytest.mark.parametrize("non", ["Non", "Aucun", "néant"])
def test_aucun_transfert_se_lit_comme_un_non(non, tmp_path, maison_lavande):
    transferts = [["Organisme destinataire 1", non, PLACEHOLDER, PLACEHOLDER]]
    importer_feuilles(tmp_path, maison_lavande, ("x", fiche(**{**CLIENTS, "transferts": transferts})))
    lue = fiches(maison_lavande)[0]
    assert (lue["transferts"], lue["transferts_hors_eee"]) == ([], False)


@pytest.mark.parametrize(
    "doute", ["☐", "Transfert hors UE sans garantie", "Vers un pays tiers non identifié", "Non communiqués"]
)
def test_une_case_vide_ou_un_transfert_sans_garantie_ne_sont_pas_un_non(doute, tmp_path, maison_lavande):
    transferts = [["Organisme destinataire 1", doute, PLACEHOLDER, PLACEHOLDER]]
    sortie = importer_feuilles(
        tmp_path, maison_lavande, ("x", fiche(**{**CLIENTS, "transferts": transferts}))
    )
    lue = fiches(maison_lavande)[0]
    assert (lue["transferts"], lue["transferts_hors_eee"]) == ([], None)
    assert doute in [e["valeur"] for e in lue["reprise"]]
    assert "à confirmer : x!B" in sortie


def test_une_reponse_dans_l_en_tete_d_un_bloc_vaut_pour_lui(tmp_path, maison_lavande):
    lignes = fiche(**CLIENTS)
    lignes = [
        ["Données sensibles", "Non"] if ligne[:1] == ["Données sensibles"] else ligne for ligne in lignes
    ]
    importer_feuilles(tmp_path, maison_lavande, ("x", lignes))
    assert fiches(maison_lavande)[0]["donnees_sensibles"] is False


# --- L'XML des tableurs ----------------------------------------------------------------------------------------------


def test_cellules_fusionnees_formules_et_dates_se_lisent(tmp_path, maison_lavande):
    brut = feuille("x", fiche(**{**CLIENTS, "nom": "@NOM@", "creation": "@DATE@", "ref": "@REF@"}))
    for jeton, xml in {
        "@NOM@": '<table:table-cell office:value-type="string" table:number-columns-spanned="6" table:number-rows-spanned="1"><text:p>Gestion</text:p><text:p>des <text:span>clients</text:span></text:p></table:table-cell><table:covered-table-cell table:number-columns-repeated="5"/>',
        "@DATE@": '<table:table-cell office:value-type="date" office:date-value="2021-03-04T00:00:00"><text:p>04/03/21</text:p></table:table-cell>',
        "@REF@": '<table:table-cell table:formula="of:=&quot;TR&quot;&amp;1" office:value-type="string" office:string-value="TR-7"><text:p>TR-7</text:p></table:table-cell>',
    }.items():
        brut = brut.replace(cellule(jeton), xml)
    importer(ecrire(tmp_path / "r.ods", brut), maison_lavande)
    lue = fiches(maison_lavande)[0]
    assert (lue["reference"], lue["date_creation"]) == ("TR-7", "2021-03-04")
    assert plier(lue["intitule"]) == "gestion des clients"


LIGNE_VIDE = '<table:table-row table:number-rows-repeated="{}"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
PIEGES = {
    "ligne pleine répétée": '<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>',
    "cellule pleine répétée": '<table:table-row><table:table-cell table:number-columns-repeated="16000" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>',
    "un mot à la dernière ligne": LIGNE_VIDE.format(1_047_000) + f"<table:table-row>{cellule('x')}</table:table-row>",
    "un mot après 250 000 lignes": LIGNE_VIDE.format(250_000).replace("1024", "3") + f"<table:table-row>{cellule('x')}</table:table-row>",
    "DOCTYPE après un long commentaire": None,
}  # fmt: skip


@pytest.mark.parametrize("nom", PIEGES)
def test_un_classeur_piege_est_refuse_et_la_base_reste_intacte(nom, tmp_path, maison_lavande):
    doctype = "" if PIEGES[nom] else f"<!-- {'a' * 100_000} --><!DOCTYPE x [<!ENTITY a 'b'>]>"
    chemin = ecrire(
        tmp_path / "r.ods", feuille("x", fiche(**CLIENTS), suite=PIEGES[nom] or ""), doctype=doctype
    )
    avant = Entree.objects.count()
    with pytest.raises(CommandError, match="r.ods"):
        importer(chemin, maison_lavande)
    with scopes_disabled():
        assert (Entree.objects.count(), Traitement.objects.count()) == (avant, 0)


def test_un_zip_tronque_est_refuse(tmp_path, maison_lavande):
    chemin = ecrire(tmp_path / "r.ods", feuille("x", fiche(**CLIENTS)))
    entier = chemin.read_bytes()
    for taille in range(4, len(entier), 97):
        chemin.write_bytes(entier[:taille])
        with pytest.raises(CommandError, match="pas un classeur lisible"):
            importer(chemin, maison_lavande)


@pytest.mark.skipif(not OFFICIEL.exists(), reason="le classeur de la CNIL n'est pas livré avec le produit")
def test_le_modele_de_la_cnil_reimporte_ne_change_rien(maison_lavande):
    importer(OFFICIEL, maison_lavande)
    maison_lavande.refresh_from_db()
    assert maison_lavande.reprise == []
    entrees = Entree.objects.count()
    assert "créés : 0\nmodifiés : 0" in importer(OFFICIEL, maison_lavande)
    assert Entree.objects.count() == entrees


# --- Ce que les gens écrivent ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texte", "lue"),
    [
        ("3 ans", (3, "ans", "")),
        ("3 ans à compter de la clôture", (3, "ans", "clôture")),
        ("3 ans à compter de la clôture…", None),
        ("13 mois", (13, "mois", "")),
        ("5 années à partir du dernier achat", (5, "ans", "dernier achat")),
        ("1 an après la fin du contrat.", (1, "ans", "après la fin du contrat")),
        ("trois (3) ans", (3, "ans", "")),
        ("3 ans et demi", None),
        ("3 ans, renouvelable", None),
        ("3 ans puis 5 ans en archives", None),
        ("illimité", None),
        ("3 anses", None),
    ],
)
def test_une_duree_ne_se_lit_que_si_elle_est_sans_reste(texte, lue):
    delai = lire_duree(texte)
    assert (delai and (delai.duree.valeur, delai.duree.unite, delai.depart)) == lue


@pytest.mark.parametrize(
    ("texte", "lue"),
    [
        ("2020-01-31", "2020-01-31"),
        ("2020-01-31T10:00:00", "2020-01-31"),
        ("31/01/2020", "2020-01-31"),
        ("1.2.2020", "2020-02-01"),
        ("2020-01-31 (mise en conformité)", None),
        ("31/02/2020", None),
        ("20200131", None),
        ("/", None),
    ],
)
def test_une_date_suivie_d_autre_chose_n_en_est_pas_une(texte, lue):
    jour = lire_date(texte)
    assert (jour.isoformat() if jour else None) == lue


@pytest.mark.parametrize("texte", ["déjà", "FinalitÉ", "ÀÁÂÃ ÍÏÐÝ", "cœur", "l’été", "« oui » – 5 €"])
@pytest.mark.parametrize("codage", ["cp1252", "latin-1"])
def test_le_double_encodage_se_defait(texte, codage):
    if codage == "latin-1":
        double = texte.encode().decode("latin-1")
    else:
        double = "".join(
            bytes([o]).decode("cp1252", "ignore") or bytes([o]).decode("latin-1") for o in texte.encode()
        )
    assert reparer(double) == texte
    assert reparer(texte) == texte
