"""Les plans de relevé dans le navigateur : gardés avec un relevé, refaits sur le fichier envoyé de nouveau, modifiés, arrêtés."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from boutique import PROSPECTION, creer_fiche, creer_operation
from conservation.models import Operation, PlanReleve
from organismes.portee import dans
from pages import champs, choix_de, en_lettres, relever
from registre.execution.tendances import tendances

pytestmark = pytest.mark.django_db
REGLE = PROSPECTION["conservations"][0]
UN_AN = {**REGLE, "numero": 2, "duree_valeur": 1, "objet": "profils"}
AILLEURS = {**REGLE, "numero": 3, "point_depart": "COLLECTE", "objet": "preuves"}


def csv(*jours, nom="clients.csv") -> SimpleUploadedFile:
    lignes = "".join(f"Camille {n};{jour};prospect\n" for n, jour in enumerate(jours))
    return SimpleUploadedFile(nom, f"nom;date_naissance;statut\n{lignes}".encode())


@pytest.fixture
def fiche(maison_lavande):
    return creer_fiche(maison_lavande, conservations=[REGLE, UN_AN, AILLEURS])


@pytest.fixture
def plan(dpo, fiche, maison_lavande):
    page = dpo.get(reverse("releve_nouveau") + f"?fiche={fiche.pk}&regle=1&regle=2").content.decode()
    envoi = champs(page) | {"au": "2026-11-24", "fichier": csv("2023-11-23", "2025-01-01", "2026-11-01")}
    assert envoi["regle"] == ["1", "2"]
    suite = dpo.post(reverse("releve_nouveau") + f"?fiche={fiche.pk}", envoi).content.decode()
    for dit in ("Chaque date limite aura son relevé", "`date_naissance`".strip("`"), "catégorie déclarée"):
        assert dit in suite
    envoi = champs(suite) | {"choix": choix_de(suite, "date_naissance"), "plan": " Clients "}
    reponse = dpo.post(reverse("releve_nouveau") + f"?fiche={fiche.pk}", envoi, follow=True)
    with dans(maison_lavande):
        garde = PlanReleve.objects.get()
        assert {tuple(o.regles): (o.en_retard, o.plan_id) for o in Operation.objects.all()} == {
            (1,): (1, garde.pk),
            (2,): (2, garde.pk),
        }
    assert reponse.redirect_chain[-1][0] == reverse("plan_de_releve", args=[garde.pk])
    return garde


def refaire(client, plan, fichier, **autres):
    envoi = {"fichier": fichier, "au": timezone.localdate().isoformat(), **autres}
    return client.post(reverse("plan_relever", args=[plan.pk]), envoi, follow=True)


def test_un_plan_se_garde_se_refait_et_montre_sa_tendance(dpo, auditeur, plan):
    page = en_lettres(refaire(dpo, plan, csv("2026-11-01", "", nom="clients (1).csv")).content.decode())
    assert "Aucune ligne au-delà du terme sur 2" in page and "1 ligne sans date lisible" in page
    assert page.count('role="img" aria-label="Au-delà du terme') == 2 and "sans date lisible" in page
    lue = auditeur.get(reverse("plan_de_releve", args=[plan.pk])).content.decode()
    assert "Modifier ou arrêter" not in lue and "Camille" not in lue
    assert "Clients" in auditeur.get(reverse("plans_de_releve")).content.decode()


@pytest.mark.parametrize(
    ("fichier", "phrase"),
    [
        (csv("2026-11-01", nom="autre.csv"), "c'est une autre source"),
        (
            SimpleUploadedFile("clients.csv", b"nom;vu\nCamille;2026-11-01\n"),
            "ne nomme aucune colonne « date_naissance »",
        ),
        (SimpleUploadedFile("clients.csv", b""), "vide"),
    ],
)
def test_un_autre_fichier_que_celui_du_plan_se_refuse(dpo, plan, maison_lavande, fichier, phrase):
    reponse = refaire(dpo, plan, fichier)
    assert reponse.status_code == 422 and phrase in en_lettres(reponse.content.decode())
    with dans(maison_lavande):
        assert Operation.objects.count() == 2


def test_un_plan_se_modifie_et_s_arrete_sans_changer_ce_qu_il_lit(dpo, plan, maison_lavande):
    url = reverse("plan_modifier", args=[plan.pk])
    envoi = champs(dpo.get(url).content.decode())
    assert envoi["regle"] == ["1", "2"]
    forge = {**envoi, "nom": "Clients de 2026", "regle": ["1"], "adresse": "/etc/passwd", "colonne": "autre"}
    assert dpo.post(url, forge).status_code == 302
    refus = dpo.post(url, {**envoi, "revision": "2", "regle": ["3"]})
    assert refus.status_code == 422 and "n'est plus celui que date la colonne" in refus.content.decode()
    perime = dpo.post(url, {**envoi, "nom": "Trop tard"})
    assert "Une autre personne vient de modifier ce plan" in perime.content.decode()
    arret = {**envoi, "nom": "Clients de 2026", "revision": "2", "regle": ["1"]}
    assert dpo.post(url, {k: v for k, v in arret.items() if k != "actif"}).status_code == 302
    with dans(maison_lavande):
        lu = PlanReleve.objects.get()
        assert (lu.nom, lu.actif, lu.adresse, lu.colonne) == (
            "Clients de 2026",
            False,
            "clients.csv",
            "date_naissance",
        )
        assert [v["numero"] for v in lu.durees_visees] == [1]
    assert "Ce plan est arrêté" in refaire(dpo, plan, csv("2026-11-01")).content.decode()


def test_une_page_ne_lit_ni_chemin_ni_adresse_d_une_base(dpo, plan, maison_lavande):
    """Un plan de base, que seule la commande garde, ne se relève pas de la page ; et rien d'envoyé n'y devient une adresse."""
    envoi = {
        "adresse": "/etc/passwd",
        "source": "postgresql://h/b",
        "fichier": "/etc/passwd",
        "au": "2026-11-24",
    }
    reponse = dpo.post(reverse("plan_relever", args=[plan.pk]), envoi)
    assert reponse.status_code == 422
    with dans(maison_lavande):
        assert Operation.objects.count() == 2


def test_un_releve_deja_signe_se_garde_pour_plan_et_se_lit_dans_sa_tendance(dpo, fiche, maison_lavande):
    lue = relever(dpo, fiche, csv("2023-11-23", "2026-11-01"), "date_naissance")
    assert "Garder ce plan…" in lue.content.decode()
    with dans(maison_lavande):
        releve = Operation.objects.get()
    url = reverse("plan_nouveau", args=[releve.pk])
    assert dpo.post(url, {"nom": ""}).status_code == 422
    page = dpo.post(url, {"nom": "Clients"}, follow=True).content.decode()
    assert "1 relevé" in page and reverse("operation", args=[releve.pk]) in page
    assert "porte déjà ce nom" in dpo.post(url, {"nom": "Clients"}).content.decode()
    with dans(maison_lavande):
        garde = PlanReleve.objects.get()
    refaire(dpo, garde, csv("2026-11-01"))
    assert "2 relevés" in dpo.get(reverse("plan_de_releve", args=[garde.pk])).content.decode()
    saisie = creer_operation(maison_lavande, fiche, "constat", preuve=b"", en_retard=0, source="clients.csv")
    refusee = dpo.post(reverse("plan_nouveau", args=[saisie.pk]), {"nom": "Autre"}, follow=True)
    assert "ne fait pas un plan à lui seul" in refusee.content.decode()


def test_un_releve_compte_puis_corrige_a_la_main_reste_dans_la_tendance(dpo, plan, fiche, maison_lavande):
    with dans(maison_lavande):
        compte = Operation.objects.get(en_retard=2)
    saisie = {"en_retard": 0, "examinees": 3, "sans_date": 0, "source": compte.source}
    creer_operation(
        maison_lavande, fiche, "constat", preuve=b"", corrige=compte, motif_correction="Erreur", **saisie
    )
    page = en_lettres(dpo.get(reverse("plan_de_releve", args=[plan.pk])).content.decode())
    assert "Aucun relevé encore" not in page and page.count(">corrigé</span>") == 1
    with dans(maison_lavande):
        dites = [t.phrase.replace("\xa0", " ") for t in tendances(plan)]
    assert sorted(dites) == [
        "Au-delà du terme : 1 ligne le 24 novembre 2026.",
        "Au-delà du terme : 2 lignes le 24 novembre 2026 (corrigé).",
    ]


def test_deux_departs_coches_ensemble_se_refusent(dpo, fiche):
    reponse = relever(dpo, fiche, csv("2026-01-01"), regle=["1", "3"])
    assert reponse.status_code == 422 and "ne courent pas du même départ" in reponse.content.decode()


def test_les_categories_trouvees_disent_ce_qui_est_examine_et_ce_qui_ne_l_est_pas(dpo, fiche):
    url = reverse("categories_trouvees", args=[fiche.pk])
    page = en_lettres(dpo.post(url, {"colonnes": "id;email;date_naissance;note;zzz"}).content.decode())
    for dit in (
        "Examiné : 5 noms de colonnes",
        "Non examiné : les valeurs, les autres tables",
        "<code>date_naissance</code>",
        "aucune catégorie déclarée",
        "À regarder : non déclarées",
        "Déclarées, et nommées",
        "Texte libre, non examiné",
    ):
        assert dit in page, dit
    assert dpo.post(url, {"colonnes": " ;; "}).status_code == 422
