"""A case: what the reviewer sees, judges, decides.

Actions: import decisions to change a case, case and listing to show it.
"""
