"""Made-up programmes run to their end, and what the record must never show."""
