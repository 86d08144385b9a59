"""Un plan de relevé se refait tel quel, sans rien demander ; ce qui a changé depuis se dit, et rien de faux ne se compte."""

import json
import os
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from boutique import AUTEUR, PROSPECTION, creer_fiche, creer_operation, creer_organisme, creer_plan
from conservation.models import Operation, PlanReleve
from journal.models import Entree
from organismes.portee import dans
from pages import Lue
from registre.actes.fiches import enregistrer_fiche
from registre.execution.plans import durees_du_plan
from registre.execution.tendances import tendances
from registre.fiche import agregat as ag
from registre.fiche.enregistrement import Refus, enregistrer
from registre.fiche.preuve import anomalies
from registre.portes.management import plans as plans_de_la_commande

pytestmark = pytest.mark.django_db
SECRET = "tres-secret-42"
REGLE = PROSPECTION["conservations"][0]
COURTE = {**REGLE, "numero": 2, "duree_valeur": 1, "objet": "profils"}
MEME_LIMITE = {**REGLE, "numero": 3, "duree_valeur": 36, "duree_unite": "mois", "objet": "préférences"}


def lancer(**options) -> tuple[Lue, Lue]:
    """Ce que la commande imprime sur la sortie, puis sur l'erreur."""
    sortie, erreurs = StringIO(), StringIO()
    try:
        call_command("relever", stdout=sortie, stderr=erreurs, **options)
    except CommandError as refus:
        erreurs.write(f"{refus} [{refus.returncode}]")
    return Lue(sortie.getvalue()), Lue(erreurs.getvalue())


def base(chemin, *jours):
    with closing(sqlite3.connect(chemin)) as lue:
        lue.execute("CREATE TABLE IF NOT EXISTS clients (id INTEGER PRIMARY KEY, vu TEXT, statut TEXT)")
        lue.execute("DELETE FROM clients")
        lue.executemany("INSERT INTO clients (vu, statut) VALUES (?, 'prospect')", [(j,) for j in jours])
        lue.commit()
    return f"sqlite:///{chemin}"


def il_y_a(annees: float) -> str:
    return (timezone.localdate() - timedelta(days=int(366 * annees))).isoformat()


@pytest.fixture
def garde(maison_lavande, prospection, tmp_path):
    """Le plan « Clients » sur une base SQLite de quatre lignes, dont deux en retard, et son adresse."""
    adresse = base(tmp_path / "boutique.db", il_y_a(4), il_y_a(4), il_y_a(1), il_y_a(0))
    sortie, erreurs = lancer(
        organisme=str(maison_lavande.pk),
        duree=["TR-001#1"],
        source=adresse,
        table="clients",
        colonne_date="vu",
        filtre=["statut=prospect"],
        garder_plan="Clients",
    )
    assert "plan gardé : Clients" in sortie and erreurs == ""
    with dans(maison_lavande):
        return PlanReleve.objects.select_related("traitement").get()


def deposer(tmp_path, settings, organisme):
    """Le dossier, fait et réglé, où se déposent les extractions de l'organisme."""
    settings.RELEVE_DOSSIER = str(tmp_path / "depot")
    dossier = tmp_path / "depot" / str(organisme.pk)
    dossier.mkdir(parents=True)
    return dossier


def extraire(chemin, annees: float, lignes: int = 1):
    """Un export du même nom de colonne que `creer_plan`, dont chaque date a cet âge."""
    chemin.write_text("quand\n" + f"{il_y_a(annees)}\n" * lignes)
    return chemin


def releves(organisme) -> list[tuple]:
    with dans(organisme):
        lus = Operation.objects.filter(type="constat").order_by("enregistre_le")
        return [(o.examinees, o.en_retard, o.plan and o.plan.nom) for o in lus]


