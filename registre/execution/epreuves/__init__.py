"""L'épreuve d'anonymat d'un fichier que l'on ne garde pas : le lire à part, mesurer, consigner des chiffres."""
