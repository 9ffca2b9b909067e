"""What was done, as figures and files.

Actions: views and commands import it.
"""
