"""What operators do: acts on applications, accounts, backups, purging, reminders.

Actions: commands and the back office import it.
"""
