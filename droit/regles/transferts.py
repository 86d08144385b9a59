"""Transferts hors de l'Espace économique européen, et pays où les données sont traitées."""

from collections.abc import Iterator
from datetime import date, timedelta

from conservation.durees import Duree, terme
from droit.faits import RIEN, Element, Faits, jour, texte
from droit.regles.constat import Gravite, Trouve
from droit.regles.regle import ARTICLE_30, M, P, S, Trouves, alerte, bloquant, conseil, theme
from droit.reperes import Repere
from traitements.phrases import date_en_mots, enumerer, majuscule

theme("TRF", "Transferts", 80)

UN_AN = Duree(1, "ans")
PRIVACY_SHIELD = "INVALIDE_PRIVACY_SHIELD"
INTERETS_IMPERIEUX = "D49_2"
OUTRE_MER_HORS_UE = "francais-hors-ue"


@bloquant("TRF-01", "RGPD art. 44 à 49, 30(1)(e), 30(2)(c)", M, "transfert sans garantie", sous_traitant=True)
def transfert_sans_garantie(faits: Faits, le: date) -> Trouves:
    """Des données envoyées ou consultées hors de l'Espace économique européen, sans transfert déclaré ou sans garantie."""
    for x in faits.liste("transferts"):
        hors = faits.reperes.hors_eee(_pays(faits, x)) or texte(x, "organisation")
        if hors and not texte(x, "garantie"):
            yield (
                f"transferts[{x['numero']}].garantie",
                f"Ce transfert hors de l'Espace économique européen ({_vers(faits, x)}) n'indique aucune garantie : "
                "décision d'adéquation, garantie appropriée ou, à défaut, dérogation.",
            )
    declares = [x.get("destinataire_numero") for x in faits.liste("transferts")]
    for r in faits.liste("destinataires"):
        if faits.reperes.hors_eee(faits.pays(r)) and r["numero"] not in declares:
            yield (
                f"destinataires[{r['numero']}].pays",
                f"Ce destinataire est hors de l'Espace économique européen ({_qui_et_ou(faits, r)}) : déclarez le "
                "transfert, avec le numéro de ce destinataire et la garantie qui l'encadre.",
            )


@bloquant("TRF-02", "RGPD art. 45", S, "adéquation invoquée sans décision en vigueur", sous_traitant=True)
def adequation_en_vigueur(faits: Faits, le: date) -> Trouves:
    """Une décision d'adéquation invoquée pour un pays, ou une organisation, qui n'en a pas ce jour-là."""
    for x in _fondes_sur(faits, "ADEQUATION"):
        pays = _pays(faits, x)
        if faits.reperes.hors_eee(pays) and faits.reperes.decision(pays, le) is None:
            yield (
                f"transferts[{x['numero']}].garantie",
                f"{_sans_decision(faits.reperes.decisions(pays), le)} ({_vers(faits, x)}) : fondez ce transfert sur une "
                "autre garantie.",
            )


@bloquant(
    "TRF-03",
    "CJUE, 16 juill. 2020, C-311/18",
    S,
    "Privacy Shield invoqué",
    depuis=date(2020, 7, 16),
    sous_traitant=True,
)
def privacy_shield(faits: Faits, le: date) -> Trouves:
    """Le Privacy Shield invoqué comme garantie."""
    for x in _fondes_sur(faits, PRIVACY_SHIELD):
        yield (
            f"transferts[{x['numero']}].garantie",
            "Le Privacy Shield est invalidé depuis le 16 juillet 2020 : fondez ce transfert sur une garantie en vigueur.",
        )


@bloquant(
    "TRF-04",
    "RGPD art. 45 ; décision d'adéquation du pays",
    S,
    "adéquation partielle, importateur non vérifié",
    ecartable=True,
    sous_traitant=True,
)
def importateur_couvert(faits: Faits, le: date) -> Trouves:
    """Une adéquation partielle, sans vérification depuis moins d'un an que l'importateur est couvert par la décision."""
    for x in _fondes_sur(faits, "ADEQUATION"):
        decision = faits.reperes.decision(_pays(faits, x), le)
        if decision and decision.get("partielle") is True:
            yield from _couverture(faits, x, decision, le)


@alerte(
    "TRF-05",
    "RGPD art. 46 ; CJUE, 16 juill. 2020, C-311/18 ; CEPD, recommandations 01/2020",
    S,
    "garantie appropriée incomplète",
    sous_traitant=True,
)
def garantie_appropriee_complete(faits: Faits, le: date) -> Trouves:
    """Une garantie de l'article 46 sans son document, sans son module pour les clauses types, ou sans analyse du transfert."""
    for x in faits.liste("transferts"):
        if manquent := _pieces_absentes(x, _garantie(faits, x)):
            yield (
                f"transferts[{x['numero']}].{next(iter(manquent))}",
                f"La garantie « {faits.reperes.libelle('garanties', texte(x, 'garantie'))} » est incomplète : il manque "
                f"{enumerer(manquent.values())}.",
            )


