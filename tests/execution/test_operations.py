"""Les opérations de conservation : consignées, signées, jamais modifiées ; la fiche et le PDF disent ce qu'elles prouvent."""

import re
import tracemalloc
from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled
from pypdf import PdfReader

from boutique import AUTEUR, PROSPECTION, creer_fiche, creer_operation
from conservation.choix import TypeOperation
from conservation.models import Operation
from journal.bases import EcritureHorsJournal
from journal.models import Entree
from organismes.portee import dans
from pages import champs, en_lettres, texte_du_pdf
from registre.actes.fiches import enregistrer_fiche
from registre.conformite.controle import Conformite
from registre.execution.pieces import chemin_preuve
from registre.fiche import agregat
from registre.fiche.enregistrement import Refus
from registre.fiche.preuve import anomalies
from traitements.models import Traitement

pytestmark = [pytest.mark.django_db, pytest.mark.lent]
ENVOI = {
    "type": "purge",
    "regles": ["1"],
    "perimetre": "Prospects sans contact depuis trois ans, base de la plateforme d'envoi",
    "volume_avant": "5000",
    "volume_apres": "4787",
    "methode": "Script de purge, exécuté par l'hébergeur",
    "operateur": "Léa Fontaine",
    "preuve_reference": "Ticket 4512",
    "etape": "signer",
}


def consigner(client, fiche, **autres):
    envoi = {**ENVOI, "date": timezone.localdate().isoformat(), **autres}
    return client.post(reverse("operation_nouvelle") + f"?fiche={fiche.pk}", envoi)


def seule(organisme) -> Operation:
    with dans(organisme):
        return Operation.objects.select_related("traitement").get()


def page(client, nom, *args, **criteres) -> str:
    reponse = client.get(reverse(nom, args=args), criteres)
    assert reponse.status_code == 200
    return en_lettres(reponse.content.decode())


def pdf(client, nom, *args) -> str:
    lu = PdfReader(BytesIO(client.get(reverse(nom, args=args)).content))
    return texte_du_pdf(lu.pages)


def test_une_purge_se_consigne_se_lit_et_se_signe(dpo, maison_lavande, prospection):
    reponse = consigner(dpo, prospection)
    operation = seule(maison_lavande)
    assert reponse["Location"] == reverse("operation", args=[operation.pk])
    assert operation.auteur_nom == "Claire Morel"
    assert "Coordonnées : 3 ans à compter du dernier contact" in operation.regles_texte[0]
    entree = Entree.objects.order_by("-seq").first()
    assert (entree.action, entree.objet_type, entree.objet_id) == (
        "operation",
        "operation",
        str(operation.pk),
    )
    vue = page(dpo, "operation", operation.pk)
    assert "4\N{NARROW NO-BREAK SPACE}787" in vue
    assert "Ticket 4512" in vue
    assert "de 5\N{NARROW NO-BREAK SPACE}000 à 4\N{NARROW NO-BREAK SPACE}787" in page(dpo, "operations")


def test_une_empreinte_tient_sur_une_ligne_du_proces_verbal(maison_lavande, dpo, prospection):
    large = "4d" * 32
    faite = creer_operation(maison_lavande, prospection, sql_sha256=large)
    octets = dpo.get(reverse("operation_pv", args=[faite.pk])).content
    lignes_ = "\n".join(p.extract_text() for p in PdfReader(BytesIO(octets)).pages)
    assert large in lignes_ and len(re.findall(r"\b[0-9a-f]{64}\b", lignes_)) == 3


