"""S6, the common platform: the common database of what offices share, fed by signed messages of the register."""
