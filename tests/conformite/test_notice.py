"""La notice d'information (RGPD art. 13 et 14) : rédigée depuis la fiche, rien d'inventé, chaque manque nommé."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils.html import escape

from boutique import connecte, creer_fiche, creer_organisme, creer_tiers, habiliter
from documents.typographie import composer
from organismes.choix import Role
from organismes.portee import dans
from pages import texte_du_pdf
from registre.conformite.controle import Conformite
from registre.conformite.notice import BLANC, Manquante, Notice, rediger, texte
from registre.fiche import agregat as ag
from registre.fiche.codes import Codes
from registre.fiche.droits_lus import droits_par_finalite
from traitements.models import Traitement

pytestmark = pytest.mark.django_db
LE = date(2026, 11, 24)
IDENTITE = {
    "adresse": "4 place aux Aires",
    "code_postal": "06130",
    "ville": "Grasse",
    "pays": "FR",
    "courriel": "contact@maison-lavande.example",
    "etabli_ue": True,
    "dpo_obligatoire": False,
    "dpo_nom": "Claire Morel",
    "dpo_courriel": "dpo@maison-lavande.example",
}
CONSENTIE = {
    "libelle": "Envoyer notre lettre mensuelle",
    "type": "prospection",
    "base_legale": "CONSENTEMENT",
    "canaux": ["EMAIL_B2C"],
    "consentement_retrait": "Lien dans chaque message",
}
LEGITIME = {
    "libelle": "Proposer à nos clients des produits analogues",
    "type": "prospection",
    "base_legale": "INTERET_LEGITIME",
    "interet_legitime": "Faire connaître nos produits à nos clients.",
}
COORDONNEES = {
    "categorie": "COORDONNEES",
    "precisions": "courriel",
    "sources": ["DIRECTE"],
    "obligatoire": True,
    "consequence_defaut": "L'inscription est impossible.",
}
DUREE = {
    "categories": ["COORDONNEES"],
    "duree_valeur": 3,
    "duree_unite": "ans",
    "point_depart": "DERNIER_CONTACT_PROSPECT",
    "sort_final": "suppression",
}
COMPLETE = {
    "finalites": [CONSENTIE, LEGITIME],
    "donnees": [COORDONNEES],
    "conservations": [DUREE],
    "destinataires": [{"type": "INTERNE", "nom": "Direction marketing", "pays": "FR"}],
    "transferts_hors_eee": False,
    "profilage": {"niveau": "aucun", "decision_auto": False},
    "information": {
        "contact_droits": "dpo@maison-lavande.example",
        "opposition_mecanisme": "Lien de désinscription dans chaque message",
        "moment": "Dans le premier message",
    },
}


@pytest.fixture
def lavande(db):
    return creer_organisme("Maison Lavande", **IDENTITE)


def faits_de(organisme, reference: str = "TR-001"):
    with dans(organisme):
        codes = Codes()
        fiche = ag.FICHE.charger(Traitement.objects.filter(reference=reference)).get()
        conformite = Conformite(organisme, codes)
        faits = conformite.faits(ag.instantane_de(ag.FICHE, fiche))
        return faits, rediger(faits, codes, LE)


def notice(organisme, **changements) -> Notice:
    """La notice de la fiche complète, changée ainsi."""
    creer_fiche(organisme, **{**COMPLETE, **changements})
    return faits_de(organisme)[1]


def paragraphe(lue: Notice, debut: str) -> str:
    """Le texte d'un paragraphe, désigné par le début de son titre."""
    return "\n".join(next(p for p in lue.paragraphes if p.titre.startswith(debut)).lignes)


def mentions(lue: Notice) -> set[str]:
    return {m.mention for m in lue.manquantes}


# --- Une fiche complète -------------------------------------------------------------------------------------------
def test_une_fiche_complete_donne_une_notice_sans_blanc(lavande):
    lue = notice(lavande)
    assert lue.manquantes == ()
    assert "[" not in texte(lue)


def test_chaque_paragraphe_porte_son_article(lavande):
    assert all(re.search(r"art\. \d", p.article) for p in notice(lavande).paragraphes)


@pytest.mark.parametrize(
    "phrase",
    [
        "Nous sommes Maison Lavande, 4 place aux Aires, 06130 Grasse, France.",
        "Claire Morel, dpo@maison-lavande.example.",
        "Nous utilisons vos données pour envoyer notre lettre mensuelle. Moyens employés : courriel.",
        "Nous ne le faisons qu'avec votre consentement (RGPD, art. 6(1)(a)).",
        "Nous nous fondons sur un intérêt légitime (RGPD, art. 6(1)(f)) : faire connaître nos produits à nos clients.",
        "Coordonnées (courriel) : vous nous les donnez. Réponse obligatoire. À défaut : l'inscription est impossible.",
        "• Direction marketing, l'un de nos services.",
        "Nous n'envoyons pas vos données hors de l'Espace économique européen.",
        "• Coordonnées : 3 ans à compter du dernier contact émanant du prospect, puis suppression.",
        "Nous n'établissons pas de profil à partir de vos données.",
        "Aucune décision n'est prise à votre sujet par des moyens exclusivement automatisés.",
        "• Finalité 1 : accès, rectification, effacement, limitation, portabilité, retrait du consentement, "
        "opposition à la prospection.",
        "• Finalité 2 : accès, rectification, effacement, limitation, opposition, opposition à la prospection.",
        "Pour les exercer, adressez-vous à : dpo@maison-lavande.example.",
        "Vous pouvez à tout moment, sans motif et sans frais, vous opposer à la prospection",
        "Pour la finalité 2, vous pouvez vous opposer à l'utilisation de vos données pour des raisons tenant à votre",
        "Pour la finalité 1, vous pouvez retirer votre consentement à tout moment.",
        "Comment : Lien dans chaque message.",
        "Vous pouvez fixer des directives sur la conservation, l'effacement et la communication de vos données après",
        "CNIL, 3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07, www.cnil.fr.",
    ],
)
def test_la_notice_dit_chaque_mention(lavande, phrase):
    assert phrase in texte(notice(lavande))


