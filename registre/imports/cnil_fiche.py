"""D'une feuille de fiche du modèle de la CNIL à la forme canonique."""

from collections.abc import Callable
from typing import Any

from registre.imports.cnil_feuille import FeuilleFiche, Rangee
from registre.imports.correspondances import Correspondances
from registre.imports.lot import FicheLue
from registre.imports.textes import est_non, est_oui, lire_date, lire_duree, plier

DATES = {
    "date de creation du traitement": "date_creation",
    "date de creation de la fiche": "date_creation",
    "date de creation": "date_creation",
    "mise a jour du traitement": "date_maj",
    "derniere mise a jour de la fiche": "date_maj",
    "date de mise a jour": "date_maj",
}
REFERENCES = {"n ref", "n reference", "reference", "ref", "numero"}
TITRES = ("modele de fiche de registre", "exemple de fiche", "fiche de registre", "cet onglet", "cet exemple")
CONSIGNES = {"ref 001"}


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
        element = {"source": self.origine, "libelle": libelle, "valeur": texte}
        if avertissement:
            element["avertissement"] = avertissement
            self.avis.append(avertissement)
        self.donnees["reprise"].append(element)

    def lire(self) -> FicheLue | None:
        for rangee in self.feuille.rangees():
            BLOCS.get(rangee.bloc, Lecteur.autre)(self, rangee)
            for reste in rangee.reste:
                self.garder(rangee.libelle, reste)
        return self._conclure()

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
        if r.cle == "nom du traitement":
            self.donnees["intitule"] = texte.replace("\n", " ")[:200]
            if len(texte) > 200:
                self.garder("Nom du traitement", texte)
        elif r.cle in REFERENCES:
            self.donnees["reference"] = texte[:40]
        elif r.cle in DATES:
            jour = lire_date(texte)
            if jour:
                self.donnees[DATES[r.cle]] = jour.isoformat()
            else:
                self.garder(r.libelle, texte)
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
            nom = r.valeurs.get("nom", texte)[:300]
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
            finalites[0]["sous_finalites"].append(texte.replace("\n", " ")[:500])
        else:
            self.ajouter("finalites", libelle=texte.replace("\n", " ")[:400], sous_finalites=[])
        if len(texte) > 400 or "\n" in texte:
            self.garder(r.libelle, texte)

    def donnee(self, r: Rangee) -> None:
        texte, duree = r.valeurs.get("description", ""), r.valeurs.get("duree", "")
        if r.bloc == "sensibles" and texte:
            self.sensibles.append(not est_non(texte))
        if not (texte or duree) or (est_non(texte) and not duree):
            return
        code = self.c.donnee(r.libelle)
        precisions = "" if est_oui(texte) else texte
        if code is None:
            precisions = f"{r.libelle} : {precisions}" if precisions else r.libelle
        self.ajouter("donnees", categorie=code or "AUTRES", precisions=precisions[:3000])
        if duree:
            self._duree(code or "AUTRES", r.libelle, duree)

    def _duree(self, code: str, libelle: str, texte: str) -> None:
        regle: dict[str, Any] = {"categorie": code, "texte_origine": texte[:3000]}
        if code == "AUTRES":
            regle["objet"] = libelle[:300]
        if lue := lire_duree(texte):
            regle["duree_valeur"], regle["duree_unite"], regle["point_depart_precisions"] = (
                lue[0],
                lue[1],
                lue[2][:300],
            )
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
        self.ajouter("personnes", categorie=code or "AUTRES_PERSONNES", precisions=precisions[:2000])

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
            "destinataires", type=code or "AUTRE_DESTINATAIRE", nom=nom, precisions=precisions[:2000]
        )

    def securite(self, r: Rangee) -> None:
        libelle, precisions = r.valeurs.get("description", ""), r.valeurs.get("precisions", "")
        if libelle or precisions:
            texte = " : ".join(t for t in (libelle, precisions) if t)
            self.ajouter("mesures", fiche=self.c.mesure(libelle), precisions=texte[:2000])

    def transferts(self, r: Rangee) -> None:
        v = r.valeurs
        if not any(v.values()):
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
            importateur=v.get("destinataire", "")[:300],
            pays=pays.code if pays else None,
            garantie=garantie,
            document=v.get("document", "")[:500],
            precisions="\n".join(precisions),
        )
        if avertissement := self.c.avertissement(garantie, pays):
            self.garder(
                "Transfert, garantie du fichier", f"{v.get('pays', '')}, {v['garantie']}", avertissement
            )

    def autre(self, r: Rangee) -> None:
        for texte in r.valeurs.values():
            if plier(texte) not in CONSIGNES:
                self.garder(r.libelle, texte)
        r_seule = not r.valeurs and not r.reste
        if r_seule and not r.cle.startswith(TITRES) and plier(r.libelle) not in CONSIGNES and len(r.cle) > 3:
            self.garder("Texte de la feuille", r.libelle)


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
