"""What the paper of a commitment is made of: the data of templates/commitments/document/commitment.typ.

`typeset(COMMITMENT, CommitmentPaper(...), at=...)` makes it. Everything is as of the day of signing and already
visible on the page, so that the same row always gives the same bytes.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

COMMITMENT = "commitments/document/commitment.typ"


@dataclass(frozen=True)
class Signature:
    """One of the two who sign; `at` is None until they have."""

    name: str
    rank: str  # in words: "Đại úy"; "" in a mass organization
    title: str  # above the signature: "Đội trưởng"
    post: str  # in the text: "Đội trưởng Đội Tổng hợp"
    acting_kind: str = ""  # organization.enums.ActingKind: "", "kt", "tl", "tuq", "tm"
    acting_for: str = ""  # the title of whom one acts for: "Trưởng Công an thị xã"; with acting_kind only
    authority: str = ""  # the written authority: "ký thay theo Giấy ủy quyền số 03/GUQ-CATX ngày 02/01/2020"
    at: datetime | None = None
    digest: str = ""  # SHA-256 of the text that was shown and confirmed, as hex


@dataclass(frozen=True)
class TaskRow:
    """One registered task."""

    text: str
    measure: str
    unit: str  # of measure: "%", "hồ sơ"
    direction: str  # "at_least" or "at_most"
    target: Decimal
    due: date | None  # None: all year
    weight: Decimal


@dataclass(frozen=True)
class CommitmentPaper:
    """The whole paper. `clause` may have several paragraphs and ends with "./."."""

    code: str
    version: int
    year: int
    title: str  # "Thực hiện nhiệm vụ cải cách hành chính năm 2020"
    superior: str  # the body above the issuing one, "" for none
    issuer: str
    place: str
    day: date | None  # None while it is not signed: the date line stays open
    unit: str
    chief: Signature
    leader: Signature
    clause: str
    verify_url: str
    qr: str  # typesetting.qr_picture(verify_url)
    tasks: list[TaskRow] = field(default_factory=list)
