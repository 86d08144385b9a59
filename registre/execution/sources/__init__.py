"""Les sources qu'un relevé sait lire, chacune dans son module : `reconnait(adresse)`, `compter(demande)`, `TABLE` (en faut-il une ?).

Une base se regarde aussi avant de se compter, `regarder(demande)` ; un fichier, `fichier.regarder(adresse, le, feuille)`. Une source de plus : un module, et une ligne ici. Toutes lisent sans jamais écrire, et ne rendent que des chiffres.
"""

from types import ModuleType

from registre.execution.sources import fichier, mysql, postgresql, sqlite
from registre.execution.sources.demande import SourceRefusee

SOURCES = (postgresql, mysql, sqlite, fichier)


def source_de(adresse: str) -> ModuleType:
    """Le module qui sait lire cette adresse. Lève `SourceRefusee`, sans la citer : elle peut porter un secret."""
    for source in SOURCES:
        if source.reconnait(adresse):
            return source
    raise SourceRefusee(
        "Cette source n'est pas connue : donnez un fichier CSV, XLSX ou ODS, sqlite:///base.db, postgresql://hôte/base, "
        "mysql://hôte/base ou mariadb://hôte/base."
    )
