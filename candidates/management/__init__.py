"""What the commands share.

Web: commands of every app import it.
"""
