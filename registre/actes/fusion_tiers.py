"""Réunir deux tiers qui n'en font qu'un : ce que cela change se voit avant, et se consigne pour chaque objet touché.

Le tiers absorbé ne s'efface pas : inactif, il dit dans lequel il a été fusionné, et l'histoire des fiches garde son nom. Une fiche
validée le reste, à la même date ; ce qu'elle montre du tiers (nom, pays, contrat…) devient ce que dit celui que l'on garde.
Une ligne en double n'est pas ôtée.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from journal.bases import objets
from journal.canonique import canonique, empreinte
from journal.service import Auteur, operation
from organismes.champs import ChampCodes, champ_de
from organismes.models import Tiers
from registre.actes.fiches import enregistrer_fiche
from registre.fiche import agregat as ag
from registre.fiche.codes import Codes
from registre.fiche.enregistrement import Refus, enregistrer
from registre.fiche.historique import SINGULIERS
from registre.fiche.lecture import est_vide, texte
from traitements.models import Traitement

ACTION = "fusion"
TENUS = frozenset({"date_maj", "validee_le"})  # la fusion établit elle-même l'état et les dates de la fiche
PROPRES = {"nom", "actif", "fusionne_dans", "parent"}  # ce qui ne passe pas d'un tiers à l'autre


class Perime(Exception):
    """Quelque chose a changé depuis l'aperçu : il est à relire."""


@dataclass(frozen=True)
class ChampDifferent:
    """Un champ que les deux tiers ne remplissent pas pareil. `vide` : celui que l'on garde n'en dit rien."""

    nom: str
    libelle: str
    garde: str
    absorbe: str
    vide: bool
    reunis: str = ""  # pour une liste de codes : les deux ensemble


@dataclass(frozen=True)
class FicheTouchee:
    """Une fiche qui cite le tiers absorbé : où, et si elle cite déjà celui que l'on garde."""

    fiche: Traitement
    ou: tuple[str, ...]
    deja: bool


@dataclass(frozen=True)
class ApercuDeFusion:
    garde: Tiers
    absorbe: Tiers
    champs: tuple[ChampDifferent, ...]
    fiches: tuple[FicheTouchee, ...]
    ulterieurs: tuple[Tiers, ...]
    principal: Tiers | None  # le sous-traitant principal qu'aura le tiers gardé
    empreinte: str  # de tout ce que la fusion lit : si elle a changé, l'aperçu est périmé


def apercu(garde: Tiers, absorbe: Tiers) -> ApercuDeFusion:
    """Ce que la fusion changerait ; n'écrit rien. Lève `Refus` si elle n'a pas de sens."""
    if raison := _impossible(garde, absorbe):
        raise Refus({"": [raison]})
    codes = Codes()
    siens, autres = (ag.instantane_de(ag.TIERS, t) for t in (garde, absorbe))
    fiches = _fiches(absorbe)
    touchees = tuple(_touchee(f, garde, absorbe) for f in fiches)
    ulterieurs = tuple(absorbe.ulterieurs.exclude(pk=garde.pk))
    lu = [siens, autres, [[str(f.pk), f.revision] for f in fiches], [str(t.pk) for t in ulterieurs]]
    differents = (_different(nom, siens[nom], autres[nom], codes) for nom in ag.TIERS.champs)
    return ApercuDeFusion(
        garde,
        absorbe,
        tuple(d for d in differents if d is not None),
        touchees,
        ulterieurs,
        _principal(garde, absorbe),
        empreinte(canonique({"lu": lu})),
    )


def _impossible(garde: Tiers, absorbe: Tiers) -> str:
    if garde.pk == absorbe.pk:
        return "Un tiers ne se fusionne pas dans lui-même."
    if absorbe.fusionne_dans_id:
        return f"« {absorbe} » est déjà fusionné dans « {absorbe.fusionne_dans} »."
    if not garde.actif:
        return f"« {garde} » n'est plus en usage : choisissez un tiers actif."
    return ""


def _different(nom: str, sien: Any, autre: Any, codes: Codes) -> ChampDifferent | None:
    if nom in PROPRES or sien == autre or est_vide(autre):
        return None
    champ = champ_de(Tiers, nom)
    reunis = sorted({*sien, *autre}) if isinstance(champ, ChampCodes) else None
    if reunis is not None and reunis == sien:
        return None
    dits = [texte(champ, valeur, codes) for valeur in (sien, autre, reunis)]
    libelle = str(champ.verbose_name)
    return ChampDifferent(nom, libelle, dits[0], dits[1], est_vide(sien), dits[2] if reunis else "")


