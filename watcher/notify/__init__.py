"""Alerts to people: rendered once from records, delivered through Apprise. Knows nothing of the database.

from watcher.notify.render import render
from watcher.notify.send import send  # loads Apprise: import it where it is used

print(render(alert).text)
answer = send(alert, channel, templates=config.templates, language=config.language)  # NotifyError if refused
"""
