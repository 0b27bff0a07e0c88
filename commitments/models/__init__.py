from .campaign import Campaign, Criterion, Group, Level, Signatory
from .commitment import Commitment, Task
from .evaluation import FinalSheet, Score
from .progress import Entry, Report
from .ranking import Place, Ranking
from .signature import Signature

__all__ = [
    "Campaign",
    "Commitment",
    "Criterion",
    "Entry",
    "FinalSheet",
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