@alerte(
    "TRF-06",
    "RGPD art. 49, considérant 111 ; CEPD, lignes directrices 2/2018",
    S,
    "dérogation invoquée pour un transfert répétitif",
    sous_traitant=True,
)
def derogation_repetitive(faits: Faits, le: date) -> Trouves:
    """Une dérogation de l'article 49 invoquée pour un transfert répétitif."""
    for x in faits.liste("transferts"):
        if _garantie(faits, x).get("derogation") is True and x.get("repetitif") is True:
            yield (
                f"transferts[{x['numero']}].garantie",
                "Les dérogations de l'article 49 sont d'interprétation stricte et ne fondent pas un flux régulier "
                f"({_vers(faits, x)}) : encadrez-le par une garantie appropriée.",
            )


@bloquant(
    "TRF-07",
    "RGPD art. 30(1)(e), 30(2)(c), 49(1), al. 2, 49(6)",
    M,
    "intérêts impérieux sans pièce au registre ou sans information de la CNIL",
    ARTICLE_30,
    sous_traitant=True,
)
def interets_imperieux_documentes(faits: Faits, le: date) -> Trouves:
    """La dérogation des intérêts légitimes impérieux, sans pièce au registre ou sans information de la CNIL."""
    for x in _fondes_sur(faits, INTERETS_IMPERIEUX):
        if not texte(x, "document"):
            yield (
                f"transferts[{x['numero']}].document",
                "Cette dérogation oblige à documenter au registre l'évaluation du transfert et les garanties prises : "
                "indiquez la pièce.",
            )
        if x.get("notification_cnil") is False:
            yield (
                f"transferts[{x['numero']}].notification_cnil",
                "Cette dérogation oblige à informer la CNIL du transfert : informez-la et notez-le.",
            )


@alerte(
    "TRF-08",
    "RGPD art. 30(1)(e), 30(2)(c)",
    M,
    "pays du sous-traitant ou du transfert inconnu",
    ARTICLE_30,
    sous_traitant=True,
)
def pays_connu(faits: Faits, le: date) -> Trouves:
    """Un sous-traitant ou un transfert dont le pays n'est pas indiqué."""
    for r in faits.liste("destinataires"):
        if r.get("type") == "SOUS_TRAITANT" and not faits.pays(r):
            yield (
                f"destinataires[{r['numero']}].pays",
                "Indiquez le pays où ce sous-traitant traite les données, accès à distance compris.",
            )
    for x in faits.liste("transferts"):
        if not (_pays(faits, x) or texte(x, "organisation")):
            yield (
                f"transferts[{x['numero']}].pays",
                "Indiquez le pays, ou l'organisation internationale, vers lequel les données sont transférées.",
            )


@conseil(
    "TRF-09",
    "LIL, titre V ; CNIL, page « outre-mer »",
    P,
    "territoire français hors de l'Union",
    sous_traitant=True,
)
def outre_mer_hors_union(faits: Faits, le: date) -> Trouves:
    """Des données envoyées vers un territoire français situé hors de l'Union européenne."""
    vus = set()
    for chemin, code in _lieux(faits):
        pays = faits.reperes.pays.get(code, RIEN)
        if pays.get("statut") == OUTRE_MER_HORS_UE and code not in vus:
            vus.add(code)
            yield (
                chemin,
                f"Ce territoire français est hors de l'Union ({pays.get('libelle')}) : ce n'est pas un transfert au sens "
                "du chapitre V, et la loi Informatique et Libertés s'y applique (titre V).",
            )


# --- À qui, où ---------------------------------------------------------------------------------------------------------
def _destinataire(faits: Faits, transfert: Element) -> Element:
    """Le destinataire que vise un transfert ; vide s'il n'en nomme pas."""
    numero = transfert.get("destinataire_numero")
    return next((r for r in faits.liste("destinataires") if numero and r.get("numero") == numero), RIEN)


def _pays(faits: Faits, transfert: Element) -> str | None:
    """Le pays du transfert, sinon celui de son destinataire."""
    return texte(transfert, "pays") or faits.pays(_destinataire(faits, transfert))


def _vers(faits: Faits, transfert: Element) -> str:
    """« Mailwright Inc., États-Unis » : à qui et où."""
    importateur = {"nom": transfert.get("importateur"), **_destinataire(faits, transfert)}
    ou = texte(transfert, "organisation") or _pays(faits, transfert)
    return _qui_et_ou(faits, {**importateur, "pays": ou})


