"""The administrator's pages of the in-city exchange."""
