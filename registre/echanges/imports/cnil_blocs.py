"""Les blocs d'une fiche du modèle de la CNIL, une méthode chacun : seulement ce que dit chaque ligne."""

from typing import Any

from registre.echanges.imports import libelles as lib
from registre.echanges.imports.cellules import Cellule
from registre.echanges.imports.cnil_carnet import MOTS_SEULS, SE_CONTREDIT, SE_NUANCE, Carnet
from registre.echanges.imports.cnil_feuille import CONSIGNES, Rangee, est_tete_de_liste
from registre.echanges.imports.delais import est_nombre_ou_date, evenement, lire_duree, porte_un_chiffre
from registre.echanges.imports.rapport import Sort
from registre.echanges.imports.reponses import (
    N_AFFIRMENT_RIEN,
    NEGATIVES,
    Reponse,
    commence_par_un_non,
    est_nom_improbable,
    lire_reponse,
)
from registre.echanges.imports.textes import lire_date


class Blocs(Carnet):
    """La description, les acteurs, les finalités, les données et leurs durées."""

    def description(self, r: Rangee) -> None:
        cellule = r.valeurs.get("description")
        if cellule is None:
            return
        if lib.est_nom(r.libelle.texte) and est_tete_de_liste([r.libelle, *r.cellules], r.libelle):
            self.avis.append(
                f"Un tableau commence en {r.libelle.adresse} : il est gardé en remarque, aucune fiche n'en vient."
            )
            self.autre(r)
            return
        date = lib.date_de(r.libelle.texte)
        # Un nom est un nom, même s'il nie ou demande ; « - » ou « N/A » n'en sont pas, et ne sont pas des dates.
        dit = lire_reponse(cellule.texte)
        nomme = lib.est_nom(r.libelle.texte) and not self.donnees["intitule"]
        tu = dit == Reponse.VIDE or dit == Reponse.INCONNUE and not self._nom_incertain(cellule)
        if tu or date and dit in NEGATIVES | {Reponse.INCONNUE}:
            self.garder_reste(r, cellule)
        elif nomme:
            self.placer(cellule)
            self.donnees["intitule"] = self.borner(r.libelle.texte, cellule, 200, ligne=True)
            if dit == Reponse.INCONNUE or est_nom_improbable(cellule.texte):
                self._douter_du_nom(cellule)
        elif lib.est_reference(r.libelle.texte) and not self.donnees["reference"]:
            sort = Sort.LIBELLE if cellule.cle in CONSIGNES else Sort.PLACEE
            self.rapport.noter(cellule.adresse, sort)
            self.donnees["reference"] = self.borner(r.libelle.texte, cellule, 40, ligne=True)
        elif date and date not in self.donnees and (jour := lire_date(cellule.texte)):
            self.placer(cellule)
            self.donnees[date] = jour.isoformat()
        elif date:
            self.garder(r.libelle.texte, cellule, Sort.INCOMPRISE, "ce n'est pas une date")
        else:
            self.garder_reste(r, cellule)

    @staticmethod
    def _nom_incertain(cellule: Cellule) -> bool:
        """« Paie (projet) », « Exemple : prospection » nomment quelque chose ; « à compléter » ou « ? » ne nomment rien."""
        return len(cellule.cle.split()) > 1 and not cellule.cle.startswith(("a ", "en cours", "non "))

    def _douter_du_nom(self, cellule: Cellule) -> None:
        self.douter(cellule, "ce n'est peut-être pas le nom d'une activité")
        self.avis.append(
            f"« {cellule.texte[:60]} » ({cellule.adresse}) n'est peut-être pas le nom d'une activité : gardez la fiche seulement si elle existe."
        )

    def acteurs(self, r: Rangee) -> None:
        conjoint = lib.nu(r.libelle.texte).startswith(("responsables conjoint", "responsable conjoint"))
        nom = r.valeurs.get("nom") or next(iter(r.valeurs.values()), None)
        if nom is None:
            return
        if not conjoint or lire_reponse(nom.texte, r.libelle.texte) in N_AFFIRMENT_RIEN | {Reponse.OUI}:
            texte = ", ".join(c.texte for c in r.valeurs.values())
            for cellule in r.valeurs.values():
                self.rapport.noter(cellule.adresse, Sort.REMARQUE)
            self.remarquer(r.libelle.texte, texte)
            return
        self.placer(nom)
        tiers = self.borner(r.libelle.texte, nom, 300, ligne=True)
        self.donnees.setdefault("_conjoints", []).append(tiers)
        self.ajouter("responsables_conjoints", tiers=tiers, repartition="")
        autres = [c for c in r.valeurs.values() if c is not nom]
        for cellule in autres:
            self.rapport.noter(cellule.adresse, Sort.REMARQUE)
        if autres:
            self.remarquer(r.libelle.texte, ", ".join(c.texte for c in r.valeurs.values()))

    def finalites(self, r: Rangee) -> None:
        cellule = r.valeurs.get("description")
        if cellule is None:
            # Une finalité laissée vide sous une autre ne lui donne pas ses sous-finalités.
            sous = lib.nu(r.libelle.texte).startswith("sous ")
            self.finalite_tue = self.finalite_tue or not sous and bool(self.donnees["finalites"])
            return
        reponse = lire_reponse(cellule.texte, r.libelle.texte)
        sous = lib.nu(r.libelle.texte).startswith("sous ")
        tue = reponse in NEGATIVES | {Reponse.INCONNUE, Reponse.OUI}
        tue = tue or reponse == Reponse.NUANCEE and commence_par_un_non(cellule.texte)
        if not sous:
            self.finalite_tue = tue
        if tue:
            self.ecarter(r.libelle.texte, [cellule], reponse)
            return
        if sous and self.finalite_tue:
            self.ecarter(
                r.libelle.texte,
                [cellule],
                Reponse.NUANCEE,
                "sous-finalité d'une finalité qui n'est pas affirmée",
            )
            return
        self.placer(cellule)
        finalites = self.donnees["finalites"]
        if sous and finalites:
            finalites[-1]["sous_finalites"].append(self.borner(r.libelle.texte, cellule, 500, ligne=True))
        else:
            libelle = self.borner(r.libelle.texte, cellule, 400, ligne=True)
            self.ajouter("finalites", libelle=libelle, sous_finalites=[])
            if sous:
                self.douter(cellule, "sous-finalité sans finalité principale", "finalites")
        if reponse == Reponse.NUANCEE:
            self.douter(cellule, "le texte nie quelque chose : relisez", "finalites")

    def donnee(self, r: Rangee) -> None:
        texte, duree = r.valeurs.get("description"), r.valeurs.get("duree")
        code = lib.categorie(r.libelle.texte, "sensibles" if r.bloc == "sensibles" else "donnees")
        if code is None:
            self.autre(r)
            return
        reponse = lire_reponse(texte.texte, r.libelle.texte) if texte else None
        article_9 = code in lib.ARTICLE_9
        if article_9:
            self.sensibles.append(reponse or Reponse.VIDE)
        # Hors des données sensibles, « Nom, prénom, pas de photo » dit d'abord ce qui est traité.
        nuance = texte is not None and reponse == Reponse.NUANCEE and not commence_par_un_non(texte.texte)
        incidente = nuance and not article_9
        if texte is None and article_9 or reponse in N_AFFIRMENT_RIEN and not incidente:
            self._donnee_tue(r, texte, duree, reponse)
        elif texte is not None or duree is not None:
            self._donnee_dite(r, code, texte, duree, reponse)

    def _donnee_tue(
        self, r: Rangee, texte: Cellule | None, duree: Cellule | None, reponse: Reponse | None
    ) -> None:
        """Rien ne dit que la donnée soit traitée : une durée seule ne l'affirme pas."""
        if texte is not None and reponse is not None:
            self.ecarter(r.libelle.texte, [texte], reponse)
        if duree is not None:
            libelle = f"{r.libelle.texte}, durée de conservation"
            self.garder(
                libelle, duree, Sort.DOUTEUSE, "une durée, pour une donnée qui n'est pas dite traitée"
            )

    def _donnee_dite(
        self,
        r: Rangee,
        code: str,
        texte: Cellule | None,
        duree: Cellule | None,
        reponse: Reponse | None,
    ) -> None:
        precisions = ""
        if texte is not None:
            self.placer(texte)
            if code in lib.ARTICLE_9:
                self.preuves["sensibles"].append(texte)
            precisions = "" if reponse == Reponse.OUI else self.borner(r.libelle.texte, texte, 3000)
        if texte is not None and reponse == Reponse.NUANCEE:
            self.douter(texte, "le texte nie quelque chose : relisez", "donnees")
        self.ajouter("donnees", categorie=code, precisions=precisions)
        if duree is not None:
            self._duree(code, r.libelle.texte, duree)
            if texte is None:
                self.douter(
                    duree, "une durée sans description : la catégorie est supposée traitée", "donnees"
                )

    def _duree(self, code: str, libelle: str, cellule: Cellule) -> None:
        nom = f"{libelle}, durée de conservation"
        reponse = lire_reponse(cellule.texte)
        if reponse in NEGATIVES | {Reponse.INCONNUE, Reponse.OUI}:
            self.ecarter(nom, [cellule], reponse)
            return
        if est_nombre_ou_date(cellule.texte):
            self.garder(nom, cellule, Sort.INCOMPRISE, "ni unité, ni critère")
            return
        regle: dict[str, Any] = {"texte_origine": self.borner(nom, cellule, 3000)}
        if code == "AUTRES":
            regle["objet"] = libelle.replace("\n", " ")[:300]
        if lue := lire_duree(cellule.texte, self.c.departs):
            regle |= {"duree_valeur": lue.duree.valeur, "duree_unite": lue.duree.unite}
            regle["point_depart_precisions"] = lue.depart.replace("\n", " ")[:300]
            self.placer(cellule)
            if lue.depart and (depart := evenement(lue.depart, self.c.departs)):
                regle["point_depart"] = depart
                self.douter(
                    cellule,
                    f"point de départ proposé, à confirmer : {self.c.evenement(depart)}",
                    "conservation",
                )
            elif lue.depart:
                self.douter(cellule, "point de départ non reconnu : à choisir sur la fiche", "conservation")
        else:
            regle["critere"] = cellule.texte.replace("\n", " ")[:500]
            self.placer(cellule)
            if porte_un_chiffre(cellule.texte) or reponse == Reponse.NUANCEE:
                self.douter(cellule, "durée nuancée : non interprétée, son texte est gardé", "conservation")
        self._conserver(code, regle)

    def _conserver(self, code: str, regle: dict[str, Any]) -> None:
        """Une même durée, dite de la même façon pour plusieurs catégories, n'est qu'une ligne."""
        for deja in self.donnees["conservations"]:
            if {n: v for n, v in deja.items() if n not in ("numero", "categories")} == regle:
                deja["categories"] = sorted({*deja["categories"], code})
                return
        self.ajouter("conservations", categories=[code], **regle)

    def reponse_sensibles(self, r: Rangee) -> None:
        if (lue := self.reponse(r)) is None:
            return
        cellule, dit = lue
        codes = [lib.sensible(partie) for partie in cellule.texte.replace(" et ", ",").split(",")]
        if dit in (Reponse.OUI, Reponse.NON):
            self.placer(cellule)
            self.donnees["donnees_sensibles"] = dit == Reponse.OUI
            self.repondre("sensibles", cellule, dit)
            if cellule.cle not in MOTS_SEULS:
                self.remarquer(r.libelle.texte, cellule.texte)
        elif dit == Reponse.AUTRE and all(codes):
            self.placer(cellule)
            self.preuves["sensibles"].append(cellule)
            for code in dict.fromkeys(codes):
                self.ajouter("donnees", categorie=code, precisions=cellule.texte)
        else:
            self.ecarter(
                r.libelle.texte,
                [cellule],
                Reponse.NUANCEE if dit == Reponse.AUTRE else dit,
                "aucune catégorie reconnue" if dit == Reponse.AUTRE else "",
            )
            if dit in (Reponse.AUTRE, Reponse.NUANCEE):
                self.sensibles.append(Reponse.NUANCEE)

    def conclure_sensibles(self) -> None:
        """Une catégorie listée vaut oui, et dément un « non » ; non, si chaque ligne du bloc le dit : une ligne vide n'est pas un « non »."""
        contredit = self.dire_les_contradictions("sensibles")
        if any(x["categorie"] in lib.ARTICLE_9 for x in self.donnees["donnees"]):
            self.donnees["donnees_sensibles"] = True
        elif contredit:  # « Oui » ici, « Non » là, et aucune catégorie : rien n'est affirmé
            self.donnees["donnees_sensibles"] = None
            self.doute_sensibles = SE_CONTREDIT
        elif self.donnees["donnees_sensibles"] is None and self.sensibles:
            if all(dit == Reponse.NON for dit in self.sensibles):
                self.donnees["donnees_sensibles"] = False
            elif Reponse.NUANCEE in self.sensibles:
                self.doute_sensibles = SE_NUANCE
