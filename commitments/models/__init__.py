from .campaign import Campaign, Criterion, Group, Level, Signatory
from .commitment import Commitment, Task
from .signature import Signature

__all__ = ["Campaign", "Commitment", "Criterion", "Group", "Level", "Signatory", "Signature", "Task"]
