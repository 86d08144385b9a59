"""Le chargement des référentiels : des TOML du produit vers leurs tables, par code, sans jamais rien supprimer."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from conservation.durees import Duree, lire_iso
from conservation.models import DureeReference
from journal.bases import objets
from journal.canonique import differences
from journal.service import Auteur, consigner, operation
from organismes.models import ChangementReferentiel, DecisionAdequation, Pays, Secteur
from organismes.referentiel import Referentiel
from traitements import models as t
from traitements.phrases import accorder

RACINE = Path(settings.RACINE)

# L'ordre suit les clés étrangères : un pays avant ses décisions, un événement avant les durées qui en partent.
FICHIERS: tuple[tuple[str, type[Referentiel]], ...] = (
    ("organismes/referentiels/pays.toml", Pays),
    ("organismes/referentiels/adequation.toml", DecisionAdequation),
    ("organismes/referentiels/secteurs.toml", Secteur),
    ("traitements/referentiels/bases-legales.toml", t.BaseLegale),
    ("traitements/referentiels/droits.toml", t.Droit),
    ("traitements/referentiels/exceptions-art9.toml", t.ExceptionArt9),
    ("traitements/referentiels/categories-donnees.toml", t.CategorieDonnees),
    ("traitements/referentiels/categories-personnes.toml", t.CategoriePersonnes),
    ("traitements/referentiels/types-destinataires.toml", t.TypeDestinataire),
    ("traitements/referentiels/sources-donnees.toml", t.SourceDonnees),
    ("traitements/referentiels/canaux.toml", t.Canal),
    ("traitements/referentiels/garanties.toml", t.Garantie),
    ("traitements/referentiels/mesures-securite.toml", t.MesureGuide),
    ("traitements/referentiels/evenements.toml", t.Evenement),
    ("traitements/referentiels/criteres-aipd.toml", t.CritereAipd),
    ("traitements/referentiels/types-aipd.toml", t.TypeAipd),
    ("traitements/referentiels/finalites-hors-referentiel.toml", t.FinaliteHorsReferentiel),
    ("traitements/referentiels/parametres.toml", t.Parametre),
    ("conservation/referentiels/durees.toml", DureeReference),
    ("traitements/fiches_types", t.ModeleFiche),  # un dossier : un fichier par fiche type
)
NOMS_GARDES = {"fiches_types": "modeles"}  # le nom que l'API, le journal et les changements retenus portent


def nom_de(fichier: Path | str) -> str:
    """Le nom d'un référentiel : celui de son fichier, sans l'extension."""
    return NOMS_GARDES.get(Path(fichier).stem, Path(fichier).stem)


SANS_EFFET = {"ordre", "situation", "quand"}  # changés, ils ne mettent aucune fiche à actualiser

REFERENTIELS = {nom_de(fichier): modele for fichier, modele in FICHIERS}


class FichierInvalide(Exception):
    """Un TOML ne peut pas être chargé ; le message dit quel fichier et quel code."""


@dataclass(frozen=True)
class BilanDeChargement:
    """Ce que le chargement d'un fichier a fait."""

    nom: str
    creees: int
    modifiees: int
    inchangees: int
    retirees: int

    @property
    def change(self) -> bool:
        return bool(self.creees or self.modifiees or self.retirees)

    @property
    def phrase(self) -> str:
        """« 35 lignes : 35 créées, 0 modifiée, 0 inchangée, 0 retirée » ; les retirées ne comptent plus."""
        details = (
            (self.creees, "créée"),
            (self.modifiees, "modifiée"),
            (self.inchangees, "inchangée"),
            (self.retirees, "retirée"),
        )
        total = self.creees + self.modifiees + self.inchangees
        return f"{_compte(total, 'ligne')} : {', '.join(_compte(n, mot) for n, mot in details)}"


def _compte(nombre: int, mot: str) -> str:
    return f"{nombre} {accorder(nombre, mot)}"


