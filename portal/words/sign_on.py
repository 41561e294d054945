"""The words of signing on with one's organisation."""

from collections.abc import Sequence

from portal.viewmodels.sign_on import ProviderLine

AGAIN = "Start again. If it happens again, tell your organisation's IT support."
UNKNOWN = (
    "The portal could not let you in. Either there is no account here for your address in this organisation, or it is "
    "disabled, or it belongs to another sign-on than this one. Ask whoever keeps the accounts of your partnership."
)
"""One sentence for all that would tell whether there is an account."""
STALE = "This sign-on was begun in another window or browser, or too long ago. Nobody was signed in. Start again."
EMPTY = "Enter your e-mail address."
NO_ADDRESS = "Enter your whole e-mail address, like name@organisation.example."
NOT_RIGHT = "The e-mail address or the password is not right."


def nobody_vouches(domain: str) -> str:
    """No provider is for this domain."""
    return f"No organisation signs on here for addresses at {domain}. Use your password."


def refused(organisation: str) -> str:
    """The provider sent the person back with an error."""
    return f"The sign-on of {organisation} did not let you in, or you stopped. Nobody was signed in. Start again."


def untrusted(organisation: str) -> str:
    """What came from the provider does not hold."""
    return f"What the sign-on of {organisation} sent could not be trusted. Nobody was signed in. {AGAIN}"


def unverified(organisation: str) -> str:
    """The provider gives no address that it has verified, or one that it does not vouch for here."""
    return (
        f"The sign-on of {organisation} did not give an e-mail address that it vouches for here. Nobody was signed in. "
        "Tell your organisation's IT support."
    )


def silent(organisation: str, *, passwords: bool) -> str:
    """The provider does not answer."""
    instead = " You can also sign in with your password." if passwords else ""
    return f"The sign-on of {organisation} does not answer. Try again in a few minutes.{instead}"


def not_right(organisation: str) -> str:
    """The sentence on a wrong password, for a domain whose people sign on with their organisation alone."""
    return f"{NOT_RIGHT} People of {organisation} sign in with their organisation."


def state(enabled: bool) -> str:
    """Whether a provider is in use."""
    return "On" if enabled else "Off"


def passwords(allowed: bool) -> str:
    """Whether its people may use a password too."""
    return "Work too" if allowed else "Do not work"


def listed(lines: Sequence[ProviderLine]) -> str:
    """The providers for the command line."""
    return "\n\n".join(
        f"{line.key}: {state(line.enabled).lower()}\n"
        f"  issuer      {line.issuer}\n"
        f"  client id   {line.client_id}\n"
        f"  domains     {', '.join(line.domains)}\n"
        f"  passwords   {passwords(line.passwords).lower()}\n"
        f"  signed on   {line.people}\n"
        f"  redirect to {line.back}\n"
        f"  logout at   {line.logout}"
        for line in lines
    )
