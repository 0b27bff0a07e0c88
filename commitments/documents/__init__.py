"""Papers of commitments, one file for each: what they say, as data of templates/commitments/document/<noun>.typ."""

from .commitment import CommitmentPaper, Signing, pages, paper_of, sealed, to_be_signed, verify_url
from .party import post_in_full

__all__ = [
    "CommitmentPaper",
    "Signing",
    "pages",
    "paper_of",
    "post_in_full",
    "sealed",
    "to_be_signed",
    "verify_url",
]
