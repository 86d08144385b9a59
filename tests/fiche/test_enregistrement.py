"""Le seul chemin d'écriture : une entrée par sauvegarde, rien si rien n'a changé, tout ou rien, jamais d'écrasement muet."""

import json

import pytest
from django.core.exceptions import ValidationError

from boutique import AUTEUR, PROSPECTION, creer_fiche, creer_tiers
from journal.bases import EcritureHorsJournal
from journal.models import Entree
from journal.service import EcritureSansTrace, operation
from organismes.portee import dans
from registre.actes.fiches import enregistrer_fiche
from registre.fiche import agregat as ag
from registre.fiche.enregistrement import Conflit, Refus, enregistrer
from registre.fiche.preuve import anomalies
from traitements.models import Finalite, Traitement

pytestmark = pytest.mark.django_db


def modifier(organisme, fiche, **donnees):
    options = {nom: donnees.pop(nom) for nom in ("revision", "valideur", "simuler") if nom in donnees}
    with dans(organisme):
        return enregistrer_fiche(donnees, organisme=organisme, auteur=AUTEUR, fiche=fiche, **options)


def relire(organisme, fiche) -> dict:
    with dans(organisme):
        return ag.instantane_de(ag.FICHE, ag.FICHE.charger(Traitement.objects.filter(pk=fiche.pk)).get())


def test_toute_la_fiche_tient_en_une_entree_de_journal(maison_lavande):
    avant = Entree.objects.count()
    fiche = creer_fiche(maison_lavande)
    entree = Entree.objects.order_by("-seq").first()
    assert Entree.objects.count() == avant + 1
    assert (entree.action, entree.objet_type, entree.objet_id) == ("creation", "fiche", str(fiche.pk))
    assert json.loads(entree.instantane)["finalites"][0]["base_legale"] == "CONSENTEMENT"


def test_une_sauvegarde_sans_changement_n_ecrit_rien(maison_lavande, prospection):
    avant = Entree.objects.count()
    assert modifier(maison_lavande, prospection, **PROSPECTION).effet == "inchange"
    assert Entree.objects.count() == avant


def test_une_modification_consigne_l_avant_et_l_apres(maison_lavande, prospection):
    finalites = [{**PROSPECTION["finalites"][0], "base_legale": "INTERET_LEGITIME"}]
    modifier(maison_lavande, prospection, finalites=finalites)
    changements = {
        c["chemin"]: (c["avant"], c["apres"]) for c in Entree.objects.order_by("-seq").first().changements
    }
    assert changements["finalites[1].base_legale"] == ("CONSENTEMENT", "INTERET_LEGITIME")


def test_un_refus_laisse_tout_en_l_etat_et_nomme_chaque_champ(maison_lavande, prospection):
    avant = relire(maison_lavande, prospection)
    with pytest.raises(Refus) as refus:
        modifier(
            maison_lavande,
            prospection,
            intitule="",
            finalites=[{"libelle": "Une finalité", "base_legale": "INCONNUE"}],
            donnees=[{"precisions": "sans catégorie"}],
            inconnu="x",
        )
    assert set(refus.value.erreurs) == {
        "intitule",
        "finalites[1].base_legale",
        "donnees[1].categorie",
        "inconnu",
    }
    assert relire(maison_lavande, prospection) == avant


def test_deux_redacteurs_le_second_est_averti_et_rien_ne_se_perd(maison_lavande, prospection):
    revision = prospection.revision
    modifier(maison_lavande, prospection, service="Le premier", revision=revision)
    with pytest.raises(Conflit) as conflit:
        modifier(maison_lavande, prospection, service="Le second", revision=revision)
    assert conflit.value.actuel.service == "Le premier"
    assert relire(maison_lavande, prospection)["service"] == "Le premier"


def test_un_element_de_liste_qui_change_fait_aussi_avancer_la_revision(maison_lavande, prospection):
    resultat = modifier(maison_lavande, prospection, personnes=[{"numero": 1, "categorie": "CLIENTS"}])
    assert resultat.objet.revision == prospection.revision + 1


def test_les_numeros_designent_les_elements_et_les_autres_s_effacent(maison_lavande, prospection):
    modifier(
        maison_lavande,
        prospection,
        finalites=[
            {"numero": 3, "libelle": "La troisième finalité"},
            {"numero": 1, "libelle": "La première finalité"},
        ],
    )
    lues = relire(maison_lavande, prospection)["finalites"]
    assert [(f["numero"], f["libelle"]) for f in lues] == [
        (1, "La première finalité"),
        (3, "La troisième finalité"),
    ]
    assert lues[0]["base_legale"] is None  # un élément envoyé est entier


