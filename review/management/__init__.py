"""What review's commands share.

Web: its commands import it.
"""