def test_un_plan_se_refait_tel_quel_et_garde_la_suite_de_ses_releves(maison_lavande, garde, tmp_path):
    base(tmp_path / "boutique.db", il_y_a(4), il_y_a(1), il_y_a(0), il_y_a(0))
    sortie, erreurs = lancer(plan="Clients")
    assert erreurs == "" and "en retard : 1" in sortie and "plan : Clients, TR-001" in sortie
    creer_operation(maison_lavande, garde.traitement, volume_avant=4, volume_apres=3)
    base(tmp_path / "boutique.db", il_y_a(1), il_y_a(0), il_y_a(0))
    assert "conclusion : À vérifier" not in lancer(plan=str(garde.pk))[0]
    assert releves(maison_lavande) == [(4, 2, "Clients"), (4, 1, "Clients"), (3, 0, "Clients")]
    with dans(maison_lavande):
        derniere = Operation.objects.filter(type="constat").latest("enregistre_le")
        assert (derniere.source_filtres, derniere.source_genre) == (["statut=prospect"], "sqlite")
        (tendance,) = tendances(garde)
        assert [o.en_retard for o in tendance.releves] == [2, 1, 0] and len(tendance.executions) == 1
        assert "Au-delà du terme : 2 lignes le" in Lue(tendance.phrase)
    entree = Entree.objects.filter(objet_type="plan").get()
    assert (entree.action, entree.objet_id) == ("plan", str(garde.pk))
    with scopes_disabled():  # le contrôle est celui de toute l'instance
        assert list(anomalies()) == []


def test_un_plan_retouche_hors_du_journal_se_voit(garde):
    with connection.cursor() as curseur:
        curseur.execute("UPDATE conservation_planreleve SET adresse = 'sqlite:////autre.db'")
    with scopes_disabled():  # le contrôle est celui de toute l'instance
        assert any("n'est plus tel que" in faute for faute in anomalies())


@pytest.mark.parametrize(
    ("conservations", "attendu"),
    [
        ([{**REGLE, "duree_valeur": 5}], "elle a changé depuis que ce plan la compte"),
        ([{**REGLE, "point_depart": "COLLECTE"}], "elle a changé depuis que ce plan la compte"),
        ([{**COURTE}], "elle n'est plus dans la fiche"),
    ],
)
def test_une_duree_changee_ou_disparue_se_dit_et_rien_ne_se_compte(
    maison_lavande, garde, conservations, attendu
):
    creer_fiche_de_nouveau(maison_lavande, garde.traitement, conservations)
    sortie, erreurs = lancer(plan="Clients")
    assert attendu in erreurs and "1 plan à revoir" in erreurs and "[1]" in erreurs
    assert "en retard" not in sortie and len(releves(maison_lavande)) == 1


def creer_fiche_de_nouveau(organisme, fiche, conservations):
    with dans(organisme):
        enregistrer_fiche(
            {"conservations": conservations},
            organisme=organisme,
            auteur=AUTEUR,
            fiche=ag.FICHE.charger(type(fiche).objects.filter(pk=fiche.pk)).get(),
            valideur=True,
        )


def test_douze_mois_et_un_an_restent_la_meme_duree_et_une_autre_sous_le_meme_numero_non(
    maison_lavande, garde
):
    creer_fiche_de_nouveau(
        maison_lavande, garde.traitement, [{**REGLE, "duree_valeur": 36, "duree_unite": "mois"}]
    )
    with dans(maison_lavande):
        assert [d.ecart for d in durees_du_plan(garde)] == [""]
    # Ôtée, puis refaite sous le même numéro : ce n'est plus celle du plan, quoi qu'elle dise.
    creer_fiche_de_nouveau(maison_lavande, garde.traitement, [COURTE])
    creer_fiche_de_nouveau(maison_lavande, garde.traitement, [REGLE])
    with dans(maison_lavande):
        assert [d.ecart for d in durees_du_plan(garde)] == ["elle n'est plus dans la fiche"]


def test_un_plan_arrete_ne_se_releve_plus_et_tous_les_plans_le_laissent(maison_lavande, garde):
    with dans(maison_lavande):
        enregistrer(ag.PLAN_RELEVE, {"actif": False}, garde, auteur=AUTEUR)
    assert "Ce plan est arrêté" in lancer(plan="Clients")[1]
    assert lancer(tous_les_plans=True, organisme=str(maison_lavande.pk)) == ("", "")


def test_plusieurs_durees_se_comptent_d_une_source_un_releve_par_date_limite(maison_lavande, tmp_path):
    creer_fiche(maison_lavande, conservations=[REGLE, COURTE, MEME_LIMITE])
    adresse = base(tmp_path / "boutique.db", il_y_a(4), il_y_a(2), il_y_a(0))
    voulu = {"organisme": str(maison_lavande.pk), "source": adresse, "table": "clients", "colonne_date": "vu"}
    sortie, erreurs = lancer(duree=["TR-001#1", "TR-001#2", "TR-001#3"], garder_plan="Tout", **voulu)
    assert erreurs == "" and "TR-001#1,3 : " in sortie
    with dans(maison_lavande):
        lus = {tuple(o.regles): o.en_retard for o in Operation.objects.all()}
        assert lus == {(1, 3): 1, (2,): 2}
        assert len(tendances(PlanReleve.objects.get())) == 2
    assert lancer(plan="Tout")[1] == "" and len(releves(maison_lavande)) == 4


