"""What an application asks before it does something, as it holds it.

`guards.py` is the door; `limit.py` with its `leases.py`, `slot.py` and `breaker.py` are what can be
asked; `patience.py` and `aside.py` see to it that asking holds nobody up. What they ask is SQL, in
`engine/limits.py`.
"""
