"""SMTP-in: whatever speaks SMTP is queued, unchanged, and told 250 after the commit.

`server.py` listens where `address.py` says, `proxy.py` reads for whom a balancer comes, `door.py`
counts who may come in. `session.py` is the
conversation with one client over its `wire.py`; `command.py` reads the arguments, `authenticate.py`
asks who it is, and `logins.py` knows. `arrival.py` completes a message, `intake.py` stores it.
"""
