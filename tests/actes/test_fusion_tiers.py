"""Réunir deux tiers : l'aperçu dit tout, la fusion se consigne partout, une fiche validée le reste."""

import html
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from boutique import AUTEUR, creer_fiche, creer_tiers
from droit.regles import Gravite
from journal.models import Entree
from organismes.models import Tiers
from organismes.portee import dans
from pages import champs
from registre.actes.fiches import enregistrer_fiche
from registre.actes.fusion_tiers import Perime
from registre.conformite.controle import Conformite
from registre.fiche import agregat as ag
from registre.fiche.codes import Codes
from registre.fiche.enregistrement import enregistrer
from registre.fiche.preuve import anomalies
from traitements.models import Traitement

pytestmark = [pytest.mark.django_db, pytest.mark.lent]


@pytest.fixture
def deux(maison_lavande):
    """« Mailwright Inc. », que deux fiches citent, et « Mailwright », sa seconde inscription."""
    garde = creer_tiers(
        maison_lavande,
        "Mailwright Inc.",
        qualites=["sous-traitant"],
        pays="BE",
        ville="Gand",
        contrat_art28=True,
    )
    absorbe = creer_tiers(
        maison_lavande,
        "Mailwright",
        qualites=["source"],
        pays="FR",
        contrat_art28=True,
        contrat_document="Contrat 2026-4",
    )
    creer_fiche(
        maison_lavande,
        statut="validee",
        destinataires=[
            {"numero": 1, "type": "SOUS_TRAITANT", "tiers": "Mailwright"},
            {"numero": 2, "type": "SOUS_TRAITANT", "tiers": "Mailwright Inc."},
        ],
    )
    creer_fiche(
        maison_lavande,
        reference="TR-002",
        intitule="Gestion des clients",
        qualite="conjoint",
        responsables_conjoints=[{"tiers": "Mailwright", "repartition": "Elle informe"}],
        destinataires=[],
    )
    return garde, absorbe


def apercu(client, garde, absorbe) -> str:
    return client.get(reverse("fusion_tiers", args=[absorbe.pk]), {"dans": garde.pk}).content.decode()


def confirmer(client, garde, absorbe, page=None, **champs):
    lu = re.search(r'name="lu"\s+value="(\w+)"', page or apercu(client, garde, absorbe))[1]
    donnees = {"dans": garde.pk, "lu": lu} | {f"champ-{nom}": v for nom, v in champs.items()}
    return client.post(reverse("fusion_tiers", args=[absorbe.pk]), donnees, follow=True)


def fiche(organisme, reference):
    with dans(organisme):
        return ag.FICHE.charger(Traitement.objects.filter(reference=reference)).get()


def relu(organisme, tiers) -> Tiers:
    with dans(organisme):
        return Tiers.objects.select_related("fusionne_dans", "parent").get(pk=tiers.pk)


def test_l_apercu_dit_quelles_fiches_et_quels_champs_changent_et_n_ecrit_rien(dpo, maison_lavande, deux):
    entrees = Entree.objects.count()
    lue = apercu(dpo, *deux)
    assert "Destinataire 1" in lue
    assert "Responsable conjoint 1" in lue
    assert "cite déjà « Mailwright Inc. »" in lue
    assert "Contrat 2026-4" in lue
    assert "les deux réunies" in lue
    assert 'name="champ-ville"' not in lue  # l'absorbé n'en dit rien : rien ne change
    assert Entree.objects.count() == entrees


def test_la_fusion_change_le_tiers_de_chaque_fiche_et_le_consigne(dpo, maison_lavande, deux):
    garde, absorbe = deux
    avant, entrees = fiche(maison_lavande, "TR-001"), Entree.objects.count()
    reponse = confirmer(dpo, garde, absorbe, contrat_document="absorbe", pays="garde")
    dit = "2\N{NO-BREAK SPACE}fiches qui citaient « Mailwright » citent désormais « Mailwright Inc. »."
    assert dit in html.unescape(reponse.content.decode())
    apres = fiche(maison_lavande, "TR-001")
    assert [d.tiers_id for d in apres.destinataires.all()] == [garde.pk, garde.pk]
    assert (apres.statut, apres.validee_le, apres.revision) == (
        "validee",
        avant.validee_le,
        avant.revision + 1,
    )
    assert fiche(maison_lavande, "TR-002").responsables_conjoints.all()[0].tiers_id == garde.pk
    reste = relu(maison_lavande, garde)
    assert (reste.contrat_document, reste.contrat_art28, reste.pays_id) == ("Contrat 2026-4", True, "BE")
    assert sorted(reste.qualites) == ["source", "sous-traitant"]
    parti = relu(maison_lavande, absorbe)
    assert (parti.actif, parti.fusionne_dans) == (False, reste)
    faites = Entree.objects.order_by("-seq")[: Entree.objects.count() - entrees]
    assert {(e.objet_type, e.action) for e in faites} == {("fiche", "fusion"), ("tiers", "fusion")}
    assert len(faites) == 4
    with scopes_disabled():
        assert list(anomalies()) == []


