"""Les mots prêtés : ce que Registre sait (qui, quand, quel constat, quel état) ne se lit dans rien de ce qu'il reçoit.

Les cas sont tirés du plan : un champ tenu de plus est éprouvé sans une ligne de plus.
"""

import json
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import models
from django.urls import reverse
from django.utils import timezone

from boutique import PROSPECTION, creer_fiche, creer_tiers
from conservation.models import Operation
from organismes.champs import ChampLignes, champ_de
from organismes.models import Tiers, Utilisateur
from organismes.portee import dans
from registre.fiche import agregat as ag
from registre.fiche.assemblage import NON_PRIS
from registre.portes.api.serialiseurs import nom_du_schema
from traitements.models import Traitement

pytestmark = pytest.mark.django_db
RAISON = "Le contrat est signé ; l'original est au coffre, la copie arrive."
ECART = {"regle": "SST-01", "chemin": "destinataires[1].tiers", "raison": RAISON}
FORGES = {
    models.DateField: "1999-12-31",
    ChampLignes: ["Menti"],
    models.JSONField: [{"libelle": "a", "valeur": "b"}],
}


def forge(modele: type[models.Model], nom: str):
    """Une valeur du bon type, que Registre n'a jamais écrite."""
    champ = modele._meta.get_field(nom)
    return next((v for genre, v in FORGES.items() if isinstance(champ, genre)), "MENTI")


def dans_un_mois() -> str:
    return (timezone.localdate() + timedelta(days=30)).isoformat()


RACINE = sorted(ag.FICHE.tenus)
ELEMENTS = [(p.nom, nom) for p in (*ag.FICHE.listes, *ag.FICHE.volets) for nom in sorted(p.tenus)]
TENUS = [("", nom) for nom in RACINE] + ELEMENTS


@pytest.fixture
def sans_contrat(maison_lavande) -> Traitement:
    creer_tiers(maison_lavande, "Envoléo SAS", pays="FR", qualites=["sous-traitant"])
    return creer_fiche(maison_lavande, destinataires=[{"type": "SOUS_TRAITANT", "tiers": "Envoléo SAS"}])


def detail(fiche) -> str:
    return reverse("api:fiches-detail", args=[fiche.pk])


def envoyer(client, methode: str, url: str, corps, revision=None):
    entetes = {"HTTP_IF_MATCH": revision} if revision else {}
    return getattr(client, methode)(url, corps, content_type="application/json", **entetes)


def lire(organisme, fiche) -> dict:
    with dans(organisme):
        return ag.instantane_de(
            ag.FICHE, ag.FICHE.charger(Traitement.objects.filter(pk=fiche.pk)).get(), ag.par_nom
        )


def corps_forge(liste: str, nom: str) -> tuple[dict, str]:
    """Un corps où ce champ est forgé, et le chemin où le refus l'attend."""
    if not liste:
        return {nom: forge(Traitement, nom)}, nom
    partie = next(p for p in ag.FICHE.listes if p.nom == liste)
    element = {**ECART, "fin": dans_un_mois(), nom: forge(partie.modele, nom)}
    return {liste: [element]}, f"{liste}[1].{nom}"


def test_le_plan_declare_tout_ce_que_registre_sait_d_une_fiche_et_d_un_ecart():
    assert {"date_maj", "validee_le", "alertes_lues", "modele", "reprise"} <= set(RACINE)
    assert {nom for liste, nom in ELEMENTS if liste == "ecarts"} == {
        "constat",
        "pose_par",
        "pose_le",
        "faits",
    }


@pytest.mark.parametrize(("liste", "nom"), TENUS)
def test_l_api_refuse_par_son_nom_un_champ_forge_a_la_modification(
    dpo, maison_lavande, sans_contrat, liste, nom
):
    avant = lire(maison_lavande, sans_contrat)
    corps, chemin = corps_forge(liste, nom)
    reponse = envoyer(dpo, "patch", detail(sans_contrat), corps, '"1"')
    assert (reponse.status_code, reponse.json()["erreurs"]) == (400, {chemin: [NON_PRIS]})
    assert lire(maison_lavande, sans_contrat) == avant


