"""Prospection : les règles PRO des messages, du courrier et des enquêtes, canal par canal. Les appels ont leur fichier."""

import pytest

from droit.regles import Gravite, controler
from droit.regles.prospection import CONDITIONS
from exemples_faits import JOUR, SAINE, avec, faits, ou_parle, phrases

EXCEPTION = dict.fromkeys(CONDITIONS, True)


def finalite(*canaux, **champs):
    base = {"type": "prospection", "base_legale": "INTERET_LEGITIME", "canaux": list(canaux)}
    return avec("finalites", **base | champs)


def information(**champs):
    return {"information": {**SAINE["information"], **champs}}


def sources(*codes):
    return avec("donnees", sources=list(codes))


def conservation(**champs):
    return avec("conservations", **champs)


def gravites(code, lus, le=JOUR):
    """Le chemin et la gravité de chaque constat de cette règle."""
    return [(c.chemin, c.gravite) for c in controler(lus, le) if c.code == code]


SANS_ART14 = information(mentions=["identite"])


@pytest.mark.parametrize(
    ("code", "fiche", "chemins"),
    [
        ("PRO-01", finalite("EMAIL_B2C"), ["finalites[1].analogue_vente"]),
        ("PRO-01", finalite("SMS_B2C", base_legale=None), ["finalites[1].base_legale"]),
        (
            "PRO-01",
            finalite("RESEAU_SOCIAL_MP", base_legale="CONTRAT", **EXCEPTION | {"analogue_vente": None}),
            ["finalites[1].base_legale"],
        ),
        ("PRO-01", finalite("PUSH"), ["finalites[1].base_legale"]),
        ("PRO-01", finalite("EMAIL_B2C", type="autre"), ["finalites[1].type"]),
        ("PRO-01", finalite("EMAIL_B2C", type=""), ["finalites[1].type"]),
        (
            "PRO-01",
            finalite("EMAIL_B2C", type="execution", libelle="Suivre la commande et envoyer nos offres"),
            ["finalites[1].type"],
        ),
        (
            "PRO-01",
            finalite("EMAIL_B2C", type="autre") | {"famille": "prospection"},
            ["finalites[1].analogue_vente"],
        ),
        (
            "PRO-01",
            finalite("EMAIL_B2C", type="etude", promotionnelle=True),
            ["finalites[1].analogue_vente"],
        ),
        (
            "PRO-01",
            finalite("EMAIL_B2C", libelle="Appeler aux dons de fin d'année"),
            ["finalites[1].objet_sollicitation"],
        ),
        ("PRO-02", finalite("AUTOMATE_FAX", **EXCEPTION), ["finalites[1].base_legale"]),
        ("PRO-02", finalite("AUTOMATE_FAX", type="autre"), ["finalites[1].type"]),
        (
            "PRO-06",
            finalite("POSTAL_B2C") | information(opposition_mecanisme=""),
            ["information.opposition_mecanisme"],
        ),
        (
            "PRO-06",
            finalite("POSTAL_B2C") | information(liste_opposition=False),
            ["information.liste_opposition"],
        ),
        (
            "PRO-06",
            finalite("POSTAL_B2C") | information(liste_opposition=None),
            ["information.liste_opposition"],
        ),
        (
            "PRO-06",
            finalite() | {"information": None},
            ["information.opposition_mecanisme", "information.liste_opposition"],
        ),
        (
            "PRO-06",
            finalite("EMAIL_B2C", base_legale="CONSENTEMENT", analogue_opposition_envoi=False),
            ["finalites[1].analogue_opposition_envoi"],
        ),
        (
            "PRO-07",
            finalite("EMAIL_B2B", objet_rapport_profession=False),
            ["finalites[1].objet_rapport_profession"],
        ),
        (
            "PRO-07",
            finalite("EMAIL_B2B", objet_rapport_profession=None),
            ["finalites[1].objet_rapport_profession"],
        ),
        ("PRO-08", sources("COURTIER") | SANS_ART14, ["information.mentions"]),
        ("PRO-08", sources(), ["donnees[1].sources"]),
        (
            "PRO-08",
            sources("COURTIER") | information(mentions=[], exception_art14="impossible"),
            ["information.mentions"],
        ),
        (
            "PRO-08",
            sources("DIRECTE", "PARRAINAGE") | information(mentions=["source"]),
            ["information.mentions"],
        ),
        ("PRO-09", finalite("EMAIL_B2B", suivi_ouverture=True), ["finalites[1].suivi_ouverture"]),
        ("PRO-09", finalite("EMAIL_B2C", suivi_ouverture=None), ["finalites[1].suivi_ouverture"]),
        (
            "PRO-10",
            conservation(point_depart="DERNIER_CONTACT_PROSPECT", ouverture_vaut_contact=True),
            ["conservations[1].ouverture_vaut_contact"],
        ),
        (
            "PRO-10",
            finalite("EMAIL_B2C")
            | conservation(point_depart="DERNIER_CONTACT_PROSPECT", ouverture_vaut_contact=None),
            ["conservations[1].ouverture_vaut_contact"],
        ),
        ("PRO-11", finalite(type="etude", promotionnelle=True), ["finalites[1].promotionnelle"]),
        ("PRO-11", finalite(type="etude", promotionnelle=None), ["finalites[1].promotionnelle"]),
        ("PRO-14", finalite(), ["finalites[1].canaux"]),
        ("PRO-14", finalite("EMAIL_B2C", public="B2B"), ["finalites[1].public"]),
        ("PRO-14", finalite("TELEPHONE_B2B", public="B2C"), ["finalites[1].public"]),
    ],
)
def test_la_regle_parle(code, fiche, chemins):
    assert ou_parle(code, faits(**fiche)) == chemins


