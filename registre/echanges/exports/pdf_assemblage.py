"""Assembler des fragments en un document : pages, structure balisée, signets, renvois et numéros de page.

Ajouter des pages ne suffit pas : la structure, les signets et les renvois d'un fragment se perdraient. Ils sont
repris un à un.
"""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

from documents.fragments import Fragment, Signet
from registre.echanges.exports.contenu import RENVOI

SANS_FOLIO = 1  # la couverture


def assembler(
    fragments: Sequence[Fragment],
    plan: Sequence[Signet],
    renvois: Mapping[str, Signet],
    folios: Sequence[bytes],
) -> bytes:
    """Le document entier ; ses métadonnées sont celles du premier fragment.

    `plan` : ses signets, `renvois` : où mène chaque ancre, pages comptées depuis 0 dans le document ; `folios` : des
    PDF dont les pages, mises bout à bout, portent les numéros.
    """
    import pikepdf

    with pikepdf.open(BytesIO(fragments[0].pdf)) as document:
        for suite in fragments[1:]:
            _ajouter(document, suite.pdf)
        _relier(document, renvois)
        _poser_signets(document, plan)
        _poser_folios(document, folios)
        tampon = BytesIO()
        document.save(tampon, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return tampon.getvalue()


def _ajouter(document: Any, octets: bytes) -> None:
    """Les pages du fragment, puis sa structure, dont les numéros suivent ceux du document."""
    import pikepdf

    with pikepdf.open(BytesIO(octets)) as fragment:
        debut = len(document.pages)
        document.pages.extend(fragment.pages)
        racine = document.copy_foreign(fragment.Root.StructTreeRoot)
    corps = document.Root.StructTreeRoot.K[0]
    for element in racine.K[0].K:
        element.P = corps
        corps.K.append(element)
    nombres = document.Root.StructTreeRoot.ParentTree.Nums
    premier = int(nombres[-2]) + 1
    for rang, cle in enumerate(racine.ParentTree.Nums[::2]):
        nombres.append(premier + int(cle))
        nombres.append(racine.ParentTree.Nums[2 * rang + 1])
    for page in document.pages[debut:]:
        page.StructParents = premier + int(page.StructParents)
        for annotation in page.get("/Annots", []):
            annotation.StructParent = premier + int(annotation.StructParent)


def _destination(document: Any, signet: Signet) -> Any:
    import pikepdf

    return pikepdf.Array([document.pages[signet.page].obj, pikepdf.Name.XYZ, signet.x, signet.y, 0])


def _relier(document: Any, renvois: Mapping[str, Signet]) -> None:
    """Les renvois vers une fiche deviennent internes."""
    for page in document.pages:
        for annotation in page.get("/Annots", []):
            adresse = str(annotation.get("/A", {}).get("/URI", ""))
            if adresse.startswith(RENVOI):
                cible = renvois[adresse.removeprefix(RENVOI)]
                del annotation.A
                annotation.Dest = _destination(document, cible)
                annotation.Contents = f"{cible.titre}, page {cible.page + 1}"


def _poser_signets(document: Any, plan: Iterable[Signet]) -> None:
    """Le plan entier, toutes ses branches ouvertes jusqu'aux fiches, comme WeasyPrint l'écrit."""
    import pikepdf

    racine = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Outlines))
    racine.Count = _enfants(document, racine, plan)
    document.Root.Outlines = racine


def _enfants(document: Any, parent: Any, signets: Iterable[Signet]) -> int:
    """Chaîne les signets sous `parent` ; rend combien sont ouverts."""
    import pikepdf

    total, precedent = 0, None
    for signet in signets:
        entree = document.make_indirect(
            pikepdf.Dictionary(Title=signet.titre, Dest=_destination(document, signet), Parent=parent)
        )
        if precedent is None:
            parent.First = entree
        else:
            precedent.Next, entree.Prev = entree, precedent
        dessous = _enfants(document, entree, signet.enfants)
        entree.Count = dessous
        total, precedent = total + 1 + dessous, entree
    if precedent is not None:
        parent.Last = precedent
    return total


def _poser_folios(document: Any, folios: Sequence[bytes]) -> None:
    """Pose sur chaque page son numéro, hors de la structure : un artefact, comme il se doit d'un folio."""
    import pikepdf

    rang = 0
    for octets in folios:
        with pikepdf.open(BytesIO(octets)) as calque:
            for folio in calque.pages:
                if rang >= SANS_FOLIO:
                    _poser_folio(document, document.pages[rang], folio)
                rang += 1


def _poser_folio(document: Any, page: Any, folio: Any) -> None:
    import pikepdf

    ressources: Any = pikepdf.Dictionary(page.Resources)
    formes = pikepdf.Dictionary(ressources.get("/XObject", {}))
    formes.Folio = document.copy_foreign(folio.as_form_xobject())
    ressources.XObject = formes
    page.Resources = ressources
    # La page a retourné ses axes : on les remet en place avant le calque.
    page.contents_add(b"q", prepend=True)
    page.contents_add(b"Q /Artifact <</Type /Pagination>> BDC /Folio Do EMC", prepend=False)
