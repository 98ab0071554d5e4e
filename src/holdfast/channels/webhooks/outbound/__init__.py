"""Webhooks that go out: events forwarded to an application of ours, messages to customers.

`message.py` is what one sends, `deliver.py` one attempt at one endpoint, `post.py` the request,
`address.py` where it may go at all, `original.py` with which headers of an event. `commands.py` and
`change.py` are the endpoints on the command line, `given.py` looks at what a person says of one.
"""
