from .answer import Answer, Feedback
from .conference import AgendaEntry, AudienceInvited, Conference, Participant
from .escalation import Dispatch, Escalation, Reply
from .item import Item, Support
from .plan import Plan
from .topic import Field, Topic, TopicSet

__all__ = [
    "AgendaEntry",
    "Answer",
    "AudienceInvited",
    "Conference",
    "Dispatch",
    "Escalation",
    "Feedback",
    "Field",
    "Item",
    "Participant",
    "Plan",
    "Reply",
    "Support",
    "Topic",
    "TopicSet",
]
