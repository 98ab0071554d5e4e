"""Where the database of a storm lives when `up` does not bring it: servers as others keep them.

A host has an address for the application, which is not always the server's own, and processes that
it starts again when they die, as systemd would. Its log and its clusters are in the storm's folder.
"""

from bench.storm.hosts.host import Host
from bench.storm.hosts.jumping import Jumping
from bench.storm.hosts.pair import Pair
from bench.storm.hosts.pooled import Pooled
from bench.storm.hosts.server import POSTGRES, free_port

__all__ = ["POSTGRES", "Host", "Jumping", "Pair", "Pooled", "free_port"]
