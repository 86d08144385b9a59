"""Transferts : ce que la fiche en dit d'une rubrique à l'autre, et où elle se contredit."""

from collections.abc import Iterator
from datetime import date

from droit.destinations import (
    INTERNE,
    PAYS_TIERS,
    destinataire_vise,
    destinataires_hors_eee,
    qui,
    qui_et_ou,
    sort_de_l_espace,
    vers,
)
from droit.faits import Element, Faits, texte
from droit.regles.regle import ARTICLE_30, P, S, Trouves, alerte
from droit.regles.transferts import CLAUSES_DE_2021
from traitements.phrases import enumerer

CLAUSES = "CCT_COMMISSION"
DU_SOUS_TRAITANT = ("module-3", "module-4")  # décision (UE) 2021/914, annexe
CLAUSES_ABROGEES = ("2001/497", "2004/915", "2010/87")  # décision (UE) 2021/914, art. 4
MODULES = {
    "module-1": "de responsable à responsable",
    "module-2": "de responsable à sous-traitant",
    "module-3": "de sous-traitant à sous-traitant",
}


@alerte(
    "TRF-10",
    "RGPD art. 30(1)(e), 30(2)(c)",
    P,
    "existence de transferts non dite, ou démentie par la fiche",
    ARTICLE_30,
    sous_traitant=True,
)
def existence_des_transferts(faits: Faits, le: date) -> Trouves:
    """Une fiche qui ne dit pas s'il y a des transferts, qui les nie et en montre, ou les affirme et n'en décrit aucun."""
    repondu, partent = faits.fiche.get("transferts_hors_eee"), [*_qui_partent(faits, le)]
    if repondu is None:
        yield (
            "transferts_hors_eee",
            f"La fiche montre des transferts ({enumerer(partent)}) et ne répond pas à la question : répondez-y."
            if partent
            else "Dites si des données sont envoyées, ou consultées, hors de l'Espace économique européen.",
        )
    elif repondu is False and partent:
        yield (
            "transferts_hors_eee",
            f"La fiche dit qu'il n'y a pas de transfert, et elle en montre ({enumerer(partent)}) : corrigez l'un ou l'autre.",
        )
    elif repondu is True and not partent and not _sans_lieu(faits):
        yield (
            "transferts_hors_eee",
            "La fiche dit qu'il y a des transferts et n'en décrit aucun : indiquez, pour chacun, le pays ou l'organisation, et "
            "la garantie.",
        )


@alerte(
    "TRF-11",
    "RGPD art. 30(1)(e), 30(2)(c), 44 ; CEPD, lignes directrices 05/2021",
    S,
    "pays du destinataire démenti par ailleurs",
    sous_traitant=True,
)
def pays_dementi(faits: Faits, le: date) -> Trouves:
    """Un tiers établi hors de l'Espace économique européen que la ligne du destinataire, ou du transfert, situe dedans."""
    vises = {x.get("destinataire_numero") for x in faits.liste("transferts")}
    for r in faits.liste("destinataires"):
        ici, siege = texte(r, "pays"), texte(faits.tiers(r), "pays")
        dement = ici and faits.reperes.hors_eee(siege, le) and not faits.reperes.hors_eee(ici, le)
        if dement and r["numero"] not in vises:
            yield (
                f"destinataires[{r['numero']}].pays",
                f"{qui(faits, r)} est établi hors de l'Espace économique européen ({_pays(faits, siege)}), et cette ligne "
                f"indique « {_pays(faits, ici)} » : dites si des données y sont envoyées ou consultées, et déclarez alors le "
                "transfert.",
            )
    yield from _transferts_dementis(faits, le)


