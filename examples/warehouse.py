"""The warehouse that the shop ships from; while it is not running, shipping fails.

Run it with: python examples/warehouse.py
"""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Warehouse(BaseHTTPRequestHandler):
    """Packs whatever it is asked to."""

    def do_POST(self):
        """Answer with what was packed."""
        order = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"parcel packed for {order['data']['object']['id']}".encode())


if __name__ == "__main__":
    port = int(os.environ.get("WAREHOUSE_PORT", "8099"))
    print(f"the warehouse is open on port {port}", flush=True)
    ThreadingHTTPServer(("127.0.0.1", port), Warehouse).serve_forever()
