"""Ce que chacun lit : la fiche, le registre, le tableau de bord, l'histoire ; et ce qu'il en coûte à la base."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from boutique import AUTEUR, PROSPECTION, creer_fiche, creer_tiers
from organismes.portee import dans
from registre.actes.fiches import enregistrer_fiche

pytestmark = pytest.mark.django_db


def page(client, nom, *args, **criteres) -> str:
    reponse = client.get(reverse(nom, args=args), criteres)
    assert reponse.status_code == 200
    return reponse.content.decode()


def test_la_fiche_se_lit_en_phrases(auditeur, maison_lavande, prospection):
    lue = page(auditeur, "fiche", prospection.pk)
    assert "3 ans à compter du dernier contact émanant du prospect, puis suppression" in lue
    assert "Consentement de la personne concernée" in lue
    assert "Modifier" not in lue.split("<main")[1].split("</main>")[0]


def test_ce_qui_manque_se_dit_non_renseigne(auditeur, maison_lavande):
    fiche = creer_fiche(maison_lavande, finalites=[{"libelle": "Une finalité sans base"}])
    assert page(auditeur, "fiche", fiche.pk).count("non renseigné") > 10


def test_un_texte_tape_ne_devient_jamais_du_html(auditeur, maison_lavande):
    fiche = creer_fiche(maison_lavande, intitule="<DPO> & « <script>alert(1)</script> »")
    lue = page(auditeur, "fiche", fiche.pk)
    assert "<script>alert" not in lue
    assert "&lt;DPO&gt; &amp;" in lue


def test_ce_qui_est_rempli_hors_du_registre_se_lit_encore(auditeur, maison_lavande):
    fiche = creer_fiche(maison_lavande, qualite="sous-traitant")
    lue = page(auditeur, "fiche", fiche.pk)
    assert "Renseignements hors de ce registre" in lue
    assert "Proposer nos nouveautés à des non-clients" in lue


def test_le_contributeur_voit_le_bouton_modifier(contributeur, prospection):
    assert reverse("admin:traitements_traitement_change", args=[prospection.pk]) in page(
        contributeur, "fiche", prospection.pk
    )


@pytest.fixture
def trois_fiches(maison_lavande):
    sans_base = [{**PROSPECTION["finalites"][0], "base_legale": None}]
    creer_fiche(maison_lavande, finalites=sans_base)
    creer_fiche(
        maison_lavande,
        reference="TR-002",
        date_prochaine_revue="2026-12-31",
        intitule="Gestion des clients",
        famille="clients",
        service="Service client",
        statut="validee",
        finalites=[{"libelle": "Établir et exécuter les contrats", "base_legale": "CONTRAT"}],
    )
    creer_fiche(
        maison_lavande,
        reference="ST-001",
        intitule="Hébergement",
        famille="",
        qualite="sous-traitant",
        statut="archivee",
    )


@pytest.mark.parametrize(
    ("criteres", "attendues"),
    [
        ({}, {"TR-001", "TR-002"}),
        ({"q": "contrats exécuter"}, {"TR-002"}),
        ({"q": "introuvable"}, set()),
        ({"famille": "clients"}, {"TR-002"}),
        ({"service": "Service client"}, {"TR-002"}),
        ({"statut": "validee"}, {"TR-002"}),
        ({"statut": "archivee"}, {"ST-001"}),
        ({"statut": "tous"}, {"TR-001", "TR-002", "ST-001"}),
        ({"base": "CONTRAT"}, {"TR-002"}),
        ({"registre": "sous-traitant", "statut": "tous"}, {"ST-001"}),
        ({"regle": "REG-05"}, {"TR-001", "TR-002"}),
        ({"regle": "BAS-01"}, {"TR-001"}),
        ({"regle": "inconnue"}, set()),
        ({"gravite": "bloquant"}, {"TR-001"}),
        ({"revue": "2026-12-31"}, {"TR-002"}),
        ({"revue": "2026-12-30"}, set()),
        ({"revue": "pas une date"}, set()),
    ],
)
def test_le_registre_se_cherche_et_se_filtre(auditeur, trois_fiches, criteres, attendues):
    lue = page(auditeur, "registre", **criteres)
    assert {r for r in ("TR-001", "TR-002", "ST-001") if f">{r}<" in lue} == attendues


def test_le_registre_se_trie_dans_les_deux_sens(auditeur, trois_fiches):
    monte, descend = (page(auditeur, "registre", tri=t) for t in ("intitule", "-intitule"))
    assert monte.index(">TR-002<") < monte.index(">TR-001<")
    assert descend.index(">TR-001<") < descend.index(">TR-002<")
    assert page(auditeur, "registre", tri="mot_de_passe").index(">TR-001<")


def test_le_tableau_de_bord_compte_ce_que_ses_liens_montrent(dpo, trois_fiches):
    """Chaque compte s'ouvre sur sa liste, et la liste en a autant."""
    lue = page(dpo, "tableau")
    comptes = re.findall(r'\?regle=([A-Z]{3}-\d\d)">(\d+) fiches?<', lue)
    assert ("REG-05", "2") in comptes
    assert ("BAS-01", "1") in comptes
    for code, nombre in comptes:
        liste = page(dpo, "registre", regle=code)
        assert sum(f">{r}<" in liste for r in ("TR-001", "TR-002", "ST-001")) == int(nombre), code


