"""Les seize fiches types : complets, exacts sur les durées, et jamais bloqués par une règle de droit."""

import json
import re
import tomllib
from datetime import date

import pytest

from arbre import RACINE
from boutique import AUTEUR
from conservation.models import DureeReference
from droit.faits import Faits
from droit.inacheves import inacheve
from organismes.portee import dans
from registre.actes.fiches import enregistrer_fiche
from registre.conformite.controle import Conformite
from registre.fiche import agregat
from registre.fiche.lecture import est_vide
from registre.fiche.referentiels import codes_ou
from registre.fiche.rubriques import PLAN_RESPONSABLE
from traitements.models import BaseLegale, CategorieDonnees, ModeleFiche, Traitement

pytestmark = pytest.mark.django_db
DOSSIER = RACINE / "traitements" / "fiches_types"
CODES = {
    "01-gestion-clients": "GESTION_CLIENTS",
    "02-impayes-contentieux": "IMPAYES_CONTENTIEUX",
    "03-prospection-b2c-elec": "PROSPECTION_B2C_ELEC",
    "04-prospection-b2b": "PROSPECTION_B2B",
    "05-prospection-telephone": "PROSPECTION_TELEPHONE",
    "06-prospection-postale": "PROSPECTION_POSTALE",
    "07-fidelite": "FIDELITE",
    "08-jeux-concours": "JEUX_CONCOURS",
    "09-etudes-sondages": "ETUDES_SONDAGES",
    "10-statistiques": "STATISTIQUES",
    "11-profilage": "PROFILAGE",
    "12-cession-fichiers": "CESSION_FICHIERS",
    "13-avis-clients": "AVIS_CLIENTS",
    "14-droits-opposition": "DROITS_OPPOSITION",
    "15-cookies-audience": "COOKIES_AUDIENCE",
    "16-newsletter": "NEWSLETTER",
}
OBLIGATOIRES = {
    "code",
    "libelle",
    "description",
    "source",
    "verifie",
    "rattachement",
    "vigilance",
    "references",
    "sous_traitants",
    "transferts",
    "aipd",
    "contenu",
}
# Ce que l'outil ne sait pas à la place de l'organisme : un modèle n'en dit rien.
JAMAIS = {
    "a_confirmer",
    "accord_art26",
    "clients",
    "date_creation",
    "date_derniere_revue",
    "date_maj",
    "date_mise_en_oeuvre",
    "date_prochaine_revue",
    "ecarts",
    "modele",
    "reference",
    "reprise",
    "responsables_conjoints",
    "securite_heritee",
    "statut",
    "transferts",
    "transferts_hors_eee",
    "validee_le",
}
JAMAIS_DANS_UNE_DUREE = {"appliquee", "appliquee_precisions", "derniere_purge", "echeance", "texte_origine"}
PROPRES_A_UNE_LIGNE = {"numero", "categories", "objet", "source", "justification_ecart"}
RUBRIQUES = [r for r in PLAN_RESPONSABLE if r.code not in ("transferts", "suivi")]
SOCLE = {"SEC04", "SEC05", "SEC16", "SEC17"}
A_CHIFFRER = {"CARTE_BANCAIRE", "MOYENS_PAIEMENT", "PIECE_IDENTITE"}
CONCLUSIONS = {"non_requise_a_priori": "non_requise", "a_analyser": None, "requise": "requise"}
PROSCRITS = (
    "Bloctel",
    "Privacy Shield",
    "non soumis au RGPD",
    "D111-16",
    "base légale (art. 30)",
    "conforme au RGPD",
)
# Ce qui est à confirmer se dit à côté ; ce que l'on écrit dans la fiche survit à la validation.
A_RELIRE = re.compile(
    r"à relire|à joindre|à confirmer|(?<!qu')à vérifier|non lue|(délais?|durée|choix|paramètres) proposée?s?\b|: proposition|"
    r"(ligne|finalité) à supprimer|le modèle",
    re.IGNORECASE,
)
CODE = re.compile(r"\b(?:R(?:0\d|1\d)|ART9_\w|D49_\d|SEC\d\d|C\d_[A-Z]+|[A-Z]{4,}_[A-Z0-9_]+)\b")
FORCES = {"prescription": "(prescription", "recommande": "(recommandé", "usage": "(usage"}


@pytest.fixture(params=CODES)
def nom(request) -> str:
    return request.param


@pytest.fixture
def ligne(nom) -> dict:
    return lire(nom)["ligne"][0]


@pytest.fixture
def contenu(ligne) -> dict:
    return ligne["contenu"]


