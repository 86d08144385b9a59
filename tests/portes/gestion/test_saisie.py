"""La saisie d'une fiche par le formulaire : ce qu'un délégué tape, ce qui s'enregistre, ce qui ne se perd pas."""

import re

import pytest
from django.urls import reverse

from boutique import PROSPECTION, connecte, creer_fiche, creer_tiers, habiliter
from journal.models import Entree
from organismes.choix import Role
from organismes.models import Utilisateur
from organismes.portee import dans
from pages import champs, formulaire
from registre.fiche import agregat as ag
from traitements.models import Traitement

pytestmark = pytest.mark.django_db
AJOUT = "admin:traitements_traitement_add"
MODIF = "admin:traitements_traitement_change"
FICHE = {
    "reference": "TR-001",
    "intitule": "Gestion des clients",
    "qualite": "responsable",
    "statut": "brouillon",
    "finalites-1-numero": "1",
    "finalites-1-libelle": "Établir et exécuter les contrats",
    "finalites-1-type": "execution",
    "finalites-1-base_legale": "CONTRAT",
    "finalites-1-sous_finalites": "devis\ncommandes\n",
    "donnees-1-numero": "1",
    "donnees-1-categorie": "ETAT_CIVIL",
    "donnees-1-sources": ["DIRECTE"],
    "donnees-1-obligatoire": "true",
    "donnees-1-finalites": "1",
    "destinataires-1-numero": "1",
    "destinataires-1-type": "INTERNE",
    "destinataires-1-nom": "Service client",
    "transferts_hors_eee": "false",
    "profilage-niveau": "aucun",
}


def relire(organisme) -> dict:
    with dans(organisme):
        return ag.instantane_de(ag.FICHE, ag.FICHE.charger(Traitement.objects.all()).get())


def test_une_fiche_entiere_se_cree_d_un_seul_envoi(dpo, maison_lavande):
    avant = Entree.objects.count()
    reponse = dpo.post(reverse(AJOUT), {**FICHE, "relire": ""})
    lue = relire(maison_lavande)
    with dans(maison_lavande):
        assert reponse.url == reverse("fiche", args=[Traitement.objects.get().pk])
    assert lue["finalites"][0]["sous_finalites"] == ["devis", "commandes"]
    assert lue["donnees"][0]["sources"] == ["DIRECTE"]
    assert lue["donnees"][0]["obligatoire"] is True
    assert lue["donnees"][0]["finalites"] == [1]
    assert (lue["transferts_hors_eee"], lue["grande_echelle"]) == (False, None)
    assert lue["profilage"]["niveau"] == "aucun"
    assert (lue["cession"], lue["aipd"]) == (None, None)
    assert Entree.objects.count() == avant + 1


def test_rouvrir_et_renvoyer_la_page_ne_change_rien(dpo, maison_lavande):
    creer_tiers(maison_lavande, "Envoléo SAS")
    fiche = creer_fiche(
        maison_lavande,
        destinataires=[
            {"type": "SOUS_TRAITANT", "tiers": "Envoléo SAS", "pays": "FR", "categories": ["COORDONNEES"]}
        ],
        transferts=[
            {"destinataire_numero": 1, "pays": "US", "garantie": "ADEQUATION", "verifie_le": "2026-05-02"}
        ],
        information={"supports": ["formulaire", "page « vie privée »"], "mentions": ["identite"]},
        remarques="Première ligne\n\n  troisième, en retrait\n",
        aipd={"date": "2026-01-02"},
    )
    avant, entrees = relire(maison_lavande), Entree.objects.count()
    reponse = dpo.post(reverse(MODIF, args=[fiche.pk]), formulaire(dpo, fiche), follow=True)
    assert "rien n&#x27;a été enregistré" in reponse.content.decode()
    assert relire(maison_lavande) == avant
    assert Entree.objects.count() == entrees


