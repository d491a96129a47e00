"""The items of the dossier: their questions, and what the evidence says."""
