"""À qui et où vont les données : ce que disent les destinataires et les transferts d'une fiche. Pur."""

from collections.abc import Iterator
from datetime import date

from droit.faits import RIEN, Element, Faits, texte, une_fois
from organismes.pliage import plier

INTERNE = "INTERNE"
PAYS_TIERS = "PAYS_TIERS"  # un destinataire que son type situe déjà hors de l'espace


def destinataire_vise(faits: Faits, transfert: Element) -> Element:
    """Le destinataire que vise un transfert ; vide s'il n'en nomme pas."""
    numero = transfert.get("destinataire_numero")
    return next((r for r in faits.liste("destinataires") if numero and r.get("numero") == numero), RIEN)


def pays_du_transfert(faits: Faits, transfert: Element) -> str | None:
    """Le pays du transfert, sinon celui de son destinataire."""
    return texte(transfert, "pays") or faits.pays(destinataire_vise(faits, transfert))


def sort_de_l_espace(faits: Faits, transfert: Element, le: date) -> bool:
    """Ce transfert quitte-t-il l'Espace économique européen ? Une organisation internationale en est toujours hors."""
    hors = faits.reperes.hors_eee(pays_du_transfert(faits, transfert), le)
    return hors or bool(texte(transfert, "organisation"))


def vise(faits: Faits, transfert: Element, destinataire: Element) -> bool:
    """Ce transfert vise-t-il ce destinataire, par son numéro ou, sans numéro, par son pays et son nom ?"""
    if transfert.get("destinataire_numero"):
        return bool(transfert["destinataire_numero"] == destinataire["numero"])
    importateur = plier(texte(transfert, "importateur"))
    return va_au_meme_pays(faits, transfert, destinataire) and importateur in (
        "",
        plier(qui(faits, destinataire)),
    )


def va_au_meme_pays(faits: Faits, transfert: Element, destinataire: Element) -> bool:
    """Un transfert sans numéro, vers le pays de ce destinataire."""
    sans_numero = not transfert.get("destinataire_numero")
    return sans_numero and texte(transfert, "pays") == faits.pays(destinataire)


@une_fois
def destinataires_hors_eee(faits: Faits, le: date) -> list[Element]:
    """Les destinataires que la fiche situe hors de l'Espace économique européen."""
    return [r for r in faits.liste("destinataires") if faits.reperes.hors_eee(faits.pays(r), le)]


def vers(faits: Faits, transfert: Element) -> str:
    """« Mailwright Inc., États-Unis » : à qui et où."""
    importateur = {"nom": transfert.get("importateur"), **destinataire_vise(faits, transfert)}
    ou = texte(transfert, "organisation") or pays_du_transfert(faits, transfert)
    return qui_et_ou(faits, {**importateur, "pays": ou})


def qui_et_ou(faits: Faits, destinataire: Element) -> str:
    ou = faits.reperes.libelle("pays", faits.pays(destinataire))
    return ", ".join(mot for mot in (qui(faits, destinataire), ou) if mot) or "destination non précisée"


def qui(faits: Faits, destinataire: Element) -> str:
    """Le nom du tiers cité, sinon celui que porte la ligne."""
    return texte(faits.tiers(destinataire), "nom") or texte(destinataire, "nom")


def lieux(faits: Faits) -> Iterator[tuple[str, str]]:
    """Chaque pays que la fiche nomme, avec le chemin qui le porte."""
    for r in faits.liste("destinataires"):
        yield f"destinataires[{r['numero']}].pays", faits.pays(r) or ""
    for x in faits.liste("transferts"):
        yield f"transferts[{x['numero']}].pays", texte(x, "pays")
