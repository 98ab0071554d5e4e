"""SMTP-in: whatever speaks SMTP is queued, unchanged, and told 250 after the commit.

`server.py` listens and answers, `session.py` is one client, `arrival.py` completes a message.
"""
