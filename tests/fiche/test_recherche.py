"""La recherche lit toute la fiche, dit où elle a trouvé, et ne cache pas qu'une fiche archivée répond."""

import re

import pytest
from django.core.management import call_command
from django.urls import reverse
from django_scopes import scopes_disabled
from hypothesis import given
from hypothesis import strategies as st

from boutique import AUTEUR, PROSPECTION, creer_fiche, creer_tiers
from journal.models import Entree
from organismes.pliage import mots
from organismes.portee import dans
from registre.actes.fiches import enregistrer_fiche
from registre.fiche import agregat as ag
from registre.fiche.enregistrement import enregistrer
from registre.fiche.preuve import anomalies
from registre.fiche.recherche import completer, termes_de
from traitements.models import BaseLegale, TexteCherche, Traitement

pytestmark = pytest.mark.django_db


def page(client, **criteres) -> str:
    reponse = client.get(reverse("registre"), criteres)
    assert reponse.status_code == 200
    return reponse.content.decode()


def trouvees(client, **criteres) -> list[str]:
    return re.findall(r'data-libelle="Référence">([^<]*)<', page(client, **criteres))


@pytest.fixture
def registre(maison_lavande):
    """Deux fiches très différentes : chaque mot ne désigne que l'une d'elles."""
    creer_tiers(maison_lavande, "Mailwright Inc.", pays="US")
    creer_fiche(
        maison_lavande,
        intitule="Programme de fidélité",
        description="Les œuvres de Noël, et la liste d'opposition.",
        destinataires=[
            {"type": "SOUS_TRAITANT", "tiers": "Mailwright Inc.", "precisions": "Envoi des lettres"}
        ],
        transferts_hors_eee=True,
        transferts=[{"destinataire_numero": 1, "pays": "MA", "garantie": "CCT_COMMISSION"}],
        cession={"active": True, "partenaires": "Groupe Tilleul"},
    )
    creer_fiche(
        maison_lavande,
        reference="TR-002",
        intitule="Comptabilité",
        service="Finances",
        finalites=[{"libelle": "Tenir les comptes", "base_legale": "OBLIGATION_LEGALE"}],
        personnes=[{"categorie": "CLIENTS", "volume": "environ 12 450"}],
        donnees=[{"categorie": "TRANSACTIONS", "precisions": "Numéro de facture"}],
        conservations=[{"categories": ["TRANSACTIONS"], "duree_valeur": 13, "duree_unite": "ans"}],
        information=None,
    )
    return maison_lavande


@pytest.mark.parametrize(
    "q",
    [
        "fidelite",
        "FIDÉLITÉ",
        "Noel",
        "oeuvre",
        "œuvre",
        "liste d’opposition",
        "l’opposition",
        "Mailwright",
        "mailwright lettres",
        "Maroc",
        "3 ans",
        "tilleul",
        "consentement de la personne",
        "adresse electronique",
        "dernier contact",
        "Prospects",
        "TR-001",
        "tr-001 FIDELITE",
    ],
)
def test_chaque_mot_de_la_fiche_la_trouve(auditeur, registre, q):
    assert trouvees(auditeur, q=q) == ["TR-001"]


@pytest.mark.parametrize("q", ["13 ans", "facture", "obligation legale", "finances", "12450", "12 450"])
def test_et_l_autre_fiche_par_les_siens(auditeur, registre, q):
    assert trouvees(auditeur, q=q) == ["TR-002"]


@pytest.mark.parametrize("q", ["mailwright facture", "introuvable", "&", "3 mois", "%", "_"])
def test_tous_les_mots_sont_exiges(auditeur, registre, q):
    assert "Aucune fiche ne répond à ces critères" in page(auditeur, q=q)


def test_la_page_dit_ou_elle_a_trouve_et_surligne(auditeur, registre):
    lue = page(auditeur, q="mailwright")
    assert "<b>Destinataires :</b> <mark>Mailwright</mark> Inc." in lue
    lue = page(auditeur, q="fidelite")
    assert "Programme de <mark>fidélité</mark>" in lue
    assert 'class="extrait"' not in lue  # l'intitulé le dit déjà


def test_l_extrait_se_lit_et_ne_devient_jamais_du_html(auditeur, maison_lavande):
    longue = "mot " * 80 + "<script>alert(1)</script> lavandin vrai " + "suite " * 80
    creer_fiche(maison_lavande, description=longue)
    lue = page(auditeur, q="lavandin")
    extrait = re.search(r'<small class="extrait"\s*>(.*?)</small>', lue)[1]
    assert extrait.startswith("<b>Description\N{NO-BREAK SPACE}:</b> … ")
    assert "&lt;script&gt;" in extrait
    assert "<mark>lavandin</mark> vrai suite" in extrait
    assert len(extrait) < 400


