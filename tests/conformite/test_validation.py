"""Valider une fiche : le délégué voit d'abord les constats ; ce qui bloque se corrige, ou s'écarte par écrit."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from boutique import AUTEUR, PROSPECTION, creer_fiche, creer_tiers
from journal.models import Entree
from organismes.portee import dans
from pages import texte_du_pdf
from registre.actes.fiches import enregistrer_fiche
from registre.fiche import agregat
from registre.fiche.enregistrement import Refus
from traitements.models import Traitement

pytestmark = pytest.mark.django_db
SANS_BASE = {"finalites": [{**PROSPECTION["finalites"][0], "base_legale": None}]}
RAISON = "Le contrat est en signature chez le prestataire ; retour prévu le 15 décembre."


def relire(organisme, fiche) -> dict:
    with dans(organisme):
        return agregat.instantane_de(
            agregat.FICHE, agregat.FICHE.charger(Traitement.objects.filter(pk=fiche.pk)).get()
        )


def page(client, nom, *args, **criteres) -> str:
    reponse = client.get(reverse(nom, args=args), criteres)
    assert reponse.status_code == 200, reponse.status_code
    return reponse.content.decode()


def changer(client, fiche, organisme, action, **autres):
    with dans(organisme):
        revision = Traitement.objects.get(pk=fiche.pk).revision
    return client.post(
        reverse("etat", args=[fiche.pk]), {"action": action, "version": revision, **autres}, follow=True
    )


def modifier(organisme, fiche, **donnees):
    with dans(organisme):
        fiche = Traitement.objects.get(pk=fiche.pk)
        return enregistrer_fiche(
            donnees, organisme=organisme, auteur=AUTEUR, fiche=fiche, valideur=True
        ).objet


def dans_un_mois() -> str:
    return (timezone.localdate() + timedelta(days=30)).isoformat()


# --- Valider -----------------------------------------------------------------------------------------------------------
def test_le_delegue_lit_les_constats_puis_valide(dpo, maison_lavande, prospection):
    vue = page(dpo, "etat", prospection.pk)
    assert "À lire avant de valider" in vue
    assert "REG-05" in vue
    refusee = changer(dpo, prospection, maison_lavande, "valider")
    assert "Dites d&#x27;abord que vous avez lu les constats" in refusee.content.decode()
    assert relire(maison_lavande, prospection)["statut"] == "brouillon"
    changer(dpo, prospection, maison_lavande, "valider", lus="oui")
    lue = relire(maison_lavande, prospection)
    assert (lue["statut"], lue["validee_le"]) == ("validee", timezone.localdate().isoformat())
    assert any(alerte.startswith("REG-05 · ") for alerte in lue["alertes_lues"])
    assert Entree.objects.order_by("-seq").first().action == "validation"


def test_un_constat_bloquant_empeche_de_valider_mais_pas_d_enregistrer(dpo, maison_lavande):
    fiche = creer_fiche(maison_lavande, **SANS_BASE)
    vue = page(dpo, "etat", fiche.pk)
    assert "Ce qui empêche de valider" in vue
    assert "BAS-01" in vue
    assert 'value="valider"' not in vue
    refusee = changer(dpo, fiche, maison_lavande, "valider", lus="oui")
    assert refusee.status_code == 422
    assert relire(maison_lavande, fiche)["statut"] == "brouillon"
    assert modifier(maison_lavande, fiche, volumes="environ 300").volumes == "environ 300"


def test_l_api_refuse_de_valider_au_meme_endroit_et_dit_pourquoi(dpo, maison_lavande):
    fiche = creer_fiche(maison_lavande, **SANS_BASE)
    reponse = dpo.patch(
        reverse("api:fiches-detail", args=[fiche.pk]),
        {"statut": "validee"},
        content_type="application/json",
        HTTP_IF_MATCH='"1"',
    )
    assert reponse.status_code == 400
    assert "BAS-01" in reponse.json()["erreurs"]["statut"][0]


def test_un_constat_bloquant_de_l_organisme_empeche_de_valider(dpo, maison_lavande, prospection):
    from organismes.models import Organisme
    from registre.fiche.enregistrement import enregistrer

    with dans(maison_lavande):
        organisme = Organisme.objects.get(pk=maison_lavande.pk)
        enregistrer(agregat.ORGANISME, {"adresse": ""}, organisme, auteur=AUTEUR)
    vue = page(dpo, "etat", prospection.pk)
    assert "Ce qui tient à l’organisme" in vue
    assert "REG-01" in vue
    changer(dpo, prospection, maison_lavande, "valider", lus="oui")
    assert relire(maison_lavande, prospection)["statut"] == "brouillon"


def test_une_fiche_qui_a_change_depuis_la_lecture_ne_se_valide_pas(dpo, maison_lavande, prospection):
    modifier(maison_lavande, prospection, volumes="environ 300")
    reponse = dpo.post(
        reverse("etat", args=[prospection.pk]), {"action": "valider", "version": 1, "lus": "oui"}
    )
    assert reponse.status_code == 409
    assert "a changé depuis votre lecture" in reponse.content.decode()
    assert relire(maison_lavande, prospection)["statut"] == "brouillon"


def test_rendre_fautive_une_fiche_validee_la_rouvre_sans_refuser_l_enregistrement(
    maison_lavande, prospection
):
    modifier(maison_lavande, prospection, statut="validee")
    change = modifier(maison_lavande, prospection, **SANS_BASE)
    assert (change.statut, change.validee_le, change.alertes_lues) == ("brouillon", None, [])
    assert change.finalites.get().base_legale_id is None


def test_une_fiche_validee_que_le_delegue_change_sans_faute_reste_validee(maison_lavande, prospection):
    modifier(maison_lavande, prospection, statut="validee")
    assert modifier(maison_lavande, prospection, volumes="environ 300").statut == "validee"


@pytest.mark.parametrize(
    ("actions", "etat"), [(["archiver"], "archivee"), (["archiver", "rouvrir"], "brouillon")]
)
def test_le_delegue_archive_et_rouvre(dpo, maison_lavande, prospection, actions, etat):
    for action in actions:
        changer(dpo, prospection, maison_lavande, action)
    assert relire(maison_lavande, prospection)["statut"] == etat


def test_une_fiche_archivee_n_est_plus_controlee(dpo, maison_lavande):
    fiche = creer_fiche(maison_lavande, **SANS_BASE)
    changer(dpo, fiche, maison_lavande, "archiver")
    assert "Une fiche archivée n’est plus contrôlée." in page(dpo, "fiche", fiche.pk)


# --- Écarts justifiés --------------------------------------------------------------------------------------------------
@pytest.fixture
def sans_contrat(maison_lavande):
    creer_tiers(maison_lavande, "Prestaflou SARL", pays="FR")
    destinataires = [{"numero": 1, "type": "SOUS_TRAITANT", "tiers": "Prestaflou SARL", "pays": "FR"}]
    return creer_fiche(maison_lavande, destinataires=destinataires)


def visee(regle="SST-01", chemin="destinataires[1].tiers") -> str:
    return f"?regle={regle}&chemin={chemin}"


def ecarter(client, fiche, fin=None, raison=RAISON, **cible):
    url = reverse("ecarter", args=[fiche.pk]) + visee(**cible)
    return client.post(url, {"raison": raison, "fin": fin or dans_un_mois()}, follow=True)


def test_le_delegue_ecarte_un_constat_par_ecrit_puis_valide(dpo, maison_lavande, sans_contrat):
    assert "Écarter…" in page(dpo, "fiche", sans_contrat.pk)
    ecarter(dpo, sans_contrat)
    vue = page(dpo, "fiche", sans_contrat.pk)
    assert "Écart justifié" in vue
    assert RAISON in vue
    (ecart,) = relire(maison_lavande, sans_contrat)["ecarts"]
    assert (ecart["regle"], ecart["pose_par"], ecart["fin"]) == ("SST-01", "Claire Morel", dans_un_mois())
    assert Entree.objects.order_by("-seq").first().action == "ecart"
    changer(dpo, sans_contrat, maison_lavande, "valider", lus="oui")
    assert relire(maison_lavande, sans_contrat)["statut"] == "validee"


def test_l_ecart_se_lit_dans_le_pdf_et_dans_controler(dpo, maison_lavande, sans_contrat):
    import json
    from io import BytesIO, StringIO

    from django.core.management import call_command
    from pypdf import PdfReader

    ecarter(dpo, sans_contrat)
    pdf = PdfReader(BytesIO(dpo.get(reverse("fiche_pdf", args=[sans_contrat.pk])).content))
    texte = texte_du_pdf(pdf.pages)
    assert "Écart justifié" in texte
    assert "Le contrat est en signature" in texte
    sortie = StringIO()
    call_command("controler", organisme=str(maison_lavande.pk), json=True, stdout=sortie)
    (ecarte,) = [c for c in json.loads(sortie.getvalue()) if c["code"] == "SST-01"]
    assert ecarte["ecart"]["raison"] == RAISON


def test_le_constat_revient_quand_les_faits_changent(dpo, maison_lavande, sans_contrat):
    ecarter(dpo, sans_contrat)
    changes = [{"numero": 1, "type": "SOUS_TRAITANT", "tiers": "Prestaflou SARL", "pays": "DE"}]
    modifier(maison_lavande, sans_contrat, destinataires=changes)
    assert "Lever l’écart" not in page(dpo, "fiche", sans_contrat.pk)
    assert "SST-01" in page(dpo, "etat", sans_contrat.pk)


def test_le_constat_revient_quand_le_terme_passe(dpo, maison_lavande, sans_contrat):
    from django.utils.timezone import localdate

    from registre.conformite.controle import Conformite

    ecarter(dpo, sans_contrat, fin=dans_un_mois())
    with dans(maison_lavande):
        canonique = relire(maison_lavande, sans_contrat)
        conformite = Conformite(maison_lavande)
        le_terme = localdate() + timedelta(days=30)
        assert "SST-01" not in {c.code for c in conformite.bilan(canonique, le_terme).constats}
        assert "SST-01" in {
            c.code for c in conformite.bilan(canonique, le_terme + timedelta(days=1)).constats
        }


def test_le_delegue_leve_un_ecart(dpo, maison_lavande, sans_contrat):
    ecarter(dpo, sans_contrat)
    dpo.post(reverse("lever_ecart", args=[sans_contrat.pk, 1]))
    assert relire(maison_lavande, sans_contrat)["ecarts"] == []
    assert Entree.objects.order_by("-seq").first().action == "ecart-leve"


@pytest.mark.parametrize(
    ("envoi", "message"),
    [
        ({"raison": "ok"}, "Écrivez une raison"),
        ({"fin": "2020-01-01"}, "Cette date est passée"),
        ({"raison": ""}, "obligatoire"),
        ({"raison": RAISON + "\x07"}, "caractère"),
    ],
)
def test_un_ecart_sans_vraie_raison_ni_terme_est_refuse_et_le_texte_reste(
    dpo, maison_lavande, sans_contrat, envoi, message
):
    reponse = ecarter(dpo, sans_contrat, **envoi)
    assert reponse.status_code == 422
    assert message in reponse.content.decode()
    assert relire(maison_lavande, sans_contrat)["ecarts"] == []


def test_un_bloquant_sans_choix_ne_s_ecarte_pas(dpo, maison_lavande):
    fiche = creer_fiche(maison_lavande, **SANS_BASE)
    assert "regle=BAS-01&amp;chemin=finalites%5B1%5D.base_legale" not in page(dpo, "fiche", fiche.pk)
    reponse = ecarter(dpo, fiche, regle="BAS-01", chemin="finalites[1].base_legale")
    assert "ne s&#x27;écarte pas" in reponse.content.decode()
    assert relire(maison_lavande, fiche)["ecarts"] == []


def test_un_constat_qui_n_existe_plus_ne_s_ecarte_pas(dpo, prospection):
    assert "plus lieu d&#x27;être" in ecarter(dpo, prospection).content.decode()


def test_un_contributeur_n_ecarte_rien_ni_par_la_page_ni_par_l_api(
    contributeur, maison_lavande, sans_contrat
):
    assert "Écarter…" not in page(contributeur, "fiche", sans_contrat.pk)
    assert ecarter(contributeur, sans_contrat).status_code == 403
    ecart = {
        "regle": "SST-01",
        "chemin": "destinataires[1].tiers",
        "constat": "x",
        "raison": RAISON,
        "pose_le": "2026-11-24",
        "fin": "2027-11-24",
        "faits": "0" * 64,
    }
    reponse = contributeur.patch(
        reverse("api:fiches-detail", args=[sans_contrat.pk]),
        {"ecarts": [ecart]},
        content_type="application/json",
        HTTP_IF_MATCH='"1"',
    )
    assert reponse.status_code == 400
    assert "Seul le délégué" in reponse.json()["erreurs"]["ecarts"][0]


def test_un_changement_du_contributeur_laisse_l_ecart_en_place(
    dpo, contributeur, maison_lavande, sans_contrat
):
    ecarter(dpo, sans_contrat)
    with dans(maison_lavande):
        fiche = Traitement.objects.get(pk=sans_contrat.pk)
        enregistrer_fiche({"volumes": "environ 300"}, organisme=maison_lavande, auteur=AUTEUR, fiche=fiche)
    assert len(relire(maison_lavande, sans_contrat)["ecarts"]) == 1


def test_un_ecart_qui_finit_avant_de_commencer_est_refuse_par_la_base_meme(maison_lavande, prospection):
    ecart = {
        "regle": "X",
        "chemin": "service",
        "constat": "x",
        "raison": RAISON,
        "faits": "0",
        "pose_le": "2026-11-24",
    }
    with pytest.raises(Refus, match="finir avant"):
        modifier(maison_lavande, prospection, ecarts=[{**ecart, "fin": "2026-11-23"}])


def test_un_registre_reimporte_garde_ses_ecarts(dpo, maison_lavande, sans_contrat, tmp_path):
    from io import StringIO

    from django.core.management import call_command

    from registre.conformite.controle import Conformite

    ecarter(dpo, sans_contrat)
    fichier = tmp_path / "registre.json"
    call_command(
        "exporter", organisme=str(maison_lavande.pk), format="json", sortie=str(fichier), stdout=StringIO()
    )
    call_command("importer", str(fichier), organisme=str(maison_lavande.pk), stdout=StringIO())
    with dans(maison_lavande):
        fiche = Traitement.objects.get(reference="TR-001")
        bilan = Conformite(maison_lavande).bilan(relire(maison_lavande, fiche), timezone.localdate())
    assert [e.constat.code for e in bilan.ecartes] == ["SST-01"]
