"""The shipped page's record, for tests that need one: invented values, names as the page spells them."""

KEY, PORTAL_ID = "externalId", "id"
REQUIRED = (
    "locationExternalId",
    "doctorExternalId",
    "patientExternalId",
    "patientPracticeManagementSystemId",
    "appointmentStatusExternalId",
    "externalId",
)


def record(key: str = "TEST-1", text: str = "") -> dict[str, str]:
    """A complete request body."""
    return {
        **{name: f"TEST {name}" for name in REQUIRED},
        "cancelReason": text,
        "start": "2031-01-02T03:04:05",
        "end": "2031-01-02T04:04:05",
        KEY: key,
    }
