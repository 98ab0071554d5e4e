"""How fast is it, against what this very server can do at all: `python -m bench`.

Each work is measured beside its floor, which is the least that Postgres itself must do for it, in
turns, on a server of its own that is made for the run and deleted after it. Rates say something
about the machine; the ratio of the two says something about us. See docs/performance.md.
"""