def test_deux_departs_ne_se_comptent_pas_d_une_colonne(maison_lavande, tmp_path):
    creer_fiche(maison_lavande, conservations=[REGLE, {**COURTE, "point_depart": "COLLECTE"}])
    adresse = base(tmp_path / "boutique.db", il_y_a(4))
    voulu = {"organisme": str(maison_lavande.pk), "source": adresse, "table": "clients", "colonne_date": "vu"}
    assert "ne courent pas du même départ" in lancer(duree=["TR-001#1", "TR-001#2"], **voulu)[1]
    assert releves(maison_lavande) == []


def test_une_requete_se_garde_avec_son_texte_et_son_empreinte(maison_lavande, prospection, tmp_path):
    adresse = base(tmp_path / "boutique.db", il_y_a(4), il_y_a(0))
    chemin = tmp_path / "vus.sql"
    chemin.write_text("-- le dernier passage\nSELECT id, vu FROM clients; -- fin\n", encoding="utf-8")
    voulu = {"organisme": str(maison_lavande.pk), "duree": ["TR-001#1"], "source": adresse, "requete": chemin}
    assert lancer(garder_plan="Passages", **voulu)[1] == ""
    chemin.unlink()
    assert lancer(plan="Passages")[1] == ""
    with dans(maison_lavande):
        plan, noms = PlanReleve.objects.get(), set(Operation.objects.values_list("source", flat=True))
    assert plan.requete.endswith("-- fin\n") and len(noms) == 1 and plan.requete_sha256 in noms.pop()
    with connection.cursor() as curseur:
        curseur.execute(
            "UPDATE conservation_planreleve SET requete = 'SELECT id, vu FROM clients WHERE id > 1'"
        )
    assert "n'est plus celui dont le plan garde l'empreinte" in lancer(plan="Passages")[1]
    chemin.write_bytes(b"SELECT id, vu\r\nFROM clients\r\n")
    assert "fins de ligne Windows" in lancer(garder_plan="Autre", **voulu)[1]


def test_un_fichier_depose_ne_se_compte_qu_une_fois_et_jamais_hors_de_son_dossier(
    maison_lavande, prospection, tmp_path, settings
):
    depot, ailleurs = deposer(tmp_path, settings, maison_lavande), tmp_path / "ailleurs"
    settings.RELEVE_DOSSIER = ""
    ailleurs.mkdir()
    fichier = depot / "clients.csv"
    fichier.write_text(f"nom;vu\nCamille;{il_y_a(4)}\nClaude;{il_y_a(0)}\n")
    voulu = {"organisme": str(maison_lavande.pk), "duree": ["TR-001#1"], "colonne_date": "vu"}
    assert lancer(source=str(fichier), garder_plan="Export", **voulu)[1] == ""
    with dans(maison_lavande):
        assert PlanReleve.objects.get().adresse == "clients.csv"
    sortie, erreurs = lancer(tous_les_plans=True)
    assert "non relevé : ce plan lit un fichier" in sortie and erreurs == ""
    settings.RELEVE_DOSSIER = str(depot.parent)
    assert "est celui du relevé du" in lancer(tous_les_plans=True)[1]
    assert "est celui du relevé du" in lancer(plan="Export", fichier=str(fichier))[1]
    assert (
        lancer(plan="Export", fichier=str(fichier), au=timezone.localdate())[1] == ""
    )  # qui le dit en répond
    fichier.write_text(f"nom;vu\nClaude;{il_y_a(0)}\n")
    hier = timezone.now() - timedelta(days=1)
    os.utime(fichier, (hier.timestamp(), hier.timestamp()))
    assert lancer(tous_les_plans=True)[1] == ""
    with dans(maison_lavande):  # le relevé est du jour où le fichier a été écrit
        assert Operation.objects.latest("enregistre_le").date == timezone.localdate() - timedelta(days=1)
    (ailleurs / "clients.csv").write_text(f"nom;vu\nClaude;{il_y_a(1)}\n")
    fichier.unlink()
    fichier.symlink_to(ailleurs / "clients.csv")
    assert "n'est pas dans le dossier des extractions" in lancer(plan="Export")[1]
    assert lancer(plan="Export", fichier=str(ailleurs / "clients.csv"))[1] == ""
    (ailleurs / "autre.csv").write_text(f"nom;vu\nClaude;{il_y_a(1)}\n")
    assert "n'existe pas" in lancer(plan="Export", fichier=str(ailleurs / "absent" / "clients.csv"))[1]
    assert "c'est une autre source" in lancer(plan="Export", fichier=str(ailleurs / "autre.csv"))[1]


