from .campaign import Campaign, Criterion, Group, Level, Signatory
from .commitment import Commitment, Task
from .evaluation import Score
from .progress import Entry, Report
from .ranking import Place, Ranking
from .signature import Signature

__all__ = [
    "Campaign",
    "Commitment",
    "Criterion",
    "Entry",
    "Group",
    "Level",
    "Place",
    "Ranking",
    "Report",
    "Score",
    "Signatory",
    "Signature",
    "Task",
]