def test_une_fiche_archivee_qui_repond_est_dite(auditeur, registre):
    creer_fiche(registre, reference="TR-003", intitule="Fidélité d'autrefois", statut="archivee")
    lue = page(auditeur, q="fidelite")
    assert trouvees(auditeur, q="fidelite") == ["TR-001"]
    lien = re.search(r'<a href="\?([^"]*)">1 fiche archivée répond aussi</a>', lue)[1].replace("&amp;", "&")
    assert (
        "Fidélité</mark> d&#x27;autrefois" in auditeur.get(f"{reverse('registre')}?{lien}").content.decode()
    )
    assert "Seule une fiche archivée répond</a>" in (seule := page(auditeur, q="autrefois"))
    assert "Aucune fiche" not in seule and "répond aussi" not in seule
    assert "archivée répond aussi" not in page(auditeur, q="comptabilite")
    assert "archivée répond aussi" not in page(auditeur, q="fidelite", statut="tous")


def test_un_tiers_renomme_se_trouve_sous_son_nouveau_nom_et_sous_lui_seul(auditeur, registre):
    with dans(registre):
        tiers = ag.Tiers.objects.get(nom="Mailwright Inc.")
        enregistrer(ag.TIERS, {"nom": "Postéo SA"}, tiers, auteur=AUTEUR)
    assert trouvees(auditeur, q="posteo") == ["TR-001"]
    assert trouvees(auditeur, q="mailwright") == []
    assert "<mark>Postéo</mark> SA" in page(auditeur, q="posteo")


def test_modifier_une_fiche_change_ce_qui_la_trouve(auditeur, registre):
    with dans(registre):
        fiche = Traitement.objects.get(reference="TR-002")
        enregistrer_fiche(
            {"description": "Archives au sous-sol"}, organisme=registre, auteur=AUTEUR, fiche=fiche
        )
        enregistrer_fiche({"service": "Siège"}, organisme=registre, auteur=AUTEUR, fiche=fiche)
    assert trouvees(auditeur, q="sous-sol siege") == ["TR-002"]
    assert trouvees(auditeur, q="finances") == []


def test_un_champ_nouveau_du_plan_refait_les_textes_deja_gardes(maison_lavande, prospection, monkeypatch):
    with dans(maison_lavande):
        assert completer() == 0
        monkeypatch.setattr("registre.fiche.recherche.PLAN", "autreplan")
        assert completer() == 1
        assert completer() == 0


def test_un_libelle_de_referentiel_change_se_cherche_sous_le_nouveau(auditeur, registre, monkeypatch):
    monkeypatch.setattr("registre.fiche.recherche.marque", lambda: "apres")
    BaseLegale.objects.filter(pk="CONSENTEMENT").update(libelle="Accord libre et éclairé")
    assert trouvees(auditeur, q="accord eclaire") == ["TR-001"]


def test_les_fiches_d_avant_se_completent_a_la_mise_a_jour_ou_a_la_premiere_recherche(auditeur, registre):
    with scopes_disabled():  # comme après une mise à jour : aucun texte encore
        TexteCherche.objects.all().delete()
    assert trouvees(auditeur, q="maroc") == ["TR-001"]
    with scopes_disabled():
        TexteCherche.objects.all().delete()
    call_command("charger_referentiels", verbosity=0)
    with scopes_disabled():
        assert TexteCherche.objects.count() == 2
        assert completer() == 0


def test_le_texte_cherche_n_entre_ni_au_journal_ni_dans_les_exports(dpo, registre):
    derniere = Entree.objects.filter(objet_type="fiche").order_by("-seq").first().instantane
    export = dpo.get(reverse("registre_json")).content.decode()
    with dans(registre):
        fiche = Traitement.objects.get(reference="TR-001")
    api = dpo.get(reverse("api:fiches-detail", args=[fiche.pk])).content.decode()
    for porte in (derniere, export, api):
        assert not re.search(r"texte_cherche|reference_cle|intitule_tri|nom_mots", porte)
    with scopes_disabled():
        assert list(anomalies()) == []


def test_l_organisme_voisin_ne_se_cherche_pas(auditeur, autre_boutique, registre):
    creer_tiers(autre_boutique, "Mailwright Inc.")
    creer_fiche(autre_boutique, intitule="Du voisin", destinataires=[{"type": "INTERNE", "nom": "Maroc"}])
    assert trouvees(auditeur, q="maroc") == ["TR-001"]
    assert "Du voisin" not in page(auditeur, q="voisin")


def test_l_api_cherche_et_filtre_par_le_meme_pliage(auditeur, registre):
    def references(**criteres):
        return [f["reference"] for f in auditeur.get(reverse("api:fiches-list"), criteres).json()["results"]]

    assert references(q="fidelite mailwright") == ["TR-001"]
    assert references(q="&") == []
    assert references(reference=" tr-002") == ["TR-002"]
    assert references(service="FINANCES") == ["TR-002"]
    assert references(service="FINANCE") == []
    noms = auditeur.get(reverse("api:tiers-list"), {"q": "MAILWRIGHT"}).json()["results"]
    assert [t["nom"] for t in noms] == ["Mailwright Inc."]