def test_un_plan_ne_lit_jamais_l_extraction_d_un_autre_organisme(maison_lavande, tmp_path, settings, dpo):
    autre = creer_organisme("Autre SARL")
    plan, sien = (creer_plan(o, creer_fiche(o)) for o in (maison_lavande, autre))
    chez_lui = deposer(tmp_path, settings, maison_lavande)
    extraire(chez_lui / "clients.csv", 1)
    extraire(chez_lui.parent / "clients.csv", 1)
    erreurs = lancer(tous_les_plans=True)[1]
    assert f"(RELEVE_DOSSIER/{autre.pk}/)" in erreurs and "1 plan à revoir" in erreurs
    assert (len(releves(maison_lavande)), releves(autre)) == (1, [])
    (chez_lui.parent / str(autre.pk)).symlink_to(chez_lui)  # le dossier entier, par un lien
    assert "n'est pas dans le dossier" in lancer(plan=str(sien.pk))[1] and releves(autre) == []
    page = dpo.get(reverse("plan_de_releve", args=[plan.pk])).content.decode()
    assert f"RELEVE_DOSSIER/{maison_lavande.pk}/" in page


@pytest.mark.parametrize("designe", [True, False])
def test_un_contenu_deja_compte_ne_l_est_pas_de_nouveau_quel_que_soit_le_releve_qui_l_a_lu(
    maison_lavande, prospection, tmp_path, settings, designe
):
    """A compté à la main, puis par un plan A, B, A : chaque fois le même contenu, écrit aujourd'hui, dit aujourd'hui « Oui »."""
    depose = extraire(deposer(tmp_path, settings, maison_lavande) / "clients.csv", 1)
    en_janvier = {"source": str(depose), "colonne_date": "quand", "au": date(2026, 1, 15)}
    assert lancer(organisme=str(maison_lavande.pk), duree=["TR-001#1"], **en_janvier)[1] == ""
    creer_plan(maison_lavande, prospection)
    voulu = {"plan": "Clients", "fichier": str(depose)} if designe else {"tous_les_plans": True}
    assert "est celui du relevé du 15 janvier 2026" in lancer(**voulu)[1]
    extraire(depose, 1, lignes=2)
    assert lancer(**voulu)[1] == ""
    extraire(depose, 1)
    assert "est celui du relevé du 15 janvier 2026" in lancer(**voulu)[1]
    assert releves(maison_lavande) == [(1, 0, None), (2, 0, "Clients")]


@pytest.mark.parametrize("colonne", ["quand", "autre"])
def test_un_contenu_lu_autrement_se_compte_au_jour_ou_on_le_connait_deja(
    maison_lavande, tmp_path, settings, colonne
):
    """Une autre colonne, une autre durée : le plan compte ce que rien n'a compté, mais une copie du fichier ne le rajeunit pas."""
    fiche = creer_fiche(maison_lavande, conservations=[REGLE, COURTE])
    depose = deposer(tmp_path, settings, maison_lavande) / "clients.csv"
    depose.write_text(f"autre,quand\n{il_y_a(2)},{il_y_a(2)}\n")
    autre_duree = "TR-001#2" if colonne == "quand" else "TR-001#1"
    voulu = {"source": str(depose), "colonne_date": colonne, "au": date(2026, 1, 15)}
    assert lancer(organisme=str(maison_lavande.pk), duree=[autre_duree], **voulu)[1] == ""
    creer_plan(maison_lavande, fiche)
    assert lancer(tous_les_plans=True)[1] == ""
    with dans(maison_lavande):
        assert Operation.objects.get(plan__isnull=False).date == date(2026, 1, 15)


