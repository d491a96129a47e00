"""One file for each change of the schema, in a chain by `down_revision`."""