@pytest.fixture
def fiche(contenu, maison_lavande) -> dict:
    """La forme canonique de la fiche que le modèle crée dans un organisme."""
    with dans(maison_lavande):
        creee = enregistrer_fiche(
            {**contenu, "reference": "TR-900"}, organisme=maison_lavande, auteur=AUTEUR
        ).objet
        forme = agregat.FICHE
        return agregat.instantane_de(forme, forme.charger(Traitement.objects.filter(pk=creee.pk)).get())


def lire(nom: str) -> dict:
    return tomllib.loads((DOSSIER / f"{nom}.toml").read_text(encoding="utf-8"))


def test_il_y_a_seize_modeles_dans_l_ordre():
    fichiers = sorted(f.stem for f in DOSSIER.glob("*.toml"))
    assert {f: lire(f)["ligne"][0]["code"] for f in fichiers} == CODES
    assert list(CODES) == fichiers


def test_un_fichier_porte_un_seul_modele_et_rien_d_autre(nom, ligne):
    document = lire(nom)
    assert set(document) == {"meta", "ligne"}
    assert document["meta"]["version"] == "2026.11.26"
    assert len(document["ligne"]) == 1
    assert set(ligne) - {"remarque"} == OBLIGATOIRES
    assert set(ligne["transferts"]) == {"cas", "garantie"}
    assert set(ligne["aipd"]) == {"conclusion", "motif"}
    ModeleFiche(**ligne).full_clean(validate_unique=False)


def test_un_modele_ne_dit_pas_ce_que_seul_l_organisme_sait(contenu):
    assert not JAMAIS & set(contenu)
    assert not [k for k in contenu["conservations"] if JAMAIS_DANS_UNE_DUREE & set(k)]
    assert not [r for r in contenu["destinataires"] if r["type"] == "SOUS_TRAITANT" or "tiers" in r]
    assert "grande_echelle" not in contenu


def test_les_elements_sont_numerotes_de_suite(contenu):
    for valeur in contenu.values():
        if isinstance(valeur, list):
            assert [e["numero"] for e in valeur] == list(range(1, len(valeur) + 1))


def test_aucune_formulation_proscrite_n_entre_dans_la_fiche(contenu):
    texte = json.dumps(contenu, ensure_ascii=False)
    assert not [mot for mot in PROSCRITS if mot in texte]


def test_la_fiche_proposee_s_enregistre(contenu, maison_lavande):
    with dans(maison_lavande):
        resultat = enregistrer_fiche(
            {**contenu, "reference": "TR-900"}, organisme=maison_lavande, auteur=AUTEUR, simuler=True
        )
    assert resultat.effet == "creation"


def test_la_fiche_creee_garde_tout_ce_que_le_modele_propose(contenu, fiche):
    """Aucune valeur ne se perd, aucune ne change, à l'ordre des codes près."""
    for nom, valeur in contenu.items():
        if isinstance(valeur, list):
            for propose, garde in zip(valeur, fiche[nom], strict=True):
                assert {c: en_ordre(garde[c]) for c in propose} == {
                    c: en_ordre(v) for c, v in propose.items()
                }
        elif isinstance(valeur, dict):
            assert {c: en_ordre(fiche[nom][c]) for c in valeur} == {c: en_ordre(v) for c, v in valeur.items()}
        else:
            assert fiche[nom] == valeur


def en_ordre(valeur):
    return sorted(valeur) if isinstance(valeur, list) else valeur


def test_chaque_rubrique_est_proposee(contenu):
    for r in RUBRIQUES:
        elements = (*r.champs, *r.listes, *r.volets)
        assert any(not est_vide(contenu.get(e.nom)) for e in elements), r.code


def test_chaque_liste_de_la_fiche_est_remplie(contenu):
    for nom in ("finalites", "personnes", "donnees", "conservations", "destinataires", "mesures"):
        assert contenu[nom], nom
    for nom in ("information", "profilage", "cession", "aipd"):
        assert contenu[nom], nom


def test_chaque_finalite_a_sa_base_et_ce_que_cette_base_exige(contenu):
    for f in contenu["finalites"]:
        assert f["type"] and f["justification"], f["numero"]
        match f["base_legale"]:
            case "INTERET_LEGITIME":
                assert f["interet_legitime"] and f["balance"]
            case "OBLIGATION_LEGALE":
                assert f["texte_legal"]
            case "CONSENTEMENT":
                for champ in ("recueil", "preuve", "retrait"):
                    assert f[f"consentement_{champ}"], (f["numero"], champ)
                assert f["consentement_precoche"] is False
                assert f["consentement_conditionne"] is False
                assert isinstance(f["consentement_explicite"], bool)
            case base:
                assert base == "CONTRAT"


