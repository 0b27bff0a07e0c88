from .event import Event
from .notice import Notice
from .obligation import Extension, Obligation
from .subject import Subject

__all__ = ["Event", "Extension", "Notice", "Obligation", "Subject"]
