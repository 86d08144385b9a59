"""Les champs d'une page de saisie, que `registre.portes.gestion.ecriture` écrit."""

from django import template

from registre.portes.gestion.ecriture import ecrire_champ, ecrire_grille

register = template.Library()
register.filter("grille", ecrire_grille)
register.filter("ecrit", ecrire_champ)