def test_le_tiers_fusionne_quitte_les_listes_et_se_retrouve_parmi_les_inactifs(dpo, maison_lavande, deux):
    garde, absorbe = deux
    confirmer(dpo, garde, absorbe)
    lue = dpo.get(reverse("tiers")).content.decode()
    assert lue.count('class="titre"') == 1
    assert "1 hors d’usage" in lue
    seul = dpo.get(reverse("tiers"), {"q": absorbe.nom}).content.decode()
    assert ("Seul un tiers hors d’usage répond" in seul) is ('class="titre"' not in seul)
    assert "fusionné dans Mailwright Inc." in dpo.get(reverse("tiers"), {"inactifs": "1"}).content.decode()
    saisie = dpo.get(
        reverse("admin:traitements_traitement_change", args=[fiche(maison_lavande, "TR-001").pk])
    ).content.decode()
    assert f'value="{absorbe.pk}"' not in saisie
    assert dpo.get(reverse("registre"), {"q": "mailwright inc"}).content.decode().count('class="titre"') == 2


def test_un_apercu_perime_ne_fusionne_rien(dpo, maison_lavande, deux):
    garde, absorbe = deux
    page = apercu(dpo, garde, absorbe)
    with dans(maison_lavande):
        enregistrer_fiche(
            {"service": "Ailleurs"},
            organisme=maison_lavande,
            auteur=AUTEUR,
            fiche=fiche(maison_lavande, "TR-002"),
        )
    reponse = confirmer(dpo, garde, absorbe, page)
    assert reponse.status_code == 409
    assert "Quelque chose a changé depuis votre lecture" in reponse.content.decode()
    assert relu(maison_lavande, absorbe).actif


def test_deux_envois_ne_fusionnent_qu_une_fois(dpo, maison_lavande, deux):
    page = apercu(dpo, *deux)
    confirmer(dpo, *deux, page)
    entrees = Entree.objects.count()
    assert confirmer(dpo, *deux, page).status_code == 422
    assert Entree.objects.count() == entrees


def test_une_fusion_qui_n_a_pas_de_sens_est_refusee_en_francais(dpo, maison_lavande, deux):
    garde, absorbe = deux
    meme = dpo.get(reverse("fusion_tiers", args=[garde.pk]), {"dans": garde.pk})
    assert "Un tiers ne se fusionne pas dans lui-même." in meme.content.decode()
    with dans(maison_lavande):
        enregistrer(ag.TIERS, {"actif": False}, garde, auteur=AUTEUR)
    assert "choisissez un tiers actif" in apercu(dpo, garde, absorbe).replace("&#x27;", "'")


def test_un_tiers_d_un_autre_organisme_n_existe_pas(dpo, autre_boutique, deux):
    voisin = creer_tiers(autre_boutique, "Tiers du voisin")
    garde, _ = deux
    assert dpo.get(reverse("fusion_tiers", args=[garde.pk]), {"dans": voisin.pk}).status_code == 404
    assert dpo.get(reverse("fusion_tiers", args=[voisin.pk]), {"dans": garde.pk}).status_code == 404
    assert dpo.post(reverse("fusion_tiers", args=[voisin.pk]), {"dans": garde.pk}).status_code == 404


def test_seul_le_delegue_fusionne(contributeur, deux):
    garde, absorbe = deux
    assert contributeur.get(reverse("fusion_tiers", args=[absorbe.pk])).status_code == 403
    assert (
        contributeur.post(reverse("fusion_tiers", args=[absorbe.pk]), {"dans": garde.pk}).status_code == 403
    )


@pytest.mark.parametrize(
    "sens", ["garde dépend d'absorbé", "absorbé dépend de garde", "par un intermédiaire"]
)
def test_les_sous_traitants_ulterieurs_suivent_sans_cercle(dpo, maison_lavande, deux, sens):
    garde, absorbe = deux
    milieu = creer_tiers(maison_lavande, "Relais")
    tete = creer_tiers(maison_lavande, "Tête")

    def sous(tiers, principal):
        with dans(maison_lavande):
            enregistrer(ag.TIERS, {"parent": str(principal.pk)}, tiers, auteur=AUTEUR)

    if sens == "garde dépend d'absorbé":
        sous(absorbe, tete), sous(garde, absorbe), sous(milieu, absorbe)
    elif sens == "absorbé dépend de garde":
        sous(garde, tete), sous(absorbe, garde), sous(milieu, absorbe)
    else:
        sous(absorbe, tete), sous(milieu, absorbe), sous(garde, milieu)
    assert confirmer(dpo, garde, absorbe).status_code == 200
    assert relu(maison_lavande, garde).parent == tete
    assert relu(maison_lavande, milieu).parent_id == garde.pk
    assert relu(maison_lavande, absorbe).fusionne_dans_id == garde.pk


