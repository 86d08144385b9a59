"""Les référentiels : ce que les fichiers disent, et ce que le chargement en fait."""

import os
import re
import shutil
from collections import Counter
from datetime import date
from functools import partial
from importlib import import_module
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boutique import AUTEUR
from conservation.choix import Phase, SortFinal
from conservation.durees import Duree
from conservation.models import DureeReference
from journal.models import Entree
from organismes.models import ChangementReferentiel, DecisionAdequation, Pays, Secteur
from registre.echanges.imports.correspondances import Correspondances
from registre.echanges.imports.textes import plier
from registre.fiche.referentiels import (
    FICHIERS,
    RACINE,
    BilanDeChargement,
    FichierInvalide,
    charger,
    codes_ou,
    duree_iso,
    nom_de,
    version_referentiels,
)
from registre.portes.management.commands import charger_referentiels as commande
from traitements import models as t

pytestmark = pytest.mark.django_db
MODELES = [pytest.param(modele, id=nom_de(fichier)) for fichier, modele in FICHIERS]
PAYS_CNIL = RACINE / "tests/exemples/pays-modele-cnil.txt"

# Une marque ne change qu'après relecture du texte : tout écart avec ce relevé est voulu, ou c'est une faute.
# (primaire, secondaire, mémoire, sans marque)
MARQUES = {
    "pays": (43, 1, 0, 207),
    "adequation": (0, 18, 1, 0),
    "secteurs": (0, 6, 0, 8),
    "bases-legales": (0, 0, 6, 0),
    "droits": (0, 0, 0, 12),
    "exceptions-art9": (0, 0, 10, 0),
    "categories-donnees": (18, 13, 5, 0),
    "categories-personnes": (8, 0, 14, 0),
    "types-destinataires": (5, 0, 2, 0),
    "sources-donnees": (0, 0, 0, 8),
    "canaux": (7, 2, 2, 0),
    "garanties": (0, 0, 18, 0),
    "mesures-securite": (25, 0, 0, 0),
    "evenements": (0, 0, 0, 44),
    "criteres-aipd": (0, 9, 0, 0),
    "types-aipd": (0, 26, 3, 0),
    "finalites-hors-referentiel": (0, 3, 1, 0),
    "parametres": (2, 5, 2, 1),
    "durees": (30, 26, 36, 0),
    "modeles": (0, 16, 0, 0),
}
UE = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split()


@pytest.fixture
def copie(tmp_path):
    """Les fichiers du produit, qu'un essai peut abîmer."""
    for fichier, _ in FICHIERS:
        (tmp_path / fichier).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (RACINE / fichier).is_dir() else shutil.copy)(
            RACINE / fichier, tmp_path / fichier
        )
    return tmp_path


def remplacer(copie: Path, fichier: str, avant: str, apres: str) -> None:
    texte = (copie / fichier).read_text(encoding="utf-8")
    assert avant in texte
    (copie / fichier).write_text(texte.replace(avant, apres, 1), encoding="utf-8")


def bilan_de(bilans: list[BilanDeChargement], nom: str) -> BilanDeChargement:
    return next(b for b in bilans if b.nom == nom)


# Ce que les fichiers disent


@pytest.mark.parametrize("modele", MODELES)
def test_chaque_ligne_cite_sa_source(modele):
    assert modele.objects.exists()
    assert not [ligne.code for ligne in modele.objects.all() if len(ligne.source.strip()) < 5]


def tous_les_toml() -> list[str]:
    """Un dossier compte pour chacun de ses fichiers."""
    chemins = [RACINE / fichier for fichier, _ in FICHIERS]
    fichiers = [f for c in chemins for f in (sorted(c.glob("*.toml")) if c.is_dir() else [c])]
    return [str(f.relative_to(RACINE)) for f in fichiers]