def test_la_fiche_et_le_pdf_disent_la_duree_appliquee(dpo, maison_lavande, prospection):
    assert "documentée" not in page(dpo, "fiche", prospection.pk)
    consigner(dpo, prospection)
    for lue in (page(dpo, "fiche", prospection.pk), pdf(dpo, "fiche_pdf", prospection.pk)):
        assert "Oui, documentée : purge du" in lue.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("type_", "quantieme", "a_part"),
    [("purge", 2, True), ("purge", 12, False), ("constat", 12, True)],
    ids=["un autre jour", "la même purge", "un relevé n'est pas une purge"],
)
def test_une_purge_declaree_ne_se_tait_que_si_la_phrase_la_dit(dpo, maison_lavande, type_, quantieme, a_part):
    """« 2 octobre » s'écrit dans « 12 octobre » : c'est la date qui compte, et ce que l'opération a fait ce jour-là."""
    annee = timezone.localdate().year - 1
    regle = PROSPECTION["conservations"][0] | {"derniere_purge": f"{annee}-10-{quantieme:02}"}
    fiche = creer_fiche(maison_lavande, conservations=[regle])
    releve = {"examinees": 5000, "en_retard": 0} if type_ == "constat" else {}
    creer_operation(maison_lavande, fiche, type_, date=date(annee, 10, 12), **releve)
    for lue in (page(dpo, "fiche", fiche.pk), pdf(dpo, "fiche_pdf", fiche.pk)):
        lue = " ".join(re.sub("<[^>]+>", "", lue).split())
        assert f"{TypeOperation(type_).label.lower()} du 12 octobre {annee}" in lue
        assert (f"dernière purge : {quantieme} octobre {annee}" in lue) is a_part


@pytest.mark.parametrize(
    ("jour", "deja", "dit"),
    [
        (date(2026, 10, 1), [("constat", date(2026, 10, 20), {"en_retard": 213})], "avant le relevé du 20 octobre 2026 : ce qu’il a compté était encore là"),
        (date(2026, 10, 1), [("purge", date(2026, 10, 20), {})], "ce que l’on conclut tient au 20 octobre 2026, plus récent"),
        (date(2026, 10, 1), [], "L’opération compte au 1er octobre 2026"),
        (date(2026, 10, 20), [("constat", date(2026, 10, 20), {"en_retard": 213})], "à vérifier par un relevé"),
    ],
    ids=["avant le relevé", "avant une autre purge", "acceptée", "le jour du relevé"],
)  # fmt: skip
def test_la_relecture_dit_ce_que_vaut_une_purge_d_un_autre_jour(jour, deja, dit, dpo, maison_lavande):
    fiche = creer_fiche(maison_lavande, date_mise_en_oeuvre="2026-03-01")
    for type_, le, faits in deja:
        releve = {"examinees": 5000, "preuve": b"", **faits} if type_ == "constat" else faits
        creer_operation(maison_lavande, fiche, type_, date=le, **releve)
    relue = en_lettres(consigner(dpo, fiche, date=jour.isoformat(), etape="relire").content.decode())
    assert "Ce que le registre en conclura" in relue
    assert dit in " ".join(relue.replace("\N{NO-BREAK SPACE}", " ").split())


def test_un_releve_saisi_en_retard_ouvre_un_manque_que_la_purge_laisse_a_verifier(
    dpo, maison_lavande, prospection
):
    hier = timezone.localdate() - timedelta(days=1)
    creer_operation(
        maison_lavande, prospection, "constat", preuve=b"", examinees=5000, en_retard=213, date=hier
    )
    vue = page(dpo, "fiche", prospection.pk)
    assert "213 lignes au-delà du terme" in vue
    assert "RET-10" in vue
    consigner(dpo, prospection)
    vue = page(dpo, "fiche", prospection.pk)
    assert "RET-10" not in vue and "Purgée, à vérifier par un relevé" in vue
    assert "Exécution à vérifier" in page(dpo, "conservation")
    creer_operation(maison_lavande, prospection, "constat", preuve=b"", examinees=4787, en_retard=0)
    assert "aucune ligne au-delà du terme" in page(dpo, "fiche", prospection.pk)


def test_le_proces_verbal_porte_tout_et_ses_octets_ne_changent_pas(dpo, maison_lavande, prospection):
    consigner(dpo, prospection)
    operation = seule(maison_lavande)
    texte = pdf(dpo, "operation_pv", operation.pk)
    for attendu in (
        "Procès-verbal de purge",
        "Léa Fontaine",
        "Ticket 4512",
        "Claire Morel",
        "Maison Lavande",
        "5 000",
    ):
        assert attendu in texte, attendu
    un, deux = (dpo.get(reverse("operation_pv", args=[operation.pk])).content for _ in range(2))
    assert un == deux