def test_un_modele_ne_dit_pas_fait_ce_que_l_organisme_reste_a_faire(contenu):
    """La mise en balance et le texte du consentement sont ses actes : sans eux, BAS-03 et BAS-08 restent à lire."""
    for f in contenu["finalites"]:
        assert not {"balance_faite", "consentement_texte_version"} & set(f), f["numero"]


def test_aucun_texte_d_un_modele_n_attend_d_etre_acheve(contenu):
    """Ce qui est à confirmer se dit à côté, dans la remarque du modèle et la durée de référence, jamais dans la valeur."""
    textes = list(Faits(contenu).textes())
    assert [(chemin, t) for chemin, t in textes if inacheve(t) or A_RELIRE.search(t)] == []


def test_aucun_code_n_entre_dans_une_phrase(contenu):
    """Une phrase dit « la liste de la CNIL », non « le type R10 » : le code ne se lit que dans les listes de choix."""
    assert not [t for _, t in Faits(contenu).textes() if " " in t and CODE.search(t)]


def test_chaque_finalite_repond_a_ce_que_sa_nature_et_ses_canaux_demandent(contenu):
    for f in contenu["finalites"]:
        canaux = set(f.get("canaux", ()))
        if f["type"] in ("prospection", "cession"):
            assert canaux and f["public"], f["numero"]
        if f["type"] == "statistiques":
            assert isinstance(f["conserve_apres_terme"], bool)
        if f["type"] == "etude":
            assert f["promotionnelle"] is False
        if canaux & {"EMAIL_B2C", "EMAIL_B2B"}:
            assert isinstance(f["suivi_ouverture"], bool)
        if f.get("suivi_ouverture"):
            assert f["base_legale"] == "CONSENTEMENT"
        if "EMAIL_B2B" in canaux:
            assert f["objet_rapport_profession"] is True
        if "TELEPHONE_B2C" in canaux:
            assert f["base_legale"] == "CONSENTEMENT" or f["contrat_en_cours"] is True


def test_chaque_donnee_sert_une_finalite_et_vient_de_quelque_part(contenu):
    numeros = {f["numero"] for f in contenu["finalites"]}
    servies = set()
    for d in contenu["donnees"]:
        assert d["precisions"] and d["sources"] and d["finalites"], d["categorie"]
        assert set(d["finalites"]) <= numeros
        assert bool(d.get("consequence_defaut")) == d["obligatoire"], d["categorie"]
        servies |= set(d["finalites"])
    assert servies == numeros


def test_chaque_categorie_de_donnees_a_une_duree(contenu):
    assert all(k["categories"] for k in contenu["conservations"])  # un modèle ne dit jamais « toutes »
    durees = {c for k in contenu["conservations"] for c in k["categories"]}
    assert {d["categorie"] for d in contenu["donnees"]} <= durees


def test_chaque_duree_est_celle_de_la_reference_qu_elle_cite(contenu):
    regles = DureeReference.objects.in_bulk()
    for k in contenu["conservations"]:
        regle = regles[k["regle_reference"]]
        assert k["phase"] == regle.phase
        assert k["point_depart"] == regle.point_depart_id
        assert k.get("duree_valeur") == regle.duree_valeur
        assert k.get("duree_unite", "") == regle.duree_unite
        assert ("critere" in k) == (regle.duree_valeur is None)
        assert k["sort_final"] == regle.sort_final or k["justification_ecart"]
        assert k.get("acces_restreint") is (True if k["phase"] == "archivage_intermediaire" else None)
        if k["sort_final"] == "anonymisation":
            assert k["technique"] == "agregation"
        if k["point_depart"] == "DERNIER_CONTACT_PROSPECT":
            assert k["ouverture_vaut_contact"] is False


def test_une_duree_proposee_ne_passe_jamais_pour_la_loi(contenu):
    regles = DureeReference.objects.in_bulk()
    for k in contenu["conservations"]:
        regle = regles[k["regle_reference"]]
        if marque := FORCES.get(regle.force):
            assert marque in k["source"] and "(loi" not in k["source"], k["regle_reference"]


def test_chaque_duree_se_distingue_des_autres_de_sa_categorie(contenu):
    """Deux durées d'une même catégorie et d'une même phase disent chacune ce qu'elles visent."""
    vues = {}
    for k in contenu["conservations"]:
        for categorie in k["categories"]:
            vues.setdefault((categorie, k["phase"]), []).append(k.get("objet", ""))
    assert not {cle: objets for cle, objets in vues.items() if len(objets) != len(set(objets))}


