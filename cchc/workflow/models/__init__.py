from .event import Event
from .handover import Handover
from .notice import Capacity, Notice
from .obligation import Extension, Obligation
from .subject import Subject

__all__ = ["Capacity", "Event", "Extension", "Handover", "Notice", "Obligation", "Subject"]