@pytest.mark.parametrize(
    ("code", "fiche"),
    [
        ("PRO-01", finalite("EMAIL_B2C", **EXCEPTION)),
        ("PRO-01", finalite("EMAIL_B2C", base_legale="CONSENTEMENT")),
        ("PRO-01", finalite("PUSH", base_legale="CONSENTEMENT")),
        ("PRO-01", finalite("PUSH", **EXCEPTION)),
        ("PRO-01", finalite("POSTAL_B2C", "EMAIL_B2B", "EMAIL_GENERIQUE")),
        ("PRO-01", finalite("EMAIL_B2C", "PUSH", type="execution", base_legale="CONTRAT")),
        ("PRO-01", finalite("SMS_B2C", type="droits")),
        ("PRO-01", finalite("EMAIL_B2C", type="etude", promotionnelle=False)),
        ("PRO-01", finalite("EMAIL_B2C", objet_sollicitation="don")),
        ("PRO-02", finalite("AUTOMATE_FAX", base_legale="CONSENTEMENT")),
        ("PRO-02", finalite("TELEPHONE_B2C")),
        ("PRO-02", finalite("AUTOMATE_FAX", type="execution")),
        ("PRO-06", finalite("POSTAL_B2C")),
        ("PRO-06", {"information": None}),
        ("PRO-06", finalite("EMAIL_B2C", base_legale="CONSENTEMENT", analogue_opposition_envoi=None)),
        ("PRO-06", finalite("POSTAL_B2C", base_legale="CONSENTEMENT", analogue_opposition_envoi=False)),
        ("PRO-07", finalite("EMAIL_B2B", objet_rapport_profession=True)),
        ("PRO-07", finalite("EMAIL_B2C", objet_rapport_profession=None)),
        ("PRO-07", finalite("EMAIL_B2B", objet_rapport_profession=False, base_legale="CONSENTEMENT")),
        ("PRO-07", finalite("EMAIL_B2B", objet_rapport_profession=False, **EXCEPTION)),
        ("PRO-07", finalite("EMAIL_B2B", type="execution", objet_rapport_profession=None)),
        ("PRO-08", sources("COURTIER") | information(mentions=["source", "delai_art14"])),
        ("PRO-08", sources("DIRECTE", "DEDUITE", "TERMINAL") | SANS_ART14),
        ("PRO-08", sources("COURTIER") | information(mentions=["identite"], exception_art14="deja-informee")),
        (
            "PRO-08",
            sources("COURTIER")
            | information(mentions=[], exception_art14="texte", exception_art14_motif="CMF"),
        ),
        ("PRO-09", finalite("EMAIL_B2C", suivi_ouverture=True, base_legale="CONSENTEMENT")),
        ("PRO-09", finalite("EMAIL_B2C", suivi_ouverture=False)),
        ("PRO-09", finalite("SMS_B2C", suivi_ouverture=None)),
        ("PRO-09", finalite("EMAIL_B2C", type="execution", suivi_ouverture=None)),
        ("PRO-09", finalite("EMAIL_B2C", type="cession", suivi_ouverture=None)),
        ("PRO-10", conservation(point_depart="DERNIER_CONTACT_PROSPECT", ouverture_vaut_contact=False)),
        ("PRO-10", conservation(point_depart="DERNIER_CONTACT_PROSPECT", ouverture_vaut_contact=None)),
        ("PRO-10", conservation(point_depart="COLLECTE", ouverture_vaut_contact=True)),
        ("PRO-11", finalite(type="etude", promotionnelle=False)),
        ("PRO-11", finalite(promotionnelle=True)),
        ("PRO-14", finalite(type="execution")),
        ("PRO-14", finalite("EMAIL_B2C", "EMAIL_B2B", public="mixte")),
        ("PRO-14", finalite("EMAIL_B2C", public=None)),
        ("PRO-14", finalite("PUSH", "EMAIL_B2B", public="B2B")),
    ],
)
def test_la_regle_se_tait(code, fiche):
    assert ou_parle(code, faits(**fiche)) == []


