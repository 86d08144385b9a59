"""Le registre en PDF : couverture, identité, liste paginée, une fiche par activité, signets, balises."""

from collections.abc import Iterator
from dataclasses import replace

from django.template.loader import render_to_string

from documents.fragments import Fragment, Signet, rendre_tous, rendre_un
from documents.lettres import noter, tracer_ensemble
from documents.moteur import rendre, signaler
from registre.echanges.exports.contenu import Contenu, FichePage, PartieDuRegistre, contenu
from registre.echanges.exports.demande import Demande
from registre.echanges.exports.pdf_assemblage import assembler
from traitements.phrases import de

EXTENSION = "pdf"
TYPE_MIME = "application/pdf"
LIENS = {
    "tableau": "Télécharger le registre (PDF)",
    "registre": "Télécharger le registre (PDF)",
    "fiche": "PDF de la fiche",
}
D_UN_SEUL_TENANT = 20  # fiches ; au-delà, des fragments assemblés vont plus vite et tiennent en mémoire
LOT = 10  # fiches par fragment
CALQUE = 100  # pages par calque de numéros


def produire(demande: Demande) -> bytes:
    """Le PDF du registre, ou d'une seule fiche. Mêmes données, mêmes octets."""
    lu = contenu(demande)
    titre = _titre(lu, demande)
    if demande.fiche is not None:
        return rendre(render_to_string("pdf/fiche.html", {"c": lu}), titre)
    return d_un_tenant(lu, titre) if lu.fiches <= D_UN_SEUL_TENANT else par_fragments(lu, titre)


def d_un_tenant(lu: Contenu, titre: str) -> bytes:
    return rendre(render_to_string("pdf/registre.html", {"c": lu}), titre)


def par_fragments(lu: Contenu, titre: str) -> bytes:
    """Le même document, mis en pages par lots de fiches dans deux processus, puis assemblé."""
    lots = [(p, debut) for p in lu.parties for debut in range(0, len(p.fiches), LOT)]
    fragments = rendre_tous(_tracer(lu, [_html_du_lot(lu, partie, debut) for partie, debut in lots]))
    plan, renvois = _plan(lots, fragments)
    avant = _pages_liminaires(lu, titre, renvois)
    total = avant.pages + sum(f.pages for f in fragments)
    return assembler(
        [avant, *fragments],
        plan=[*avant.signets, *(signet.decale(avant.pages) for signet in plan)],
        renvois={ancre: signet.decale(avant.pages) for ancre, signet in renvois.items()},
        folios=list(_folios(total)),
    )


def _tracer(lu: Contenu, lots: list[str]) -> list[str]:
    """Les lots ; le dernier nomme les signes sans dessin de tout le document, pages liminaires comprises."""
    (_, *lots), vus = tracer_ensemble([_html_liminaire(lu), *lots])
    if vus:
        signaler(vus)
    return [*lots[:-1], noter(lots[-1], vus)]


def _folios(total: int) -> Iterator[bytes]:
    """Des calques de cent pages au plus : un seul de mille tiendrait des gigaoctets."""
    for debut in range(1, total + 1, CALQUE):
        pages = range(debut, min(debut + CALQUE, total + 1))
        html = render_to_string("pdf/folios.html", {"pages": pages, "total": total})
        yield rendre(html, "Folios", balises=False)


def _plan(
    lots: list[tuple[PartieDuRegistre, int]], fragments: list[Fragment]
) -> tuple[list[Signet], dict[str, Signet]]:
    """Les signets, par partie, et le début de chaque fiche par son ancre ; pages comptées sans les liminaires."""
    plan: list[Signet] = []
    renvois: dict[str, Signet] = {}
    devant = 0
    for (partie, debut), fragment in zip(lots, fragments, strict=True):
        signets = tuple(signet.decale(devant) for signet in fragment.signets)
        if debut == 0:
            (ouverture,) = signets
            plan.append(replace(ouverture, enfants=()))
            signets = ouverture.enfants
        plan[-1] = replace(plan[-1], enfants=plan[-1].enfants + signets)
        renvois |= {f.ancre: s for f, s in zip(_lot(partie, debut), signets, strict=True)}
        devant += fragment.pages
    return plan, renvois


def _pages_liminaires(lu: Contenu, titre: str, renvois: dict[str, Signet]) -> Fragment:
    """Couverture, identité et liste. Les numéros de la liste dépendent de sa longueur : on la refait avec la vraie."""
    devant, avant = 0, None
    while avant is None or avant.pages != devant:
        devant = avant.pages if avant else 0
        numerote = _numeroter(lu, {a: signet.page + devant + 1 for a, signet in renvois.items()})
        avant = rendre_un(_html_liminaire(numerote), "liminaires", titre)
    return avant


def _html_liminaire(lu: Contenu) -> str:
    return render_to_string("pdf/registre.html", {"c": lu, "assemble": True})


def _numeroter(lu: Contenu, pages: dict[str, int]) -> Contenu:
    def numerotee(partie: PartieDuRegistre) -> PartieDuRegistre:
        return replace(partie, fiches=tuple(replace(f, page=pages[f.ancre]) for f in partie.fiches))

    return replace(lu, parties=tuple(numerotee(p) for p in lu.parties))


def _lot(partie: PartieDuRegistre, debut: int) -> tuple[FichePage, ...]:
    return partie.fiches[debut : debut + LOT]


def _html_du_lot(lu: Contenu, partie: PartieDuRegistre, debut: int) -> str:
    contexte = {"c": lu, "p": partie, "fiches": _lot(partie, debut), "ouvre": debut == 0}
    return render_to_string("pdf/fragment.html", contexte)


def _titre(lu: Contenu, demande: Demande) -> str:
    if demande.fiche is not None and lu.parties:
        return lu.parties[0].fiches[0].lue.intitule
    return f"Registre des activités de traitement {de(lu.organisme.raison_sociale)}"
