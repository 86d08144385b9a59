"""Prospection : chaque règle PRO, canal par canal, et la veille et le jour du 11 août 2026."""

from datetime import date

import pytest

from droit.regles import controler
from droit.regles.prospection import CONDITIONS
from exemples_faits import JOUR, SAINE, avec, faits, ou_parle, phrases

VEILLE, BASCULE = date(2026, 8, 10), date(2026, 8, 11)
EXCEPTION = dict.fromkeys(CONDITIONS, True)
ENERGIE = {"secteur": "ENERGIE_RENOVATION"}


def finalite(*canaux, **champs):
    base = {"type": "prospection", "base_legale": "INTERET_LEGITIME", "canaux": list(canaux)}
    return avec("finalites", **base | champs)


def information(**champs):
    return {"information": {**SAINE["information"], **champs}}


def sources(*codes):
    return avec("donnees", sources=list(codes))


def conservation(**champs):
    return avec("conservations", **champs)


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
        ("PRO-02", finalite("AUTOMATE_FAX", **EXCEPTION), ["finalites[1].base_legale"]),
        ("PRO-03", finalite("TELEPHONE_B2C"), ["finalites[1].canaux"]),
        ("PRO-03", finalite("TELEPHONE_B2C", contrat_en_cours=False), ["finalites[1].canaux"]),
        (
            "PRO-04",
            finalite("TELEPHONE_B2C", base_legale="CONSENTEMENT"),
            ["finalites[1].consentement_preuve"],
        ),
        ("PRO-05", finalite("RENOVATION_ADAPTATION", base_legale="CONSENTEMENT"), ["finalites[1].canaux"]),
        (
            "PRO-05",
            finalite("RENOVATION_ADAPTATION", public="mixte", contrat_en_cours=None),
            ["finalites[1].canaux"],
        ),
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
        ("PRO-06", finalite() | {"information": None}, ["information.opposition_mecanisme"]),
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
        (
            "PRO-08",
            sources("DIRECTE", "PARRAINAGE") | information(mentions=["source"]),
            ["information.mentions"],
        ),
        ("PRO-09", finalite("EMAIL_B2B", suivi_ouverture=True), ["finalites[1].suivi_ouverture"]),
        (
            "PRO-10",
            conservation(point_depart="DERNIER_CONTACT_PROSPECT", ouverture_vaut_contact=True),
            ["conservations[1].ouverture_vaut_contact"],
        ),
        ("PRO-11", finalite(type="etude", promotionnelle=True), ["finalites[1].promotionnelle"]),
        ("PRO-12", {"description": "Fichier expurgé par BLOCTEL chaque mois."}, ["description"]),
        ("PRO-12", finalite(justification="Liste Bloctel."), ["finalites[1].justification"]),
    ],
)
def test_la_regle_parle(code, fiche, chemins):
    assert ou_parle(code, faits(**fiche)) == chemins


