"""One folder per way in or out, and nothing else. To add a channel, copy a folder."""
