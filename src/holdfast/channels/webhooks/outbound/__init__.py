"""Webhooks that go out: events forwarded to an application of ours, messages to customers.

`message.py` is what one sends, `endpoint.py` where to; `deliver.py` is one attempt at one endpoint,
`turns.py` when one is tried that may not go now, `post.py` the request, `answered.py` an answer
that is not quite HTTP or nobody asked for, `address.py` where it may go at all, `names.py` how that
is found, `original.py` with which headers of an event.
`commands.py`, `change.py` and `history.py` are the command line, `given.py` looks at what a person
says.
"""
