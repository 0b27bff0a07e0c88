from .answer import Answer, Feedback
from .conference import AgendaEntry, AudienceInvited, Conference, Participant
from .item import Item, Support
from .plan import Plan
from .topic import Field, Topic, TopicSet

__all__ = [
    "AgendaEntry",
    "Answer",
    "AudienceInvited",
    "Conference",
    "Feedback",
    "Field",
    "Item",
    "Participant",
    "Plan",
    "Support",
    "Topic",
    "TopicSet",
]
