"""Papers of commitments, one file for each: what they say, as data of templates/commitments/document/<noun>.typ."""

from .commitment import CommitmentPaper, Signing, commitment_docx, pages, paper_of, sealed, to_be_signed, verify_url
from .evaluation import evaluation_docx, evaluation_pictures, evaluation_sheet
from .party import post_in_full
from .ranking import Notice, ranking_docx, ranking_notice, ranking_pictures, ranking_result

__all__ = [
    "CommitmentPaper",
    "Notice",
    "Signing",
    "commitment_docx",
    "evaluation_docx",
    "evaluation_pictures",
    "evaluation_sheet",
    "pages",
    "paper_of",
    "post_in_full",
    "ranking_docx",
    "ranking_notice",
    "ranking_pictures",
    "ranking_result",
    "sealed",
    "to_be_signed",
    "verify_url",
]