def test_le_nom_d_une_preuve_se_lit_a_la_lettre_et_un_releve_n_est_pas_consigne(
    dpo, maison_lavande, prospection
):
    operation = creer_operation(maison_lavande, prospection, "constat", preuve=b"", examinees=9, en_retard=0)
    vue = page(dpo, "operation", operation.pk)
    assert "consignée" not in vue
    assert "enregistrement par" in vue
    envoi = SimpleUploadedFile("journal d'exploitation.txt", b"213 lignes")
    consigner(dpo, prospection, preuve=envoi)
    with dans(maison_lavande):
        purge = Operation.objects.get(type="purge")
    brute = dpo.get(reverse("operation", args=[purge.pk])).content.decode()
    assert "<code>journal d&#x27;exploitation.txt</code>" in brute


def test_la_preuve_est_gardee_avec_son_empreinte(dpo, maison_lavande, prospection):
    fichier = SimpleUploadedFile("purge du 24.log", b"213 lignes effacees")
    consigner(dpo, prospection, preuve=fichier)
    operation = seule(maison_lavande)
    assert len(operation.preuve_sha256) == 64
    reponse = dpo.get(reverse("operation_preuve", args=[operation.pk]))
    assert b"".join(reponse.streaming_content) == b"213 lignes effacees"
    assert "purge%20du%2024.log" in reponse["Content-Disposition"]


def test_une_operation_ne_se_modifie_ni_ne_s_efface(maison_lavande, prospection):
    operation = creer_operation(maison_lavande, prospection)
    with dans(maison_lavande):
        lue = Operation.objects.get()
        lue.volume_avant = 3
        with pytest.raises(EcritureHorsJournal, match="nouvel enregistrement"):
            lue.save()
        with pytest.raises(EcritureHorsJournal, match="ne s'efface pas"):
            lue.delete()
        with pytest.raises(EcritureHorsJournal):
            Operation.objects.filter(pk=operation.pk).update(volume_avant=3)


def test_une_operation_changee_dans_la_base_se_voit(maison_lavande, prospection):
    from django.db import connection

    creer_operation(maison_lavande, prospection, volume_avant=10, volume_apres=2)
    with scopes_disabled():  # la preuve porte sur toute l'instance
        assert list(anomalies()) == []
        with connection.cursor() as curseur:
            curseur.execute("UPDATE conservation_operation SET volume_apres = 0")
        assert "n'est plus tel" in next(anomalies())


def test_une_correction_est_une_nouvelle_operation_qui_remplace_la_premiere(dpo, maison_lavande, prospection):
    creer_operation(maison_lavande, prospection, "constat", preuve=b"", examinees=5000, en_retard=2130)
    premiere = seule(maison_lavande)
    url = reverse("operation_nouvelle") + f"?corrige={premiere.pk}"
    envoi = {
        **ENVOI,
        "type": "constat",
        "date": timezone.localdate().isoformat(),
        "volume_avant": "",
        "volume_apres": "",
        "examinees": "5000",
        "en_retard": "0",
    }
    assert dpo.post(url, envoi).status_code == 422  # une correction dit pourquoi
    dpo.post(
        url,
        {
            **envoi,
            "motif_correction": "Filtre mal posé au premier passage.",
        },
    )
    assert "corrigée" in page(dpo, "operations")
    assert "celle qui la remplace" in page(dpo, "operation", premiere.pk)
    assert "2130 lignes" not in page(dpo, "fiche", prospection.pk)
    encore = dpo.post(url, {**envoi, "motif_correction": "Encore."})
    with dans(maison_lavande):
        correction = Operation.objects.get(corrige=premiere)  # une seule à la fois
    assert encore["Location"] == reverse("operation", args=[correction.pk])
    with dans(maison_lavande), pytest.raises(Refus, match="déjà corrigée"):
        creer_operation(maison_lavande, prospection, "constat", preuve=b"", en_retard=0, corrige=premiere)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"volume_apres": "6000"}, "ne peut pas dépasser le nombre avant"),
        ({"regles": ["9"]}, "9"),
        ({"regles": []}, "Cochez au moins une durée"),
        ({"date": "2199-01-01"}, "cette date est à venir"),
        ({"date": "2019-12-31"}, "n'a commencé que le 1er"),
        ({"type": "archivage"}, "n'est pas ce que la durée annonce"),
        ({"volume_apres": ""}, "dites pourquoi le volume est inconnu"),
        ({"volume_inconnu": "Pas de compte."}, "il n'est pas inconnu"),
        ({"methode": " "}, "Dites comment l'opération a été menée"),
        ({"preuve_reference": ""}, "Joignez la preuve"),
        ({"type": "constat", "volume_avant": "", "volume_apres": ""}, "combien de lignes sont au-delà"),
        ({"type": "constat", "examinees": "3", "en_retard": "4"}, "plus de lignes en retard"),
        (
            {"type": "constat", "examinees": "3", "en_retard": "1", "limite": "2199-01-01"},
            "ne peut pas suivre le relevé",
        ),
    ],
)
def test_une_operation_incoherente_est_refusee_et_rien_n_est_ecrit(dpo, maison_lavande, change, message):
    prospection = creer_fiche(maison_lavande, date_mise_en_oeuvre="2020-01-01")
    reponse = consigner(dpo, prospection, **change)
    assert reponse.status_code == 422
    assert message in en_lettres(reponse.content.decode())
    with dans(maison_lavande):
        assert not Operation.objects.exists()


