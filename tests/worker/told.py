"""What the record of jobs says."""


def because(sql):
    """What is said of the attempts."""
    told = sql.execute("select because from job_attempts").fetchall()
    return " ".join(str(row[0]) for row in told)
