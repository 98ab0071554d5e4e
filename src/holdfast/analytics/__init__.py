"""Snapshots: a query's last good answer, its age, its error; to come."""
