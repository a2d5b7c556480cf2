"""Worker processes: pool, jobs and response cache."""
