"""Inscrire un tiers depuis la ligne qui le cite : dans le même envoi, journalisé, ou rien du tout."""

import pytest
from django.urls import reverse

from boutique import AUTEUR, creer_tiers
from journal.models import Entree
from organismes.models import Pays, Tiers
from organismes.pliage import plier
from organismes.portee import dans
from pages import champs, en_lettres, formulaire
from registre.actes.fusion_tiers import apercu, fusionner
from registre.fiche import agregat as ag
from registre.fiche.codes import Codes
from registre.fiche.enregistrement import enregistrer
from traitements.models import Traitement

pytestmark = [pytest.mark.django_db, pytest.mark.lent]
NOUVEAU = {
    "destinataires-2-numero": "2",
    "destinataires-2-type": "SOUS_TRAITANT",
    "destinataires-2-precisions": "Envoi des lettres",
    "destinataires-2-inscrire-nom": "  Envoléo   SAS ",
    "destinataires-2-inscrire-pays": "belgique",
    "destinataires-2-inscrire-qualite": "sous-traitant",
}


def adresse(fiche) -> str:
    return reverse("admin:traitements_traitement_change", args=[fiche.pk])


def relire(organisme) -> dict:
    with dans(organisme):
        return ag.instantane_de(ag.FICHE, ag.FICHE.charger(Traitement.objects.all()).get())


def tiers(organisme) -> list[Tiers]:
    with dans(organisme):
        return list(Tiers.objects.all())


def test_le_tiers_et_la_fiche_s_ecrivent_du_meme_envoi(contributeur, maison_lavande, prospection):
    avant = Entree.objects.count()
    reponse = contributeur.post(adresse(prospection), formulaire(contributeur, prospection) | NOUVEAU)
    assert reponse.status_code == 302
    (inscrit,) = tiers(maison_lavande)
    assert (inscrit.nom, inscrit.pays_id, inscrit.qualites) == ("Envoléo SAS", "BE", ["sous-traitant"])
    assert relire(maison_lavande)["destinataires"][1]["tiers"] == str(inscrit.pk)
    entrees = Entree.objects.order_by("seq")[avant:]
    assert [(e.objet_type, e.auteur_nom) for e in entrees] == [
        ("tiers", "Léa Fontaine"),
        ("fiche", "Léa Fontaine"),
    ]


def test_une_fiche_refusee_n_inscrit_personne_et_garde_tout(dpo, maison_lavande, prospection):
    envoi = formulaire(dpo, prospection) | NOUVEAU | {"intitule": ""}
    reponse = dpo.post(adresse(prospection), envoi)
    lus = champs(reponse.content.decode())
    assert reponse.status_code == 422
    assert tiers(maison_lavande) == []
    assert {nom: lus[nom] for nom in NOUVEAU} == NOUVEAU
    reponse = dpo.post(adresse(prospection), lus | {"intitule": "Prospection"})
    assert [t.nom for t in tiers(maison_lavande)] == ["Envoléo SAS"]


@pytest.mark.parametrize("nom", ["Envoléo SAS", "ENVOLÉO sas", " envoléo  sas "])
def test_un_nom_deja_inscrit_se_choisit_d_un_bouton(dpo, maison_lavande, prospection, nom):
    connu = creer_tiers(maison_lavande, "Envoléo SAS")
    envoi = formulaire(dpo, prospection) | NOUVEAU | {"destinataires-2-inscrire-nom": nom}
    reponse = dpo.post(adresse(prospection), envoi)
    page = en_lettres(reponse.content.decode())
    assert reponse.status_code == 422
    assert "« Envoléo SAS » existe déjà : le choisir ?" in page
    choix = f"destinataires-2:{connu.pk}"
    assert f'value="{choix}"' in page
    reponse = dpo.post(adresse(prospection), champs(reponse.content.decode()) | {"choisir_tiers": choix})
    lus = champs(reponse.content.decode())
    assert (lus["destinataires-2-tiers"], lus["destinataires-2-inscrire-nom"]) == (str(connu.pk), "")
    assert lus["destinataires-2-precisions"] == "Envoi des lettres"
    assert dpo.post(adresse(prospection), lus).status_code == 302
    assert relire(maison_lavande)["destinataires"][1]["tiers"] == str(connu.pk)
    assert len(tiers(maison_lavande)) == 1


def test_un_nom_hors_d_usage_ne_se_propose_pas_au_choix(dpo, maison_lavande, prospection):
    """Le choisir serait refusé : la page dit où le remettre en usage."""
    creer_tiers(maison_lavande, "Envoléo SAS", actif=False)
    reponse = dpo.post(adresse(prospection), formulaire(dpo, prospection) | NOUVEAU)
    page = en_lettres(reponse.content.decode())
    assert reponse.status_code == 422
    assert "« Envoléo SAS » existe, hors d'usage : remettez-le en usage dans sa page." in page
    assert 'name="choisir_tiers"' not in page


