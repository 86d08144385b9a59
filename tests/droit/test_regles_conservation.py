"""Les règles de conservation : durée, point de départ, référence, sort final, purge."""

from dataclasses import replace
from datetime import date

import pytest

from conservation.application import application
from conservation.visees import visee
from droit.regles import REGLES, Exigence, Gravite, Marque, controler
from exemples_faits import JOUR, SAINE, avec, faits, ou_parle, phrases

REGLE = SAINE["conservations"][0]
DONNEE = SAINE["donnees"][0]
ANONYMISEE = {"sort_final": "anonymisation", "technique": "agregation"}
ARCHIVEE = {"sort_final": "archivage_intermediaire"}


def regle(**champs):
    """La fiche saine, sa durée de conservation changée."""
    return faits(**avec("conservations", **champs))


def jugee(le=JOUR, fiche=None, **champs):
    """La même, sa durée portant ce que l'on sait ce jour-là de son application."""
    (duree,) = avec("conservations", **champs)["conservations"]
    lue = application(duree, fiche or {}, (), le)
    return faits(**avec("conservations", **champs, _application=lue))


def duree(valeur, unite, reference, **champs):
    return regle(duree_valeur=valeur, duree_unite=unite, regle_reference=reference, **champs)


def constats(code, lus, le=JOUR):
    return [c for c in controler(lus, le) if c.code == code]


# --- RET-01 : une durée ou un critère par catégorie --------------------------------------------------------------------
def test_une_categorie_sans_duree_de_conservation_est_signalee_a_sa_ligne():
    lus = faits(conservations=[])
    assert ou_parle("RET-01", lus) == ["donnees[1].categorie"]
    assert "« Coordonnées »" in phrases("RET-01", lus)


def test_une_duree_vide_est_l_endroit_ou_corriger():
    assert ou_parle("RET-01", regle(duree_valeur=None)) == ["conservations[1].duree_valeur"]


def test_deux_lignes_de_la_meme_categorie_ne_font_qu_un_constat():
    lignes = [DONNEE, {**DONNEE, "numero": 2, "precisions": "adresse de livraison"}]
    assert ou_parle("RET-01", faits(donnees=lignes, conservations=[])) == ["donnees[1].categorie"]


@pytest.mark.parametrize(
    "champs",
    [
        {},
        {"duree_valeur": 0, "duree_unite": "jours"},
        {"duree_valeur": None, "duree_unite": "", "critere": "jusqu'à la clôture du dossier"},
        {"categories": []},
        {"categories": ["COORDONNEES", "TRANSACTIONS"]},
    ],
)
def test_une_duree_un_critere_ou_une_duree_generale_suffit(champs):
    assert ou_parle("RET-01", regle(**champs)) == []


def test_la_duree_generale_vide_ne_couvre_rien():
    lus = regle(categories=[], duree_valeur=None, critere=" ")
    assert ou_parle("RET-01", lus) == ["donnees[1].categorie"]


def test_une_categorie_sans_duree_bloque_mais_peut_s_ecarter():
    (constat,) = constats("RET-01", faits(conservations=[]))
    assert (constat.gravite, constat.ecartable) == (Gravite.BLOQUANT, True)


# --- RET-02 : un point de départ par durée -----------------------------------------------------------------------------
@pytest.mark.parametrize("depart", [None, ""])
def test_une_duree_sans_point_de_depart_est_signalee(depart):
    lus = regle(point_depart=depart)
    assert ou_parle("RET-02", lus) == ["conservations[1].point_depart"]
    assert "3 ans" in phrases("RET-02", lus)


@pytest.mark.parametrize(
    "champs",
    [
        {},
        {"duree_valeur": None, "critere": "fin du contrat", "point_depart": None},
        {"point_depart": None, "point_depart_precisions": "fin du bail"},
        {"point_depart": "", "critere": "à compter de la restitution des clés"},
        {"point_depart": None, "duree_valeur": 0, "duree_unite": "jours"},
    ],
)
def test_un_critere_un_depart_ecrit_ou_ce_que_l_on_ne_garde_pas_suffisent(champs):
    assert ou_parle("RET-02", regle(**champs)) == []


def test_un_critere_vague_ne_dit_pas_le_point_de_depart():
    assert ou_parle("RET-02", regle(point_depart=None, critere="durée légale")) == [
        "conservations[1].point_depart"
    ]


def test_une_duree_sans_point_de_depart_bloque_et_peut_s_ecarter():
    """Comme l'absence de durée, moins grave : l'article 30(1)(f) ne demande les délais que « dans la mesure du possible »."""
    (constat,) = constats("RET-02", regle(point_depart=None))
    assert (constat.gravite, constat.ecartable) == (Gravite.BLOQUANT, True)


