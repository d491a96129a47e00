"""Getting in and out: sign-in, invitations, registration and one's own data."""

from dokja.web.access.audit_page import room as _audit
from dokja.web.access.invitations import room as _invitations
from dokja.web.access.own_data import room as _own_data
from dokja.web.access.registration import room as _registration
from dokja.web.access.sign_in import room as _sign_in
from dokja.web.pages import Room

access = Room.joined(_sign_in, _registration, _invitations, _own_data, _audit)

__all__ = ["access"]
