"""Une durée se remplit comme une phrase : ses catégories, ses mots, les champs courants ; le reste se replie, sans jamais se perdre."""

import re
from dataclasses import replace

import pytest
from django.urls import reverse

from boutique import creer_fiche
from organismes.portee import dans
from pages import champs, en_lettres, formulaire
from registre.fiche import agregat as ag
from registre.fiche.listes import CONSERVATIONS
from registre.portes.gestion import disposition
from traitements.models import Traitement

pytestmark = pytest.mark.django_db
TROIS_ANS = {
    "categories": ["COORDONNEES"],
    "phase": "base_active",
    "duree_valeur": 3,
    "duree_unite": "ans",
    "point_depart": "DERNIER_CONTACT_PROSPECT",
    "ouverture_vaut_contact": False,
    "sort_final": "suppression",
    "regle_reference": "PROSPECT-3A",
    "source": "Référentiel CNIL 2021-131, § 7",
    "appliquee": "oui",
}
DONNEES = [
    {"categorie": c, "precisions": "x", "sources": ["DIRECTE"], "personnes": ["PROSPECTS"]}
    for c in ("COORDONNEES", "ETAT_CIVIL")
]
SAISIS = [c.nom for c in CONSERVATIONS.champs if CONSERVATIONS.modele._meta.get_field(c.nom).editable]


def adresse(fiche) -> str:
    return reverse("admin:traitements_traitement_change", args=[fiche.pk])


def bloc(page: str, numero: int = 1) -> str:
    """La ligne n° `numero`, telle que la page l'écrit."""
    debut = page.index(f'id="conservations-{numero}"')
    return page[debut : page.index("</section>", debut)]


def saisie(client, organisme, **duree) -> str:
    fiche = creer_fiche(organisme, donnees=DONNEES, conservations=[TROIS_ANS | duree])
    return bloc(client.get(adresse(fiche)).content.decode())


def repli(ligne: str) -> tuple[bool, str]:
    """Le repli est-il ouvert, et ce qu'il montre de lui-même."""
    ouvert, titre = re.search(
        r'<details class="large repli"( open)?><summary>(.*?)</summary>', ligne
    ).groups()
    return bool(ouvert), en_lettres(re.sub("<[^>]+>", "", titre))


def noms(html: str) -> list[str]:
    """Les champs qu'un morceau de page porte, dans l'ordre, chacun une fois."""
    return list(dict.fromkeys(re.findall(r'name="conservations-1-(\w+)"', html)))


def test_la_duree_se_lit_dans_l_ordre_d_une_phrase(dpo, maison_lavande):
    ligne = saisie(dpo, maison_lavande)
    phrase = ligne[ligne.index('class="large phrase"') : ligne.index('class="large courants"')]
    assert noms(phrase) == [
        "categories",
        "duree_valeur",
        "duree_unite",
        "point_depart",
        "sort_final",
        "critere",
    ]
    texte = re.sub(r"\s+", " ", en_lettres(re.sub(r"<select.*?</select>|<input[^>]*>|<[^>]+>", " ", phrase)))
    assert re.search("à compter de : Point de départ .* puis : Sort final .* ce critère : Critère", texte)


def test_chaque_champ_de_la_liste_a_sa_place_et_son_libelle(dpo, maison_lavande):
    ligne = saisie(dpo, maison_lavande)
    propres = [n for n in noms(ligne) if n not in ("numero", "retirer")]
    assert sorted(propres) == sorted(SAISIS)
    for nom in SAISIS:
        seul = f'for="id_conservations-1-{nom}"' in ligne
        assert (
            seul or f'<fieldset class="champ" id="id_conservations-1-{nom}"' in ligne or nom == "categories"
        ), nom
    assert re.search(
        r'id="id_conservations-1-categories"[^>]*><legend class="invisible">Catégories de données<', ligne
    )
    assert noms(ligne[ligne.index("repli") :])[:2] == ["point_depart_precisions", "regle_reference"]


def test_un_champ_que_personne_n_a_place_se_replie(dpo, maison_lavande, monkeypatch):
    modele = CONSERVATIONS.modele
    sans = replace(disposition.DUREE, courants=("phase",))
    monkeypatch.setitem(disposition.DISPOSITIONS, modele, sans)
    ligne = saisie(dpo, maison_lavande)
    assert {"objet", "appliquee", "derniere_purge", "technique"} <= set(noms(ligne[ligne.index("repli") :]))


