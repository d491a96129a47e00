"""The history of the record's schema, as an Alembic script directory."""
