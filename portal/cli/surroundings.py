"""What an installation stands in, for `portal check` and for the start: settings, environment, files, disk, what is
installed."""

import os
import pwd
import shutil
import stat
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy.engine import make_url

from portal import delivery
from portal.cli.context import fail
from portal.settings import Settings, WrongSetting
from portal.viewmodels.checkup import Finding
from portal.words import checkup as words_of

HOSTILE = (
    *("LOGIN_DISABLED", "SESSION_PROTECTION", "FLASK_DEBUG", "FLASK_ENV", "DEBUG", "TESTING", "WERKZEUG_RUN_MAIN"),
    *("DASH_MCP_ENABLED", "DASH_DEBUG", "DASH_UI", "DASH_HOT_RELOAD", "DASH_SUPPRESS_CALLBACK_EXCEPTIONS"),
    *("PYTHONINSPECT", "PYTHONDEVMODE"),
)
"""Switches of Flask, Flask-Login, Dash and Python that open something, or show more than they should."""
OFF = ("", "0", "false", "no", "off")
SHARES = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "glusterfs", "lustre", "9p", "fuse.sshfs")
"""How /proc/mounts names file systems that other machines have too."""
LEAST_LETTERS = 12
"""A key of 32 letters that a machine made has more different ones than this."""
FULL, LOW = 100, 1000
"""Megabytes that are left: nearly nothing, and not much."""
BACKUP_HOURS = 26
"""A nightly backup is never older, but for one that takes its time."""
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def settings_findings(settings: Settings, environment: Mapping[str, str]) -> Iterator[Finding]:
    """What is wrong with the settings, and what else in the environment should not be there."""
    key = settings.secret_key.get_secret_value() if settings.secret_key else ""
    if not key:
        yield Finding("key-missing")
    elif len(set(key)) < LEAST_LETTERS:
        yield Finding("key-weak")
    address = urlsplit(settings.base_url)
    if address.scheme == "https" and not settings.https:
        yield Finding("https-off")
    if address.scheme == "http" and address.hostname not in LOOPBACK:
        yield Finding("address-plain", {"address": settings.base_url})
    if settings.https and not settings.trusted_proxies:
        yield Finding("proxies-none")
    if settings.demo_password is not None:
        yield Finding("demo-password")
    if settings.today is not None:
        yield Finding("today-pretended", {"day": settings.today})
    if settings.metrics_port and settings.metrics_host not in LOOPBACK:
        yield Finding("metrics-open", {"host": settings.metrics_host})
    for name in HOSTILE:
        if environment.get(name, "").lower() not in OFF:
            yield Finding("variable-hostile", {"name": name})
    try:
        settings.require_mail()
    except WrongSetting as error:
        yield Finding("mail-settings", {"said": error})


def open_findings(key: str, file: Path) -> Iterator[Finding]:
    """Whether every user of the machine can read a file."""
    if file.is_file() and (mode := file.stat().st_mode) & stat.S_IROTH:
        yield Finding(key, {"file": file, "mode": f"{stat.S_IMODE(mode):04o}"})


def place_findings(settings: Settings, mounts: Path = Path("/proc/mounts")) -> Iterator[Finding]:
    """What is wrong with where a SQLite database lies; nothing for one that lies on a server."""
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return
    file = Path(url.database).absolute()
    folder, user = file.parent, _name(os.geteuid())
    if not folder.is_dir():
        yield Finding("folder-missing", {"folder": folder})
        return
    if not os.access(folder, os.W_OK | os.X_OK, effective_ids=True):
        yield Finding("folder-readonly", {"folder": folder, "user": user})
    if (kind := _kind_of(folder, mounts)) in SHARES:
        yield Finding("share", {"folder": folder, "kind": kind})
    free = shutil.disk_usage(folder).free // 10**6
    if free < LOW:
        yield Finding("disk-full" if free < FULL else "disk-low", {"folder": folder, "free": free})
    if not file.exists():
        return
    named = {"file": file, "user": user, "owner": _name(file.stat().st_uid)}
    if not os.access(file, os.R_OK | os.W_OK, effective_ids=True):
        yield Finding("file-readonly", named)
    elif named["owner"] != user:
        yield Finding("owner-other", named)
    yield from open_findings("data-open", file)


def installed_findings() -> Iterator[Finding]:
    """What the portal needs beside itself: PDFs, and the time zone of all due dates."""
    try:
        import typst

        typst.compile(b'#set text(lang: "en")\nA page.')
    except Exception as error:  # whatever keeps it from working is the finding
        yield Finding("typst-missing", {"said": type(error).__name__})
    try:
        ZoneInfo("Europe/London")
    except Exception:
        yield Finding("zones-missing")


def backup_findings(file: Path, now: float | None = None) -> Iterator[Finding]:
    """Whether the newest backup is there, and of this day."""
    if not file.is_file():
        yield Finding("backup-missing", {"file": file})
    elif (hours := int((now or time.time()) - file.stat().st_mtime) // 3600) > BACKUP_HOURS:
        yield Finding("backup-old", {"file": file, "hours": hours})


def mail_findings(settings: Settings) -> Iterator[Finding]:
    """Whether the mail server lets the portal in; nothing is sent."""
    if settings.smtp_url is None:
        yield Finding("mail-gone", {"said": "PORTAL_SMTP_URL is not set."})
        return
    server = delivery.Smtp(settings.smtp_url.get_secret_value(), settings.mail_from)
    try:
        server.greet()
    except delivery.Unreachable as error:
        yield Finding("mail-gone", {"said": error.sentence})
    finally:
        server.close()


def require_place(settings: Settings) -> None:
    """End with what is wrong and what to do where the portal cannot keep anything: to start would only hide it."""
    wrong = [found for found in place_findings(settings) if words_of.is_wrong(found) and found.key != "disk-full"]
    if wrong:
        fail("\n".join(map(words_of.line, wrong)))


def _name(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # as in a container
        return f"user {number}"


def _kind_of(folder: Path, mounts: Path) -> str:
    """The kind of the file system that a folder is on: that of the longest mount point above it."""
    found = ("", "")
    try:
        lines = mounts.read_text("utf-8", "replace").splitlines()
    except OSError:  # a system without such a list
        return ""
    for line in lines:
        _device, point, kind, *_ = line.split(" ")
        point = point.replace("\\040", " ")
        if folder.is_relative_to(point) and len(point) >= len(found[0]):
            found = (point, kind)
    return found[1]
