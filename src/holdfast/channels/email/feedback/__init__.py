"""What providers report later about an email: delivered, bounced, complained, and so on.

`feedback.py` is one report as a value, the same for all providers; a module for each provider reads
its bodies; `hear.py` brings them into the database.
"""
