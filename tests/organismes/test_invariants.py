"""Les invariants : Python, sans interroger la base, juge une ligne exactement comme elle."""

from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.models import Q
from hypothesis import given
from hypothesis import strategies as st

from conservation.choix import TypeOperation
from conservation.models import DureeConservation
from conservation.models_operations import Operation
from organismes.invariants import Invariant
from organismes.models import Tiers

DATES = st.none() | st.dates(date(2025, 12, 30), date(2026, 1, 2))
NOMBRES = st.none() | st.integers(0, 3)
VALEURS = {
    "contrat_date": DATES,
    "contrat_fin": DATES,
    "debut": DATES,
    "fin": DATES,
    "pose_le": DATES,
    "volume_avant": NOMBRES,
    "volume_apres": NOMBRES,
    "en_retard": NOMBRES,
    "examinees": NOMBRES,
    "duree_valeur": NOMBRES,
    "duree_unite": st.sampled_from(["", "ans"]),
    "type": st.sampled_from(TypeOperation.values),
    "statut": st.sampled_from(["brouillon", "perdu"]),
    "qualite": st.sampled_from(["responsable", "personne"]),
}
INVARIANTS = [
    (m, c) for m in apps.get_models() for c in m._meta.constraints if isinstance(c, models.CheckConstraint)
]


def refuse(juge, modele, objet, exclus=None):
    try:
        juge(modele, objet, exclude=exclus)
    except ValidationError as refus:
        return refus.messages
    return []


@pytest.mark.django_db
@pytest.mark.parametrize(("modele", "invariant"), INVARIANTS, ids=[c.name for _, c in INVARIANTS])
def test_un_invariant_juge_comme_la_base(modele, invariant):
    champs = sorted(invariant.champs)

    @given(st.tuples(*(VALEURS[c] for c in champs)))
    def juger(valeurs):
        objet = modele(**dict(zip(champs, valeurs, strict=True)))
        la_base = models.CheckConstraint.validate
        assert refuse(invariant.validate, modele, objet) == refuse(
            lambda *a, **k: la_base(invariant, *a, **k), modele, objet
        )

    juger()


@pytest.mark.parametrize(
    ("modele", "dit", "tu"),
    [
        (
            Tiers,
            {"contrat_date": date(2026, 2, 1), "contrat_fin": date(2026, 1, 31)},
            {"contrat_fin": date(2026, 2, 1)},
        ),
        (Operation, {"volume_avant": 4, "volume_apres": 5}, {"volume_apres": 4}),
        (Operation, {"type": TypeOperation.RELEVE, "en_retard": None}, {"en_retard": 0}),
        (DureeConservation, {"duree_valeur": 3, "duree_unite": ""}, {"duree_unite": "ans"}),
    ],
)
def test_un_invariant_parle_d_un_cote_du_seuil_et_se_tait_de_l_autre(modele, dit, tu):
    def fautes(valeurs):
        juges = [c for m, c in INVARIANTS if m is modele and c.champs <= {*valeurs}]
        return [m for c in juges for m in refuse(c.validate, modele, modele(**valeurs))]

    assert len(fautes(dit)) == 1
    assert fautes({**dit, **tu}) == []


def test_un_invariant_se_tait_sur_un_champ_deja_refuse():
    objet = DureeConservation(duree_valeur=3, duree_unite="")
    invariant = next(c for m, c in INVARIANTS if m is DureeConservation)
    assert refuse(invariant.validate, DureeConservation, objet, {"duree_valeur"}) == []


def test_ce_qui_ne_se_juge_pas_hors_de_la_base_se_refuse_a_la_declaration():
    for condition in (Q(nom__regex="^a"), Q(tiers__nom="a"), Q(a=1) ^ Q(b=2)):
        with pytest.raises(FieldError, match="ne se juge pas"):
            Invariant(condition=condition, name="essai")
