"""Writing the register out: the take-over file, and everything in one order for comparison."""
