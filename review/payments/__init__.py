"""The last stage: orders, money, statements, the providers.

Actions: import orders; views, urls and notify are its web side.
"""