@pytest.mark.parametrize(("liste", "nom"), TENUS)
def test_l_api_refuse_par_son_nom_un_champ_forge_a_la_creation(dpo, maison_lavande, sans_contrat, liste, nom):
    corps, chemin = corps_forge(liste, nom)
    neuve = PROSPECTION | {
        "reference": "TR-9",
        "destinataires": lire(maison_lavande, sans_contrat)["destinataires"],
    }
    reponse = envoyer(dpo, "post", reverse("api:fiches-list"), neuve | corps)
    assert (reponse.status_code, reponse.json()["erreurs"]) == (400, {chemin: [NON_PRIS]})


@pytest.mark.parametrize(("liste", "nom"), TENUS)
@pytest.mark.parametrize("neuve", [True, False], ids=["creation", "modification"])
def test_l_import_json_ne_prend_pas_un_champ_forge_et_le_dit(
    maison_lavande, sans_contrat, liste, nom, neuve, tmp_path
):
    lue = lire(maison_lavande, sans_contrat)
    corps, _ = corps_forge(liste, nom)
    fiche = lue | corps | {"reference": "TR-9" if neuve else lue["reference"], "service": "Autre"}
    chemin = tmp_path / "registre.json"
    chemin.write_text(json.dumps({"format": "registre-rgpd", "version": 1, "fiches": [fiche]}))
    sortie = StringIO()
    call_command("importer", str(chemin), organisme=str(maison_lavande.pk), stdout=sortie)
    with dans(maison_lavande):
        relue = lire(maison_lavande, Traitement.objects.get(reference=fiche["reference"]))
    if nom == "reprise":  # ce qu'un fichier n'a pas pu placer : c'est l'import qui l'écrit
        assert corps["reprise"][0] in relue["reprise"]
        return
    if liste:  # un écart se pose là où l'on travaille : le fichier n'en pose aucun, sa raison se garde
        assert relue["ecarts"] == []
        assert any(RAISON in e["valeur"] for e in relue["reprise"])
        assert "gardé en remarque" in sortie.getvalue()
        return
    assert relue[nom] != forge(Traitement, nom)
    if neuve:  # rien de ce que le fichier dit n'est perdu
        assert re.search("1999|Menti|MENTI", str(relue["reprise"]))


@pytest.mark.parametrize(("liste", "nom"), TENUS)
@pytest.mark.parametrize("page", ["add", "change"])
def test_le_formulaire_n_a_pas_de_cle_pour_un_champ_tenu(dpo, maison_lavande, sans_contrat, liste, nom, page):
    avant = lire(maison_lavande, sans_contrat)
    cible = [sans_contrat.pk] if page == "change" else []
    url = reverse(f"admin:traitements_traitement_{page}", args=cible)
    partie = next((p for p in ag.FICHE.listes if p.nom == liste), None)
    menti = forge(partie.modele if partie else Traitement, nom)
    cle = f"{liste}-1-{nom}" if liste else nom
    envoi = {
        "reference": "TR-9",
        "intitule": "Reprise",
        "qualite": "responsable",
        cle: json.dumps(menti),
        "relire": "1",
    }
    if liste:
        envoi |= {f"{liste}-1-numero": "1"} | {f"{liste}-1-{c}": v for c, v in ECART.items()}
    jeton = re.search(r'name="jeton" value="([^"]*)"', dpo.get(url).content.decode())
    dpo.post(url, envoi | {"jeton": jeton[1] if jeton else ""})
    with dans(maison_lavande):
        relue = lire(maison_lavande, Traitement.objects.get(reference="TR-9"))
    if liste:
        assert relue[liste] == avant[liste] == []
    else:
        assert json.dumps(menti) not in json.dumps(relue[nom]) and relue[nom] != menti


