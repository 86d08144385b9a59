"""Des libellés du modèle de la CNIL aux codes des référentiels."""

from datetime import date

from django.utils import timezone

from organismes.models import DecisionAdequation, Pays
from registre.codes import Codes
from registre.imports.textes import plier
from traitements.models import CategoriePersonnes, Garantie, TypeDestinataire

# Débuts de libellés : les parenthèses et points de suspension varient d'un fichier à l'autre.
DONNEES = (
    ("etat civil", "ETAT_CIVIL"),
    ("vie personnelle", "VIE_PERSONNELLE"),
    ("vie professionnelle", "VIE_PROFESSIONNELLE"),
    ("informations d ordre economique", "ECONOMIQUE_FINANCIERE"),
    ("donnees de connexion", "CONNEXION"),
    ("donnees de localisation", "LOCALISATION"),
    ("internet", "NAVIGATION"),
    ("numero de securite sociale", "NIR"),
    ("nir", "NIR"),
    ("donnees revelant l origine raciale", "ORIGINE_ETHNIQUE"),
    ("donnees revelant les opinions politiques", "OPINIONS_POLITIQUES"),
    ("donnees revelant les convictions", "CONVICTIONS"),
    ("donnees revelant l appartenance syndicale", "SYNDICAT"),
    ("donnees genetiques", "GENETIQUES"),
    ("donnees biometriques", "BIOMETRIQUES"),
    ("donnees concernant la sante", "SANTE"),
    ("donnees concernant la vie sexuelle", "VIE_SEXUELLE"),
    ("donnees relatives a des condamnations", "INFRACTIONS"),
    ("autres categories", "AUTRES"),
)
# Une mesure de la CNIL qui recouvre plusieurs fiches du guide n'en choisit aucune : on affirmerait trop.
MESURES = {
    "mesures de tracabilite": "SEC16",
    "sauvegarde des donnees": "SEC17",
    "chiffrement des donnees": "SEC21",
    "controle des sous traitants": "SEC14",
}
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
        self._adequats = set(DecisionAdequation.objects.en_vigueur(self.le).values_list("pays_id", flat=True))

    @staticmethod
    def donnee(libelle: str) -> str | None:
        cle = plier(libelle)
        return next((code for debut, code in DONNEES if cle.startswith(debut)), None)

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