def test_direction_et_auditeurs_lisent_sans_consigner(auditeur, maison_lavande, prospection):
    operation = creer_operation(maison_lavande, prospection)
    assert "Consigner une opération" not in page(auditeur, "operations")
    assert "Corriger…" not in page(auditeur, "operation", operation.pk)
    assert auditeur.get(reverse("operation_nouvelle")).status_code == 403


def test_l_operation_du_voisin_n_existe_pas(dpo_voisin, dpo, maison_lavande, autre_boutique, prospection):
    operation = creer_operation(maison_lavande, prospection)
    for nom in ("operation", "operation_pv", "operation_preuve"):
        assert dpo_voisin.get(reverse(nom, args=[operation.pk])).status_code == 404
    ailleurs = creer_fiche(autre_boutique)
    assert dpo.get(reverse("operation_nouvelle"), {"fiche": ailleurs.pk}).status_code == 404


def test_une_fiche_sans_duree_le_dit(dpo, maison_lavande):
    fiche = creer_fiche(maison_lavande, conservations=[])
    assert consigner(dpo, fiche).status_code == 422


# --- Relire, puis signer --------------------------------------------------------------------------------------------------
def test_une_operation_se_relit_avant_d_etre_signee(dpo, maison_lavande, prospection):
    creer_operation(maison_lavande, prospection, "constat", preuve=b"", examinees=5000, en_retard=300)
    reponse = consigner(dpo, prospection, etape="")
    vue = en_lettres(reponse.content.decode())
    assert reponse.status_code == 200
    assert "Rien n’est encore écrit" in vue
    assert "300 lignes au-delà du terme" in vue
    assert "213 lignes retirées pour 300 en retard" in vue
    assert '<input type="hidden" name="methode" value="Script de purge, exécuté par l\'hébergeur">' in vue
    with dans(maison_lavande):
        assert not Operation.objects.filter(type="purge").exists()
    retour = consigner(dpo, prospection, etape="modifier")
    assert 'value="4787"' in retour.content.decode()
    with dans(maison_lavande):
        assert not Operation.objects.filter(type="purge").exists()


def test_une_duree_changee_depuis_la_relecture_se_relit(dpo, maison_lavande, prospection):
    relue = champs(consigner(dpo, prospection, etape="").content.decode())
    with dans(maison_lavande):
        fiche = Traitement.objects.get(pk=prospection.pk)
        duree = PROSPECTION["conservations"][0] | {"duree_valeur": 5}
        enregistrer_fiche({"conservations": [duree]}, organisme=maison_lavande, auteur=AUTEUR, fiche=fiche)
    url = reverse("operation_nouvelle") + f"?fiche={prospection.pk}"
    encore = dpo.post(url, relue | {"etape": "signer"})
    assert "a changé depuis votre relecture" in en_lettres(encore.content.decode())
    assert dpo.post(url, champs(encore.content.decode()) | {"etape": "signer"}).status_code == 302
    assert "5 ans" in seule(maison_lavande).regles_texte[0]


def test_la_relecture_suppose_la_piece_jointe_et_la_reclame(dpo, maison_lavande, prospection):
    vue = en_lettres(consigner(dpo, prospection, etape="", preuve_reference="").content.decode())
    assert "On ne le sait pas" in vue and "Oui, documentée : purge du" in vue
    assert '<input type="file" name="preuve" required' in vue


