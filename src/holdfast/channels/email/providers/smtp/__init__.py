"""SMTP out: an own lean client, because a pipelined and pooled one sends twice as much.

`connection.py` is bytes and replies, `session.py` everything up to the first MAIL, `transaction.py`
one message, `pool.py` the connections that stay open, `provider.py` what the channel sees.
"""
