"""The schema is what the repository says it is."""

import difflib


def test_the_schema_is_golden(dsn, golden):
    """A migrated database has exactly what tests/golden/schema.sql says."""
    now = golden.dump(dsn).splitlines()
    kept = golden.GOLDEN.read_text(encoding="utf-8").splitlines()
    changes = [*difflib.unified_diff(kept, now, "golden", "now", lineterm="", n=8)]
    assert not changes, "\n".join(
        ["the schema has changed; if that is meant, write it anew: make golden", *changes[:200]]
    )
