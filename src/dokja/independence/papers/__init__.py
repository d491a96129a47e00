"""What a team hands in for the dossier, and what the office reads of it."""
