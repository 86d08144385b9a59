"""Réglages des tests : ceux du produit, avec des secrets jetables et un hachage rapide."""

import os
import tempfile

os.environ.setdefault("DONNEES", tempfile.mkdtemp(prefix="registre-tests-"))
os.environ.setdefault("SECRET_KEY", "secret-de-test-0123456789-abcdefghijklmnopqrstuvwxyz")
os.environ.setdefault("CLE_JOURNAL", "cle-de-test-0123456789-abcdefghijklmnop")

from registre.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MESSAGERIE = {"EMAIL_BACKEND": EMAIL_BACKEND}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
ALLOWED_HOSTS = ["*"]
