from django.db import migrations

# booked before such times were refused: when it came in is known by the record, what was said is kept beside
PAYMENTS = """
UPDATE review_payment AS payment SET
    strange = '支付时间 ' || (received_at AT TIME ZONE 'Asia/Shanghai')::text,
    received_at = COALESCE(
        (
            SELECT max(record.at) FROM candidates_record AS record
            JOIN review_paymentorder AS paid ON paid.application_id = record.application_id
            WHERE paid.id = payment.order_id AND record.action = 'pay'
        ),
        now()
    )
WHERE received_at < '2000-01-01' OR received_at > now() + interval '1 day'
"""
ORDERS = """
UPDATE review_paymentorder AS paid SET
    paid_at = COALESCE(
        (SELECT received_at FROM review_payment WHERE order_id = paid.id AND state = 'settled'), now()
    )
WHERE paid_at < '2000-01-01' OR paid_at > now() + interval '1 day'
"""


class Migration(migrations.Migration):
    dependencies = [("review", "0008_strange_facts_of_payments"), ("candidates", "0002_login_sessions")]

    operations = [
        migrations.RunSQL(PAYMENTS, migrations.RunSQL.noop),
        migrations.RunSQL(ORDERS, migrations.RunSQL.noop),
    ]