def test_l_erreur_est_dite_au_champ_et_rien_de_tape_ne_se_perd(dpo, maison_lavande):
    envoi = {
        **FICHE,
        "intitule": "",
        "finalites-2-numero": "2",
        "finalites-2-justification": "Un texte long à ne pas perdre",
    }
    reponse = dpo.post(reverse(AJOUT), envoi)
    page = reponse.content.decode()
    assert reponse.status_code == 422
    assert "Rien n’est enregistré\N{NO-BREAK SPACE}: 2 points à reprendre" in page
    assert 'href="#id_finalites-2-libelle"' in page
    assert "Un texte long à ne pas perdre" in page
    assert "Établir et exécuter les contrats" in page
    with dans(maison_lavande):
        assert not Traitement.objects.exists()


@pytest.mark.parametrize(
    ("champ", "valeur", "message"),
    [
        ("date_creation", "31/31/2026", "date"),
        ("conservations-1-duree_valeur", "trois", "nombre entier"),
        ("donnees-1-finalites", "un, deux", "numéros séparés"),
        ("donnees-1-finalites", "7", "pas de finalité n° 7"),
        ("finalites-1-base_legale", "PARCE_QUE", "choix"),
        ("information-contact_droits", "x" * 400, "300"),
    ],
)
def test_une_saisie_absurde_est_expliquee_en_francais(dpo, maison_lavande, champ, valeur, message):
    envoi = {**FICHE, champ: valeur}
    if champ.startswith("conservations"):
        envoi["conservations-1-numero"] = "1"
    reponse = dpo.post(reverse(AJOUT), envoi)
    assert reponse.status_code == 422
    assert message in reponse.content.decode()


def test_le_second_redacteur_est_averti_garde_son_texte_et_voit_l_autre(
    dpo, contributeur, maison_lavande, prospection
):
    url = reverse(MODIF, args=[prospection.pk])
    de_claire, de_lea = formulaire(dpo, prospection), formulaire(contributeur, prospection)
    contributeur.post(url, {**de_lea, "service": "Service de Léa"})
    reponse = dpo.post(url, {**de_claire, "service": "Service de Claire", "volumes": "42 000 personnes"})
    page = reponse.content.decode()
    assert reponse.status_code == 409
    assert "Cette page a changé pendant votre saisie" in page
    assert "Léa Fontaine" in page
    assert "Service de Léa" in page
    assert "42 000 personnes" in page
    assert relire(maison_lavande)["service"] == "Service de Léa"
    second = dpo.post(url, champs(page))
    assert second.status_code == 302
    assert relire(maison_lavande)["service"] == "Service de Claire"


def test_un_jeton_forge_ou_d_une_autre_fiche_est_un_conflit(dpo, maison_lavande, prospection):
    autre = creer_fiche(maison_lavande, reference="TR-009", intitule="Autre fiche")
    envoi = formulaire(dpo, prospection)
    for jeton in ("", "forgé", formulaire(dpo, autre)["jeton"]):
        reponse = dpo.post(
            reverse(MODIF, args=[prospection.pk]), {**envoi, "service": "En douce", "jeton": jeton}
        )
        assert reponse.status_code == 409


def test_la_ligne_ajoutee_par_l_autre_survit_a_mon_conflit(dpo, contributeur, maison_lavande, prospection):
    """On ne renvoie que ce que l'on voit ; la page du conflit remontre alors mon texte, et l'autre se lit au-dessus."""
    url = reverse(MODIF, args=[prospection.pk])
    de_claire = formulaire(dpo, prospection)
    ajout = {"personnes-2-numero": "2", "personnes-2-categorie": "CLIENTS"}
    contributeur.post(url, {**formulaire(contributeur, prospection), **ajout})
    page = dpo.post(url, {**de_claire, "service": "Autre"}).content.decode()
    assert "Catégorie de personnes 2" in page


@pytest.mark.parametrize("role", ["contributeur", "dpo"])
def test_l_etat_ne_se_decide_pas_dans_la_saisie(request, role, maison_lavande, prospection):
    """Le délégué valide sur la page d'état, constats sous les yeux."""
    personne = request.getfixturevalue(role)
    envoi = formulaire(personne, prospection)
    assert "statut" not in envoi
    personne.post(reverse(MODIF, args=[prospection.pk]), {**envoi, "statut": "validee", "service": "Neuf"})
    assert (relire(maison_lavande)["statut"], relire(maison_lavande)["service"]) == ("brouillon", "Neuf")


