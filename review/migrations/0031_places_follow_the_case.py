from django.db import migrations

# The application's row says when its appointment is. Where that goes (passed on, rejected, withdrawn, moved to another
# point), whatever took it away, the appointment ends in the same transaction: who has not come gives the place back.
# Who came without one has nothing on the row: the pass ends it all the same.
FORWARDS = """
CREATE FUNCTION review_appointment_follows_the_case() RETURNS trigger AS $$
DECLARE
    slot bigint;
BEGIN
    UPDATE review_appointment SET state = 'done', ended_at = now()
        WHERE application_id = NEW.id AND state IN ('arrived', 'called');
    UPDATE review_appointment SET state = 'ended', ending = 'case', ended_at = now()
        WHERE application_id = NEW.id AND state = 'booked' RETURNING slot_id INTO slot;
    IF FOUND THEN
        UPDATE review_slot SET taken = taken - 1 WHERE id = slot;
    END IF;
    RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER appointment_follows_the_case AFTER UPDATE ON candidates_application
    FOR EACH ROW WHEN (
        OLD.appointment_at IS NOT NULL AND NEW.appointment_at IS NULL
        OR OLD.status = 'point_review' AND NEW.status NOT IN ('point_review', 'returned', 'registered')
    )
    EXECUTE FUNCTION review_appointment_follows_the_case();
"""
BACKWARDS = """
DROP TRIGGER appointment_follows_the_case ON candidates_application;
DROP FUNCTION review_appointment_follows_the_case();
"""


class Migration(migrations.Migration):
    dependencies = [("review", "0030_appointments")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
