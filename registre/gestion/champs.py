"""Du champ de modèle au champ de formulaire, et de la saisie à la valeur canonique. Libellés et aide viennent du modèle."""

import re
from typing import Any

from django import forms
from django.db import models

from conservation.durees import en_mots
from organismes.champs import ChampCodes, ChampLignes, ChampNumeros
from organismes.models import Pays, Tiers
from organismes.referentiel import Verification
from registre.assemblage import propre
from registre.codes import Codes

TROIS_VALEURS = [("true", "oui"), ("false", "non"), ("", "non renseigné")]
RIEN = [("", "non renseigné")]
LARGES = (ChampCodes, ChampLignes, models.TextField)
CASES_MAX = 12  # au-delà, un groupe de cases dont aucune n'est cochée se replie


class ChoixSources(forms.Select):
    """Une liste déroulante dont chaque réponse porte sa source, au survol."""

    def __init__(self, sources: dict[str, str]):
        super().__init__()
        self.sources = sources

    def create_option(self, name, value, *args, **options):
        option = super().create_option(name, value, *args, **options)
        if source := self.sources.get(str(value)):
            option["attrs"]["title"] = source
        return option


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


def champ_de_formulaire(champ: models.Field, codes: Codes, valeur: Any) -> forms.Field:
    """Le champ de saisie ; facultatif ici, car `enregistrement` contrôle tout au même endroit pour toutes les portes."""
    commun = {"label": _majuscule(str(champ.verbose_name)), "help_text": champ.help_text, "required": False}
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
            return ChampLignesSaisies(widget=forms.Textarea(attrs={"rows": 3}), **commun)
        case ChampNumeros():
            return ChampNumerosSaisis(**commun)
        case models.ForeignKey():
            choix, sources = _cles(champ, codes, valeur), _sources(champ.related_model, codes)
            return forms.ChoiceField(choices=choix, widget=ChoixSources(sources), **commun)
        case models.DateField():
            return forms.DateField(
                widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **commun
            )
        case models.IntegerField():
            return forms.IntegerField(min_value=0, **commun)
        case models.TextField():
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), strip=False, **commun)
    if champ.choices:
        return forms.ChoiceField(choices=[*RIEN, *champ.flatchoices], **commun)
    type_ = {models.EmailField: "email", models.URLField: "url"}.get(type(champ), "text")
    attrs = {"type": type_, "maxlength": champ.max_length}
    return forms.CharField(widget=forms.TextInput(attrs=attrs), strip=False, **commun)


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
    """Une règle du référentiel des durées montre aussi sa durée, et si elle reste à vérifier."""
    if not hasattr(ligne, "duree_unite"):
        return str(ligne)
    doute = " (non vérifié)" if ligne.verifie == Verification.MEMOIRE else ""
    return f"{ligne} : {_duree(ligne)}{doute}"


def _duree(regle) -> str:
    return en_mots(regle.duree_valeur, regle.duree_unite) if regle.duree else "critère"


def canonique(champ: forms.Field, valeur: Any) -> Any:
    """De la valeur nettoyée à la valeur canonique, telle que l'écrirait `enregistrement`."""
    if isinstance(champ, forms.MultipleChoiceField):
        return sorted(valeur)
    if isinstance(valeur, str):
        return propre(valeur)
    return valeur.isoformat() if hasattr(valeur, "isoformat") else valeur


def _majuscule(texte: str) -> str:
    return texte[:1].upper() + texte[1:]
