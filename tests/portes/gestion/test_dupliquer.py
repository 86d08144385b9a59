"""Dupliquer une fiche : ce qui décrit se copie, à confirmer ; ce qui atteste reste sur l'original ; rien ne s'écrit avant « Enregistrer »."""

import pytest
from django.urls import reverse

from boutique import creer_fiche, creer_tiers
from journal.models import Entree
from organismes.portee import dans
from pages import champs, en_lettres
from registre.actes.copie import PROPRES
from registre.fiche import agregat as ag
from traitements.models import Traitement

pytestmark = pytest.mark.django_db


@pytest.fixture
def originale(maison_lavande) -> Traitement:
    creer_tiers(maison_lavande, "Mailwright Inc.", pays="US")
    return creer_fiche(
        maison_lavande,
        reference="TR-003",
        date_mise_en_oeuvre="2024-01-01",
        date_derniere_revue="2026-01-01",
        accord_art26="Accord du 3 mars",
        finalites=[
            {
                "libelle": "Fidéliser",
                "base_legale": "INTERET_LEGITIME",
                "interet_legitime": "Connaître nos clients",
                "balance_faite": True,
                "balance": "Note du 4 mai",
            }
        ],
        conservations=[
            {
                "categories": ["COORDONNEES"],
                "duree_valeur": 3,
                "duree_unite": "ans",
                "appliquee": "oui",
                "derniere_purge": "2026-05-02",
                "suspension_debut": "2026-06-01",
            }
        ],
        destinataires=[{"type": "SOUS_TRAITANT", "tiers": "Mailwright Inc.", "pays": "US"}],
        transferts_hors_eee=True,
        transferts=[{"destinataire_numero": 1, "pays": "US", "garantie": "CCT_COMMISSION", "tia": True}],
        aipd={"decision": "realisee", "date": "2026-01-02", "criteres": ["C1_EVALUATION"]},
        information={"supports": ["site"], "preuve": "Version du 2 mai"},
    )


def copier(fiche) -> str:
    return f"{reverse('admin:traitements_traitement_add')}?copie={fiche.pk}"


def lue(organisme, reference: str) -> dict:
    with dans(organisme):
        fiches = ag.FICHE.charger(Traitement.objects.filter(reference=reference))
        return ag.instantane_de(ag.FICHE, fiches.get())


def test_la_copie_s_ouvre_dans_le_formulaire_et_rien_ne_s_ecrit(dpo, maison_lavande, originale):
    assert copier(originale) in dpo.get(reverse("fiche", args=[originale.pk])).content.decode()
    entrees = Entree.objects.count()
    page = dpo.get(copier(originale)).content.decode()
    envoi = champs(page)
    assert "rien n'est encore enregistré" in en_lettres(page)
    assert "Copié de TR-003, à confirmer" in page
    assert (envoi["reference"], envoi["finalites-1-libelle"]) == ("TR-004", "Fidéliser")
    assert envoi["intitule"].endswith(" (copie)")
    assert Entree.objects.count() == entrees
    with dans(maison_lavande):
        assert Traitement.objects.count() == 1


def test_ce_qui_decrit_se_copie_a_confirmer_et_le_journal_dit_d_ou(dpo, maison_lavande, originale):
    dpo.post(copier(originale), champs(dpo.get(copier(originale)).content.decode()))
    copie = lue(maison_lavande, "TR-004")
    assert copie["statut"] == "brouillon"
    assert copie["finalites"][0]["interet_legitime"] == "Connaître nos clients"
    assert copie["conservations"][0]["duree_valeur"] == 3
    assert copie["transferts"][0]["destinataire_numero"] == 1
    assert copie["aipd"]["criteres"] == ["C1_EVALUATION"]
    assert {"finalites", "conservation", "destinataires", "transferts", "aipd"} <= set(copie["a_confirmer"])
    assert "suivi" not in copie["a_confirmer"]  # rien n'y est copié
    with dans(maison_lavande):
        pk = Traitement.objects.get(reference="TR-004").pk
    page = dpo.get(reverse("historique", args=[pk])).content.decode()
    assert "Dupliquée de TR-003" in page


def test_rien_de_ce_qui_atteste_ou_date_ne_se_copie(dpo, maison_lavande, originale):
    dpo.post(copier(originale), champs(dpo.get(copier(originale)).content.decode()))
    copie = lue(maison_lavande, "TR-004")
    for nom in PROPRES[""]:
        if nom not in ("statut", "a_confirmer", "date_maj"):
            assert not copie[nom], nom
    parties = {nom: copie[nom] for nom in PROPRES if nom and copie[nom]}
    assert {"finalites", "conservations", "transferts", "aipd", "information"} <= set(parties)
    for nom, partie in parties.items():
        for element in partie if isinstance(partie, list) else [partie]:
            assert not any(element[propre] for propre in PROPRES[nom]), nom


def test_les_champs_propres_a_l_original_existent():
    parties = {p.nom: set(p.champs) for p in (*ag.FICHE.listes, *ag.FICHE.volets)}
    racine = {*ag.FICHE.champs, *parties}
    assert set(PROPRES[""]) <= racine
    for nom, propres in PROPRES.items():
        assert not nom or set(propres) <= parties[nom], nom


def test_confirmer_une_rubrique_de_la_copie_ne_confirme_qu_elle(dpo, maison_lavande, originale):
    envoi = champs(dpo.get(copier(originale)).content.decode())
    dpo.post(copier(originale), envoi | {"confirmer": "finalites"})
    restent = lue(maison_lavande, "TR-004")["a_confirmer"]
    assert "finalites" not in restent
    assert "conservation" in restent


def test_une_fiche_du_sous_traitant_prend_une_reference_du_sous_traitant(dpo, maison_lavande):
    fiche = creer_fiche(maison_lavande, reference="ST-001", qualite="sous-traitant")
    assert champs(dpo.get(copier(fiche)).content.decode())["reference"] == "ST-002"


def test_un_intitule_au_plus_long_garde_la_place_du_suffixe(dpo, maison_lavande):
    fiche = creer_fiche(maison_lavande, intitule="x" * 200)
    intitule = champs(dpo.get(copier(fiche)).content.decode())["intitule"]
    assert (len(intitule), intitule[-8:]) == (200, " (copie)")


@pytest.mark.parametrize("identifiant", ["", "pas-un-identifiant", "00000000-0000-0000-0000-000000000000"])
def test_copier_ce_qui_n_existe_pas_est_introuvable(dpo, identifiant):
    adresse = f"{reverse('admin:traitements_traitement_add')}?copie={identifiant}"
    assert dpo.get(adresse).status_code == 404


def test_la_fiche_du_voisin_ne_se_copie_pas(dpo_voisin, originale):
    assert dpo_voisin.get(copier(originale)).status_code == 404


def test_qui_n_ecrit_pas_ne_duplique_pas(auditeur, originale):
    assert auditeur.get(copier(originale)).status_code == 403
    assert "Dupliquer" not in auditeur.get(reverse("fiche", args=[originale.pk])).content.decode()
