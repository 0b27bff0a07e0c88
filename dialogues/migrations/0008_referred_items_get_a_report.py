"""What was referred before there were reports gets one in preparation: its secretary's turn. Sent papers are kept."""

from django.db import migrations
from django.utils import timezone

KEPT = """
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
"""
NOT_KEPT = """
DROP TRIGGER reply_kept ON dialogues_reply;
DROP TRIGGER dispatch_kept ON dialogues_dispatch;
DROP TRIGGER dispatch_sealed ON dialogues_dispatch;
DROP FUNCTION dialogues_paper_kept(), dialogues_dispatch_sealed();
"""


def give_reports(apps, schema_editor):
    Item, Escalation = apps.get_model("dialogues", "Item"), apps.get_model("dialogues", "Escalation")
    Obligation = apps.get_model("workflow", "Obligation")
    now, numbers = timezone.now(), {}
    for item in Item.objects.filter(state="escalated").select_related("host__parent", "turn").order_by("escalated_at"):
        numbers[item.host_id] = number = numbers.get(item.host_id, 0) + 1
        made = Escalation.objects.create(
            host=item.host,
            receiver_id=item.host.parent.command_id,
            year=now.year,
            number=number,
            code=f"XY-{number:02d}/{now.year}",
            title=item.title,
            reason=item.escalation_reason,
            state="draft",
            moves=1,
        )
        Obligation.objects.filter(pk=item.turn_id, settled_at=None).update(settled_at=now)
        turn = Obligation.objects.create(
            subject_type="dialogues.escalation",
            subject_id=str(made.pk),
            kind="report",
            role="secretary",
            unit=item.host,
            started_on=timezone.localdate(now),
            due_on=item.turn.due_on,
            first_due_on=item.turn.due_on,
            opened_at=now,
        )
        Escalation.objects.filter(pk=made.pk).update(turn=turn)
        Item.objects.filter(pk=item.pk).update(escalation=made, turn=turn)


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0007_escalations"), ("workflow", "0004_told_when_it_happened")]
    operations = [
        migrations.RunSQL(KEPT, NOT_KEPT),
        migrations.RunPython(give_reports, migrations.RunPython.noop),
    ]
