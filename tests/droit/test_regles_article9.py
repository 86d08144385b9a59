"""L'article 9 : l'exception de chaque donnée sensible, jugée pour chacune des finalités qu'elle sert."""

import pytest

from droit.regles import Gravite, controler
from exemples_faits import JOUR, faits, ou_parle, phrases

B, A = Gravite.BLOQUANT, Gravite.ALERTE
JUSTIFIEE = "La personne déclare ses allergies pour que nous l'alertions"
EXCEPTION = "donnees[1].exception_art9"


def finalite(numero=1, **champs):
    return {
        "numero": numero,
        "libelle": f"Conseiller les clients, volet {numero}",
        "type": "execution",
        "base_legale": "CONTRAT",
        "canaux": [],
        **champs,
    }


def sante(exception="ART9_A", finalites=(1,), **champs):
    lus = {"exception_art9": exception, "justification_art9": JUSTIFIEE, "finalites": list(finalites)}
    return [{"numero": 1, "categorie": "SANTE", "sources": ["DIRECTE"], **lus, **champs}]


def lire(finalites=None, donnees=None, profilage=None, **fiche):
    """Une fiche de santé sous contrat ; « données sensibles : oui »."""
    return faits(
        finalites=finalites or [finalite()],
        donnees=sante() if donnees is None else donnees,
        profilage=profilage or {"niveau": "aucun"},
        **{"donnees_sensibles": True} | fiche,
    )


def constats(code, lus):
    return [(c.chemin, c.gravite) for c in controler(lus, JOUR) if c.code == code]


# --- SEN-01 ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("donnees", "attendu"),
    [
        (sante(""), [(EXCEPTION, B)]),
        (sante(None), [(EXCEPTION, B)]),
        (sante("ART9_F"), []),
        ([{"numero": 1, "categorie": "MOYENS_PAIEMENT"}], []),
        ([{"numero": 1, "categorie": "NIR"}], []),
    ],
)
def test_une_donnee_sensible_suppose_une_exception(donnees, attendu):
    lus = lire(donnees=donnees)
    assert constats("SEN-01", lus) == attendu
    assert all(c.ecartable for c in controler(lus, JOUR) if c.code == "SEN-01")  # LIL art. 80, considérant 27


def test_l_exception_qui_manque_se_dit_une_fois_meme_sous_un_profilage():
    lus = lire(donnees=sante(""), profilage={"niveau": "score", "sensible": True})
    codes = [c.code for c in controler(lus, JOUR) if c.chemin == EXCEPTION]
    assert codes == ["SEN-01"]


# --- SEN-03 : les articles 6 et 9 se cumulent -------------------------------------------------------------------------------
OUI, NON, RIEN = ({"consentement_explicite": reponse} for reponse in (True, False, None))


@pytest.mark.parametrize("base", ["CONTRAT", "CONSENTEMENT", "OBLIGATION_LEGALE", "INTERET_LEGITIME"])
@pytest.mark.parametrize(
    ("reponse", "attendu"), [(OUI, []), (NON, [(EXCEPTION, B)]), (RIEN, [(EXCEPTION, A)])]
)
def test_l_accord_explicite_leve_l_interdiction_sous_toute_base(base, reponse, attendu):
    lus = lire([finalite(base_legale=base, **reponse)])
    assert constats("SEN-03", lus) == attendu
    assert all(c.ecartable for c in controler(lus, JOUR) if c.code == "SEN-03")


@pytest.mark.parametrize(
    ("premiere", "seconde", "servies", "attendu"),
    [
        (OUI, OUI, (1, 2), []),
        (OUI, NON, (1,), []),
        (OUI, NON, (2,), [(EXCEPTION, B)]),
        (OUI, RIEN, (2,), [(EXCEPTION, A)]),
        (OUI, NON, (1, 2), [(EXCEPTION, A)]),
        (OUI, RIEN, (1, 2), [(EXCEPTION, A)]),
        (NON, NON, (1, 2), [(EXCEPTION, B)]),
        (NON, RIEN, (1, 2), [(EXCEPTION, A)]),
        (OUI, NON, (), [("donnees[1].finalites", A)]),
        (NON, NON, (), [(EXCEPTION, B)]),
        (OUI, NON, (9,), [("donnees[1].finalites", A)]),
    ],
)
def test_l_accord_donne_a_une_finalite_ne_couvre_pas_l_autre(premiere, seconde, servies, attendu):
    """« finalites » vide : la donnée sert toutes les finalités de la fiche."""
    lus = lire([finalite(1, **premiere), finalite(2, **seconde)], sante(finalites=servies))
    assert constats("SEN-03", lus) == attendu


