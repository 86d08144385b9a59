"""Le seul refus de cette pièce, des deux côtés du processus."""


class FichierRefuse(Exception):
    """Le fichier ne peut pas être lu ; le message dit pourquoi, en français, sans une valeur du fichier."""

    @property
    def phrase(self) -> str:
        """Le message avec sa majuscule et son point."""
        raison = str(self)
        return f"{raison[:1].upper()}{raison[1:]}{'' if raison.endswith('.') else '.'}"
