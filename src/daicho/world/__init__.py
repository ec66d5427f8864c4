"""Everything outside the city, simulated: separate processes with stores and keys of their own, strict about contracts, and
with faults that are switched on by command (design, section 2)."""
