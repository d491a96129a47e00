"""Data for training: what was bought, with which rights, for whom, by when."""
