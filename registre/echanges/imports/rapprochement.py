"""La fiche d'ici que désigne une fiche du fichier : par sa référence ou son intitulé ; et la référence qu'elle porte."""

from dataclasses import dataclass, field

from organismes.pliage import plier as cle
from registre.echanges.imports.lot import FicheDuFichier, Lot
from registre.echanges.imports.rapport import Sort
from registre.echanges.imports.textes import plier
from traitements.models import Traitement


@dataclass
class Presentes:
    par_reference: dict[str, Traitement]
    par_nom: dict[str, Traitement]
    prises: set[str] = field(default_factory=set)  # les références, pliées : deux qui se valent sont la même

    def ajouter(self, fiche: Traitement) -> None:
        self.par_reference[fiche.reference] = fiche
        self.prises.add(cle(fiche.reference))
        self.par_nom[plier(fiche.intitule)] = fiche


def presentes_ici() -> Presentes:
    presentes = Presentes({}, {})
    champs = ("reference", "intitule", "organisme", "statut", "validee_le", "date_maj", "reprise")
    for fiche in Traitement.objects.only(*champs):
        presentes.ajouter(fiche)
    return presentes


def presente(lue: FicheDuFichier, lot: Lot, presentes: Presentes) -> Traitement | None:
    reference, intitule = lue.donnees.get("reference"), lue.donnees.get("intitule")
    if lot.prudent and isinstance(reference or "", str) and isinstance(intitule, str):
        return _rapprocher(lue, presentes)
    return presentes.par_reference.get(reference) if isinstance(reference, str) else None


def _rapprocher(lue: FicheDuFichier, presentes: Presentes) -> Traitement | None:
    """La fiche de même intitulé. La référence ne suffit pas : les fichiers en réemploient pour d'autres activités."""
    donnees = lue.donnees
    present = presentes.par_nom.get(plier(donnees["intitule"]))
    reference = donnees.get("reference") or ""
    if present is not None:
        donnees["reference"] = present.reference
    elif not reference or cle(reference) in presentes.prises:
        donnees["reference"] = _libre(presentes)
    if reference and cle(donnees["reference"]) != cle(reference):
        avis = _autre_reference(reference, donnees["reference"], presentes)
        for adresse in lue.references:
            if lue.rapport is not None:
                lue.rapport.noter(adresse, Sort.REMARQUE, "la fiche porte une autre référence")
        origine = {
            "source": lue.origine,
            "libelle": "Référence d'origine",
            "valeur": reference,
            "avertissement": avis,
        }
        lues = donnees.get("reprise") or []
        donnees["reprise"] = [*lues, origine] if isinstance(lues, list) else lues
        lue.avis.append(avis)
    return present


def _autre_reference(du_fichier: str, ici: str, presentes: Presentes) -> str:
    if cle(du_fichier) in presentes.prises:
        return f"La référence « {du_fichier} » du fichier désignait déjà une autre fiche."
    return f"Le fichier lui donne la référence « {du_fichier} » ; elle garde ici « {ici} »."


def _libre(presentes: Presentes) -> str:
    rang = 1
    while cle(f"TR-{rang:03d}") in presentes.prises:
        rang += 1
    return f"TR-{rang:03d}"
