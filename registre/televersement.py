"""Ce qu'un téléversement peut peser : au-delà, les octets sont lus et jetés, jamais écrits sur le disque."""

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

OCTETS_MAX = 200_000_000


class Borne(FileUploadHandler):
    """Placé devant les autres. `request.trop_lourd` nomme alors le champ, pour que la page dise pourquoi le fichier manque."""

    def new_file(self, *args, **options):
        super().new_file(*args, **options)
        self.recus = 0

    def receive_data_chunk(self, raw_data, start):
        self.recus += len(raw_data)
        if self.recus > OCTETS_MAX:
            self.request.trop_lourd = self.field_name
            raise SkipFile
        return raw_data

    def file_complete(self, file_size):
        return None  # aux suivants de le garder