# --- RET-03 : plus long que la référence -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("valeur", "unite", "reference", "parle"),
    [
        (3, "ans", "PROSPECT-3A", False),
        (36, "mois", "PROSPECT-3A", False),
        (1095, "jours", "PROSPECT-3A", False),
        (37, "mois", "PROSPECT-3A", True),
        (1096, "jours", "PROSPECT-3A", True),
        (4, "ans", "PROSPECT-3A", True),
        (31, "jours", "VIDEO-1M", False),
        (32, "jours", "VIDEO-1M", True),
        (365, "jours", "JOURNAUX-6M-1A", False),
        (366, "jours", "JOURNAUX-6M-1A", True),
        (1, "ans", "JOURNAUX-6M-1A", False),
        (13, "mois", "JOURNAUX-6M-1A", True),
        (10, "ans", "COMPTA-10A", False),
        (11, "ans", "COMPTA-10A", True),  # une durée imposée se dépasse aussi
        (40, "ans", "RETRACTATION-14J", False),  # un droit de la personne
        (40, "ans", "EFFACEMENT-DEMANDE-1M", False),  # un délai pour agir
        (40, "ans", "CLIENT-RELATION", False),  # un critère, sans durée
        (40, "ans", "REGLE-INCONNUE", False),
        (40, "ans", None, False),
        (40, "siècles", "PROSPECT-3A", False),
        (None, "", "PROSPECT-3A", False),
    ],
)
def test_une_duree_se_compare_au_maximum_de_sa_reference(valeur, unite, reference, parle):
    attendu = ["conservations[1].duree_valeur"] if parle else []
    assert ou_parle("RET-03", duree(valeur, unite, reference)) == attendu


def test_la_justification_fait_taire_le_depassement():
    assert (
        ou_parle("RET-03", duree(4, "ans", "PROSPECT-3A", justification_ecart="Cycle d'achat de quatre ans."))
        == []
    )


def test_le_depassement_dit_le_texte_sa_valeur_et_sa_source():
    (constat,) = constats("RET-03", duree(5, "ans", "PROSPECT-3A"))
    assert "(5 ans)" in constat.message and "3 ans (recommandation de la CNIL)" in constat.message
    assert "2021-131" in constat.message and constat.source.startswith("CNIL délib. 2021-131")
    assert (constat.gravite, constat.marque) == (Gravite.ALERTE, Marque.SECONDAIRE)


def test_un_usage_n_est_jamais_presente_comme_la_loi():
    (constat,) = constats("RET-03", duree(2, "ans", "PROFIL-1A"))
    assert "usage : proposition sans texte chiffré, à relire" in constat.message
    assert "loi" not in constat.message
    assert constat.marque is Marque.MEMOIRE


def test_un_maximum_legal_se_depasse_avec_un_texte_pas_avec_un_ecart():
    assert "citez le texte" in phrases("RET-03", duree(2, "mois", "VIDEO-1M"))
    assert "justifiez l'écart" in phrases("RET-03", duree(4, "ans", "PROSPECT-3A"))
    # Texte non relu.
    assert "justifiez l'écart" in phrases("RET-03", duree(2, "ans", "AVIS-IDENT-HEBERGEUR-1A"))


def test_une_duree_imposee_qui_se_depasse_le_dit_et_se_justifie():
    (constat,) = constats("RET-03", duree(11, "ans", "COMPTA-10A"))
    assert constat.gravite is Gravite.ALERTE
    assert "dépasse le délai qu'impose la durée de référence" in constat.message
    assert ou_parle("RET-03", duree(11, "ans", "COMPTA-10A", justification_ecart="Bail commercial.")) == []


def test_le_critere_de_la_reference_se_lit_avec_sa_duree():
    assert "délai de rétractation" in phrases("RET-03", duree(14, "jours", "CB-TRANSACTION"))


# --- RET-04 : plus court qu'un minimum légal ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("valeur", "unite", "reference", "parle"),
    [
        (10, "ans", "COMPTA-10A", False),
        (120, "mois", "COMPTA-10A", False),
        (119, "mois", "COMPTA-10A", True),
        (9, "ans", "COMPTA-10A", True),
        (6, "ans", "FISCAL-6A", False),
        (5, "ans", "FISCAL-6A", True),
        (365, "jours", "AVIS-IDENT-HEBERGEUR-1A", False),
        (364, "jours", "AVIS-IDENT-HEBERGEUR-1A", True),
        (12, "mois", "AVIS-IDENT-HEBERGEUR-1A", False),
        (3, "ans", "PREUVE-CONSENT-TEL-3A", False),
        (36, "mois", "PREUVE-CONSENT-TEL-3A", False),
        (35, "mois", "PREUVE-CONSENT-TEL-3A", True),
        # Des droits du consommateur, que rien n'oblige à conserver : ils ne bloquent jamais.
        (1, "jours", "RETRACTATION-14J", False),
        (1, "jours", "RETRACTATION-12M", False),
        (1, "ans", "GARANTIE-CONFORMITE-2A", False),
        (1, "mois", "MEDIATION-1A", False),
        (1, "ans", "OPPOSITION-3A-MIN", False),  # minimum recommandé, non légal
        (1, "jours", "VIDEO-1M", False),  # maximum légal
    ],
)
def test_une_duree_se_compare_au_minimum_legal(valeur, unite, reference, parle):
    attendu = ["conservations[1].duree_valeur"] if parle else []
    assert ou_parle("RET-04", duree(valeur, unite, reference)) == attendu


def test_un_minimum_legal_bloque_et_peut_s_ecarter():
    (constat,) = constats("RET-04", duree(5, "ans", "COMPTA-10A"))
    assert (constat.gravite, constat.ecartable) == (Gravite.BLOQUANT, True)
    assert constat.source == "C. com. art. L123-22 al. 2"
    assert "10 ans (loi ou règlement)" in constat.message


