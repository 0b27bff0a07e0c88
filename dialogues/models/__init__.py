from .answer import Answer, Feedback
from .conclusion import Conclusion
from .conference import AgendaEntry, AudienceInvited, Conference, Participant
from .delegation import Delegate, Scope
from .directive import Directive, Update
from .escalation import Dispatch, Escalation, Reply
from .grading import Grading
from .inspection import Finding, Request
from .item import Item, Support
from .plan import Plan
from .practice import Adoption, Measure, Practice
from .summary import Summary, Total, Touched
from .survey import Criterion, Response, Score, Survey
from .topic import Field, Topic, TopicSet

__all__ = [
    "Adoption",
    "AgendaEntry",
    "Answer",
    "AudienceInvited",
    "Conclusion",
    "Conference",
    "Criterion",
    "Delegate",
    "Directive",
    "Dispatch",
    "Escalation",
    "Feedback",
    "Field",
    "Finding",
    "Grading",
    "Item",
    "Measure",
    "Participant",
    "Plan",
    "Practice",
    "Reply",
    "Request",
    "Response",
    "Scope",
    "Score",
    "Summary",
    "Support",
    "Survey",
    "Topic",
    "TopicSet",
    "Total",
    "Touched",
    "Update",
]
