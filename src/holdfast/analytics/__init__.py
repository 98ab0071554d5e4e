"""Snapshots: a query's last good answer, its age, its error. (Nothing is here yet.)"""
