"""For code that sends already: the same names, and the mail is queued instead of sent.

`django.py` is an EMAIL_BACKEND, `smtplib.py` stands for the module of that name, `store.py` is what
both are made of: finished bytes and an envelope, stored as they are.
"""

from holdfast.channels.email.drop_in.store import store_bytes

__all__ = ["store_bytes"]
