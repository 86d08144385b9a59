"""Les longueurs permises : dites pendant la frappe (`compteur.js`), jamais imposées par le navigateur, qui couperait un collage."""

from django.forms.boundfield import BoundField

from registre.portes.requetes.rendu import RenduDirect


class ChampSansCoupure(BoundField):
    """Le champ d'un formulaire quelconque : sa limite se lit dans `data-limite`, et non dans `maxlength`."""

    def __init__(self, form, field, name):
        super().__init__(form, field, name)
        limites = field.widget.attrs
        if "maxlength" in limites:
            limites.setdefault("data-limite", limites.pop("maxlength"))


class Rendu(RenduDirect):
    bound_field_class = ChampSansCoupure