def _fiches(absorbe: Tiers) -> list[Traitement]:
    cites: set[UUID] = set()
    for liste in ag.LISTES_DE_TIERS:
        cites |= set(objets(liste.modele).filter(tiers=absorbe).values_list("traitement", flat=True))
    return list(ag.FICHE.charger(Traitement.objects.filter(pk__in=cites)))


def _touchee(fiche: Traitement, garde: Tiers, absorbe: Tiers) -> FicheTouchee:
    lignes = [(p.nom, e) for p in ag.LISTES_DE_TIERS for e in getattr(fiche, p.nom).all()]
    ou = tuple(f"{SINGULIERS[nom]} {e.numero}" for nom, e in lignes if e.tiers_id == absorbe.pk)
    return FicheTouchee(fiche, ou, any(e.tiers_id == garde.pk for _, e in lignes))


def fusionner(
    garde: Tiers, absorbe: Tiers, *, prises: Collection[str], lu: str, auteur: Auteur
) -> ApercuDeFusion:
    """Réunit les deux tiers, en une opération. `prises` : les champs où la valeur de l'absorbé l'emporte ; `lu` : l'empreinte
    de l'aperçu que la personne a sous les yeux. Lève `Perime` s'il n'est plus vrai, `Refus` si un contrôle s'y oppose.
    """
    with operation():
        # Une liste, et non un compte : Django retire le verrou d'un agrégat.
        verrouilles = Tiers.objects.select_for_update().filter(pk__in=(garde.pk, absorbe.pk))
        list(verrouilles.order_by("pk").values_list("pk"))
        # Relus sous le verrou, dans la portée de l'organisme.
        garde, absorbe = (Tiers.objects.get(pk=t.pk) for t in (garde, absorbe))
        vu = apercu(garde, absorbe)
        if vu.empreinte != lu:
            raise Perime
        _completer(vu, prises, auteur)
        for touchee in vu.fiches:
            _reporter(touchee.fiche, vu, auteur)
        for ulterieur in vu.ulterieurs:
            _ecrire(ulterieur, {"parent": str(garde.pk)}, auteur)
        _ecrire(absorbe, {"actif": False, "fusionne_dans": str(garde.pk)}, auteur)
    return vu


def _completer(vu: ApercuDeFusion, prises: Collection[str], auteur: Auteur) -> None:
    """Donne au tiers gardé ce que l'on a choisi de l'autre ; et le sous-traitant principal qui lui revient."""
    siens, autres = (ag.instantane_de(ag.TIERS, t) for t in (vu.garde, vu.absorbe))
    donnees = {c.nom: autres[c.nom] for c in vu.champs if c.nom in prises and not c.reunis}
    donnees |= {c.nom: sorted({*siens[c.nom], *autres[c.nom]}) for c in vu.champs if c.reunis}
    _ecrire(vu.garde, donnees | {"parent": str(vu.principal.pk) if vu.principal else None}, auteur)


def _principal(garde: Tiers, absorbe: Tiers) -> Tiers | None:
    """Le sous-traitant principal qu'aura le tiers gardé : le sien, ou celui de l'absorbé s'il n'en a pas ou en dépendait."""
    herite = absorbe.parent
    if _depend(garde, absorbe):
        return herite
    if garde.parent is None and herite is not None and herite.pk != garde.pk and not _depend(herite, garde):
        return herite
    return garde.parent


def _depend(tiers: Tiers, ancetre: Tiers) -> bool:
    parent = tiers.parent
    while parent is not None:
        if parent.pk == ancetre.pk:
            return True
        parent = parent.parent
    return False


def _reporter(fiche: Traitement, vu: ApercuDeFusion, auteur: Auteur) -> None:
    """Remplace le tiers dans la fiche. `TENUS` : son état et sa validation ne bougent pas, seule sa mise à jour est datée."""
    lue = ag.instantane_de(ag.FICHE, fiche)
    pour = {str(vu.absorbe.pk): str(vu.garde.pk)}
    donnees: dict[str, Any] = {
        p.nom: [e | {"tiers": pour.get(e["tiers"], e["tiers"])} for e in lue[p.nom]]
        for p in ag.LISTES_DE_TIERS
    }
    enregistrer_fiche(
        donnees | {"date_maj": timezone.localdate().isoformat()},
        organisme=fiche.organisme,
        auteur=auteur,
        fiche=fiche,
        revision=fiche.revision,
        admis=TENUS,
        action=ACTION,
    )


def _ecrire(tiers: Tiers, donnees: dict[str, Any], auteur: Auteur) -> None:
    enregistrer(ag.TIERS, donnees, tiers, auteur=auteur, action=ACTION, admis=ag.TIERS.tenus)
