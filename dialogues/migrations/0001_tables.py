"""The dialogue; what was sent, said and reported is kept by triggers."""

import cchc.web.search
import dialogues.models.conference
import dialogues.models.survey
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


SQL = """
CREATE FUNCTION dialogues_paper_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%s is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION dialogues_dispatch_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.digest <> encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'the digest is not that of the content' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dispatch_sealed BEFORE INSERT ON dialogues_dispatch
    FOR EACH ROW EXECUTE FUNCTION dialogues_dispatch_sealed();
CREATE TRIGGER dispatch_kept BEFORE UPDATE OR DELETE ON dialogues_dispatch
    FOR EACH ROW EXECUTE FUNCTION dialogues_paper_kept();
CREATE TRIGGER reply_kept BEFORE UPDATE OR DELETE ON dialogues_reply
    FOR EACH ROW EXECUTE FUNCTION dialogues_paper_kept();
CREATE TRIGGER update_kept BEFORE UPDATE OR DELETE ON dialogues_update
    FOR EACH ROW EXECUTE FUNCTION dialogues_paper_kept();
CREATE FUNCTION dialogues_item_touched_INSERT() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dialogues_touched (conference_id) SELECT DISTINCT conference_id FROM new_rows;
    RETURN NULL;
END $$;
CREATE TRIGGER touched_INSERT AFTER INSERT ON dialogues_item REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dialogues_item_touched_INSERT();

CREATE FUNCTION dialogues_item_touched_UPDATE() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dialogues_touched (conference_id) SELECT DISTINCT conference_id FROM new_rows UNION SELECT DISTINCT conference_id FROM old_rows;
    RETURN NULL;
END $$;
CREATE TRIGGER touched_UPDATE AFTER UPDATE ON dialogues_item REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dialogues_item_touched_UPDATE();

CREATE FUNCTION dialogues_item_touched_DELETE() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dialogues_touched (conference_id) SELECT DISTINCT conference_id FROM old_rows;
    RETURN NULL;
END $$;
CREATE TRIGGER touched_DELETE AFTER DELETE ON dialogues_item REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dialogues_item_touched_DELETE();

CREATE FUNCTION dialogues_answer_touched_INSERT() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dialogues_touched (conference_id) SELECT DISTINCT i.conference_id FROM new_rows r JOIN dialogues_item i ON i.id = r.item_id;
    RETURN NULL;
END $$;
CREATE TRIGGER touched_INSERT AFTER INSERT ON dialogues_answer REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dialogues_answer_touched_INSERT();

CREATE FUNCTION dialogues_answer_touched_UPDATE() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dialogues_touched (conference_id) SELECT DISTINCT i.conference_id FROM new_rows r JOIN dialogues_item i ON i.id = r.item_id UNION SELECT DISTINCT i.conference_id FROM old_rows r JOIN dialogues_item i ON i.id = r.item_id;
    RETURN NULL;
END $$;
CREATE TRIGGER touched_UPDATE AFTER UPDATE ON dialogues_answer REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dialogues_answer_touched_UPDATE();

CREATE FUNCTION dialogues_answer_touched_DELETE() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dialogues_touched (conference_id) SELECT DISTINCT i.conference_id FROM old_rows r JOIN dialogues_item i ON i.id = r.item_id;
    RETURN NULL;
END $$;
CREATE TRIGGER touched_DELETE AFTER DELETE ON dialogues_answer REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dialogues_answer_touched_DELETE();

CREATE FUNCTION dialogues_feedback_touched_INSERT() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dialogues_touched (conference_id) SELECT DISTINCT i.conference_id FROM new_rows r JOIN dialogues_answer a ON a.id = r.answer_id JOIN dialogues_item i ON i.id = a.item_id;
    RETURN NULL;
END $$;
CREATE TRIGGER touched_INSERT AFTER INSERT ON dialogues_feedback REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dialogues_feedback_touched_INSERT();

CREATE FUNCTION dialogues_feedback_touched_UPDATE() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dialogues_touched (conference_id) SELECT DISTINCT i.conference_id FROM new_rows r JOIN dialogues_answer a ON a.id = r.answer_id JOIN dialogues_item i ON i.id = a.item_id UNION SELECT DISTINCT i.conference_id FROM old_rows r JOIN dialogues_answer a ON a.id = r.answer_id JOIN dialogues_item i ON i.id = a.item_id;
    RETURN NULL;
END $$;
CREATE TRIGGER touched_UPDATE AFTER UPDATE ON dialogues_feedback REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dialogues_feedback_touched_UPDATE();

CREATE FUNCTION dialogues_feedback_touched_DELETE() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dialogues_touched (conference_id) SELECT DISTINCT i.conference_id FROM old_rows r JOIN dialogues_answer a ON a.id = r.answer_id JOIN dialogues_item i ON i.id = a.item_id;
    RETURN NULL;
END $$;
CREATE TRIGGER touched_DELETE AFTER DELETE ON dialogues_feedback REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dialogues_feedback_touched_DELETE();
"""

NO_SQL = """
DROP FUNCTION dialogues_item_touched_INSERT() CASCADE;
DROP FUNCTION dialogues_item_touched_UPDATE() CASCADE;
DROP FUNCTION dialogues_item_touched_DELETE() CASCADE;
DROP FUNCTION dialogues_answer_touched_INSERT() CASCADE;
DROP FUNCTION dialogues_answer_touched_UPDATE() CASCADE;
DROP FUNCTION dialogues_answer_touched_DELETE() CASCADE;
DROP FUNCTION dialogues_feedback_touched_INSERT() CASCADE;
DROP FUNCTION dialogues_feedback_touched_UPDATE() CASCADE;
DROP FUNCTION dialogues_feedback_touched_DELETE() CASCADE;
DROP TRIGGER update_kept ON dialogues_update
DROP TRIGGER reply_kept ON dialogues_reply;
DROP TRIGGER dispatch_kept ON dialogues_dispatch;
DROP TRIGGER dispatch_sealed ON dialogues_dispatch;
DROP FUNCTION dialogues_paper_kept(), dialogues_dispatch_sealed();
"""


