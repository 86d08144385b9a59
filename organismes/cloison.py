"""La cloison entre organismes : gestionnaires bornés et clés étrangères qui ne la traversent pas.

Un modèle cloisonné n'a qu'un gestionnaire par défaut, borné par django-scopes : hors de toute portée, il lève
`ScopeError` au lieu de tout montrer. La portée active porte l'identifiant (UUID) d'un organisme.
"""

from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django_scopes import ScopedManager

from journal.bases import ModeleJournalise

G = TypeVar("G", bound=models.Manager)


def gestionnaire(chemin: str, classe: type[G]) -> G:
    """Gestionnaire de cette classe, borné à l'organisme actif ; `chemin` mène du modèle à l'organisme.

    La classe que fabrique django-scopes n'a pas de nom à elle : elle prend celui de la classe qu'elle borne, auquel mypy la reconnaît.
    """
    borne = ScopedManager(organisme=chemin, _manager_class=classe)
    type(borne).__module__, type(borne).__qualname__ = classe.__module__, classe.__qualname__
    return borne


class ModeleCloisonne(ModeleJournalise):
    """Modèle qui appartient à un organisme, directement ou par son parent (`PARENT`)."""

    PARENT: ClassVar[str] = ""
    organisme_id: UUID  # d'un modèle sans `PARENT`

    class Meta:
        abstract = True

    def organisme_pk(self) -> UUID | None:
        if self.PARENT:
            parent = getattr(self, self.PARENT, None)
            return parent.organisme_pk() if parent else None
        return self.organisme_id

    def clean(self) -> None:
        super().clean()
        self.verifier_cloison()

    def save(self, *args: Any, **options: Any) -> None:
        self.verifier_cloison()
        super().save(*args, **options)

    def verifier_cloison(self) -> None:
        """Refuse toute clé vers un autre organisme. Lève `ValidationError`, par champ."""
        fautes = {c.name: "Ce choix n'existe pas dans cet organisme." for c in self._cles() if self._fuit(c)}
        if fautes:
            raise ValidationError(fautes)

    @classmethod
    def _cles(cls) -> list[models.ForeignKey]:
        return [
            champ
            for champ in cls._meta.concrete_fields
            if isinstance(champ, models.ForeignKey)
            and champ.name != cls.PARENT
            and issubclass(champ.related_model, ModeleCloisonne)
        ]

    def _fuit(self, champ: models.ForeignKey) -> bool:
        if getattr(self, champ.attname) is None:
            return False
        try:
            cible = getattr(self, champ.name)
        except ObjectDoesNotExist:
            return True
        return cible.organisme_pk() != self.organisme_pk()
