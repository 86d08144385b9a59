"""Les fichiers hostiles ou abîmés : une phrase en français, un code 1, une base intacte."""

import json
import zipfile
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from boutique import creer_fiche, creer_organisme, creer_tiers
from classeurs import CLIENTS, ecrire, feuille, fiche
from journal.models import Entree
from organismes.portee import dans
from registre.echanges.exports import json_registre
from registre.echanges.exports.demande import Demande
from registre.echanges.imports.delais import lire_duree
from registre.echanges.imports.textes import lire_date, mal_encode, plier, reparer

pytestmark = [pytest.mark.django_db, pytest.mark.lent]


def importer(fichier, organisme, **options) -> str:
    sortie = StringIO()
    call_command("importer", fichier, organisme=str(organisme.pk), stdout=sortie, stderr=sortie, **options)
    return sortie.getvalue()


def exporter(organisme) -> bytes:
    with dans(organisme):
        return json_registre.produire(Demande(organisme))


def bombe(chemin):
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("content.xml", "w", force_zip64=True) as flux:
            for _ in range(400):
                flux.write(b"0" * 1_000_000)
    return chemin


FAUTES = {
    "n'est pas un classeur lisible": lambda p: p.write_bytes(b"PK\x03\x04 pas un zip"),
    "est un PDF": lambda p: p.write_bytes(b"%PDF-1.7"),
    "est vide": lambda p: p.write_bytes(b""),
    "décompressé, ce classeur est démesuré": bombe,
    "DOCTYPE": lambda p: ecrire(p, feuille("x", fiche(**CLIENTS)), doctype='<!DOCTYPE x [<!ENTITY a "b">]>'),
    "un chemin qui en sort": lambda p: ecrire(
        p, feuille("x", fiche(**CLIENTS)), autres={"../dehors.xml": b"x"}
    ),
    "dépasse 5000 lignes": lambda p: ecrire(p, feuille("x", [["a"]] * 5_001)),
    "dépasse 100 colonnes": lambda p: ecrire(p, feuille("x", [["a"] * 101])),
    "aucune feuille ne porte les libellés": lambda p: ecrire(p, feuille("x", [["bonjour"]])),
    "n'est pas un export de Registre": lambda p: p.write_text('{"a": 1}'),
    "de la version 99": lambda p: p.write_text('{"format": "registre-rgpd", "version": 99}'),
    "n'est pas un JSON lisible": lambda p: p.write_text('{"format": '),
    "NaN": lambda p: p.write_text('{"format": "registre-rgpd", "version": NaN}'),
    "fiches : il faut une liste": lambda p: p.write_text(
        '{"format": "registre-rgpd", "version": 1, "fiches": {}}'
    ),
    "fiches[1] : il faut un objet": lambda p: p.write_text(
        '{"format": "registre-rgpd", "version": 1, "fiches": [1]}'
    ),
}


@pytest.mark.parametrize("message", FAUTES)
def test_un_fichier_hostile_est_refuse_avec_sa_raison(message, tmp_path, maison_lavande):
    chemin = tmp_path / "fichier.bin"
    FAUTES[message](chemin)
    entrees = Entree.objects.count()
    with pytest.raises(CommandError) as refus:
        importer(chemin, maison_lavande)
    assert message in str(refus.value)
    assert Entree.objects.count() == entrees


def test_un_json_trop_profond_est_refuse(tmp_path, maison_lavande):
    chemin = tmp_path / "profond.json"
    chemin.write_text(
        '{"format": "registre-rgpd", "version": 1, "fiches": ' + "[" * 100_000 + "]" * 100_000 + "}"
    )
    with pytest.raises(CommandError):
        importer(chemin, maison_lavande)


@pytest.mark.parametrize("quoi", ["absent.ods", "."])
def test_un_fichier_absent_ou_un_dossier_se_dit(quoi, tmp_path, maison_lavande):
    with pytest.raises(CommandError, match="illisible"):
        importer(tmp_path / quoi, maison_lavande)


def test_l_aller_retour_json_ne_differe_pas_d_un_octet(tmp_path, maison_lavande):
    jumelle = creer_organisme("Maison Lavande")
    creer_tiers(maison_lavande, "Envoléo SAS", qualites=["sous-traitant"])
    creer_tiers(maison_lavande, "Autre ultérieur", parent="Envoléo SAS", contrat_art28=True)
    creer_fiche(
        maison_lavande,
        destinataires=[{"type": "SOUS_TRAITANT", "tiers": "Autre ultérieur"}],
        profilage={"niveau": "aucun"},
    )
    creer_fiche(
        maison_lavande,
        reference="ST-001",
        intitule="Hébergement",
        qualite="sous-traitant",
        clients=[{"tiers": "Envoléo SAS"}],
    )
    chemin = tmp_path / "registre.json"
    chemin.write_bytes(exporter(maison_lavande))
    importer(chemin, jumelle)
    assert exporter(jumelle) == chemin.read_bytes()
    entrees = Entree.objects.count()
    assert "créés : 0\nmodifiés : 0" in importer(chemin, jumelle)
    assert Entree.objects.count() == entrees


def test_une_fiche_refusee_n_empeche_pas_les_autres(tmp_path, maison_lavande, prospection):
    document = json.loads(exporter(maison_lavande))
    bonne = document["fiches"][0] | {"reference": "TR-002", "intitule": "Bonne fiche"}
    mauvaise = document["fiches"][0] | {
        "reference": "TR-003",
        "finalites": [{"numero": 1, "libelle": "x", "base_legale": "ZZZ"}],
    }
    document["fiches"] += [mauvaise, bonne, {"reference": 12}]
    chemin = tmp_path / "r.json"
    chemin.write_text(json.dumps(document))
    sortie = StringIO()
    with pytest.raises(CommandError, match="2 refus"):
        call_command("importer", chemin, organisme=str(maison_lavande.pk), stdout=sortie, stderr=sortie)
    assert "Finalité 1, base légale : Code inconnu : ZZZ." in sortie.getvalue()
    assert [f["reference"] for f in json.loads(exporter(maison_lavande))["fiches"]] == ["TR-001", "TR-002"]


textes = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(texte=textes)
def test_tout_texte_survit_a_l_aller_retour(texte, tmp_path, maison_lavande):
    from boutique import AUTEUR, PROSPECTION
    from registre.actes.fiches import enregistrer_fiche
    from traitements.models import Traitement

    assume(not mal_encode(texte))  # celui-là se répare, et l'import le dit : docs/format-json.md
    with dans(maison_lavande):
        fiche_presente = Traitement.objects.filter(reference="TR-001").first()
        enregistrer_fiche(
            {**PROSPECTION, "remarques": texte}, organisme=maison_lavande, auteur=AUTEUR, fiche=fiche_presente
        )
    chemin = tmp_path / "r.json"
    chemin.write_bytes(exporter(maison_lavande))
    assert "modifiés : 0" in importer(chemin, maison_lavande)


@given(st.text(max_size=60))
def test_lire_un_texte_quelconque_ne_leve_rien(texte):
    assert isinstance(reparer(texte), str)
    assert plier(plier(texte)) == plier(texte)
    assert lire_date(texte) is None or lire_date(texte).year > 0
    assert lire_duree(texte) is None or lire_duree(texte).duree.valeur >= 0
