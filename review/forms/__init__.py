"""What reviewers may send, and the sentence for what is wrong with it.

Web: views import it.
"""