@pytest.mark.parametrize(
    ("duree", "ouvert"),
    [
        ({}, False),
        ({"justification_ecart": "Usage du secteur"}, False),
        ({"texte_origine": "On garde 3 ans"}, False),
        ({"texte_origine": "On garde 3 ans", "duree_valeur": None, "duree_unite": ""}, True),
        ({"suspension_debut": "2026-03-01", "suspension_dossiers": "litige 114"}, True),
        ({"frequence_mois": 12}, False),
        ({"frequence_mois": 60}, True),  # RET-13 le cite : plus espacée que la durée
    ],
)
def test_le_repli_ne_s_ouvre_que_pour_ce_qui_est_a_voir(dpo, maison_lavande, duree, ouvert):
    est_ouvert, titre = repli(saisie(dpo, maison_lavande, **duree))
    assert est_ouvert is ouvert
    assert "durée de référence, source" in titre  # ce qu'il contient se dit, ouvert ou fermé


def test_une_erreur_dans_le_repli_l_ouvre(dpo, maison_lavande):
    fiche = creer_fiche(maison_lavande, donnees=DONNEES, conservations=[TROIS_ANS])
    envoi = formulaire(dpo, fiche) | {"conservations-1-echeance": "31/31/2026"}
    page = dpo.post(adresse(fiche), envoi).content.decode()
    assert repli(bloc(page))[0]
    assert 'href="#id_conservations-1-echeance"' in page


def test_les_donnees_de_la_fiche_se_choisissent_d_abord(dpo, maison_lavande):
    ligne = saisie(dpo, maison_lavande)
    choix, autres = ligne.index('<details class="choix">'), ligne.index('<details class="autres">')
    valeurs = re.findall(r'-categories" value="(\w+)"', ligne[choix:autres])
    assert sorted(valeurs) == ["COORDONNEES", "ETAT_CIVIL"]
    assert ligne.count('-categories" value="') == 36
    assert "Toutes les données de la fiche</b>" not in ligne
    hors = saisie_de(dpo, maison_lavande, "TR-002", categories=["COORDONNEES", "SANTE"])
    assert '<details class="autres" open>' in hors
    assert "Coordonnées ; Données concernant la santé</b>" in en_lettres(hors)
    assert "Toutes les données de la fiche</b>" in saisie_de(dpo, maison_lavande, "TR-003", categories=[])


def saisie_de(client, organisme, reference: str, **duree) -> str:
    fiche = creer_fiche(organisme, reference=reference, donnees=DONNEES, conservations=[TROIS_ANS | duree])
    return bloc(client.get(adresse(fiche)).content.decode())


def test_cocher_un_ensemble_l_enregistre_et_le_vider_vaut_toutes_les_donnees(dpo, maison_lavande):
    fiche = creer_fiche(maison_lavande, donnees=DONNEES, conservations=[TROIS_ANS])

    def relue() -> list[str]:
        with dans(maison_lavande):
            objet = ag.FICHE.charger(Traitement.objects.filter(pk=fiche.pk)).get()
            return ag.instantane_de(ag.FICHE, objet)["conservations"][0]["categories"]

    dpo.post(adresse(fiche), formulaire(dpo, fiche) | {"conservations-1-categories": ["SANTE", "ETAT_CIVIL"]})
    assert relue() == ["ETAT_CIVIL", "SANTE"]
    envoi = formulaire(dpo, fiche)
    del envoi["conservations-1-categories"]
    dpo.post(adresse(fiche), envoi)
    assert relue() == []


def test_une_ligne_neuve_ouvre_le_choix_de_ses_donnees(dpo, maison_lavande):
    fiche = creer_fiche(maison_lavande, donnees=DONNEES, conservations=[])
    page = dpo.post(adresse(fiche), formulaire(dpo, fiche) | {"ajouter": "conservations"}).content.decode()
    assert '<details class="choix" open>' in bloc(page)
    assert re.search(r'name="conservations-1-duree_valeur"[^>]* autofocus', bloc(page))
    assert "conservations-1-categories" not in champs(page)  # rien n'est coché d'avance


def test_une_ligne_fermee_dit_ce_qu_il_faudra_montrer(dpo, maison_lavande):
    lignes = [TROIS_ANS | {"objet": f"Lot {n}"} for n in range(1, 10)]
    lignes[4] |= {"suspension_debut": "2026-03-01", "suspension_dossiers": "litige 114"}
    fiche = creer_fiche(maison_lavande, donnees=DONNEES, conservations=lignes)
    page = dpo.get(adresse(fiche)).content.decode()
    assert re.findall(r'id="conservations-(\d)"[^>]* data-a-voir', page) == ["5"]
