"""What the units do with an application, and the last stage, payment.

Nothing imports it but nmec_portal and itself.
"""
