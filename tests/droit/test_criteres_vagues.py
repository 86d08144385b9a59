"""Un critère de conservation borne, ou ne borne pas : par le sens, dans les deux sens."""

import pytest

from droit.criteres_vagues import sur_demande_seule, vague
from exemples_faits import avec, faits, ou_parle, phrases

SANS_DELAI = {"duree_valeur": None, "duree_unite": ""}


@pytest.mark.parametrize(
    "critere",
    [
        "aussi longtemps que nécessaire",
        "Le temps nécessaire",
        "le temps strictement nécessaire à la réalisation des finalités",
        "Durée nécessaire aux finalités poursuivies",
        "tant que nécessaire",
        "Tant que  necessaire à la finalité",
        "illimité",
        "Durée ILLIMITÉE",
        "indéfiniment",
        "durée indéfinie",
        "sans limite",
        "Sans limite de durée",
        "sans limitation de durée",
        "à vie",
        "Conservation à vie du client",
        "jusqu'à nouvel ordre",
        "durée raisonnable",
        "Pendant une durée raisonnable",
        "conformément à la réglementation",
        "Conformément à la réglementation en vigueur",
        "selon la loi",
        "Selon les textes applicables",
        "durée légale",
        "Durées légales de conservation",
        "délai légal",
        "en fonction des besoins",
        "En fonction des besoins du service",
        "selon les besoins de l'entreprise",
        "à définir",
        "non défini",
        "Non déterminée",
        "variable",
        "Variable selon les cas",
        "selon la politique interne",
        "Politique de conservation de l'entreprise",
        "durée de conservation standard",
        "le plus longtemps possible",
        "aussi longtemps que le service en a besoin",
        "tant que les données sont utiles",
        "tant qu'elles sont utiles",
        "tant que cela est utile à l'activité commerciale",
        "permanente",
        "de façon permanente",
        "pour toujours",
        "pas de limite",
        "Pas de durée",
        "aucune durée définie",
        "durée conforme au RGPD",
        "Conforme au RGPD",
        "Règlement général sur la protection des données",
        "dans le respect des obligations légales",
        "Obligations légales et réglementaires",
        "jusqu'à ce que les données ne soient plus nécessaires",
        "jusqu'à ce qu'elles ne soient plus utiles",
        "Données conservées pendant la durée nécessaire à la gestion de nos activités",
        "perpétuelle",
        "durée maximale autorisée par la loi",
        "suivant les prescriptions légales",
        "Le temps requis",
        "durée adéquate",
        "temps utile",
        "Selon les besoins métier",
        "conservées autant que de besoin",
        "Le temps qu'il faut",
        "historique complet",
        "à des fins de statistiques, durée nécessaire",
        "durée de vie de l'entreprise",
        "jusqu'à disparition du besoin",
        "jusqu'à perpétuité",
        "jusqu'à ce que cela devienne inutile",
    ],
)
def test_un_critere_qui_ne_nomme_ni_evenement_ni_nombre_est_vague(critere):
    assert vague(critere)