def test_la_phrase_nomme_les_finalites_que_l_accord_ne_couvre_pas():
    lus = lire([finalite(1, **OUI), finalite(2, **NON)], sante(finalites=(1, 2)))
    assert "« Conseiller les clients, volet 2 »" in phrases("SEN-03", lus)
    assert "volet 1" not in phrases("SEN-03", lus)


@pytest.mark.parametrize("donnees", [sante("ART9_F"), [{"numero": 1, "categorie": "COORDONNEES"}]])
def test_sans_l_exception_du_consentement_la_regle_se_tait(donnees):
    assert ou_parle("SEN-03", lire(donnees=donnees)) == []


def test_sans_finalite_rien_ne_se_juge():
    """REG-02 le dit déjà."""
    assert ou_parle("SEN-03", faits(finalites=[], donnees=sante())) == []


# --- SEN-02 : profilage ----------------------------------------------------------------------------------------------------
SCORE = {"niveau": "score", "sensible": True}
DECIDE = {**SCORE, "niveau": "decision_automatisee", "decision_auto": True}
SENSIBLE = "profilage.sensible"


@pytest.mark.parametrize(
    ("finalites", "donnees", "profilage", "attendu"),
    [
        # Une décision automatisée ne connaît que (a) et (g) : article 22(4).
        ([finalite()], sante("ART9_F"), DECIDE, [(EXCEPTION, B)]),
        ([finalite()], sante("ART9_E"), DECIDE, [(EXCEPTION, B)]),
        ([finalite()], sante("ART9_G"), DECIDE, []),
        ([finalite(**OUI)], sante(), DECIDE, []),
        # Sans décision, une autre exception se justifie, hors les données rendues publiques.
        ([finalite()], sante("ART9_H"), SCORE, []),
        ([finalite()], sante("ART9_H", justification_art9=""), SCORE, [(EXCEPTION, A)]),
        ([finalite()], sante("ART9_E"), SCORE, [(EXCEPTION, A)]),
        # Le profilage déduit du sensible.
        ([finalite(**OUI)], [], SCORE, []),
        ([finalite(**NON)], [], SCORE, [(SENSIBLE, B)]),
        ([finalite(**RIEN)], [], SCORE, [(SENSIBLE, A)]),
        ([finalite(1, **OUI), finalite(2, **NON)], [], SCORE, [(SENSIBLE, A)]),
        ([finalite(1, **OUI), finalite(2, type="profilage", **NON)], [], SCORE, [(SENSIBLE, B)]),
        ([finalite(1, **NON), finalite(2, type="profilage", **OUI)], [], SCORE, []),
        # La réponse contredit les données.
        ([finalite(**OUI)], sante(), {"niveau": "score", "sensible": False}, [(SENSIBLE, A)]),
        # Une autre finalité que celle qui profile utilise la donnée.
        (
            [finalite(1), finalite(2, type="profilage", **NON)],
            sante("ART9_F"),
            {"niveau": "score", "sensible": False},
            [],
        ),
        ([finalite()], sante("ART9_F"), {"niveau": "aucun", "sensible": True}, []),
        ([finalite(**NON)], [], {"recommandation": True, "sensible": True}, [(SENSIBLE, B)]),
        ([finalite()], [], {"niveau": "score", "sensible": None}, []),
    ],
)
def test_un_profilage_sensible_suppose_l_accord_ou_une_exception_qui_le_permette(
    finalites, donnees, profilage, attendu
):
    lus = lire(finalites, donnees, profilage)
    assert constats("SEN-02", lus) == attendu
    assert all(c.ecartable for c in controler(lus, JOUR) if c.code == "SEN-02")


# --- SEN-10 : la réponse « données sensibles » ------------------------------------------------------------------------------
def d(categorie):
    return [{"numero": 1, "categorie": categorie}]


@pytest.mark.parametrize(
    ("reponse", "donnees", "mot"),
    [
        (None, d("COORDONNEES"), "même par non"),
        (False, sante(), "« Données concernant la santé »"),
        (True, d("COORDONNEES"), "aucune catégorie"),
        (True, sante(), ""),
        (True, d("INFRACTIONS"), ""),
        (True, d("NIR"), ""),
        (True, [], ""),
        (False, d("COORDONNEES"), ""),
        (False, d("NIR"), ""),
    ],
)
def test_la_reponse_sur_les_donnees_sensibles_s_accorde_avec_la_fiche(reponse, donnees, mot):
    lus = lire(donnees=donnees, donnees_sensibles=reponse)
    assert ou_parle("SEN-10", lus) == (["donnees_sensibles"] if mot else [])
    assert mot in phrases("SEN-10", lus)


def test_un_profilage_qui_deduit_du_sensible_repond_pour_les_donnees():
    assert ou_parle("SEN-10", lire(donnees=d("TRANSACTIONS"), profilage=SCORE)) == []


