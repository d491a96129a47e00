"""Applications to a call: what is handed in, checked, found and decided of each."""