@pytest.mark.parametrize("fichier", tous_les_toml())
def test_chaque_fichier_date_son_droit_et_explique_ses_marques(fichier):
    tete, _, suite = (RACINE / fichier).read_text(encoding="utf-8").partition("[meta]")
    lu = re.search(r"^# État du droit : (\d+) novembre 2026\.$", tete, re.M)
    assert lu and suite.startswith(f'\nversion = "2026.11.{lu[1]}"\n')
    assert "« memoire », non" in tete


@pytest.mark.parametrize(("fichier", "modele"), FICHIERS)
def test_les_marques_de_verification_sont_celles_relevees(fichier, modele):
    compte = Counter(modele.objects.values_list("verifie", flat=True))
    releve = tuple(compte[marque] for marque in ("primaire", "secondaire", "memoire", ""))
    assert releve == MARQUES[nom_de(fichier)]


def test_une_marque_se_lit_en_une_lettre():
    assert t.BaseLegale.objects.get(code="CONTRAT").marque == "[M]"
    assert t.MesureGuide.objects.get(code="SEC01").marque == "[P]"
    assert t.CritereAipd.objects.get(code="C1_EVALUATION").marque == "[S]"
    assert t.Evenement.objects.get(code="COLLECTE").marque == ""


@pytest.mark.parametrize("modele", MODELES)
def test_aucun_libelle_n_emploie_une_formule_proscrite(modele):
    proscrites = re.compile(
        r"non soumis au RGPD|base légale \(art\. 30\)|bloctel|données anonymes|durée légale de trois ans|\bseed\b",
        re.IGNORECASE,
    )
    textes = [f"{ligne.libelle} {ligne.remarque} {ligne.source}" for ligne in modele.objects.all()]
    assert not [texte for texte in textes if proscrites.search(texte)]


def test_le_privacy_shield_n_est_jamais_une_garantie_valable():
    assert not t.Garantie.objects.filter(libelle__icontains="privacy shield", valide=True).exists()
    assert list(t.Garantie.objects.filter(valide=False).values_list("code", flat=True)) == [
        "INVALIDE_PRIVACY_SHIELD"
    ]


def test_aucun_secteur_n_echappe_au_rgpd():
    assert not Secteur.objects.filter(soumis_rgpd=False).exists()
    hors = Secteur.objects.filter(hors_referentiel_gestion_commerciale=True)
    assert {s.code for s in hors} == {"BANQUE", "ASSURANCE", "SANTE", "EDUCATION", "JEUX_ARGENT"}


def test_l_article_9_compte_huit_categories_sans_le_nir_ni_la_banque():
    sensibles = set(t.CategorieDonnees.objects.filter(sensible=True).values_list("code", flat=True))
    assert sensibles == set(
        "ORIGINE_ETHNIQUE OPINIONS_POLITIQUES CONVICTIONS SYNDICAT GENETIQUES BIOMETRIQUES SANTE VIE_SEXUELLE".split()
    )
    assert [c.code for c in t.CategorieDonnees.objects.filter(infraction=True)] == ["INFRACTIONS"]
    assert [c.code for c in t.CategorieDonnees.objects.filter(conservation_interdite=True)] == [
        "CRYPTOGRAMME"
    ]


def test_le_telephone_demande_un_consentement_depuis_le_11_aout_2026():
    telephone = t.Canal.objects.get(code="TELEPHONE_B2C")
    assert (telephone.regime, telephone.date_effet) == ("optin", date(2026, 8, 11))


def test_chaque_evenement_complete_a_compter():
    suites = list(t.Evenement.objects.values_list("a_compter", flat=True))
    assert len(suites) == 44
    assert not [s for s in suites if not re.match(r"(du|de la|de l'|des) ?\w", s) or s.endswith(".")]


def test_le_seuil_de_l_article_30_5_est_un_parametre():
    derogation = t.Parametre.objects.get(code="derogation_30_5")
    assert derogation.valeur["seuil_effectif"] == 250
    assert date.fromisoformat(derogation.valeur["date_effet"]) == date(2018, 5, 25)
    assert derogation.valeur["reforme"]["adoptee"] is False