@alerte(
    "TRF-13",
    "RGPD art. 46(2)(c) ; décision (UE) 2021/914",
    S,
    "clauses types qui ne conviennent pas",
    sous_traitant=True,
    changements={
        CLAUSES_DE_2021: "Les clauses types de 2001, 2004 et 2010 ne couvrent plus aucun transfert."
    },
)
def clauses_qui_conviennent(faits: Faits, le: date) -> Trouves:
    """Des clauses types abrogées, ou un module qui n'est pas celui du rôle du destinataire."""
    for x in faits.liste("transferts"):
        if x.get("garantie") != CLAUSES:
            continue
        if le >= CLAUSES_DE_2021 and any(n in texte(x, "document") for n in CLAUSES_ABROGEES):
            yield (
                f"transferts[{x['numero']}].document",
                "Ces clauses types sont abrogées et ne valent plus depuis le 28 décembre 2022 : concluez celles de la décision "
                "(UE) 2021/914.",
            )
        module, attendu = texte(x, "module_cct"), _module_attendu(faits, x)
        if module == "module-3" and _signe_par_un_sous_traitant(faits, x):
            continue
        if module in DU_SOUS_TRAITANT and not attendu and not faits.du_sous_traitant:
            yield (
                f"transferts[{x['numero']}].module_cct",
                "Ce module des clauses types est celui d'un exportateur sous-traitant, et la fiche vous dit responsable : vérifiez le "
                "module signé.",
            )
        if module and attendu and module != attendu:
            yield (
                f"transferts[{x['numero']}].module_cct",
                f"Ce module des clauses types n'est pas celui d'un transfert {MODULES[attendu]} ({vers(faits, x)}) : vérifiez "
                "le rôle du destinataire, ou le module signé.",
            )


def _signe_par_un_sous_traitant(faits: Faits, x: Element) -> bool:
    """L'importateur est recruté par un de vos sous-traitants : c'est lui qui exporte, et signe entre sous-traitants."""
    return bool(texte(faits.tiers(destinataire_vise(faits, x)), "parent"))


def _module_attendu(faits: Faits, x: Element) -> str:
    """Le module que les rôles appellent ; vide quand la fiche ne les dit pas tous deux."""
    type_ = destinataire_vise(faits, x).get("type")
    if type_ == "SOUS_TRAITANT":
        return "module-3" if faits.du_sous_traitant else "module-2"
    return "module-1" if type_ == "PARTENAIRE" and not faits.du_sous_traitant else ""


def _transferts_dementis(faits: Faits, le: date) -> Iterator[tuple[str, str]]:
    """Un transfert situé dans l'espace, vers un destinataire que la fiche situe dehors."""
    dehors = {r["numero"]: r for r in destinataires_hors_eee(faits, le)}
    for x in faits.liste("transferts"):
        r = dehors.get(x.get("destinataire_numero"))
        if r and texte(x, "pays") and not sort_de_l_espace(faits, x, le):
            yield (
                f"transferts[{x['numero']}].pays",
                f"Ce transfert indique « {_pays(faits, texte(x, 'pays'))} », et son destinataire est hors de l'Espace "
                f"économique européen ({qui_et_ou(faits, r)}) : corrigez l'un ou l'autre.",
            )


def _qui_partent(faits: Faits, le: date) -> Iterator[str]:
    """Chaque transfert hors de l'espace, puis chaque destinataire qui en est et qu'aucun transfert ne vise."""
    vises = {x.get("destinataire_numero") for x in faits.liste("transferts")}
    dits = [vers(faits, x) for x in faits.liste("transferts") if sort_de_l_espace(faits, x, le)]
    dits += [
        qui_et_ou(faits, r)
        for r in destinataires_hors_eee(faits, le)
        if r["numero"] not in vises and r.get("type") != INTERNE
    ]
    dits += [
        qui(faits, r) or "un destinataire d'un pays tiers"
        for r in faits.liste("destinataires")
        if r.get("type") == PAYS_TIERS and not faits.pays(r) and r["numero"] not in vises
    ]
    return iter(dict.fromkeys(dits))


def _sans_lieu(faits: Faits) -> bool:
    """Un transfert est décrit, sans que l'on sache encore où : une autre règle demande son pays."""
    return any(not (texte(x, "pays") or texte(x, "organisation")) for x in faits.liste("transferts"))


def _pays(faits: Faits, code: str) -> str:
    return faits.reperes.libelle("pays", code)
