"""Pure rules: the profile, document numbers, names, places, text, readable codes, the form's table.

No ORM, no request, no settings; every room may import it.
"""