def test_un_ecart_envoye_par_l_api_prend_son_auteur_sa_date_et_le_vrai_constat(
    dpo, maison_lavande, sans_contrat
):
    reponse = envoyer(
        dpo, "patch", detail(sans_contrat), {"ecarts": [{**ECART, "fin": dans_un_mois()}]}, '"1"'
    )
    (pose,) = reponse.json()["ecarts"]
    assert (pose["pose_par"], pose["pose_le"]) == ("Claire Morel", timezone.localdate().isoformat())
    assert "Envoléo SAS" in pose["constat"] and len(pose["faits"]) == 64
    relu = dpo.get(detail(sans_contrat))
    renvoye = envoyer(dpo, "put", detail(sans_contrat), relu.json(), relu["ETag"])
    assert (renvoye.status_code, renvoye.json()) == (200, relu.json())


def test_qui_recrit_la_raison_d_un_ecart_le_signe(dpo, maison_lavande, sans_contrat):
    from boutique import connecte, habiliter

    envoyer(dpo, "patch", detail(sans_contrat), {"ecarts": [{**ECART, "fin": dans_un_mois()}]}, '"1"')
    autre = connecte(habiliter(maison_lavande, "dpo", "ines@lavande.example", "Inès Petit"))
    (pose,) = lire(maison_lavande, sans_contrat)["ecarts"]
    recrit = envoyer(
        autre, "patch", detail(sans_contrat), {"ecarts": [{**pose, "raison": RAISON + " Vu."}]}, '"2"'
    )
    assert recrit.json()["ecarts"][0]["pose_par"] == "Inès Petit"


@pytest.mark.parametrize(
    ("change", "chemin"),
    [
        ({"regle": "SST-99"}, "ecarts[1].regle"),
        ({"chemin": "finalites[1].libelle"}, "ecarts[1].regle"),
        ({"regle": "BAS-01", "chemin": "finalites[1].base_legale"}, "ecarts[1].regle"),
        ({"raison": "vu"}, "ecarts[1].raison"),
        ({"fin": (timezone.localdate() - timedelta(days=1)).isoformat()}, "ecarts[1].fin"),
        ({"fin": None}, "ecarts[1].fin"),
    ],
)
def test_l_api_refuse_l_ecart_que_la_page_refuserait(dpo, maison_lavande, sans_contrat, change, chemin):
    ecart = {**ECART, "fin": dans_un_mois(), **change}
    reponse = envoyer(dpo, "patch", detail(sans_contrat), {"ecarts": [ecart]}, '"1"')
    assert (reponse.status_code, list(reponse.json()["erreurs"])) == (400, [chemin])


@pytest.mark.parametrize(
    "ecart",
    [{}, {"regle": "BAS-01", "raison": RAISON}, {**ECART, "fin": dans_un_mois()}],
    ids=["vide", "sans fin", "sans objet"],
)
def test_sur_une_fiche_validee_aussi_un_ecart_mal_fait_se_refuse(dpo, maison_lavande, prospection, ecart):
    valide = envoyer(dpo, "patch", detail(prospection), {"statut": "validee"}, '"1"')
    assert valide.json()["statut"] == "validee"
    reponse = envoyer(dpo, "patch", detail(prospection), {"ecarts": [ecart]}, '"2"')
    assert reponse.status_code == 400
    assert all(chemin.startswith("ecarts[1].") for chemin in reponse.json()["erreurs"])
    assert lire(maison_lavande, prospection)["statut"] == "validee"


