"""Une seule lecture d'un « non », dans les deux sens : ce qui en est un, et ce qui dit davantage."""

import pytest

from conservation.durees import Duree
from registre.echanges.imports.delais import evenement, lire_duree
from registre.echanges.imports.reponses import Reponse, lire_reponse

DITS = {
    Reponse.NON: [
        "Non", "non.", "Aucun", "AUCUNE", "Néant", "0", "☒ Non", "☐ Oui ☒ Non", "☐ Oui ☑ Non", "Aucun transfert hors UE", "Pas de transfert",
        "Absence de transfert hors de l'Union européenne", "Aucune donnée sensible", "Il n'y a pas de transfert",
        "Nous ne transférons aucune donnée hors UE", "Aucun destinataire à ce jour",
        "Sans transfert", "Aucun destinataire identifié", "Aucune donnée sensible collectée", "Transferts hors UE : aucun", "Transferts hors UE, aucun",
        "Transferts hors UE : pas de transfert", "Données collectées et traitées : aucune", "Les données collectées ne sont pas transférées",
        "Aucune donnée sensible n'est collectée, traitée ou transmise", "Non transmises", "Non collectées, à ce jour",
        "À ce jour, aucune garantie", "Garanties : aucune", "Les données ne sont pas communiquées", "Non communiquées à des tiers",
    ],
    Reponse.SANS_OBJET: [
        "Non concerné", "Non concernée", "Sans objet", "sans objet.", "Non applicable", "Pas concerné", "Rien à signaler", "N'est pas applicable",
        "Transferts hors UE : sans objet", "Transferts : non applicable",
    ],
    Reponse.VIDE: ["-", "—", "N/A", "n.a.", "NC", "RAS", "S.O."],
    Reponse.INCONNUE: ["?", "À compléter", "à définir avec le DPO", "En cours", "Non renseigné", "Inconnu", "☐", "☐ ☐",
        "Non communiqué", "Non communiquées", "Non communiqué à ce jour", "Pas communiqué", "Destinataires non communiqués", "Non identifié", "Transferts vers un pays tiers non identifié", "Pays tiers non identifié à ce jour",
    ],
    Reponse.NUANCEE: [
        "Aucun transfert sauf vers les États-Unis (Mailwright)", "Non concerné sauf la santé", "Non, hébergement en France",
        "Hébergement en France, pas de transfert hors UE", "Pas encore", "Aucun transfert hors de France", "Aucun (hormis Google)",
        "Oui, sauf la santé", "☐ Oui", "Non-salariés", "Pas seulement la santé", "Aucun transfert, en dehors de Mailwright",
        "Transfert hors UE sans garantie", "Transferts vers les organisations internationales sans garanties", "Vers un pays tiers non identifié hors UE",
        "Non vendues, transmises hors UE", "Non vendues et transmises hors UE", "Collectées, non diffusées", "Collectées et non diffusées",
        "Collectées non diffusées", "Collectées (non diffusées)", "Traitées, jamais partagées", "Non. Les données sont transmises",
        "Transfert hors UE, aucune garantie", "Pays tiers, aucune garantie", "Hors UE, pas de garantie", "Traitement de données sensibles, aucune mesure", "Transfert vers un pays tiers : pas de garanties", "Pas de Calais non", "Pas-de-Calais : non",
        "Mailo non", "Ni transfert ni collecte",
    ],
    Reponse.OUI: ["Oui", "x", "X", "☑", "☑ Oui ☐ Non", "vrai"],
    Reponse.AUTRE: ["Allergies", "Mailo Inc.", "Clients", "Oui (allergies)", "Nom, prénom", "N° 5 rue Neuve", "Nonette SARL", "Rasoirs",
        "Pas-de-Calais", "Le Pas-de-Calais", "Département du Pas-de-Calais", "Clients non identifiés", "Clients, abonnés ou non",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("attendu", "texte"), [(r, t) for r, textes in DITS.items() for t in textes])
def test_une_reponse_se_lit_pour_ce_qu_elle_dit(attendu, texte):
    assert lire_reponse(texte) == attendu


def test_un_non_peut_reprendre_les_mots_de_sa_question():
    assert lire_reponse("Aucune opinion politique", "Données révélant les opinions politiques") == Reponse.NON
    assert lire_reponse("Aucune opinion politique", "Données concernant la santé") == Reponse.NUANCEE


@pytest.mark.parametrize(
    "texte",
    [
        "3 ans sauf opposition", "environ 3 ans", "3 ans environ", "3 ans maximum", "au plus 3 ans", "3 ans minimum", "3 ans renouvelable",
        "3 ans ou 5 ans", "3 ans et 6 mois", "3 ans puis archivage", "3 ans + 1 an", "3 à 5 ans", "3-5 ans", "3 ans / 5 ans", "3 (5) ans",
        "3 ans à compter du dernier contact, sauf opposition", "3 ans après le dernier contact sauf contentieux",
        "3 ans à compter de la fin du contrat ou du dernier achat", "3 ans après le dernier contact (réglable)",
        "1 an (réglable par l'utilisateur)", "3 ans après la fin du contrat pour les clients", "3 ans si le client consent",
        "3 ans à compter de l'achat ; 5 ans pour les factures", "jusqu'à 3 ans", "3 ans*", "≈ 3 ans", "3 ans, voire plus", "3 ans ?",
        "3 ans à compter du dernier contact en cas de silence", "9999 ans et plus", "3 ans…",
        "5¹ ans", "5 ans²", "1½ an", "③ ans",
    ],
)  # fmt: skip
def test_une_duree_nuancee_ou_que_ce_soit_ne_s_interprete_pas(texte):
    assert lire_duree(texte) is None


def test_une_duree_simple_s_interprete():
    assert [lire_duree(texte).duree for texte in ("5 ans", "５ ans")] == [Duree(5, "ans")] * 2


@pytest.mark.parametrize(
    ("texte", "code"),
    [
        ("fin de la relation commerciale", "FIN_RELATION_COMMERCIALE"),
        ("dernier contact", "DERNIER_CONTACT_PROSPECT"),
        ("dernier contact du client", "FIN_RELATION_COMMERCIALE"),
        ("après l'achat", "CONCLUSION_CONTRAT"),
        ("dernier achat", "FIN_RELATION_COMMERCIALE"),
        ("résiliation du contrat", "FIN_CONTRAT"),
        ("fin de la relation", None),
        ("dernier contact du fournisseur", None),
        ("achat du véhicule", None),
    ],
)
def test_un_evenement_se_reconnait_seul_ou_pas_du_tout(texte, code):
    assert evenement(texte) == code
