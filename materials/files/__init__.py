"""Where pictures lie, and how they are served and verified.

Actions: settings name storage and s3; views import serving.
"""
