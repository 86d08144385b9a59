"""Le registre assemblé par fragments est le même document que d'un seul tenant ; il ne perd ni balise ni renvoi."""

import os
import pickle
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pikepdf
import pytest
from pypdf import PdfReader

from arbre import RACINE
from boutique import creer_fiche, creer_maison_lavande, creer_tiers
from documents import fragments as pdf_fragments
from documents.moteur import rendre
from isolement.lancement import ouvrir_atelier
from organismes.portee import dans
from pages import texte_du_pdf
from registre.echanges.exports import pdf
from registre.echanges.exports.contenu import Contenu, contenu
from registre.echanges.exports.demande import Demande

pytestmark = [pytest.mark.django_db, pytest.mark.lent]


@pytest.fixture(scope="module")
def lu(a_part) -> Contenu:
    """Trois fiches d'un registre, une de l'autre : plusieurs lots, un dernier incomplet."""
    with a_part():
        boutique = creer_maison_lavande()
        for rang in range(1, 4):
            creer_fiche(boutique, reference=f"TR-{rang:03d}", intitule=f"Activité n° {rang} & <suite>")
        creer_tiers(boutique, "Client Alpha")
        creer_fiche(
            boutique,
            reference="ST-001",
            intitule="Hébergement n° 1",
            qualite="sous-traitant",
            clients=[{"tiers": "Client Alpha", "categories_traitements": "Hébergement"}],
        )
        with dans(boutique):
            return contenu(Demande(boutique))


@pytest.fixture(scope="module")
def entier(lu) -> bytes:
    return pdf.d_un_tenant(lu, "Registre d'essai")


@pytest.fixture(scope="module")
def assemble(lu) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "LOT", 2)
        return pdf.par_fragments(lu, "Registre d'essai")


def lire(octets: bytes) -> PdfReader:
    return PdfReader(BytesIO(octets))


def mots(page) -> list[str]:
    """Les mots d'une page ; l'ordre des marges, lui, peut changer."""
    return sorted(page.extract_text().split())


def signets(lecteur: PdfReader, arbre=None, niveau: int = 0):
    for x in lecteur.outline if arbre is None else arbre:
        if isinstance(x, list):
            yield from signets(lecteur, x, niveau + 1)
        else:
            yield niveau, x.title, lecteur.get_destination_page_number(x), round(float(x.top), 1)


def test_chaque_page_dit_la_meme_chose_que_d_un_seul_tenant(entier, assemble):
    entier, morceaux = lire(entier), lire(assemble)
    assert len(entier.pages) == len(morceaux.pages) > 8
    for une, autre in zip(entier.pages, morceaux.pages, strict=True):
        assert mots(une) == mots(autre)
    assert morceaux.metadata.title == "Registre d’essai"


def test_les_signets_sont_ceux_d_un_seul_tenant(entier, assemble):
    attendus = list(signets(lire(entier)))
    assert list(signets(lire(assemble))) == attendus
    assert {niveau for niveau, *_ in attendus} == {0, 1, 2}


def test_la_liste_renvoie_a_la_page_qu_elle_annonce(lu, assemble):
    with pikepdf.open(BytesIO(assemble)) as document:
        numeros = {page.objgen: numero for numero, page in enumerate(document.pages, start=1)}
        renvois = [a for page in document.pages for a in page.get("/Annots", [])]
        menes = [(str(a.Contents), numeros[a.Dest[0].objgen]) for a in renvois]
        assert not any("/A" in a for a in renvois)  # aucune adresse provisoire ne reste
    assert len(menes) == 2 * lu.fiches  # l'intitulé et le numéro
    lecteur = lire(assemble)
    for annonce, page in menes:
        intitule, numero = re.fullmatch(r"(.+), page (\d+)", annonce).groups()
        assert int(numero) == page
        assert intitule in texte_du_pdf([lecteur.pages[page - 1]])


def test_la_structure_balisee_reste_entiere(assemble):
    """Chaque contenu marqué mène à son élément, chaque élément à sa page, chaque cellule à son en-tête."""
    with pikepdf.open(BytesIO(assemble)) as document:
        assert document.check_pdf_syntax() == []
        racine = document.Root.StructTreeRoot
        pages = {page.objgen: page for page in document.pages}
        nombres = list(racine.ParentTree.Nums)
        cles = [int(c) for c in nombres[::2]]
        assert cles == sorted(set(cles))
        parents = dict(zip(cles, nombres[1::2], strict=True))
        noms, cites, marques = [], set(), 0

        def suivre(element, parent):
            nonlocal marques
            assert element.P.objgen == parent.objgen
            noms.extend([str(element.ID)] if "/ID" in element else [])
            if "/A" in element and "/Headers" in element.A:
                cites.update(str(nom) for nom in element.A.Headers)
            for enfant in element.K:
                if isinstance(enfant, int):
                    page = pages[element.Pg.objgen]
                    assert parents[int(page.StructParents)][enfant].objgen == element.objgen
                    marques += 1
                elif enfant.get("/Type") == "/OBJR":
                    assert parents[int(enfant.Obj.StructParent)].objgen == element.objgen
                else:
                    suivre(enfant, element)

        suivre(racine.K[0], racine)
    assert marques > 500
    assert len(noms) == len(set(noms))
    assert cites <= set(noms)
    assert cites


def test_un_registre_long_s_assemble_de_lui_meme(maison_lavande, monkeypatch):
    appels = []
    creer_fiche(maison_lavande)
    monkeypatch.setattr(pdf, "D_UN_SEUL_TENANT", 0)
    monkeypatch.setattr(pdf, "par_fragments", lambda *a: appels.append(a) or b"")
    with dans(maison_lavande):
        pdf.produire(Demande(maison_lavande))
    assert len(appels) == 1


def test_une_mise_en_pages_qui_s_arrete_se_dit(monkeypatch):
    monkeypatch.setattr(pdf_fragments, "ouvrir_atelier", lambda _: ouvrir_atelier("atelier_absent"))
    with pytest.raises(RuntimeError, match="s'est arrêtée"):
        pdf_fragments.rendre_tous(["<p>un</p>" * 50_000] * 3)


def test_deux_fils_a_la_fois_donnent_chacun_leur_document():
    def faire(mot: str) -> str:
        return (
            lire(rendre(f'<html lang="fr"><body><h2>{mot}</h2></body></html>', mot)).pages[0].extract_text()
        )

    with ThreadPoolExecutor(4) as fils:
        textes = list(fils.map(faire, ("alpha", "bravo", "charlie", "delta")))
    assert [mot in t for mot, t in zip(("alpha", "bravo", "charlie", "delta"), textes, strict=True)] == [
        True
    ] * 4


SCRIPT = """
import django, pickle, sys
django.setup()
from registre.echanges.exports import pdf
pdf.LOT = 2
lu = pickle.load(sys.stdin.buffer)
pickle.dump([faire(lu, "Registre d'essai") for faire in (pdf.d_un_tenant, pdf.par_fragments)], sys.stdout.buffer)
"""


def test_les_memes_donnees_donnent_les_memes_octets_d_un_processus_a_l_autre(lu, entier, assemble):
    rendu = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=pickle.dumps(lu),
        capture_output=True,
        check=True,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "reglages_tests",
            "PYTHONPATH": str(RACINE / "tests"),
            "PYTHONHASHSEED": "random",
        },
    )
    assert entier.startswith(b"%PDF-")
    assert pickle.loads(rendu.stdout) == [entier, assemble]
