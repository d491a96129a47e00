"""People: who may do what, under which pseudonym, and whose data are kept.

Acts work on a `Desk` of ports. Personal data stand in operations only; the
record learns pseudonyms, and that somebody was erased.
"""

from dokja.people.change_access import change_password, change_role, resume, suspend
from dokja.people.consent import notice_digest, notices_for
from dokja.people.destroy_key import destroy_key
from dokja.people.erase import Place, erase
from dokja.people.invite import (
    Invited,
    invitation_state,
    invite,
    invite_first,
    open_invitation,
    withdraw_invitation,
)
from dokja.people.own_data import agree, correct, own_data, withdraw_consent
from dokja.people.permissions import (
    ROLE_NAMES,
    TABLE,
    Permission,
    Reach,
    may,
    require,
)
from dokja.people.register import (
    Counter,
    accept_invitation,
    account_of_voter,
    register_voter,
)
from dokja.people.sessions import clear_sessions, open_session, sign_out, signed_in
from dokja.people.sign_in import Attempt, sign_in, sign_in_by_identity
from dokja.people.sign_in_elsewhere import (
    Errand,
    Return,
    Vouched,
    come_back,
    hold_for_registration,
    leave_for,
    take_for_registration,
)

__all__ = [
    "ROLE_NAMES",
    "TABLE",
    "Attempt",
    "Counter",
    "Errand",
    "Invited",
    "Permission",
    "Place",
    "Reach",
    "Return",
    "Vouched",
    "accept_invitation",
    "account_of_voter",
    "agree",
    "change_password",
    "change_role",
    "clear_sessions",
    "come_back",
    "correct",
    "destroy_key",
    "erase",
    "hold_for_registration",
    "invitation_state",
    "invite",
    "invite_first",
    "leave_for",
    "may",
    "notice_digest",
    "notices_for",
    "open_invitation",
    "open_session",
    "own_data",
    "register_voter",
    "require",
    "resume",
    "sign_in",
    "sign_in_by_identity",
    "sign_out",
    "signed_in",
    "suspend",
    "take_for_registration",
    "withdraw_consent",
    "withdraw_invitation",
]
