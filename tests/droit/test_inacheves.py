"""« À compléter » n'est pas une réponse ; « la commande est à confirmer par le client » est une phrase."""

from dataclasses import replace

import pytest

from droit.faits import Faits
from droit.inacheves import Inacheve, inacheve
from droit.regles import Constat, controler, controler_organisme
from droit.regles.constat import Gravite
from exemples_faits import JOUR, faits, reperes

DU_MODELE = (
    "Esquisse à confirmer. L'intérêt est réel et licite.",
    "  esquisse à confirmer. L'intérêt est réel.",
    "Texte présenté, version 1, à joindre",
    "Publication dans les sept jours (délais proposés, à confirmer avant de les afficher).",
    "Partenaires nommés dans une liste tenue à jour, par secteur ; la liste est à joindre.",
)
ENTIERS = (
    "À compléter",
    "à confirmer",
    "A CONFIRMER.",
    "(à préciser)",
    "« à définir »",
    "à confirmer / à compléter",
    "À confirmer et compléter",
    "Reste à définir",
    "À définir avec le juridique",
    "à compléter par le DPO",
    "À préciser ultérieurement",
    "à valider",
    "À rédiger",
    "[nom]",
    "[Nom du prestataire]",
    "[à compléter]",
    "{{nom}}",
    "<nom du logiciel>",
    "TODO",
    "tbd",
    "XXX",
    "xxxx",
    "Lorem ipsum dolor sit amet",
    "…",
    "...",
    "???",
    "-",
    "—",
    "___________",
    "non renseigné",
    "Non communiquées",
    "N.C.",
    "inconnu",
    "en attente",
    "En cours de rédaction",
    "Cliquez ou appuyez ici pour entrer du texte.",
    "Choisissez un élément.",
    "Click or tap here to enter text.",
)
EN_PARTIE = (
    "À compléter. Voir le contrat du 3 mars.",
    "TODO : voir le contrat",
    "3 ans (à confirmer)",
    "3 ans (a confirmer)",
    "Durée : à préciser",
    "Cabinet Durand – à confirmer",
    "Cabinet Durand - à confirmer",
    "Case décochée, à confirmer avec le service marketing",
    "Le sous-traitant [nom] héberge les données.",
    "Signé par [votre société] le 3 mars",
    "Contrat du ______ 2026",
)
PHRASES = (
    "",
    "Non",
    "Non, aucun",
    "Sans objet",
    "Néant",
    "n/a",
    "À la collecte",
    "À l'adhésion, puis chaque année",
    "À compter du 3 mars",
    "À confirmer par le client dans les 48 heures",
    "À définir selon le contrat du client",
    "Commande à confirmer par le client",
    "La commande est à confirmer par le client.",
    "Panier à confirmer",
    "Double opt-in : adresse à confirmer par le lien reçu",
    "Le client reçoit un lien à confirmer sous huit jours.",
    "Adresse à compléter lors de la commande",
    "Données à renseigner : nom, prénom",
    "Copie du Kbis, à joindre",
    "Formulaire à joindre à la demande",
    "Les pièces à joindre sont nommées : identité, preuve d'achat.",
    "A voir la facture, le client peut la contester",
    "Il reste à la disposition de la personne",
    "En attente de paiement : commandes non réglées",
    "En cours de validité",
    "Non communiquées à des tiers",
    "Carte XXXX XXXX XXXX 1234",
    "06 XX XX XX XX",
    "C. civ. art. 2224 (prescription)",
    "art. L34-5 [abrogé]",
    "L'article dit « la société [...] s'engage »",
    "Contact : dpo@lavande.example",
    "Méthode : todo list partagée",
    "Choisissez un élément du panier, puis payez",
    "Cliquez ici pour vous désabonner",
    "EMAIL_B2C",
)


@pytest.mark.parametrize("ecrit", DU_MODELE)
def test_la_mention_d_un_modele_se_reconnait(ecrit):
    assert inacheve(ecrit) is Inacheve.MODELE


@pytest.mark.parametrize("ecrit", ENTIERS)
def test_un_texte_qui_n_est_qu_un_a_completer_se_reconnait(ecrit):
    assert inacheve(ecrit) is Inacheve.ENTIER


@pytest.mark.parametrize("ecrit", EN_PARTIE)
def test_une_mention_en_tete_en_fin_ou_entre_crochets_se_reconnait(ecrit):
    assert inacheve(ecrit) is Inacheve.EN_PARTIE


@pytest.mark.parametrize("ecrit", PHRASES)
def test_une_phrase_n_est_pas_prise_pour_une_mention(ecrit):
    assert inacheve(ecrit) is None


# --- TXT-01 ------------------------------------------------------------------------------------------------------------
FINALITE = {"numero": 1, "libelle": "Adresser des offres par courriel", "base_legale": "CONSENTEMENT"}
AUTRE = {"numero": 2, "libelle": "Livrer les commandes", "base_legale": "CONTRAT"}


def constats(code: str, lus: Faits) -> list[Constat]:
    return [c for c in (*controler(lus, JOUR), *controler_organisme(lus, JOUR)) if c.code == code]


