"""The store: facts on two time axes, one door for writing, one for looking."""