@pytest.mark.parametrize(
    "critere",
    [
        "jusqu'à la clôture du dossier",
        "jusqu'au paiement complet",
        "fin du contrat",
        "Fin du contrat",
        "Jusqu'à la fin de la relation contractuelle",
        "durée de la relation contractuelle",
        "Durée de la relation contractuelle ; les pièces sont triées avant l'archivage.",
        "durée du contrat",
        "pendant la relation commerciale",
        "clôture du compte",
        "désabonnement",
        "jusqu'au désabonnement",
        "Jusqu'au retrait du consentement",
        "trois ans après le dernier contact",
        "3 ans après la fin du contrat",
        "délai de prescription",
        "Prescription applicable à l'action",
        "délai de prescription légale",
        "tant que le compte existe",
        "Tant que le compte client est actif",
        "tant que l'abonnement court",
        "jusqu'à l'épuisement des voies de recours",
        "Jusqu'à l'épuisement des voies de recours ; toute purge est suspendue pendant la procédure.",
        "Jusqu'au règlement amiable ou, à défaut, jusqu'à la prescription de l'action correspondante.",
        "durée de la garantie souscrite",
        "retrait du consentement, clôture du compte ou expiration de la carte",
        "dernière échéance, ou résiliation si tacite reconduction",
        "consolidation du dommage",
        "réalisation de la première transaction",
        "fin du rapprochement",
        "Le temps nécessaire au traitement de la demande",
        "le temps nécessaire à l'exécution du contrat",
        "Durée nécessaire à la livraison de la commande",
        "durée légale de conservation des factures (10 ans)",
        "C. com. art. L123-22",
        "Obligation légale de dix ans",
        "exercice du droit d'opposition",
        "suppression du compte par l'utilisateur",
        "départ du salarié",
        "décès du client",
        "majorité de l'enfant",
        "fin de l'opération",
        "remise du lot",
        "au terme de la campagne",
        "31 décembre de l'année de l'opération",
        "à compter de l'envoi de la relance",
        "obtention du diplôme",
        "vente du bien",
        "cession du fonds de commerce",
        "jusqu'à la décision de justice définitive",
        "jusqu'à extinction de la créance",
        "sans limite, tant que l'anonymisation résiste à l'état de l'art",
        "durée du bail",
        "jusqu'au remboursement intégral",
        "tant que l'adhérent cotise",
        "jusqu'à la restitution du matériel",
        "révocation du mandat",
        "réponse définitive à la réclamation",
        "durée de l'inscription",
        "Pendant la durée de l'adhésion",
        "quinze jours après la visite",
        "jusqu'au solde du compte",
        "jusqu'à la dernière connexion",
    ],
)
def test_un_critere_qui_nomme_un_evenement_ou_un_nombre_ne_l_est_pas(critere):
    assert not vague(critere)


@pytest.mark.parametrize(
    ("critere", "attendu"),
    [
        ("tant que nécessaire", True),
        ("aussi longtemps que nécessaire", True),
        ("sans limite", True),
        ("durée légale", False),  # le délai est dit à côté
        ("jamais plus que la donnée source", False),
        ("augmenté, le cas échéant, du délai de rétractation", False),
        ("selon les besoins", False),
    ],
)
def test_a_cote_d_un_delai_seul_ce_qui_le_contredit_est_vague(critere, attendu):
    assert vague(critere, chiffre=True) is attendu


@pytest.mark.parametrize("critere", ["", "   ", "sans limite, les données étant anonymes"])
def test_un_critere_vide_ou_de_donnees_anonymes_n_est_pas_vague(critere):
    assert not vague(critere)


@pytest.mark.parametrize(
    ("critere", "seule"),
    [
        ("jusqu'à demande de suppression", True),
        ("Tant que la personne ne demande pas l'effacement", True),
        ("jusqu'à la demande d'effacement du client, et au plus 3 ans", False),
        ("clôture du compte ou demande de suppression", False),
        ("clôture de la demande", False),
        ("fin du contrat", False),
        ("", False),
    ],
)
def test_attendre_la_demande_de_la_personne_n_est_pas_un_terme(critere, seule):
    assert sur_demande_seule(critere) is seule
    lus = faits(**avec("conservations", **SANS_DELAI, critere=critere))
    assert ("sans demande de la personne" in phrases("RET-11", lus)) is seule


def test_la_regle_lit_le_sens_du_critere():
    for critere in ("Aussi longtemps que nécessaire", "durée légale"):
        assert ou_parle("RET-11", faits(**avec("conservations", **SANS_DELAI, critere=critere))) == [
            "conservations[1].critere"
        ]
    assert ou_parle("RET-11", faits(**avec("conservations", **SANS_DELAI, critere="fin du bail"))) == []
