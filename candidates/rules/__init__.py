"""Pure rules: the profile, document numbers, names, places, text, the form's sections.

No ORM, no request, no settings; every room may import it.
"""
