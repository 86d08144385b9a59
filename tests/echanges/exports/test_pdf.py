"""Le registre en PDF : son texte, ses signets, ses numéros de page ; et ce qu'il ne lit jamais."""

import re
from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from pypdf import PdfReader

from boutique import creer_fiche, creer_maison_lavande, creer_tiers
from journal.canonique import canonique, empreinte
from organismes.portee import dans
from pages import texte_du_pdf
from registre.echanges.exports import FORMATS, pdf
from registre.echanges.exports.contenu import contenu
from registre.echanges.exports.demande import Demande
from registre.echanges.exports.json_registre import document

pytestmark = [pytest.mark.django_db, pytest.mark.lent]


def lire(octets: bytes) -> PdfReader:
    return PdfReader(BytesIO(octets))


def texte(lecteur: PdfReader, page: int | None = None) -> str:
    pages = lecteur.pages if page is None else [lecteur.pages[page]]
    return texte_du_pdf(pages)


@pytest.fixture(scope="module")
def octets(a_part) -> bytes:
    with a_part():
        boutique = creer_maison_lavande()
        creer_fiche(boutique)
        creer_fiche(
            boutique, reference="TR-002", intitule="Gestion des clients", famille="clients", statut="validee"
        )
        creer_fiche(boutique, reference="TR-003", intitule="Ancienne activité", statut="archivee")
        creer_tiers(boutique, "Client Alpha")
        creer_fiche(
            boutique,
            reference="ST-001",
            intitule="Hébergement de sites",
            qualite="sous-traitant",
            clients=[{"tiers": "Client Alpha", "categories_traitements": "Hébergement et sauvegarde"}],
        )
        with dans(boutique):
            return pdf.produire(Demande(boutique))


@pytest.fixture
def registre(octets) -> PdfReader:
    return lire(octets)


def test_la_couverture_dit_qui_quand_combien_et_la_preuve(registre):
    couverture = texte(registre, 0)
    assert "Registre des activités de traitement" in couverture
    assert "Maison Lavande" in couverture
    assert "2 activités (responsable), 1 activité (sous-traitant)" in couverture
    assert re.search(r"État au \d{1,2}(er)? \w+ \d{4}", couverture)
    assert re.search(r"Tête du journal n° \d+, [0-9a-f]{64}", couverture)
    assert re.search(r"Empreinte SHA-256 [0-9a-f]{64}", couverture)


def test_chaque_page_porte_son_numero_sur_le_total(registre):
    total = len(registre.pages)
    for rang in range(1, total):
        assert f"Page {rang + 1} / {total}" in texte(registre, rang)


def test_la_liste_donne_les_vrais_numeros_de_page(registre):
    rang = next(
        r for r in range(len(registre.pages)) if "Liste des activités de traitement" in texte(registre, r)
    )
    for reference, intitule in (
        ("TR-001", "Prospection de particuliers par courriel"),
        ("ST-001", "Hébergement de sites"),
    ):
        annonce = int(re.search(rf"{reference} {intitule} .*?(\d+)(?= |$)", texte(registre, rang))[1])
        assert intitule in texte(registre, annonce - 1)
        assert reference in texte(registre, annonce - 1)


def test_les_signets_menent_aux_parties_puis_aux_fiches(registre):
    titres = [[x.title for x in b] if isinstance(b, list) else b.title for b in _aplatir(registre.outline)]
    noms = [t for t in titres if isinstance(t, str)]
    assert [n for n in noms if n.startswith(("Identité", "Liste", "Registre du"))] == [
        "Identité",
        "Liste des activités de traitement",
        "Registre du responsable du traitement",
        "Registre du sous-traitant",
    ]
    assert {"Gestion des clients", "Hébergement de sites", "Finalités et bases légales"} <= set(noms)


def _aplatir(arbre):
    for element in arbre:
        if isinstance(element, list):
            yield from _aplatir(element)
        else:
            yield element


def test_ce_qui_est_vide_se_dit_et_les_archives_n_y_sont_pas(registre):
    tout = texte(registre)
    assert tout.count("non renseigné") > 20
    assert "Ancienne activité" not in tout
    assert "1 fiche archivée ne figure pas" in tout


def test_le_registre_du_sous_traitant_est_une_partie_a_part(registre):
    tout = texte(registre)
    assert tout.index("Registre du responsable du traitement") < tout.rindex("Registre du sous-traitant")
    apres = tout[tout.rindex("Registre du sous-traitant") :]
    assert "Client Alpha" in apres
    assert "Hébergement et sauvegarde" in apres


def test_le_document_est_balise_en_francais(registre):
    racine = registre.trailer["/Root"]
    assert racine["/Lang"] == "fr"
    assert "/StructTreeRoot" in racine
    assert bool(racine["/MarkInfo"]["/Marked"])
    assert registre.metadata.title == "Registre des activités de traitement de Maison Lavande"


