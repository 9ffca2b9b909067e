"""The application: who may see it, what may happen to it, from registration to withdrawal.

Actions: import access (the gate) and workflow (the one door to a status) from anywhere but rules and models.
"""
