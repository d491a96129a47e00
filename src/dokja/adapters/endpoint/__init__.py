"""Models of the teams that people talk to during a contest: served, or in here."""

from dokja.adapters.endpoint.example_model import ExampleModel
from dokja.adapters.endpoint.patient import PatientEndpoint
from dokja.adapters.endpoint.plain_page import PlainPage
from dokja.adapters.endpoint.served_model import ServedModel

__all__ = ["ExampleModel", "PatientEndpoint", "PlainPage", "ServedModel"]
