from cchc.documents.models.attachment import Attachment

__all__ = ["Attachment"]