def test_les_polices_sont_celles_du_produit(registre):
    noms = set()
    for page in registre.pages:
        noms |= {str(p.get_object()["/BaseFont"]) for p in page["/Resources"]["/Font"].values()}
    assert noms
    assert all("Source" in nom or "Registre" in nom or "emoji" in nom for nom in noms), noms


VECTEURS = [
    '<img src="file:///etc/passwd">',
    "<style>@import url(file:///etc/passwd)</style>",
    '<link rel="attachment" href="file:///etc/passwd">',
    "<script>x</script>",
    '"><svg><image href="http://127.0.0.1:9/x"/></svg>',
    "url(file:///etc/hostname)",
]


def test_un_texte_hostile_s_imprime_et_ne_s_execute_pas(maison_lavande):
    creer_fiche(
        maison_lavande,
        intitule="Fiche hostile",
        description="\n".join(VECTEURS),
        remarques="<b>&amp;</b> « ☃ é ∑ »",
    )
    with dans(maison_lavande):
        lu = lire(pdf.produire(Demande(maison_lavande)))
    assert '<img src="file:///etc/passwd">' in texte(lu)
    assert "root:" not in texte(lu)
    assert not lu.attachments


def test_une_fiche_demesuree_se_met_en_pages(maison_lavande):
    creer_fiche(
        maison_lavande,
        description="Un long texte. " * 400,
        finalites=[
            {"libelle": f"Finalité numéro {n} " + "x" * 300, "justification": "y" * 3000} for n in range(5)
        ],
    )
    with dans(maison_lavande):
        lu = lire(pdf.produire(Demande(maison_lavande)))
    assert "Finalité numéro 4" in texte(lu)


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_fiches(
    maison_lavande, django_assert_max_num_queries
):
    def rassembler(combien: int, debut: int):
        for n in range(debut, combien):
            creer_fiche(maison_lavande, reference=f"TR-{n:03d}")
        with dans(maison_lavande), django_assert_max_num_queries(70) as requetes:
            assert contenu(Demande(maison_lavande)).fiches == combien
        return len(requetes)

    assert rassembler(5, 0) == rassembler(30, 5) == rassembler(60, 30)


def test_une_fiche_seule_se_telecharge_sous_son_nom(auditeur, maison_lavande, prospection):
    reponse = auditeur.get(reverse("fiche_pdf", args=[prospection.pk]))
    assert reponse["Content-Type"] == "application/pdf"
    assert "TR-001%20Prospection" in reponse["Content-Disposition"]
    assert "Liste des activités" not in texte(lire(reponse.content))


def test_la_commande_ecrit_le_fichier_ou_dit_pourquoi_non(maison_lavande, prospection, tmp_path):
    sortie = tmp_path / "registre.pdf"
    call_command(
        "exporter", organisme=str(maison_lavande.pk), format="pdf", sortie=str(sortie), stdout=StringIO()
    )
    assert sortie.read_bytes().startswith(b"%PDF-")
    assert [p.name for p in tmp_path.iterdir()] == ["registre.pdf"]
    for faute in (
        {"organisme": "personne"},
        {"fiche": "TR-999"},
        {"client": "Personne"},
        {"sortie": "/absent/x.pdf"},
    ):
        options = {"organisme": str(maison_lavande.pk), "format": "json", "sortie": str(sortie)} | faute
        with pytest.raises(CommandError):
            call_command("exporter", **options, stdout=StringIO())


def test_une_demande_partielle_ne_garde_que_son_registre(maison_lavande, prospection):
    creer_tiers(maison_lavande, "Client Alpha")
    clients = [{"tiers": "Client Alpha", "categories_traitements": "Hébergement"}]
    creer_fiche(maison_lavande, reference="ST-001", qualite="sous-traitant", clients=clients)
    with dans(maison_lavande):
        seul = contenu(Demande(maison_lavande, registre="sous-traitant"))
    assert [p.code for p in seul.parties] == ["sous-traitant"]


def test_chaque_format_tient_le_contrat_des_exports():
    for nom, module in FORMATS.items():
        assert callable(module.produire), nom
        assert module.EXTENSION
        assert "/" in module.TYPE_MIME


def test_l_empreinte_est_celle_de_l_export_canonique(maison_lavande, prospection):
    with dans(maison_lavande):
        demande = Demande(maison_lavande)
        assert contenu(demande).empreinte == empreinte(canonique(document(demande)))


def test_un_mot_demesure_ne_sort_pas_de_la_page(maison_lavande):
    creer_fiche(maison_lavande, intitule="motdemesure" * 18)
    with dans(maison_lavande):
        lu = lire(pdf.produire(Demande(maison_lavande)))
    lignes = [ligne for page in lu.pages for ligne in page.extract_text().splitlines()]
    coupees = [ligne for ligne in lignes if "motdemesure" in ligne]
    assert len(coupees) > 4  # l'intitulé se coupe en plusieurs lignes, dans la liste et sur la fiche
    assert max(map(len, coupees)) < 70
