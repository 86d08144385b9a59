"""Verser un lot dans un organisme : chaque objet par le service, le tout dans une transaction, un bilan à la fin."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from conservation.ensembles import reunir
from journal.service import Auteur, consigner, operation
from organismes.champs import champ_de, en_code, tout_en_code
from organismes.models import Organisme, Tiers
from organismes.pliage import plier as cle
from registre.actes.fiches import enregistrer_fiche
from registre.echanges.imports import actes, identite, reprise, signes
from registre.echanges.imports.bilan import BilanDImport
from registre.echanges.imports.ecrasement import perdus, refus_d_ecraser
from registre.echanges.imports.lot import REPRIS, FicheDuFichier, Lot
from registre.echanges.imports.rapport import Sort
from registre.echanges.imports.rapprochement import Presentes, presente, presentes_ici
from registre.fiche import agregat as ag
from registre.fiche.assemblage import propre
from registre.fiche.chemins import chemin_lisible
from registre.fiche.codes import Codes
from registre.fiche.enregistrement import INCHANGE, R, Refus, Resultat, enregistrer
from traitements.choix import Statut
from traitements.models import Traitement
from traitements.phrases import compte

RESTE_GARDE = "Reste du classeur, gardé avec l'organisme"
RESTE_LAISSE = "Reste du classeur, que « --fiches-seulement » laisse dans le fichier"
AUTRE_RESPONSABLE = "Les fiches du fichier nomment un autre responsable du traitement."
EN_DOUBLE = "Le fichier désigne deux fois « {} » : seule la première est lue, celle-ci n'est pas importée."


class CodesDuFichier(Codes):
    """Un fichier peut désigner un tiers par n'importe quelle valeur JSON : ce qui n'est pas un texte n'en désigne aucun."""

    def tiers(self, designation: Any) -> Tiers | None:
        return super().tiers(designation) if isinstance(designation, (str, Tiers)) else None


class Simulation(Exception):
    """Défait la transaction d'une simulation."""


def importer(
    lot: Lot,
    organisme: Organisme,
    *,
    auteur: Auteur,
    nom_fichier: str,
    sha256: str,
    simuler: bool = False,
    fiches_seulement: bool = False,
) -> BilanDImport:
    """Verse le lot dans l'organisme de la portée. Ce qui est refusé ne retient pas le reste.

    Simuler fait tout, compte tout, puis annule tout : le bilan est celui qu'aurait l'import. `fiches_seulement` : ni
    l'identité du fichier, ni ses remarques d'organisme. Lève `identite.AutreOrganisme` avant d'avoir rien écrit.
    """
    lot = _admettre(lot, organisme, fiches_seulement)
    bilan = BilanDImport(avis=list(lot.avis), refuses=list(lot.refus))
    try:
        with operation():
            _verser(lot, organisme, auteur, bilan)
            if bilan.change:
                _consigner_fichier(organisme, auteur, bilan, nom_fichier, sha256, lot.action)
            if simuler:
                raise Simulation
    except Simulation:
        pass
    return bilan


def _admettre(lot: Lot, organisme: Organisme, fiches_seulement: bool) -> Lot:
    """Le lot que cet organisme peut recevoir : le sien entier, ou les fiches et les tiers de n'importe qui.

    D'un autre organisme, rien de ce qui est ici ne s'écrase : une même référence y désigne une autre activité.
    """
    if not fiches_seulement:
        avis = lot.avis + identite.verifier(lot, organisme)
        return replace(lot, avis=avis, sans_identite=identite.d_un_autre_peut_etre(lot, organisme))
    etranger = not identite.reconnu(lot, organisme)
    admis = REPRIS if etranger else lot.admis
    laisse = ["Fiches et tiers seulement : l'identité du fichier n'est pas reprise."] if lot.organisme else []
    return replace(
        lot,
        organisme={},
        prudent=lot.prudent or etranger,
        etranger=etranger,
        admis=admis,
        avis=lot.avis + laisse,
    )


