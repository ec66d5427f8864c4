"""S2, the connector (市町村CS): the identity file, and the one line from the register to the resident network."""
