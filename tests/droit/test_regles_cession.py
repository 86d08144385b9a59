"""Cession, location, échange : chaque règle CES, de part et d'autre de sa condition."""

from datetime import date

import pytest

from droit.regles import controler
from exemples_faits import JOUR, avec, faits, ou_parle

TENUE = {
    "active": True,
    "canaux": ["POSTAL_B2C"],
    "partenaires_tenus": True,
    "information_opposition": True,
    "trace": True,
}


def cession(*canaux, nature="cession", base="INTERET_LEGITIME", promus=(), **champs):
    """Une cession tenue, vers ces canaux, changée par `champs` ; sa finalité. `promus` : les canaux de nos propres envois."""
    volet = TENUE | ({"canaux": list(canaux)} if canaux else {}) | champs
    return avec("finalites", type=nature, base_legale=base, canaux=list(promus)) | {"cession": volet}


def achat(*canaux, preuve=""):
    """Un fichier de courtier, employé sur ces canaux, sans que rien ne soit cédé."""
    finalites = avec("finalites", type="prospection", base_legale="CONSENTEMENT", canaux=list(canaux))
    return finalites | avec("donnees", sources=["COURTIER"]) | {"cession": {"preuve_source": preuve}}


@pytest.mark.parametrize(
    ("code", "fiche", "chemins"),
    [
        ("CES-01", cession("EMAIL_B2C"), ["finalites[1].base_legale"]),
        ("CES-01", cession("POSTAL_B2C", "AUTOMATE_FAX", base=None), ["finalites[1].base_legale"]),
        ("CES-01", cession("RESEAU_SOCIAL_MP", nature="autre"), ["cession.canaux"]),
        ("CES-02", cession("TELEPHONE_B2C"), ["finalites[1].base_legale"]),
        ("CES-02", cession("TELEPHONE_B2C", nature="autre"), ["cession.canaux"]),
        ("CES-03", cession(information_opposition=False), ["cession.information_opposition"]),
        ("CES-04", cession(partenaires_tenus=False), ["cession.partenaires_tenus"]),
        ("CES-05", cession(trace=False), ["cession.trace"]),
        ("CES-06", cession() | avec("donnees", categorie="SANTE"), ["donnees[1].categorie"]),
        ("CES-06", cession() | avec("donnees", categorie="INFRACTIONS"), ["donnees[1].categorie"]),
        ("CES-07", achat("EMAIL_B2C"), ["cession.preuve_source"]),
        ("CES-07", achat("TELEPHONE_B2C", preuve=" "), ["cession.preuve_source"]),
    ],
)
def test_la_regle_parle(code, fiche, chemins):
    assert ou_parle(code, faits(**fiche)) == chemins


@pytest.mark.parametrize(
    ("code", "fiche"),
    [
        ("CES-01", cession("EMAIL_B2C", base="CONSENTEMENT")),
        ("CES-01", cession("POSTAL_B2C", "TELEPHONE_B2C")),
        ("CES-01", cession("EMAIL_B2C", active=False)),
        ("CES-01", cession("EMAIL_B2C", active=None)),
        ("CES-02", cession("TELEPHONE_B2C", base="CONSENTEMENT")),
        ("CES-02", cession("TELEPHONE_B2B", "EMAIL_B2C")),
        ("CES-03", cession(information_opposition=True)),
        ("CES-03", cession(information_opposition=None)),
        ("CES-03", cession("EMAIL_B2C", information_opposition=False)),
        ("CES-04", cession(partenaires_tenus=None)),
        ("CES-04", cession(active=False, partenaires_tenus=False)),
        ("CES-05", cession(trace=None)),
        ("CES-05", cession(active=None, trace=False)),
        ("CES-06", cession() | avec("donnees", categorie="ETAT_CIVIL")),
        ("CES-06", cession(active=False) | avec("donnees", categorie="SANTE")),
        ("CES-07", achat("EMAIL_B2C", preuve="Clause 4 du contrat et échantillon contrôlé.")),
        ("CES-07", achat("POSTAL_B2C")),
        ("CES-07", achat("EMAIL_B2C") | avec("donnees", sources=["PARTENAIRE"])),
    ],
)
def test_la_regle_se_tait(code, fiche):
    assert ou_parle(code, faits(**fiche)) == []


def test_transmettre_pour_des_appels_exige_un_consentement_depuis_le_11_aout_2026():
    lus = faits(**cession("TELEPHONE_B2C"))
    assert ou_parle("CES-02", lus, date(2026, 8, 10)) == []
    assert ou_parle("CES-02", lus, date(2026, 8, 11)) == ["finalites[1].base_legale"]


def finalites(*couples):
    """Des finalités de cession : (base, canaux)."""
    return [
        {
            "numero": n,
            "libelle": "Transmettre à des partenaires",
            "type": "cession",
            "base_legale": b,
            "canaux": c,
        }
        for n, (b, c) in enumerate(couples, 1)
    ]


@pytest.mark.parametrize(
    ("couples", "chemins"),
    [
        ([("CONSENTEMENT", []), ("CONTRAT", [])], ["finalites[2].base_legale"]),
        ([("CONSENTEMENT", ["EMAIL_B2C"]), ("INTERET_LEGITIME", ["POSTAL_B2C"])], []),
        (
            [("INTERET_LEGITIME", ["EMAIL_B2C"]), ("INTERET_LEGITIME", ["POSTAL_B2C"])],
            ["finalites[1].base_legale"],
        ),
        ([("INTERET_LEGITIME", ["POSTAL_B2C"])], ["cession.canaux"]),
    ],
)
def test_une_finalite_de_cession_ne_se_juge_que_sur_ses_canaux(couples, chemins):
    volet = TENUE | {"canaux": ["EMAIL_B2C", "POSTAL_B2C"]}
    assert ou_parle("CES-01", faits(finalites=finalites(*couples), cession=volet)) == chemins


def test_un_canal_que_la_finalite_seule_nomme_compte_aussi():
    lus = faits(finalites=finalites(("INTERET_LEGITIME", ["SMS_B2C"])), cession=TENUE)
    assert ou_parle("CES-01", lus) == ["finalites[1].base_legale"]


def test_la_cession_sans_consentement_fait_taire_la_prospection_sur_la_meme_finalite():
    codes = {c.code for c in controler(faits(**cession("EMAIL_B2C", promus=["EMAIL_B2C"])), JOUR)}
    assert "CES-01" in codes and "PRO-01" not in codes
