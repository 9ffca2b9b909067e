"""Pure rules: which documents a profile needs, uploaded and brought.

No ORM, no request, no settings; every room of materials and review may import it.
"""
