"""What an application needs on paper: uploaded, brought, printed.

Imports candidates; review may import it.
"""
