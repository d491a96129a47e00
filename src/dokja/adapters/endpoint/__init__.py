"""Models of the teams that people talk to during a contest: served, or in here."""

from dokja.adapters.endpoint.example_model import ExampleModel
from dokja.adapters.endpoint.listed_address import Fetched, ListedAddresses
from dokja.adapters.endpoint.patient import PatientEndpoint
from dokja.adapters.endpoint.plain_page import PlainPage
from dokja.adapters.endpoint.served_model import ServedModel

__all__ = [
    "ExampleModel",
    "Fetched",
    "ListedAddresses",
    "PatientEndpoint",
    "PlainPage",
    "ServedModel",
]
