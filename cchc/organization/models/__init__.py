from .absence import Absence
from .person import Person
from .position import Position
from .session import Session
from .unit import Succession, Unit, UnitVersion

__all__ = ["Absence", "Person", "Position", "Session", "Succession", "Unit", "UnitVersion"]