def version_referentiels(racine: Path = RACINE) -> str:
    """La version la plus récente que portent les fichiers, par exemple « 2026.11.23 »."""
    return max(_lire(racine / fichier)["meta"]["version"] for fichier, _ in FICHIERS)


def codes_ou(liste: str, attribut: str) -> tuple[str, ...]:
    """Les codes d'une liste du produit dont cet attribut est vrai, dans l'ordre du fichier ; lus sans la base."""
    fichier = next(fichier for fichier, _ in FICHIERS if nom_de(fichier) == liste)
    return tuple(ligne["code"] for ligne in _lire(RACINE / fichier)["ligne"] if ligne.get(attribut) is True)


@cache
def version_en_service() -> str:
    """Celle du produit en marche, lue une fois par processus."""
    return version_referentiels()


def charger(auteur: Auteur, racine: Path = RACINE) -> list[BilanDeChargement]:
    """Met les tables à l'image des fichiers, tout ou rien, et le consigne s'il y a un changement.

    Lève `FichierInvalide` ; rien n'est alors écrit.
    """
    with operation():
        bilans = [_charger(racine / fichier, modele) for fichier, modele in FICHIERS]
        changes = [b for b in bilans if b.change]
        if changes:
            consigner(
                auteur=auteur,
                action="chargement",
                objet_type="referentiels",
                objet_id="referentiels",
                objet_libelle=f"Référentiels, version {version_referentiels(racine)}",
                apres={b.nom: b.phrase for b in changes},
            )
    return bilans


def _lire(chemin: Path) -> dict[str, Any]:
    """Un fichier, ou tous ceux d'un dossier dans l'ordre de leurs noms."""
    if not chemin.is_dir():
        return _lire_fichier(chemin)
    lus = [_lire_fichier(fichier) for fichier in sorted(chemin.glob("*.toml"))]
    if not lus:  # un dossier vidé retirerait tout sans un mot
        raise FichierInvalide(f"{chemin.name} : ce dossier ne contient aucun fichier TOML.")
    return {
        "meta": {"version": max(document["meta"]["version"] for document in lus)},
        "ligne": [ligne for document in lus for ligne in document["ligne"]],
    }


