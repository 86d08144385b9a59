"""Les contrôles écrits en Python sont, au signe près, ceux des gabarits de Django."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from registre.portes.gestion.champs import ListeDeroulante
from registre.portes.requetes.rendu import ECRITURES, RenduDirect

HOSTILE = "é<b>&amp;\"'\n« »"
CONTROLES = [
    forms.TextInput(attrs={"data-limite": 1200, "autofocus": True, "disabled": False}),
    forms.TextInput(attrs={"type": "email", "title": HOSTILE}),
    forms.EmailInput(),
    forms.URLInput(),
    forms.NumberInput(attrs={"min": 0, "step": 0.5}),
    forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    forms.HiddenInput(),
    forms.Textarea(attrs={"rows": 2, "title": None}),
]
VALEURS = [None, "", 0, 12450, 1.5, True, HOSTILE, mark_safe("<i>sûr</i>"), "\nune ligne"]


@pytest.mark.parametrize("controle", CONTROLES, ids=lambda c: f"{type(c).__name__}-{len(c.attrs)}")
@pytest.mark.parametrize("valeur", VALEURS, ids=repr)
def test_un_controle_s_ecrit_comme_django_l_ecrirait(controle, valeur):
    attributs = {"id": "id_x", "aria-describedby": HOSTILE, "aria-invalid": "true"}
    ecrits = [
        controle.render("finalites-1-<nom>", valeur, attributs, rendu())
        for rendu in (DjangoTemplates, RenduDirect)
    ]
    assert ecrits[0] == ecrits[1]


def test_chaque_ecriture_remplace_un_gabarit_de_django_que_ces_essais_comparent():
    assert {c.template_name for c in CONTROLES} == set(ECRITURES)


def test_une_liste_deroulante_echappe_ses_codes_ses_libelles_et_ses_sources():
    liste = ListeDeroulante({HOSTILE: HOSTILE})
    liste.choices = [("", "non renseigné"), (HOSTILE, HOSTILE)]
    html = liste.render("x", HOSTILE)
    assert "<b>" not in html and html.count("é&lt;b&gt;&amp;amp;&quot;&#x27;") == 3
    assert html.count(" selected") == 1 and html.startswith('<select name="x"><option value="">')
