"""D'une feuille de fiche du modèle de la CNIL à la forme canonique."""

from collections.abc import Callable
from typing import Any

from organismes.champs import LIGNES_MAX
from registre.imports.cnil_feuille import FeuilleFiche, Rangee, est_du_modele
from registre.imports.correspondances import DONNEES, Correspondances
from registre.imports.lot import FicheLue
from registre.imports.reprise import morceaux
from registre.imports.textes import est_non, est_oui, lire_date, lire_duree, plier, valeur

DATES = {
    "date de creation du traitement": "date_creation",
    "date de creation de la fiche": "date_creation",
    "date de creation": "date_creation",
    "mise a jour du traitement": "date_maj",
    "derniere mise a jour de la fiche": "date_maj",
    "date de mise a jour": "date_maj",
}
REFERENCES = {"n ref", "n reference", "reference", "ref", "numero"}
CONSIGNES = {"ref 001"}
SENSIBLES = {
    code
    for debut, code in DONNEES
    if debut.startswith(
        (
            "donnees revelant",
            "donnees genetiques",
            "donnees biometriques",
            "donnees concernant",
            "donnees relatives",
        )
    )
}


class Lecteur:
    """Accumule une fiche rangée par rangée. Toute valeur trouve une place : un champ, ou la reprise."""

    def __init__(self, feuille: FeuilleFiche, correspondances: Correspondances):
        self.feuille, self.c = feuille, correspondances
        self.origine = f"feuille « {feuille.nom} »"
        self.donnees: dict[str, Any] = {
            "reference": "",
            "intitule": "",
            "qualite": "responsable",
            "statut": "brouillon",
            "donnees_sensibles": None,
            "reprise": [],
        } | {
            nom: []
            for nom in ("finalites", "personnes", "donnees", "conservations", "destinataires", "mesures")
        }
        self.donnees |= {"transferts": [], "responsables_conjoints": []}
        self.avis: list[str] = []
        self.sensibles: list[bool] = []

    def garder(self, libelle: str, texte: str, avertissement: str = "") -> None:
        """Garde ce qui n'a pas de rubrique ; un avertissement se dit aussi à l'import."""
        elements = morceaux(self.origine, libelle, [texte])
        if avertissement:
            elements[0]["avertissement"] = avertissement
            self.avis.append(avertissement)
        self.donnees["reprise"] += elements

    def lire(self) -> FicheLue | None:
        for rangee in self.feuille.rangees():
            BLOCS.get(rangee.bloc, Lecteur.autre)(self, rangee)
            for reste in rangee.reste:
                self.garder(rangee.libelle, reste)
            self._garder_libelle(rangee.libelle)
        return self._conclure()

    def _garder_libelle(self, libelle: str) -> None:
        """Un libellé que quelqu'un a tapé ou complété, s'il ne se lit pas déjà ailleurs sur la fiche."""
        lu = valeur(libelle)
        if lu and plier(lu) not in CONSIGNES and not est_du_modele(lu) and not _contient(self.donnees, lu):
            self.garder("Texte de la feuille", lu)

    def borner(self, libelle: str, texte: str, longueur: int, *, ligne: bool = False) -> str:
        """Le texte à la mesure de son champ (sur une ligne au besoin) ; s'il n'y tient pas, il se garde en entier."""
        borne = (texte.replace("\n", " ") if ligne else "\n".join(texte.split("\n")[:LIGNES_MAX]))[:longueur]
        if borne != texte:
            self.garder(libelle, texte)
        return borne

    def _conclure(self) -> FicheLue | None:
        d = self.donnees
        if not self._remplie():
            return None
        if not d["intitule"]:
            d["intitule"] = (d["finalites"][0]["libelle"] if d["finalites"] else self.feuille.nom)[:200]
            self.avis.append(
                "Le nom du traitement manquait : l'intitulé vient de sa finalité ou de sa feuille."
            )
        if d["transferts"]:
            d["transferts_hors_eee"] = True
        if self.sensibles:
            d["donnees_sensibles"] = any(self.sensibles)
        if d["responsables_conjoints"]:
            d["qualite"] = "conjoint"
        self._relier_transferts()
        # Le titre de la feuille répète la référence : ce n'est pas un renseignement de plus.
        d["reprise"] = [
            e for e in d["reprise"] if plier(e["valeur"]) != plier(d["reference"]) or not d["reference"]
        ]
        return FicheLue(self.origine, d, self.avis)

    def _remplie(self) -> bool:
        """Le modèle laissé vierge porte une référence et des consignes, rien d'autre : ce n'est pas une fiche."""
        d = self.donnees
        notes = [e for e in d["reprise"] if plier(e["valeur"]) != plier(d["reference"])]
        return bool(d["intitule"] or notes) or any(
            d[nom] for nom in ("finalites", "donnees", "personnes", "destinataires", "mesures", "transferts")
        )

    def _relier_transferts(self) -> None:
        numeros = {plier(x["nom"]): x["numero"] for x in self.donnees["destinataires"] if x["nom"]}
        for transfert in self.donnees["transferts"]:
            if numero := numeros.get(plier(transfert["importateur"])):
                transfert["destinataire_numero"], transfert["importateur"] = numero, ""

    def ajouter(self, liste: str, **valeurs: Any) -> None:
        elements = self.donnees[liste]
        elements.append({"numero": len(elements) + 1, **valeurs})

    # --- Un bloc, une méthode ------------------------------------------------------------------------------------

    def description(self, r: Rangee) -> None:
        texte = r.valeurs.get("description", "")
        if not texte:
            return
        if r.cle == "nom du traitement" and not self.donnees["intitule"]:
            self.donnees["intitule"] = self.borner(r.libelle, texte, 200, ligne=True)
        elif r.cle in REFERENCES and not self.donnees["reference"]:
            self.donnees["reference"] = self.borner(r.libelle, texte, 40, ligne=True)
        elif r.cle in DATES and DATES[r.cle] not in self.donnees and (jour := lire_date(texte)):
            self.donnees[DATES[r.cle]] = jour.isoformat()
        else:
            self.garder(r.libelle, texte)

    def titre(self, r: Rangee) -> None:
        """Avant tout bloc : le titre de la feuille, ou une description dont l'en-tête a disparu."""
        if r.cle == "nom du traitement" or r.cle in REFERENCES or r.cle in DATES:
            self.description(r)
        else:
            self.autre(r)

    def acteurs(self, r: Rangee) -> None:
        if not any(r.valeurs.values()):
            return
        texte = ", ".join(r.valeurs.values())
        if r.cle.startswith("responsable s conjoint") or r.cle.startswith("responsables conjoint"):
            nom = self.borner(r.libelle, r.valeurs.get("nom", texte), 300, ligne=True)
            self.donnees.setdefault("_conjoints", []).append(nom)
            self.ajouter("responsables_conjoints", tiers=nom, repartition="")
            if texte != nom:
                self.garder(r.libelle, texte)
        else:
            self.garder(r.libelle, texte)

    def finalites(self, r: Rangee) -> None:
        texte = r.valeurs.get("description", "")
        if not texte:
            return
        finalites = self.donnees["finalites"]
        if r.cle.startswith("sous finalite") and finalites:
            finalites[0]["sous_finalites"].append(self.borner(r.libelle, texte, 500, ligne=True))
        elif not r.cle.startswith(("finalite", "sous finalite")):  # une note n'est pas une finalité
            self.garder(r.libelle, texte)
        else:
            libelle = self.borner(r.libelle, texte, 400, ligne=True)
            self.ajouter("finalites", libelle=libelle, sous_finalites=[])

    def donnee(self, r: Rangee) -> None:
        texte, duree = r.valeurs.get("description", ""), r.valeurs.get("duree", "")
        code = self.c.donnee(r.libelle)
        if (r.bloc == "sensibles" or code in SENSIBLES) and texte:
            self.sensibles.append(not est_non(texte))
        if not (texte or duree) or (est_non(texte) and not duree):
            return
        precisions = "" if est_oui(texte) else texte
        if code is None:
            precisions = f"{r.libelle} : {precisions}" if precisions else r.libelle
        self.ajouter(
            "donnees", categorie=code or "AUTRES", precisions=self.borner(r.libelle, precisions, 3000)
        )
        if duree:
            self._duree(code or "AUTRES", r.libelle, duree)

    def _duree(self, code: str, libelle: str, texte: str) -> None:
        regle: dict[str, Any] = {
            "categorie": code,
            "texte_origine": self.borner(f"{libelle}, durée de conservation", texte, 3000),
        }
        if code == "AUTRES":
            regle["objet"] = self.borner("Libellé de la donnée", libelle, 300, ligne=True)
        if lue := lire_duree(texte):
            regle["duree_valeur"], regle["duree_unite"], depart = lue
            regle["point_depart_precisions"] = depart.replace("\n", " ")[:300]
        else:
            regle["critere"] = texte.replace("\n", " ")[:500]
        self.ajouter("conservations", **regle)

    def personnes(self, r: Rangee) -> None:
        libelle, precisions = r.valeurs.get("description", ""), r.valeurs.get("precisions", "")
        if not (libelle or precisions):
            return
        code = self.c.personnes(libelle)
        if code is None:
            precisions = " : ".join(t for t in (libelle, precisions) if t)
        precisions = self.borner(r.libelle, precisions, 2000)
        self.ajouter("personnes", categorie=code or "AUTRES_PERSONNES", precisions=precisions)

    def destinataires(self, r: Rangee) -> None:
        libelle, nom = r.valeurs.get("description", ""), r.valeurs.get("precisions", "")
        if not (libelle or nom):
            return
        code = self.c.destinataire(libelle)
        precisions = ""
        if code is None and libelle:
            precisions = f"Type dans le fichier : {libelle}" if nom else ""
            nom = nom or libelle
        if len(nom) > 300 or "\n" in nom:
            precisions, nom = "\n".join(t for t in (nom, precisions) if t), nom.splitlines()[0][:300]
        self.ajouter(
            "destinataires",
            type=code or "AUTRE_DESTINATAIRE",
            nom=nom,
            precisions=self.borner(r.libelle, precisions, 2000),
        )

    def securite(self, r: Rangee) -> None:
        libelle, precisions = r.valeurs.get("description", ""), r.valeurs.get("precisions", "")
        if libelle or precisions:
            texte = " : ".join(t for t in (libelle, precisions) if t)
            self.ajouter(
                "mesures", fiche=self.c.mesure(libelle), precisions=self.borner(r.libelle, texte, 2000)
            )

    def transferts(self, r: Rangee) -> None:
        v = r.valeurs
        if not any(v.values()):
            return
        if all(map(est_non, v.values())) and not r.reste:  # « Aucun » : une réponse, pas un transfert
            self.donnees.setdefault("transferts_hors_eee", False)
            return
        pays, garantie = self.c.pays(v.get("pays", "")), self.c.garantie(v.get("garantie", ""))
        precisions = []
        if v.get("pays") and pays is None:
            precisions.append(f"Pays dans le fichier : {v['pays']}")
            self.avis.append(f"Le pays « {v['pays']} » n'est pas reconnu : gardé en précision du transfert.")
        if v.get("garantie") and garantie is None:
            precisions.append(f"Garantie dans le fichier : {v['garantie']}")
            self.avis.append(f"La garantie « {v['garantie']} » reste à préciser sur la fiche.")
        self.ajouter(
            "transferts",
            importateur=self.borner(r.libelle, v.get("destinataire", ""), 300, ligne=True),
            pays=pays.code if pays else None,
            garantie=garantie,
            document=self.borner(r.libelle, v.get("document", ""), 500, ligne=True),
            precisions=self.borner(r.libelle, "\n".join(precisions), 2000),
        )
        if avertissement := self.c.avertissement(garantie, pays):
            self.garder(
                "Transfert, garantie du fichier", f"{v.get('pays', '')}, {v['garantie']}", avertissement
            )

    def autre(self, r: Rangee) -> None:
        for texte in r.valeurs.values():
            if plier(texte) not in CONSIGNES:
                self.garder(r.libelle, texte)


def _contient(donnees: Any, texte: str) -> bool:
    match donnees:
        case str():
            return texte in donnees
        case dict():
            return any(_contient(v, texte) for v in donnees.values())
        case list():
            return any(_contient(v, texte) for v in donnees)
    return False


BLOCS: dict[str, Callable[[Lecteur, Rangee], None]] = {
    "titre": Lecteur.titre,
    "description": Lecteur.description,
    "acteurs": Lecteur.acteurs,
    "finalites": Lecteur.finalites,
    "donnees": Lecteur.donnee,
    "sensibles": Lecteur.donnee,
    "personnes": Lecteur.personnes,
    "destinataires": Lecteur.destinataires,
    "securite": Lecteur.securite,
    "transferts": Lecteur.transferts,
}


def fiche_de(feuille: FeuilleFiche, correspondances: Correspondances) -> FicheLue | None:
    """La fiche que porte une feuille, ou `None` si c'est le modèle laissé vierge."""
    return Lecteur(feuille, correspondances).lire()
