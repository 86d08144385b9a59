"""Des libellés du modèle de la CNIL aux codes des référentiels."""

import re
from datetime import date

from django.utils import timezone

from organismes.models import DecisionAdequation, Pays
from registre.echanges.imports.textes import plier
from registre.fiche.codes import Codes
from traitements.models import CategoriePersonnes, Evenement, Garantie, TypeDestinataire

# Une mesure de la CNIL qui recouvre plusieurs fiches du guide n'en choisit aucune : on affirmerait trop.
MESURES = {
    "mesures de tracabilite": "SEC16",
    "sauvegarde des donnees": "SEC17",
    "chiffrement des donnees": "SEC21",
    "controle des sous traitants": "SEC14",
}
ARTICLE = re.compile(r"^(?:de la|de l|des|du|de|d) ")
DEROGATIONS = "derogations art 49"


class Correspondances:
    """Les référentiels utiles à l'import, chargés une fois ; `le` date l'adéquation."""

    def __init__(self, le: date | None = None):
        self.codes = Codes()
        self.le = le or timezone.localdate()
        self._pays = {
            plier(nom): pays
            for pays in self.codes.de(Pays).values()
            for nom in (pays.libelle, *pays.autres_noms, pays.code)
        }
        self._personnes = {plier(p.libelle): code for code, p in self.codes.de(CategoriePersonnes).items()}
        self._destinataires = {plier(t.libelle): code for code, t in self.codes.de(TypeDestinataire).items()}
        garanties = self.codes.de(Garantie)
        self._garanties = {plier(g.cnil_ods): code for code, g in reversed(garanties.items()) if g.cnil_ods}
        self._garanties |= {plier(g.libelle): code for code, g in garanties.items()}
        self.departs = {
            ARTICLE.sub("", plier(e.a_compter)): code for code, e in self.codes.de(Evenement).items()
        }
        self._adequats = set(DecisionAdequation.objects.en_vigueur(self.le).values_list("pays_id", flat=True))

    def personnes(self, libelle: str) -> str | None:
        return self._personnes.get(plier(libelle))

    def destinataire(self, libelle: str) -> str | None:
        cle = plier(libelle)
        return self._destinataires.get(cle) or self._destinataires.get(f"{cle}s")

    @staticmethod
    def mesure(libelle: str) -> str | None:
        return MESURES.get(plier(libelle))

    def pays(self, libelle: str) -> Pays | None:
        return self._pays.get(plier(libelle))

    def garantie(self, libelle: str) -> str | None:
        """Le code, sauf pour « Dérogations (art 49) », qui en recouvre huit : la fiche devra choisir."""
        cle = plier(libelle)
        return None if cle.startswith(DEROGATIONS) else self._garanties.get(cle)

    def evenement(self, code: str) -> str:
        """« à compter de la fin du contrat »."""
        return f"à compter {self.codes.de(Evenement)[code].a_compter}"

    def avertissement(self, garantie: str | None, pays: Pays | None) -> str:
        """Ce qu'il faut savoir d'une garantie reprise telle quelle ; vide si rien."""
        if garantie == "INVALIDE_PRIVACY_SHIELD":
            return "Le Privacy Shield est invalidé depuis le 16 juillet 2020 (CJUE, C-311/18) : il ne fonde plus de transfert."
        if (
            garantie == "ADEQUATION"
            and pays is not None
            and not pays.dans_eee
            and pays.code not in self._adequats
        ):
            return f"{pays} : aucune décision d'adéquation en vigueur à ce jour."
        if garantie == "ADEQUATION" and pays is not None and pays.code in ("US", "CA"):
            return f"{pays} : l'adéquation est partielle ; vérifiez que l'importateur est couvert."
        return ""