def test_le_filtre_par_service_reunit_ses_ecritures(auditeur, maison_lavande):
    creer_fiche(maison_lavande, service="Service client")
    creer_fiche(maison_lavande, reference="TR-002", service="Service Client")
    lue = page(auditeur, service="Service client")
    assert lue.count('<option value="Service') == 1
    assert trouvees(auditeur, service="Service client") == ["TR-001", "TR-002"]


def test_chercher_ne_coute_pas_plus_de_requetes_avec_plus_de_fiches(
    auditeur, registre, django_assert_max_num_queries
):
    page(auditeur, q="mailwright")
    with django_assert_max_num_queries(60) as peu:
        page(auditeur, q="mailwright")
    nombre = len(peu)
    for rang in range(12):
        creer_fiche(
            registre,
            reference=f"TR-{rang + 100}",
            destinataires=[{"type": "SOUS_TRAITANT", "tiers": "Mailwright Inc."}],
        )
    page(auditeur, q="mailwright")
    with django_assert_max_num_queries(nombre):
        page(auditeur, q="mailwright")


# --- L'ordre -----------------------------------------------------------------------------------------------------------
def test_le_registre_se_range_comme_en_francais(auditeur, maison_lavande):
    for reference, intitule in (("10", "zèle"), ("2", "Écoute"), ("1", "Analyse"), ("9", "Fidélité")):
        creer_fiche(maison_lavande, reference=reference, intitule=intitule)
    assert trouvees(auditeur) == ["1", "2", "9", "10"]
    assert trouvees(auditeur, tri="-reference") == ["10", "9", "2", "1"]
    assert trouvees(auditeur, tri="intitule") == ["1", "2", "9", "10"]
    lue = auditeur.get(reverse("api:fiches-list")).json()["results"]
    assert [f["reference"] for f in lue] == ["1", "2", "9", "10"]
    with dans(maison_lavande):
        from registre.echanges.exports.demande import Demande

        assert [f.reference for f in Demande(maison_lavande).fiches()] == ["1", "2", "9", "10"]


def test_les_tiers_se_rangent_et_se_cherchent_de_meme(dpo, maison_lavande):
    for nom in ("Zéphyr", "Écoute SA", "Envoléo", "Darty 10", "Darty 2", "l’Œuvre"):
        creer_tiers(maison_lavande, nom)
    fiche = creer_fiche(maison_lavande)
    attendus = ["Darty 2", "Darty 10", "Écoute SA", "Envoléo", "l’Œuvre", "Zéphyr"]
    lue = dpo.get(reverse("tiers")).content.decode()
    assert re.findall(r'tiers/[0-9a-f-]+/change/">([^<]+)</a>', lue) == attendus
    saisie = dpo.get(reverse("admin:traitements_traitement_change", args=[fiche.pk])).content.decode()
    liste = saisie[saisie.index('name="destinataires-1-tiers"') :].split("</select>")[0]
    assert [n for n in re.findall(r">([^<]+)</option>", liste) if n in attendus] == attendus
    for q in ("ecoute", "ÉCOUTE sa", "l'oeuvre"):
        assert dpo.get(reverse("tiers"), {"q": q}).content.decode().count('<td class="titre">') == 1


def test_la_reference_suivante_passe_le_millier(maison_lavande):
    from registre.actes.fiches_types import reference_suivante

    for reference in ("TR-999", "TR-1000", "tr-1002", "TR-A5"):
        creer_fiche(maison_lavande, reference=reference)
    with dans(maison_lavande):
        assert reference_suivante("responsable") == "TR-1003"


def test_la_prospection_de_la_boutique_reste_trouvable(auditeur, prospection):
    assert trouvees(auditeur, q=PROSPECTION["finalites"][0]["libelle"]) == ["TR-001"]


@given(
    st.text(
        alphabet=st.one_of(st.characters(), st.sampled_from("eé½’'-–1 2\u00a0\u0301\u00adŒß")), max_size=60
    )
)
def test_chaque_mot_d_un_texte_s_y_retrouve(texte):
    """L'examen rapide qui précède le découpage n'écarte jamais un mot que le découpage aurait trouvé."""
    for mot in mots(texte):
        assert termes_de(texte, [f" {mot.plie}"]) == [f" {mot.plie}"]


@pytest.mark.parametrize("page", ["registre", "tiers"])
@pytest.mark.parametrize(("n", "coupee"), [(300, False), (301, True)])
def test_une_recherche_trop_longue_se_dit_et_reste_telle_que_tapee(dpo, maison_lavande, page, n, coupee):
    creer_fiche(maison_lavande)
    lue = dpo.get(reverse(page), {"q": "x" * n}).content.decode()
    assert ("La recherche s’arrête à 300 caractères" in lue) is coupee
    assert f'value="{"x" * n}"' in lue
    assert "maxlength" not in lue