def dits(**champs):
    return [(c.chemin, c.gravite, c.ecartable) for c in constats("TXT-01", faits(**champs))]


def test_une_fiche_ecrite_n_a_rien_a_achever():
    assert dits() == []
    assert dits(finalites=[{**FINALITE, "consentement_preuve": "Journal horodaté des choix"}]) == []


@pytest.mark.parametrize("mention", DU_MODELE)
def test_la_mention_d_un_modele_empeche_de_valider_tant_qu_elle_demeure(mention):
    """Les fiches nées d'un modèle d'avant gardent « Esquisse à confirmer » : confirmer la rubrique ne suffit plus."""
    assert dits(finalites=[AUTRE, {**FINALITE, "numero": 3, "balance": mention}]) == [
        ("finalites[3].balance", Gravite.BLOQUANT, True)
    ]


@pytest.mark.parametrize(
    ("liste", "champ"),
    [
        ("finalites", "libelle"),
        ("finalites", "consentement_preuve"),
        ("finalites", "consentement_retrait"),
        ("conservations", "critere"),
        ("donnees", "justification_art10"),
        ("destinataires", "nom"),
        ("transferts", "document"),
        ("clients", "categories_traitements"),
        ("responsables_conjoints", "nom"),
    ],
)
def test_la_ou_le_vide_bloque_un_a_completer_bloque_aussi(liste, champ):
    assert dits(**{liste: [{"numero": 1, champ: "À compléter"}]}) == [
        (f"{liste}[1].{champ}", Gravite.BLOQUANT, True)
    ]


@pytest.mark.parametrize(
    ("volet", "champ"),
    [
        ("avis", "delai_affiche"),
        ("aipd", "consultation_art36"),
        ("cession", "preuve_source"),
        ("information", "opposition_mecanisme"),
    ],
)
def test_un_volet_laisse_a_completer_bloque_de_meme(volet, champ):
    assert dits(**{volet: {champ: "à préciser"}}) == [(f"{volet}.{champ}", Gravite.BLOQUANT, True)]


def test_ailleurs_un_a_completer_n_est_qu_une_alerte():
    assert dits(service="à définir") == [("service", Gravite.ALERTE, True)]
    assert dits(aipd={"justification": "TODO"}) == [("aipd.justification", Gravite.ALERTE, True)]


def test_un_texte_inacheve_en_partie_n_est_qu_une_alerte():
    lues = dits(finalites=[{**FINALITE, "consentement_preuve": "Case décochée (à confirmer)"}])
    assert lues == [("finalites[1].consentement_preuve", Gravite.ALERTE, True)]


def test_le_tiers_qui_n_a_pas_de_nom_n_est_pas_un_destinataire_nomme():
    lus = faits(destinataires=[{"numero": 1, "type": "SOUS_TRAITANT", "tiers": "x"}])
    tiers = {"x": {"nom": "[nom du prestataire]", "pays": "FR", "contrat_art28": True}}
    (constat,) = constats("TXT-01", replace(lus, reperes=replace(reperes(), tiers=tiers)))
    assert (constat.chemin, constat.gravite) == ("destinataires[1].tiers", Gravite.BLOQUANT)


@pytest.mark.parametrize(
    "champs",
    [
        {"remarques": "À confirmer avec le service client."},
        {"reprise": {"texte": "à compléter"}},
        {"ecarts": [{"numero": 1, "raison": "à compléter", "constat": "« À compléter » ne dit rien"}]},
        {
            "conservations": [
                {"numero": 1, "texte_origine": "à préciser", "critere": "Jusqu'à la clôture du compte"}
            ]
        },
    ],
)
def test_les_remarques_et_ce_que_registre_tient_ne_se_lisent_pas(champs):
    assert dits(**champs) == []


def test_la_phrase_cite_le_texte_laisse():
    (constat,) = constats("TXT-01", faits(service=" [nom] "))
    assert constat.message == "« [nom] » n'est pas une réponse : écrivez ce qu'il en est."


def test_la_fiche_d_un_sous_traitant_se_lit_aussi():
    fiche = faits(qualite="sous-traitant", clients=[{"numero": 1, "categories_traitements": "à compléter"}])
    assert [c.chemin for c in constats("TXT-01", fiche)] == ["clients[1].categories_traitements"]


# --- TXT-02 ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("champ", "ecrit", "gravite"),
    [
        ("adresse", "à compléter", Gravite.BLOQUANT),
        ("raison_sociale", "[Raison sociale]", Gravite.BLOQUANT),
        ("dpo_nom", "À désigner ou à confirmer", None),
        ("dpo_nom", "à confirmer", Gravite.ALERTE),
        ("adresse", "4 place aux Aires (à confirmer)", Gravite.ALERTE),
        ("adresse", "4 place aux Aires", None),
        ("adresse", "", None),
    ],
)
def test_l_identite_de_l_organisme_se_lit_aussi(champ, ecrit, gravite):
    lues = constats("TXT-02", faits({champ: ecrit}))
    assert [(c.chemin, c.gravite) for c in lues] == ([(f"organisme.{champ}", gravite)] if gravite else [])


def test_une_identite_ecrite_n_a_rien_a_achever():
    assert constats("TXT-02", faits()) == []