def test_le_tableau_de_bord_montre_les_revues_du_mois(dpo, maison_lavande):
    demain, dans_deux_mois = (timezone.localdate() + timedelta(days=n) for n in (1, 60))
    creer_fiche(maison_lavande, intitule="À revoir demain", date_prochaine_revue=demain.isoformat())
    creer_fiche(
        maison_lavande,
        reference="TR-002",
        intitule="Plus tard",
        date_prochaine_revue=dans_deux_mois.isoformat(),
    )
    lue = page(dpo, "tableau")
    revues = lue[lue.index("<h2>Revues</h2>") : lue.index("Derniers changements")]
    assert "À revoir demain" in revues
    assert "Plus tard" not in revues


@pytest.mark.parametrize(("client", "dit"), [("dpo", "à faire"), ("direction", "prévues")])
def test_qui_ne_redige_pas_n_a_pas_de_revue_a_faire(client, dit, request, maison_lavande):
    demain = (timezone.localdate() + timedelta(days=1)).isoformat()
    for rang in range(1, 8):
        creer_fiche(
            maison_lavande, reference=f"TR-{rang:03}", intitule=f"Fiche {rang}", date_prochaine_revue=demain
        )
    lue = page(request.getfixturevalue(client), "tableau")
    assert f"Les 7 revues {dit}</a>" in lue
    assert f"revues {dit}<small" in lue  # la tuile le dit de même


def test_un_registre_vide_dit_par_ou_commencer(dpo, maison_lavande):
    assert "Ce registre est encore vide" in page(dpo, "registre")
    assert reverse("admin:traitements_traitement_add") in page(dpo, "registre")


def test_l_histoire_de_la_fiche_montre_l_avant_et_l_apres(auditeur, maison_lavande, prospection):
    with dans(maison_lavande):
        enregistrer_fiche(
            {"conservations": [{**PROSPECTION["conservations"][0], "duree_valeur": 4}]},
            organisme=maison_lavande,
            auteur=AUTEUR,
            fiche=prospection,
        )
    lue = page(auditeur, "historique", prospection.pk)
    assert "Durée 1, durée" in lue
    assert '<del class="multiligne">3</del>' in lue
    assert '<ins class="multiligne">4</ins>' in lue


def test_les_tiers_montrent_un_contrat_echu(auditeur, maison_lavande):
    creer_tiers(maison_lavande, "Ancien routeur", contrat_art28=True, contrat_fin="2025-01-31")
    assert "échu le 31 janvier 2025" in page(auditeur, "tiers")


def remplir(organisme, nombre: int) -> None:
    creer_tiers(organisme, "Envoléo SAS") if nombre else None
    for rang in range(nombre):
        creer_fiche(
            organisme,
            reference=f"TR-{rang + 100}",
            destinataires=[
                {"type": "SOUS_TRAITANT", "tiers": "Envoléo SAS"},
                {"type": "INTERNE", "nom": "Ventes"},
            ],
        )


@pytest.mark.parametrize("nom", ["tableau", "registre", "journal", "registre_json", "api:fiches-list"])
def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_fiches(
    nom, auditeur, maison_lavande, django_assert_max_num_queries
):
    """Constats compris : le cache est vidé avant chaque mesure."""
    remplir(maison_lavande, 3)
    auditeur.get(reverse(nom))
    cache.clear()
    with django_assert_max_num_queries(80) as peu:
        auditeur.get(reverse(nom))
    for rang in range(27):
        creer_fiche(
            maison_lavande,
            reference=f"TR-{rang + 200}",
            destinataires=[{"type": "SOUS_TRAITANT", "tiers": "Envoléo SAS"}],
        )
    cache.clear()
    with django_assert_max_num_queries(len(peu)):
        auditeur.get(reverse(nom))


def test_les_constats_du_registre_ne_se_recalculent_que_si_le_journal_bouge(
    auditeur, maison_lavande, prospection, django_assert_max_num_queries
):
    auditeur.get(reverse("tableau"))
    with django_assert_max_num_queries(16):
        auditeur.get(reverse("tableau"))
    avant = page(auditeur, "tableau")
    with dans(maison_lavande):
        sans_base = {"finalites": [{**PROSPECTION["finalites"][0], "base_legale": None}]}
        enregistrer_fiche(sans_base, organisme=maison_lavande, auteur=AUTEUR, fiche=prospection)
    assert "regle=BAS-01" not in avant
    assert "regle=BAS-01" in page(auditeur, "tableau")


def test_une_fiche_longue_ne_coute_pas_plus_de_requetes(
    auditeur, maison_lavande, django_assert_max_num_queries
):
    creer_tiers(maison_lavande, "Envoléo SAS")
    courte = creer_fiche(maison_lavande, destinataires=[{"type": "SOUS_TRAITANT", "tiers": "Envoléo SAS"}])
    longue = creer_fiche(
        maison_lavande,
        reference="TR-002",
        destinataires=[{"type": "SOUS_TRAITANT", "tiers": "Envoléo SAS"}] * 40,
        finalites=[{"libelle": f"Finalité numéro {n}"} for n in range(40)],
    )
    auditeur.get(reverse("fiche", args=[courte.pk]))
    with django_assert_max_num_queries(60) as peu:
        auditeur.get(reverse("fiche", args=[courte.pk]))
    with django_assert_max_num_queries(len(peu)):
        auditeur.get(reverse("fiche", args=[longue.pk]))
