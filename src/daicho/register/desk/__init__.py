"""The desk: a notification from reception to registration, with a second officer in between (design, section 5)."""
