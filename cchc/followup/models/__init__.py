from .delivery import Delivery
from .export import Export
from .feed import Feed
from .ladder import Ladder, Stage
from .preference import Preference
from .pulse import Pulse, Run

__all__ = ["Delivery", "Export", "Feed", "Ladder", "Preference", "Pulse", "Run", "Stage"]
