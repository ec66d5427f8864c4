"""The card management system (個人番号カード管理システム) of the organisation that prints notices and cards."""