def test_un_plan_que_le_systeme_arrete_se_dit_et_n_arrete_pas_les_suivants(
    maison_lavande, prospection, tmp_path, settings, monkeypatch
):
    depot = deposer(tmp_path, settings, maison_lavande)
    (depot / "boucle.csv").symlink_to(depot / "boucle.csv")
    (depot / "dossier.csv").mkdir()
    with monkeypatch.context() as avant:  # un plan gardé avant que le nom trop long soit refusé
        avant.setattr(PlanReleve, "clean", lambda _: None)
        creer_plan(maison_lavande, prospection, nom="A long", adresse="é" * 200 + ".csv")
    for nom in ("boucle", "dossier"):
        creer_plan(maison_lavande, prospection, nom=f"B {nom}", adresse=f"{nom}.csv")
    creer_plan(maison_lavande, prospection, nom="C sain")
    extraire(depot / "clients.csv", 4)
    sortie, erreurs = lancer(tous_les_plans=True)
    assert "en retard : 1" in sortie and releves(maison_lavande) == [(1, 1, "C sain")]
    assert erreurs.count("n'est pas dans le dossier") == 3 and "3 plans à revoir" in erreurs
    assert "[1]" in erreurs and "Errno" not in erreurs
    for nom in ("A long", "B boucle", "B dossier"):
        with dans(maison_lavande):
            fichier = str(depot / PlanReleve.objects.get(nom=nom).adresse)
        assert "Ce fichier n'existe pas" in lancer(plan=nom, fichier=fichier)[1]


def test_une_erreur_imprevue_d_un_plan_n_arrete_pas_les_suivants(
    maison_lavande, prospection, tmp_path, settings, monkeypatch
):
    extraire(deposer(tmp_path, settings, maison_lavande) / "clients.csv", 4)
    for nom in ("A", "B"):
        creer_plan(maison_lavande, prospection, nom=nom)
    vrai = plans_de_la_commande.examens_du_plan

    def tombe(plan, le):
        if plan.nom == "A":
            raise KeyError("secret")
        return vrai(plan, le)

    monkeypatch.setattr(plans_de_la_commande, "examens_du_plan", tombe)
    erreurs = lancer(tous_les_plans=True)[1]
    assert "A : une erreur imprévue l'a arrêté" in erreurs and "secret" not in erreurs
    assert "1 plan à revoir" in erreurs and releves(maison_lavande) == [(1, 1, "B")]


@pytest.mark.parametrize(
    ("options", "phrase"),
    [
        ({"plan": "Clients", "source": "x.csv", "fichier": "x.csv"}, "Un plan dit lui-même ce qu'il lit"),
        ({"plan": "Clients", "table": "autres"}, "Un plan dit lui-même ce qu'il lit"),
        ({"tous_les_plans": True, "source": "x.csv"}, "Donnez --plan"),
        ({"plan": "Clients", "tous_les_plans": True}, "Donnez --plan"),
        ({"tous_les_plans": True, "fichier": "x.csv"}, "Donnez --plan"),
        ({"plan": "Clients", "au": date(2099, 1, 1)}, "cette date est à venir"),
        ({}, "Donnez --source, ou --plan"),
        ({"source": "x.csv", "identifiants": "SECRET_KEY"}, "--identifiants s'écrit RELEVE"),
    ],
)
def test_un_mauvais_usage_sort_en_2_et_un_plan_inconnu_en_1(garde, options, phrase):
    erreurs = lancer(**options)[1]
    assert phrase in erreurs and "[2]" in erreurs
    assert "Aucun plan de relevé" in (inconnu := lancer(plan="Inconnu")[1]) and "[1]" in inconnu


def test_redire_la_source_et_la_duree_du_plan_n_y_change_rien_en_dire_d_autres_se_refuse(
    maison_lavande, garde, tmp_path
):
    siennes = {
        "plan": "Clients",
        "source": garde.adresse,
        "duree": ["TR-001#1"],
        "organisme": str(maison_lavande.pk),
    }
    assert lancer(**siennes)[1] == ""
    assert "pas cette source" in lancer(**{**siennes, "source": f"sqlite:///{tmp_path}/autre.db"})[1]
    creer_fiche(maison_lavande, reference="TR-002")
    assert "ne compte pas ces durées" in lancer(**{**siennes, "duree": ["TR-002#1"]})[1]


def test_un_plan_ne_lit_que_le_genre_de_source_qu_il_dit(maison_lavande, prospection, tmp_path):
    creer_plan(maison_lavande, prospection, nom="Classeur", adresse="clients.xlsx", table="clients")
    adresse = base(tmp_path / "clients.xlsx", il_y_a(1))
    assert "un autre genre de source : Base SQLite" in lancer(plan="Classeur", fichier=adresse)[1]
    extraire(tmp_path / "clients.csv", 1)
    creer_plan(
        maison_lavande, prospection, nom="Base", genre="sqlite", adresse=f"{tmp_path}/clients.csv", table="t"
    )
    assert "un autre genre de source : Fichier" in lancer(plan="Base")[1]
    assert releves(maison_lavande) == []


