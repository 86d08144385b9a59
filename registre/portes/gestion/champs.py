"""Du champ de modèle au champ de formulaire, et de la saisie à la valeur canonique. Libellés et aide viennent du modèle."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.db import models
from django.forms.utils import flatatt
from django.utils.safestring import mark_safe

from conservation.durees import lire_iso
from organismes.champs import LIGNE_MAX, ChampCodes, ChampLignes, ChampNumeros
from organismes.models import Pays, Tiers
from organismes.referentiel import Verification
from registre.fiche.assemblage import propre
from registre.fiche.codes import Codes
from registre.portes.gestion.champs_saisis import (
    ChampSaisi,
    Choix,
    ChoixMultiple,
    Entier,
    Jour,
    Lignes,
    Numeros,
    OuiNon,
    Texte,
    TroisValeurs,
)
from registre.portes.requetes.rendu import echapper
from traitements.phrases import majuscule

RIEN = [("", "non renseigné")]
LARGES = (ChampCodes, ChampLignes, models.TextField)
CASES_MAX = 12  # au-delà, un groupe de cases dont aucune n'est cochée se replie


class ListeDeroulante(forms.Select):
    """Une liste déroulante, dont chaque réponse peut porter sa source, au survol.

    Les réponses s'écrivent une fois par valeur choisie : le gabarit de Django, appelé réponse par réponse, coûtait plusieurs
    secondes à une fiche de soixante lignes.
    """

    def __init__(self, sources: dict[str, str] | None = None):
        super().__init__()
        self.sources = sources or {}
        self._ecrites: dict[str, str] = {}

    def render(self, name, value, attrs=None, renderer=None):
        choisie = "" if value is None else str(value)
        if choisie not in self._ecrites:
            self._ecrites[choisie] = "".join(
                self._reponse(code, libelle, choisie) for code, libelle in self.choices
            )
        attributs = flatatt(self.build_attrs(self.attrs, {"name": name} | (attrs or {})))
        return mark_safe(f"<select{attributs}>{self._ecrites[choisie]}</select>")  # noqa: S308 - tout est échappé

    def _reponse(self, code: Any, libelle: Any, choisie: str) -> str:
        source = self.sources.get(str(code), "")
        choix = " selected" if str(code) == choisie else ""
        titre = f' title="{echapper(source)}"' if source else ""
        return f'<option value="{echapper(code)}"{choix}{titre}>{echapper(libelle)}</option>'


class Fabrique:
    """Les champs de saisie d'une page. Les lignes d'une liste partagent les leurs, tant que leurs réponses sont les mêmes."""

    def __init__(self, codes: Codes):
        self.codes = codes
        self.d_abord: frozenset[str] = frozenset()  # les codes de la fiche, à proposer avant les autres
        self._champs: dict[tuple, ChampSaisi] = {}

    def champ(self, du_modele: models.Field, valeur: Any) -> ChampSaisi:
        """Le champ commun ; à part, celui d'une ligne qui cite un code que la liste n'offre plus."""
        commun = self._fabriquer(du_modele, (), None)
        if not commun.offerts:
            return commun
        cites = valeur if isinstance(valeur, list) else [valeur]
        retires = tuple(c for c in cites if isinstance(c, str) and c and c not in commun.offerts)
        return self._fabriquer(du_modele, retires, valeur) if retires else commun

    def _fabriquer(self, du_modele: models.Field, retires: tuple[str, ...], valeur: Any) -> ChampSaisi:
        cle = (du_modele, retires)
        if cle not in self._champs:
            champ = self._champs[cle] = champ_de_formulaire(du_modele, self.codes, valeur)
            champ.partage = not retires
        return self._champs[cle]


def champ_de_formulaire(champ: models.Field, codes: Codes, valeur: Any) -> ChampSaisi:
    """Le champ de saisie ; facultatif ici, car `enregistrement` contrôle tout au même endroit pour toutes les portes."""
    commun = {"label": majuscule(str(champ.verbose_name)), "help_text": champ.help_text, "required": False}
    saisie = _selon_type(champ, codes, valeur, commun)
    saisie.obligatoire = not champ.blank and not champ.null and not champ.has_default()
    saisie.large = isinstance(champ, LARGES) or _long(champ)
    saisie.offerts = frozenset(str(code) for code, _ in getattr(saisie, "choices", ()))
    if isinstance(saisie, ChoixMultiple) and len(saisie.offerts) > CASES_MAX:
        saisie.repliees = len(saisie.offerts)
    return saisie


def _long(champ: models.Field) -> bool:
    longueur = getattr(champ, "max_length", None) or 0
    return not champ.choices and not champ.is_relation and longueur >= 200


def _selon_type(champ: models.Field, codes: Codes, valeur: Any, commun: dict[str, Any]) -> ChampSaisi:
    match champ:
        case models.BooleanField():
            return (TroisValeurs if champ.null else OuiNon)(**commun)
        case ChampCodes():
            return ChoixMultiple(
                choices=_codes(champ, codes, valeur), widget=forms.CheckboxSelectMultiple, **commun
            )
        case ChampLignes():
            attrs: dict[str, Any] = {"rows": 3, "data-limite-ligne": LIGNE_MAX}
            return Lignes(widget=forms.Textarea(attrs=attrs), **commun)
        case ChampNumeros():
            return Numeros(**commun)
        case models.ForeignKey():
            choix, sources = _cles(champ, codes, valeur), _sources(champ.related_model, codes)
            return Choix(choices=choix, widget=ListeDeroulante(sources), **commun)
        case models.DateField():
            return Jour(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **commun)
        case models.IntegerField():
            return Entier(min_value=0, **commun)
        case models.TextField():
            attrs = {"rows": 2} | ({"data-limite": limite} if (limite := _limite(champ)) else {})
            return Texte(widget=forms.Textarea(attrs=attrs), strip=False, **commun)
    if champ.choices:
        return Choix(choices=[*RIEN, *champ.flatchoices], widget=ListeDeroulante(), **commun)
    type_ = {models.EmailField: "email", models.URLField: "url"}.get(type(champ), "text")
    # Sans `maxlength` : il coupe un collage sans le dire.
    attrs = {"type": type_, "data-limite": champ.max_length}
    return Texte(widget=forms.TextInput(attrs=attrs), strip=False, **commun)


def _limite(champ: models.TextField) -> int | None:
    """Le nombre de caractères qu'un texte ne dépasse pas."""
    bornes = [v.limit_value for v in champ.validators if isinstance(v, MaxLengthValidator)]
    return min(bornes, default=None)


