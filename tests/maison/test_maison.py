"""L'architecture tient : sens des imports, plan complet, gestionnaires bornés, migrations à jour."""

import ast
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django_scopes.exceptions import ScopeError

from arbre import RACINE
from demarrage.empreintes import PIECES
from journal.bases import ModeleJournalise
from organismes.champs_derives import ChampDerive
from organismes.cloison import ModeleCloisonne
from organismes.referentiel import Referentiel
from registre.fiche import agregat as ag
from registre.fiche import listes, rubriques
from registre.fiche.rubriques_organisme import PLAN_ORGANISME, PLAN_TIERS
from traitements import models as t

# Ni cloisonnés ni référentiels : voir leurs docstrings.
LIBRES = {
    "Utilisateur",
    "Entree",
    "Brouillon",
    "EnvoiRecu",
    "Tete",
    "ChangementReferentiel",
    "TexteCherche",
}


def modules(piece: str):
    return [p for p in (RACINE / piece).rglob("*.py")]


def test_les_dossiers_a_tout_faire_n_existent_pas():
    interdits = {"core", "utils", "helpers", "common"}
    assert not [p for piece in PIECES for p in modules(piece) if interdits & {p.stem, *p.parent.parts}]


@pytest.mark.parametrize(
    ("modele", "noms"),
    [
        (t.Traitement, [c.nom for c in rubriques.CHAMPS]),
        *[(liste.modele, [c.nom for c in liste.champs]) for liste in rubriques.LISTES],
        *[(volet.modele, [c.nom for c in volet.champs]) for volet in rubriques.VOLETS],
        (ag.Organisme, [c.nom for r in PLAN_ORGANISME for c in r.champs]),
        (ag.Tiers, [c.nom for r in PLAN_TIERS for c in r.champs]),
    ],
    ids=lambda v: v.__name__ if isinstance(v, type) else "",
)
def test_chaque_champ_du_modele_est_dans_le_plan_une_seule_fois(modele, noms):
    internes = {
        "id",
        "revision",
        "numero",
        "organisme",
        "traitement",
        "reprise",
        "reunies",  # ce que la migration a réuni : docs/decisions/017
        "a_confirmer",
        "referentiels_lus",
    }
    # Les colonnes déduites d'une autre ne se lisent pas : elles servent à trier, chercher, refuser un doublon.
    siens = {c.name for c in modele._meta.concrete_fields if not isinstance(c, ChampDerive)}
    attendus = siens - internes
    assert sorted(noms) == sorted(attendus)


@pytest.mark.parametrize("qualite", ["responsable", "sous-traitant"])
def test_un_champ_n_est_que_dans_une_rubrique_de_son_registre(qualite):
    noms = [x.nom for r in rubriques.plan(qualite) for x in (*r.champs, *r.listes, *r.volets)]
    assert len(noms) == len(set(noms))


def test_tout_modele_est_declare_cloisonne_referentiel_ou_libre():
    siens = [m for m in apps.get_models() if m.__module__.partition(".")[0] in PIECES]
    inconnus = [
        m.__name__
        for m in siens
        if not issubclass(m, (ModeleCloisonne, Referentiel)) and m.__name__ not in LIBRES | {"Organisme"}
    ]
    assert inconnus == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "modele",
    [m for m in apps.get_models() if issubclass(m, (ModeleJournalise, t.TexteCherche))],
    ids=lambda m: m.__name__,
)
def test_hors_de_toute_portee_un_modele_cloisonne_ne_montre_rien(modele):
    with pytest.raises(ScopeError):
        modele.objects.count()


def test_aucune_cle_ne_sort_d_un_organisme_sans_controle():
    """Toute clé vers un modèle cloisonné est soit le parent, soit vérifiée par `verifier_cloison`."""
    for modele in apps.get_models():
        if not issubclass(modele, ModeleCloisonne):
            continue
        cibles = {
            c.name
            for c in modele._meta.concrete_fields
            if c.is_relation and issubclass(c.related_model, ModeleCloisonne)
        }
        assert cibles == {c.name for c in modele._cles()} | ({modele.PARENT} if modele.PARENT else set())


def test_les_categories_de_l_article_9_du_plan_sont_celles_du_referentiel(db):
    sensibles = t.CategorieDonnees.objects.filter(sensible=True).values_list("code", flat=True)
    assert sorted(listes.CATEGORIES_ART9) == sorted(sensibles)


def test_les_conditions_du_plan_citent_des_codes_qui_existent(db):
    for modele, champs in [(liste.modele, liste.champs) for liste in rubriques.LISTES]:
        for si in {c.si for c in champs if c.si is not None}:
            champ = modele._meta.get_field(si.champ)
            if champ.is_relation:
                connus = set(champ.related_model.objects.values_list("code", flat=True))
            elif getattr(champ, "referentiel", ""):
                connus = set(champ.modele().objects.values_list("code", flat=True))
            elif champ.choices:
                connus = {code for code, _ in champ.flatchoices}
            else:
                connus = {True, False}
            assert set(si.valeurs) <= connus, si


def test_les_migrations_sont_a_jour(db):
    sortie = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=sortie)


def test_aucune_question_de_droit_n_a_de_reponse_par_defaut():
    """Une case à trois valeurs, une base, une garantie, un sort final commencent vides."""
    from django.db.models import BooleanField, ForeignKey

    permis = {"actif", "statut", "doctrine_profilage", "delai_revue_mois", "qualites"}
    for forme in (ag.FICHE, ag.ORGANISME, ag.TIERS):
        for modele, champs in [
            (forme.modele, forme.champs),
            *((p.modele, p.champs) for p in (*forme.listes, *forme.volets)),
        ]:
            for nom in champs:
                champ = modele._meta.get_field(nom)
                if isinstance(champ, (BooleanField, ForeignKey)) and nom not in permis:
                    assert champ.default is None or not champ.has_default(), (modele, nom)
                elif champ.choices:
                    assert nom in permis or not champ.has_default() or champ.default == "", (modele, nom)


def test_un_verrou_ne_se_prend_pas_dans_un_compte():
    """Django retire FOR UPDATE d'un agrégat ou d'un « exists » : rien ne serait verrouillé, sans rien en dire."""
    sans_verrou = {"count", "exists", "aggregate", "acount", "aexists", "contains"}
    for piece in PIECES:
        for chemin in modules(piece):
            for noeud in ast.walk(ast.parse(chemin.read_text(encoding="utf-8"))):
                if isinstance(noeud, ast.Call) and getattr(noeud.func, "attr", "") in sans_verrou:
                    assert "select_for_update" not in ast.unparse(noeud.func), f"{chemin}:{noeud.lineno}"


def test_un_seul_module_sait_lire_le_chemin_d_un_champ():
    """« finalites[2].libelle » ne se découpe que par `traitements.chemins.Chemin`."""
    signes = (r"\[(\d", r"\[(?P<numero>\d", 'partition("[")', 'partition("]")', r"re.split(r\"[\[.]")
    lisent = [
        str(chemin.relative_to(RACINE))
        for piece in PIECES
        for chemin in modules(piece)
        if any(signe in chemin.read_text(encoding="utf-8") for signe in signes)
    ]
    assert lisent == ["traitements/chemins.py"]
