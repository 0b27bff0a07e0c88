from .attachment import Attachment
from .document import Comment, Document, Register
from .letterhead import Letterhead
from .paper import Paper

__all__ = ["Attachment", "Comment", "Document", "Letterhead", "Paper", "Register"]