# --- Ce qui manque ------------------------------------------------------------------------------------------------
def sans(element: dict, nom: str) -> dict:
    return {cle: v for cle, v in element.items() if cle != nom}


MANQUES = {
    "base": (
        {"finalites": [sans(CONSENTIE, "base_legale")]},
        Manquante("base légale de la finalité 1", "art. 13(1)(c)", "finalites[1].base_legale"),
    ),
    "interet": (
        {"finalites": [sans(LEGITIME, "interet_legitime")]},
        Manquante(
            "intérêt légitime poursuivi par la finalité 1", "art. 13(1)(d)", "finalites[1].interet_legitime"
        ),
    ),
    "texte": (
        {"finalites": [{"libelle": "Facturer", "base_legale": "OBLIGATION_LEGALE"}]},
        Manquante("texte qui fonde la finalité 1", "art. 6(3)", "finalites[1].texte_legal"),
    ),
    "retrait": (
        {"finalites": [sans(CONSENTIE, "consentement_retrait")]},
        Manquante(
            "moyen de retirer le consentement donné à la finalité 1",
            "art. 7(3)",
            "finalites[1].consentement_retrait",
        ),
    ),
    "donnees": ({"donnees": []}, Manquante("catégories de données", "art. 14(1)(d)", "donnees")),
    "source": (
        {"donnees": [sans(COORDONNEES, "sources")]},
        Manquante("source des coordonnées", "art. 14(2)(f)", "donnees[1].sources"),
    ),
    "obligatoire": (
        {"donnees": [sans(COORDONNEES, "obligatoire")]},
        Manquante(
            "caractère obligatoire ou facultatif des coordonnées", "art. 13(2)(e)", "donnees[1].obligatoire"
        ),
    ),
    "consequence": (
        {"donnees": [sans(COORDONNEES, "consequence_defaut")]},
        Manquante(
            "conséquence d'un défaut de réponse pour les coordonnées",
            "art. 13(2)(e)",
            "donnees[1].consequence_defaut",
        ),
    ),
    "sensible": (
        {"donnees": [{**COORDONNEES, "categorie": "SANTE"}], "conservations": [{**DUREE, "categories": []}]},
        Manquante(
            "exception qui permet de traiter les données concernant la santé",
            "art. 9(2)",
            "donnees[1].exception_art9",
        ),
    ),
    "destinataires": (
        {"destinataires": []},
        Manquante("destinataires, ou leurs catégories", "art. 13(1)(e)", "destinataires"),
    ),
    "cession": (
        {"cession": {"active": True}},
        Manquante("partenaires qui reçoivent les données", "art. 13(1)(e)", "cession.partenaires"),
    ),
    "transferts": (
        {"transferts_hors_eee": None},
        Manquante("existence de transferts hors de cet espace", "art. 13(1)(f)", "transferts_hors_eee"),
    ),
    "pays": (
        {"transferts_hors_eee": True},
        Manquante("pays et garantie de chaque transfert", "art. 13(1)(f)", "transferts"),
    ),
    "garantie": (
        {"transferts_hors_eee": True, "transferts": [{"importateur": "Mailwright Inc.", "pays": "US"}]},
        Manquante(
            "garantie du transfert vers Mailwright Inc., États-Unis",
            "art. 13(1)(f)",
            "transferts[1].garantie",
        ),
    ),
    "duree": (
        {"conservations": []},
        Manquante("durée de conservation des coordonnées", "art. 13(2)(a)", "conservations"),
    ),
    "duree-vide": (
        {"conservations": [{"categories": ["COORDONNEES"]}]},
        Manquante("durée de conservation des coordonnées", "art. 13(2)(a)", "conservations[1].duree_valeur"),
    ),
    "depart": (
        {"conservations": [sans(DUREE, "point_depart")]},
        Manquante(
            "point de départ de la durée des coordonnées", "art. 13(2)(a)", "conservations[1].point_depart"
        ),
    ),
    "profilage": (
        {"profilage": None},
        Manquante(
            "existence d'un profilage ou d'une décision automatisée", "art. 13(2)(f)", "profilage.niveau"
        ),
    ),
    "contact": (
        {"information": {"opposition_mecanisme": "Lien"}},
        Manquante("contact pour exercer ses droits", "art. 13(2)(b)", "information.contact_droits"),
    ),
    "opposition": (
        {"information": {"contact_droits": "dpo@maison-lavande.example"}},
        Manquante(
            "moyen de s'opposer à la prospection", "art. 21(2) à (4)", "information.opposition_mecanisme"
        ),
    ),
}


