"""D'une fiche du modèle de la CNIL à la forme canonique : seulement ce qu'elle dit, et le sort de chaque cellule."""

from collections.abc import Callable, Iterable
from typing import Any

from organismes.champs import LIGNES_MAX
from registre.imports import libelles as lib
from registre.imports.cellules import Cellule, Feuille
from registre.imports.cnil_feuille import CONSIGNES, INCONNU, SUITE, Rangee, rangees
from registre.imports.correspondances import Correspondances
from registre.imports.coulisses_dites import garder_les_coulisses, notes
from registre.imports.delais import est_nombre_ou_date, evenement, lire_duree, porte_un_chiffre
from registre.imports.lot import FicheLue
from registre.imports.modele import TITRE_EXEMPLE, TITRE_MODELE, est_aide, est_de_l_exemple
from registre.imports.rapport import Rapport, Sort
from registre.imports.reponses import N_AFFIRMENT_RIEN, NEGATIVES, Reponse, lire_reponse
from registre.imports.reprise import morceaux
from registre.imports.textes import lire_date, plier

EXEMPLE_CHANGE = "Cette fiche est l'exemple du modèle de la CNIL, repris et changé : vérifiez qu'elle décrit bien votre activité."
MASQUEE = "La feuille « {nom} » est masquée dans le classeur, et cette fiche en vient : gardez-la seulement si l'activité existe."
LISTES = ("finalites", "personnes", "donnees", "conservations", "destinataires", "mesures", "transferts")
RAISONS = {
    Reponse.INCONNUE: "« à compléter » ou une question : rien n'est affirmé",
    Reponse.NUANCEE: "un « non » ou un « oui » qui dit davantage : rien n'est affirmé",
}


