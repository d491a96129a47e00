"""GPU pools, what was promised of them, and what they delivered."""