def test_toute_cle_vers_un_tiers_est_reportee_par_la_fusion():
    """Une relation nouvelle vers un tiers fait échouer cet essai : la fusion doit la connaître."""
    connues = {liste.modele for liste in ag.LISTES_DE_TIERS} | {Tiers}
    assert {r.related_model for r in Tiers._meta.related_objects} == connues


# --- En usage ou non ------------------------------------------------------------------------------------------------------
def test_un_tiers_inactif_reste_lisible_la_ou_une_fiche_le_cite(dpo, maison_lavande):
    tiers = creer_tiers(maison_lavande, "Ancien routeur")
    citee = creer_fiche(maison_lavande, destinataires=[{"type": "SOUS_TRAITANT", "tiers": "Ancien routeur"}])
    neuve = creer_fiche(maison_lavande, reference="TR-002", intitule="Autre")
    page = dpo.get(reverse("admin:organismes_tiers_change", args=[tiers.pk])).content.decode()
    assert re.search(r'name="actif" value="true"[^>]*checked', page)
    assert 'name="actif" value=""' not in page
    dpo.post(reverse("admin:organismes_tiers_change", args=[tiers.pk]), {**champs(page), "actif": "false"})
    assert not relu(maison_lavande, tiers).actif
    assert "Ancien routeur" in dpo.get(reverse("fiche", args=[citee.pk])).content.decode()
    saisie = dpo.get(reverse("admin:traitements_traitement_change", args=[citee.pk])).content.decode()
    assert "Ancien routeur (inactif)" in saisie
    assert (
        "Ancien routeur"
        not in dpo.get(reverse("admin:traitements_traitement_change", args=[neuve.pk])).content.decode()
    )


def test_le_registre_exporte_se_reimporte_avec_ses_tiers_fusionnes(
    dpo, maison_lavande, autre_boutique, deux, tmp_path
):
    from registre.echanges.imports import json_registre
    from registre.echanges.imports.execution import importer

    confirmer(dpo, *deux)
    chemin = tmp_path / "registre.json"
    chemin.write_bytes(dpo.get(reverse("registre_json")).content)
    with dans(maison_lavande):
        bilan = importer(
            json_registre.lire(chemin), maison_lavande, auteur=AUTEUR, nom_fichier="r.json", sha256="0" * 64
        )
    assert (bilan.crees, bilan.modifies, bilan.refuses) == ([], [], [])
    with dans(autre_boutique):
        lot = json_registre.lire(chemin)
        lot.organisme.clear()
        bilan = importer(lot, autre_boutique, auteur=AUTEUR, nom_fichier="r.json", sha256="0" * 64)
        assert bilan.refuses == []
        assert Tiers.objects.get(nom="Mailwright").fusionne_dans.nom == "Mailwright Inc."


def test_l_api_ne_fusionne_ni_ne_defait_une_fusion(dpo, maison_lavande, deux):
    garde, absorbe = deux
    confirmer(dpo, garde, absorbe)
    url = reverse("api:tiers-detail", args=[absorbe.pk])
    envoi = {"content_type": "application/json", "HTTP_IF_MATCH": dpo.get(url)["ETag"]}
    defaite = dpo.patch(url, {"fusionne_dans": None}, **envoi)
    assert defaite.status_code == 400
    assert relu(maison_lavande, absorbe).fusionne_dans_id == garde.pk
    reactive = dpo.patch(url, {"actif": True}, **envoi)
    assert reactive.status_code == 400
    assert reactive.json()["erreurs"]["actif"] == ["Ce tiers a été fusionné dans « Mailwright Inc. »."]


