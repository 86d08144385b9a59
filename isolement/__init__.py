"""Lire à part ce qui vient du dehors : des limites, un lancement, un refus (voir README.md)."""