@pytest.mark.parametrize(
    ("actif", "dit"),
    [
        (True, "« Envoléo SAS » est fusionné dans « Envoléo Groupe » : le choisir ?"),
        (
            False,
            "« Envoléo SAS » est fusionné dans « Envoléo Groupe », hors d'usage : remettez-le en usage dans sa page.",
        ),
    ],
)
def test_un_nom_fusionne_mene_au_tiers_garde(dpo, maison_lavande, prospection, actif, dit):
    garde = creer_tiers(maison_lavande, "Envoléo Groupe")
    milieu = creer_tiers(maison_lavande, "Envoléo")
    absorbe = creer_tiers(maison_lavande, "Envoléo SAS")
    with dans(maison_lavande):
        for parti, reste in ((absorbe, milieu), (milieu, garde)):
            vu = apercu(reste, parti)
            fusionner(reste, parti, prises=[], lu=vu.empreinte, auteur=AUTEUR)
        garde = Tiers.objects.get(pk=garde.pk)
        enregistrer(ag.TIERS, {"actif": actif}, garde, auteur=AUTEUR)
    reponse = dpo.post(adresse(prospection), formulaire(dpo, prospection) | NOUVEAU)
    page = en_lettres(reponse.content.decode())
    assert dit in page
    choix = f"destinataires-2:{garde.pk}"
    assert (f'value="{choix}"' in page) is actif
    if actif:
        lus = champs(
            dpo.post(
                adresse(prospection), champs(reponse.content.decode()) | {"choisir_tiers": choix}
            ).content.decode()
        )
        assert dpo.post(adresse(prospection), lus).status_code == 302
        assert relire(maison_lavande)["destinataires"][1]["tiers"] == str(garde.pk)


def test_un_pays_hors_d_usage_ne_s_inscrit_plus(dpo, maison_lavande, prospection):
    Pays.objects.filter(code="BE").update(actif=False)
    reponse = dpo.post(adresse(prospection), formulaire(dpo, prospection) | NOUVEAU)
    assert reponse.status_code == 422
    assert "Aucun pays ne s'appelle « belgique »" in en_lettres(reponse.content.decode())


def test_un_mot_ne_designe_qu_un_pays(db):
    """Par son nom, une autre graphie ou son code : deux pays ne se disent pas du même mot."""
    codes, dits = Codes(), {}
    for pays in Pays.objects.filter(actif=True):
        for mot in {plier(m) for m in (pays.libelle, pays.code, *pays.autres_noms)}:
            assert dits.setdefault(mot, pays.code) == pays.code, mot
            assert codes.pays(mot).code == pays.code


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"destinataires-2-inscrire-nom": ""}, "Donnez le nom du tiers à inscrire."),
        ({"destinataires-2-inscrire-pays": "Belgqiue"}, "Aucun pays ne s'appelle « Belgqiue »"),
        ({"destinataires-2-inscrire-nom": "x" * 301}, "300 caractères au plus"),
        ({"destinataires-2-inscrire-qualite": "pirate"}, "pirate"),
    ],
)
def test_ce_qui_ne_convient_pas_se_dit_dans_la_ligne(dpo, maison_lavande, prospection, change, message):
    reponse = dpo.post(adresse(prospection), formulaire(dpo, prospection) | NOUVEAU | change)
    page = en_lettres(reponse.content.decode())
    assert reponse.status_code == 422
    assert message in page
    assert "Destinataire 2, " in page
    assert "Envoi des lettres" in page
    assert tiers(maison_lavande) == []


def test_choisir_et_inscrire_a_la_fois_se_refuse(dpo, maison_lavande, prospection):
    connu = creer_tiers(maison_lavande, "Hébergis SAS")
    envoi = formulaire(dpo, prospection) | NOUVEAU | {"destinataires-2-tiers": str(connu.pk)}
    reponse = dpo.post(adresse(prospection), envoi)
    assert "pas les deux" in reponse.content.decode()
    assert len(tiers(maison_lavande)) == 1


def test_deux_lignes_nomment_le_meme_nouveau_tiers(dpo, maison_lavande, prospection):
    second = {cle.replace("-2-", "-3-"): v for cle, v in NOUVEAU.items()} | {"destinataires-3-numero": "3"}
    dpo.post(adresse(prospection), formulaire(dpo, prospection) | NOUVEAU | second)
    (inscrit,) = tiers(maison_lavande)
    assert [d["tiers"] for d in relire(maison_lavande)["destinataires"][1:]] == [str(inscrit.pk)] * 2


def test_un_responsable_conjoint_s_inscrit_avec_sa_qualite(dpo, maison_lavande, prospection):
    envoi = formulaire(dpo, prospection) | {
        "qualite": "conjoint",
        "responsables_conjoints-1-numero": "1",
        "responsables_conjoints-1-inscrire-nom": "Salon de Grasse",
    }
    assert dpo.post(adresse(prospection), envoi).status_code == 302
    assert [t.qualites for t in tiers(maison_lavande)] == [["responsable-conjoint"]]


def test_un_conflit_n_inscrit_personne_et_garde_le_nom_tape(dpo, contributeur, maison_lavande, prospection):
    envoi = formulaire(dpo, prospection) | NOUVEAU
    contributeur.post(adresse(prospection), formulaire(contributeur, prospection) | {"service": "Ventes"})
    reponse = dpo.post(adresse(prospection), envoi)
    assert reponse.status_code == 409
    assert tiers(maison_lavande) == []
    lus = champs(reponse.content.decode())
    assert lus["destinataires-2-inscrire-nom"].strip() == "Envoléo   SAS"
    assert dpo.post(adresse(prospection), lus).status_code == 302
    assert [t.nom for t in tiers(maison_lavande)] == ["Envoléo SAS"]
