"""Écrire des documents : le PDF et ses polices, la typographie, le CSV (voir README.md)."""
