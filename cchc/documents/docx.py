"""The editable file of a paper: the sheet of its template, set by Decree 30/2020, appendix I, as far as a file can.

The words, those of the law too, come from the template (templates/documents/document/sheet.typ). Offices have Times New
Roman, so that is the typeface here.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from docx import Document as new_file
from docx.document import Document as File
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Length, Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from cchc.documents.typesetting import pictures

Sheet = dict[str, Any]
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FACE = "Times New Roman"
TOP, RIGHT, BOTTOM, LEFT = Mm(20), Mm(15), Mm(20), Mm(30)
_SIDES = ("top", "left", "bottom", "right")  # in the schema's order
_SIDE = {"l": "left", "c": "center", "r": "right"}
# No moment of making: the same words give the same properties.
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def written(sheet: Sheet) -> bytes:
    """The DOCX of *sheet*."""
    file = new_file()
    width = _page(file, wide=sheet["wide"])
    _styles(file, sheet["size"])
    _properties(file, sheet)
    if sheet["copy"]:
        _is_a_copy(file, sheet["copy"])
    _head(file, sheet, width)
    _title(file, sheet, width)
    for each in sheet["basis"]:
        _say(file.add_paragraph(), [{"text": each, "italic": True}])
    for block in sheet["body"]:
        _block(file, block, width)
    if sheet["body"] and sheet["body"][-1]["kind"] == "text":
        file.paragraphs[-1].paragraph_format.keep_with_next = True  # no signature stands alone on a page
    _signatures(file, sheet, width)
    made = io.BytesIO()
    file.save(made)
    return made.getvalue()


# --- page and styles --------------------------------------------------------------------------------------------------
def _page(file: File, *, wide: bool) -> int:
    """A4 with the decree's margins and the page's number from page 2 on; returns the width of a line."""
    section = file.sections[0]
    across, down = (Mm(297), Mm(210)) if wide else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = across, down
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = TOP, RIGHT, BOTTOM, LEFT
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    line = section.header.paragraphs[0]
    line.alignment = ALIGN.CENTER
    line.paragraph_format.first_line_indent = Pt(0)
    _field(line, "PAGE")
    return int(across - LEFT - RIGHT)


def _styles(file: File, size: int) -> None:
    normal = file.styles["Normal"]
    normal.font.name, normal.font.size = FACE, Pt(size)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FACE)
    language = OxmlElement("w:lang")
    for name in ("w:val", "w:eastAsia"):
        language.set(qn(name), "vi-VN")
    normal.element.get_or_add_rPr().append(language)
    form = normal.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(0), Pt(6), 1.1
    form.first_line_indent, form.alignment = Cm(1), ALIGN.JUSTIFY
    form.widow_control = True


def _properties(file: File, sheet: Sheet) -> None:
    known = file.core_properties
    known.title = " ".join(part for part in (sheet["title"], sheet["abstract"], sheet["regarding"]) if part)[:250]
    known.author = known.last_modified_by = sheet["issuer"][:250]
    known.comments, known.language = "", "vi-VN"
    known.created = known.modified = _EPOCH


def _field(line: Paragraph, code: str) -> None:
    run = line.add_run()
    run.font.size = Pt(14)
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def _is_a_copy(file: File, words: str) -> None:
    """Above all else, and at the foot of every page: this is not the paper that counts."""
    told = _centered(file, words, 11, bold=True)
    told.paragraph_format.space_after = Pt(10)
    told.paragraph_format.left_indent = told.paragraph_format.right_indent = Pt(4)
    _borders(told, *_SIDES)
    section = file.sections[0]
    section.footer_distance = Mm(8)
    for footer in (section.first_page_footer, section.footer):
        _say(_left(footer.paragraphs[0]), [words], 9)


# --- parts ------------------------------------------------------------------------------------------------------------
def _head(file: File, sheet: Sheet, width: int) -> None:
    left = int(Cm(9) if sheet["wide"] else Cm(6.4))
    columns = (left, width - left)
    table = _frame(file, 2, columns)
    office, nation = table.rows[0].cells
    for words, bold in ((sheet["superior"], False), (sheet["issuer"], True), (sheet["extra"], True)):
        if words:
            _centered(office, words.upper(), 12, bold=bold)
    _rule(office, columns[0], Cm(2.4))
    _centered(nation, sheet["nation"], 12, bold=True)
    _centered(nation, sheet["motto"], 13, bold=True)
    _rule(nation, columns[1], Cm(6.1))
    mark, day = table.rows[1].cells
    _centered(mark, sheet["mark"], 13)
    if sheet["regarding"]:
        _centered(mark, sheet["regarding"], 12).paragraph_format.space_before = Pt(6)
    _centered(day, sheet["date"], 13, italic=True)


def _title(file: File, sheet: Sheet, width: int) -> None:
    if sheet["title"]:
        first = _centered(file, sheet["title"].upper(), 14, bold=True)
        first.paragraph_format.space_before = Pt(14)
        if sheet["abstract"]:
            _centered(file, sheet["abstract"], 14, bold=True)
            _rule(file, width, Cm(2.8))
    if sheet["attached"]:
        _centered(file, sheet["attached"], 13, italic=True)
    to = sheet["addressees"]
    if len(to) == 1:
        line = file.add_paragraph(f"{sheet['to']} {to[0]}.")
        line.paragraph_format.first_line_indent, line.paragraph_format.space_before = Cm(2), Pt(10)
    elif to:
        file.add_paragraph(sheet["to"]).paragraph_format.first_line_indent = Cm(2)
        for place, each in enumerate(to, 1):
            file.add_paragraph(f"- {each}{'.' if place == len(to) else ';'}").paragraph_format.left_indent = Cm(2)


def _block(file: File, block: dict[str, Any], width: int) -> None:
    match block["kind"]:
        case "text":
            _say(file.add_paragraph(), block["runs"])
        case "table":
            _table(file, block, width)
        case "bars":
            _bars(file, block, width)
        case heading:
            line = file.add_paragraph()
            line.paragraph_format.keep_with_next = True
            _say(line, [{"text": block["text"], "bold": True}])
            if heading != "clause":
                line.paragraph_format.first_line_indent, line.paragraph_format.space_before = Pt(0), Pt(8)


def _table(file: File, block: dict[str, Any], width: int) -> None:
    shares = block["widths"]
    columns = [int(width * share / sum(shares)) for share in shares]
    table = _frame(file, 0, columns, style="Table Grid")
    rows = [(row, False) for row in block["rows"]] + [(block["total"], True)] * (block["total"] is not None)
    how = {"size": block["size"], "whole": block["whole"]}
    table._tbl.append(_row(block["head"], columns, "c" * len(columns), bold=True, head=True, **how))
    for cells, bold in rows:
        table._tbl.append(_row(cells, columns, block["align"], bold=bold, **how))
    file.add_paragraph().paragraph_format.space_after = Pt(0)


def _row(
    cells: list[str],
    columns: list[int],
    sides: Iterable[str],
    *,
    bold: bool,
    size: int,
    whole: bool,
    head: bool = False,
) -> Any:
    """One row as XML: made cell by cell with python-docx, a thousand of them take seconds."""
    style = f'<w:rPr>{"<w:b/>" if bold else ""}<w:sz w:val="{2 * size}"/></w:rPr>'
    made = "".join(
        f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{Length(width).twips}"/></w:tcPr><w:p><w:pPr>'
        f'<w:spacing w:after="40"/><w:ind w:firstLine="0"/><w:jc w:val="{_SIDE[side]}"/></w:pPr>'
        f'<w:r>{style}<w:t xml:space="preserve">{_in_lines(text)}</w:t></w:r></w:p></w:tc>'
        for text, width, side in zip(cells, columns, sides, strict=True)
    )
    first = f"<w:trPr>{'<w:cantSplit/>' * whole}{'<w:tblHeader/>' * head}</w:trPr>" if whole or head else ""
    return parse_xml(f"<w:tr {nsdecls('w')}>{first}{made}</w:tr>")


def _in_lines(text: str) -> str:
    return escape(text).replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')


def _bars(file: File, block: dict[str, Any], width: int) -> None:
    """A drawing, and what it says for whoever cannot see it."""
    picture = pictures("documents/document/bars.typ", block, at=_EPOCH, density=200)[0]
    line = file.add_paragraph()
    line.paragraph_format.first_line_indent = Pt(0)
    drawn = line.add_run().add_picture(io.BytesIO(picture), width=Length(width))
    told = "; ".join(f"{label}: {value}" for label, value in block["rows"])
    drawn._inline.docPr.set("descr", f"{block['title']}. {told}")


def _signatures(file: File, sheet: Sheet, width: int) -> None:
    """One signature on the right and the recipients beside it; or two, their names on one line, and those below."""
    two = sheet["signed"]
    left = width // 2 if two else int(width * 0.465)
    table = _frame(file, 2 if two else 1, (left, width - left))
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell in table.rows[0].cells:
        cell.paragraphs[0].paragraph_format.space_before = Pt(10)
        cell.paragraphs[0].paragraph_format.keep_with_next = True
    sides = (two["left"], two["right"]) if two else (sheet["signer"],)
    for head, foot, side in zip(
        table.rows[0].cells[-len(sides) :], table.rows[-1].cells[-len(sides) :], sides, strict=True
    ):
        _signature(head, foot, side["lines"], side["name"])
    if sheet["recipients"]:
        _recipients(file if two else table.rows[0].cells[0], sheet)


def _signature(head: _Cell, foot: _Cell, lines: Iterable[str], name: str) -> None:
    for line in lines:
        _centered(head, line.upper(), 13, bold=True).paragraph_format.keep_with_next = True
    for _room in range(4):
        _centered(foot, "", 13)
    _centered(foot, name, 14, bold=True)


def _recipients(place: Any, sheet: Sheet) -> None:
    first = _line(place)
    _say(first, [{"text": sheet["sent_to"], "bold": True, "italic": True}], 12)
    listed = sheet["recipients"]
    lines: list[tuple[Paragraph, str]] = [(first, "")]
    lines += [
        (place.add_paragraph(), f"- {each}{'.' if n == len(listed) else ';'}") for n, each in enumerate(listed, 1)
    ]
    for line, text in lines:
        _left(line)
        if text:
            _say(line, [text], 11)


# --- pieces -----------------------------------------------------------------------------------------------------------
def _say(line: Paragraph, runs: Iterable[Any], size: int | None = None) -> Paragraph:
    for each in runs:
        run = each if isinstance(each, dict) else {"text": each}
        made = line.add_run(run["text"])
        made.bold, made.italic = run.get("bold") or None, run.get("italic") or None
        if size:
            made.font.size = Pt(size)
    return line


def _line(place: Any) -> Paragraph:
    """The next paragraph: of a cell its first, as long as that is blank."""
    if isinstance(place, _Cell) and len(place.paragraphs) == 1 and not place.paragraphs[0].runs:
        return place.paragraphs[0]
    made: Paragraph = place.add_paragraph()
    return made


def _left(line: Paragraph) -> Paragraph:
    line.alignment = ALIGN.LEFT
    line.paragraph_format.first_line_indent = line.paragraph_format.space_after = Pt(0)
    return line


def _centered(place: Any, text: str, size: int, *, bold: bool = False, italic: bool = False) -> Paragraph:
    line = _line(place)
    line.alignment = ALIGN.CENTER
    form = line.paragraph_format
    form.first_line_indent, form.space_after, form.line_spacing = Pt(0), Pt(0), 1.0
    return _say(line, [{"text": text, "bold": bold, "italic": italic}], size)


def _rule(place: Any, width: int, length: int) -> None:
    """A drawn line, no underscores: the upper border of a low paragraph between wide indents."""
    line = place.add_paragraph()
    form = line.paragraph_format
    form.left_indent = form.right_indent = Length((width - length) // 2)
    form.first_line_indent, form.space_before, form.space_after, form.line_spacing = Pt(0), Pt(2), Pt(4), Pt(4)
    _borders(line, "top")


def _borders(line: Paragraph, *sides: str) -> None:
    borders = OxmlElement("w:pBdr")
    for side in sides:
        border = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
            border.set(qn(f"w:{name}"), value)
        borders.append(border)
    line._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _frame(file: File, rows: int, columns: Iterable[int], style: str | None = None) -> Table:
    """A table of fixed widths: said of its columns and of each cell, for the programs differ in which they heed."""
    widths = [Length(each) for each in columns]
    table = file.add_table(rows, len(widths), style=style)
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    # python-docx counts the cells of a table anew for each that it is asked for, which is slow in a long one.
    for row in table._tbl.tr_lst:
        for cell, width in zip(row.tc_lst, widths, strict=True):
            cell.width = width
    _margins(table, Pt(3) if style else Pt(0))
    return table


def _margins(table: Table, wide: Length) -> None:
    """What its cells have left and right of their words: the programs' own is too much for narrow columns."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        part = OxmlElement(f"w:{side}")
        part.set(qn("w:w"), str(wide.twips))
        part.set(qn("w:type"), "dxa")
        margins.append(part)
    # The schema wants it right before what tells how the table looks.
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    if look is None:
        properties.append(margins)
    else:
        look.addprevious(margins)