# Pays et adéquation


def test_l_espace_economique_europeen_est_complet():
    lus = {p.code for p in Pays.objects.all() if p.dans_eee}
    assert lus == {*UE, "IS", "LI", "NO", "GP", "MQ", "GF", "RE", "YT", "MF", "AX"}


@pytest.mark.parametrize("code", ["CH", "GB", "US", "NC", "PF", "XK", "XEPO"])
def test_un_pays_hors_de_l_eee_n_en_est_pas(code):
    assert not Pays.objects.get(code=code).dans_eee


def test_la_liste_iso_est_entiere():
    codes = set(Pays.objects.values_list("code", flat=True))
    assert len(codes - {"XK", "XEPO"}) == 249
    assert {"XK", "XEPO"} < codes


def test_les_175_pays_du_modele_de_la_cnil_sont_reconnus():
    noms = [n for n in PAYS_CNIL.read_text(encoding="utf-8").splitlines() if not n.startswith("#")]
    reconnus = {nom: Correspondances().pays(nom) for nom in noms}
    assert len(noms) == 175
    assert [nom for nom, pays in reconnus.items() if pays is None] == []
    assert len({pays.code for pays in reconnus.values()}) == 175
    assert (reconnus["Etats-Unis"].code, reconnus["Iles FEROE"].code) == ("US", "FO")


def test_une_graphie_ne_designe_qu_un_pays():
    noms = Counter(
        cle for p in Pays.objects.all() for cle in {plier(n) for n in (p.libelle, p.code, *p.autres_noms)}
    )
    assert [nom for nom, fois in noms.items() if fois > 1] == []


@pytest.mark.parametrize(
    ("pays", "le", "vaut"),
    [
        ("GB", date(2021, 6, 27), False),
        ("GB", date(2021, 6, 28), True),
        ("GB", date(2031, 12, 27), True),
        ("GB", date(2031, 12, 28), False),
        ("US", date(2000, 7, 25), False),
        ("US", date(2015, 10, 5), True),
        ("US", date(2015, 10, 6), False),
        ("US", date(2020, 7, 15), True),
        ("US", date(2020, 7, 16), False),
        ("US", date(2023, 7, 9), False),
        ("US", date(2023, 7, 10), True),
        ("MA", date(2026, 11, 23), False),
    ],
)
def test_l_adequation_vaut_du_premier_au_dernier_jour(pays, le, vaut):
    assert DecisionAdequation.objects.en_vigueur(le).filter(pays=pays).exists() is vaut


def test_dix_sept_decisions_valent_aujourd_hui():
    assert DecisionAdequation.objects.en_vigueur(date(2026, 11, 23)).count() == 17


def test_les_numeros_des_decisions_anciennes_sont_relus_de_seconde_main():
    """Cités de mémoire, ils étaient à relire : deux relevés des pages de la Commission les donnent, avec leurs dates."""
    anciennes = DecisionAdequation.objects.en_vigueur(date(2026, 11, 23)).filter(date_effet__year__lt=2022)
    assert anciennes.count() == 14
    assert set(anciennes.values_list("verifie", "doute")) == {("secondaire", "")}


# Les durées


def test_une_duree_d_usage_ou_a_relire_ne_passe_pas_pour_la_loi():
    for regle in DureeReference.objects.all():
        if regle.force == "usage":
            assert "proposition, sans texte chiffré" in str(regle)
            assert "loi" not in regle.get_force_display()
        if regle.verifie == "memoire" or regle.doute:
            assert "à relire" in str(regle)


def test_trois_ans_pour_un_prospect_est_une_recommandation():
    regle = DureeReference.objects.get(code="PROSPECT-3A")
    assert (regle.duree_valeur, regle.duree_unite, regle.nature) == (3, "ans", "maximale")
    assert regle.force == "recommande"
    assert regle.point_depart.a_compter == "du dernier contact émanant du prospect"