def _codes(champ: ChampCodes, codes: Codes, valeur: Any) -> list[tuple[str, str]]:
    if champ.choix is not None:
        return list(champ.choix.choices)
    return _lignes(champ.modele(), codes, valeur or [])


def _cles(champ: models.ForeignKey, codes: Codes, valeur: Any) -> list[tuple[str, str]]:
    if champ.related_model is Tiers:
        return [*RIEN, *_tiers(codes, valeur)]
    return [*RIEN, *_lignes(champ.related_model, codes, [valeur])]


def _tiers(codes: Codes, garde: Any) -> list[tuple[str, str]]:
    """Ceux que l'on propose encore, et celui que la fiche cite déjà."""
    tous = codes.tous_les_tiers()
    return [
        (str(t.pk), t.nom if t.actif else f"{t.nom} (inactif)") for t in tous if t.actif or str(t.pk) == garde
    ]


def _lignes(modele, codes: Codes, gardes: list) -> list[tuple[str, str]]:
    """Les lignes en usage, et celles que la fiche cite déjà."""
    return [(code, _dire(ligne)) for code, ligne in codes.de(modele).items() if ligne.actif or code in gardes]


def _sources(modele, codes: Codes) -> dict[str, str]:
    """La source de chaque ligne d'un référentiel de droit ; les tiers n'en ont pas, celle des pays n'apprend rien."""
    if modele in (Tiers, Pays):
        return {}
    return {code: _source(ligne) for code, ligne in codes.de(modele).items() if ligne.source}


def _source(ligne) -> str:
    return f"{ligne.source} ({ligne.get_verifie_display()})" if ligne.verifie else ligne.source


def _dire(ligne) -> str:
    """Une durée de référence montre aussi sa valeur, et si elle reste à vérifier."""
    if not hasattr(ligne, "duree_unite"):
        return str(ligne)
    doute = " (non vérifié)" if ligne.verifie == Verification.MEMOIRE else ""
    return f"{ligne} : {_duree(ligne)}{doute}"


def _duree(regle) -> str:
    return str(lire_iso(regle.duree) or "critère")


def canonique(champ: forms.Field, valeur: Any) -> Any:
    """De la valeur nettoyée à la valeur canonique, telle que l'écrirait `enregistrement`."""
    if isinstance(champ, forms.MultipleChoiceField):
        return sorted(valeur)
    if isinstance(valeur, str):
        return propre(valeur)
    return valeur.isoformat() if hasattr(valeur, "isoformat") else valeur
