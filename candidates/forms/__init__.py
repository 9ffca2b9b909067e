"""What people may type, and the sentence for what is wrong with it.

Web: views and admin import it.
"""