# --- SEN-11 : la justification de l'exception --------------------------------------------------------------------------------
JUSTIFICATION = "donnees[1].justification_art9"
LETTRES = "ABCDEFGHIJ"


@pytest.mark.parametrize("lettre", LETTRES)
def test_toute_exception_se_justifie(lettre):
    muette = lire(donnees=sante(f"ART9_{lettre}", justification_art9=" "))
    assert constats("SEN-11", muette) == [(JUSTIFICATION, A)]


@pytest.mark.parametrize("lettre", "BGHIJ")
@pytest.mark.parametrize(
    ("justification", "parle"),
    [
        ("Utile à nos statistiques", True),
        ("Code du travail, art. L1226-1", False),
        ("Soins donnés par des professionnels tenus au secret", False),
        ("Loi n° 2002-303 du 4 mars 2002", False),
    ],
)
def test_une_exception_qui_ne_vaut_que_par_un_texte_le_cite(lettre, justification, parle):
    lus = lire(donnees=sante(f"ART9_{lettre}", justification_art9=justification))
    assert bool(ou_parle("SEN-11", lus)) is parle


@pytest.mark.parametrize("lettre", "ACDF")
def test_les_autres_exceptions_se_justifient_par_les_faits(lettre):
    assert ou_parle("SEN-11", lire([finalite(**OUI)], sante(f"ART9_{lettre}"))) == []


@pytest.mark.parametrize(
    ("nature", "parle"),
    [("prospection", True), ("statistiques", True), ("execution", False), ("autre", False)],
)
def test_des_donnees_rendues_publiques_ne_servent_pas_a_vendre(nature, parle):
    lus = lire([finalite(type=nature)], sante("ART9_E"))
    assert bool(ou_parle("SEN-11", lus)) is parle


def test_une_autre_finalite_commerciale_ne_compte_que_si_la_donnee_la_sert():
    finalites = [finalite(1), finalite(2, type="prospection")]
    assert ou_parle("SEN-11", lire(finalites, sante("ART9_E", (1,)))) == []
    assert ou_parle("SEN-11", lire(finalites, sante("ART9_E", (1, 2)))) == [JUSTIFICATION]


def test_sans_exception_il_n_y_a_rien_a_justifier():
    assert ou_parle("SEN-11", lire(donnees=sante(""))) == []


# --- DON-01 : ce que les mots laissent voir ---------------------------------------------------------------------------------
def dites(precisions, categorie="VIE_PERSONNELLE"):
    return [{"numero": 1, "categorie": categorie, "precisions": precisions}]


@pytest.mark.parametrize(
    ("precisions", "cite"),
    [
        ("Allergies alimentaires du convive", "Allergies"),
        ("Nom, état de santé, adresse", "état de santé"),
        ("Situation de handicap", "handicap"),
        ("Religion", "Religion"),
        ("Menus halal ou casher", "halal"),
        ("Empreintes digitales à l'entrée", "Empreintes digitales"),
        ("Arrêts maladie", "Arrêts maladie"),
        ("Extrait de casier judiciaire", "casier judiciaire"),
        ("Numéro de sécurité sociale", "Numéro de sécurité sociale"),
        ("Copie de la carte Vitale", "carte Vitale"),
    ],
)
def test_un_mot_qui_evoque_une_donnee_sensible_fait_poser_la_question(precisions, cite):
    lus = lire(donnees=dites(precisions), donnees_sensibles=False)
    assert constats("DON-01", lus) == [("donnees[1].precisions", A)]
    assert f"Vous citez « {cite} »" in phrases("DON-01", lus)


@pytest.mark.parametrize(
    "precisions",
    [
        "",
        "Nom, prénom, adresse",
        "Commentaires, sans donnée de santé",
        "Aucune donnée relative à la religion",
        "À l'exclusion de toute allergie",
        "Numéro de contrat de complémentaire santé",
        "Spécialité médicale du praticien",
        "Caisse d'assurance maladie",
        "Syndicat de copropriété",
        "Empreinte numérique du navigateur",
        "Produits achetés au rayon santé et beauté",
    ],
)
def test_un_mot_ordinaire_ou_ecarte_se_tait(precisions):
    assert ou_parle("DON-01", lire(donnees=dites(precisions), donnees_sensibles=False)) == []


def test_ce_que_la_fiche_decrit_deja_ne_se_soupconne_pas():
    decrites = [
        *sante(),
        {"numero": 2, "categorie": "VIE_PERSONNELLE", "precisions": "Allergies, casier judiciaire"},
    ]
    assert phrases("DON-01", lire(donnees=decrites)).count("Vous citez") == 1
