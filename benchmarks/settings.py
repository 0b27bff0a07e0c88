"""The site's settings, with an empty view to compare with and a probe that answers only to the benchmark."""

from cchc.settings import *  # noqa: F403
from cchc.settings import MIDDLEWARE as SITE

ROOT_URLCONF = "benchmarks.urls"
MIDDLEWARE = ["benchmarks.probe.probe", *SITE]
