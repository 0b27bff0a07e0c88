from .person import Person
from .position import Position
from .unit import Succession, Unit, UnitVersion

__all__ = ["Person", "Position", "Succession", "Unit", "UnitVersion"]