def test_un_renvoi_vers_un_numero_absent_est_refuse(maison_lavande, prospection):
    with pytest.raises(Refus) as refus:
        modifier(maison_lavande, prospection, transferts=[{"pays": "US", "destinataire_numero": 9}])
    assert refus.value.erreurs == {
        "transferts[1].destinataire_numero": ["La fiche n'a pas de destinataire n° 9."]
    }


def test_seul_qui_en_a_le_droit_valide(maison_lavande):
    brouillon = creer_fiche(maison_lavande, reference="TR-002")
    with pytest.raises(Refus) as refus:
        modifier(maison_lavande, brouillon, statut="validee", valideur=False)
    assert "statut" in refus.value.erreurs
    assert modifier(maison_lavande, brouillon, statut="validee", valideur=True).objet.validee_le is not None


def test_changer_une_fiche_validee_sans_droit_de_valider_la_rouvre(maison_lavande):
    fiche = creer_fiche(maison_lavande, statut="validee")
    change = modifier(maison_lavande, fiche, service="Autre service", valideur=False).objet
    assert (change.statut, change.validee_le) == ("brouillon", None)


def test_simuler_controle_tout_et_n_ecrit_rien(maison_lavande, prospection):
    avant, entrees = relire(maison_lavande, prospection), Entree.objects.count()
    assert modifier(maison_lavande, prospection, service="Essai", simuler=True).effet == "modification"
    assert (relire(maison_lavande, prospection), Entree.objects.count()) == (avant, entrees)


def test_la_reference_est_unique_dans_l_organisme_et_libre_ailleurs(
    maison_lavande, autre_boutique, prospection
):
    with pytest.raises(Refus) as refus:
        creer_fiche(maison_lavande, intitule="Une autre")
    assert "Une autre fiche porte déjà cette référence." in str(refus.value)
    assert creer_fiche(autre_boutique).reference == prospection.reference


def test_rien_ne_s_ecrit_hors_du_service(maison_lavande, prospection):
    prospection.service = "en douce"
    with pytest.raises(EcritureHorsJournal):
        prospection.save()
    with dans(maison_lavande):
        for fraude in (
            lambda: Traitement.objects.update(service="en douce"),
            lambda: Traitement.objects.all().delete(),
            lambda: Finalite.objects.bulk_update([prospection.finalites.get()], ["libelle"]),
            lambda: prospection.finalites.update(libelle="en douce"),
        ):
            with pytest.raises(EcritureHorsJournal):
                fraude()
    with pytest.raises(EcritureSansTrace), operation():
        prospection.save()
    assert relire(maison_lavande, prospection)["service"] == "Direction marketing"


def test_un_tiers_d_un_autre_organisme_n_est_pas_une_cle(maison_lavande, autre_boutique, prospection):
    voisin = creer_tiers(autre_boutique, "Tiers du voisin")
    with pytest.raises(Refus):
        modifier(
            maison_lavande, prospection, destinataires=[{"type": "SOUS_TRAITANT", "tiers": str(voisin.pk)}]
        )
    with dans(maison_lavande):
        element = prospection.destinataires.get()
        element.tiers = voisin
        with pytest.raises(ValidationError), operation():
            element.save()


def test_renommer_un_tiers_ne_touche_pas_les_fiches_qui_le_citent(maison_lavande):
    tiers = creer_tiers(maison_lavande, "Envoléo")
    creer_fiche(maison_lavande, destinataires=[{"type": "SOUS_TRAITANT", "tiers": "Envoléo"}])
    with dans(maison_lavande):
        enregistrer(ag.TIERS, {"nom": "Envoléo SAS"}, tiers, auteur=AUTEUR)
    from django_scopes import scopes_disabled

    with scopes_disabled():
        assert list(anomalies()) == []


def test_un_volet_vide_se_lit_comme_absent(maison_lavande):
    fiche = creer_fiche(maison_lavande, profilage={}, aipd={"justification": ""})
    lue = relire(maison_lavande, fiche)
    assert (lue["profilage"], lue["aipd"]) == (None, None)


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("grande_echelle", "oui"),
        ("date_creation", "31/02/2026"),
        ("intitule", 12),
        ("finalites", {}),
        ("finalites", ["x"]),
        ("profilage", []),
        ("intitule", "a\x00b"),
        ("intitule", "x" * 201),
        ("description", "\n" * 20_000),
        ("famille", "inconnue"),
        ("qualite", ""),
    ],
)
def test_une_valeur_absurde_est_refusee_en_francais(maison_lavande, prospection, champ, valeur):
    with pytest.raises(Refus) as refus:
        modifier(maison_lavande, prospection, **{champ: valeur})
    assert champ in refus.value.erreurs
