"""Django cherche ici les vues de gestion ; elles vivent dans `registre.gestion`."""

from registre.gestion import fiches, objets

__all__ = ["fiches", "objets"]
