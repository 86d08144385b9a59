"""L'export canonique relu : le même registre, octet pour octet, et jamais une trace d'erreur devant un fichier étrange."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django_scopes import scopes_disabled

from boutique import PROSPECTION, creer_fiche, creer_organisme, creer_tiers
from journal.models import Entree
from organismes.models import Tiers
from organismes.portee import dans
from registre.echanges.exports import json_registre
from registre.echanges.exports.demande import Demande
from registre.fiche import agregat as ag
from traitements.models import Traitement

pytestmark = [pytest.mark.django_db, pytest.mark.lent]
DOCUMENT = {"format": "registre-rgpd", "version": 1}


def importer(fichier, organisme, **options) -> str:
    sortie = StringIO()
    call_command("importer", fichier, organisme=str(organisme.pk), stdout=sortie, stderr=sortie, **options)
    return sortie.getvalue()


def essayer(fichier, organisme, **options) -> str:
    """La sortie de l'import, refus compris ; toute autre exception que le refus prévu fait échouer l'essai."""
    sortie = StringIO()
    try:
        call_command(
            "importer", fichier, organisme=str(organisme.pk), stdout=sortie, stderr=sortie, **options
        )
    except CommandError as refus:
        return f"{sortie.getvalue()}{refus}"
    return sortie.getvalue()


def exporter(organisme) -> bytes:
    with dans(organisme):
        return json_registre.produire(Demande(organisme))


@pytest.fixture
def jumelle(maison_lavande):
    """Maison Lavande sur une instance neuve : le même nom, rien d'autre."""
    return creer_organisme("Maison Lavande")


def ecrire(tmp_path, document) -> object:
    chemin = tmp_path / "registre.json"
    chemin.write_text(document if isinstance(document, str) else json.dumps({**DOCUMENT, **document}))
    return chemin


def compter() -> tuple[int, int, int]:
    with scopes_disabled():
        return Traitement.objects.count(), Tiers.objects.count(), Entree.objects.count()


REFUS = {
    "version, dite par un booléen": json.dumps({"format": "registre-rgpd", "version": True}),
    "clé inconnue à la racine": json.dumps({**DOCUMENT, "fiche": []}),
    "clé répétée": '{"format": "registre-rgpd", "version": 1, "fiches": [], "fiches": []}',
    "nombre infini": json.dumps({**DOCUMENT, "organisme": {"effectif": 0}}).replace(" 0", " 1e999"),
    "demi-caractère": '{"format": "registre-rgpd", "version": 1, "organisme": {"ville": "\\ud800"}}',
    "trop profond": json.dumps({**DOCUMENT, "organisme": {"reprise": [[[[[[[[[[[[[[1]]]]]]]]]]]]]]}}),
    "entier de dix mille chiffres": '{"format": "registre-rgpd", "version": ' + "9" * 10_000 + "}",
    "une liste": "[1, 2]",
    "pas de l'UTF-8": None,
}


@pytest.mark.parametrize("nom", REFUS)
def test_un_document_mal_forme_est_refuse_en_francais(nom, tmp_path, maison_lavande):
    chemin = tmp_path / "r.json"
    chemin.write_bytes(b'{"format": "\xff\xfe"}' if REFUS[nom] is None else REFUS[nom].encode())
    avant = compter()
    with pytest.raises(CommandError) as refus:
        importer(chemin, maison_lavande, format="json")
    for anglais in ("codec", "Expecting", "Extra data", "recursion", "limit", "value"):
        assert anglais not in str(refus.value)
    assert compter() == avant


@pytest.mark.parametrize("quoi", ["absent.json", ".", "tuyau"])
def test_ce_qui_n_est_pas_un_fichier_se_dit_en_francais(quoi, tmp_path, maison_lavande):
    import os

    os.mkfifo(tmp_path / "tuyau")
    with pytest.raises(CommandError) as refus:
        importer(tmp_path / quoi, maison_lavande)
    for anglais in ("No such", "Is a directory"):
        assert anglais not in str(refus.value)


VALEURS_FAUSSES = [12, -1, 10**30, 1.5, True, "zzz", "x" * 7000, "a\u0000b", [], {}, [1], [None], ["x", 1], {"a": 1}, [{}], [{"numero": 1}], [{"numero": "1"}], [[[]]]]  # fmt: skip


def _fausses(rang: int) -> list:
    """Le tiers des valeurs fausses : champ après champ, chaque sorte de champ les reçoit toutes."""
    return VALEURS_FAUSSES[rang % 3 :: 3]


def _variantes(forme: ag.Agregat, base: dict) -> list[dict]:
    noms = [*forme.champs, *(p.nom for p in (*forme.listes, *forme.volets))]
    objets = [base | {nom: v} for rang, nom in enumerate(noms) for v in _fausses(rang)]
    for partie in forme.listes:
        for rang, champ in enumerate(partie.champs):
            objets += [base | {partie.nom: [{"numero": 1, champ: v}]} for v in _fausses(rang)]
    for partie in forme.volets:
        for rang, champ in enumerate(partie.champs):
            objets += [base | {partie.nom: {champ: v}} for v in _fausses(rang)]
    return objets


