"""Units and exam categories from files.

Actions: commands and the back office import loading; csv_lines reads every other table too.
"""
