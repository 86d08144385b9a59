"""Les textes que la fiche cite : ceux qui ne sont plus en vigueur."""

import re
from datetime import date
from typing import NamedTuple

from droit.faits import Faits
from droit.regles.constat import Trouve
from droit.regles.regle import M, Trouves, alerte


class TexteMort(NamedTuple):
    """`depuis` : premier jour où le texte ne vaut plus. `suite` : ce qui en tient lieu."""

    ecriture: re.Pattern[str]
    depuis: date
    suite: str
    source: str


MORTS = (
    TexteMort(
        re.compile(r"privacy shield|bouclier de protection|safe harbou?r"),
        date(2020, 7, 16),
        "Le Privacy Shield, comme avant lui le Safe Harbor, est invalidé : citez la garantie qui encadre le transfert aujourd'hui.",
        "RGPD art. 45, 46 ; CJUE 6 octobre 2015, C-362/14, et 16 juillet 2020, C-311/18",
    ),
    TexteMort(
        re.compile(r"\bd\.? ?111-1[6-9]\b"),
        date(2024, 7, 9),
        "Les avis en ligne relèvent des articles D111-9 à D111-12 du code de la consommation : corrigez l'article cité.",
        "C. conso. art. D111-9 à D111-12",
    ),
    TexteMort(
        re.compile(r"\b95/46"),
        date(2018, 5, 25),
        "La directive 95/46/CE est abrogée depuis le 25 mai 2018 : citez l'article du RGPD.",
        "RGPD art. 94(1)",
    ),
    TexteMort(
        re.compile(r"2005-1309"),
        date(2019, 6, 1),
        "Le décret du 20 octobre 2005 est abrogé : le décret n° 2019-536 du 29 mai 2019 l'a remplacé.",
        "décret n° 2019-536 du 29 mai 2019",
    ),
)
# Sans l'un d'eux, aucun de ces textes n'est cité : la plupart des fiches s'arrêtent là (un essai le tient).
RADICAUX = ("privacy shield", "bouclier de protection", "safe harbo", "111-1", "95/46", "2005-1309")
TOUS = re.compile("|".join(mort.ecriture.pattern for mort in MORTS))
# La fiche raconte la fin du texte, cite le code du patrimoine, ou une décision prise sur la directive et encore valable.
PASSE = re.compile(
    r"(?:invalid|abrog|annul)\w*[^.;]{0,40}(?:privacy|safe harb|bouclier|95/46|2005-1309|111-1[6-9])|patrimoine"
    r"|(?:privacy shield|safe harbou?r|95/46|2005-1309)[^.;]{0,40}(?:invalid|abrog|annul)"
    r"|décision (?:n° ?)?\d{4}/\d+[^.;]{0,40}95/46"
)
# Ce que le registre a écrit, ou le texte d'origine que l'import garde : non ce que la fiche déclare.
HORS_DU_TEXTE = ("ecarts", "reprise", "alertes_lues", "a_confirmer")


@alerte(
    "TXT-03",
    "RGPD art. 5(2)",
    M,
    "texte cité qui n'est plus en vigueur",
    sous_traitant=True,
    changements={mort.depuis: mort.suite for mort in MORTS},
)
def texte_abroge(faits: Faits, le: date) -> Trouves:
    """Un texte abrogé, invalidé ou renuméroté, que la fiche cite encore."""
    if not any(radical in faits.en_minuscules for radical in RADICAUX):
        return
    for chemin, lu in faits.textes():
        bas = lu.casefold()
        if not TOUS.search(bas) or chemin.startswith(HORS_DU_TEXTE) or chemin.endswith("texte_origine"):
            continue
        for mort in MORTS:
            if le >= mort.depuis and mort.ecriture.search(bas) and not PASSE.search(bas):
                yield Trouve(chemin, mort.suite, source=mort.source)
