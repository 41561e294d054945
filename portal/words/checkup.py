"""What `portal check` says: of each thing that can be wrong, what it is, why it matters, and what to do."""

from typing import NamedTuple

from portal.viewmodels.checkup import Finding


class Said(NamedTuple):
    """One kind of finding. `wrong`: the portal does not work, or is not safe; else it is a warning."""

    wrong: bool
    what: str
    why: str
    then: str


FINDINGS = {
    # The settings, and what else is in the environment.
    "setting-wrong": Said(True, "{said}", "No command of the portal starts.", "Correct the setting."),
    "key-missing": Said(
        True,
        "PORTAL_SECRET_KEY is not set.",
        "`portal serve` does not start without it.",
        "Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'.",
    ),
    "key-weak": Said(
        True,
        "PORTAL_SECRET_KEY looks as if somebody had typed it.",
        "Whoever guesses it can forge the portal's signatures.",
        "Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'. Forms that are open must then be "
        "opened anew.",
    ),
    "file-open": Said(
        True,
        "{file} can be read by every user of this machine (mode {mode}).",
        "It holds what only the portal should know.",
        "Close it: chmod o-rwx {file}.",
    ),
    "data-open": Said(
        False,
        "{file} can be read by every user of this machine (mode {mode}).",
        "It holds what is not published, and people's names.",
        "Close it: chmod o-rwx {file}, and let the portal run with the umask 0077.",
    ),
    "https-off": Said(
        True,
        "PORTAL_BASE_URL begins with https, and PORTAL_HTTPS is off.",
        "Cookies would also be sent where anybody can read them.",
        "Set PORTAL_HTTPS=1.",
    ),
    "address-plain": Said(
        True,
        "PORTAL_BASE_URL is {address}, without https.",
        "Passwords would travel so that anybody between can read them.",
        "Put a proxy with TLS before the portal (docs/behind-a-proxy.md) and write https.",
    ),
    "proxies-none": Said(
        False,
        "PORTAL_HTTPS is on, and PORTAL_TRUSTED_PROXIES is 0.",
        "All visitors look like one address: ten wrong passwords of a stranger keep everybody waiting.",
        "Set PORTAL_TRUSTED_PROXIES to how many proxies each request passes (docs/behind-a-proxy.md).",
    ),
    "demo-password": Said(
        False, "PORTAL_DEMO_PASSWORD is set.", "It is for `portal demo` alone.", "Take it out of the environment."
    ),
    "today-pretended": Said(
        False,
        "PORTAL_TODAY pretends that it is {day}.",
        "What is due and what is late follows that day.",
        "Take it out, unless this is a try.",
    ),
    "metrics-open": Said(
        False,
        "PORTAL_METRICS_HOST is {host}.",
        "Whoever reaches that address reads how the portal does.",
        "Let nobody reach it but Prometheus, or set it to 127.0.0.1.",
    ),
    "variable-hostile": Said(
        True,
        "{name} is set in the environment.",
        "It is a switch of a library for developers: it can open doors, or show the inside of the portal.",
        "Take it out of the environment.",
    ),
    "mail-settings": Said(True, "{said}", "No reminder leaves the portal.", "Set what is missing (docs/reminders.md)."),
    # The place: files, disk, what was installed.
    "folder-missing": Said(
        True,
        "The folder {folder} of the database is not there.",
        "There is no database to work on.",
        "Make it, or correct PORTAL_DATABASE_URL.",
    ),
    "folder-readonly": Said(
        True,
        "{user} may not write into {folder}.",
        "SQLite writes beside its file; nothing could be saved.",
        "Give the folder to the user that the portal runs as, or name another one in PORTAL_DATABASE_URL.",
    ),
    "file-readonly": Said(
        True,
        "{user} may not write to {file}, which belongs to {owner}.",
        "Nothing could be saved.",
        "Run the portal as {owner}, or give the file to {user}.",
    ),
    "owner-other": Said(
        False,
        "{file} belongs to {owner}, and this is {user}.",
        "Files that one of them makes the other may not write.",
        "Run every command of the portal as {owner}.",
    ),
    "share": Said(
        True,
        "{folder} is on a network share ({kind}).",
        "SQLite's locks do not hold there: the database can be damaged.",
        "Keep the file on a disk of this machine, or use PostgreSQL.",
    ),
    "disk-full": Said(
        True,
        "{folder} has {free} MB left.",
        "Soon nothing can be saved.",
        "Make room; a portal of one partnership grows by some hundred MB a year.",
    ),
    "disk-low": Said(False, "{folder} has {free} MB left.", "When it is full nothing can be saved.", "Make room soon."),
    "typst-missing": Said(
        False,
        "No PDF can be made here ({said}).",
        "The scorecard, packs and reviews are then there as HTML and Word alone.",
        "Install the portal's requirements anew: make install.",
    ),
    "zones-missing": Said(
        True,
        "The time zone Europe/London is not known here.",
        "No due date can be told.",
        "Install the portal's requirements anew: make install.",
    ),
    # The database itself.
    "database-gone": Said(
        True, "The database cannot be reached: {said}", "Nothing works without it.", "Start it, or correct the address."
    ),
    "database-fails": Said(
        True,
        "The database does not answer what it is asked: {said}",
        "Pages fail, and what else is wrong with it cannot be seen.",
        "Mend that first, and look again.",
    ),
    "database-old": Said(True, "{said}", "The portal does not start.", "Do what it says; take a backup first."),
    "database-other": Said(
        True,
        "The tables are not those that this version makes ({count} differences).",
        "Somebody changed them by hand, or a migration was cut off.",
        "Restore the last backup beside it and compare.",
    ),
    "version-old": Said(
        True, "{name} {version} is too old.", "The portal needs {least} or newer.", "Bring it up to date."
    ),
    "encoding": Said(
        True,
        "The database's encoding is {encoding}.",
        "Names and commentaries could not be kept as they are written.",
        "Make a new database with the encoding UTF8, and restore into it.",
    ),
    "role-super": Said(
        True,
        "The role {role} of this PostgreSQL is a superuser or passes row-level security by.",
        "Nothing in the database stops a mistake, or whoever got into the portal.",
        "Run the portal as a role with LOGIN and nothing else (`portal migrate --grant`).",
    ),
    "role-owner": Said(
        False,
        "The role {role} owns the portal's tables.",
        "Editions and the audit trail are then only kept from being changed by the portal itself.",
        "Let them belong to another role, and run `portal migrate --grant {role}` as that one.",
    ),
    "role-short": Said(
        True,
        "The role {role} may not read {tables}.",
        "Pages that need them fail.",
        "As the owner of the tables run `portal migrate --grant {role}`.",
    ),
    "unsafe-writes": Said(
        True,
        "The database's {name} is {value}.",
        "What was saved can be lost when the machine loses its power.",
        "Set it back to {right}.",
    ),
    "file-damaged": Said(
        True,
        "The database is damaged: {said}",
        "What is read from it cannot be trusted.",
        "Stop the portal and restore the last backup.",
    ),
    "clock-skew": Said(
        True,
        "The clocks of this machine and of the database are {seconds} seconds apart.",
        "Sessions, jobs and deadlines go by them.",
        "Let both follow the same time server.",
    ),
    "clock-back": Said(
        True,
        "The newest event of the audit trail is {seconds} seconds in the future.",
        "This machine's clock was ahead, or is behind now.",
        "Let it follow a time server.",
    ),
    # What is in it.
    "trail-broken": Said(
        True,
        "The audit trail is broken. {said}",
        "Somebody changed it behind the portal's back.",
        "Keep the database as it is, and compare it with a backup: `portal audit verify`.",
    ),
    "edition-wrong": Said(
        True, "{said}", "The public reads something that was not published.", "Compare with a backup."
    ),
    "jobs-waiting": Said(
        True,
        "{count} of the jobs in the background wait, the oldest for {minutes} minutes.",
        "No background worker is alive, or it hangs.",
        "Start `portal work`, or `portal serve` with PORTAL_BACKGROUND=1, and read its log.",
    ),
    "jobs-failed": Said(
        False,
        "{count} of the jobs in the background failed within a week.",
        "Somebody did not get what they asked for.",
        "Read why on /packs, and in the log.",
    ),
    "mail-waiting": Said(
        True,
        "{count} messages wait to be sent, the oldest for {hours} hours.",
        "Nobody sends what waits.",
        "Run `portal remind` from a timer (docs/reminders.md).",
    ),
    "mail-failed": Said(
        False,
        "{count} messages could not be sent within a week.",
        "Somebody was not reminded.",
        "Read why on /reminders/sent.",
    ),
    "mail-gone": Said(True, "{said}", "No reminder leaves the portal.", "Correct PORTAL_SMTP_URL, or ask its keeper."),
    "nobody": Said(
        False,
        "No account that is in use is {role}.",
        "{why}",
        "Make one: portal user add.",
    ),
    "demo-accounts": Said(
        True,
        "{count} accounts of the demonstration are in use (…@{domain}).",
        "Their password is one and the same, and many know it.",
        "Disable each: portal user disable EMAIL.",
    ),
    "backup-missing": Said(
        True, "The backup {file} is not there.", "What is lost would be lost for good.", "Run `portal backup` nightly."
    ),
    "backup-old": Said(
        True,
        "The backup {file} is {hours} hours old.",
        "What was saved since is in no backup.",
        "Look why the nightly one did not run.",
    ),
}


def line(finding: Finding) -> str:
    """A finding on one line."""
    said = FINDINGS[finding.key]
    text = f"{said.what} {said.why} {said.then}".format_map(dict(finding.named))
    return f"{'WRONG' if said.wrong else 'warning'}  {' '.join(text.split())}"


def is_wrong(finding: Finding) -> bool:
    """Whether it is more than a warning."""
    return FINDINGS[finding.key].wrong


def outcome(wrong: int, warnings: int, looked: tuple[str, ...]) -> str:
    """The last line: how much was found, and what was looked at."""
    found = f"{wrong} wrong, {warnings} to look at" if wrong or warnings else "All is well"
    return f"{found}. Looked at: {', '.join(looked)}."
