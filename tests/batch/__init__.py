"""Batches: the calendar, the runs, the jobs."""
