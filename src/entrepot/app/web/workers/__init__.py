"""Worker processes, jobs and the cache of responses."""