def _hors_liste() -> dict[str, dict]:
    """Chemin → ce que l'on envoie : un mot qu'aucune réponse offerte ne porte, dans chaque champ à choix de chaque partie."""
    envois = {c: {c: "zzz"} for c in ag.FICHE.champs if champ_de(ag.FICHE.modele, c).choices}
    for partie in (*ag.FICHE.listes, *ag.FICHE.volets):
        liste = partie in ag.FICHE.listes
        for c in (c for c in partie.champs if champ_de(partie.modele, c).choices and c not in partie.tenus):
            element = {"numero": 1, c: "zzz"} if liste else {c: "zzz"}
            envois[f"{partie.nom}[1].{c}" if liste else f"{partie.nom}.{c}"] = {
                partie.nom: [element] if liste else element
            }
    return envois


def test_sur_une_fiche_validee_un_mot_hors_de_sa_liste_se_refuse_ou_qu_il_soit(dpo, prospection):
    envoyer(dpo, "patch", detail(prospection), {"statut": "validee"}, '"1"')
    envois = _hors_liste()
    assert "conservations[1].appliquee" in envois
    for chemin, corps in envois.items():
        reponse = envoyer(dpo, "patch", detail(prospection), corps, '"2"')
        assert (reponse.status_code, chemin in reponse.json()["erreurs"]) == (400, True), chemin


def test_un_fichier_ne_valide_pas_une_fiche(maison_lavande, tmp_path):
    chemin = tmp_path / "registre.json"
    vide = {"reference": "TR-1", "intitule": "Vide", "qualite": "responsable", "statut": "validee"}
    fiches = [vide | {"validee_le": "2019-05-25"}]
    chemin.write_text(json.dumps({"format": "registre-rgpd", "version": 1, "fiches": fiches}))
    sortie = StringIO()
    call_command("importer", str(chemin), organisme=str(maison_lavande.pk), stdout=sortie)
    with dans(maison_lavande):
        fiche = Traitement.objects.get(reference="TR-1")
    assert (fiche.statut, fiche.validee_le) == ("brouillon", None)
    assert "entre en brouillon" in sortie.getvalue()
    assert [(e["libelle"], e["valeur"]) for e in fiche.reprise] == [
        ("État selon le fichier", "Validée le 25 mai 2019")
    ]
    encore = StringIO()
    call_command("importer", str(chemin), organisme=str(maison_lavande.pk), stdout=encore)
    assert "modifiés : 0\ninchangés : 1" in encore.getvalue()


def test_un_ecart_de_fichier_sans_constat_reste_lisible_en_remarque(maison_lavande, tmp_path):
    chemin = tmp_path / "registre.json"
    ecart = {**ECART, "fin": "2030-01-31", "pose_par": "Marie Curie", "pose_le": "2020-01-01"}
    fiche = PROSPECTION | {"ecarts": [ecart]}
    chemin.write_text(json.dumps({"format": "registre-rgpd", "version": 1, "fiches": [fiche]}))
    for attendu in ("créés : 1", "inchangés : 1"):
        sortie = StringIO()
        call_command("importer", str(chemin), organisme=str(maison_lavande.pk), stdout=sortie)
        assert attendu in sortie.getvalue()
    with dans(maison_lavande):
        lue = Traitement.objects.get()
        assert lue.ecarts.count() == 0
    assert RAISON in str(lue.reprise) and "Marie Curie" in str(lue.reprise)


def test_se_taire_ne_confirme_rien(dpo, maison_lavande):
    fiche = creer_fiche(maison_lavande, a_confirmer=["finalites"])
    lue = envoyer(dpo, "put", detail(fiche), PROSPECTION, '"1"').json()
    assert lue["a_confirmer"] == ["finalites"]
    assert envoyer(dpo, "patch", detail(fiche), {"a_confirmer": []}, '"1"').json()["a_confirmer"] == []


@pytest.mark.parametrize(
    "nom", ["id", "version", "revision", "organisme", "referentiels_lus", "auteur_nom", "cree_le"]
)
def test_ce_que_registre_ne_montre_pas_se_refuse_comme_un_champ_inconnu(dpo, prospection, nom):
    reponse = envoyer(dpo, "patch", detail(prospection), {nom: "1" * 32}, '"1"')
    assert (reponse.status_code, list(reponse.json()["erreurs"])) == (400, [nom])


