"""Le SQL d'une purge : écrit pour qui tient la base, jamais exécuté. Pur : ni base de données, ni horloge."""