def _verser(lot: Lot, organisme: Organisme, auteur: Auteur, bilan: BilanDImport) -> None:
    codes = CodesDuFichier()
    _verser_organisme(lot, organisme, auteur, codes, bilan)
    _verser_tiers(lot, organisme, auteur, codes, bilan)
    presentes = presentes_ici()
    for lue in lot.fiches if lot.prudent else _sans_double(lot.fiches, "reference", bilan):
        versee = _verser_fiche(lue, lot, organisme, auteur, codes, bilan, presentes)
        bilan.avis += [f"{lue.nom} : {avis}" for avis in lue.avis]
        if versee and lue.rapport is not None:
            bilan.rapports.append((_situer(lue), lue.rapport))
    if lot.rapport is not None and (lot.rapport.total or lot.rapport.mentions):
        bilan.rapports.append((RESTE_GARDE if lot.organisme else RESTE_LAISSE, lot.rapport))
    comparaison = signes.comparer(lot)
    bilan.notes += comparaison.notes
    bilan.refuses += comparaison.contredits


def _situer(lue: FicheDuFichier) -> str:
    """« Paie (feuille « F ») » ; un nom qui dit déjà d'où il vient ne le répète pas."""
    return lue.nom if lue.origine[:80] in lue.nom else f"{lue.nom} ({lue.origine})"


def _sans_double(lues: list[FicheDuFichier], champ: str, bilan: BilanDImport) -> list[FicheDuFichier]:
    """Les fiches dont la désignation n'a pas encore servi dans le fichier ; les autres sont refusées par leur nom."""
    vues: set[str] = set()
    seules = []
    for lue in lues:
        designation = _texte(lue.donnees, champ)
        if designation and cle(designation.strip()) in vues:
            bilan.refuses.append((lue.nom, [EN_DOUBLE.format(designation.strip())]))
            continue
        vues.add(cle(designation.strip()))
        seules.append(lue)
    return seules


def _essayer(
    nom: str, donnees: dict[str, Any], bilan: BilanDImport, ecrire: Callable[[], Resultat[R]]
) -> R | None:
    """Écrit un objet ; un refus est noté et n'emporte que lui."""
    try:
        reprise.controler(donnees)
        with transaction.atomic():
            resultat = ecrire()
    except Refus as refus:
        bilan.refuses.append(
            (nom, [f"{chemin_lisible(c)} : {' '.join(m)}" for c, m in refus.erreurs.items()])
        )
        return None
    bilan.noter(resultat.effet, nom)
    bilan.avis += [f"{nom} : {avis}" for avis in resultat.avis]
    return resultat.objet


def _verser_organisme(
    lot: Lot, organisme: Organisme, auteur: Auteur, codes: Codes, bilan: BilanDImport
) -> None:
    donnees = dict(lot.organisme)
    if lot.prudent:
        donnees = _complements(organisme, donnees, lot.sans_identite)
        _noter_l_identite(lot, organisme, donnees)
    elif organisme.siren and not donnees.get("siren", organisme.siren):
        del donnees["siren"]  # reconnu à son seul nom : son silence n'efface pas un numéro
        bilan.notes.append("Le fichier ne porte pas de SIREN : celui de l'organisme est gardé.")
    if donnees:
        essai = _avec_remarques_gardees(donnees, organisme.reprise)
        _essayer(
            f"Organisme {organisme.raison_sociale}",
            donnees,
            bilan,
            lambda: enregistrer(
                ag.ORGANISME,
                essai(),
                organisme,
                auteur=auteur,
                action=lot.action,
                codes=codes,
                admis=lot.admis,
            ),
        )
        organisme.refresh_from_db()


def _noter_l_identite(lot: Lot, organisme: Organisme, ajouts: dict[str, Any]) -> None:
    """Ce que l'organisme disait déjà autrement n'est pas placé : c'est une remarque, et le rapport le dit."""
    for champ, adresses in lot.places.items():
        if champ not in ajouts and getattr(organisme, champ) != lot.organisme.get(champ) and lot.rapport:
            for adresse in adresses:
                lot.rapport.noter(adresse, Sort.REMARQUE, "l'organisme ne le prend pas")


def _avec_remarques_gardees(
    donnees: dict[str, Any], presentes: list[dict[str, str]]
) -> Callable[[], dict[str, Any]]:
    """De quoi écrire `donnees` une fois leurs remarques contrôlées, sans ramener celles qui sont traitées."""

    def preparees() -> dict[str, Any]:
        if donnees.get("reprise") is None:
            return donnees
        return {**donnees, "reprise": reprise.fusionner(donnees["reprise"], presentes)}

    return preparees


