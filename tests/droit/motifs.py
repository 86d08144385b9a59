"""Les branches d'un motif : de quoi vérifier que chacune contient un des radicaux sans lesquels on ne la cherche pas."""


def alternatives(motif):
    """« a (?:b|c)|d » → « a (?:b|c) », « d » : les branches du premier niveau."""
    branches, profondeur, debut = [], 0, 0
    for place, signe in enumerate(motif):
        profondeur += {"(": 1, ")": -1}.get(signe, 0)
        if signe == "|" and not profondeur:
            branches.append(motif[debut:place])
            debut = place + 1
    return [*branches, motif[debut:]]


def sans_radical(motif, radicaux):
    """Les branches que la lecture ne chercherait jamais."""
    return [b for b in alternatives(motif) if not any(r in b for r in radicaux)]