def test_un_nom_de_fichier_de_255_octets_se_garde_et_un_plan_d_avant_s_arrete(
    maison_lavande, prospection, monkeypatch
):
    juste = creer_plan(maison_lavande, prospection, nom="Juste", adresse="é" * 125 + "x.csv")
    with monkeypatch.context() as avant:  # un plan gardé avant que ce nom soit refusé
        avant.setattr(PlanReleve, "clean", lambda _: None)
        ancien = creer_plan(maison_lavande, prospection, nom="Ancien", adresse="..")
    with dans(maison_lavande):
        for plan in (juste, ancien):
            assert not enregistrer(ag.PLAN_RELEVE, {"actif": False}, plan, auteur=AUTEUR).objet.actif


def test_un_nom_deja_pris_se_refuse_et_rien_n_est_consigne(maison_lavande, garde, tmp_path):
    voulu = {
        "organisme": str(maison_lavande.pk),
        "duree": ["TR-001#1"],
        "colonne_date": "vu",
        "table": "clients",
    }
    erreurs = lancer(source=f"sqlite:///{tmp_path}/boutique.db", garder_plan="Clients", **voulu)[1]
    assert "porte déjà ce nom" in erreurs and len(releves(maison_lavande)) == 1


def test_le_compte_d_un_plan_se_lit_dans_ses_variables_et_n_est_garde_nulle_part(
    maison_lavande, garde, monkeypatch
):
    """Un plan d'une base à compte : sans ses variables, il le dit ; avec, il se connecte par elles, et elles ne fuient pas."""
    with dans(maison_lavande):
        donnees = {
            "nom": "Serveur",
            "genre": "postgresql",
            "adresse": "postgresql://127.0.0.1:1/base",
            "identifiants": "RELEVE_BOUTIQUE",
            "table": "clients",
            "colonne": "vu",
            "durees_visees": garde.durees_visees,
        }
        neuf = PlanReleve(organisme=maison_lavande, traitement=garde.traitement)
        enregistrer(ag.PLAN_RELEVE, donnees, neuf, auteur=AUTEUR)
    monkeypatch.setenv("RELEVE_UTILISATEUR", "autre")
    assert "posez-les dans l'environnement" in lancer(plan="Serveur")[1]
    monkeypatch.setenv("RELEVE_BOUTIQUE_UTILISATEUR", "jean")
    monkeypatch.setenv("RELEVE_BOUTIQUE_MOT_DE_PASSE", SECRET)
    sortie, erreurs = lancer(plan="Serveur")
    assert "La base ne répond pas" in erreurs and SECRET not in sortie + erreurs
    with scopes_disabled():  # rien ne fuit, dans aucun organisme
        gardes = [*Entree.objects.values(), *PlanReleve.objects.values()]
    assert SECRET not in json.dumps(gardes, default=str)


@pytest.mark.parametrize(
    "donnees",
    [
        {"genre": "postgresql", "adresse": f"postgresql://jean:{SECRET}@h/base", "table": "t"},
        {"genre": "fichier", "adresse": "../etc/passwd.csv"},
        {"genre": "fichier", "adresse": "x.csv", "requete": "SELECT 1, 2"},
        {"genre": "postgresql", "adresse": "postgresql://h/base", "table": "t", "requete": "SELECT 1, 2"},
        {"genre": "postgresql", "adresse": "postgresql://h/base", "table": "t", "identifiants": "SECRET_KEY"},
        {"genre": "fichier", "adresse": "x.csv", "durees_visees": []},
        *(
            {"genre": "fichier", "adresse": nom}
            for nom in ("..", ".", "~", " ", "\u200b", "é" * 126 + ".csv")
        ),
    ],
)
def test_un_plan_ne_garde_ni_secret_ni_chemin_ni_un_nom_qu_aucun_fichier_ne_porte(
    maison_lavande, garde, donnees
):
    complet = {"nom": "Neuf", "colonne": "vu", "durees_visees": garde.durees_visees, **donnees}
    with dans(maison_lavande), pytest.raises(Refus) as refus:
        enregistrer(
            ag.PLAN_RELEVE,
            complet,
            PlanReleve(organisme=maison_lavande, traitement=garde.traitement),
            auteur=AUTEUR,
        )
    assert SECRET not in str(refus.value)
