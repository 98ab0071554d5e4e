"""What the provider has and we do not: its list of events, through the same dedupe path.

A provider gives up on an endpoint after some days, and an event that was lost before it reached us
leaves no trace here. Only the provider's own list can tell. `stripe.py` and `github.py` read
theirs, `ask.py` asks them, `reconcile.py` compares and stores.
"""
