from .attachment import Attachment
from .paper import Paper

__all__ = ["Attachment", "Paper"]
