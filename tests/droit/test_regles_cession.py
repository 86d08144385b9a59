"""Cession, location, échange : chaque règle CES, de part et d'autre de sa condition."""

from datetime import date

import pytest

from droit.regles import Gravite, controler
from exemples_faits import JOUR, SAINE, avec, faits, ou_parle, phrases

TENUE = {
    "active": True,
    "operations": ["echange"],
    "canaux": ["POSTAL_B2C"],
    "partenaires": "Les Jardins de Léa.",
    "partenaires_tenus": True,
    "information_opposition": True,
    "preuve_source": "Journal des choix.",
    "propagation_opposition": "Fichier d'opposition remis chaque semaine.",
    "information_art14": "Le partenaire informe à son premier envoi.",
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


def avec_objet(objet):
    return avec(
        "finalites",
        type="cession",
        base_legale="INTERET_LEGITIME",
        canaux=["TELEPHONE_B2C"],
        objet_sollicitation=objet,
    )


def gravites(code, lus):
    return [(c.chemin, c.gravite, c.ecartable) for c in controler(lus, JOUR) if c.code == code]


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
        ("CES-03", cession(information_opposition=None), ["cession.information_opposition"]),
        ("CES-03", cession("EMAIL_B2C", information_opposition=False), ["cession.information_opposition"]),
        ("CES-04", cession(partenaires_tenus=None), ["cession.partenaires_tenus"]),
        ("CES-05", cession(trace=None), ["cession.trace"]),
        ("CES-07", achat("EMAIL_B2C"), ["cession.preuve_source"]),
        ("CES-07", achat("TELEPHONE_B2C", preuve=" "), ["cession.preuve_source"]),
        ("CES-08", cession(active=None), ["cession.active"]),
        ("CES-08", cession(active=False), ["cession.active"]),
        ("CES-08", cession(nature="execution"), ["cession.active"]),
        (
            "CES-08",
            avec("finalites", libelle="Servir la prospection de nos partenaires"),
            ["finalites[1].type"],
        ),
        ("CES-09", cession(partenaires=" "), ["cession.partenaires"]),
        ("CES-09", cession(operations=[]), ["cession.operations"]),
        ("CES-09", cession() | {"cession": TENUE | {"canaux": []}}, ["cession.canaux"]),
        ("CES-10", cession(propagation_opposition=""), ["cession.propagation_opposition"]),
        ("CES-11", cession(information_art14=None), ["cession.information_art14"]),
        ("CES-12", cession("EMAIL_B2C", base="CONSENTEMENT", preuve_source=""), ["cession.preuve_source"]),
        ("CES-13", avec("donnees", sources=["COURTIER"]), ["donnees[1].source_nom"]),
        ("CES-13", avec("donnees", sources=["PUBLIQUE"]), ["donnees[1].source_nom"]),
        ("CES-13", avec("donnees", sources=["RESEAU_SOCIAL"]), ["donnees[1].source_nom"]),
        (
            "CES-13",
            avec("donnees", sources=["DIRECTE", "PARTENAIRE"], source_nom=" "),
            ["donnees[1].source_nom"],
        ),
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
        ("CES-03", cession(active=None, information_opposition=False)),
        ("CES-02", cession("TELEPHONE_B2C") | avec_objet("presse")),
        ("CES-04", cession(active=False, partenaires_tenus=False)),
        ("CES-05", cession(active=None, trace=False)),
        ("CES-06", cession() | avec("donnees", categorie="ETAT_CIVIL")),
        ("CES-06", cession(active=False) | avec("donnees", categorie="SANTE")),
        ("CES-07", achat("EMAIL_B2C", preuve="Clause 4 du contrat et échantillon contrôlé.")),
        ("CES-07", achat("POSTAL_B2C")),
        ("CES-07", achat("EMAIL_B2C") | avec("donnees", sources=["PARTENAIRE"])),
        ("CES-08", cession()),
        ("CES-08", {"cession": {"active": None}}),
        ("CES-08", {"cession": None}),
        ("CES-08", avec("finalites", libelle="Transmettre la commande au partenaire de livraison")),
        ("CES-08", avec("finalites", libelle="Gérer la relation avec nos partenaires commerciaux")),
        ("CES-08", avec("finalites", libelle="Gérer la vente et la location de vélos")),
        ("CES-09", cession()),
        ("CES-09", cession(active=False, partenaires="", operations=[])),
        ("CES-09", cession(promus=["POSTAL_B2C"]) | {"cession": TENUE | {"canaux": []}}),
        ("CES-10", cession()),
        ("CES-10", cession(active=False, propagation_opposition="")),
        ("CES-11", cession()),
        ("CES-11", cession(active=False, information_art14="")),
        ("CES-12", cession("EMAIL_B2C", base="CONSENTEMENT")),
        ("CES-12", cession(preuve_source="")),
        ("CES-13", avec("donnees", sources=["COURTIER"], source_nom="Fichiers du Var")),
        ("CES-13", avec("donnees", sources=["DIRECTE", "PARRAINAGE"])),
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


def test_une_base_a_choisir_se_demande_et_une_autre_bloque():
    assert [g for _, g, _ in gravites("CES-01", faits(**cession("EMAIL_B2C", base="")))] == [Gravite.ALERTE]
    assert [g for _, g, _ in gravites("CES-01", faits(**cession("EMAIL_B2C")))] == [Gravite.BLOQUANT]


def test_l_information_refusee_bloque_au_postal_et_alerte_ailleurs():
    def vues(*canaux, **champs):
        return [g for _, g, _ in gravites("CES-03", faits(**cession(*canaux, **champs)))]

    assert vues(information_opposition=False) == [Gravite.BLOQUANT]
    assert vues("EMAIL_B2C", information_opposition=False) == [Gravite.ALERTE]
    assert vues(information_opposition=None) == [Gravite.ALERTE]


def sensible(
    categorie="SANTE", explicite=None, base="CONSENTEMENT", sert=(), operations=("echange",), **donnee
):
    """Une donnée sensible ; une finalité de cession, et une autre qui ne cède rien."""
    vente = {
        **SAINE["finalites"][0],
        "type": "cession",
        "base_legale": base,
        "consentement_explicite": explicite,
    }
    return faits(
        finalites=[vente, {**SAINE["finalites"][0], "numero": 2}],
        donnees=[{**SAINE["donnees"][0], "categorie": categorie, "finalites": list(sert), **donnee}],
        cession=TENUE | {"operations": list(operations)},
    )


@pytest.mark.parametrize(
    ("fiche", "gravite"),
    [
        ({"explicite": True}, None),
        ({"explicite": False}, Gravite.BLOQUANT),
        ({"explicite": None}, Gravite.ALERTE),
        ({"explicite": None, "base": ""}, Gravite.ALERTE),
        ({"explicite": None, "base": "INTERET_LEGITIME"}, Gravite.BLOQUANT),
        ({"explicite": True, "base": "CONTRAT"}, None),
        ({"explicite": None, "sert": [1]}, Gravite.ALERTE),
        ({"explicite": False, "sert": [2]}, None),
        ({"explicite": True, "operations": ["vente"]}, Gravite.BLOQUANT),
        ({"explicite": True, "operations": ["vente"], "categorie": "CONVICTIONS"}, None),
        ({"explicite": False, "operations": ["vente"], "sert": [2]}, None),
        ({"categorie": "INFRACTIONS"}, Gravite.BLOQUANT),
        ({"categorie": "INFRACTIONS", "justification_art10": "LIL art. 46."}, Gravite.ALERTE),
        ({"categorie": "INFRACTIONS", "sert": [2]}, None),
    ],
)
def test_une_donnee_sensible_cedee_suppose_un_consentement_explicite_a_la_transmission(fiche, gravite):
    attendu = [("donnees[1].categorie", gravite, True)] if gravite else []
    assert gravites("CES-06", sensible(**fiche)) == attendu


def test_la_sante_vendue_cite_le_code_de_la_sante_publique():
    (constat,) = [c for c in controler(sensible(operations=["vente"]), JOUR) if c.code == "CES-06"]
    assert constat.source == "C. santé publ. art. L1111-8"
    assert "même avec son accord" in constat.message


def test_un_fichier_de_courtier_ne_se_juge_que_sur_les_finalites_qu_il_sert():
    postale = {**SAINE["finalites"][0], "type": "prospection", "canaux": ["POSTAL_B2C"]}
    courriel = {**postale, "numero": 2, "base_legale": "CONSENTEMENT", "canaux": ["EMAIL_B2C"]}
    for servies, chemins in (([1], []), ([2], ["cession.preuve_source"]), ([], ["cession.preuve_source"])):
        lus = faits(finalites=[postale, courriel], **avec("donnees", sources=["COURTIER"], finalites=servies))
        assert ou_parle("CES-07", lus) == chemins


def test_la_preuve_du_courtier_fait_taire_celle_de_la_transmission():
    vente = cession("EMAIL_B2C", base="CONSENTEMENT", promus=["EMAIL_B2C"], preuve_source="")
    codes = {c.code for c in controler(faits(**vente | avec("donnees", sources=["COURTIER"])), JOUR)}
    assert "CES-07" in codes and "CES-12" not in codes


def test_le_fournisseur_de_plusieurs_donnees_se_demande_une_fois():
    une = {**SAINE["donnees"][0], "sources": ["COURTIER"]}
    lus = faits(
        donnees=[{**une, "source_nom": "Fichiers du Var"}, {**une, "numero": 2}, {**une, "numero": 3}]
    )
    assert ou_parle("CES-13", lus) == ["donnees[2].source_nom"]


def test_le_fournisseur_a_nommer_se_dit_par_son_libelle():
    assert "courtier en données" in phrases("CES-13", faits(**avec("donnees", sources=["COURTIER"])))