FACTURES = {"categories": ["FACTURATION_REGLEMENT"], "point_depart": "CLOTURE_EXERCICE"}


def lignes(*durees, **fiche):
    return faits(conservations=[{**REGLE, **k, "numero": n} for n, k in enumerate(durees, 1)], **fiche)


@pytest.mark.parametrize(
    ("active", "archive", "parle"),
    [
        ({"duree_valeur": 2}, {"duree_valeur": 8}, []),
        ({"duree_valeur": 2}, {"duree_valeur": 10}, []),
        ({"duree_valeur": 2}, {"duree_valeur": 7}, [1, 2]),
        ({"duree_valeur": 2, "sort_final": "suppression"}, {"duree_valeur": 8}, [1, 2]),
        ({"duree_valeur": 2}, {"duree_valeur": None, "duree_unite": "", "critere": "fin du contrôle"}, [1]),
        ({"duree_valeur": 2}, {"duree_valeur": 8, "categories": ["LIVRAISON"]}, [1, 2]),
    ],
)
def test_le_minimum_legal_se_tient_base_active_et_archive_ensemble(active, archive, parle):
    citee = FACTURES | {"regle_reference": "COMPTA-10A"}
    active = citee | {"sort_final": "archivage_intermediaire"} | active
    archive = citee | {"phase": "archivage_intermediaire", "acces_restreint": True} | archive
    attendu = [f"conservations[{n}].duree_valeur" for n in parle]
    assert sorted(ou_parle("RET-04", lignes(active, archive))) == attendu


def test_une_archive_annoncee_que_rien_ne_chiffre_ne_bloque_pas():
    citee = FACTURES | {"regle_reference": "COMPTA-10A", "duree_valeur": 2}
    (constat,) = constats("RET-04", lignes(citee | {"sort_final": "archivage_intermediaire"}))
    assert constat.gravite is Gravite.ALERTE


def test_un_minimum_legal_justifie_n_est_plus_qu_une_alerte():
    (constat,) = constats(
        "RET-04", duree(3, "ans", "COMPTA-10A", justification_ecart="Gardées par le comptable.")
    )
    assert constat.gravite is Gravite.ALERTE


def test_un_minimum_que_personne_n_a_relu_ne_bloque_pas():
    (constat,) = constats("RET-04", duree(6, "mois", "AVIS-IDENT-HEBERGEUR-1A"))
    assert (constat.gravite, constat.marque) == (Gravite.ALERTE, Marque.MEMOIRE)
    assert "1 an (loi ou règlement, à relire)" in constat.message


# --- RET-05 : plus court qu'un minimum recommandé ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("valeur", "unite", "reference", "parle"),
    [
        (3, "ans", "OPPOSITION-3A-MIN", False),
        (36, "mois", "OPPOSITION-3A-MIN", False),
        (35, "mois", "OPPOSITION-3A-MIN", True),
        (6, "mois", "JOURNAUX-6M-1A", False),
        (5, "mois", "JOURNAUX-6M-1A", True),
        (4, "ans", "PURGE-PREUVE-5A", True),
        (5, "ans", "COMPTA-10A", False),  # minimum légal : c'est RET-04
        (1, "jours", "PROSPECT-3A", False),
    ],
)
def test_une_duree_se_compare_au_minimum_recommande(valeur, unite, reference, parle):
    attendu = ["conservations[1].duree_valeur"] if parle else []
    assert ou_parle("RET-05", duree(valeur, unite, reference)) == attendu


def test_la_justification_fait_taire_le_minimum_recommande():
    lus = duree(1, "mois", "JOURNAUX-6M-1A", justification_ecart="Aucun incident exploitable au-delà.")
    assert ou_parle("RET-05", lus) == []


def test_le_minimum_recommande_est_une_alerte_qui_dit_ce_qu_elle_vaut():
    (constat,) = constats("RET-05", duree(1, "mois", "JOURNAUX-6M-1A"))
    assert constat.gravite is Gravite.ALERTE
    assert "6 mois (recommandation de la CNIL)" in constat.message
    assert "proposition sans texte chiffré" in phrases("RET-05", duree(1, "ans", "PURGE-PREUVE-5A"))


# --- RET-06 : sort final -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("sort", [None, ""])
def test_un_sort_final_vide_est_signale(sort):
    assert ou_parle("RET-06", regle(sort_final=sort)) == ["conservations[1].sort_final"]


def test_un_sort_final_precise_ne_l_est_pas():
    assert ou_parle("RET-06", faits()) == []


# --- RET-07 : statistiques et anonymisation ----------------------------------------------------------------------------
def eprouvee(lus, *epreuves):
    """Les mêmes faits, avec ces épreuves : (numéro de durée, date, verdict)."""
    visees = {k["numero"]: [visee(k)] for k in lus.fiche["conservations"]}
    faites = [
        {
            "regle": r,
            "date": d,
            "verdict": v,
            "visees": visees.get(r, []),
            "valable_jusqu_au": fin[0] if fin else "2027-11-01",
        }
        for r, d, v, *fin in epreuves
    ]
    return replace(lus, epreuves=tuple(faites))


