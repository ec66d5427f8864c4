"""Taking over an existing register: the CSV of the 93 items, judged row by row, stored by whole households."""
