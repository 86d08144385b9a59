"""L'atelier que `fragments.rendre_tous` ouvre : `python -m documents`."""

from documents.fragments import servir

if __name__ == "__main__":
    servir()
