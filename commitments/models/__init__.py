from .campaign import Campaign, Criterion, Group, Level, Signatory
from .commitment import Commitment, Task
from .evaluation import FinalSheet, Score
from .progress import Entry, Report
from .ranking import Place, Ranking
from .signature import DigitalSignature, Signature, SignedCopy

__all__ = [
    "Campaign",
    "Commitment",
    "Criterion",
    "DigitalSignature",
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
    "SignedCopy",
    "Task",
]