@pytest.mark.parametrize("condition", CONDITIONS)
def test_une_seule_condition_de_l_exception_qui_manque_suffit(condition):
    for reponse in (False, None):
        lus = faits(**finalite("EMAIL_B2C", **EXCEPTION | {condition: reponse}))
        assert ou_parle("PRO-01", lus) == [f"finalites[1].{condition}"]
        phrase = phrases("PRO-01", lus)
        assert [nom for nom, quoi in CONDITIONS.items() if quoi in phrase.partition("manque")[2]] == [
            condition
        ]


@pytest.mark.parametrize(
    ("champs", "gravite"),
    [
        ({}, Gravite.BLOQUANT),
        ({"analogue_vente": False}, Gravite.BLOQUANT),
        (EXCEPTION | {"analogue_vente": False}, Gravite.BLOQUANT),
        (EXCEPTION | {"analogue_vente": None}, Gravite.ALERTE),
        ({"analogue_vente": True}, Gravite.ALERTE),
        ({"justification": "Clients, produits analogues (CPCE art. L34-5, al. 4)."}, Gravite.ALERTE),
        (
            {"justification": "Produits analogues.", "analogue_produits_analogues": False},
            Gravite.BLOQUANT,
        ),
        ({"base_legale": ""}, Gravite.ALERTE),
        ({"type": "autre"}, Gravite.ALERTE),
    ],
)
def test_une_exception_invoquee_se_confirme_et_une_exception_tue_ou_refusee_bloque(champs, gravite):
    assert [g for _, g in gravites("PRO-01", faits(**finalite("EMAIL_B2C", **champs)))] == [gravite]


def test_la_notification_se_demande_et_ne_bloque_pas():
    assert gravites("PRO-01", faits(**finalite("PUSH"))) == [("finalites[1].base_legale", Gravite.ALERTE)]


def test_une_finalite_consentie_ne_couvre_pas_l_autre():
    une = {**SAINE["finalites"][0], "type": "prospection", "canaux": ["EMAIL_B2C"]}
    lus = faits(
        finalites=[
            {**une, "base_legale": "CONSENTEMENT", "suivi_ouverture": False},
            {**une, "numero": 2, "base_legale": "INTERET_LEGITIME", "suivi_ouverture": True},
        ]
    )
    assert ou_parle("PRO-01", lus) == ["finalites[2].analogue_vente"]
    assert ou_parle("PRO-09", lus) == ["finalites[2].suivi_ouverture"]


@pytest.mark.parametrize(
    ("champs", "gravite"),
    [
        ({"objet_rapport_profession": False}, Gravite.BLOQUANT),
        ({"objet_rapport_profession": False, "type": "autre"}, Gravite.ALERTE),
        ({"objet_rapport_profession": False, "base_legale": ""}, Gravite.ALERTE),
        ({"objet_rapport_profession": None}, Gravite.ALERTE),
    ],
)
def test_un_message_sans_rapport_avec_la_profession_suit_le_regime_des_particuliers(champs, gravite):
    (constat,) = [c for c in controler(faits(**finalite("EMAIL_B2B", **champs)), JOUR) if c.code == "PRO-07"]
    assert (constat.gravite, constat.ecartable) == (gravite, True)
    assert ("L34-5" in constat.source) is (champs["objet_rapport_profession"] is False)


def test_la_liste_d_opposition_tue_alerte_et_refusee_bloque():
    def vues(reponse):
        return gravites("PRO-06", faits(**finalite("POSTAL_B2C") | information(liste_opposition=reponse)))

    assert vues(None) == [("information.liste_opposition", Gravite.ALERTE)]
    assert vues(False) == [("information.liste_opposition", Gravite.BLOQUANT)]


def test_la_collecte_indirecte_dit_d_ou_viennent_les_donnees_et_ce_qui_manque():
    phrase = phrases("PRO-08", faits(**sources("COURTIER"), **SANS_ART14))
    assert "« Location ou achat de fichier (courtier en données) »" in phrase
    assert "la source des données" in phrase and "premier message" in phrase
    assert "la source des données" not in phrases(
        "PRO-08", faits(**sources("COURTIER"), **information(mentions=["source"]))
    )
