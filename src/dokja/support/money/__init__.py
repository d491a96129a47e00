"""Money of the programme in double entry, talent grants, and published figures."""