def _complements(organisme: Organisme, donnees: dict[str, Any], sans_identite: bool) -> dict[str, Any]:
    """Ce que le fichier ajoute à l'identité : seulement là où elle est vide. Le reste se garde à côté."""
    presentes = ag.instantane_de(
        ag.ORGANISME, ag.ORGANISME.charger(Organisme.objects.filter(pk=organisme.pk)).get()
    )
    ajouts: dict[str, Any] = {}
    autres: list[dict[str, str]] = []
    for nom, v in donnees.items():
        if nom == "reprise" or presentes[nom] == v:
            continue
        raison = AUTRE_RESPONSABLE if sans_identite else _inacceptable(nom, v)
        if not presentes[nom] and not raison:
            ajouts[nom] = v
            continue
        elements = reprise.morceaux("identité du fichier importé", _libelle(nom), [str(v)])
        autres += [element | ({"avertissement": raison} if raison else {}) for element in elements]
    connues = {reprise.cle(e) for e in presentes["reprise"]}
    nouvelles = [e for e in [*donnees.get("reprise", []), *autres] if reprise.cle(e) not in connues]
    return ajouts | ({"reprise": presentes["reprise"] + nouvelles} if nouvelles else {})


def _inacceptable(nom: str, v: str) -> str:
    """Pourquoi le champ ne peut pas porter ce texte ; vide s'il le peut."""
    try:
        champ_de(Organisme, nom).clean(v, None)
    except ValidationError as erreur:
        return " ".join(erreur.messages)
    return ""


def _libelle(nom: str) -> str:
    return str(champ_de(Organisme, nom).verbose_name)


def _verser_tiers(lot: Lot, organisme: Organisme, auteur: Auteur, codes: Codes, bilan: BilanDImport) -> None:
    """Les sous-traitants principaux d'abord : un ultérieur cite le sien."""
    lus = [FicheDuFichier(f"Tiers {_texte(t, 'nom')}", t) for t in lot.tiers]
    tous = [lue.donnees for lue in _sans_double(lus, "nom", bilan)]
    if lot.etranger:
        tous = [t for t in tous if not _deja_inscrit(t, codes, bilan)]
    restants, places = list(tous), {t.nom for t in Tiers.objects.all()}
    noms = {_texte(t, "nom") for t in tous}
    while restants:
        prets = [t for t in restants if all(c in places or c not in noms for c in _cites(t))]
        for donnees in prets or restants:
            _verser_un_tiers(donnees, organisme, auteur, codes, bilan, lot.action)
            places.add(_texte(donnees, "nom"))
        restants = [t for t in restants if t not in prets] if prets else []


def _deja_inscrit(donnees: dict, codes: Codes, bilan: BilanDImport) -> bool:
    """Le tiers d'un autre organisme que celui-ci connaît aussi : ses renseignements d'ici ne changent pas."""
    present = codes.tiers(_texte(donnees, "nom"))
    if present is not None:
        bilan.noter(INCHANGE, f"Tiers {present.nom}")
    return present is not None


def _cites(donnees: dict) -> list[str]:
    """Les tiers qu'un tiers cite : son sous-traitant principal, celui où il a été fusionné."""
    return [_texte(donnees, nom) for nom in ("parent", "fusionne_dans")]


def _texte(donnees: dict, nom: str) -> str:
    """Le texte d'un champ, ou vide : un fichier peut y mettre n'importe quoi, que le service refusera."""
    lu = donnees.get(nom)
    return propre(lu) if isinstance(lu, str) else ""


def _verser_un_tiers(
    donnees: dict, organisme: Organisme, auteur: Auteur, codes: Codes, bilan: BilanDImport, action: str
) -> None:
    nom = _texte(donnees, "nom")
    present = codes.tiers(nom)
    # Le même nom à une lettre près est refusé, comme partout : le fichier ne renomme personne sans qu'on le voie.
    objet = present if present is not None and present.nom == nom else Tiers(organisme=organisme)
    _essayer(
        f"Tiers {donnees.get('nom', '')}",
        donnees,
        bilan,
        lambda: enregistrer(
            ag.TIERS, donnees, objet, auteur=auteur, action=action, codes=codes, admis=ag.TIERS.tenus
        ),
    )
    codes.oublier_tiers()


