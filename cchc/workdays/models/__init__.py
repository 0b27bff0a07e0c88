from cchc.workdays.models.day import Day

__all__ = ["Day"]