def test_retirer_un_bloc_le_retire_de_la_fiche(dpo, maison_lavande, prospection):
    envoi = {c: v for c, v in formulaire(dpo, prospection).items() if not c.startswith("personnes-1-")}
    dpo.post(reverse(MODIF, args=[prospection.pk]), envoi)
    assert relire(maison_lavande)["personnes"] == []


def test_sans_javascript_on_retire_par_la_case_et_on_ajoute_par_le_bouton(dpo, maison_lavande, prospection):
    url = reverse(MODIF, args=[prospection.pk])
    page = dpo.post(
        url, {**formulaire(dpo, prospection), "service": "Gardé", "ajouter": "finalites"}
    ).content.decode()
    assert 'name="finalites-2-numero"' in page
    assert "Gardé" in page
    assert relire(maison_lavande)["service"] == PROSPECTION["service"]
    dpo.post(
        url, {**champs(page), "finalites-2-libelle": "Une seconde finalité", "personnes-1-retirer": "on"}
    )
    lue = relire(maison_lavande)
    assert [f["numero"] for f in lue["finalites"]] == [1, 2]
    assert lue["personnes"] == []


def test_aucune_base_legale_n_est_choisie_d_avance(dpo, maison_lavande):
    envoi = champs(dpo.get(reverse(AJOUT)).content.decode())
    assert envoi["qualite"] == ""
    assert {c: v for c, v in envoi.items() if v not in ("", [""])}.keys() <= {
        "reference",
        "csrfmiddlewaretoken",
        "envoi",
        "jeton",
    }
    gabarit = re.search(
        r'name="finalites-__n__-base_legale".*?</select>', dpo.get(reverse(AJOUT)).content.decode(), re.S
    )
    assert "selected" not in gabarit[0].replace('value="" selected', "")


def test_la_reference_proposee_suit_la_derniere(dpo, maison_lavande):
    creer_fiche(maison_lavande, reference="TR-014")
    assert champs(dpo.get(reverse(AJOUT)).content.decode())["reference"] == "TR-015"
    second = dpo.get(reverse(AJOUT) + "?registre=sous-traitant").content.decode()
    assert champs(second)["reference"] == "ST-001"
    assert "Ajouter un client" in second
    assert "Ajouter une finalité" not in second


def test_enregistrer_ne_touche_pas_ce_que_le_formulaire_ne_montre_pas(dpo, maison_lavande):
    fiche = creer_fiche(
        maison_lavande, qualite="sous-traitant", reprise=[{"libelle": "x", "valeur": "gardé"}]
    )
    envoi = formulaire(dpo, fiche)
    assert "finalites-1-libelle" not in envoi
    dpo.post(reverse(MODIF, args=[fiche.pk]), {**envoi, "service": "Neuf"})
    lue = relire(maison_lavande)
    assert lue["service"] == "Neuf"
    assert lue["finalites"][0]["libelle"] == PROSPECTION["finalites"][0]["libelle"]
    assert lue["reprise"] == [{"libelle": "x", "valeur": "gardé"}]


def test_ouvrir_une_fiche_longue_ne_coute_pas_plus_de_requetes(
    dpo, maison_lavande, django_assert_max_num_queries
):
    courte = creer_fiche(maison_lavande)
    longue = creer_fiche(
        maison_lavande, reference="TR-002", finalites=[{"libelle": f"Finalité n° {n}"} for n in range(25)]
    )
    dpo.get(reverse(MODIF, args=[courte.pk]))
    with django_assert_max_num_queries(60) as peu:
        dpo.get(reverse(MODIF, args=[courte.pk]))
    with django_assert_max_num_queries(len(peu)):
        dpo.get(reverse(MODIF, args=[longue.pk]))