class Migration(migrations.Migration):
    initial = True
    # The steps by which the tables came to be; a database that took them all has taken this one.
    replaces = [
        ("dialogues", "0001_initial"),
        ("dialogues", "0002_initial"),
        ("dialogues", "0003_feedback_once"),
        ("dialogues", "0004_item_indexes_for_lists"),
        ("dialogues", "0005_item_indexes_for_readers"),
        ("dialogues", "0006_open_items_by_turn"),
        ("dialogues", "0007_escalations"),
        ("dialogues", "0008_referred_items_get_a_report"),
        ("dialogues", "0009_item_reason_moved_to_its_report"),
        ("dialogues", "0010_plans_are_kept_by_a_unit"),
        ("dialogues", "0011_conclusions_directives_inspections"),
        ("dialogues", "0012_surveys_gradings_practices"),
        ("dialogues", "0013_documents_asked_for"),
        ("dialogues", "0014_a_period_has_both_years"),
        ("dialogues", "0015_conferences_counted_beforehand"),
    ]

    dependencies = [
        ("organization", "0001_tables"),
        ("web", "0001_fold"),
        ("workflow", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Field",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
                ("order", models.PositiveSmallIntegerField()),
                ("code", models.SlugField(unique=True)),
            ],
            options={
                "ordering": ("order",),
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("moves", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_force", "In force"),
                            ("completed", "Completed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("resolution", "Resolution"),
                            ("plan", "Plan"),
                            ("decision", "Decision"),
                            ("letter", "Official letter"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        help_text="For example 317/KH-CAT-PV01", max_length=60, verbose_name="number and symbol"
                    ),
                ),
                ("issued_on", models.DateField(verbose_name="date of issue")),
                ("abstract", models.CharField(max_length=500, verbose_name="abstract")),
                (
                    "implements",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="implemented_by",
                        to="dialogues.plan",
                        verbose_name="implements",
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                        verbose_name="issuer",
                    ),
                ),
                (
                    "turn",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workflow.obligation",
                    ),
                ),
                ("first_year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="from the year")),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                        verbose_name="kept by",
                    ),
                ),
                (
                    "issuer_name",
                    models.CharField(blank=True, max_length=200, verbose_name="issuer outside of the force"),
                ),
                ("last_year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="to the year")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("implements", models.F("id")), _negated=True), name="plan_not_its_own_basis"
                    ),
                    models.UniqueConstraint(
                        fields=("host", "issuer", "issuer_name", "number", "issued_on"),
                        name="plan_once",
                        nulls_distinct=False,
                        violation_error_message="This number is already registered for that issuer and day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("issuer__isnull", False), ("issuer_name", "")),
                            models.Q(("issuer__isnull", True), models.Q(("issuer_name", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="plan_of_one_issuer",
                        violation_error_message="Choose the issuing unit or write who issued it, one of the two.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("first_year__isnull", True), ("last_year__isnull", True)),
                            models.Q(
                                ("first_year__isnull", False),
                                ("last_year__isnull", False),
                                ("first_year__gte", 1975),
                                ("last_year__gte", models.F("first_year")),
                                ("last_year__lte", 2099),
                            ),
                            _connector="OR",
                        ),
                        name="plan_period_in_order",
                        violation_error_message="The period needs its first and its last year, in order.",
                    ),
                ],
                "indexes": [models.Index(fields=["-issued_on", "number"], name="plan_newest")],
            },
        ),
        migrations.CreateModel(
            name="TopicSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(unique=True)),
                ("basis", models.CharField(max_length=200)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "ordering": ("-valid_from",),
            },
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("moves", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Report in preparation"),
                            ("proposed", "Report before the leader"),
                            ("sent", "Sent, not yet received"),
                            ("outside", "Sent outside, reply to be recorded"),
                            ("received", "Received"),
                            ("assigned", "Advice being prepared"),
                            ("presented", "Awaiting the leader's decision"),
                            ("joined", "Joined with another"),
                            ("returned", "Information asked for"),
                            ("forwarded", "Referred further up"),
                            ("ruled", "Ruled"),
                            ("delegated", "Left to the unit"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(editable=False)),
                ("number", models.PositiveIntegerField(editable=False)),
                ("code", models.CharField(editable=False, max_length=20)),
                ("title", models.CharField(max_length=200, verbose_name="matter")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("beyond_authority", "Beyond the leader's authority"),
                            ("needs_coordination", "Needs other bodies"),
                        ],
                        max_length=20,
                        verbose_name="reason",
                    ),
                ),
                ("bodies", models.CharField(blank=True, max_length=300, verbose_name="bodies concerned")),
                ("report_number", models.CharField(blank=True, max_length=60, verbose_name="report number")),
                ("text", models.TextField(blank=True, max_length=8000, verbose_name="report")),
                ("proposal", models.TextField(blank=True, max_length=4000, verbose_name="proposal")),
                ("requested_on", models.DateField(blank=True, null=True, verbose_name="opinion wished by")),
                ("sent_at", models.DateTimeField(editable=False, null=True)),
                ("answer_by", models.DateField(editable=False, null=True)),
                ("first_answer_by", models.DateField(editable=False, null=True)),
                ("asked_until", models.DateField(editable=False, null=True)),
                ("asked_reason", models.CharField(blank=True, editable=False, max_length=500)),
                ("advise_by", models.DateField(editable=False, null=True)),
                ("advice", models.TextField(blank=True, max_length=8000, verbose_name="advice")),
                ("advised_at", models.DateTimeField(null=True)),
                (
                    "advised_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                        verbose_name="advising unit",
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                        verbose_name="unit",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="dialogues.escalation",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="dialogues.escalation",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                        verbose_name="sent to",
                    ),
                ),
                (
                    "turn",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workflow.obligation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("host", "year", "number"), name="escalation_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("host", models.F("receiver")), _negated=True),
                        name="escalation_to_another_unit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "joined"), _negated=True), ("lead__isnull", False), _connector="OR"
                        ),
                        name="escalation_joined_has_lead",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lead", models.F("id")), _negated=True),
                        name="escalation_does_not_lead_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "assigned"), _negated=True), ("division__isnull", False), _connector="OR"
                        ),
                        name="escalation_assigned_has_division",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("draft", "proposed", "withdrawn")),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="escalation_sent_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sent_at__isnull", True),
                            models.Q(
                                ("answer_by__isnull", False),
                                ("first_answer_by__isnull", False),
                                models.Q(("report_number", ""), _negated=True),
                                models.Q(("text", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="escalation_sent_is_complete",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("advice", ""), ("advised_at__isnull", True), ("advised_by__isnull", True)),
                            models.Q(
                                models.Q(("advice", ""), _negated=True),
                                ("advised_at__isnull", False),
                                ("advised_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="escalation_advice_who_when_what_together",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("asked_reason", ""), ("asked_until__isnull", True)),
                            ("asked_until__isnull", False),
                            _connector="OR",
                        ),
                        name="escalation_time_asked_together",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["host", "-sent_at"], name="escalation_of_host"),
                    models.Index(fields=["receiver", "state"], name="escalation_of_receiver"),
                    models.Index(
                        condition=models.Q(("division__isnull", False)),
                        fields=["division"],
                        name="escalation_of_division",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Grading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                (
                    "group",
                    models.CharField(
                        help_text="The peers, for example: Central agencies in the province",
                        max_length=200,
                        verbose_name="graded among",
                    ),
                ),
                ("grade", models.CharField(max_length=60, verbose_name="grade")),
                ("rank", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="rank")),
                ("group_size", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="of how many")),
                (
                    "wording",
                    models.CharField(
                        blank=True,
                        help_text="Wordings differ from year to year",
                        max_length=150,
                        verbose_name="as the paper words it",
                    ),
                ),
                ("document", models.CharField(blank=True, max_length=250, verbose_name="source")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit", "year", "group"),
                        name="grading_once",
                        violation_error_message="This unit's grading for that year and group is already registered.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("group_size__isnull", True), ("rank__isnull", True)),
                            models.Q(
                                ("group_size__gte", models.F("rank")),
                                ("group_size__isnull", False),
                                ("rank__gte", 1),
                                ("rank__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="grading_rank_within_group",
                        violation_error_message="Give rank and size of the group together; the rank lies within the group.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("year__range", (1990, 2100))),
                        name="grading_year",
                        violation_error_message="Check the year.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
                ("order", models.PositiveSmallIntegerField()),
                ("code", models.SlugField()),
                (
                    "set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="topics", to="dialogues.topicset"
                    ),
                ),
            ],
            options={
                "ordering": ("set", "order"),
                "constraints": [models.UniqueConstraint(fields=("set", "code"), name="topic_once_in_set")],
            },
        ),
        migrations.CreateModel(
            name="Conference",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("moves", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "In preparation"),
                            ("collecting", "Collecting questions"),
                            ("in_session", "In session"),
                            ("concluded", "Answering and concluding"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                (
                    "code",
                    models.SlugField(
                        help_text="For example HN-2020-01", max_length=40, unique=True, verbose_name="code"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("dialogue", "Dialogue conference"), ("inspection", "Inspection")],
                        default="dialogue",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                ("venue", models.CharField(max_length=250, verbose_name="venue")),
                ("starts_at", models.DateTimeField(verbose_name="begins")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                ("opens_at", models.DateTimeField(verbose_name="questions from")),
                ("closes_at", models.DateTimeField(verbose_name="questions until")),
                (
                    "answer_term",
                    models.PositiveSmallIntegerField(
                        default=15, verbose_name="term for written answers (working days)"
                    ),
                ),
                (
                    "reported_items",
                    models.CharField(
                        blank=True,
                        help_text="As written there, for example 'over 20'",
                        max_length=80,
                        verbose_name="number in the paper report",
                    ),
                ),
                (
                    "guest_key",
                    models.CharField(
                        default=dialogues.models.conference.new_guest_key, editable=False, max_length=40, unique=True
                    ),
                ),
                (
                    "chair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="chair",
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                        verbose_name="host unit",
                    ),
                ),
                (
                    "invited",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="organization.unit", verbose_name="invited units"
                    ),
                ),
                (
                    "turn",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workflow.obligation",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conferences",
                        to="dialogues.plan",
                        verbose_name="plan",
                    ),
                ),
                (
                    "topics",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dialogues.topicset",
                        verbose_name="CCHC contents",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="conference_ends_after_start",
                        violation_error_message="The conference must end after it begins.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                        name="conference_window_in_order",
                        violation_error_message="Questions must close after they open.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__lte", models.F("ends_at"))),
                        name="conference_window_before_end",
                        violation_error_message="Questions must close before the conference ends.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer_term__range", (1, 60))), name="conference_answer_term"
                    ),
                ],
                "indexes": [
                    models.Index(fields=["host", "-starts_at"], name="conference_of_host"),
                    models.Index(fields=["-starts_at", "code"], name="conference_newest"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dispatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField()),
                ("report_number", models.CharField(max_length=60)),
                ("content", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("capacity", models.CharField(blank=True, max_length=150)),
                (
                    "acting_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "In person"),
                            ("kt", "KT. (for the head)"),
                            ("tl", "TL. (by order)"),
                            ("tuq", "TUQ. (by authorization)"),
                            ("tm", "TM. (on behalf of)"),
                        ],
                        max_length=3,
                    ),
                ),
                ("sent_at", models.DateTimeField()),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "escalation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dispatches",
                        to="dialogues.escalation",
                    ),
                ),
            ],
            options={
                "ordering": ("round",),
                "constraints": [models.UniqueConstraint(fields=("escalation", "round"), name="dispatch_round_once")],
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ruled", "Ruling"),
                            ("delegated_back", "Left to the unit's own decision"),
                            ("returned_for_information", "More information asked for"),
                            ("forwarded_up", "Referred to the next level"),
                            ("refused", "Not taken up, with the basis"),
                        ],
                        max_length=30,
                        verbose_name="kind",
                    ),
                ),
                ("document", models.CharField(blank=True, max_length=60, verbose_name="document number")),
                ("text", models.TextField(max_length=8000, verbose_name="opinion")),
                ("done_by", models.DateField(null=True, verbose_name="to be done by")),
                ("capacity", models.CharField(blank=True, max_length=150)),
                (
                    "acting_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "In person"),
                            ("kt", "KT. (for the head)"),
                            ("tl", "TL. (by order)"),
                            ("tuq", "TUQ. (by authorization)"),
                            ("tm", "TM. (on behalf of)"),
                        ],
                        max_length=3,
                    ),
                ),
                ("given_at", models.DateTimeField()),
                ("outside", models.BooleanField(default=False)),
                (
                    "escalation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="replies", to="dialogues.escalation"
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("given_at", "id"),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="reply_says_something")
                ],
            },
        ),
        migrations.CreateModel(
            name="AudienceInvited",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "audience",
                    models.CharField(
                        choices=[("officers", "Officers"), ("citizens", "Citizens"), ("businesses", "Businesses")],
                        max_length=20,
                        verbose_name="audience",
                    ),
                ),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="audiences", to="dialogues.conference"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [models.UniqueConstraint(fields=("conference", "audience"), name="audience_once")],
            },
        ),
        migrations.CreateModel(
            name="Participant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("co_chair", "Co-chair"),
                            ("secretary", "Conference secretary"),
                            ("delegate", "Delegate"),
                        ],
                        default="delegate",
                        max_length=20,
                        verbose_name="part",
                    ),
                ),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participants",
                        to="dialogues.conference",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "ordering": ("person__sort_key",),
                "constraints": [models.UniqueConstraint(fields=("conference", "person"), name="participant_once")],
            },
        ),
        migrations.CreateModel(
            name="AgendaEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField(verbose_name="order")),
                ("at", models.TimeField(verbose_name="time")),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="minutes")),
                ("text", models.CharField(max_length=300, verbose_name="content")),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="agenda", to="dialogues.conference"
                    ),
                ),
            ],
            options={
                "ordering": ("order",),
                "constraints": [models.UniqueConstraint(fields=("conference", "order"), name="agenda_order_once")],
            },
        ),
        migrations.CreateModel(
            name="Conclusion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("moves", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("presented", "Before the leader"),
                            ("issued", "Issued"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("assessment", models.TextField(blank=True, max_length=12000, verbose_name="assessment")),
                (
                    "closing_note",
                    models.TextField(blank=True, max_length=8000, verbose_name="organization of the work"),
                ),
                ("document", models.CharField(blank=True, max_length=60, verbose_name="number of the notice")),
                ("issued_at", models.DateTimeField(editable=False, null=True)),
                ("capacity", models.CharField(blank=True, editable=False, max_length=150)),
                (
                    "acting_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "In person"),
                            ("kt", "KT. (for the head)"),
                            ("tl", "TL. (by order)"),
                            ("tuq", "TUQ. (by authorization)"),
                            ("tm", "TM. (on behalf of)"),
                        ],
                        editable=False,
                        max_length=3,
                    ),
                ),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conclusions",
                        to="dialogues.conference",
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "turn",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workflow.obligation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "cancelled"), _negated=True),
                        fields=("conference",),
                        name="conclusion_once_per_conference",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("issued_at__isnull", False),
                                ("issued_by__isnull", False),
                                ("state", "issued"),
                                models.Q(("assessment", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "issued"), _negated=True),
                                ("issued_at__isnull", True),
                                ("issued_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="conclusion_issued_who_when_what_together",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delegate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="full name")),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="post")),
                ("head", models.BooleanField(default=False, verbose_name="head of the delegation")),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="delegates", to="dialogues.conference"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="organization.position",
                    ),
                ),
            ],
            options={
                "ordering": ("-head", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("head", True)), fields=("conference",), name="delegation_has_one_head"
                    ),
                    models.UniqueConstraint(fields=("conference", "person"), name="delegate_once"),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="delegate_is_named"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("strength", "Strength"), ("weakness", "Weakness")], max_length=10, verbose_name="kind"
                    ),
                ),
                ("text", models.TextField(max_length=4000, verbose_name="finding")),
                ("remedy_by", models.DateField(blank=True, null=True, verbose_name="to be remedied by")),
                ("recorded_at", models.DateTimeField()),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="dialogues.conference"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dialogues.topic",
                        verbose_name="CCHC content",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
                "constraints": [
                    models.UniqueConstraint(fields=("conference", "number"), name="finding_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="finding_says_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Scope",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("decision", models.CharField(blank=True, max_length=200, verbose_name="decision on the delegation")),
                ("subject", models.CharField(max_length=300, verbose_name="subject")),
                ("first_day", models.DateField(verbose_name="matters from")),
                ("last_day", models.DateField(verbose_name="matters until")),
                ("reads_from", models.DateField(verbose_name="inspectors may read from")),
                ("reads_until", models.DateField(verbose_name="inspectors may read until")),
                (
                    "conference",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scope", to="dialogues.conference"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_day__gte", models.F("first_day")), ("reads_until__gte", models.F("reads_from"))
                        ),
                        name="scope_days_in_order",
                        violation_error_message="The last day must not come before the first.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Practice",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("moves", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being written"),
                            ("proposed", "Under review"),
                            ("returned", "To be completed"),
                            ("published", "Published"),
                            ("rejected", "Not recognized"),
                            ("retired", "No longer recommended"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("started_on", models.DateField(verbose_name="in use since")),
                ("problem", models.TextField(max_length=4000, verbose_name="what was wrong before")),
                ("method", models.TextField(max_length=8000, verbose_name="how it is done")),
                ("conditions", models.TextField(blank=True, max_length=2000, verbose_name="what it takes")),
                ("cost_note", models.CharField(blank=True, max_length=300, verbose_name="cost")),
                ("created_at", models.DateTimeField(editable=False)),
                ("recognized_on", models.DateField(editable=False, null=True, verbose_name="recognized on")),
                (
                    "document",
                    models.CharField(
                        blank=True, editable=False, max_length=200, verbose_name="document of recognition"
                    ),
                ),
                (
                    "field",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dialogues.field",
                        verbose_name="professional field",
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dialogues.topic",
                        verbose_name="CCHC content",
                    ),
                ),
                (
                    "turn",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workflow.obligation",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("published", "retired")), _negated=True),
                            ("recognized_on__isnull", False),
                            _connector="OR",
                        ),
                        name="practice_published_has_day",
                    )
                ],
                "indexes": [models.Index(fields=["state", "-recognized_on"], name="practice_published")],
            },
        ),
        migrations.CreateModel(
            name="Survey",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("moves", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "In preparation"),
                            ("open", "Taking answers"),
                            ("closed", "Results are out"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("title", models.CharField(max_length=250, verbose_name="subject of the survey")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("link", "Asked here, by link and QR code"),
                            ("ratings", "The askers' ratings of their answers"),
                            ("reported", "Counted elsewhere"),
                        ],
                        default="link",
                        max_length=10,
                        verbose_name="where the answers come from",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("first_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("last_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("method", models.CharField(blank=True, max_length=250, verbose_name="method")),
                ("document", models.CharField(blank=True, max_length=200, verbose_name="document")),
                ("created_at", models.DateTimeField(editable=False)),
                ("sent", models.PositiveIntegerField(blank=True, null=True, verbose_name="number sent out")),
                ("returned", models.PositiveIntegerField(blank=True, null=True, verbose_name="number returned")),
                ("satisfied", models.PositiveIntegerField(blank=True, null=True, verbose_name="number satisfied")),
                (
                    "reported_percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        verbose_name="share satisfied, as reported (%)",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        default=dialogues.models.survey.new_survey_key, editable=False, max_length=40, unique=True
                    ),
                ),
                ("figures", models.JSONField(default=dict, editable=False)),
                (
                    "conference",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="surveys",
                        to="dialogues.conference",
                        verbose_name="conference",
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                        verbose_name="unit",
                    ),
                ),
                (
                    "turn",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workflow.obligation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("first_on__isnull", True), ("last_on__isnull", True)),
                            models.Q(
                                ("first_on__isnull", False),
                                ("last_on__gte", models.F("first_on")),
                                ("last_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="survey_period_in_order",
                        violation_error_message="The last day may not lie before the first day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source", "reported"),
                            models.Q(
                                ("reported_percent__isnull", True),
                                ("returned__isnull", True),
                                ("satisfied__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="survey_counts_itself_unless_reported",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("satisfied__isnull", True),
                            models.Q(("returned__gte", models.F("satisfied")), ("returned__isnull", False)),
                            _connector="OR",
                        ),
                        name="survey_satisfied_among_returned",
                        violation_error_message="More cannot be satisfied than have answered.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reported_percent__isnull", True),
                            ("returned__isnull", True),
                            ("satisfied__isnull", True),
                            _connector="OR",
                        ),
                        name="survey_percent_is_computed_when_counts_are_known",
                        violation_error_message="With both counts the share is computed: leave the reported share empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reported_percent__isnull", True), ("reported_percent__range", (0, 100)), _connector="OR"
                        ),
                        name="survey_percent_of_hundred",
                        violation_error_message="A share lies between 0 and 100.",
                    ),
                ],
                "indexes": [models.Index(fields=["host", "-year"], name="survey_of_host")],
            },
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("moves", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "Asked for"), ("handed_in", "Handed in"), ("waived", "No longer asked for")],
                        default="asked",
                        max_length=20,
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="document")),
                ("due_on", models.DateField(verbose_name="wanted by")),
                ("handed_in_on", models.DateField(editable=False, null=True)),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="dialogues.conference"
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                    ),
                ),
                (
                    "turn",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workflow.obligation",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                        verbose_name="asked of",
                    ),
                ),
            ],
            options={
                "ordering": ("due_on", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("handed_in_on__isnull", False), ("state", "handed_in")),
                            models.Q(models.Q(("state", "handed_in"), _negated=True), ("handed_in_on__isnull", True)),
                            _connector="OR",
                        ),
                        name="request_handed_in_when",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Summary",
            fields=[
                (
                    "conference",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="summary",
                        serialize=False,
                        to="dialogues.conference",
                    ),
                ),
                ("first_at", models.DateTimeField(null=True)),
                ("last_at", models.DateTimeField(null=True)),
                ("tallies", models.JSONField(default=dict)),
                ("counted_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Touched",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "conference",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="touched",
                        to="dialogues.conference",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=300, verbose_name="question")),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="criteria", to="dialogues.survey"
                    ),
                ),
            ],
            options={
                "ordering": ("order",),
                "constraints": [
                    models.UniqueConstraint(fields=("survey", "order"), name="survey_criterion_order_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "group",
                    models.CharField(
                        choices=[("officers", "Officers"), ("citizens", "Citizens"), ("businesses", "Businesses")],
                        max_length=20,
                        verbose_name="I am",
                    ),
                ),
                ("overall", models.PositiveSmallIntegerField()),
                ("comment", models.CharField(blank=True, max_length=1000, verbose_name="comment")),
                ("on", models.DateField()),
                ("mark", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="responses", to="dialogues.survey"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("overall__range", (1, 5))), name="response_one_to_five")
                ],
            },
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=200, verbose_name="what was measured")),
                ("measure_unit", models.CharField(blank=True, max_length=40, verbose_name="unit of measure")),
                ("before", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="before")),
                ("after", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="after")),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="measures", to="dialogues.practice"
                    ),
                ),
            ],
            options={
                "ordering": ("order",),
                "constraints": [models.UniqueConstraint(fields=("practice", "order"), name="measure_order_once")],
            },
        ),
        migrations.CreateModel(
            name="Adoption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="planned by")),
                ("adopted_on", models.DateField(blank=True, null=True, verbose_name="in use since")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="ended on")),
                ("end_note", models.CharField(blank=True, max_length=500, verbose_name="why it ended")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                        verbose_name="unit",
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="adoptions", to="dialogues.practice"
                    ),
                ),
            ],
            options={
                "ordering": ("adopted_on", "due_on", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on__isnull", True)),
                        fields=("practice", "unit"),
                        name="adoption_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("adopted_on__isnull", False), ("due_on__isnull", False), _connector="OR"),
                        name="adoption_has_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end_note", ""), ("ended_on__isnull", True)),
                            models.Q(("ended_on__isnull", False), models.Q(("end_note", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="adoption_ended_when_why_together",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on__isnull", True),
                            ("adopted_on__isnull", True),
                            ("ended_on__gte", models.F("adopted_on")),
                            _connector="OR",
                        ),
                        name="adoption_dates_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.PositiveSmallIntegerField()),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scores", to="dialogues.criterion"
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="scores", to="dialogues.response"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("response", "criterion"), name="score_once"),
                    models.CheckConstraint(condition=models.Q(("value__range", (1, 5))), name="score_one_to_five"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("moves", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("accepted", "Accepted"),
                            ("assigned", "Assigned"),
                            ("prepared", "Awaiting the leader"),
                            ("escalated", "Referred upward"),
                            ("ruled", "Ruling received"),
                            ("answered", "Answered, not yet published"),
                            ("published", "Answered"),
                            ("promised", "Answered, promise pending"),
                            ("reported", "Promise reported done"),
                            ("closed", "Closed"),
                            ("merged", "Merged"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("question", "Question"), ("opinion", "Opinion"), ("proposal", "Proposal")],
                        default="question",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("number", models.PositiveIntegerField(editable=False, null=True)),
                ("code", models.CharField(blank=True, editable=False, max_length=12)),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("text", models.TextField(max_length=4000, verbose_name="content")),
                (
                    "identity",
                    models.CharField(
                        choices=[("named", "With my name"), ("anonymous", "Anonymous")],
                        default="named",
                        max_length=10,
                        verbose_name="identity",
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[("officers", "Officers"), ("citizens", "Citizens"), ("businesses", "Businesses")],
                        default="officers",
                        max_length=20,
                        verbose_name="asker",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web_advance", "Online, in advance"),
                            ("paper", "Paper slip"),
                            ("box", "Suggestion box"),
                            ("collected", "Collected by a unit"),
                            ("qr_live", "By QR code in the hall"),
                            ("live_oral", "Spoken in the hall"),
                        ],
                        default="web_advance",
                        max_length=20,
                        verbose_name="channel",
                    ),
                ),
                ("asker_name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("asker_contact", models.CharField(blank=True, max_length=120, verbose_name="phone or e-mail")),
                ("locality", models.CharField(blank=True, max_length=120, verbose_name="place of residence")),
                ("tracking_digest", models.CharField(editable=False, max_length=64, null=True, unique=True)),
                ("submit_digest", models.CharField(editable=False, max_length=64, null=True, unique=True)),
                ("submitted_at", models.DateTimeField(editable=False, null=True)),
                ("prepare_by", models.DateField(blank=True, null=True, verbose_name="prepare by")),
                ("first_prepare_by", models.DateField(editable=False, null=True)),
                ("on_floor", models.BooleanField(default=False, editable=False, verbose_name="taken to the floor")),
                (
                    "proper_channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("complaint", "Complaint (khiếu nại)"),
                            ("denunciation", "Denunciation (tố cáo)"),
                            ("crime_report", "Crime report"),
                            ("other_authority", "Another authority"),
                            ("not_suitable", "Not a matter for dialogue"),
                        ],
                        max_length=20,
                    ),
                ),
                ("escalated_at", models.DateTimeField(editable=False, null=True)),
                ("contested_at", models.DateTimeField(editable=False, null=True)),
                ("reopened_at", models.DateTimeField(editable=False, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "conference",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="dialogues.conference",
                    ),
                ),
                (
                    "coordinating",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="organization.unit", verbose_name="coordinating units"
                    ),
                ),
                (
                    "field",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dialogues.field",
                        verbose_name="professional field",
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                    ),
                ),
                (
                    "lead_unit",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                        verbose_name="lead unit",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="dialogues.item",
                    ),
                ),
                (
                    "turn",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workflow.obligation",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dialogues.topic",
                        verbose_name="CCHC content",
                    ),
                ),
                (
                    "search",
                    models.GeneratedField(
                        db_persist=True,
                        expression=cchc.web.search.FoldedVector(
                            "code",
                            "title",
                            "text",
                            scopes={"conference": "conference", "host": "host", "topic": "topic"},
                        ),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                (
                    "escalation",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="dialogues.escalation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("conference", "kind", "number"), name="item_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "draft"), ("submitted_at__isnull", True)),
                            models.Q(
                                models.Q(("state", "draft"), _negated=True),
                                ("number__isnull", False),
                                ("submitted_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="item_submitted_has_time_and_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("identity", "named"),
                            models.Q(
                                ("asker_contact", ""),
                                ("asker_name", ""),
                                ("author__isnull", True),
                                ("unit__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="item_anonymous_keeps_no_link",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("merged_into__isnull", False), ("state", "merged")),
                            models.Q(models.Q(("state", "merged"), _negated=True), ("merged_into__isnull", True)),
                            _connector="OR",
                        ),
                        name="item_merged_has_lead",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("merged_into", models.F("id")), _negated=True),
                        name="item_not_merged_into_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("assigned", "promised", "reported")), _negated=True),
                            ("lead_unit__isnull", False),
                            _connector="OR",
                        ),
                        name="item_assigned_has_lead_unit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "declined"), _negated=True),
                            models.Q(("proper_channel", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="item_declined_names_channel",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("escalated", "ruled")), _negated=True),
                            ("escalation__isnull", False),
                            _connector="OR",
                        ),
                        name="item_escalated_has_escalation",
                    ),
                ],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["search"], name="item_search"),
                    models.Index(fields=["host", "-submitted_at", "id"], name="item_newest_of_host"),
                    models.Index(fields=["conference", "-submitted_at", "id"], name="item_newest_of_conference"),
                    models.Index(fields=["lead_unit", "-submitted_at"], name="item_of_lead_unit"),
                    models.Index(
                        condition=models.Q(("author__isnull", False)),
                        fields=["author", "-submitted_at"],
                        name="item_of_author",
                    ),
                    models.Index(
                        condition=models.Q(("escalated_at__isnull", False)),
                        fields=["-submitted_at", "id"],
                        name="item_newest_escalated",
                    ),
                    models.Index(fields=["host", "state"], include=("turn",), name="item_of_host_in_state"),
                    models.Index(
                        condition=models.Q(("state__in", ("published", "promised", "reported", "closed"))),
                        fields=["-submitted_at", "id"],
                        include=("host", "state", "topic", "field", "channel", "audience"),
                        name="item_newest_public",
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                (
                                    "submitted",
                                    "accepted",
                                    "assigned",
                                    "prepared",
                                    "escalated",
                                    "ruled",
                                    "answered",
                                    "published",
                                    "promised",
                                    "reported",
                                ),
                            )
                        ),
                        fields=["turn"],
                        include=("host", "state", "id"),
                        name="item_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Support",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="supports", to="dialogues.item"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="supports",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("item", "person"), name="support_once")],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("prepared_text", models.TextField(blank=True, max_length=8000, verbose_name="prepared answer")),
                ("prepared_at", models.DateTimeField(null=True)),
                ("text", models.TextField(blank=True, max_length=8000, verbose_name="answer")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("resolved", "Resolved"),
                            ("in_progress", "In progress, with a date"),
                            ("explained", "Explained"),
                            ("escalated", "Referred upward"),
                            ("declined", "Declined"),
                        ],
                        max_length=20,
                        verbose_name="result",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        blank=True,
                        choices=[("live", "In the hall"), ("written", "In writing")],
                        max_length=10,
                        verbose_name="given",
                    ),
                ),
                ("document", models.CharField(blank=True, max_length=60, verbose_name="document number")),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "acting_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "In person"),
                            ("kt", "KT. (for the head)"),
                            ("tl", "TL. (by order)"),
                            ("tuq", "TUQ. (by authorization)"),
                            ("tm", "TM. (on behalf of)"),
                        ],
                        max_length=3,
                    ),
                ),
                ("capacity", models.CharField(blank=True, max_length=150)),
                ("published_at", models.DateTimeField(null=True)),
                ("promised_on", models.DateField(null=True, verbose_name="to be done by")),
                ("first_promised_on", models.DateField(null=True)),
                ("done_on", models.DateField(null=True, verbose_name="done on")),
                ("done_text", models.TextField(blank=True, max_length=4000, verbose_name="what was done")),
                ("done_document", models.CharField(blank=True, max_length=60, verbose_name="document number")),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "prepared_unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="dialogues.item"
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
                "constraints": [
                    models.UniqueConstraint(fields=("item", "number"), name="answer_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at__isnull", True),
                                ("answered_by__isnull", True),
                                ("kind", ""),
                                ("mode", ""),
                                ("text", ""),
                            ),
                            models.Q(
                                models.Q(("kind", ""), _negated=True),
                                models.Q(("mode", ""), _negated=True),
                                models.Q(("text", ""), _negated=True),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="answer_who_when_what_together",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("prepared_at__isnull", True), ("prepared_by__isnull", True), ("prepared_text", "")
                            ),
                            models.Q(
                                ("prepared_at__isnull", False),
                                ("prepared_by__isnull", False),
                                models.Q(("prepared_text", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="answer_prepared_who_when_what_together",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("first_promised_on__isnull", False),
                                ("kind", "in_progress"),
                                ("promised_on__isnull", False),
                            ),
                            models.Q(
                                models.Q(("kind", "in_progress"), _negated=True),
                                ("first_promised_on__isnull", True),
                                ("promised_on__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="answer_in_progress_has_date",
                        violation_error_message="An answer in progress needs the date by which it will be done.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published_at__isnull", True), ("answered_at__isnull", False), _connector="OR"
                        ),
                        name="answer_published_was_given",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_on__isnull", True), ("done_text", "")),
                            models.Q(("done_on__isnull", False), models.Q(("done_text", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="answer_done_when_what_together",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Directive",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("moves", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Not yet issued"),
                            ("issued", "Issued, not yet taken up"),
                            ("in_progress", "In progress"),
                            ("reported", "Reported done"),
                            ("returned", "Returned"),
                            ("accepted", "Accepted"),
                            ("closed", "Ended without result"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(editable=False)),
                ("title", models.CharField(max_length=200, verbose_name="what is to be done")),
                ("text", models.TextField(blank=True, max_length=4000, verbose_name="content")),
                ("product", models.CharField(blank=True, max_length=500, verbose_name="expected product")),
                ("due_on", models.DateField(verbose_name="deadline")),
                ("first_due_on", models.DateField(editable=False, null=True)),
                ("asked_until", models.DateField(editable=False, null=True)),
                ("asked_reason", models.CharField(blank=True, editable=False, max_length=500)),
                ("issued_at", models.DateTimeField(editable=False, null=True)),
                ("percent", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("done_on", models.DateField(editable=False, null=True)),
                (
                    "conclusion",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="directives",
                        to="dialogues.conclusion",
                    ),
                ),
                (
                    "coordinating",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="organization.unit", verbose_name="coordinating units"
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                        verbose_name="issued by",
                    ),
                ),
                (
                    "items",
                    models.ManyToManyField(
                        blank=True, related_name="directives", to="dialogues.item", verbose_name="source items"
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                        verbose_name="lead unit",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="directives",
                        to="dialogues.plan",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dialogues.topic",
                        verbose_name="CCHC content",
                    ),
                ),
                (
                    "turn",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workflow.obligation",
                    ),
                ),
                (
                    "findings",
                    models.ManyToManyField(
                        blank=True, related_name="directives", to="dialogues.finding", verbose_name="source findings"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("conclusion", "number"), name="directive_number_once_in_conclusion"
                    ),
                    models.UniqueConstraint(fields=("plan", "number"), name="directive_number_once_in_plan"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("conclusion__isnull", False), ("plan__isnull", True)),
                            models.Q(("conclusion__isnull", True), ("plan__isnull", False)),
                            _connector="OR",
                        ),
                        name="directive_of_a_conclusion_or_a_plan",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("first_due_on__isnull", True), ("issued_at__isnull", True), ("state", "draft")),
                            models.Q(
                                models.Q(("state", "draft"), _negated=True),
                                ("first_due_on__isnull", False),
                                ("issued_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="directive_issued_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("done_on__isnull", False), ("percent", 100), ("state__in", ("reported", "accepted"))
                            ),
                            models.Q(
                                models.Q(("state__in", ("reported", "accepted")), _negated=True),
                                ("done_on__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="directive_done_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("asked_reason", ""), ("asked_until__isnull", True)),
                            ("asked_until__isnull", False),
                            _connector="OR",
                        ),
                        name="directive_time_asked_together",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("percent__lte", 100)), name="directive_percent_within_100"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("asked_until__isnull", True), ("asked_until__gt", models.F("due_on")), _connector="OR"
                        ),
                        name="directive_asks_for_a_later_day",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["host", "state", "due_on"], name="directive_of_host"),
                    models.Index(fields=["lead", "state", "due_on"], name="directive_of_lead"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Feedback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stars", models.PositiveSmallIntegerField(verbose_name="stars")),
                ("on_topic", models.BooleanField(default=True, verbose_name="answers the question")),
                ("comment", models.CharField(blank=True, max_length=1000, verbose_name="comment")),
                ("on", models.DateField()),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="feedback", to="dialogues.answer"
                    ),
                ),
                ("mark", models.CharField(editable=False, max_length=64, null=True, unique=True)),
            ],
            options={
                "ordering": ("on", "id"),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("stars__range", (1, 5))), name="feedback_one_to_five")
                ],
            },
        ),
        migrations.CreateModel(
            name="Update",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("percent", models.PositiveSmallIntegerField(verbose_name="percent done")),
                ("text", models.TextField(max_length=4000, verbose_name="what was done")),
                ("capacity", models.CharField(blank=True, max_length=150)),
                ("at", models.DateTimeField()),
                ("final", models.BooleanField(default=False)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "directive",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="updates", to="dialogues.directive"
                    ),
                ),
            ],
            options={
                "ordering": ("at", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("percent__lte", 100), models.Q(("text", ""), _negated=True)),
                        name="update_says_how_far",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("final", False), ("percent", 100), _connector="OR"),
                        name="update_final_is_complete",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="Item",
            name="answer",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="dialogues.answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="Item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("answered", "published", "promised", "reported")), _negated=True),
                    ("answer__isnull", False),
                    _connector="OR",
                ),
                name="item_answered_has_answer",
            ),
        ),
        migrations.RunSQL(SQL, NO_SQL),
    ]