@pytest.mark.parametrize(("changements", "attendue"), MANQUES.values(), ids=MANQUES)
def test_une_mention_absente_laisse_un_blanc_nomme(lavande, changements, attendue):
    lue = notice(lavande, **changements)
    # Sans donnée, on ne sait pas lequel des deux articles s'applique : les deux se citent.
    assert [(m.mention, m.chemin) for m in lue.manquantes] == [(attendue.mention, attendue.chemin)]
    assert attendue.article.removeprefix("art. ") in lue.manquantes[0].article
    assert f"[à compléter : {attendue.mention}]" in texte(lue)


def test_une_fiche_vide_n_invente_rien_et_nomme_chacun_de_ses_blancs(maison_lavande):
    creer_fiche(
        maison_lavande,
        finalites=[],
        personnes=[],
        donnees=[],
        conservations=[],
        destinataires=[],
    )
    _, lue = faits_de(maison_lavande)
    blancs = {b.removeprefix("[à compléter : ").removesuffix("]") for b in BLANC.findall(texte(lue))}
    assert blancs == mentions(lue)
    assert len(blancs) >= 8


def test_le_blanc_du_point_de_depart_se_lit_dans_sa_phrase(lavande):
    lue = notice(lavande, conservations=[sans(DUREE, "point_depart")])
    assert (
        "• Coordonnées : 3 ans à compter de : [à compléter : point de départ de la durée des coordonnées], "
        "puis suppression." in texte(lue)
    )


def test_un_texte_saisi_ne_brise_ni_la_ligne_ni_le_blanc(lavande):
    lue = notice(
        lavande,
        finalites=[{**LEGITIME, "interet_legitime": "Vendre\n• plus [beaucoup]\n\nencore plus."}],
        transferts_hors_eee=True,
        transferts=[{"importateur": "Mail]wright", "pays": "US"}],
    )
    assert "intérêt légitime (RGPD, art. 6(1)(f)) : vendre • plus [beaucoup] encore plus." in texte(lue)
    assert mentions(lue) == {"garantie du transfert vers Mail)wright, États-Unis"}


def test_un_critere_se_passe_de_point_de_depart(lavande):
    lue = notice(
        lavande,
        conservations=[{"categories": ["COORDONNEES"], "critere": "durée de la relation commerciale"}],
    )
    assert "• Coordonnées : durée de la relation commerciale." in texte(lue)
    assert lue.manquantes == ()


def test_l_archivage_ne_promet_un_acces_restreint_que_s_il_est_declare(lavande):
    archive = {**DUREE, "phase": "archivage_intermediaire"}
    lue = notice(lavande, conservations=[archive, {**archive, "objet": "factures", "acces_restreint": True}])
    durees = paragraphe(lue, "Combien de temps")
    assert "• Coordonnées, en archive : 3 ans" in durees
    assert "• Coordonnées, factures, en archive à accès restreint : 3 ans" in durees


def test_ce_qu_un_modele_propose_est_signale_en_tete(lavande):
    lue = notice(lavande, a_confirmer=["finalites", "conservation"])
    assert "Finalités et bases légales, Conservation." in lue.reserves[0]
    assert texte(lue).index("À confirmer avant diffusion") < texte(lue).index("Qui est responsable")


# --- Article 13, article 14 ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sources", "regime"),
    [
        ([["DIRECTE"]], "l'article 13"),
        ([["TERMINAL"], ["DEDUITE"]], "l'article 13"),
        ([["PARRAINAGE"]], "l'article 14"),
        ([["PUBLIQUE"], ["DEDUITE"]], "l'article 14"),
        ([["DIRECTE"], ["PARTENAIRE"]], "les articles 13 et 14"),
        ([["DEDUITE"]], "les articles 13 et 14"),
        ([[]], "les articles 13 et 14"),
        ([["PARRAINAGE"], []], "les articles 13 et 14"),
    ],
    ids=str,
)
def test_l_article_applicable_suit_la_source(lavande, sources, regime):
    lue = notice(lavande, donnees=[{**COORDONNEES, "sources": s} for s in sources])
    assert lue.regime == regime
    assert f"Information prévue par {regime} du RGPD." in texte(lue)
    identite = lue.paragraphes[0].article
    assert ("13(1)(a)" in identite) == ("13" in regime)
    assert ("14(1)(a)" in identite) == ("14" in regime)


def test_une_collecte_indirecte_dit_la_source_et_le_delai(lavande):
    lue = notice(lavande, donnees=[{**COORDONNEES, "sources": ["PARRAINAGE"]}])
    dit = paragraphe(lue, "Vos données et")
    assert "la personne qui vous parraine nous les communique" in dit
    assert "dans le mois qui suit leur obtention" in dit
    assert "lors du premier échange" in dit
    assert "En pratique : Dans le premier message." in dit
    assert "Réponse obligatoire" not in dit  # l'article 14 n'a pas d'équivalent du 13(2)(e)
    assert lue.manquantes == ()


def test_une_collecte_directe_ne_parle_pas_des_delais_de_l_article_14(lavande):
    assert "14(3)" not in texte(notice(lavande))


def test_le_moment_de_l_information_manque_quand_la_collecte_est_indirecte(lavande):
    information = sans(COMPLETE["information"], "moment")
    lue = notice(lavande, donnees=[{**COORDONNEES, "sources": ["PARRAINAGE"]}], information=information)
    assert [(m.article, m.chemin) for m in lue.manquantes] == [("art. 14(3)", "information.moment")]


