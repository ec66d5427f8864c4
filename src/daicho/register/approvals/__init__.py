"""What the register has approved by a second officer: its subjects, and who its officers are (access/approvals)."""
