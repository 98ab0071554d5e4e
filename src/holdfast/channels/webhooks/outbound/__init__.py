"""Webhooks that go out: events forwarded to an application of ours, messages to customers.

`message.py` is what one sends, `deliver.py` one attempt at one endpoint, `post.py` the request,
`address.py` where it may go at all, `commands.py` the endpoints on the command line.
"""