def test_un_partenaire_source_se_nomme(lavande):
    partagees = {**COORDONNEES, "sources": ["PARTENAIRE"]}
    lue = notice(lavande, donnees=[partagees, {**partagees, "source_nom": "Bastide & Fils"}])
    assert [(m.mention, m.article, m.chemin) for m in lue.manquantes] == [
        ("nom du partenaire d'où viennent les coordonnées", "art. 14(2)(f)", "donnees[1].source_nom")
    ]
    assert "source : Bastide & Fils" in texte(lue)


# --- Qui ----------------------------------------------------------------------------------------------------------
def test_sans_adresse_ni_contact_le_responsable_reste_a_completer(db):
    lue = notice(creer_organisme("Savonnerie du Port", etabli_ue=True, dpo_obligatoire=False))
    assert {(m.mention, m.chemin) for m in lue.manquantes} == {
        ("adresse du responsable", "organisme.adresse"),
        ("téléphone ou adresse électronique du responsable", "organisme.courriel"),
    }


@pytest.mark.parametrize("obligatoire", [True, False, None])
def test_un_delegue_non_designe_manque_sauf_si_l_organisme_en_est_dispense(db, obligatoire):
    identite = {**IDENTITE, "dpo_nom": "", "dpo_courriel": "", "dpo_obligatoire": obligatoire}
    lue = notice(creer_organisme("Maison Lavande", **identite))
    manque = {m.chemin for m in lue.manquantes}
    assert manque == (set() if obligatoire is False else {"organisme.dpo_nom"})
    assert any("délégué" in p.titre for p in lue.paragraphes) == (obligatoire is not False)


def test_un_delegue_sans_coordonnees_ne_suffit_pas(db):
    lue = notice(creer_organisme("Maison Lavande", **{**IDENTITE, "dpo_courriel": ""}))
    assert [m.chemin for m in lue.manquantes] == ["organisme.dpo_courriel"]


def test_le_representant_dans_l_union_se_dit_quand_l_organisme_n_y_est_pas(db):
    hors = {**IDENTITE, "pays": "MA", "etabli_ue": False}
    nomme = {"representant_ue_nom": "Duval Conseil", "representant_ue_courriel": "ue@duval.example"}
    lue = notice(creer_organisme("Maison Lavande", **hors, **nomme))
    assert "Union européenne (RGPD, art. 27) : Duval Conseil, ue@duval.example." in texte(lue)
    lue = notice(creer_organisme("Argan du Souss", **hors))
    assert {m.chemin for m in lue.manquantes} == {
        "organisme.representant_ue_nom",
        "organisme.representant_ue_courriel",
    }
    assert not notice(
        creer_organisme("Miel du Rif", **hors, representant_ue_exception="Occasionnel, art. 27(2)")
    ).manquantes


def test_des_responsables_conjoints_se_nomment_et_disent_leur_accord(lavande):
    creer_tiers(lavande, "Envoléo SAS", adresse="2 quai de la Fosse", ville="Nantes")
    conjoint = {"tiers": "Envoléo SAS", "repartition": "Maison Lavande répond aux demandes"}
    lue = notice(lavande, qualite="conjoint", responsables_conjoints=[conjoint])
    dit = paragraphe(lue, "Qui est responsable")
    assert "Nous en décidons avec Envoléo SAS (2 quai de la Fosse, Nantes)" in dit
    assert "Ce que nous avons convenu : Maison Lavande répond aux demandes." in dit
    assert "auprès de chacun de nous (RGPD, art. 26(3))" in dit
    assert lue.manquantes == ()


def test_un_accord_tu_entre_responsables_conjoints_manque(lavande):
    lue = notice(lavande, qualite="conjoint")
    assert {m.chemin for m in lue.manquantes} == {"responsables_conjoints", "accord_art26"}


# --- Transferts ---------------------------------------------------------------------------------------------------
def transfert(**changements) -> dict:
    return {
        "transferts_hors_eee": True,
        "transferts": [{"importateur": "Mailwright Inc.", "pays": "US", **changements}],
    }


def test_une_adequation_partielle_suppose_que_l_importateur_en_releve(lavande):
    lue = notice(lavande, **transfert(garantie="ADEQUATION", importateur_certifie=True))
    assert "Mailwright Inc., États-Unis : la Commission européenne a constaté" in texte(lue)
    assert lue.manquantes == ()


def test_une_adequation_partielle_non_verifiee_laisse_un_blanc(lavande):
    lue = notice(lavande, **transfert(garantie="ADEQUATION"))
    assert [m.chemin for m in lue.manquantes] == ["transferts[1].importateur_certifie"]


def test_une_adequation_qui_n_existe_pas_ne_s_ecrit_pas(lavande):
    lue = notice(lavande, **transfert(pays="MA", garantie="ADEQUATION"))
    assert "Commission européenne" not in texte(lue)
    assert [m.chemin for m in lue.manquantes] == ["transferts[1].garantie"]


def test_une_garantie_invalidee_ne_s_ecrit_pas(lavande):
    lue = notice(lavande, **transfert(garantie="INVALIDE_PRIVACY_SHIELD"))
    assert "Privacy Shield" not in texte(lue)
    assert mentions(lue) == {"garantie encore valable du transfert vers Mailwright Inc., États-Unis"}