def _lire_fichier(chemin: Path) -> dict[str, Any]:
    try:
        document = tomllib.loads(chemin.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as erreur:
        raise FichierInvalide(f"{chemin.name} : illisible ({erreur}).") from erreur
    match document:
        case {"meta": {"version": str()}, "ligne": [dict(), *_], **autres} if not autres:
            return document
    # Un fichier vide, ou un titre mal orthographié, retirerait toute la liste sans un mot.
    raise FichierInvalide(
        f"{chemin.name} : il faut [meta] avec sa version, puis des [[ligne]], et rien d'autre."
    )


def _charger(chemin: Path, modele: type[Referentiel]) -> BilanDeChargement:
    lues = {ligne.pk: ligne for ligne in _lignes(chemin, modele)}
    presentes = modele.objects.in_bulk()
    champs = [c.attname for c in modele._meta.concrete_fields if not c.primary_key]
    nouvelles = [ligne for code, ligne in lues.items() if code not in presentes]
    changees = [
        ligne
        for code, ligne in lues.items()
        if code in presentes and not _pareilles(ligne, presentes[code], champs)
    ]
    retirees = [ligne for code, ligne in presentes.items() if code not in lues and ligne.actif]
    for ligne in retirees:
        ligne.actif = False
    with transaction.atomic():
        modele.objects.bulk_create(nouvelles)
        modele.objects.bulk_update(changees, champs, batch_size=50) if changees else None
        modele.objects.bulk_update(retirees, ["actif"], batch_size=50) if retirees else None
        _retenir(chemin, changees, retirees, presentes)
    return BilanDeChargement(
        nom_de(chemin),
        len(nouvelles),
        len(changees),
        len(lues) - len(nouvelles) - len(changees),
        len(retirees),
    )


def _retenir(chemin: Path, changees: list, retirees: list, presentes: dict[str, Referentiel]) -> None:
    """Retient ce qui a changé, valeur par valeur : les fiches qui citent ces lignes sont à actualiser."""
    version = _lire(chemin)["meta"]["version"] if changees or retirees else ""
    for ligne in changees:
        changements = differences(_valeurs(presentes[ligne.pk]), _valeurs(ligne))
        if changements:
            _changement(chemin, ligne, version, changements=changements)
    for ligne in retirees:
        _changement(chemin, ligne, version, retiree=True)


def _changement(chemin: Path, ligne: Referentiel, version: str, **suite: Any) -> None:
    ChangementReferentiel.objects.create(
        liste=nom_de(chemin),
        code=ligne.pk,
        libelle=ligne.libelle,
        version=version,
        le=timezone.localdate(),
        **suite,
    )


def _valeurs(ligne: Referentiel) -> dict[str, Any]:
    """Ce qu'une ligne dit, sans son rang ni les mots qui aident à la choisir : ils ne changent rien au droit."""
    return {
        c.attname: v.isoformat() if hasattr(v := getattr(ligne, c.attname), "isoformat") else v
        for c in ligne._meta.concrete_fields
        if c.name not in SANS_EFFET
    }


def _pareilles(a: Referentiel, b: Referentiel, champs: list[str]) -> bool:
    return all(getattr(a, champ) == getattr(b, champ) for champ in champs)


def _lignes(chemin: Path, modele: type[Referentiel]) -> Iterator[Referentiel]:
    vus: set[str] = set()
    cles = [c for c in modele._meta.concrete_fields if isinstance(c, models.ForeignKey)]
    cites = {c: set(objets(c.related_model).values_list("pk", flat=True)) for c in cles}
    for rang, brute in enumerate(_lire(chemin)["ligne"], start=1):
        code = brute.get("code", f"ligne {rang}")
        try:
            if code in vus:
                raise ValueError("ce code est en double")
            vus.add(code)
            yield _ligne(brute, modele, rang, cites)
        except ValidationError as erreur:
            detail = " ; ".join(f"{nom} : {' '.join(m)}" for nom, m in erreur.message_dict.items())
            raise FichierInvalide(f"{chemin.name}, {code} : {detail}") from erreur
        except (ValueError, TypeError) as erreur:
            raise FichierInvalide(f"{chemin.name}, {code} : {erreur}.") from erreur


def _ligne(brute: dict[str, Any], modele: type[Referentiel], rang: int, cites: dict) -> Referentiel:
    connus = {c.name: c.attname for c in modele._meta.concrete_fields if c.name != "ordre"}
    if inconnues := sorted(set(brute) - set(connus)):
        raise ValueError(f"clé inconnue : {', '.join(inconnues)}")
    for cle, codes in cites.items():
        _verifier_code(cle, brute.get(cle.name), codes)
    ligne = modele(**{connus[nom]: valeur for nom, valeur in brute.items()}, ordre=rang)
    if isinstance(ligne, DureeReference) and ligne.duree:
        duree = duree_iso(ligne.duree)
        ligne.duree_valeur, ligne.duree_unite = duree.valeur, duree.unite
    ligne.full_clean(exclude=[c.name for c in cites], validate_unique=False, validate_constraints=False)
    return ligne


def _verifier_code(cle: models.Field, code: str | None, codes: set[str]) -> None:
    """Vérifie une clé étrangère contre les codes lus une fois ; `full_clean` ferait une requête par ligne."""
    if code is None and not cle.null:
        raise ValueError(f"{cle.name} manque")
    if code is not None and code not in codes:
        raise ValueError(f"{cle.name} cite un code inconnu, « {code} »")


def duree_iso(texte: str) -> Duree:
    """« P3Y » → 3 ans ; « P13M » → 13 mois ; « P14D » → 14 jours. Lève `ValueError`."""
    if (duree := lire_iso(texte)) is None:
        raise ValueError(f"la durée « {texte} » n'est pas lisible (attendu : P3Y, P13M, P14D)")
    return duree
