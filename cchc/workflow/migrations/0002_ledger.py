"""The ledger keeps itself: the database numbers and chains each event, and refuses to change or remove one."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION workflow_event_line(e workflow_event) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT concat_ws('|', e.previous, e.seq, e.subject_type, e.subject_id, e.action, e.from_state, e.to_state,
        coalesce(e.actor_id::text, ''), (extract(epoch FROM e.at) * 1000000)::bigint, e.digest)
$$;

CREATE FUNCTION workflow_event_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE last_seq bigint; last_hash text;
BEGIN
    -- One writer at a time until its commit: a chain has no branches.
    PERFORM pg_advisory_xact_lock(7203170201);
    SELECT seq, hash INTO last_seq, last_hash FROM workflow_event ORDER BY seq DESC LIMIT 1;
    NEW.seq := coalesce(last_seq, 0) + 1;
    NEW.previous := coalesce(last_hash, '');
    NEW.hash := encode(sha256(convert_to(workflow_event_line(NEW), 'UTF8')), 'hex');
    RETURN NEW;
END $$;

CREATE FUNCTION workflow_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'workflow_event is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER event_chain BEFORE INSERT ON workflow_event FOR EACH ROW EXECUTE FUNCTION workflow_event_chain();
CREATE TRIGGER event_kept BEFORE UPDATE OR DELETE ON workflow_event FOR EACH ROW EXECUTE FUNCTION workflow_event_refuse();
CREATE TRIGGER event_kept_whole BEFORE TRUNCATE ON workflow_event EXECUTE FUNCTION workflow_event_refuse();
ALTER TABLE workflow_event ENABLE ALWAYS TRIGGER event_chain;
ALTER TABLE workflow_event ENABLE ALWAYS TRIGGER event_kept;
ALTER TABLE workflow_event ENABLE ALWAYS TRIGGER event_kept_whole;
"""

REMOVAL = """
DROP TRIGGER event_chain ON workflow_event;
DROP TRIGGER event_kept ON workflow_event;
DROP TRIGGER event_kept_whole ON workflow_event;
DROP FUNCTION workflow_event_chain(), workflow_event_refuse(), workflow_event_line(workflow_event);
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTIONS, REMOVAL)]