def test_des_clauses_types_disent_l_absence_de_decision_et_ou_en_obtenir_copie(lavande):
    lue = notice(lavande, **transfert(pays="MA", garantie="CCT_COMMISSION", document="Clauses du 2 mai 2026"))
    dit = paragraphe(lue, "Vos données hors")
    assert "aucune décision d'adéquation n'est en vigueur pour ce pays" in dit
    assert "Document : Clauses du 2 mai 2026." in dit
    assert "Vous pouvez en demander une copie à : dpo@maison-lavande.example." in dit
    assert lue.manquantes == ()


def test_des_clauses_types_sans_reference_laissent_un_blanc(lavande):
    lue = notice(lavande, **transfert(pays="MA", garantie="CCT_COMMISSION"))
    assert [m.chemin for m in lue.manquantes] == ["transferts[1].document"]


def test_une_derogation_se_dit_comme_une_derogation(lavande):
    lue = notice(lavande, **transfert(pays="MA", garantie="D49_A"))
    assert "ce transfert repose sur une dérogation : consentement explicite après information" in texte(lue)
    assert "(RGPD art. 49(1)(a))" in texte(lue)


def test_aucun_code_ne_se_lit_dans_une_garantie(lavande):
    lue = notice(lavande, **transfert(pays="MA", garantie="CCT_COMMISSION", document="Clauses"))
    assert (
        "ce transfert repose sur ceci : clauses contractuelles types adoptées par la Commission (RGPD"
        in texte(lue)
    )
    assert "module" not in texte(lue)


def test_le_pays_d_un_transfert_est_a_defaut_celui_de_son_destinataire(lavande):
    atlas = {"type": "SOUS_TRAITANT", "nom": "Atlas Relation", "pays": "MA"}
    declare = {"destinataire_numero": 1, "garantie": "CCT_COMMISSION", "document": "Clauses"}
    lue = notice(lavande, destinataires=[atlas], transferts_hors_eee=True, transferts=[declare])
    assert "Atlas Relation, Maroc : aucune décision d'adéquation n'est en vigueur pour ce pays" in texte(lue)
    assert lue.manquantes == ()


def test_un_transfert_sans_numero_vise_le_destinataire_de_meme_nom(lavande):
    atlas = {"type": "SOUS_TRAITANT", "nom": "Atlas Relation", "pays": "MA"}
    declare = {
        "importateur": "Atlas Relation",
        "pays": "MA",
        "garantie": "CCT_COMMISSION",
        "document": "Clauses",
    }
    lue = notice(lavande, destinataires=[atlas], transferts_hors_eee=True, transferts=[declare])
    assert lue.manquantes == ()


@pytest.mark.parametrize(("le", "manque"), [(date(2021, 6, 27), False), (date(2021, 6, 28), True)])
def test_le_royaume_uni_ne_sort_de_l_espace_que_le_28_juin_2021(lavande, le, manque):
    creer_fiche(
        lavande, **COMPLETE | {"destinataires": [{"type": "PARTENAIRE", "nom": "Lyme", "pays": "GB"}]}
    )
    faits, _ = faits_de(lavande)
    with dans(lavande):
        dits = mentions(rediger(faits, Codes(), le))
    assert ("garantie du transfert vers Lyme, Royaume-Uni" in dits) == manque


def test_l_interet_imperieux_de_l_article_49_se_dit(lavande):
    lue = notice(lavande, **transfert(pays="MA", garantie="D49_2", document="Note"))
    assert [(m.article, m.chemin) for m in lue.manquantes] == [("art. 49(1)", "transferts[1].precisions")]


def test_un_destinataire_lointain_sans_transfert_declare_ne_passe_pas_inapercu(lavande):
    lue = notice(lavande, destinataires=[{"type": "SOUS_TRAITANT", "nom": "Atlas Relation", "pays": "MA"}])
    assert "Nous n'envoyons pas" not in texte(lue)
    assert mentions(lue) == {"garantie du transfert vers Atlas Relation, Maroc"}


# --- Profilage et décision automatisée ----------------------------------------------------------------------------
def test_une_segmentation_se_dit_avec_sa_logique(lavande):
    volet = {"niveau": "segmentation", "logique": "Trois segments selon les achats.", "decision_auto": False}
    dit = paragraphe(notice(lavande, profilage=volet), "Profilage")
    assert (
        "un profil à partir de vos données : segmentation. Comment : Trois segments selon les achats." in dit
    )


def test_une_decision_automatisee_doit_sa_logique_ses_effets_et_son_recours(lavande):
    lue = notice(lavande, profilage={"niveau": "decision_automatisee", "decision_auto": True})
    assert [(m.article, m.chemin) for m in lue.manquantes] == [
        ("art. 13(2)(f)", "profilage.logique"),
        ("art. 13(2)(f)", "profilage.consequences"),
        ("art. 22(2)", "profilage.exception_art22"),
        ("art. 22(3)", "profilage.intervention_humaine"),
    ]


