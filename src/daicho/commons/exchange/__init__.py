"""The in-city exchange (庁内連携): registered systems of offices are told what their legal basis allows (S6-01, R-PRV-02, R-PRV-03)."""