def test_le_pays_la_date_et_le_contrat_que_seul_l_absorbe_dit_sont_gardes(dpo, maison_lavande):
    """La fiche, qui citait l'absorbé et son contrat, ne gagne pas de constat bloquant."""
    garde = creer_tiers(maison_lavande, "Rabat Appels", qualites=["sous-traitant"])
    absorbe = creer_tiers(
        maison_lavande,
        "Rabat Appels SARL",
        qualites=["sous-traitant"],
        pays="MA",
        contrat_art28=True,
        contrat_date="2026-03-02",
    )
    cite = [{"type": "SOUS_TRAITANT", "tiers": "Rabat Appels SARL"}]
    creer_fiche(maison_lavande, destinataires=cite)
    avant = _bloquants(maison_lavande)
    page = apercu(dpo, garde, absorbe)
    choisis = {nom: v[0] for nom, v in champs(page).items() if nom.startswith("champ-")}
    assert choisis == {
        "champ-pays": "absorbe",
        "champ-contrat_art28": "absorbe",
        "champ-contrat_date": "absorbe",
    }
    confirmer(dpo, garde, absorbe, page, **{nom.removeprefix("champ-"): v for nom, v in choisis.items()})
    reste = relu(maison_lavande, garde)
    assert (reste.pays_id, reste.contrat_art28, str(reste.contrat_date)) == ("MA", True, "2026-03-02")
    assert _bloquants(maison_lavande) <= avant


def _bloquants(organisme) -> set:
    with dans(organisme):
        lue = ag.instantane_de(ag.FICHE, fiche(organisme, "TR-001"))
        constats = Conformite(organisme, Codes()).bilan(lue, timezone.localdate()).constats
    return {(c.code, c.chemin) for c in constats if c.gravite == Gravite.BLOQUANT}


def test_aucun_tiers_a_garder_n_est_choisi_d_avance(dpo, deux):
    page = dpo.get(reverse("fusion_tiers", args=[deux[1].pk])).content.decode()
    assert '<option value="">Choisissez</option>' in page


def test_un_apercu_perime_se_remontre_dans_le_meme_sens(dpo, maison_lavande, deux):
    for garde, absorbe in (deux, deux[::-1]):
        reponse = dpo.post(reverse("fusion_tiers", args=[absorbe.pk]), {"dans": garde.pk, "lu": "vieux"})
        assert reponse.status_code == 409
        assert f'name="dans" value="{garde.pk}"' in reponse.content.decode()


def test_un_tiers_fusionne_ne_s_efface_pas(dpo, maison_lavande, deux):
    garde, absorbe = deux
    confirmer(dpo, garde, absorbe)
    for tiers in (garde, absorbe):
        dpo.post(reverse("admin:organismes_tiers_delete", args=[tiers.pk]))
        assert relu(maison_lavande, tiers).pk == tiers.pk
    page = dpo.get(reverse("admin:organismes_tiers_delete", args=[absorbe.pk]), follow=True).content.decode()
    assert "ne s’efface pas" in page
    assert reverse("admin:organismes_tiers_delete", args=[absorbe.pk]) not in page


def test_une_fusion_qui_echoue_entre_deux_lectures_se_dit_en_francais(dpo, maison_lavande, deux, monkeypatch):
    """Le tiers gardé quitte l'usage entre la lecture de la page et la relecture qui suit un aperçu périmé."""
    garde, absorbe = deux

    def perimer(*_, **__):
        with dans(maison_lavande):
            enregistrer(ag.TIERS, {"actif": False}, garde, auteur=AUTEUR)
        raise Perime

    monkeypatch.setattr("registre.portes.vues.fusion_tiers.fusionner", perimer)
    reponse = dpo.post(reverse("fusion_tiers", args=[absorbe.pk]), {"dans": garde.pk, "lu": "vieux"})
    assert reponse.status_code == 422
    assert "n’est plus en usage" in reponse.content.decode()


@pytest.mark.parametrize(
    ("citees", "dit"),
    [
        (0, "aucune fiche ne citait « Mailwright »."),
        (1, "1\N{NO-BREAK SPACE}fiche qui citait « Mailwright » cite désormais « Mailwright Inc. »."),
    ],
)
def test_ce_que_la_fusion_dit_ne_compte_que_les_fiches_qu_elle_touche(dpo, maison_lavande, citees, dit):
    """Une fiche qui citait déjà le tiers gardé n'est ni touchée ni comptée."""
    garde, absorbe = creer_tiers(maison_lavande, "Mailwright Inc."), creer_tiers(maison_lavande, "Mailwright")
    for rang, nom in enumerate(["Mailwright Inc.", *["Mailwright"] * citees], start=1):
        creer_fiche(
            maison_lavande,
            reference=f"TR-00{rang}",
            intitule=f"Activité {rang}",
            destinataires=[{"numero": 1, "type": "SOUS_TRAITANT", "tiers": nom}],
        )
    assert dit in html.unescape(confirmer(dpo, garde, absorbe).content.decode())


def test_l_apercu_ne_promet_pas_qu_une_fiche_validee_dira_la_meme_chose(dpo, deux):
    """Le pays et le contrat que la fiche montre sont ceux du tiers gardé : ici la Belgique, là la France."""
    lue = html.unescape(apercu(dpo, *deux))
    assert "sera ce que dit « Mailwright Inc. » : relisez-la si les deux différaient." in lue
