"""Les champs d'une page de saisie : ceux de Django, et ce que la page veut savoir de plus de chacun."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django import forms
from django.forms.boundfield import BoundField

TROIS_VALEURS = [("true", "oui"), ("false", "non"), ("", "non renseigné")]


class ChampSaisi(forms.Field):
    """Un champ, et ce que sa page en montre."""

    obligatoire = False  # un texte que l'enregistrement exige : le libellé le dit
    large = False  # toute la largeur de la grille
    repliees = 0  # les réponses d'un groupe assez long pour se replier ; 0 : il ne se replie pas
    partage = True  # plusieurs lignes le partagent (`champs.Fabrique`)
    offerts: frozenset[str] = frozenset()  # les codes que sa liste propose
    autre = ""  # ce que quelqu'un d'autre y a enregistré pendant la saisie

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> "ChampPose":
        return ChampPose(form, self, field_name)


class ChampPose(BoundField):
    """Un champ saisi, dans son formulaire."""

    field: ChampSaisi


class FormulaireDeSaisie(forms.Form):
    """Un formulaire dont tous les champs sont des `ChampSaisi`."""

    use_required_attribute = False

    if TYPE_CHECKING:  # ce que Django y range et en rend, dit plus juste que pour un formulaire quelconque
        # Un dictionnaire est invariant : celui-ci ne reçoit que des `ChampSaisi`, ici et dans `blocs`.
        fields: dict[str, ChampSaisi]  # type: ignore[assignment]

        _bound_fields_cache: dict[str, ChampPose]

        def __getitem__(self, name: str) -> ChampPose: ...
        def __iter__(self) -> Iterator[ChampPose]: ...


class Texte(ChampSaisi, forms.CharField):
    """Un texte, long ou court."""


class Entier(ChampSaisi, forms.IntegerField):
    """Un nombre."""


class Jour(ChampSaisi, forms.DateField):
    """Une date."""


class Choix(ChampSaisi, forms.ChoiceField):
    """Une réponse parmi plusieurs."""


class ChoixMultiple(ChampSaisi, forms.MultipleChoiceField):
    """Des réponses parmi plusieurs."""


class TroisValeurs(ChampSaisi, forms.TypedChoiceField):
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


class OuiNon(TroisValeurs):
    """Oui ou non : ce n'est pas une question de droit, elle a toujours sa réponse."""

    REPONSES = TROIS_VALEURS[:2]


class Lignes(ChampSaisi, forms.CharField):
    """Une liste de textes, un par ligne."""

    widget = forms.Textarea

    def prepare_value(self, valeur):
        return "\n".join(valeur) if isinstance(valeur, list) else valeur

    def to_python(self, valeur):
        return [ligne.strip() for ligne in (valeur or "").splitlines() if ligne.strip()]


class Numeros(ChampSaisi, forms.CharField):
    """Des numéros séparés par des virgules : « 1, 3 »."""

    def prepare_value(self, valeur):
        return ", ".join(map(str, valeur)) if isinstance(valeur, list) else valeur

    def to_python(self, valeur):
        morceaux = [m for m in re.split(r"[\s,;]+", valeur or "") if m]
        if not all(m.isascii() and m.isdigit() and len(m) < 6 for m in morceaux):
            raise forms.ValidationError("Donnez des numéros séparés par des virgules, par exemple « 1, 3 ».")
        return sorted({int(m) for m in morceaux})