def test_une_reference_a_une_duree_ou_un_critere_et_ses_codes_existent():
    categories = set(t.CategorieDonnees.objects.values_list("code", flat=True))
    codes = set(DureeReference.objects.values_list("code", flat=True))
    for regle in DureeReference.objects.all():
        assert regle.duree or regle.critere, regle.code
        assert set(regle.categories) <= categories, regle.code
        assert not regle.regle_suivante or regle.regle_suivante in codes, regle.code
        assert regle.phase in Phase.values and regle.sort_final in SortFinal.values, regle.code
        if regle.duree_min:
            assert not duree_iso(regle.duree_min).depasse(duree_iso(regle.duree)), regle.code


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [("P3Y", Duree(3, "ans")), ("P13M", Duree(13, "mois")), ("P14D", Duree(14, "jours"))],
)
def test_une_duree_iso_se_lit(texte, attendu):
    assert duree_iso(texte) == attendu


@pytest.mark.parametrize("texte", ["", "P", "3Y", "PY", "P1Y6M", "PT3H", "P3W", "P-3Y"])
def test_une_duree_illisible_est_refusee(texte):
    with pytest.raises(ValueError, match="n'est pas lisible"):
        duree_iso(texte)


# Le chargement


def test_une_base_d_avant_la_colonne_des_sources_indirectes_ne_met_aucune_fiche_a_actualiser():
    migration = import_module("traitements.migrations.0005_sources_indirectes")
    t.SourceDonnees.objects.update(indirecte=False)  # ce que fait l'ajout de la colonne
    migration.marquer(apps, None)
    assert bilan_de(charger(AUTEUR), "sources-donnees").change is False
    assert not ChangementReferentiel.objects.exists()


def test_les_codes_d_une_liste_se_lisent_du_produit_par_leur_attribut():
    indirectes = t.SourceDonnees.objects.filter(indirecte=True).values_list("code", flat=True)
    assert codes_ou("sources-donnees", "indirecte") == tuple(indirectes)
    assert "DEDUITE" not in indirectes and "COURTIER" in indirectes


def test_un_second_chargement_n_ecrit_rien():
    entrees = Entree.objects.count()
    with CaptureQueriesContext(
        connection,
    ) as requetes:
        bilans = charger(AUTEUR)
    sql = [r["sql"] for r in requetes.captured_queries]
    assert not [s for s in sql if s.startswith(("INSERT", "UPDATE", "DELETE"))]
    # Une lecture par liste, plus les pays que citent les décisions et les événements que citent les durées.
    assert len([s for s in sql if s.startswith("SELECT")]) == len(FICHIERS) + 2
    assert not any(b.change for b in bilans)
    assert Entree.objects.count() == entrees


def test_une_ligne_retiree_devient_inactive_et_revient(copie):
    remplacer(copie, "traitements/referentiels/canaux.toml", 'code = "PUSH"', 'code = "PUSH_2"')
    bilan = bilan_de(charger(AUTEUR, copie), "canaux")
    assert (bilan.creees, bilan.modifiees, bilan.inchangees, bilan.retirees) == (1, 0, 10, 1)
    assert t.Canal.objects.get(code="PUSH").actif is False
    assert bilan_de(charger(AUTEUR, copie), "canaux").change is False

    bilan = bilan_de(charger(AUTEUR), "canaux")
    assert (bilan.creees, bilan.modifiees, bilan.retirees) == (0, 1, 1)
    assert t.Canal.objects.get(code="PUSH").actif is True