def test_un_tiers_s_inscrit_se_modifie_et_ne_se_supprime_que_si_rien_ne_le_cite(dpo, maison_lavande):
    dpo.post(
        reverse("admin:organismes_tiers_add"),
        {"nom": "Envoléo SAS", "qualites": ["sous-traitant"], "contrat_art28": "true"},
    )
    with dans(maison_lavande):
        tiers = ag.Tiers.objects.get()
    creer_fiche(maison_lavande, destinataires=[{"type": "SOUS_TRAITANT", "tiers": "Envoléo SAS"}])
    refus = dpo.post(reverse("admin:organismes_tiers_delete", args=[tiers.pk]), follow=True).content.decode()
    assert "cité par\N{NO-BREAK SPACE}: la fiche TR-001" in refus
    doublon = dpo.post(reverse("admin:organismes_tiers_add"), {"nom": "Envoléo SAS"})
    assert "Un tiers porte déjà ce nom." in doublon.content.decode()


def test_un_tiers_que_rien_ne_cite_se_supprime_et_le_journal_le_garde(dpo, maison_lavande):
    tiers = creer_tiers(maison_lavande, "De passage")
    dpo.post(reverse("admin:organismes_tiers_delete", args=[tiers.pk]))
    with dans(maison_lavande):
        assert not ag.Tiers.objects.exists()
    assert Entree.objects.order_by("-seq").first().action == "suppression"


def test_le_delegue_modifie_l_identite_et_les_mesures_de_son_organisme(dpo, maison_lavande):
    url = reverse("admin:organismes_organisme_change", args=[maison_lavande.pk])
    envoi = champs(dpo.get(url).content.decode())
    dpo.post(url, {**envoi, "dpo_nom": "Claire Morel", "mesures-1-numero": "1", "mesures-1-fiche": "SEC17"})
    with dans(maison_lavande):
        maison_lavande.refresh_from_db()
        assert maison_lavande.mesures.get().fiche_id == "SEC17"
    assert maison_lavande.dpo_nom == "Claire Morel"


def test_donner_un_lien_ne_jette_pas_ce_qui_vient_d_etre_change(administrateur, dpo):
    claire = Utilisateur.objects.get(courriel="claire@lavande.example")
    url = reverse("admin:organismes_utilisateur_change", args=[claire.pk])
    envoi = champs(administrateur.get(url).content.decode()) | {"lien": ""}
    refus = administrateur.post(url, envoi | {"nom": "Claire Morel-Roux"})
    assert refus.status_code == 422
    assert "enregistrez-le d’abord" in refus.content.decode()
    assert champs(refus.content.decode())["nom"] == "Claire Morel-Roux"
    assert not Entree.objects.filter(action="lien").exists()
    assert "/compte/password/reset/key/" in administrateur.post(url, envoi).content.decode()


def test_l_administrateur_ouvre_un_compte_par_un_lien_qui_ne_sert_qu_une_fois(
    administrateur, client, maison_lavande
):
    page = administrateur.post(
        reverse("admin:organismes_utilisateur_add"),
        {"nom": "Inès Duval", "courriel": "Ines@DPO.example", "is_active": "on"},
    ).content.decode()
    lien = re.search(r'value="http://testserver(/compte/password/reset/key/[^"]+)"', page)[1]
    etape = client.get(lien, follow=True)
    cible = etape.redirect_chain[-1][0]
    mot = "une phrase de passe bien à moi"
    client.post(cible, {"password1": mot, "password2": mot})
    assert client.login(email="ines@dpo.example", password=mot)
    client.logout()
    assert "ne vaut plus" in client.get(lien, follow=True).content.decode()


def test_l_administrateur_habilite_et_n_ouvre_aucune_fiche(administrateur, maison_lavande, prospection):
    personne = habiliter(maison_lavande, Role.AUDITEUR, "nouveau@lavande.example", "Nouveau")
    reponse = administrateur.post(
        reverse("admin:organismes_habilitation_add"),
        {
            "utilisateur": personne.pk,
            "organisme": maison_lavande.pk,
            "role": "dpo",
            "debut": "2026-02-01",
            "fin": "",
        },
    )
    assert reponse.status_code == 302
    assert connecte(personne).get(reverse(AJOUT)).status_code == 200
    assert administrateur.get(reverse("fiche", args=[prospection.pk])).status_code == 403
