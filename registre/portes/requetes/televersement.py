"""Ce qu'un téléversement peut peser, et ce que l'on dit d'un fichier qui n'est pas arrivé : jamais un silence."""

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.forms import BaseForm, FileField
from django.http import HttpRequest

from isolement.limites import OCTETS_RECUS, en_megaoctets

TROP_LOURD = (
    f"Ce fichier dépasse {en_megaoctets(OCTETS_RECUS)} : rien n'en a été gardé, et rien n'est consigné."
)
PAS_UN_FICHIER = "Ce champ attend un fichier, et le vôtre n'est pas arrivé : choisissez-le de nouveau."
PLUSIEURS = "Un seul fichier ici : vous en avez envoyé {n}. Réunissez-les dans une archive."
INATTENDU = "Un fichier est arrivé sous un nom que cette page n'attend pas : rien n'est consigné."


class RequeteBornee(HttpRequest):
    """Une requête dont `Borne` a jeté un fichier."""

    trop_lourd: str  # le champ de ce fichier ; absent si rien n'a été jeté


class Borne(FileUploadHandler):
    """Placé devant les autres : au-delà de la limite, les octets sont lus et jetés, jamais écrits sur le disque.

    `request.trop_lourd` nomme alors le champ, pour que la page dise pourquoi le fichier manque.
    """

    request: RequeteBornee

    def new_file(self, *args, **options):
        super().new_file(*args, **options)
        self.recus = 0

    def receive_data_chunk(self, raw_data, start):
        self.recus += len(raw_data)
        if self.recus > OCTETS_RECUS:
            self.request.trop_lourd = self.field_name
            raise SkipFile
        return raw_data

    def file_complete(self, file_size):
        return None  # aux suivants de le garder


class SansFichierPerdu(BaseForm):
    """Un formulaire de fichiers. Celui qui n'est pas arrivé est une faute, même quand il est facultatif.

    `envoi` : la requête. Trop lourd, envoyé comme un texte, en plusieurs exemplaires ou sous un autre nom : la page le dit
    et garde ce qui est tapé.
    """

    trop_lourd = TROP_LOURD

    def __init__(self, *args, envoi: HttpRequest | None = None, **options):
        super().__init__(*args, **options)
        self.envoi = envoi

    def full_clean(self):
        super().full_clean()
        if self.is_bound and self.envoi is not None:
            for nom, message in self.perdus(self.envoi).items():
                if nom in self.fields:
                    self.errors.pop(nom, None)
                self.add_error(nom if nom in self.fields else None, message)

    def perdus(self, envoi: HttpRequest) -> dict[str, str]:
        """Champ → pourquoi son fichier n'est pas là ; « » pour un champ que la page n'a pas."""
        attendus = {nom for nom, champ in self.fields.items() if isinstance(champ, FileField)}
        jete = getattr(envoi, "trop_lourd", "")
        lus = {nom: len(envoi.FILES.getlist(nom)) for nom in envoi.FILES}
        inattendu = bool({*lus, *([jete] if jete else [])} - attendus)
        return (
            ({"": INATTENDU} if inattendu else {})
            | {nom: PAS_UN_FICHIER for nom in attendus if envoi.POST.get(nom)}
            | {nom: PLUSIEURS.format(n=n) for nom, n in lus.items() if nom in attendus and n > 1}
            | ({jete: self.trop_lourd} if jete in attendus else {})
        )
