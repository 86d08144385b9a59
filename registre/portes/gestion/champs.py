"""Du champ de modèle au champ de formulaire, et de la saisie à la valeur canonique. Libellés et aide viennent du modèle."""

import re
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
from registre.portes.requetes.rendu import echapper
from traitements.phrases import majuscule

TROIS_VALEURS = [("true", "oui"), ("false", "non"), ("", "non renseigné")]
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
        self.sources, self._ecrites = sources or {}, {}

    def render(self, name, value, attrs=None, renderer=None):
        choisie = "" if value is None else str(value)
        if choisie not in self._ecrites:
            self._ecrites[choisie] = "".join(self._reponse(*choix, choisie) for choix in self.choices)
        attributs = flatatt(self.build_attrs(self.attrs, {"name": name} | (attrs or {})))
        return mark_safe(f"<select{attributs}>{self._ecrites[choisie]}</select>")  # noqa: S308 - tout est échappé

    def _reponse(self, code: str, libelle: str, choisie: str) -> str:
        source = self.sources.get(str(code), "")
        choix = " selected" if str(code) == choisie else ""
        titre = f' title="{echapper(source)}"' if source else ""
        return f'<option value="{echapper(code)}"{choix}{titre}>{echapper(libelle)}</option>'


class ChampTroisValeurs(forms.TypedChoiceField):
    """Oui, non, ou pas encore répondu."""

    REPONSES = TROIS_VALEURS

    def __init__(self, **options):
        super().__init__(
            choices=self.REPONSES,
            coerce={"true": True, "false": False}.get,
            empty_value=None,
            widget=forms.RadioSelect,
            **options,
        )

    def prepare_value(self, valeur):
        return {True: "true", False: "false", None: ""}.get(valeur, valeur)


class ChampOuiNon(ChampTroisValeurs):
    """Oui ou non : ce n'est pas une question de droit, elle a toujours sa réponse."""

    REPONSES = TROIS_VALEURS[:2]


class ChampLignesSaisies(forms.CharField):
    """Une liste de textes, un par ligne."""

    widget = forms.Textarea

    def prepare_value(self, valeur):
        return "\n".join(valeur) if isinstance(valeur, list) else valeur

    def to_python(self, valeur):
        return [ligne.strip() for ligne in (valeur or "").splitlines() if ligne.strip()]


class ChampNumerosSaisis(forms.CharField):
    """Des numéros séparés par des virgules : « 1, 3 »."""

    def prepare_value(self, valeur):
        return ", ".join(map(str, valeur)) if isinstance(valeur, list) else valeur

    def to_python(self, valeur):
        morceaux = [m for m in re.split(r"[\s,;]+", valeur or "") if m]
        if not all(m.isascii() and m.isdigit() and len(m) < 6 for m in morceaux):
            raise forms.ValidationError("Donnez des numéros séparés par des virgules, par exemple « 1, 3 ».")
        return sorted({int(m) for m in morceaux})


class Fabrique:
    """Les champs de saisie d'une page. Les lignes d'une liste partagent les leurs, tant que leurs réponses sont les mêmes."""

    def __init__(self, codes: Codes):
        self.codes = codes
        self._champs: dict[tuple, forms.Field] = {}

    def champ(self, du_modele: models.Field, valeur: Any) -> forms.Field:
        """Le champ commun ; à part, celui d'une ligne qui cite un code que la liste n'offre plus."""
        commun = self._fabriquer(du_modele, (), None)
        if not commun.offerts:
            return commun
        cites = valeur if isinstance(valeur, list) else [valeur]
        retires = tuple(c for c in cites if isinstance(c, str) and c and c not in commun.offerts)
        return self._fabriquer(du_modele, retires, valeur) if retires else commun

    def _fabriquer(self, du_modele: models.Field, retires: tuple[str, ...], valeur: Any) -> forms.Field:
        cle = (du_modele, retires)
        if cle not in self._champs:
            champ = self._champs[cle] = champ_de_formulaire(du_modele, self.codes, valeur)
            champ.partage = not retires
            champ.offerts = {str(code) for code, _ in getattr(champ, "choices", ())}
        return self._champs[cle]


def champ_de_formulaire(champ: models.Field, codes: Codes, valeur: Any) -> forms.Field:
    """Le champ de saisie ; facultatif ici, car `enregistrement` contrôle tout au même endroit pour toutes les portes."""
    commun = {"label": majuscule(str(champ.verbose_name)), "help_text": champ.help_text, "required": False}
    saisie = _selon_type(champ, codes, valeur, commun)
    saisie.obligatoire = not champ.blank and not champ.null and not champ.has_default()
    saisie.large = (
        isinstance(champ, LARGES) or getattr(champ, "max_length", None) is not None and _long(champ)
    )
    saisie.repliable = isinstance(champ, ChampCodes) and len(saisie.choices) > CASES_MAX
    saisie.autre = ""  # ce que quelqu'un d'autre y a enregistré pendant la saisie
    return saisie


def _long(champ: models.Field) -> bool:
    return not champ.choices and not champ.is_relation and champ.max_length >= 200


def _selon_type(champ: models.Field, codes: Codes, valeur: Any, commun: dict) -> forms.Field:
    match champ:
        case models.BooleanField():
            return (ChampTroisValeurs if champ.null else ChampOuiNon)(**commun)
        case ChampCodes():
            return forms.MultipleChoiceField(
                choices=_codes(champ, codes, valeur), widget=forms.CheckboxSelectMultiple, **commun
            )
        case ChampLignes():
            attrs = {"rows": 3, "data-limite-ligne": LIGNE_MAX}
            return ChampLignesSaisies(widget=forms.Textarea(attrs=attrs), **commun)
        case ChampNumeros():
            return ChampNumerosSaisis(**commun)
        case models.ForeignKey():
            choix, sources = _cles(champ, codes, valeur), _sources(champ.related_model, codes)
            return forms.ChoiceField(choices=choix, widget=ListeDeroulante(sources), **commun)
        case models.DateField():
            return forms.DateField(
                widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **commun
            )
        case models.IntegerField():
            return forms.IntegerField(min_value=0, **commun)
        case models.TextField():
            attrs = {"rows": 2} | ({"data-limite": limite} if (limite := _limite(champ)) else {})
            return forms.CharField(widget=forms.Textarea(attrs=attrs), strip=False, **commun)
    if champ.choices:
        return forms.ChoiceField(choices=[*RIEN, *champ.flatchoices], widget=ListeDeroulante(), **commun)
    type_ = {models.EmailField: "email", models.URLField: "url"}.get(type(champ), "text")
    # Sans `maxlength` : il coupe un collage sans le dire.
    attrs = {"type": type_, "data-limite": champ.max_length}
    return forms.CharField(widget=forms.TextInput(attrs=attrs), strip=False, **commun)


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
