"""Réglages de Registre, tous par l'environnement (voir README, « Réglages »).

Trois situations :
- développement, démonstration et petite instance : `demarrer.py` engendre les secrets dans `DONNEES` ;
- production : `SECRET_KEY` et `CLE_JOURNAL` viennent de l'environnement ; sans eux, refus de démarrer ;
- tests : `reglages_tests`.
"""

from pathlib import Path

from csp.constants import NONE, SELF

from registre.portes.serveur import reglages as lire

RACINE = Path(__file__).resolve().parent.parent

DONNEES = lire.dossier("DONNEES", RACINE / "donnees")
DEBUG = lire.booleen("DEBUG", False)

LONGUEUR_SECRET_MIN = 50
CLE_JOURNAL_MIN = 32


def secret(nom: str, longueur: int) -> str:
    """Lit un secret dans l'environnement, puis dans `DONNEES/secrets/` ; refuse l'absence et la faiblesse."""
    fichier = DONNEES / "secrets" / nom
    try:
        valeur = lire.texte(nom) or (fichier.read_text().strip() if fichier.is_file() else "")
    except (OSError, UnicodeDecodeError):
        lire.refuser(nom, f"{fichier} ne se lit pas : à qui est ce fichier ?")
    if len(valeur) < longueur or len(set(valeur)) < 5:
        lire.refuser(
            nom,
            f"absent ou trop faible ; il faut au moins {longueur} caractères tirés au hasard. "
            f"« python3 demarrer.py serveur » l'engendre pour une instance locale ; en production, "
            f"fournissez-le par l'environnement.",
        )
    return valeur


SECRET_KEY = secret("SECRET_KEY", LONGUEUR_SECRET_MIN)
CLE_JOURNAL = secret("CLE_JOURNAL", CLE_JOURNAL_MIN)
CLE_JOURNAL_ID = lire.texte("CLE_JOURNAL_ID", "1")

ALLOWED_HOSTS = lire.hotes("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = lire.origines("CSRF_TRUSTED_ORIGINS")
# L'adresse publique, pour les liens des commandes ; `demarrer.py` note la sienne à côté de la base.
ORIGINE = lire.adresse("ORIGINE", lire.note(DONNEES / "origine") or "http://127.0.0.1:8000")

INSTALLED_APPS = [
    "journal",
    "organismes",
    "traitements",
    "conservation",
    "registre.apps.RegistreConfig",
    "registre.apps.GestionConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "registre.portes.vues.sante.SanteMiddleware",
    "registre.portes.requetes.entree.EntreeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "registre.portes.requetes.typographie.TypographieMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "registre.portes.requetes.reception.ConnexionMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "registre.portes.requetes.reception.RetourMiddleware",
    "organismes.portee.PorteeMiddleware",
    "registre.portes.requetes.reception.ReceptionMiddleware",  # avant la barrière : un refus de droits garde aussi le texte
    "registre.portes.requetes.barriere.BarriereMiddleware",
]

ROOT_URLCONF = "registre.urls"
WSGI_APPLICATION = "registre.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [RACINE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "registre.portes.requetes.contexte.cadre",
            ],
            # {% csrf_token %} pose aussi l'enveloppe : l'organisme et la page d'où part le formulaire.
            "builtins": [
                f"registre.portes.templatetags.{nom}" for nom in ("envoi", "exports", "typographie")
            ],
        },
    }
]

FORM_RENDERER = "registre.portes.requetes.limites.Rendu"

# --- Base de données -------------------------------------------------------------------------------
DATABASES = {"default": lire.base("DATABASE_URL", DONNEES / "registre.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Partagé entre les processus : les limites d'essais de connexion y vivent.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_partage"}}

# --- Comptes ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "organismes.Utilisateur"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "organismes.comptes.AdaptateurComptes"
ACCOUNT_FORMS = {
    "login": "organismes.formulaires_compte.Connexion",
    "reset_password": "organismes.formulaires_compte.MotDePasseOublie",
    "reset_password_from_key": "organismes.formulaires_compte.ChoixMotDePasse",
    "change_password": "organismes.formulaires_compte.ChangementMotDePasse",
    "set_password": "organismes.formulaires_compte.PremierMotDePasse",
    "reauthenticate": "organismes.formulaires_compte.Confirmation",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "courriel"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # rien ne part vers une adresse que l'administrateur n'a pas inscrite

# --- Langue et heure -------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

# --- Fichiers statiques ----------------------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [RACINE / "static"]
STATIC_ROOT = DONNEES / "statiques"
WHITENOISE_USE_FINDERS = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Sécurité --------------------------------------------------------------------------------------
# HTTPS=oui derrière un serveur frontal qui chiffre : cookies réservés à HTTPS, redirection, HSTS.
HTTPS = lire.booleen("HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_FAILURE_VIEW = "registre.portes.requetes.reception.jeton_refuse"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# Une fiche de 500 données, 500 durées et 500 destinataires (le plus qu'une liste admette), toutes lignes ouvertes : 22 000 champs environ,
# 2 Mo et plus. Au-delà, la page 400 le dit en français, et le formulaire l'a dit avant l'envoi.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 40_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
# Django n'a pas de limite de taille pour un fichier : la nôtre passe devant, avant que le disque ne s'emplisse.
FILE_UPLOAD_HANDLERS = [
    "registre.portes.requetes.televersement.Borne",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Au-delà, une épreuve d'anonymat est à refaire : les fichiers que d'autres détiennent changent.
EPREUVE_VALABLE_MOIS = lire.entier("EPREUVE_VALABLE_MOIS", 12, 1, 60)

MESSAGERIE = lire.messagerie("EMAIL_URL")
# Sans messagerie, rien ne part et rien ne s'écrit ailleurs : un lien dans le journal du serveur ouvrirait un compte.
vars().update(MESSAGERIE or {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"})
EMAIL_TIMEOUT = 10  # secondes : une page n'attend pas plus longtemps un serveur de courriel muet
DEFAULT_FROM_EMAIL = lire.expediteur("COURRIEL_EXPEDITEUR", "registre@localhost")

# Le temps d'un relevé sur une base, en secondes ; au-delà il s'arrête, et rien n'est consigné.
RELEVE_SECONDES = lire.entier("RELEVE_SECONDES", 1800, 1, 86_400)
RELEVE_DOSSIER = lire.texte("RELEVE_DOSSIER")

# --- API -------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    # Refus par défaut : une vue qui ne déclare rien ne répond à personne.
    "DEFAULT_PERMISSION_CLASSES": ["registre.portes.api.droits.FermeParDefaut"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["registre.portes.api.droits.AuthentificationSession"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["registre.portes.api.corps.CorpsJson"],
    "DEFAULT_PAGINATION_CLASS": "registre.portes.api.pagination.Pagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "registre.portes.api.erreurs.traiter",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Registre",
    "DESCRIPTION": "Registre des activités de traitement (RGPD, article 30).",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "registre.portes.api.schema.resserrer",
    ],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"discret": {"()": "registre.portes.serveur.discretion.Discret"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "discret"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