def statistiques(*regles, conserve_apres_terme=None, **fiche):
    """Une fiche de statistiques dont chaque durée a passé une épreuve d'anonymat."""
    return eprouvee(
        statistiques_sans_epreuve(*regles, conserve_apres_terme=conserve_apres_terme, **fiche),
        *((n, "2026-11-01", "passee") for n in range(1, len(regles) + 1)),
    )


def statistiques_sans_epreuve(*regles, conserve_apres_terme=True, **fiche):
    finalite = {**SAINE["finalites"][0], "type": "statistiques", "conserve_apres_terme": conserve_apres_terme}
    numerotees = [{**REGLE, **k, "numero": n} for n, k in enumerate(regles, 1)]
    return faits(finalites=[finalite], conservations=numerotees, **fiche)


@pytest.mark.parametrize(
    ("regles", "chemins"),
    [
        ([ARCHIVEE], ["conservations[1].sort_final"]),
        ([{"sort_final": ""}], ["conservations[1].sort_final"]),
        ([{"categories": [], **ARCHIVEE}], ["conservations[1].sort_final"]),
        # Celle de la catégorie d'abord.
        ([{"categories": [], **ARCHIVEE}, ARCHIVEE], ["conservations[2].sort_final"]),
        # Ce qui est supprimé est mieux qu'anonymisé.
        ([{}], []),
        ([{"sort_final": "suppression_ou_anonymisation"}], []),
        ([{"categories": []}], []),
        ([{}, {"sort_final": "archivage_definitif"}], ["conservations[2].sort_final"]),
        ([{**ARCHIVEE, "justification_ecart": "Série longue, pseudonymisée (art. 89(1))."}], []),
        ([{"sort_final": "archivage_definitif", "justification_ecart": "Fonds remis aux archives."}], []),
        ([], ["finalites[1].conserve_apres_terme"]),
        ([{"categories": ["TRANSACTIONS"]}], ["finalites[1].conserve_apres_terme"]),
        ([{"categories": ["TRANSACTIONS"], **ANONYMISEE}], ["finalites[1].conserve_apres_terme"]),
        ([ANONYMISEE], []),
        ([{"sort_final": "anonymisation"}], []),
        ([ARCHIVEE, ANONYMISEE], []),
        ([ARCHIVEE, {"categories": [], **ANONYMISEE}], []),
        ([{"sort_final": "archivage_definitif", "regle_reference": "STAT-ANONYMES"}], []),
        ([{"sort_final": "suppression", "technique": "bruit"}], []),
    ],
)
def test_des_statistiques_gardees_apres_le_terme_supposent_l_anonymisation(regles, chemins):
    assert ou_parle("RET-07", statistiques(*regles, conserve_apres_terme=True)) == chemins


@pytest.mark.parametrize("reponse", [False, None])
@pytest.mark.parametrize(
    ("regles", "chemins"),
    [
        ([ARCHIVEE], []),
        ([], []),
        ([{}, {"sort_final": "archivage_definitif"}], ["conservations[2].sort_final"]),
        ([{"sort_final": "archivage_definitif", "technique": "hachage"}], ["conservations[1].sort_final"]),
        ([{"sort_final": "archivage_definitif", "technique": "agregation"}], []),
        ([{"sort_final": "archivage_definitif", "regle_reference": "STAT-ANONYMES"}], []),
    ],
)
def test_sans_conservation_declaree_seul_l_archivage_definitif_parle(regles, chemins, reponse):
    attendus = [*chemins, *(["finalites[1].conserve_apres_terme"] if reponse is None else [])]
    assert ou_parle("RET-07", statistiques(*regles, conserve_apres_terme=reponse)) == attendus


def test_ne_pas_dire_si_les_donnees_servent_apres_leur_terme_se_demande_sans_bloquer():
    (constat,) = constats("RET-07", statistiques({}, conserve_apres_terme=None))
    assert (constat.chemin, constat.gravite) == ("finalites[1].conserve_apres_terme", Gravite.ALERTE)
    assert ou_parle("RET-07", statistiques({}, conserve_apres_terme=False)) == []
    assert ou_parle("RET-07", faits()) == []  # une autre finalité : la question ne se pose pas


def test_seules_comptent_les_donnees_que_la_finalite_utilise():
    autre = {**DONNEE, "categorie": "TRANSACTIONS", "finalites": [2]}
    assert ou_parle("RET-07", statistiques(conserve_apres_terme=True, donnees=[autre])) == []
    toutes = {**autre, "finalites": []}
    assert ou_parle("RET-07", statistiques(conserve_apres_terme=True, donnees=[toutes])) == [
        "finalites[1].conserve_apres_terme"
    ]