@pytest.mark.parametrize(
    ("code", "fiche"),
    [
        ("PRO-01", finalite("EMAIL_B2C", **EXCEPTION)),
        ("PRO-01", finalite("EMAIL_B2C", base_legale="CONSENTEMENT")),
        ("PRO-01", finalite("POSTAL_B2C", "EMAIL_B2B", "PUSH", "EMAIL_GENERIQUE")),
        ("PRO-02", finalite("AUTOMATE_FAX", base_legale="CONSENTEMENT")),
        ("PRO-02", finalite("TELEPHONE_B2C")),
        ("PRO-03", finalite("TELEPHONE_B2C", base_legale="CONSENTEMENT")),
        ("PRO-03", finalite("TELEPHONE_B2C", contrat_en_cours=True)),
        ("PRO-03", finalite("TELEPHONE_B2B", "AUTOMATE_FAX", "RENOVATION_ADAPTATION")),
        (
            "PRO-04",
            finalite("TELEPHONE_B2C", base_legale="CONSENTEMENT", consentement_preuve="Enregistrement."),
        ),
        ("PRO-04", finalite("TELEPHONE_B2C")),
        ("PRO-04", finalite("EMAIL_B2C", base_legale="CONSENTEMENT")),
        ("PRO-05", finalite("RENOVATION_ADAPTATION", contrat_en_cours=True)),
        ("PRO-05", finalite("RENOVATION_ADAPTATION", public="B2B")),
        ("PRO-05", finalite("TELEPHONE_B2C", public="B2C")),
        ("PRO-05", finalite("RENOVATION_ADAPTATION", type="execution")),
        ("PRO-06", finalite("POSTAL_B2C")),
        ("PRO-06", finalite("POSTAL_B2C") | information(liste_opposition=None)),
        ("PRO-06", {"information": None}),
        ("PRO-07", finalite("EMAIL_B2B", objet_rapport_profession=True)),
        ("PRO-07", finalite("EMAIL_B2C", objet_rapport_profession=None)),
        ("PRO-08", sources("COURTIER") | information(mentions=["source", "delai_art14"])),
        ("PRO-08", sources("DIRECTE", "DEDUITE", "TERMINAL") | SANS_ART14),
        ("PRO-09", finalite("EMAIL_B2C", suivi_ouverture=True, base_legale="CONSENTEMENT")),
        ("PRO-09", finalite("EMAIL_B2C", suivi_ouverture=None)),
        ("PRO-10", conservation(point_depart="DERNIER_CONTACT_PROSPECT", ouverture_vaut_contact=False)),
        ("PRO-10", conservation(point_depart="DERNIER_CONTACT_PROSPECT", ouverture_vaut_contact=None)),
        ("PRO-10", conservation(point_depart="COLLECTE", ouverture_vaut_contact=True)),
        ("PRO-11", finalite(type="etude", promotionnelle=False)),
        ("PRO-11", finalite(type="etude", promotionnelle=None)),
        ("PRO-11", finalite(promotionnelle=True)),
        ("PRO-12", {"description": "Le consentement est recueilli avant tout appel."}),
        ("PRO-12", {"ecarts": [{"numero": 1, "raison": "Bloctel"}], "reprise": ["Bloctel"]}),
        ("PRO-12", {"alertes_lues": ["PRO-12 · Bloctel"]}),
    ],
)
def test_la_regle_se_tait(code, fiche):
    assert ou_parle(code, faits(**fiche)) == []


@pytest.mark.parametrize(
    ("code", "fiche"),
    [
        ("PRO-03", finalite("TELEPHONE_B2C")),
        ("PRO-04", finalite("TELEPHONE_B2C", base_legale="CONSENTEMENT")),
        ("PRO-12", {"description": "Bloctel"}),
    ],
)
def test_le_regime_du_telephone_commence_le_11_aout_2026(code, fiche):
    assert ou_parle(code, faits(**fiche), VEILLE) == []
    assert len(ou_parle(code, faits(**fiche), BASCULE)) == 1


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
    ("canal", "parle"),
    [
        ("EMAIL_B2C", True),
        ("SMS_B2C", True),
        ("RESEAU_SOCIAL_MP", True),
        ("AUTOMATE_FAX", True),
        ("TELEPHONE_B2C", True),
        ("POSTAL_B2C", False),
        ("TELEPHONE_B2B", False),
    ],
)
def test_le_secteur_de_la_renovation_ferme_le_telephone_et_l_electronique(canal, parle):
    lus = faits(ENERGIE, **finalite(canal, base_legale="CONSENTEMENT", public="B2C"))
    assert bool(ou_parle("PRO-05", lus)) is parle


def test_ce_secteur_garde_ses_contrats_en_cours_et_ses_professionnels():
    assert ou_parle("PRO-05", faits(ENERGIE, **finalite("TELEPHONE_B2C", contrat_en_cours=True))) == []
    assert ou_parle("PRO-05", faits(ENERGIE, **finalite("EMAIL_B2C", public="B2B"))) == []


def test_bloctel_ne_se_dit_qu_une_fois():
    lus = faits(description="Bloctel", remarques="Bloctel encore")
    assert ou_parle("PRO-12", lus) == ["description"]


def test_l_appel_sans_consentement_fait_taire_le_contrat_sur_la_meme_finalite():
    codes = {c.code for c in controler(faits(**finalite("TELEPHONE_B2C", base_legale="CONTRAT")), JOUR)}
    assert "PRO-03" in codes and "BAS-04" not in codes


def test_la_collecte_indirecte_dit_d_ou_viennent_les_donnees_et_ce_qui_manque():
    phrase = phrases("PRO-08", faits(**sources("COURTIER"), **SANS_ART14))
    assert "« Location ou achat de fichier (courtier en données) »" in phrase
    assert "la source des données" in phrase and "premier message" in phrase
    assert "la source des données" not in phrases(
        "PRO-08", faits(**sources("COURTIER"), **information(mentions=["source"]))
    )