def test_un_changement_est_consigne_une_seule_fois(copie):
    entrees = Entree.objects.count()
    remplacer(copie, "organismes/referentiels/secteurs.toml", '"Commerce de détail"', '"Commerce"')
    remplacer(copie, "traitements/referentiels/droits.toml", '"Accès"', '"Accès aux données"')
    charger(AUTEUR, copie)
    assert Entree.objects.count() == entrees + 1
    derniere = Entree.objects.order_by("seq").last()
    assert (derniere.action, derniere.auteur_nom) == ("chargement", AUTEUR.nom)
    assert derniere.objet_libelle == "Référentiels, version 2026.11.26"
    assert "14 lignes : 0 créée, 1 modifiée, 13 inchangées, 0 retirée" in derniere.instantane


def test_une_date_avec_fin_et_une_cle_etrangere_se_chargent(copie):
    remplacer(
        copie,
        "organismes/referentiels/adequation.toml",
        'code = "AD-2010"\nlibelle = "Andorre : 2010/625/UE"\npays = "AD"',
        'code = "AD-2010"\nlibelle = "Andorre"\npays = "MC"\ndate_fin = 2030-01-31',
    )
    charger(AUTEUR, copie)
    decision = DecisionAdequation.objects.get(code="AD-2010")
    assert (decision.pays_id, decision.date_fin) == ("MC", date(2030, 1, 31))


SECTEURS, ADEQUATION = "organismes/referentiels/secteurs.toml", "organismes/referentiels/adequation.toml"
DUREES, TETE = "conservation/referentiels/durees.toml", '[meta]\nversion = "2026.11.23"'
TETE_DES_DUREES = TETE.replace("11.23", "11.26")
FAUTES = {
    "cle_inconnue": (SECTEURS, "soumis_rgpd = true", "soumi_rgpd = true", "COMMERCE_DETAIL : clé inconnue : soumi_rgpd"),
    "ordre_impose": (SECTEURS, "soumis_rgpd = true", "ordre = 3", "COMMERCE_DETAIL : clé inconnue : ordre"),
    "code_en_double": (SECTEURS, 'code = "E_COMMERCE"', 'code = "COMMERCE_DETAIL"', "ce code est en double"),
    "code_absent": (SECTEURS, 'code = "COMMERCE_DETAIL"\n', "", "ligne 1 : code : "),
    "libelle_vide": (SECTEURS, '"Commerce de détail"', '""', "COMMERCE_DETAIL : libelle : "),
    "source_absente": (SECTEURS, 'source = "codification propre ; RGPD art. 2 et 3"\n', "", "COMMERCE_DETAIL : source : "),
    "marque_inconnue": (SECTEURS, 'verifie = "secondaire"', 'verifie = "certain"', "BANQUE : verifie : "),
    "cle_etrangere_inconnue": (ADEQUATION, 'pays = "AD"', 'pays = "ZZ"', "AD-2010 : pays cite un code inconnu, « ZZ »"),
    "cle_etrangere_absente": (ADEQUATION, 'pays = "AD"\n', "", "AD-2010 : pays manque"),
    "date_impossible": (ADEQUATION, "2010-10-19", '"le 19 octobre"', "AD-2010 : date_effet : "),
    "duree_illisible": (DUREES, 'duree = "P3Y"', 'duree = "trois ans"', "PROSPECT-3A : la durée « trois ans »"),
    "toml_casse": (SECTEURS, "[[ligne]]", "[[ligne]", "secteurs.toml : illisible"),
    "titre_mal_ecrit": (SECTEURS, TETE, TETE + "\n[[lignes]]", "et rien d'autre"),
    "version_absente": (SECTEURS, TETE, "[meta]", "il faut [meta] avec sa version"),
}  # fmt: skip


