"""The settings (see also cchc.wiring), read from the environment; a wrong value stops the start with a sentence."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from cchc.wiring import *  # noqa: F403 - what the platform asks of the domains; all of it is settings

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()

# DEMO=1 is what `make run` sets: demo accounts on the login page, demo data, no TLS. Production never sets it.
DEMO = env.bool("DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)
# TLS=0 lets a trial run without HTTPS; anything else demands it (secure cookies, HSTS).
TLS = env.bool("TLS", default=not (DEMO or DEBUG))
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

SECRET_KEY = env.str("SECRET_KEY", default="")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured(
        "SECRET_KEY must be set to at least 50 random characters (or SECRET_KEY_FILE to a file)."
    )
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts of this site; '*' is refused.")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "cchc.web",
    "cchc.workdays",
    "cchc.organization",
    "cchc.workflow",
    "cchc.documents",
    "cchc.followup",
    "cchc.embedded",
    "dialogues",
    "commitments",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "axes",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "cchc.web.middleware.response_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cchc.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cchc.organization.middleware.LoginMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cchc.workflow.middleware.refusals",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "cchc.urls"
WSGI_APPLICATION = "cchc.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "cchc.web.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cchc.web.context.chrome",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# The web's role owns no table (security.md §2, ledger rule 1): migrations run as the owner, whose address DATABASE_URL
# then holds.
DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"].update(CONN_MAX_AGE=600, CONN_HEALTH_CHECKS=True, ATOMIC_REQUESTS=False)
# Every question of a page is small: starting helpers for one costs more than they save.
DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c lock_timeout=3000 -c max_parallel_workers_per_gather=0"
WEB_ROLE = env.str("WEB_ROLE", default="cchc_web")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sessions and cache live in the database, so that signing in works with Redis dead (stack-runtime.md).
# Room for the counts of cchc.web.limits: past MAX_ENTRIES Django throws entries away, and a flood must not reach that.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
SESSION_ENGINE = "cchc.organization.sessions"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
# A browser takes a __Host- cookie only over HTTPS, from this very host, for all of its paths.
COOKIE_PREFIX = "__Host-" if TLS else "cchc_"
SESSION_COOKIE_NAME = COOKIE_PREFIX + "session"
CSRF_COOKIE_NAME = COOKIE_PREFIX + "csrf"
LANGUAGE_COOKIE_NAME = COOKIE_PREFIX + "language"
MESSAGE_STORAGE = "cchc.web.messages.Storage"
CSRF_FAILURE_VIEW = "cchc.web.views.errors.csrf_failure"
# Minutes without a request after which a signed-in person must give the password again.
IDLE_MINUTES = env.int("IDLE_MINUTES", default=120)

AUTH_USER_MODEL = "organization.Person"
# Names are unique without regard to case: a constraint over an expression, which this check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = ["cchc.organization.hashers.Argon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "cchc.organization.hashers.ForceWordsValidator"},
]
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "cchc.web.limits.address_of"
# Never copied into the table of failures: the text that waits for its writer to sign in again.
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "typed"]
AXES_DISABLE_ACCESS_LOG = True  # who signed in when stands in the sessions, and nowhere longer than they last
AXES_LOCKOUT_CALLABLE = "cchc.organization.views.account.locked_out"
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["cchc.web.formats"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = USE_I18N = USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "cchc.web.assets.PackageAssetFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "cchc.web.assets.ManifestStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Private files: never under a web root, only through the view that asks for the right.
MEDIA_ROOT = VAR_DIR / "files"
EXPORT_ROOT = VAR_DIR / "exports"
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
ATTACHMENT_MAX_BYTES = 10 * 1024 * 1024

# Papers: an office with a licence may set its own Times New Roman (folders of font files, and the family's name).
PDF_FONT_DIRS = env.list("PDF_FONT_DIRS", default=[])
PDF_FONT_FAMILY = env.str("PDF_FONT_FAMILY", default="Noto Serif")
# The organization's certificate, a PKCS #12 file with its key and chain; without one, one is made in VAR_DIR/seal.
SEAL_P12 = env.str("SEAL_P12", default="")
SEAL_P12_PASSWORD = env.str("SEAL_P12_PASSWORD", default="")
# A PEM file of further roots whose signatures are trusted: those of the public service's and of public providers.
SEAL_ROOTS = env.str("SEAL_ROOTS", default="")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"  # no-referrer would make Chromium send Origin: null and every POST a 403
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = TLS
# Behind a proxy of our own, which sets X-Forwarded-For and -Proto itself. Without one nobody's word is taken for them.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None

# The address of this site as people reach it, for links in mails.
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
if not re.fullmatch(r"https?://[^/\s]+(/[^\s?#]*)?", SITE_URL):
    raise ImproperlyConfigured("SITE_URL must be the whole address of this site, such as https://cchc.example.vn.")
# smtp://user:password@host:port, smtp+tls:// or smtp+ssl://. Without it nothing leaves the app, except in the demo,
# whose mails are kept as files and shown at /dev/mail/.
EMAIL_URL = env.str("EMAIL_URL", default="")
SENDS_EMAIL = bool(EMAIL_URL) or DEMO
if EMAIL_URL:
    if urlsplit(EMAIL_URL).scheme not in {"smtp", "smtps", "smtp+tls", "smtp+ssl"} or not urlsplit(EMAIL_URL).hostname:
        raise ImproperlyConfigured("EMAIL_URL must be smtp://, smtp+tls:// or smtp+ssl:// with the server's name.")
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "cchc.followup.mailbox.EmailBackend" if DEMO else "django.core.mail.backends.dummy.EmailBackend"
EMAIL_TIMEOUT = env.float("EMAIL_TIMEOUT", default=10)  # seconds
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"cchc@{urlsplit(SITE_URL).hostname}")
# A way out of the app by its name in cchc.followup.enums.Channel (docs/channels.md).
CHANNELS = {"email": "cchc.followup.channels.email.Email"}
# Nothing is sent outside of these hours, "07-18" meaning from 7:00 to 18:00, nor on days off unless every day is asked.
SENDING_HOURS = env.str("SENDING_HOURS", default="00-24" if DEMO else "07-18")
if not re.fullmatch(r"\d\d-\d\d", SENDING_HOURS) or not 0 <= int(SENDING_HOURS[:2]) < int(SENDING_HOURS[3:]) <= 24:
    raise ImproperlyConfigured("SENDING_HOURS must be two hours of a day in order, such as 07-18 or 00-24.")
SENDING_EVERY_DAY = env.bool("SENDING_EVERY_DAY", default=DEMO)
# Seconds: between two looks at what is to be done; after the opening, when digests leave; for which a worker keeps
# what it took; until a superior is tried again whose owner was not yet told; while the server cannot be reached.
TICK_SECONDS = env.float("TICK_SECONDS", default=20)
DIGEST_DELAY = env.float("DIGEST_DELAY", default=120)
DELIVERY_LEASE = env.float("DELIVERY_LEASE", default=300)
DELIVERY_WAIT = env.float("DELIVERY_WAIT", default=30)
DELIVERY_PAUSE = env.float("DELIVERY_PAUSE", default=60)
# Seconds before each further try; after the last one it has failed.
DELIVERY_BACKOFF = [float(each) for each in env.list("DELIVERY_BACKOFF", default=["60", "300", "900", "3600", "14400"])]
if EMAIL_TIMEOUT * 10 > DELIVERY_LEASE:
    raise ImproperlyConfigured("DELIVERY_LEASE must be at least ten times EMAIL_TIMEOUT, or mails would go out twice.")

CELERY_BROKER_URL = env.str("REDIS_URL")
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600}
CELERY_TIMEZONE = TIME_ZONE

# Lets a watcher that is not near by ask /readyz: "Authorization: Bearer …". Without it only private addresses may.
READY_TOKEN = env.str("READY_TOKEN", default="")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"one_line": {"()": "cchc.web.logs.OneLine"}},
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["one_line"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"axes": {"level": "WARNING"}, "django.security": {"level": "WARNING"}, "pyhanko": {"level": "ERROR"}},
}