@pytest.mark.parametrize("humaine", [True, False])
def test_l_intervention_humaine_ne_se_promet_que_si_elle_existe(lavande, humaine):
    volet = {
        "niveau": "decision_automatisee",
        "decision_auto": True,
        "logique": "Un score des achats.",
        "consequences": "Le paiement en plusieurs fois est refusé.",
        "exception_art22": "contrat",
        "intervention_humaine": humaine,
    }
    lue = notice(lavande, profilage=volet)
    assert ("qu'une personne revoie la décision" in texte(lue)) == humaine
    assert [m.chemin for m in lue.manquantes] == ([] if humaine else ["profilage.intervention_humaine"])
    assert "refus d'une décision exclusivement automatisée" in texte(lue)
    assert "Décision automatisée : ne pas être soumis à une décision exclusivement automatisée" in texte(lue)


@pytest.mark.parametrize(
    ("cas", "dit"),
    [
        (
            "contrat",
            "elles sont nécessaires pour conclure ou exécuter un contrat avec vous (RGPD, art. 22(2)(a)).",
        ),
        ("loi", "un texte les autorise et vous protège (RGPD, art. 22(2)(b))."),
        ("consentement-explicite", "vous y avez consenti explicitement (RGPD, art. 22(2)(c))."),
    ],
)
def test_ce_qui_permet_une_decision_se_dit_sans_code(lavande, cas, dit):
    volet = {"niveau": "decision_automatisee", "decision_auto": True, "exception_art22": cas}
    assert f"Ce qui les permet : {dit}" in texte(notice(lavande, profilage=volet))


# --- Mineurs, consommateurs, dispense de l'article 14(5) ----------------------------------------------------------
QUINZE_ANS = "Si vous avez moins de quinze ans"


@pytest.mark.parametrize(
    ("personne", "reserve", "paragraphe_propre"),
    [
        ({"categorie": "MINEURS", "moins_de_15_ans": True}, True, True),
        ({"categorie": "MINEURS", "moins_de_15_ans": None}, True, True),
        ({"categorie": "MINEURS", "moins_de_15_ans": False}, True, False),
        ({"categorie": "CLIENTS"}, False, False),
    ],
)
def test_des_mineurs_appellent_une_relecture_et_l_accord_des_parents(
    lavande, personne, reserve, paragraphe_propre
):
    lue = notice(lavande, personnes=[personne])
    assert any("LIL, art. 45" in r for r in lue.reserves) == reserve
    assert (QUINZE_ANS in {p.titre for p in lue.paragraphes}) == paragraphe_propre
    manque = "moyen de recueillir l'accord parental à la finalité 1"
    assert (manque in mentions(lue)) == paragraphe_propre


def test_l_accord_des_parents_se_dit(lavande):
    consentie = {**CONSENTIE, "consentement_autorisation_parentale": "Un courriel au parent, qui confirme."}
    lue = notice(
        lavande, finalites=[consentie], personnes=[{"categorie": "MINEURS", "moins_de_15_ans": True}]
    )
    dit = paragraphe(lue, QUINZE_ANS)
    assert "il doit être donné par vous et par l'un de vos parents" in dit
    assert "Comment : un courriel au parent, qui confirme." in dit
    assert lue.manquantes == ()


def test_sans_consentement_les_parents_n_ont_rien_a_accorder(lavande):
    lue = notice(lavande, finalites=[LEGITIME], personnes=[{"categorie": "MINEURS", "moins_de_15_ans": True}])
    assert QUINZE_ANS not in {p.titre for p in lue.paragraphes}
    assert lue.reserves


TELEPHONE = {**COORDONNEES, "precisions": "courriel, téléphone"}


def test_qui_donne_son_numero_apprend_que_les_appels_supposent_son_consentement(lavande):
    lue = notice(lavande, donnees=[TELEPHONE], personnes=[{"categorie": "CLIENTS"}])
    assert "Toute sollicitation par téléphone à des fins commerciales suppose" in paragraphe(lue, "Appels")


def test_qui_ne_donne_que_son_courriel_ne_lit_rien_des_appels(lavande):
    lue = notice(lavande, personnes=[{"categorie": "CLIENTS"}])
    assert "Appels commerciaux" not in {p.titre for p in lue.paragraphes}


@pytest.mark.parametrize(("le", "dit"), [(date(2026, 8, 10), False), (date(2026, 8, 11), True)])
def test_cette_phrase_est_due_depuis_le_11_aout_2026(lavande, le, dit):
    creer_fiche(lavande, **COMPLETE | {"donnees": [TELEPHONE], "personnes": [{"categorie": "CLIENTS"}]})
    faits, _ = faits_de(lavande)
    with dans(lavande):
        titres = {p.titre for p in rediger(faits, Codes(), le).paragraphes}
    assert ("Appels commerciaux" in titres) == dit


DISPENSE = {
    **COMPLETE["information"],
    "exception_art14": "impossible",
    "exception_art14_motif": "Dix mille auteurs, sans adresse connue.",
}
PUBLIQUE = {"categorie": "COORDONNEES", "sources": ["PUBLIQUE"]}


def test_une_dispense_d_informer_se_lit_avec_sa_raison(lavande):
    lue = notice(lavande, donnees=[PUBLIQUE], information=DISPENSE)
    (reserve,) = lue.reserves
    assert "(RGPD, art. 14(5)(b)) : information impossible" in reserve
    assert "Raison : Dix mille auteurs, sans adresse connue." in reserve
    assert "dans le mois qui suit leur obtention" not in texte(lue)
    assert lue.manquantes == ()


