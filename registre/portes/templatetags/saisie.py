"""Les champs d'une page de saisie, que `registre.portes.gestion.ecriture` et `ecriture_disposee` écrivent."""

from django import template

from registre.portes.gestion.ecriture import ecrire_champ
from registre.portes.gestion.ecriture_disposee import ecrire_bloc

register = template.Library()
register.filter("grille", ecrire_bloc)
register.filter("ecrit", ecrire_champ)