@pytest.mark.parametrize("faute", FAUTES)
def test_un_fichier_fautif_est_refuse_et_rien_n_est_ecrit(copie, faute, monkeypatch):
    fichier, avant, apres, message = FAUTES[faute]
    remplacer(copie, "organismes/referentiels/pays.toml", '"Afghanistan"', '"Afghanistan bis"')
    remplacer(copie, fichier, avant, apres)
    monkeypatch.setattr(commande, "charger", partial(charger, racine=copie))
    entrees = Entree.objects.count()
    with pytest.raises(CommandError) as refus:
        call_command("charger_referentiels")
    assert Path(fichier).name in str(refus.value)
    assert message in str(refus.value)
    # Les pays passent avant la faute : leur changement est défait avec le reste.
    assert Pays.objects.get(code="AF").libelle == "Afghanistan"
    assert Entree.objects.count() == entrees


def test_une_liste_videe_est_refusee_plutot_que_retiree(copie):
    (copie / SECTEURS).write_text(TETE, encoding="utf-8")
    with pytest.raises(FichierInvalide, match="secteurs.toml"):
        charger(AUTEUR, copie)
    assert Secteur.objects.filter(actif=True).count() == 14


def test_un_fichier_absent_est_dit(copie):
    (copie / DUREES).unlink()
    with pytest.raises(FichierInvalide, match="durees.toml : illisible"):
        charger(AUTEUR, copie)


def test_la_commande_rend_compte_liste_par_liste():
    sortie = StringIO()
    call_command("charger_referentiels", stdout=sortie)
    lignes = sortie.getvalue().splitlines()
    assert len(lignes) == len(FICHIERS)
    durees, modeles = DureeReference.objects.count(), t.ModeleFiche.objects.count()
    assert lignes[-2:] == [
        f"durees, {durees} lignes : 0 créée, 0 modifiée, {durees} inchangées, 0 retirée",
        f"modeles, {modeles} lignes : 0 créée, 0 modifiée, {modeles} inchangées, 0 retirée",
    ]


def test_la_version_est_celle_du_droit(copie):
    assert version_referentiels() == "2026.11.26"
    remplacer(copie, DUREES, TETE_DES_DUREES, '[meta]\nversion = "2027.01.02"')
    assert version_referentiels(copie) == "2027.01.02"


# Face aux sources de travail, quand on les a : SOURCES_DU_DROIT désigne leur dossier.

FORCES = ("memoire", "secondaire", "primaire")


def source_de_travail(nom: str) -> dict:
    yaml = pytest.importorskip("yaml")
    dossier = os.environ.get("SOURCES_DU_DROIT")
    if not dossier:
        pytest.skip("SOURCES_DU_DROIT n'est pas donné : les sources de travail ne sont pas là")
    return yaml.safe_load((Path(dossier) / nom).read_text(encoding="utf-8"))


def lignes_sources() -> list[tuple[str, dict, str]]:
    """(liste, ligne, marque de sa section) pour chaque ligne des fichiers de travail."""
    y = source_de_travail("referentiels.yaml")
    regles = source_de_travail("durees-conservation.yaml")["regles"]
    hors = y["secteurs"]["finalites_hors_referentiel"]
    sections = [
        ("secteurs", y["secteurs"]["liste"], y["secteurs"]["verifie"]),
        ("bases-legales", y["bases_legales"], ""),
        ("droits", y["droits_communs"], ""),
        ("exceptions-art9", y["exceptions_art9"], ""),
        ("categories-donnees", y["categories_donnees"], ""),
        ("categories-personnes", y["categories_personnes"], ""),
        ("types-destinataires", y["types_destinataires"], ""),
        ("sources-donnees", y["sources_donnees"], ""),
        ("canaux", y["canaux_prospection"], ""),
        ("garanties", y["garanties_transfert"], y["garanties_source"]["verifie"]),
        ("mesures-securite", y["mesures_securite"]["fiches"], y["mesures_securite"]["verifie"]),
        ("evenements", y["evenements"], ""),
        ("criteres-aipd", y["criteres_aipd"]["liste"], y["criteres_aipd"]["verifie"]),
        ("types-aipd", y["aipd_art35_3"], "memoire"),
        ("types-aipd", y["aipd_liste_requise"]["liste"], y["aipd_liste_requise"]["verifie"]),
        ("types-aipd", y["aipd_liste_dispense"]["liste"], y["aipd_liste_dispense"]["verifie"]),
        ("finalites-hors-referentiel", hors["liste"], hors["verifie"]),
        ("durees", regles, ""),
    ]
    return [(nom, ligne, marque) for nom, lignes, marque in sections for ligne in lignes]