def test_une_dispense_sans_raison_manque_a_la_notice(lavande):
    sans_raison = {**DISPENSE, "exception_art14_motif": ""}
    lue = notice(lavande, donnees=[PUBLIQUE], information=sans_raison)
    assert [m.chemin for m in lue.manquantes] == ["information.exception_art14_motif"]
    assert "La raison n'en est pas dite." in lue.reserves[0]


def test_une_collecte_directe_n_a_pas_de_dispense_a_montrer(lavande):
    assert notice(lavande, information=DISPENSE).reserves == ()


# --- Retrait ------------------------------------------------------------------------------------------------------
LIVRER = {"libelle": "Livrer les repas", "type": "execution", "base_legale": "CONTRAT"}
SANTE = {**COORDONNEES, "categorie": "SANTE", "exception_art9": "ART9_A", "precisions": "allergies"}


def test_le_consentement_de_l_article_9_se_retire_par_ses_moyens(lavande):
    livrer = {**LIVRER, "consentement_explicite": True, "consentement_retrait": "Dans votre compte"}
    dit = paragraphe(notice(lavande, finalites=[livrer], donnees=[SANTE]), "Retirer votre consentement")
    assert "Vous pouvez retirer à tout moment le consentement explicite que vous nous avez donné." in dit
    assert "Comment : Dans votre compte." in dit


def test_le_moyen_de_retirer_le_consentement_de_l_article_9_manque_a_sa_finalite(lavande):
    livrer = {**LIVRER, "numero": 2}
    lue = notice(lavande, finalites=[CONSENTIE, livrer], donnees=[{**SANTE, "finalites": [2]}])
    assert "Pour la finalité 1, vous pouvez retirer votre consentement à tout moment." in texte(lue)
    assert "Pour la finalité 2, vous pouvez retirer à tout moment le consentement explicite" in texte(lue)
    assert "finalites[2].consentement_retrait" in {m.chemin for m in lue.manquantes}


def test_un_consentement_explicite_qui_fonde_la_finalite_ne_se_dit_qu_une_fois(lavande):
    explicite = {**CONSENTIE, "consentement_explicite": True}
    dit = paragraphe(notice(lavande, finalites=[explicite], donnees=[SANTE]), "Retirer votre consentement")
    assert "Vous pouvez retirer votre consentement à tout moment." in dit
    assert "explicite" not in dit


# --- Droits -------------------------------------------------------------------------------------------------------
DROITS = {
    "CONSENTEMENT": "accès, rectification, effacement, limitation, portabilité (conditionnelle), retrait du consentement",
    "CONTRAT": "accès, rectification, effacement, limitation, portabilité (conditionnelle)",
    "OBLIGATION_LEGALE": "accès, rectification, limitation",
    "INTERETS_VITAUX": "accès, rectification, effacement, limitation",
    "MISSION_INTERET_PUBLIC": "accès, rectification, effacement (conditionnel), limitation, opposition",
    "INTERET_LEGITIME": "accès, rectification, effacement, limitation, opposition",
}

# À la personne, une condition se dit ; celle de la portabilité se lit avec ce que ce droit permet.
DITS = {
    "CONSENTEMENT": "accès, rectification, effacement, limitation, portabilité, retrait du consentement",
    "CONTRAT": "accès, rectification, effacement, limitation, portabilité",
    "MISSION_INTERET_PUBLIC": "accès, rectification, effacement (dans la mesure où notre mission ne nous impose pas de garder "
    "vos données), limitation, opposition",
}


@pytest.mark.parametrize(("base", "droits"), DROITS.items())
def test_les_droits_suivent_la_base_dans_la_notice_et_sur_la_fiche(auditeur, maison_lavande, base, droits):
    fiche = creer_fiche(maison_lavande, finalites=[{"libelle": "Servir nos clients", "base_legale": base}])
    faits, lue = faits_de(maison_lavande)
    assert [ligne.noms for ligne in droits_par_finalite(faits)] == [droits]
    assert f"Vous avez ces droits : {DITS.get(base, droits)}." in texte(lue)
    assert "conditionnel" not in texte(lue)
    page = auditeur.get(reverse("fiche", args=[fiche.pk])).content.decode()
    assert f'droits ouverts : <span class="multiligne">{droits}</span>' in page


def test_sans_base_la_fiche_ne_dit_aucun_droit(auditeur, maison_lavande):
    fiche = creer_fiche(maison_lavande, finalites=[{"libelle": "Servir nos clients"}])
    assert "droits ouverts" not in auditeur.get(reverse("fiche", args=[fiche.pk])).content.decode()


def test_les_droits_se_lisent_dans_le_pdf(auditeur, prospection):
    from io import BytesIO

    from pypdf import PdfReader

    octets = auditeur.get(reverse("fiche_pdf", args=[prospection.pk])).content
    lu = texte_du_pdf(PdfReader(BytesIO(octets)).pages)
    assert "droits ouverts : accès, rectification" in lu
    assert "retrait du consentement, opposition à la prospection" in lu


def test_l_opposition_se_presente_a_part(lavande):
    """Article 21(4) : séparément de toute autre information."""
    lue = notice(lavande)
    assert (
        next(p for p in lue.paragraphes if p.titre == "Votre droit de vous opposer").article == "art. 21(4)"
    )
    seule = {"libelle": "Livrer les commandes", "type": "execution", "base_legale": "CONTRAT"}
    creer_fiche(lavande, **{**COMPLETE, "reference": "TR-002", "finalites": [seule]})
    titres = {p.titre for p in faits_de(lavande, "TR-002")[1].paragraphes}
    assert not titres & {"Votre droit de vous opposer", "Retirer votre consentement"}


