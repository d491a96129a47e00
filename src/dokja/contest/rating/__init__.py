"""From votes to strengths, and what the last place hangs on."""