def test_la_page_prend_le_type_de_ce_que_la_duree_annonce(dpo, prospection):
    vue = page(dpo, "operation_nouvelle", fiche=prospection.pk, regle=1)
    assert '<option value="purge" selected>' in vue


# --- La pièce ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("abime", ["changée", "ôtée"])
def test_une_piece_changee_n_est_plus_donnee_et_le_journal_le_dit(dpo, maison_lavande, prospection, abime):
    operation = creer_operation(maison_lavande, prospection)
    call_command("verifier_journal", stdout=StringIO())
    chemin = chemin_preuve(operation)
    chemin.write_bytes(b"0 ligne") if abime == "changée" else chemin.unlink()
    reponse = dpo.get(reverse("operation_preuve", args=[operation.pk]), follow=True)
    assert "n'a plus l'empreinte signée" in en_lettres(reponse.content.decode())
    with pytest.raises(CommandError, match="journal-de-purge.txt"):
        call_command("verifier_journal", stdout=StringIO())


def test_une_piece_abimee_que_l_on_joint_de_nouveau_est_gardee_intacte(maison_lavande, prospection):
    premiere = creer_operation(maison_lavande, prospection)
    chemin_preuve(premiere).write_bytes(b"0 ligne")
    seconde = creer_operation(maison_lavande, prospection)
    assert premiere.preuve_sha256 == seconde.preuve_sha256
    assert chemin_preuve(seconde).read_bytes() == b"213 lignes"


def test_une_operation_refusee_ne_laisse_aucune_piece(
    dpo, maison_lavande, prospection, settings, monkeypatch
):
    envoi = {"preuve": SimpleUploadedFile("a.log", b"preuve"), "volume_apres": "9999"}
    assert consigner(dpo, prospection, **envoi).status_code == 422

    def casser(*args, **options):
        raise RuntimeError("base fermée")

    monkeypatch.setattr("registre.execution.operations.consigner", casser)
    with pytest.raises(RuntimeError):
        consigner(dpo, prospection, preuve=SimpleUploadedFile("a.log", b"preuve"))
    assert list((settings.DONNEES / "preuves" / str(maison_lavande.pk)).glob("*")) == []


def test_une_piece_se_lit_au_fil_de_l_eau(dpo, maison_lavande, prospection):
    """Ni la garder, ni la vérifier, ni la rendre ne la tient entière en mémoire."""
    taille = 40_000_000
    consigner(dpo, prospection, preuve=SimpleUploadedFile("gros.log", bytes(taille)))
    operation = seule(maison_lavande)
    tracemalloc.start()
    reponse = dpo.get(reverse("operation_preuve", args=[operation.pk]))
    assert sum(map(len, reponse.streaming_content)) == taille
    assert tracemalloc.get_traced_memory()[1] < taille / 4
    tracemalloc.stop()


# --- L'identité de la durée ---------------------------------------------------------------------------------------------------
def test_une_duree_otee_puis_refaite_sous_son_numero_n_herite_pas_de_sa_purge(maison_lavande, prospection):
    creer_operation(maison_lavande, prospection)
    (duree,) = PROSPECTION["conservations"]

    def etat() -> str:
        with dans(maison_lavande):
            conformite = Conformite(maison_lavande)
            canonique = agregat.instantane_de(
                agregat.FICHE, agregat.FICHE.charger(Traitement.objects.filter(pk=prospection.pk)).get()
            )
            return conformite.avec_applications(canonique, timezone.localdate())["conservations"][0][
                "_application"
            ].phrase

    def refaire(*durees) -> None:
        with dans(maison_lavande):
            fiche = Traitement.objects.get(pk=prospection.pk)
            enregistrer_fiche(
                {"conservations": list(durees)}, organisme=maison_lavande, auteur=AUTEUR, fiche=fiche
            )

    assert etat().startswith("Oui, documentée")
    refaire(duree | {"duree_valeur": 5})
    assert etat().startswith("On ne le sait pas")
    refaire(duree)
    assert etat().startswith("Oui, documentée")
    refaire()
    refaire(duree)
    assert etat().startswith("On ne le sait pas")
