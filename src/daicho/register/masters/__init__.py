"""Masters with periods of validity (STD 1.3): lists of codes that the city keeps, with drafts, approval and preview."""