def test_deux_finalites_statistiques_se_jugent_chacune():
    premiere = {**SAINE["finalites"][0], "type": "statistiques", "conserve_apres_terme": True}
    seconde = {**premiere, "numero": 2, "conserve_apres_terme": False}
    archivee = {**REGLE, "numero": 2, "categories": ["TRANSACTIONS"], "sort_final": "archivage_definitif"}
    achats = {**DONNEE, "numero": 2, "categorie": "TRANSACTIONS", "finalites": [2]}
    durees = [{**REGLE, **ANONYMISEE}, archivee]
    lus = faits(finalites=[premiere, seconde], donnees=[DONNEE, achats], conservations=durees)
    assert ou_parle("RET-07", lus) == ["conservations[2].sort_final"]
    # Aucune n'utilise ces données : l'archivage ne tient pas aux statistiques.
    assert ou_parle("RET-07", faits(finalites=[premiere, seconde], conservations=durees)) == []


def test_hors_des_statistiques_l_archivage_definitif_releve_d_une_autre_regle():
    assert ou_parle("RET-07", regle(sort_final="archivage_definitif")) == []


def test_des_statistiques_identifiantes_bloquent_et_peuvent_se_justifier():
    """L'article 5(1)(e) admet une durée plus longue sous les garanties de l'article 89(1) : une raison écrite l'écarte."""
    (constat,) = constats("RET-07", statistiques(ARCHIVEE, conserve_apres_terme=True))
    assert (constat.gravite, constat.ecartable) == (Gravite.BLOQUANT, True)
    assert "art. 89(1)" in constat.message


# --- RET-15 : l'épreuve d'anonymat ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("epreuves", "dit"),
    [
        ([], "éprouvez le fichier conservé"),
        ([(2, "2026-11-01", "passee")], "éprouvez le fichier conservé"),  # une autre durée
        ([(None, "2026-11-01", "passee")], "éprouvez le fichier conservé"),  # aucune durée
        ([(1, "2026-11-25", "passee")], "éprouvez le fichier conservé"),  # demain
        ([(1, "2026-11-01", "insuffisante")], "n'atteint pas ses seuils"),
        ([(1, "2026-10-01", "passee"), (1, "2026-11-01", "insuffisante")], "n'atteint pas ses seuils"),
        ([(1, "2026-10-01", "insuffisante"), (1, "2026-11-01", "passee")], ""),
        ([(1, "2026-11-24", "passee")], ""),
        ([(1, "2026-11-01", "pseudonymisee")], ""),  # RET-08 le dit
        ([(1, "2026-11-01", "identifiante")], ""),
        ([(1, "2026-11-01", "partielle")], "n'a pas tout établi"),
        ([(1, "2025-11-24", "passee", "2026-11-24")], ""),  # son dernier jour
        ([(1, "2025-11-23", "passee", "2026-11-23")], "est à refaire, elle valait jusqu'au 23"),
        ([(1, "2026-11-01", "passee", None)], "son protocole n'étant plus employé"),
    ],
)
def test_des_statistiques_dites_anonymes_supposent_une_epreuve_passee(epreuves, dit):
    lus = eprouvee(statistiques_sans_epreuve(ANONYMISEE), *epreuves)
    assert dit in phrases("RET-15", lus)
    gravite = Gravite.ALERTE if "seuils" in dit else Gravite.CONSEIL
    attendus = [("conservations[1].technique", gravite)] if dit else []
    assert [(c.chemin, c.gravite) for c in constats("RET-15", lus)] == attendus


def test_une_epreuve_qui_manque_est_un_conseil_et_n_est_pas_exigee():
    (constat,) = constats("RET-15", statistiques_sans_epreuve(ANONYMISEE))
    assert (constat.gravite, constat.exigence) == (Gravite.CONSEIL, Exigence.RECOMMANDE)
    assert ou_parle("RET-15", statistiques_sans_epreuve({})) == []  # supprimées : rien à éprouver


def test_sans_statistiques_gardees_aucune_epreuve_n_est_demandee():
    assert ou_parle("RET-15", statistiques_sans_epreuve(ANONYMISEE, conserve_apres_terme=False)) == []
    assert ou_parle("RET-15", regle(**ANONYMISEE)) == []


def test_une_autre_epreuve_est_un_autre_constat():
    """Un écart posé avant l'épreuve ne vaut plus après : l'empreinte suit ce que le message dit."""
    avant, apres = (
        eprouvee(statistiques_sans_epreuve(ANONYMISEE), *epreuves)
        for epreuves in ([], [(1, "2026-11-01", "insuffisante")])
    )
    (un,), (autre,) = constats("RET-15", avant), constats("RET-15", apres)
    assert un.empreinte != autre.empreinte


# --- RET-08 : techniques -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "technique", ["pseudonymisation", "hachage", "chiffrement", "table_correspondance", "aucune"]
)
@pytest.mark.parametrize("sort", ["anonymisation", "suppression_ou_anonymisation"])
def test_une_technique_reversible_n_anonymise_pas(technique, sort):
    lus = regle(sort_final=sort, technique=technique)
    assert ou_parle("RET-08", lus) == ["conservations[1].technique"]
    assert "ce n'est pas une anonymisation" in phrases("RET-08", lus)


@pytest.mark.parametrize(
    "champs",
    [
        *(
            {"sort_final": "anonymisation", "technique": t}
            for t in ("agregation", "generalisation", "bruit", "", None)
        ),
        {"sort_final": "suppression", "technique": "hachage"},
    ],
)
def test_une_technique_irreversible_ou_inconnue_ne_se_signale_pas(champs):
    assert ou_parle("RET-08", regle(**champs)) == []