def test_une_meme_duree_ne_se_repete_pas_d_une_categorie_a_l_autre(contenu):
    """Une purge, une ligne. Restent à part les données que la loi tient à part (RGPD art. 9 et 10)."""
    a_part = {c.pk for c in CategorieDonnees.objects.all() if c.sensible or c.infraction}
    dites = [
        json.dumps({n: v for n, v in k.items() if n not in PROPRES_A_UNE_LIGNE}, sort_keys=True)
        for k in contenu["conservations"]
        if not a_part & set(k["categories"])
    ]
    assert len(dites) == len(set(dites))


def test_les_donnees_sensibles_et_d_infraction_portent_leur_titre(contenu):
    categories = CategorieDonnees.objects.in_bulk()
    sensibles = [d for d in contenu["donnees"] if categories[d["categorie"]].sensible]
    assert contenu["donnees_sensibles"] is bool(sensibles)
    assert all(d["exception_art9"] and d["justification_art9"] for d in sensibles)
    assert all(d["justification_art10"] for d in contenu["donnees"] if categories[d["categorie"]].infraction)


def test_le_socle_de_securite_est_propose_et_les_donnees_a_risque_sont_chiffrees(contenu):
    fiches = {m["fiche"] for m in contenu["mesures"]}
    assert SOCLE <= fiches
    assert all(m["precisions"] for m in contenu["mesures"])
    if A_CHIFFRER & {d["categorie"] for d in contenu["donnees"]} or contenu["donnees_sensibles"]:
        assert "SEC21" in fiches


def test_les_droits_annonces_sont_ceux_que_les_bases_ouvrent(contenu):
    noms = {
        "acces": "ACCES",
        "rectification": "RECTIFICATION",
        "effacement": "EFFACEMENT",
        "limitation": "LIMITATION",
        "portabilite": "PORTABILITE",
        "opposition": "OPPOSITION",
        "retrait_consentement": "RETRAIT",
    }
    bases = BaseLegale.objects.in_bulk({f["base_legale"] for f in contenu["finalites"]})
    ouverts = {noms[droit] for b in bases.values() for droit, reponse in b.droits.items() if reponse != "non"}
    annonces = set(contenu["information"]["droits"])
    assert annonces & set(noms.values()) == ouverts
    assert {"POST_MORTEM", "RECLAMATION"} <= annonces


def test_l_information_suit_les_bases_les_sources_et_le_profilage(contenu):
    mentions = set(contenu["information"]["mentions"])
    bases = {f["base_legale"] for f in contenu["finalites"]}
    sources = {s for d in contenu["donnees"] for s in d["sources"]}
    indirectes = sources & set(codes_ou("sources-donnees", "indirecte"))
    assert ("interets" in mentions) == ("INTERET_LEGITIME" in bases)
    assert ("retrait" in mentions) == ("CONSENTEMENT" in bases)
    assert ("source" in mentions) == ("delai_art14" in mentions) == bool(indirectes)
    assert ("profilage" in mentions) == (contenu["profilage"]["niveau"] != "aucun")
    assert ("demarchage" in mentions) == _recueille_le_numero_d_un_consommateur(contenu)


def _recueille_le_numero_d_un_consommateur(contenu) -> bool:
    """C. conso. art. L223-2 : la personne dont on recueille le numéro apprend que les appels commerciaux supposent son accord."""
    publics = {f.get("public") for f in contenu["finalites"]} - {None, ""}
    return publics != {"B2B"} and any(
        "téléphone" in d["precisions"] and "DIRECTE" in d["sources"]
        for d in contenu["donnees"]
        if d["categorie"] == "COORDONNEES"
    )


def test_la_decision_d_analyse_d_impact_suit_la_conclusion_du_modele(ligne, contenu):
    aipd = contenu["aipd"]
    assert aipd.get("decision") == CONCLUSIONS[ligne["aipd"]["conclusion"]]
    assert bool(aipd.get("liste_requise")) == (ligne["aipd"]["conclusion"] == "requise")
    assert aipd["justification"]


def test_un_brouillon_tire_du_modele_n_appelle_aucun_constat_bloquant(fiche, maison_lavande):
    with dans(maison_lavande):
        bloquants = Conformite(maison_lavande).bilan(fiche, date.today()).bloquants
    assert [f"{c.code} {c.chemin} : {c.message}" for c in bloquants] == []
