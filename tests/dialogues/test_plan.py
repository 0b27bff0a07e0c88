"""Plans: trees, soft checks, moves, files, and who sees what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cchc.documents.models import Attachment
from cchc.workflow.engine import perform
from cchc.workflow.models import Event
from dialogues.domain import plan as plans
from dialogues.enums import PlanKind, PlanState
from dialogues.models import Plan
from tests.dialogues.factories import OPENED, conference_at, plan
from tests.dialogues.pages import signed_in, text_of
from tests.factories import Force


def typed(force: Force, **changes: Any) -> dict[str, Any]:
    return {
        "kind": "plan", "number": "12/KH-CATX-TH", "issued_on": "2026-02-03", "issuer": force.town.pk,
        "abstract": "Tổ chức đối thoại về cải cách hành chính", "implements": "", **changes,
    }  # fmt: skip


# --- Numbers and dates: warned of, never refused ----------------------------------------------------------------------
@pytest.mark.parametrize(
    "number",
    ["317/KH-CAT-PV01", "04-NQ/TU", "30c/NQ-CP", "449/KH-CAT-PV11", "12/2026/QĐ-BCA", "76/NQ-CP", "168/KH-CATX-TH"],
)
def test_usual_numbers(number: str) -> None:
    assert plans.number_is_usual(number)


@pytest.mark.parametrize("number", ["", "không số", "317", "KH-CAT", "317 KH CAT", "317/", "x" * 60])
def test_unusual_numbers(number: str) -> None:
    assert not plans.number_is_usual(number)


def test_unusual_number_and_early_date_are_stored_with_a_warning(force: Force) -> None:
    basis = plan(force, issued_on=OPENED.date(), number="04-NQ/TU")
    fields = typed(force, number="Không số", issued_on="2015-09-22", implements=basis.pk)
    client = signed_in(force.secretary)
    response = client.post(reverse("plan_create"), fields, follow=True)
    made = Plan.objects.get(number="Không số")
    assert made.implements == basis
    assert len(response.context["warnings"]) == 2
    assert made.precedes_its_basis


# --- Registering and correcting ---------------------------------------------------------------------------------------
def test_registered_as_a_draft(force: Force) -> None:
    client = signed_in(force.secretary)
    assert client.get(reverse("plan_create")).status_code == 200
    response = client.post(reverse("plan_create"), typed(force))
    made = Plan.objects.get()
    assert response["Location"] == reverse("plan_show", args=[made.pk])
    assert (made.state, made.kind, made.issuer) == (PlanState.DRAFT, PlanKind.PLAN, force.town)


BAD = [
    ("number", {"number": ""}), ("number", {"number": "x" * 61}), ("kind", {"kind": "song"}),
    ("issued_on", {"issued_on": "hôm qua"}), ("issued_on", {"issued_on": "0001-01-01"}),
    ("issued_on", {"issued_on": "9999-12-31"}), ("issuer", {"issuer": "x"}), ("issuer", {"issuer": "9" * 30}),
    ("abstract", {"abstract": ""}), ("abstract", {"abstract": "x" * 501}), ("implements", {"implements": "x"}),
]  # fmt: skip


def test_bad_input_is_named_and_kept(force: Force) -> None:
    client = signed_in(force.secretary)
    for field, changes in BAD:
        response = client.post(reverse("plan_create"), typed(force, **changes))
        assert response.status_code == 400, changes
        assert field in response.context["form"].errors, changes
        assert ("Tổ chức đối thoại" in text_of(response)) or field == "abstract", changes
    assert not Plan.objects.exists()


def test_issuer_of_somebody_else_is_refused(force: Force) -> None:
    response = signed_in(force.secretary).post(reverse("plan_create"), typed(force, issuer=force.next_town.pk))
    assert response.status_code == 400
    assert "issuer" in response.context["form"].errors


def test_same_number_of_the_same_day_once(force: Force) -> None:
    client = signed_in(force.secretary)
    assert client.post(reverse("plan_create"), typed(force)).status_code == 302
    assert client.post(reverse("plan_create"), typed(force)).status_code == 400
    fields = {
        "kind": "plan",
        "number": "12/KH-CATX-TH",
        "issued_on": Plan.objects.get().issued_on,
        "issuer": force.town,
    }
    with pytest.raises(plans.Refused):
        plans.register(by=force.secretary, at=OPENED, abstract="Lần hai", **fields)
    assert Plan.objects.count() == 1


def test_correction_keeps_what_was_there(force: Force) -> None:
    made = plan(force)
    client = signed_in(force.secretary)
    address = reverse("plan_edit", args=[made.pk])
    assert made.number in text_of(client.get(address))
    fields = typed(force, number=made.number, abstract="Trích yếu mới", seen=made.moves)
    assert client.post(address, fields).status_code == 302
    event = Event.objects.of(made).newest_first()[0]
    assert event.data["before"]["abstract"] == made.abstract
    assert made.abstract in text_of(client.get(reverse("plan_show", args=[made.pk])))


def test_second_editor_is_told_and_loses_nothing(force: Force) -> None:
    made = plan(force)
    plans.change(made, by=force.secretary, at=OPENED, abstract="Lời của người khác")
    client = signed_in(force.secretary)
    address = reverse("plan_edit", args=[made.pk])
    late = client.post(address, typed(force, abstract="Lời của tôi", seen=made.moves))
    assert late.status_code == 409
    assert "Lời của tôi" in text_of(late)
    assert "Lời của người khác" in text_of(late)
    again = typed(force, abstract="Lời của tôi", seen=late.context["form"]["seen"].value())
    assert client.post(address, again).status_code == 302


def test_no_circles(force: Force) -> None:
    top = plan(force)
    middle = plan(force, implements=top)
    low = plan(force, implements=middle)
    for basis in (middle, low, top):
        with pytest.raises(plans.Refused):
            plans.change(top, by=force.secretary, at=OPENED, implements=basis)
    fields = typed(force, implements=low.pk, seen=top.moves)
    response = signed_in(force.secretary).post(reverse("plan_edit", args=[top.pk]), fields)
    assert response.status_code == 400
    assert "implements" in response.context["form"].errors


def test_what_is_typed_is_kept_as_a_draft(force: Force) -> None:
    client = signed_in(force.secretary)
    client.post(reverse("draft_save", args=["plan-new"]), typed(force, abstract="Đang soạn dở"))
    assert "Đang soạn dở" in text_of(client.get(reverse("plan_create")))
    client.post(reverse("plan_create"), typed(force))
    assert "Đang soạn dở" not in text_of(client.get(reverse("plan_create")))


def test_files_are_attached_and_checked(force: Force, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    client = signed_in(force.secretary)
    good = SimpleUploadedFile("ke-hoach.txt", "Nội dung kế hoạch".encode())
    assert client.post(reverse("plan_create"), {**typed(force), "attachments": good}).status_code == 302
    made, attachment = Plan.objects.get(), Attachment.objects.get()
    assert (attachment.subject_id, attachment.name) == (str(made.pk), "ke-hoach.txt")
    assert "ke-hoach.txt" in text_of(client.get(reverse("plan_show", args=[made.pk])))
    bad = SimpleUploadedFile("ke-hoach.pdf", b"MZ not a pdf")
    refused = client.post(reverse("plan_edit", args=[made.pk]), {**typed(force, seen=made.moves), "attachments": bad})
    assert refused.status_code == 400
    assert Attachment.objects.count() == 1


# --- Moves ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("path", "action", "note", "target"),
    [
        ([], "issue", "", "in_force"), ([], "cancel", "Ban hành nhầm", "cancelled"),
        (["issue"], "complete", "", "completed"), (["issue"], "cancel", "Thay thế", "cancelled"),
        (["issue", "complete"], "resume", "Còn việc", "in_force"),
    ],
)  # fmt: skip
def test_every_move(force: Force, path: list[str], action: str, note: str, target: str) -> None:
    made = plan(force, issue=False)
    for each in path:
        made = perform(made, each, by=force.secretary, at=OPENED)
    client = signed_in(force.secretary)
    address = reverse("plan_move", args=[made.pk, action])
    assert f'href="{address}"' in text_of(client.get(reverse("plan_show", args=[made.pk])))
    assert client.get(address).status_code == 200
    if note:
        assert client.post(address, {"seen": made.moves, "note": " "}).status_code == 400
    assert client.post(address, {"seen": made.moves, "note": note}).status_code == 302
    made.refresh_from_db()
    assert made.state == target


def test_moves_are_refused(force: Force) -> None:
    made = plan(force)
    address = reverse("plan_move", args=[made.pk, "complete"])
    assert signed_in(force.officer).get(address).status_code == 403
    assert signed_in(force.officer).post(address, {"seen": made.moves}).status_code == 403
    client = signed_in(force.secretary)
    assert client.post(address, {"seen": 0}).status_code == 409
    assert client.get(reverse("plan_move", args=[made.pk, "issue"])).status_code == 409
    assert client.get(f"/plans/{made.pk}/do/delete/").status_code == 404
    made.refresh_from_db()
    assert made.state == PlanState.IN_FORCE


def drawn(node: Any, depth: int = 0) -> list[tuple[Plan, int]]:
    """The plans of a drawing, from the top, each with how deep it stands."""
    return [(node.node.plan, depth), *(each for child in node.children for each in drawn(child, depth + 1))]


# --- Trees, lists, and who sees them ----------------------------------------------------------------------------------
def test_tree_follows_implements(force: Force) -> None:
    top = plan(force, number="04-NQ/TU", issued_on=OPENED.date() - timedelta(days=900))
    year = plan(force, number="1/KH-CATX", implements=top)
    plan(force, number="2/KH-CATX", implements=year)
    alone = plan(force, number="3/KH-CATX", issued_on=OPENED.date() + timedelta(days=9))
    page = signed_in(force.secretary).get(reverse("plan_list"))
    assert [(line.plan.number, line.depth) for line in page.context["lines"]] == [
        (alone.number, 0), ("04-NQ/TU", 0), ("1/KH-CATX", 1), ("2/KH-CATX", 2),
    ]  # fmt: skip


def test_page_of_a_plan_shows_its_place_and_its_conferences(force: Force) -> None:
    top = plan(force)
    middle = plan(force, implements=top)
    low = plan(force, implements=middle)
    open_one = conference_at(force, "collecting", plan=middle)
    conference_at(force, "draft", plan=middle)
    page = signed_in(force.officer).get(reverse("plan_show", args=[middle.pk]))
    assert drawn(page.context["tree"]) == [(top, 0), (middle, 1), (low, 2)]
    assert page.context["conferences"] == [open_one]


def test_list_is_filtered(force: Force) -> None:
    plan(force, number="1/KH-CATX", abstract="Đối thoại với công dân")
    plan(force, number="2/NQ-TU", kind=PlanKind.RESOLUTION, issue=False, abstract="Chương trình cải cách")
    client = signed_in(force.secretary)

    def found(**chosen: Any) -> list[str]:
        return [line.plan.number for line in client.get(reverse("plan_list"), chosen).context["lines"]]

    assert found(q="doi thoai") == ["1/KH-CATX"]
    assert found(kind="resolution") == ["2/NQ-TU"]
    assert found(state="in_force") == ["1/KH-CATX"]
    assert found(q="không có gì") == []
    assert len(found(kind="?", state="?", year="x")) == 2


@pytest.mark.parametrize(
    ("who", "draft", "in_force"),
    [("secretary", 200, 200), ("officer", 404, 200), ("stranger", 404, 404), ("provincial_leader", 404, 200)],
)
def test_who_sees_a_plan(force: Force, who: str, draft: int, in_force: int) -> None:
    client = signed_in(getattr(force, who))
    assert client.get(reverse("plan_show", args=[plan(force, issue=False).pk])).status_code == draft
    assert client.get(reverse("plan_show", args=[plan(force).pk])).status_code == in_force


@pytest.mark.parametrize("who", ["officer", "leader", "stranger"])
def test_only_its_keepers_write(force: Force, who: str) -> None:
    made = plan(force)
    client = signed_in(getattr(force, who))
    assert client.get(reverse("plan_create")).status_code == 404
    assert client.post(reverse("plan_edit", args=[made.pk]), typed(force)).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_queries(force: Force, number: int, django_assert_num_queries: Any) -> None:
    top = plan(force, implements=plan(force))
    for _each in range(number):
        plan(force, implements=plan(force, implements=top))
        conference_at(force, "collecting", plan=top)
    client = signed_in(force.secretary)
    for address, queries in ((reverse("plan_list"), 7), (reverse("plan_show", args=[top.pk]), 12)):
        client.get(address)
        with django_assert_num_queries(queries):
            client.get(address)


def test_empty_list_teaches(force: Force) -> None:
    assert reverse("plan_create") in text_of(signed_in(force.secretary).get(reverse("plan_list")))
    assert signed_in(force.officer).get(reverse("plan_list")).status_code == 200
