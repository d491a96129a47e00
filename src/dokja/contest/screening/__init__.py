"""Which voters' votes the others' cannot explain, decided on blind labels."""
