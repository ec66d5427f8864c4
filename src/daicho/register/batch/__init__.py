"""Batches (STD 9.1): jobs that run now, at a time or by the calendar, with progress, results and a way to stop and go on."""
