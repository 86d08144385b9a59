"""Les données de démonstration : une boutique en ligne et une agence, fictives."""
