from .delivery import Delivery
from .duty_count import DutyCount, DutyTotal, DutyTouched
from .export import Export
from .feed import Feed
from .ladder import Ladder, Stage
from .preference import Preference
from .pulse import Pulse, Run

__all__ = [
    "Delivery",
    "DutyCount",
    "DutyTotal",
    "DutyTouched",
    "Export",
    "Feed",
    "Ladder",
    "Preference",
    "Pulse",
    "Run",
    "Stage",
]
