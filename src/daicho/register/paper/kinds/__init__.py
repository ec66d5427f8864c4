"""One module per kind of paper: what it says about the records, as a pure function."""
