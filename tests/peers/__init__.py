"""What users of peer systems complained of, each as a named test (reference: complaints collected from public issue trackers)."""