def test_le_schema_dit_en_lecture_seule_ce_qui_est_tenu_et_rien_d_autre(auditeur):
    schemas = auditeur.get(reverse("api:schema")).json()["components"]["schemas"]
    formes = {"Fiche": ag.FICHE, "Organisme": ag.ORGANISME, "Tiers": ag.TIERS} | {
        nom_du_schema(p.modele): p for p in (*ag.FICHE.listes, *ag.FICHE.volets)
    }
    for nom, forme in formes.items():
        lus = {c for c, dit in schemas[nom]["properties"].items() if dit.get("readOnly")}
        assert lus - {"id"} == set(forme.tenus), nom


PAGES = {
    Operation: ("operation_nouvelle", []),
    Tiers: ("admin:organismes_tiers_add", []),
}
FIGES = [
    (modele, c.name)
    for modele in (Operation, Tiers)
    for c in modele._meta.concrete_fields
    if not c.editable or c.name in ("organisme", "sans_date")
]


@pytest.mark.parametrize(("modele", "nom"), FIGES, ids=[f"{m.__name__}.{n}" for m, n in FIGES])
def test_une_cle_de_plus_dans_un_formulaire_ne_change_ni_auteur_ni_date_ni_empreinte(
    dpo, maison_lavande, autre_boutique, prospection, modele, nom
):
    voisine = str(autre_boutique.pk)
    forges = {"organisme": voisine, "traitement": voisine, "sans_date": "77", "regles_texte": "MENTI"}
    menti = forges.get(nom, "1999-12-31" if nom.endswith("_le") else "f" * 32)
    route, args = PAGES[modele]
    url = reverse(route, args=args) + f"?fiche={prospection.pk}"
    purge = {"type": "purge", "date": "2026-11-01", "regles": "1", "volume_avant": "3", "volume_apres": "1"}
    purge |= {"methode": "Script", "preuve_reference": "Ticket 1", "etape": "signer"}
    reponse = dpo.post(url, {"nom": "Envoléo SAS", "perimetre": "Prospects", **purge, nom: menti})
    assert reponse.status_code == 302
    with dans(maison_lavande):
        ecrit = modele.objects.get()
    assert str(getattr(ecrit, modele._meta.get_field(nom).attname)) != menti


def test_un_compte_ne_choisit_ni_son_identifiant_ni_sa_date(administrateur):
    forges = {"id": "f" * 32, "date_creation": "1999-12-31", "password": "x", "last_login": "1999-12-31"}
    administrateur.post(
        reverse("admin:organismes_utilisateur_add"), {"courriel": "n@x.example", "nom": "Nina", **forges}
    )
    cree = Utilisateur.objects.get(courriel="n@x.example")
    assert (cree.pk.hex, cree.date_creation.year, cree.last_login) != ("f" * 32, 1999, None)
    assert cree.date_creation.year != 1999 and cree.pk.hex != "f" * 32 and cree.last_login is None


@pytest.mark.parametrize(
    "raison", ["\u200b" * 20, "\u2800" * 20, "\u3164" * 20, "." * 20, "a" * 14 + "......"]
)
def test_une_raison_se_compte_en_lettres_et_en_chiffres_qui_se_lisent(dpo, sans_contrat, raison):
    envoi = {**ECART, "fin": dans_un_mois(), "raison": raison}
    reponse = envoyer(dpo, "patch", detail(sans_contrat), {"ecarts": [envoi]}, '"1"')
    assert (reponse.status_code, list(reponse.json()["erreurs"])) == (400, ["ecarts[1].raison"])
    envoi["raison"] = "a" * 15
    assert envoyer(dpo, "patch", detail(sans_contrat), {"ecarts": [envoi]}, '"1"').status_code == 200