# --- À l'écran ----------------------------------------------------------------------------------------------------
def lire(client, nom: str, fiche) -> str:
    reponse = client.get(reverse(nom, args=[fiche.pk]))
    assert reponse.status_code == 200
    return reponse.content.decode()


@pytest.fixture
def neuve(db):
    """Un organisme et une fiche qui n'ont encore presque rien dit."""
    organisme = creer_organisme("Savonnerie du Vallon", etabli_ue=True, dpo_obligatoire=False)
    organisme.fiche = creer_fiche(
        organisme, finalites=[sans(CONSENTIE, "consentement_retrait")], information=None
    )
    return organisme


def ouvrir(organisme, role: str) -> str:
    """La page d'information telle que la voit ce rôle, sans la colonne."""
    client = connecte(habiliter(organisme, role, f"{role}@vallon.example", role.title()))
    return lire(client, "information", organisme.fiche).split("<main")[1]


def test_la_page_montre_la_notice_et_mene_chaque_manque_a_son_champ(neuve):
    page = ouvrir(neuve, Role.DPO)
    saisie = reverse("admin:traitements_traitement_change", args=[neuve.fiche.pk])
    assert page.count(f'href="{saisie}#id_finalites-1-consentement_retrait"') == 2  # le blanc et la colonne
    assert page.count(f'href="{saisie}#id_information-contact_droits"') == 2
    organisme = reverse("admin:organismes_organisme_change", args=[neuve.pk])
    assert page.count(f'href="{organisme}#id_courriel"') == 2
    assert "<mark>[à compléter\N{NO-BREAK SPACE}: contact pour exercer ses droits]</mark>" in page


@pytest.mark.parametrize("role", [Role.AUDITEUR, Role.DIRECTION])
def test_qui_ne_modifie_pas_lit_les_manques_sans_lien(neuve, role):
    page = ouvrir(neuve, role)
    assert "Contact pour exercer ses droits" in page
    assert "/change/" not in page


def test_le_contributeur_va_aux_champs_de_la_fiche_non_a_ceux_de_l_organisme(neuve):
    page = ouvrir(neuve, Role.CONTRIBUTEUR)
    assert "#id_information-contact_droits" in page
    assert "Adresse du responsable" in page
    assert "/gestion/organismes/organisme/" not in page


def test_le_texte_a_copier_est_toute_la_notice(auditeur, maison_lavande, prospection):
    attendu = composer(texte(faits_de(maison_lavande)[1]))
    assert "’" in attendu and "'" not in attendu
    assert escape(attendu) in lire(auditeur, "information", prospection)
    reponse = auditeur.get(reverse("information_txt", args=[prospection.pk]))
    assert reponse.content.decode() == attendu
    assert reponse["Content-Type"] == "text/plain; charset=utf-8"
    assert 'filename="TR-001 information des personnes.txt"' in reponse["Content-Disposition"]


def test_un_texte_saisi_ne_devient_pas_du_html(auditeur, maison_lavande):
    fiche = creer_fiche(maison_lavande, finalites=[{"libelle": "Vendre <script>alert(1)</script>"}])
    assert "<script>alert" not in lire(auditeur, "information", fiche)


def test_une_fiche_de_sous_traitance_renvoie_au_responsable(dpo, maison_lavande):
    fiche = creer_fiche(maison_lavande, qualite="sous-traitant")
    page = lire(dpo, "information", fiche)
    assert "responsable du traitement, qui informe les personnes" in page
    assert "<textarea" not in page
    assert dpo.get(reverse("information_txt", args=[fiche.pk])).status_code == 404


@pytest.mark.parametrize("nom", ["information", "information_txt"])
def test_la_notice_du_voisin_n_existe_pas(dpo, autre_boutique, nom):
    fiche = creer_fiche(autre_boutique, intitule="Secret du voisin")
    reponse = dpo.get(reverse(nom, args=[fiche.pk]))
    assert reponse.status_code == 404
    assert "voisin" not in reponse.content.decode()


def test_la_fiche_mene_a_l_information(auditeur, prospection):
    assert reverse("information", args=[prospection.pk]) in lire(auditeur, "fiche", prospection)


def test_la_page_tient_en_un_nombre_constant_de_requetes(
    auditeur, maison_lavande, prospection, django_assert_num_queries
):
    """Session, personne, habilitation, organisme, fiche et ses listes, référentiels, tiers : rien par ligne."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    url = reverse("information", args=[prospection.pk])
    auditeur.get(url)
    with CaptureQueriesContext(connection) as une:
        auditeur.get(url)
    nombre = len(une)
    grande = creer_fiche(
        maison_lavande,
        reference="TR-002",
        finalites=[{**CONSENTIE, "numero": n} for n in range(1, 9)],
        donnees=[{**COORDONNEES, "numero": n} for n in range(1, 9)],
        destinataires=[{"type": "INTERNE", "nom": f"Service {n}", "numero": n} for n in range(1, 9)],
    )
    auditeur.get(url)  # le journal a bougé : les retards de la colonne se recomptent une fois
    with django_assert_num_queries(nombre):
        auditeur.get(reverse("information", args=[grande.pk]))