def _verser_fiche(
    lue: FicheDuFichier,
    lot: Lot,
    organisme: Organisme,
    auteur: Auteur,
    codes: Codes,
    bilan: BilanDImport,
    presentes: Presentes,
) -> bool:
    """Vrai si la fiche est dans le registre, changée ou non ; un refus est noté au bilan."""
    present = presente(lue, lot, presentes)
    avant = present.statut if present else ""
    commun = {"organisme": organisme, "auteur": auteur, "codes": codes, "admis": _admis(lot, present)}
    commun["action"] = lot.action
    ecriture = Ecriture(lue, present, "date_maj" in lot.admis, commun)
    if present is not None and (raison := refus_d_ecraser(present, lot)) and ecriture.changerait():
        bilan.refuses.append((lue.nom, [raison]))
        return False
    modifies = len(bilan.modifies)
    objet = _essayer(lue.nom, lue.donnees, bilan, ecriture.ecrire)
    if objet is None:
        return False
    presentes.ajouter(objet)
    if lot.prudent and len(bilan.modifies) > modifies:
        lue.avis += perdus(objet, codes)
    if avant == Statut.VALIDEE and objet.statut == Statut.BROUILLON:
        lue.avis.append("Elle était validée ; ce que le fichier y change la rouvre : validez-la de nouveau.")
    return True


@dataclass
class Ecriture:
    """Une fiche du fichier, prête à s'écrire : sans les actes qu'elle rapporte, ses remarques jointes à celles d'ici."""

    lue: FicheDuFichier
    present: Traitement | None
    classeur: bool
    commun: dict[str, Any]

    def donnees(self) -> dict[str, Any]:
        """Lève `Refus` sur une forme fausse."""
        donnees, remarques = actes.separer(self.lue, self.present, classeur=self.classeur)
        donnees = self._reunies(donnees)
        apportees = [*(donnees.get("reprise") or []), *remarques]
        if "reprise" in donnees or remarques:
            ici = self.present.reprise if self.present else []
            donnees["reprise"] = reprise.fusionner(apportees, ici)
        reprise.controler(donnees)
        return donnees

    def _reunies(self, donnees: dict[str, Any]) -> dict[str, Any]:
        """Les lignes de durée identiques d'un fichier d'avant, réunies ; sauf si la fiche d'ici les tient à part."""
        reunies, renvois = reunir(self.lue.donnees)
        ici = set(self.present.conservations.values_list("numero", flat=True)) if self.present else set()
        if not renvois or ici & set(renvois):
            return donnees
        reunion = "est réunie" if len(renvois) == 1 else "sont réunies"
        self.lue.avis.append(
            f"{compte(len(renvois), 'ligne')} de durée du fichier {reunion} à d'autres, identiques."
        )
        return donnees | {"conservations": reunies["conservations"]}

    def ecrire(self, simuler: bool = False) -> Resultat[Traitement]:
        return enregistrer_fiche(
            self.donnees(), fiche=self.present, reprise=True, simuler=simuler, **self.commun
        )

    def changerait(self) -> bool:
        try:
            reprise.controler(self.lue.donnees)
            return replace(self, lue=replace(self.lue, avis=[])).ecrire(simuler=True).effet != INCHANGE
        except Refus:
            return False


def _admis(lot: Lot, present: Traitement | None) -> frozenset[str]:
    """Une fiche déjà là a les dates de Registre : le fichier ne les change plus."""
    return lot.admis if present is None else lot.admis & REPRIS


def _consigner_fichier(
    organisme: Organisme, auteur: Auteur, bilan: BilanDImport, nom: str, sha256: str, action: str
) -> None:
    consigner(
        auteur=auteur,
        action=action,
        objet_type="fichier",
        objet_id=sha256,
        objet_libelle=en_code(nom),
        organisme=organisme.pk,
        apres=tout_en_code(
            {
                "en bref": bilan.en_bref(),
                "sha256": sha256,
                "crees": len(bilan.crees),
                "modifies": len(bilan.modifies),
                "refuses": len(bilan.refuses),
                "avis": bilan.avis,
                "compris": [{"fiche": nom} | rapport.en_json() for nom, rapport in bilan.rapports],
                **({"laisse": bilan.notes} if bilan.notes else {}),
            }
        ),
    )