def _qui_et_ou(faits: Faits, destinataire: Element) -> str:
    qui = texte(faits.tiers(destinataire), "nom") or texte(destinataire, "nom")
    ou = faits.reperes.libelle("pays", faits.pays(destinataire))
    return ", ".join(mot for mot in (qui, ou) if mot) or "destination non précisée"


def _lieux(faits: Faits) -> Iterator[tuple[str, str]]:
    """Chaque pays que la fiche nomme, avec le chemin qui le porte."""
    for r in faits.liste("destinataires"):
        yield f"destinataires[{r['numero']}].pays", faits.pays(r) or ""
    for x in faits.liste("transferts"):
        yield f"transferts[{x['numero']}].pays", texte(x, "pays")


# --- Garanties ---------------------------------------------------------------------------------------------------------
def _fondes_sur(faits: Faits, garantie: str) -> list[Element]:
    return [x for x in faits.liste("transferts") if x.get("garantie") == garantie]


def _garantie(faits: Faits, transfert: Element) -> Repere:
    return faits.reperes.garanties.get(texte(transfert, "garantie"), RIEN)


def _pieces_absentes(transfert: Element, garantie: Repere) -> dict[str, str]:
    """Champ → ce qui manque à une garantie de l'article 46, celle qui appelle une analyse du transfert."""
    if garantie.get("tia_requise") is not True:
        return {}
    manquent = {}
    if not texte(transfert, "document"):
        manquent["document"] = "le document ou sa référence"
    if garantie.get("module_requis") is True and not texte(transfert, "module_cct"):
        manquent["module_cct"] = "le module des clauses"
    if transfert.get("tia") is False:
        manquent["tia"] = "l'analyse du transfert"
    return manquent


# --- Adéquation --------------------------------------------------------------------------------------------------------
def _nom(decision: Repere) -> str:
    """« la décision (UE) 2016/1250 (Privacy Shield) », d'après « États-Unis : (UE) 2016/1250 (Privacy Shield) »."""
    _, _, numero = str(decision["libelle"]).partition(" : ")
    return f"la décision {numero.partition(',')[0].removeprefix('décision ')}"


def _sans_decision(decisions: tuple[Repere, ...], le: date) -> str:
    """Pourquoi aucune décision ne vaut ce jour-là : la dernière échue, la première à venir, ou aucune."""
    echues = [(fin, d) for d in decisions if (fin := jour(d, "date_fin")) and fin < le]
    a_venir = [(effet, d) for d in decisions if (effet := jour(d, "date_effet")) and effet > le]
    phrases = []
    if echues:
        fin, decision = max(echues, key=lambda e: e[0])
        phrases.append(f"{_nom(decision)} ne vaut plus depuis le {date_en_mots(fin + timedelta(days=1))}")
    if a_venir:
        effet, decision = min(a_venir, key=lambda e: e[0])
        phrases.append(f"{_nom(decision)} n'est en vigueur que depuis le {date_en_mots(effet)}")
    lues = (
        enumerer(phrases) or "aucune décision d'adéquation n'a été prise pour ce pays ou cette organisation"
    )
    return majuscule(lues)


def _couverture(faits: Faits, x: Element, decision: Repere, le: date) -> Iterator[tuple[str, str] | Trouve]:
    """Ce qui manque pour savoir que l'importateur est couvert par une décision partielle."""
    qui, nom, verifie = _vers(faits, x), _nom(decision), jour(x, "verifie_le")
    ou = f" ({lieu})" if (lieu := texte(decision, "verification_importateur")) else ""
    if x.get("importateur_certifie") is not True:
        portee = texte(decision, "portee").removeprefix("PARTIELLE : ")
        yield (
            f"transferts[{x['numero']}].importateur_certifie",
            f"{majuscule(nom)} ne couvre pas tous les importateurs. Portée : {portee}. Vérifiez que le vôtre ({qui}) "
            f"est couvert{ou}, et notez-le.",
        )
    elif verifie is None:
        yield Trouve(
            f"transferts[{x['numero']}].verifie_le",
            f"Indiquez quand vous avez vérifié que l'importateur ({qui}) est couvert par {nom}{ou}.",
            gravite=Gravite.ALERTE,
        )
    elif terme(verifie, UN_AN) < le:
        yield (
            f"transferts[{x['numero']}].verifie_le",
            f"Vous avez vérifié le {date_en_mots(verifie)}, il y a plus d'un an, que l'importateur ({qui}) est couvert par "
            f"{nom} : vérifiez-le de nouveau{ou}.",
        )
