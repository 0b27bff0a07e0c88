"""All settings in one file, read from the environment; a wrong or missing value stops the start with a sentence."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

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

# The platform asks the domains through these dotted names, in this order (architecture.md §1); no signals.
HOME_PANELS = [
    "dialogues.dashboard.home_panels",
    "dialogues.results.home_panels",
    "dialogues.inspections.home_panels",
    "commitments.dashboard.home_panels",
    "cchc.followup.dashboard.home_panels",
]
NAVIGATION = [
    "dialogues.dashboard.navigation",
    "commitments.dashboard.navigation",
    "dialogues.results.navigation",
    "cchc.documents.navigation.entries",
    "cchc.organization.navigation.entries",
    "cchc.followup.navigation.entries",
]
GLOBAL_SEARCH = ["dialogues.search.sought", "commitments.search.sought"]
# function(person) -> int: unread notices, the number on the bell.
BELL_COUNT = "cchc.followup.domain.frame.unread"
# function(person) -> object with .unit and .title, for the top bar and under the person's name; "" shows neither.
WORKPLACE = "cchc.organization.navigation.workplace"
# function() -> accounts with .role (label), .name, .username, .password, grouped by role: for the demo's login page.
DEMO_ACCOUNTS = "dialogues.scenario.accounts.by_role"
# What is added to the demo's play: function(source, cast) -> steps (dialogues.scenario.script.Step).
SCENARIO_CHAPTERS = ["dialogues.scenario.papers.steps", "commitments.scenario.year.steps"]
# subject type -> function(person, subject_id) -> the visible subject, or None
SUBJECTS = {
    "dialogues.item": "dialogues.dashboard.visible_item",
    "dialogues.conference": "dialogues.dashboard.visible_conference",
    "dialogues.plan": "dialogues.dashboard.visible_plan",
    "dialogues.answer": "dialogues.dashboard.visible_answer",
    "dialogues.escalation": "dialogues.dashboard.visible_escalation",
    "dialogues.conclusion": "dialogues.directives.visible_conclusion",
    "dialogues.directive": "dialogues.directives.visible_directive",
    "dialogues.update": "dialogues.directives.visible_update",
    "dialogues.request": "dialogues.inspections.visible_request",
    "dialogues.finding": "dialogues.inspections.visible_finding",
    "dialogues.survey": "dialogues.results.visible_survey",
    "dialogues.practice": "dialogues.results.visible_practice",
    "dialogues.grading": "dialogues.results.visible_grading",
    "commitments.campaign": "commitments.dashboard.visible_campaign",
    "commitments.commitment": "commitments.dashboard.visible_commitment",
    "commitments.report": "commitments.dashboard.visible_report",
}
# The numbers for those who lead, by the first part of their keys: cchc.followup.domain.overview.Source
OVERVIEW = {
    "items": "dialogues.overview.items.SOURCE",
    "escalations": "dialogues.overview.escalations.SOURCE",
    "directives": "dialogues.overview.directives.SOURCE",
    "commitments": "commitments.overview.SOURCE",
    "tasks": "commitments.overview.TASKS",
    "surveys": "dialogues.overview.results.SURVEYS",
    "practices": "dialogues.overview.results.PRACTICES",
    "adoptions": "dialogues.overview.results.ADOPTIONS",
    "gradings": "dialogues.overview.results.GRADINGS",
    "duties": "cchc.followup.domain.punctuality.SOURCE",
}
# function(scope) -> cchc.documents.kinds.PaperKind: the report that is made of an overview
OVERVIEW_PAPER = "dialogues.documents.kinds.of_overview"
# Tables that can be long: function(person, query, day) -> cchc.followup.domain.export.Sheet; KeyError: not for him
EXPORTS = {"overview": "cchc.followup.sheets.overview_rows", "items": "dialogues.exports.items"}
# subject type -> function(person, ids) -> {id: cchc.followup.bell.Link} of those that the person may see
SUBJECT_LINKS = {
    "dialogues.item": "dialogues.dashboard.item_links",
    "dialogues.conference": "dialogues.dashboard.conference_links",
    "dialogues.plan": "dialogues.dashboard.plan_links",
    "dialogues.escalation": "dialogues.dashboard.escalation_links",
    "dialogues.conclusion": "dialogues.directives.conclusion_links",
    "dialogues.directive": "dialogues.directives.directive_links",
    "dialogues.request": "dialogues.inspections.request_links",
    "dialogues.survey": "dialogues.results.survey_links",
    "dialogues.practice": "dialogues.results.practice_links",
    "commitments.campaign": "commitments.dashboard.campaign_links",
    "commitments.commitment": "commitments.dashboard.commitment_links",
    "commitments.report": "commitments.dashboard.report_links",
    "workflow.handover": "cchc.followup.domain.handover.links",
    "documents.document": "cchc.followup.domain.papers.links",
    "followup.pulse": "cchc.followup.domain.trouble.links",
    "followup.export": "cchc.followup.domain.export.links",
}
# The kinds of papers that each domain declares: lists of cchc.documents.kinds.PaperKind.
PAPERS = ["dialogues.documents.kinds.PAPERS"]
# subject type -> function(person, subject_id) -> cchc.followup.domain.told.Insider, or None for whoever is not at work
# on it: who may know who has been told of what
SUBJECT_INSIDERS = {
    "dialogues.item": "dialogues.insiders.of_item",
    "dialogues.escalation": "dialogues.insiders.of_escalation",
    "dialogues.directive": "dialogues.directives.directive_insider",
    "commitments.commitment": "commitments.dashboard.commitment_insider",
}
# subject type -> function(obligation) -> cchc.followup.domain.explain.Basis or None: what a date that is no plain term
# was counted from
DUE_BASES = {
    "dialogues.item": "dialogues.dashboard.item_due_basis",
    "dialogues.escalation": "dialogues.dashboard.escalation_due_basis",
    "dialogues.conclusion": "dialogues.directives.conclusion_due_basis",
    "dialogues.directive": "dialogues.directives.directive_due_basis",
    "dialogues.request": "dialogues.inspections.request_due_basis",
    "commitments.campaign": "commitments.bases.campaign_basis",
    "commitments.commitment": "commitments.bases.commitment_basis",
    "commitments.report": "commitments.bases.report_basis",
}
# subject type -> function(person, obligation) -> bool: whether somebody else than its owner may know of this duty; of
# other types whoever may see the subject
DUTY_READERS = {"dialogues.escalation": "dialogues.dashboard.may_know_duty"}
# function(person, directive) -> cchc.web.panels.Panel or None: what other domains make of a directive, on its page
DIRECTIVE_PANELS = ["commitments.directives.tasks_of"]
# How the subjects of a domain follow when the work of a unit that has ended passes to another:
# cchc.workflow.handing.Follower
HANDOVERS = [
    "dialogues.domain.handover.FOLLOWER",
    "dialogues.domain.handover_results.FOLLOWER",
    "dialogues.domain.handover_inspections.FOLLOWER",
    "commitments.domain.handover.FOLLOWER",
]
# function(post, day) -> cchc.organization.duties.Left: what stays open when a post ends after that day, and with whom
POST_DUTIES = "cchc.followup.domain.handover_post.left_with"
# Where changes of units, people and posts are written down: function(subject, action, by=, at=, note=, data=)
AUDIT = "cchc.workflow.engine.record"
# Ladders of reminders that are not the general one (cchc.followup.domain.ladder), as long as nobody has edited them:
# "subject type:kind of obligation" -> (working days after the due date, whom: Capacity values)
LADDERS = {"dialogues.item:confirm": [(-3, ["owner"]), (0, ["owner"])]}
# Run by the clock once a day after midnight (Celery beat): function(at) -> int, the number of moves made.
CLOCK_MOVES = [
    "dialogues.tasks.expire_published",
    "commitments.tasks.settle_silent",
    "cchc.web.domain.draft.expire",
    "cchc.organization.domain.session.sweep",
    "cchc.documents.domain.attachment.sweep_orphans",
    "cchc.followup.domain.export.sweep",
    "cchc.followup.domain.health.check_chain",
]
# Left to the worker at every tick: function(at) -> int, how much was done.
BACKGROUND_WORK = [
    "commitments.tasks.seal_waiting", "commitments.tasks.print_final", "cchc.followup.exporting.work_exports",
]  # fmt: skip
# Parts of it whose failing is told to the administrators: cchc.followup.domain.trouble.Part
BACKGROUND_PARTS = ["commitments.tasks.SEALING", "commitments.tasks.PRINTING", "cchc.followup.exporting.EXPORTING"]

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
