"""What the record of jobs says."""


def because(sql):
    """What is said of the attempts."""
    told = sql.execute("select because from job_attempts").fetchall()
    return " ".join(str(row[0]) for row in told)


def state_of(sql, job_id):
    """The state that the job is in now."""
    row = sql.execute("select state from jobs where id = %s", [job_id]).fetchone()
    return row and row[0]
