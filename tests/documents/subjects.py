"""A domain's rule about a subject, as settings.SUBJECTS names one."""


def visible_box(person: object, subject_id: str) -> object | None:
    """Box 1 is for whoever is signed in, box "guest" for whoever has shown its code, no other exists."""
    if getattr(person, "is_authenticated", False):
        return "box" if subject_id == "1" else None
    return "box" if subject_id in (getattr(person, "tracking", None) or ()) else None