class Lecteur:
    """Accumule une fiche rangée par rangée. Toute cellule a un sort : un champ, une remarque, ou un libellé du modèle."""

    def __init__(self, feuille: Feuille, correspondances: Correspondances, origine: str):
        self.feuille, self.c, self.origine = feuille, correspondances, origine
        self.rapport = Rapport()
        self.avis: list[str] = []
        self.donnees: dict[str, Any] = {
            "reference": "",
            "intitule": "",
            "qualite": "responsable",
            "statut": "brouillon",
            "donnees_sensibles": None,
            "responsables_conjoints": [],
            "reprise": [],
        } | {nom: [] for nom in LISTES}
        self.sensibles: list[Reponse] = []
        self.transferts_dits: list[Reponse] = []
        self.hors_eee = False
        self.exemple = False

    # --- Le sort des cellules -------------------------------------------------------------------------------------

    def placer(self, *cellules: Cellule | None) -> None:
        for cellule in filter(None, cellules):
            self.rapport.noter(cellule.adresse, Sort.PLACEE)

    def placer_encore(self, cellules: Iterable[Cellule]) -> None:
        """Ce qui répète une valeur placée n'est plus une remarque."""
        for cellule in cellules:
            if self.rapport.cellules.get(cellule.adresse, (None,))[0] == Sort.REMARQUE:
                self.rapport.cellules[cellule.adresse] = (Sort.PLACEE, "")

    def taire(self, *cellules: Cellule) -> None:
        for cellule in cellules:
            self.rapport.noter(cellule.adresse, Sort.LIBELLE)

    def garder(self, libelle: str, cellule: Cellule, sort: Sort = Sort.REMARQUE, raison: str = "") -> None:
        """Garde, en remarque, le texte d'une cellule qui n'a pas de rubrique ou qu'on n'a pas compris."""
        self.rapport.noter(cellule.adresse, sort, raison)
        self._remarquer(libelle, cellule.texte)

    def _remarquer(self, libelle: str, texte: str, avertissement: str = "") -> None:
        """Un avertissement se dit aussi à l'import."""
        elements = morceaux(self.origine, libelle, [texte])
        if avertissement:
            elements[0]["avertissement"] = avertissement
            self.avis.append(avertissement)
        self.donnees["reprise"] += elements

    def douter(self, cellule: Cellule, raison: str, rubrique: str = "") -> None:
        """Ce qui est placé, mais dont une personne doit confirmer la lecture ; `rubrique` : son code dans le plan."""
        self.rapport.noter(cellule.adresse, Sort.DOUTEUSE, raison)
        if rubrique:
            self.donnees["a_confirmer"] = sorted({*self.donnees.get("a_confirmer", []), rubrique})

    def ecarter(self, libelle: str, cellules: Iterable[Cellule], reponse: Reponse, raison: str = "") -> None:
        """Ce qui n'affirme rien : gardé en remarque ; douteux s'il en dit plus qu'un « non »."""
        sort = Sort.REMARQUE if reponse in NEGATIVES else Sort.DOUTEUSE
        for cellule in cellules:
            self.garder(libelle, cellule, sort, raison or RAISONS.get(reponse, ""))

    def borner(self, libelle: str, cellule: Cellule, longueur: int, *, ligne: bool = False) -> str:
        """Le texte d'une cellule à la mesure de son champ (sur une ligne au besoin) ; s'il n'y tient pas, il se garde en entier."""
        return self._borner_texte(libelle, cellule.texte, longueur, cellule, ligne=ligne)

    def _borner_texte(
        self, libelle: str, texte: str, longueur: int, *cellules: Cellule, ligne: bool = False
    ) -> str:
        borne = (texte.replace("\n", " ") if ligne else "\n".join(texte.split("\n")[:LIGNES_MAX]))[:longueur]
        if len(borne) < len(texte):
            self._remarquer(libelle, texte)
            for cellule in cellules:
                self.rapport.noter(
                    cellule.adresse,
                    Sort.DOUTEUSE,
                    "trop long pour son champ : coupé, et gardé en entier en remarque",
                )
        elif borne != texte:  # seuls les sauts de ligne sont devenus des espaces
            self._remarquer(libelle, texte)
        return borne

    def ajouter(self, liste: str, **valeurs: Any) -> None:
        elements = self.donnees[liste]
        elements.append({"numero": len(elements) + 1, **valeurs})

    # --- La fiche ---------------------------------------------------------------------------------------------------

    def lire(self) -> FicheLue | None:
        """La fiche, ou `None` si c'est le modèle laissé vierge ou son exemple inchangé."""
        for rangee in rangees(self.feuille):
            self.taire(*rangee.muettes)
            if rangee.bloc != SUITE:
                self.rapport.noter(rangee.libelle.adresse, Sort.LIBELLE)
            if rangee.tete and rangee.bloc in REPONSES and rangee.cellules:
                REPONSES[rangee.bloc](self, rangee)
            else:
                BLOCS.get(rangee.bloc, Lecteur.autre)(self, rangee)
            for reste in rangee.cellules:
                if reste.adresse not in self.rapport.cellules:
                    self._garder_reste(rangee, reste)
            self._garder_libelle(rangee)
        if not self._remplie() or self._exemple_inchange():
            return None
        return self._conclure()

    def _garder_reste(self, rangee: Rangee, cellule: Cellule) -> None:
        if not cellule.lue or cellule.cle in CONSIGNES:
            self.taire(cellule)
        elif rangee.bloc == SUITE and rangee.libelle is not cellule:
            self.garder(f"{rangee.libelle.texte} (suite)", cellule)
        else:
            self.garder("Texte de la feuille" if rangee.libelle is cellule else rangee.libelle.texte, cellule)

    def _garder_libelle(self, rangee: Rangee) -> None:
        """Un libellé que quelqu'un a tapé ou complété, s'il ne se lit pas déjà avec une remarque ou ailleurs sur la fiche."""
        libelle = rangee.libelle
        self.exemple = self.exemple or libelle.cle.startswith(TITRE_EXEMPLE)
        if rangee.bloc == SUITE or not libelle.lue or libelle.cle in CONSIGNES or _est_du_modele(rangee):
            return
        seul = rangee.bloc == INCONNU and not rangee.cellules
        if seul or not _contient(self.donnees, libelle.texte):
            self.garder("Texte de la feuille", libelle)

    def _conclure(self) -> FicheLue:
        d = self.donnees
        if not d["intitule"]:
            d["intitule"] = (d["finalites"][0]["libelle"] if d["finalites"] else self.feuille.nom)[:200]
            self.avis.append(
                "Le nom du traitement manquait : l'intitulé vient de sa finalité ou de sa feuille."
            )
        self._conclure_transferts()
        self._conclure_sensibles()
        if d["responsables_conjoints"]:
            d["qualite"] = "conjoint"
        # Le titre de la feuille répète la référence : ce n'est pas un renseignement de plus.
        if reference := plier(d["reference"]):
            d["reprise"] = [e for e in d["reprise"] if plier(e["valeur"]) != reference]
            self.placer_encore(c for ligne in self.feuille.lignes for c in ligne if c.cle == reference)
        if self.exemple:
            self._remarquer("Exemple du modèle", "Exemple de fiche de registre", EXEMPLE_CHANGE)
        self._dire_les_coulisses()
        return FicheLue(self.origine, d, self.avis, self.rapport)

    def _remplie(self) -> bool:
        """Le modèle laissé vierge porte une référence et des consignes, rien d'autre : ce n'est pas une fiche."""
        d = self.donnees
        dites = [e for e in d["reprise"] if plier(e["valeur"]) != plier(d["reference"])]
        return bool(d["intitule"] or dites or notes(self.feuille)) or any(d[nom] for nom in LISTES)

    def _exemple_inchange(self) -> bool:
        """Rien de plus que l'exemple fictif du modèle, que son titre ou sa référence annonce."""
        annonce = self.exemple or plier(self.donnees["reference"]) == "1 exemple"
        valeurs = [c for ligne in self.feuille.lignes for c in ligne if self._est_valeur(c)]
        return bool(
            annonce
            and valeurs
            and not notes(self.feuille)
            and all(est_de_l_exemple(c.texte) for c in valeurs)
        )

    def _est_valeur(self, cellule: Cellule) -> bool:
        sort = self.rapport.cellules.get(cellule.adresse)
        return sort is not None and sort[0] > Sort.LIBELLE and not cellule.cle.startswith(TITRE_EXEMPLE)

    def _dire_les_coulisses(self) -> None:
        self.donnees["reprise"] += garder_les_coulisses(self.feuille, self.origine, self.rapport)
        if self.feuille.masquee:
            nom = self.feuille.nom
            self._remarquer("Feuille masquée", nom, MASQUEE.format(nom=nom))

    # --- Un bloc, une méthode ---------------------------------------------------------------------------------------

    def autre(self, r: Rangee) -> None:
        """Ce qui n'est d'aucun bloc : une remarque, « libellé : valeur »."""
        for cellule in r.cellules:
            if cellule.adresse not in self.rapport.cellules:
                self._garder_reste(r, cellule)

    def description(self, r: Rangee) -> None:
        cellule = r.valeurs.get("description")
        if cellule is None:
            return
        date = lib.date_de(r.libelle.texte)
        # Un nom est un nom, même s'il nie ; « - » ou « N/A » n'en sont pas, et ne sont pas des dates.
        dit = lire_reponse(cellule.texte)
        if dit == Reponse.VIDE or date and dit in NEGATIVES:
            self._garder_reste(r, cellule)
        elif lib.est_nom(r.libelle.texte) and not self.donnees["intitule"]:
            self.placer(cellule)
            self.donnees["intitule"] = self.borner(r.libelle.texte, cellule, 200, ligne=True)
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
            self._garder_reste(r, cellule)

    def acteurs(self, r: Rangee) -> None:
        conjoint = lib.nu(r.libelle.texte).startswith(("responsables conjoint", "responsable conjoint"))
        nom = r.valeurs.get("nom") or next(iter(r.valeurs.values()), None)
        if nom is None:
            return
        if not conjoint or lire_reponse(nom.texte, r.libelle.texte) in N_AFFIRMENT_RIEN | {Reponse.OUI}:
            texte = ", ".join(c.texte for c in r.valeurs.values())
            for cellule in r.valeurs.values():
                self.rapport.noter(cellule.adresse, Sort.REMARQUE)
            self._remarquer(r.libelle.texte, texte)
            return
        self.placer(nom)
        tiers = self.borner(r.libelle.texte, nom, 300, ligne=True)
        self.donnees.setdefault("_conjoints", []).append(tiers)
        self.ajouter("responsables_conjoints", tiers=tiers, repartition="")
        autres = [c for c in r.valeurs.values() if c is not nom]
        for cellule in autres:
            self.rapport.noter(cellule.adresse, Sort.REMARQUE)
        if autres:
            self._remarquer(r.libelle.texte, ", ".join(c.texte for c in r.valeurs.values()))

    def finalites(self, r: Rangee) -> None:
        cellule = r.valeurs.get("description")
        if cellule is None:
            return
        reponse = lire_reponse(cellule.texte, r.libelle.texte)
        if reponse in NEGATIVES | {Reponse.INCONNUE, Reponse.OUI}:
            self.ecarter(r.libelle.texte, [cellule], reponse)
            return
        self.placer(cellule)
        finalites = self.donnees["finalites"]
        sous = lib.nu(r.libelle.texte).startswith("sous ")
        if sous and finalites:
            finalites[-1]["sous_finalites"].append(self.borner(r.libelle.texte, cellule, 500, ligne=True))
        else:
            libelle = self.borner(r.libelle.texte, cellule, 400, ligne=True)
            self.ajouter("finalites", libelle=libelle, sous_finalites=[])
            if sous:
                self.douter(cellule, "sous-finalité sans finalité principale", "finalites")
        if reponse == Reponse.NUANCEE:
            self.douter(cellule, RAISONS[reponse], "finalites")

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
        if texte is None and (duree is None or article_9):
            if duree is not None:
                self.garder(
                    f"{r.libelle.texte}, durée de conservation",
                    duree,
                    Sort.DOUTEUSE,
                    "une durée, mais rien ne dit que la donnée soit traitée",
                )
            return
        if reponse in N_AFFIRMENT_RIEN:
            self.ecarter(r.libelle.texte, [texte], reponse)
            if duree is not None:
                self.garder(
                    f"{r.libelle.texte}, durée de conservation",
                    duree,
                    Sort.DOUTEUSE,
                    "une durée, pour une donnée qui n'est pas dite traitée",
                )
            return
        precisions = ""
        if texte is not None:
            self.placer(texte)
            precisions = "" if reponse == Reponse.OUI else self.borner(r.libelle.texte, texte, 3000)
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
        regle: dict[str, Any] = {"categorie": code, "texte_origine": self.borner(nom, cellule, 3000)}
        if code == "AUTRES":
            regle["objet"] = libelle.replace("\n", " ")[:300]
        if lue := lire_duree(cellule.texte, self.c.departs):
            regle |= {"duree_valeur": lue.valeur, "duree_unite": lue.unite}
            regle["point_depart_precisions"] = lue.depart.replace("\n", " ")[:300]
            self.placer(cellule)
            if lue.depart and (depart := evenement(lue.depart, self.c.departs)):
                regle["point_depart"] = depart
                self.douter(
                    cellule,
                    f"point de départ proposé, à confirmer : {self.c.evenement(depart)}",
                    "conservation",
                )
        else:
            regle["critere"] = cellule.texte.replace("\n", " ")[:500]
            self.placer(cellule)
            if porte_un_chiffre(cellule.texte) or reponse == Reponse.NUANCEE:
                self.douter(cellule, "durée nuancée : non interprétée, son texte est gardé", "conservation")
        self.ajouter("conservations", **regle)

    def _deux_colonnes(
        self, r: Rangee, premiere: str, seconde: str
    ) -> tuple[Cellule | None, Cellule | None] | None:
        """Les deux cellules d'une ligne de liste, ou `None` si elles n'affirment rien : elles sont alors gardées."""
        a, b = r.valeurs.get(premiere), r.valeurs.get(seconde)
        reponses = {c.adresse: lire_reponse(c.texte, r.libelle.texte) for c in (a, b) if c}
        if not reponses:
            return None
        dit_a = reponses[a.adresse] if a else None
        dit_b = reponses[b.adresse] if b else None
        if dit_b == Reponse.VIDE and dit_a not in N_AFFIRMENT_RIEN | {None}:
            self.garder(r.libelle.texte, b)  # « - » en précision : rien de plus à dire
            b, dit_b = None, None
        muettes = N_AFFIRMENT_RIEN | {Reponse.OUI}
        if dit_a not in muettes and dit_b not in muettes:
            return a, b
        negatives = all(dit in NEGATIVES for dit in reponses.values())
        raison = "" if negatives else "la ligne ne dit pas clairement ce qu'elle déclare"
        self.ecarter(
            r.libelle.texte, filter(None, (a, b)), Reponse.NON if negatives else Reponse.NUANCEE, raison
        )
        return None

    def personnes(self, r: Rangee) -> None:
        if (lues := self._deux_colonnes(r, "description", "precisions")) is None:
            return
        libelle, precisions = lues
        self.placer(*lues)
        code = self.c.personnes(libelle.texte) if libelle else None
        dites = [precisions] if code else [libelle, precisions]
        texte = " : ".join(c.texte for c in dites if c)
        texte = self._borner_texte(r.libelle.texte, texte, 2000, *filter(None, dites))
        self.ajouter("personnes", categorie=code or "AUTRES_PERSONNES", precisions=texte)

    def destinataires(self, r: Rangee) -> None:
        """Type et précisions, comme dans le modèle ; ou une colonne « Destinataire » qui le nomme."""
        en_precision = r.valeurs.pop("precisions", None) if "nom" in r.valeurs else None
        nommes = "nom" if "nom" in r.valeurs else "precisions"
        if (lues := self._deux_colonnes(r, "description", nommes)) is None:
            if en_precision is not None:
                self.garder(r.libelle.texte, en_precision)
            return
        libelle, nomme = lues
        self.placer(*lues, en_precision)
        code = self.c.destinataire(libelle.texte) if libelle else None
        nom, precisions = nomme.texte if nomme else "", en_precision.texte if en_precision else ""
        if code is None and libelle:
            genre = f"Type dans le fichier : {libelle.texte}" if nom else ""
            precisions = "\n".join(t for t in (genre, precisions) if t)
            nom = nom or libelle.texte
        if len(nom) > 300 or "\n" in nom:
            precisions, nom = "\n".join(t for t in (nom, precisions) if t), nom.splitlines()[0][:300]
        precisions = self._borner_texte(r.libelle.texte, precisions, 2000, *filter(None, lues))
        self.ajouter("destinataires", type=code or "AUTRE_DESTINATAIRE", nom=nom, precisions=precisions)

    def securite(self, r: Rangee) -> None:
        if (lues := self._deux_colonnes(r, "description", "precisions")) is None:
            return
        self.placer(*lues)
        texte = " : ".join(c.texte for c in lues if c)
        texte = self._borner_texte(r.libelle.texte, texte, 2000, *filter(None, lues))
        self.ajouter("mesures", fiche=self.c.mesure(lues[0].texte) if lues[0] else None, precisions=texte)

    # --- Les transferts ----------------------------------------------------------------------------------------------

    def transferts(self, r: Rangee) -> None:
        """Une ligne de transfert : un destinataire, un pays, une garantie ; ou une réponse (« Aucun »), qui n'en est pas un."""
        if not r.valeurs:
            return
        dits = {nom: lire_reponse(c.texte, r.libelle.texte) for nom, c in r.valeurs.items()}
        fond = {nom: dit for nom, dit in dits.items() if nom in ("destinataire", "pays")}
        if dits.get("destinataire") == Reponse.AUTRE and dits.get("pays") in (Reponse.VIDE, Reponse.INCONNUE):
            self.garder(f"{r.libelle.texte}, pays", r.valeurs.pop("pays"))
            dits.pop("pays"), fond.pop("pays")
        if all(dit in NEGATIVES for dit in dits.values()):
            self.ecarter(r.libelle.texte, r.valeurs.values(), Reponse.NON)
            self.transferts_dits.append(Reponse.NON if Reponse.NON in fond.values() else Reponse.SANS_OBJET)
        elif not fond or any(dit in N_AFFIRMENT_RIEN | {Reponse.OUI} for dit in fond.values()):
            self.ecarter(
                r.libelle.texte,
                r.valeurs.values(),
                Reponse.NUANCEE,
                "la ligne ne dit pas clairement s'il y a un transfert",
            )
            self.transferts_dits.append(Reponse.NUANCEE)
        else:
            self._transfert(r, dits)

    def _transfert(self, r: Rangee, dits: dict[str, Reponse]) -> None:
        cellules = dict(r.valeurs)
        document = cellules.get("document")
        if document is not None and dits["document"] in NEGATIVES:
            self.garder(r.libelle.texte, cellules.pop("document"))
        self.placer(*cellules.values())
        pays, precisions = self._pays(cellules.get("pays"))
        garantie, autres = self._garantie(cellules.get("garantie"))
        precisions += autres
        importateur = cellules.get("destinataire")
        document = cellules.get("document")
        self.ajouter(
            "transferts",
            importateur=self.borner(r.libelle.texte, importateur, 300, ligne=True) if importateur else "",
            pays=pays.code if pays else None,
            garantie=garantie,
            document=self.borner(r.libelle.texte, document, 500, ligne=True) if document else "",
            precisions="\n".join(precisions)[:2000],
        )
        if pays is not None and pays.dans_eee:
            self.douter(
                cellules["pays"],
                f"{pays} est dans l'Espace économique européen : ce n'est pas un transfert hors de l'EEE",
                "transferts",
            )
        else:
            self.hors_eee = True
        if avertissement := self.c.avertissement(garantie, pays):
            self._remarquer(
                "Transfert, garantie du fichier", f"{r.texte('pays')}, {r.texte('garantie')}", avertissement
            )

    def _pays(self, cellule: Cellule | None):
        """Le pays reconnu, ou `None` ; et ce qu'il faut garder du texte."""
        if cellule is None:
            return None, []
        if (pays := self.c.pays(cellule.texte)) is None:
            self.rapport.noter(
                cellule.adresse, Sort.INCOMPRISE, "pays non reconnu, gardé en précision du transfert"
            )
            self.avis.append(
                f"Le pays « {cellule.texte} » n'est pas reconnu : gardé en précision du transfert."
            )
            return None, [
                f"Pays dans le fichier : {self._borner_texte('Pays du transfert', cellule.texte, 900, cellule)}"
            ]
        return pays, []

    def _garantie(self, cellule: Cellule | None) -> tuple[str | None, list[str]]:
        if cellule is None:
            return None, []
        if (code := self.c.garantie(cellule.texte)) is None:
            self.rapport.noter(
                cellule.adresse, Sort.INCOMPRISE, "garantie non reconnue, gardée en précision du transfert"
            )
            self.avis.append(f"La garantie « {cellule.texte} » reste à préciser sur la fiche.")
            return None, [
                f"Garantie dans le fichier : {self._borner_texte('Garantie du transfert', cellule.texte, 900, cellule)}"
            ]
        return code, []

    def _conclure_transferts(self) -> None:
        """Un transfert listé vaut oui ; un « non » vaut non si rien ne le contredit ; « sans objet » ne vaut rien."""
        d, dits = self.donnees, self.transferts_dits
        numeros = {plier(x["nom"]): x["numero"] for x in d["destinataires"] if x["nom"]}
        for transfert in d["transferts"]:
            if numero := numeros.get(plier(transfert["importateur"])):
                transfert["destinataire_numero"], transfert["importateur"] = numero, ""
        if d["transferts"]:
            if self.hors_eee:
                d["transferts_hors_eee"] = True
            if Reponse.NON in dits:
                self.avis.append("Le fichier dit à la fois qu'il y a un transfert et qu'il n'y en a pas.")
        elif dits and all(dit in (Reponse.NON, Reponse.OUI) for dit in dits) and len(set(dits)) == 1:
            d["transferts_hors_eee"] = dits[0] == Reponse.OUI

    def _conclure_sensibles(self) -> None:
        """Une catégorie listée vaut oui ; non, si chaque ligne du bloc le dit : une ligne vide n'est pas un « non »."""
        if any(x["categorie"] in lib.ARTICLE_9 for x in self.donnees["donnees"]):
            self.donnees["donnees_sensibles"] = True
        elif self.donnees["donnees_sensibles"] is None and self.sensibles:
            if all(dit == Reponse.NON for dit in self.sensibles):
                self.donnees["donnees_sensibles"] = False

    # --- Une réponse au bloc entier ------------------------------------------------------------------------------------

    def _reponse(self, r: Rangee) -> tuple[Cellule, Reponse] | None:
        """La seule cellule qui suit le nom du bloc ; `None`, tout gardé, s'il y en a plusieurs."""
        if len(r.cellules) == 1 and "description" in r.valeurs:
            cellule = r.valeurs["description"]
            return cellule, lire_reponse(cellule.texte, r.libelle.texte)
        for cellule in r.cellules:
            self.garder(r.libelle.texte, cellule, Sort.INCOMPRISE, "plusieurs valeurs à côté du nom du bloc")
        return None

    def reponse_sensibles(self, r: Rangee) -> None:
        if (lue := self._reponse(r)) is None:
            return
        cellule, dit = lue
        codes = [lib.sensible(partie) for partie in cellule.texte.replace(" et ", ",").split(",")]
        if dit in (Reponse.OUI, Reponse.NON):
            self.placer(cellule)
            self.donnees["donnees_sensibles"] = dit == Reponse.OUI
        elif dit == Reponse.AUTRE and all(codes):
            self.placer(cellule)
            for code in dict.fromkeys(codes):
                self.ajouter("donnees", categorie=code, precisions=cellule.texte)
        else:
            self.ecarter(
                r.libelle.texte,
                [cellule],
                Reponse.NUANCEE if dit == Reponse.AUTRE else dit,
                "aucune catégorie reconnue" if dit == Reponse.AUTRE else "",
            )

    def reponse_transferts(self, r: Rangee) -> None:
        if (lue := self._reponse(r)) is None:
            return
        cellule, dit = lue
        if dit in (Reponse.OUI, Reponse.NON):
            self.placer(cellule)
            if dit == Reponse.NON and len(cellule.texte) > 5:
                self._remarquer(r.libelle.texte, cellule.texte)
        else:
            self.ecarter(
                r.libelle.texte,
                [cellule],
                Reponse.NUANCEE if dit == Reponse.AUTRE else dit,
                "transfert décrit en une phrase : à saisir" if dit == Reponse.AUTRE else "",
            )
        self.transferts_dits.append(dit if dit in (Reponse.OUI, Reponse.NON) else Reponse.NUANCEE)

    def reponse_liste(self, r: Rangee) -> None:
        """« Destinataires | Le service comptable » : une ligne de la liste."""
        if self._reponse(r) is not None:
            BLOCS[r.bloc](self, r)


