"""Django cherche ici les vues de gestion ; elles vivent dans `registre.portes.gestion`."""

from registre.portes.gestion import fiches, objets

__all__ = ["fiches", "objets"]
