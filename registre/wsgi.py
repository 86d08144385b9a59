"""Point d'entrée WSGI (gunicorn)."""

import os

from django.core.wsgi import get_wsgi_application

from registre.reglages_lus import sans_trace

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registre.settings")
application = sans_trace(get_wsgi_application)
