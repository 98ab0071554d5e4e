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
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        order = body["data"]["object"]
        packed = f"a parcel of {order['amount_total'] / 100} {order['currency']} is packed"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(packed.encode())


if __name__ == "__main__":
    port = int(os.environ.get("WAREHOUSE_PORT", "8099"))
    print(f"the warehouse is open on port {port}", flush=True)
    ThreadingHTTPServer(("127.0.0.1", port), Warehouse).serve_forever()
