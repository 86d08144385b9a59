"""Du champ de modèle au schéma de l'API : ce que le service accepte, et cela seul, en JSON Schema."""

from typing import Any

from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from organismes.champs import ChampCodes, ChampLignes, ChampListe, ChampNumeros
from organismes.models import Tiers
from registre.fiche.assemblage import ENTIER_MAX, PETIT_ENTIER_MAX
from registre.fiche.rubriques import RUBRIQUES

# Les caractères de commande que `organismes.champs.INTERDITS` refuse, puis les mêmes et le saut de ligne.
TEXTE = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$"
LIGNE = r"^[^\u0000-\u0008\u000a-\u001f\u007f]*$"
JOUR = (
    r"^(19|20|21)[0-9]{2}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    r"|02-(0[1-9]|1[0-9]|2[0-8]))$|^((19|20|21)(0[48]|[2468][048]|[13579][26])|2000)-02-29$"
)
HOTE = r"([A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?\.)+[A-Za-z]{2,20}"
COURRIEL = rf"^[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+)*@{HOTE}$"
SITE = rf"^https?://{HOTE}(:[1-9][0-9]{{1,3}})?([/?#][!-~]*)?$"
CODES = "x-codes"
SIREN = r"^([0-9]{9})?$"


def champ_api(champ: models.Field, tenu: bool) -> serializers.Field:
    """Le champ de l'API : son nom est celui du modèle, sa description son aide ; `tenu` : il se lit et ne s'envoie pas."""
    options: dict[str, Any] = {"help_text": _aide(champ)}
    options |= {"read_only": True} if tenu else {"required": obligatoire(champ)}
    return extend_schema_field(schema(champ))(type("Champ", (_Champ,), {}))(**options)


class _Champ(serializers.Field):
    """Rien ne se convertit ici : `registre.fiche.assemblage` contrôle pour toutes les portes. Le schéma seul est propre à l'API."""

    def to_internal_value(self, data):
        return data

    def to_representation(self, value):
        return value


def obligatoire(champ: models.Field) -> bool:
    """Le champ doit-il être envoyé ? Ni nul, ni vide, ni par défaut."""
    return not (champ.null or champ.blank or champ.has_default())


def schema(champ: models.Field) -> dict[str, Any]:
    """Le JSON Schema des valeurs que le service accepte pour ce champ."""
    decrit = _selon_type(champ)
    if obligatoire(champ):
        return decrit
    if "enum" in decrit:
        decrit["enum"] = [*decrit["enum"], *(() if "" in decrit["enum"] else ("",)), None]
    elif decrit.get("pattern") in (JOUR, SITE, COURRIEL):
        decrit["pattern"] = f"^$|{decrit['pattern']}"
    return decrit | {"nullable": True}


def _selon_type(champ: models.Field) -> dict[str, Any]:
    match champ:
        case ChampCodes():
            return _liste(_parmi(champ.choix.values) if champ.choix else _codes(champ.modele()))
        case ChampNumeros():
            return _liste({"type": "integer"})
        case ChampLignes() if champ.name == "a_confirmer":
            return _liste(_parmi(dict.fromkeys(r.code for r in RUBRIQUES)))
        case ChampLignes():
            return _liste({"type": "string", "maxLength": 500, "pattern": LIGNE})
        case ChampListe() | models.JSONField():
            return _liste({"type": "object", "additionalProperties": {"type": "string"}})
        case models.BooleanField():
            return {"type": "boolean"}
        case models.DateField():
            return {"type": "string", "format": "date", "pattern": JOUR}
        case models.IntegerField():
            return _entier(champ)
        case models.ForeignKey():
            return _cle(champ)
    return _texte(champ)


def _liste(element: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "maxItems": 200, "items": element}


def _parmi(valeurs) -> dict[str, Any]:
    return {"type": "string", "enum": sorted(map(str, valeurs))}


def _entier(champ: models.IntegerField) -> dict[str, Any]:
    petit = isinstance(champ, models.PositiveSmallIntegerField | models.SmallIntegerField)
    maximums = [v.limit_value for v in _declares(champ) if isinstance(v, MaxValueValidator)]
    minimums = [v.limit_value for v in _declares(champ) if isinstance(v, MinValueValidator)]
    return {
        "type": "integer",
        "minimum": max([0, *minimums]),
        "maximum": min([PETIT_ENTIER_MAX if petit else ENTIER_MAX, *maximums]),
    }


def _declares(champ: models.Field) -> list[Any]:
    """Les contrôles que le modèle déclare lui-même : ceux du type dépendent de la base, et le schéma n'en dépend pas."""
    return list(champ.deconstruct()[3].get("validators", ()))


def _cle(champ: models.ForeignKey) -> dict[str, Any]:
    if champ.related_model is Tiers:
        return {"type": "string", "minLength": 0 if champ.null else 1}
    return _codes(champ.related_model) if hasattr(champ.related_model, "code") else {"type": "string"}


def _codes(modele: type[models.Model]) -> dict[str, Any]:
    """Les codes du référentiel, que `schema.resserrer` lit quand on demande le schéma : ils changent sans redémarrage."""
    return {"type": "string", CODES: modele._meta.label}


def _texte(champ: models.Field) -> dict[str, Any]:
    if champ.choices:
        return _parmi(dict(champ.flatchoices))
    longueurs = [v.limit_value for v in _declares(champ) if isinstance(v, MaxLengthValidator)]
    maximum = min([n for n in (champ.max_length, *longueurs) if n is not None], default=None)
    bornes = {"maxLength": maximum} if maximum else {}
    bornes |= {"minLength": 1} if not champ.blank else {}
    match champ:
        case models.EmailField():
            return {"type": "string", "pattern": COURRIEL, **bornes}
        case models.URLField():
            return {"type": "string", "pattern": SITE, **bornes}
    return {"type": "string", "pattern": SIREN if champ.name == "siren" else TEXTE, **bornes}


def _aide(champ: models.Field) -> str:
    return f"{champ.verbose_name}. {champ.help_text}".strip(" .") + "."
