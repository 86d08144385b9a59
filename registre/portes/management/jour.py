"""Un jour donné en option de commande."""

from argparse import ArgumentTypeError
from datetime import date

from organismes.jours import jour_lu, plausible


def jour(texte: str) -> date:
    """« 2026-11-25 ». Une autre forme, ou un jour hors des bornes, est un mauvais usage (code 2), dit en français."""
    try:
        return plausible(jour_lu(texte))
    except ValueError as refus:
        # argparse finit lui-même sa phrase
        raise ArgumentTypeError(f"« {texte[:40]} » : {str(refus).removesuffix('.')}") from None
