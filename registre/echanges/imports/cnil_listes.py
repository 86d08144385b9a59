"""Les listes d'une fiche du modèle de la CNIL : personnes, destinataires, mesures, transferts. Une négation n'en est aucun."""

from organismes.models import Pays
from registre.echanges.imports.cellules import Cellule
from registre.echanges.imports.cnil_carnet import MOTS_SEULS, Carnet
from registre.echanges.imports.cnil_feuille import Rangee
from registre.echanges.imports.rapport import Sort
from registre.echanges.imports.reponses import (
    N_AFFIRMENT_RIEN,
    NEGATIVES,
    Reponse,
    dit_ou_restent_les_donnees,
    lire_reponse,
    n_evoque_que_l_eee,
    nomme_un_lieu_de_l_eee,
)
from registre.echanges.imports.textes import plier


class Listes(Carnet):
    """Une ligne du fichier, un élément de la liste, ou rien : ce qui n'affirme rien se garde en remarque."""

    def personnes(self, r: Rangee) -> None:
        if (lues := self.deux_colonnes(r, "description", "precisions")) is None:
            return
        libelle, precisions = lues
        self.placer(*lues)
        code = self.c.personnes(libelle.texte) if libelle else None
        dites = [precisions] if code else [libelle, precisions]
        texte = " : ".join(c.texte for c in dites if c)
        texte = self.borner_texte(r.libelle.texte, texte, 2000, *filter(None, dites))
        self.ajouter("personnes", categorie=code or "AUTRES_PERSONNES", precisions=texte)

    def destinataires(self, r: Rangee) -> None:
        """Type et précisions, comme dans le modèle ; ou une colonne « Destinataire » qui le nomme."""
        en_precision = r.valeurs.pop("precisions", None) if "nom" in r.valeurs else None
        nommes = "nom" if "nom" in r.valeurs else "precisions"
        if (lues := self.deux_colonnes(r, "description", nommes)) is None:
            if en_precision is not None:
                self.garder(r.libelle.texte, en_precision)
            return
        libelle, nomme = lues
        code = self.c.destinataire(libelle.texte) if libelle else None
        nom_donne = nomme or libelle
        if nom_donne and dit_ou_restent_les_donnees(nom_donne.texte):
            self.ecarter(
                r.libelle.texte,
                filter(None, (*lues, en_precision)),
                Reponse.NUANCEE,
                "la ligne dit où restent les données, et non qui les reçoit",
            )
            return
        self.placer(*lues, en_precision)
        if libelle and code == "PAYS_TIERS":
            self.preuves["transferts"].append(libelle)
        nom, precisions = nomme.texte if nomme else "", en_precision.texte if en_precision else ""
        if code is None and libelle:
            genre = f"Type dans le fichier : {libelle.texte}" if nom else ""
            precisions = "\n".join(t for t in (genre, precisions) if t)
            nom = nom or libelle.texte
        if len(nom) > 300 or "\n" in nom:
            precisions, nom = "\n".join(t for t in (nom, precisions) if t), nom.splitlines()[0][:300]
        precisions = self.borner_texte(r.libelle.texte, precisions, 2000, *filter(None, lues))
        self.ajouter("destinataires", type=code or "AUTRE_DESTINATAIRE", nom=nom, precisions=precisions)

    def securite(self, r: Rangee) -> None:
        if (lues := self.deux_colonnes(r, "description", "precisions")) is None:
            return
        self.placer(*lues)
        texte = " : ".join(c.texte for c in lues if c)
        texte = self.borner_texte(r.libelle.texte, texte, 2000, *filter(None, lues))
        self.ajouter("mesures", fiche=self.c.mesure(lues[0].texte) if lues[0] else None, precisions=texte)

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
            self._nier(r, fond)
        elif not fond or any(dit in N_AFFIRMENT_RIEN | {Reponse.OUI} for dit in fond.values()):
            self._douter(r, "la ligne ne dit pas clairement s'il y a un transfert")
        elif self._reste_dans_l_eee(r):
            self._douter(
                r,
                "la ligne dit où sont les données, dans l'Espace économique européen, et ne nomme aucun transfert",
            )
        else:
            self._transfert(r, dits)

    def _douter(self, r: Rangee, raison: str) -> None:
        self.ecarter(r.libelle.texte, r.valeurs.values(), Reponse.NUANCEE, raison)
        self.transferts_dits.append(Reponse.NUANCEE)

    def _nier(self, r: Rangee, fond: dict[str, Reponse]) -> None:
        for nom, dit in fond.items():
            if dit == Reponse.NON:
                self.repondre("transferts", r.valeurs[nom], dit)

    def _reste_dans_l_eee(self, r: Rangee) -> bool:
        """« Allemagne », « Hébergement en France » : un lieu de l'EEE, et personne qui reçoive les données."""
        destinataire, lieu = r.valeurs.get("destinataire"), r.valeurs.get("pays")
        if destinataire is not None and not n_evoque_que_l_eee(destinataire.texte):
            return False
        pays = self.c.pays(lieu.texte) if lieu else None
        return lieu is None or n_evoque_que_l_eee(lieu.texte) or bool(pays and pays.dans_eee)

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
        if pays is None and importateur is not None and nomme_un_lieu_de_l_eee(importateur.texte):
            self.douter(
                importateur,
                "le destinataire semble dans l'Espace économique européen : le transfert hors de l'EEE n'est pas affirmé",
                "transferts",
            )
        elif pays is not None and pays.dans_eee:
            self.douter(
                cellules["pays"],
                f"{pays} est dans l'Espace économique européen : ce n'est pas un transfert hors de l'EEE",
                "transferts",
            )
        else:
            self.hors_eee = True
            self.preuves["transferts"].append(next(c for c in (importateur, cellules.get("pays")) if c))
        if avertissement := self.c.avertissement(garantie, pays):
            self.remarquer(
                "Transfert, garantie du fichier", f"{r.texte('pays')}, {r.texte('garantie')}", avertissement
            )

    def _pays(self, cellule: Cellule | None) -> tuple[Pays | None, list[str]]:
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
                f"Pays dans le fichier : {self.borner_texte('Pays du transfert', cellule.texte, 900, cellule)}"
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
                f"Garantie dans le fichier : {self.borner_texte('Garantie du transfert', cellule.texte, 900, cellule)}"
            ]
        return code, []

    def conclure_transferts(self) -> None:
        """Un transfert listé vaut oui ; un « non » vaut non si rien ne le contredit ; « sans objet » ne vaut rien."""
        d, dits = self.donnees, self.transferts_dits
        numeros = {plier(x["nom"]): x["numero"] for x in d["destinataires"] if x["nom"]}
        for transfert in d["transferts"]:
            if numero := numeros.get(plier(transfert["importateur"])):
                transfert["destinataire_numero"], transfert["importateur"] = numero, ""
        contredit = self.dire_les_contradictions("transferts")
        if d["transferts"]:
            if self.hors_eee:
                d["transferts_hors_eee"] = True
        elif contredit:
            return
        elif dits and all(dit in (Reponse.NON, Reponse.OUI) for dit in dits) and len(set(dits)) == 1:
            d["transferts_hors_eee"] = dits[0] == Reponse.OUI

    def reponse_transferts(self, r: Rangee) -> None:
        if (lue := self.reponse(r)) is None:
            return
        cellule, dit = lue
        if dit in (Reponse.OUI, Reponse.NON):
            self.placer(cellule)
            self.repondre("transferts", cellule, dit)
            if cellule.cle not in MOTS_SEULS:
                self.remarquer(r.libelle.texte, cellule.texte)
        else:
            self.ecarter(
                r.libelle.texte,
                [cellule],
                Reponse.NUANCEE if dit == Reponse.AUTRE else dit,
                "transfert décrit en une phrase : à saisir" if dit == Reponse.AUTRE else "",
            )
        self.transferts_dits.append(dit if dit in (Reponse.OUI, Reponse.NON) else Reponse.NUANCEE)
