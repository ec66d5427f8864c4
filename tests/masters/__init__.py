"""Masters with periods of validity."""