@pytest.mark.parametrize(
    ("champs", "epreuves", "parle"),
    [
        (ANONYMISEE, [(1, "2026-11-01", "pseudonymisee")], True),
        (ANONYMISEE, [(1, "2026-11-01", "identifiante")], True),
        (
            ANONYMISEE,
            [(1, "2020-11-01", "pseudonymisee", "2021-11-01")],
            True,
        ),  # ce qu'elle a montré ne se périme pas
        (ANONYMISEE, [(1, "2026-11-01", "partielle")], False),
        ({"sort_final": "suppression_ou_anonymisation"}, [(1, "2026-11-01", "pseudonymisee")], True),
        (ANONYMISEE, [(1, "2026-11-01", "insuffisante")], False),
        (ANONYMISEE, [(1, "2026-11-25", "pseudonymisee")], False),  # demain
        (ANONYMISEE, [(2, "2026-11-01", "pseudonymisee")], False),
        (ANONYMISEE, [(1, "2026-10-01", "pseudonymisee"), (1, "2026-11-01", "passee")], False),
        (ANONYMISEE, [(1, "2026-10-01", "passee"), (1, "2026-11-01", "pseudonymisee")], True),
        ({"sort_final": "suppression"}, [(1, "2026-11-01", "pseudonymisee")], False),
    ],
)
def test_une_epreuve_qui_conclut_pseudonymisee_dement_l_anonymisation(champs, epreuves, parle):
    lus = eprouvee(regle(**champs), *epreuves)
    assert ou_parle("RET-08", lus) == (["conservations[1].technique"] if parle else [])


def test_l_epreuve_pseudonymisee_bloque_et_se_date():
    (constat,) = constats("RET-08", eprouvee(regle(**ANONYMISEE), (1, "2026-11-01", "pseudonymisee")))
    assert (constat.gravite, constat.ecartable) == (Gravite.BLOQUANT, False)
    assert "1er\N{NO-BREAK SPACE}novembre 2026" in constat.message


def test_une_technique_reversible_ne_se_dit_qu_une_fois():
    lus = eprouvee(regle(sort_final="anonymisation", technique="hachage"), (1, "2026-11-01", "pseudonymisee"))
    assert len(constats("RET-08", lus)) == 1


# --- RET-16 et RET-17 : la technique, l'archivage définitif ------------------------------------------------------------
@pytest.mark.parametrize(
    ("champs", "parle"),
    [
        ({"sort_final": "anonymisation"}, True),
        ({"sort_final": "anonymisation", "technique": ""}, True),
        (ANONYMISEE, False),
        ({"sort_final": "suppression"}, False),
        ({"sort_final": "suppression_ou_anonymisation"}, False),  # la suppression suffit
        ({"sort_final": "anonymisation", "technique": "hachage"}, False),  # RET-08 le dit
    ],
)
def test_une_anonymisation_dit_sa_technique(champs, parle):
    lus = regle(**champs)
    assert ou_parle("RET-16", lus) == (["conservations[1].technique"] if parle else [])


def test_une_technique_non_dite_est_une_alerte():
    (constat,) = constats("RET-16", regle(sort_final="anonymisation"))
    assert (constat.gravite, constat.exigence) == (Gravite.ALERTE, Exigence.AUTRE_TEXTE)


@pytest.mark.parametrize(
    ("champs", "organisme", "parle"),
    [
        ({}, {}, True),
        ({"technique": "agregation"}, {}, False),
        ({"regle_reference": "STAT-ANONYMES"}, {}, False),
        ({"source": "C. patrimoine, art. L212-2"}, {}, False),
        ({"justification_ecart": "Fonds remis aux archives départementales."}, {}, False),
        ({}, {"autorite_publique": True}, False),
        ({}, {"autorite_publique": False}, True),
    ],
)
def test_un_archivage_definitif_se_fonde_sur_un_texte_ou_une_raison(champs, organisme, parle):
    lus = faits(organisme, **avec("conservations", sort_final="archivage_definitif", **champs))
    assert ou_parle("RET-17", lus) == (["conservations[1].sort_final"] if parle else [])


def test_l_archivage_definitif_de_statistiques_ne_se_dit_qu_une_fois():
    lus = statistiques({"sort_final": "archivage_definitif"}, conserve_apres_terme=False)
    assert (len(ou_parle("RET-07", lus)), ou_parle("RET-17", lus)) == (1, [])


# --- RET-09 : accès restreint ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("phase", "acces", "parle"),
    [
        ("archivage_intermediaire", False, True),
        ("archivage_intermediaire", None, True),
        ("archivage_intermediaire", True, False),
        ("base_active", False, False),
        ("base_active", None, False),
    ],
)
def test_l_archivage_intermediaire_suppose_un_acces_restreint(phase, acces, parle):
    attendu = ["conservations[1].acces_restreint"] if parle else []
    assert ou_parle("RET-09", regle(phase=phase, acces_restreint=acces)) == attendu


def test_un_acces_dont_on_ne_dit_rien_se_demande():
    archive = {"phase": "archivage_intermediaire"}
    assert "dites si l'accès est restreint" in phrases("RET-09", regle(**archive, acces_restreint=None))
    assert "dites si" not in phrases("RET-09", regle(**archive, acces_restreint=False))


