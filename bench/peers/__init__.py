"""Other queues on Postgres beside ours: one server, the same rounds, each job accounted for."""
