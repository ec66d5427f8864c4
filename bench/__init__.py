"""Measurements beside the machine's own limit in the same run (`./daicho bench NAME`). No timed tests anywhere."""
