"""Letters and notices of STD 4: the same machinery without seal; each a pure function of a change and its records."""
