"""L'épreuve d'anonymat : individualisation, corrélation, inférence. Pur : ni base de données, ni fichier, ni horloge."""