def test_aucun_type_faux_dans_une_fiche_ne_leve_autre_chose_qu_un_refus(tmp_path, maison_lavande):
    fiches = _variantes(ag.FICHE, PROSPECTION)
    for rang, fiche in enumerate(fiches):
        if fiche["reference"] == PROSPECTION["reference"]:
            fiche["reference"] = f"F-{rang}"
    sortie = essayer(ecrire(tmp_path, {"fiches": fiches}), maison_lavande)
    assert "refusés : " in sortie
    relu = tmp_path / "relu.json"
    relu.write_bytes(exporter(maison_lavande))  # ce qui a été accepté se réimporte sans effet
    assert "créés : 0\nmodifiés : 0" in importer(relu, maison_lavande)


def test_aucun_type_faux_dans_un_tiers_ne_leve_autre_chose_qu_un_refus(tmp_path, maison_lavande):
    tiers = _variantes(ag.TIERS, {"nom": "Envoléo SAS"})
    for rang, t in enumerate(tiers):
        if t["nom"] == "Envoléo SAS":
            t["nom"] = f"Tiers {rang}"
    assert "refusés : " in essayer(ecrire(tmp_path, {"tiers": tiers}), maison_lavande)


def test_aucun_type_faux_dans_l_organisme_ne_leve_autre_chose_qu_un_refus(tmp_path, maison_lavande):
    for organisme in _variantes(ag.ORGANISME, {}):
        essayer(ecrire(tmp_path, {"organisme": organisme}), maison_lavande, simuler=True)


@pytest.mark.parametrize(
    "reprise",
    [
        [12],
        ["texte"],
        [{"libelle": 12, "valeur": "x"}],
        [{"libelle": "x"}],
        [{"source": "s", "libelle": "l", "valeur": "a\u0000b"}],
        [{"source": "s", "libelle": "l", "valeur": "v", "autre": "x"}],
        [{"source": "s", "libelle": "l", "valeur": "\n" * 20_000}],
    ],
)
def test_une_reprise_mal_faite_refuse_sa_fiche_et_elle_seule(reprise, tmp_path, maison_lavande):
    fiches = [PROSPECTION | {"reprise": reprise}, PROSPECTION | {"reference": "TR-2"}]
    assert "éléments repris" in essayer(ecrire(tmp_path, {"fiches": fiches}), maison_lavande).lower()
    assert [f["reference"] for f in json.loads(exporter(maison_lavande))["fiches"]] == ["TR-2"]


def test_un_tiers_se_lit_avant_ou_apres_son_ulterieur(tmp_path, maison_lavande):
    tiers = [{"nom": "Petit", "parent": "Moyen"}, {"nom": "Moyen", "parent": "Grand"}, {"nom": "Grand"}]
    importer(ecrire(tmp_path, {"tiers": tiers}), maison_lavande)
    lus = {t["nom"]: t["parent"] for t in json.loads(exporter(maison_lavande))["tiers"]}
    assert lus == {"Petit": "Moyen", "Moyen": "Grand", "Grand": None}


def test_deux_tiers_qui_se_citent_sont_refuses(tmp_path, maison_lavande):
    tiers = [{"nom": "Oeuf", "parent": "Poule"}, {"nom": "Poule", "parent": "Oeuf"}]
    avant = compter()
    assert "2 refus" in essayer(ecrire(tmp_path, {"tiers": tiers}), maison_lavande)
    assert compter() == avant


def test_deux_imports_ne_fusionnent_pas_deux_tiers_l_un_dans_l_autre(tmp_path, maison_lavande):
    poule = {"nom": "Poule", "actif": False}
    importer(
        ecrire(tmp_path, {"tiers": [poule, poule | {"nom": "Oeuf", "fusionne_dans": "Poule"}]}),
        maison_lavande,
    )
    retour = ecrire(tmp_path, {"tiers": [poule | {"fusionne_dans": "Oeuf"}]})
    assert "fusionné dans lui-même" in essayer(retour, maison_lavande)
    lus = {t["nom"]: t["fusionne_dans"] for t in json.loads(exporter(maison_lavande))["tiers"]}
    assert lus == {"Poule": None, "Oeuf": "Poule"}


def test_simuler_compte_comme_l_import_et_n_ecrit_rien(tmp_path, maison_lavande, jumelle):
    creer_tiers(maison_lavande, "Envoléo SAS")
    creer_fiche(maison_lavande)
    chemin = tmp_path / "r.json"
    chemin.write_bytes(exporter(maison_lavande))
    avant, octets = compter(), exporter(jumelle)
    simule = importer(chemin, jumelle, simuler=True)
    assert (compter(), exporter(jumelle)) == (avant, octets)
    assert simule.replace("Simulation : rien n'est écrit.\n", "") == importer(chemin, jumelle)


@pytest.mark.parametrize(
    "texte",
    ["« guillemets » \"droits\" 'simples' \\ / <b>&amp;</b>", "e\u0301 œ ﬁ ½", "👩‍👩‍👧 🇫🇷", "une\r\ndeux\ttrois\n", "  bords  ", "{{ x }} ${x} =1+1", "عربى \u202e אב"],
)  # fmt: skip
def test_un_texte_difficile_fait_l_aller_retour_sans_difference(texte, tmp_path, maison_lavande, jumelle):
    creer_fiche(maison_lavande, remarques=texte, description=texte, logiciels=texte)
    chemin = tmp_path / "r.json"
    chemin.write_bytes(exporter(maison_lavande))
    importer(chemin, jumelle)
    assert exporter(jumelle) == chemin.read_bytes()