def _est_du_modele(rangee: Rangee) -> bool:
    """Le libellé n'apprend rien : c'est un titre du modèle, une aide, ou celui d'une ligne reconnue, sans complément."""
    libelle = rangee.libelle
    if libelle.cle.startswith(TITRE_MODELE + TITRE_EXEMPLE) or est_aide(libelle.colonne, libelle.texte):
        return True
    reconnu = rangee.tete or rangee.bloc in BLOCS
    return reconnu and lib.n_ajoute_rien(libelle.texte)


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
REPONSES: dict[str, Callable[[Lecteur, Rangee], None]] = {
    "sensibles": Lecteur.reponse_sensibles,
    "transferts": Lecteur.reponse_transferts,
    "finalites": Lecteur.reponse_liste,
    "personnes": Lecteur.reponse_liste,
    "destinataires": Lecteur.reponse_liste,
    "securite": Lecteur.reponse_liste,
    "donnees": Lecteur.autre,
    "acteurs": Lecteur.autre,
    "description": Lecteur.autre,
}


def fiche_de(feuille: Feuille, correspondances: Correspondances, origine: str) -> FicheLue | None:
    """La fiche que porte une feuille, ou `None` si c'est le modèle laissé vierge, ou son exemple inchangé."""
    return Lecteur(feuille, correspondances, origine).lire()
