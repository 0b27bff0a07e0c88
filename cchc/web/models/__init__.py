from cchc.web.models.draft import Draft

__all__ = ["Draft"]