def test_l_acces_restreint_se_recommande():
    (constat,) = constats("RET-09", regle(phase="archivage_intermediaire", acces_restreint=False))
    assert (constat.gravite, constat.exigence) == (Gravite.ALERTE, Exigence.RECOMMANDE)


# --- RET-10 : purges ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("echeance", "purge", "le", "parle"),
    [
        ("2026-06-30", None, date(2026, 6, 30), False),  # le jour même
        ("2026-06-30", None, date(2026, 7, 1), True),
        ("2026-06-30", "2026-06-29", date(2026, 7, 1), True),
        ("2026-06-30", "2026-06-30", date(2026, 7, 1), False),
        ("2026-06-30", "2026-07-01", date(2026, 7, 1), False),
        (None, None, JOUR, False),
    ],
)
def test_une_echeance_passee_appelle_une_purge(echeance, purge, le, parle):
    assert (
        ou_parle("RET-10", regle(echeance=echeance, derniere_purge=purge), le) == []
    )  # sans l'avoir lue, rien n'est dit
    lus = jugee(le, echeance=echeance, derniere_purge=purge)
    assert ou_parle("RET-10", lus, le) == (["conservations[1].derniere_purge"] if parle else [])


def test_la_purge_trop_ancienne_est_datee():
    message = phrases("RET-10", jugee(echeance="2026-06-30", derniere_purge="2025-06-01"))
    assert "30\N{NO-BREAK SPACE}juin 2026" in message and "1er\N{NO-BREAK SPACE}juin 2025" in message


def test_une_suspension_n_efface_pas_une_echeance_passee_elle_ne_retient_que_ses_dossiers():
    suspendue = {"suspension_debut": "2026-06-01", "suspension_dossiers": "le litige 114"}
    lus = jugee(date(2026, 7, 1), echeance="2026-06-15", **suspendue)
    assert ou_parle("RET-10", lus, date(2026, 7, 1)) == ["conservations[1].derniere_purge"]


@pytest.mark.parametrize(
    ("dite", "parle"), [("non", True), ("partiellement", True), ("inconnu", False), ("", False)]
)
def test_une_duree_dite_non_appliquee_n_est_pas_un_silence(dite, parle):
    lus = jugee(appliquee=dite, appliquee_precisions="Le tableur n'a jamais été purgé.")
    assert ou_parle("RET-10", lus) == (["conservations[1].appliquee"] if parle else [])
    assert ("jamais été purgé" in phrases("RET-10", lus)) is parle


def test_une_epreuve_faite_sous_une_autre_duree_ne_dit_rien_de_celle_ci():
    avant = eprouvee(regle(**ANONYMISEE, duree_valeur=9), (1, "2026-11-01", "pseudonymisee"))
    lus = replace(regle(**ANONYMISEE), epreuves=avant.epreuves)
    assert ou_parle("RET-08", avant) and not ou_parle("RET-08", lus)


@pytest.mark.parametrize("verdict", ["pseudonymisee", "identifiante"])
@pytest.mark.parametrize("categories", [["COORDONNEES", "PROFILS"], []])
def test_un_dementi_tient_quand_l_ensemble_s_elargit_ou_absorbe_la_duree_eprouvee(verdict, categories):
    """Une épreuve passée ne vaut que pour ce qu'elle couvrait ; un démenti, dès qu'une donnée est commune."""
    elargie = regle(**ANONYMISEE, categories=categories)
    ailleurs = eprouvee(regle(**ANONYMISEE), (1, "2026-11-01", verdict)).epreuves[0] | {"regle": 3}
    ailleurs = dict(ailleurs) | {"visees": [{**ailleurs["visees"][0], "numero": 3, "disparue": True}]}
    assert ou_parle("RET-08", replace(elargie, epreuves=(ailleurs,))) == ["conservations[1].technique"]
    autre = dict(ailleurs) | {"visees": [{**ailleurs["visees"][0], "categories": ["TRANSACTIONS"]}]}
    assert ou_parle("RET-08", replace(elargie, epreuves=(autre,))) == []


# --- RET-13 et RET-14 : la fréquence et la suspension -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("valeur", "unite", "frequence", "parle"),
    [
        (1, "mois", 1, False),
        (1, "mois", 2, True),
        (31, "jours", 1, False),
        (30, "jours", 1, False),  # chaque mois : le champ ne sait pas dire plus souvent
        (30, "jours", 2, True),
        (3, "ans", 36, False),
        (3, "ans", 37, True),
        (3, "ans", None, False),
        (None, "", 12, False),
        (1, "mois", "pas un nombre", False),
    ],
)
def test_une_purge_plus_espacee_que_la_duree_se_signale(valeur, unite, frequence, parle):
    lus = regle(duree_valeur=valeur, duree_unite=unite, frequence_mois=frequence)
    assert ou_parle("RET-13", lus) == (["conservations[1].frequence_mois"] if parle else [])


