from .person import Person
from .position import Position
from .session import Session
from .unit import Succession, Unit, UnitVersion

__all__ = ["Person", "Position", "Session", "Succession", "Unit", "UnitVersion"]
