"""Protection of threatened people (支援措置): measures, their release by two persons, openings of what is hidden.

What is hidden from whom is decided in `store/shield.py`; here is what sets and ends it.
"""