@pytest.mark.parametrize(
    ("champs", "parle"),
    [
        ({"suspension_debut": "2026-06-01"}, True),
        ({"suspension_debut": "2026-06-01", "suspension_dossiers": "le litige 114"}, False),
        ({"suspension_debut": "2026-06-01", "suspension_fin": "2026-11-23"}, False),
        ({"suspension_debut": "2026-06-01", "suspension_fin": "2026-11-24"}, True),
        ({}, False),
    ],
)
def test_une_suspension_dit_quels_dossiers_elle_retient(champs, parle):
    assert ou_parle("RET-14", regle(**champs)) == (["conservations[1].suspension_dossiers"] if parle else [])


@pytest.mark.parametrize(("debut", "parle"), [("2026-06-15", True), ("2026-06-16", False)])
def test_une_echeance_d_avant_la_mise_en_oeuvre_est_mal_datee_et_non_passee(debut, parle):
    lus = jugee(date(2026, 7, 1), {"date_mise_en_oeuvre": debut}, echeance="2026-06-15")
    assert bool(ou_parle("RET-10", lus, date(2026, 7, 1))) is parle


# --- RET-11 : critères vagues ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "critere",
    [
        "illimité",
        "Durée ILLIMITÉE",
        "indéfiniment",
        "durée indéfinie",
        "tant que nécessaire",
        "Tant que  necessaire à la finalité",
        "",
        None,
    ],
)
def test_un_critere_absent_ou_vague_est_signale(critere):
    lus = regle(duree_valeur=None, duree_unite="", critere=critere)
    assert ou_parle("RET-11", lus) == ["conservations[1].critere"]


@pytest.mark.parametrize(
    "champs",
    [
        {},
        {"duree_valeur": None, "critere": "jusqu'au paiement complet"},
        {"duree_valeur": None, "critere": "durée illimitée", "regle_reference": "STAT-ANONYMES"},
        {"duree_valeur": 0, "critere": ""},
    ],
)
def test_une_duree_un_evenement_ou_des_donnees_anonymes_ne_le_sont_pas(champs):
    assert ou_parle("RET-11", regle(**champs)) == []


def test_un_critere_vague_reste_vague_a_cote_d_une_duree():
    lus = regle(critere="tant que nécessaire")
    assert ou_parle("RET-11", lus) == ["conservations[1].critere"]
    assert "« tant que nécessaire »" in phrases("RET-11", lus)


# --- RET-20 : l'archive qui suit --------------------------------------------------------------------------------------------
EN_ARCHIVE = {"phase": "archivage_intermediaire", "acces_restreint": True}


@pytest.mark.parametrize(
    ("durees", "parle"),
    [
        ([ARCHIVEE], [1]),
        ([ARCHIVEE, EN_ARCHIVE], []),
        ([ARCHIVEE, {**EN_ARCHIVE, "categories": []}], []),
        ([ARCHIVEE, {**EN_ARCHIVE, "categories": ["TRANSACTIONS"]}], [1]),
        ([{**ARCHIVEE, "categories": ["COORDONNEES", "TRANSACTIONS"]}, EN_ARCHIVE], [1]),
        ([{**ARCHIVEE, "categories": []}, EN_ARCHIVE], []),
        ([{**ARCHIVEE, "categories": []}], [1]),
        ([ARCHIVEE, {"phase": ""}], []),
        ([ARCHIVEE, {"phase": "base_active"}], [1]),
        ([{**ARCHIVEE, "phase": ""}], [1]),
        ([{}], []),
        ([{"sort_final": ""}], []),
    ],
)
def test_un_archivage_annonce_a_sa_duree(durees, parle):
    assert ou_parle("RET-20", lignes(*durees)) == [f"conservations[{n}].sort_final" for n in parle]


def test_un_archivage_sans_duree_est_une_alerte():
    (constat,) = constats("RET-20", regle(**ARCHIVEE))
    assert constat.gravite is Gravite.ALERTE


# --- RET-12 : références anciennes ou à relire -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("reference", "dit"),
    [
        ("IDENTITE-ACCES-1A", "ancien texte, sans valeur depuis le 25 mai 2018"),
        ("CANDIDAT-2A", "à relire"),  # doute
        ("NEWSLETTER-3A", "à relire"),  # de mémoire
    ],
)
def test_une_reference_ancienne_ou_non_verifiee_est_a_relire(reference, dit):
    lus = regle(regle_reference=reference)
    assert ou_parle("RET-12", lus) == ["conservations[1].regle_reference"]
    assert dit in phrases("RET-12", lus)
    assert [c.gravite for c in constats("RET-12", lus)] == [Gravite.CONSEIL]


@pytest.mark.parametrize("reference", [None, "PROSPECT-3A", "COMPTA-10A", "REGLE-INCONNUE"])
def test_une_reference_verifiee_ou_absente_ne_l_est_pas(reference):
    assert ou_parle("RET-12", regle(regle_reference=reference)) == []


# --- L'article 30(2) ---------------------------------------------------------------------------------------------------
def test_les_durees_ne_se_demandent_pas_au_sous_traitant():
    assert not any(r.sous_traitant for code, r in REGLES.items() if code.startswith("RET-"))


@pytest.mark.parametrize(("code", "exigence"), [("RET-13", Gravite.ALERTE), ("RET-14", Gravite.ALERTE)])
def test_ni_la_frequence_ni_la_suspension_ne_bloquent(code, exigence):
    assert REGLES[code].gravite is exigence