RENOMMES = {"titre": "libelle"}
# Lignes corrigées depuis, texte relu : le produit fait foi. `AVIS-IDENT-HEBERGEUR-1A` y tenait deux durées.
CORRIGEES = {
    *("RETRACTATION-14J", "RETRACTATION-12M", "GARANTIE-CONFORMITE-2A", "MEDIATION-1A"),
    *("RELANCE-FIN-1M", "EFFACEMENT-DEMANDE-1M", "FISCAL-OSS-10A", "DOMMAGE-CORPOREL-10A"),
    "AVIS-IDENT-HEBERGEUR-1A",
}
REDITS = {"libelle", "source", "remarque", "verifie", "base"}  # des mots de travail y sont remplacés


def test_aucune_ligne_ni_aucun_attribut_des_sources_n_est_perdu():
    modeles = {nom_de(fichier): modele for fichier, modele in FICHIERS}
    for nom, source, _ in lignes_sources():
        if source["code"] in CORRIGEES:
            continue
        ligne = modeles[nom].objects.get(code=source["code"])
        for cle, valeur in source.items():
            if cle in REDITS or valeur in (None, "", []):
                continue
            lue = getattr(ligne, modeles[nom]._meta.get_field(RENOMMES.get(cle, cle)).attname)
            assert (lue.isoformat() if isinstance(lue, date) else lue) == valeur, (nom, source["code"], cle)
        if nom == "durees":
            base = source["base"]
            assert (ligne.type_source, ligne.source, ligne.force) == (
                base["type"],
                base["reference"],
                base["force"],
            )


def test_aucune_marque_n_est_plus_forte_que_dans_les_sources():
    modeles = {nom_de(fichier): modele for fichier, modele in FICHIERS}
    for nom, source, section in lignes_sources():
        lue = modeles[nom].objects.get(code=source["code"]).verifie
        if "verifie" in source:
            assert lue == source["verifie"], (nom, source["code"])
        elif lue:
            assert section and FORCES.index(lue) <= FORCES.index(section), (nom, source["code"])


def test_les_decisions_d_adequation_sont_celles_des_sources():
    attendues = source_de_travail("referentiels.yaml")["pays_adequats"]
    for source in attendues:
        lue = DecisionAdequation.objects.en_vigueur(date(2026, 10, 1)).get(pays=source["code"])
        assert source["decision"] in lue.source and source["decision"] in lue.libelle
        assert lue.date_effet.isoformat() == source["date"]
        assert (lue.date_fin.isoformat() if lue.date_fin else None) == source.get("fin")
        assert (lue.partielle, lue.verifie) == (source.get("partielle", False), source["verifie"])
        for cle in ("portee", "contentieux", "verification_importateur"):
            assert getattr(lue, cle) == source.get(cle, ""), (source["code"], cle)
        assert source.get("doute", "") in lue.doute
    assert len(attendues) == 17


def test_la_situation_de_chaque_pays_est_celle_des_sources():
    eee = source_de_travail("referentiels.yaml")["eee"]
    attendus = {
        "ue": {*eee["ue"], *eee["autres_ue"]},
        "aele-eee": {*eee["aele_eee"]},
        "francais-ue": {*eee["francais_ue"]},
        "francais-hors-ue": {*eee["francais_hors_ue_regime_lil"]},
    }
    for statut, codes in attendus.items():
        assert set(Pays.objects.filter(statut=statut).values_list("code", flat=True)) == codes
    assert eee["code_ue_grece_alternatif"] in Pays.objects.get(code="GR").autres_noms
