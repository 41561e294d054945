"""create_app: the only place that knows everyone."""

from html import escape
from pathlib import Path
from typing import Any

from dash import Dash
from flask import Flask, g, request
from flask_wtf.csrf import CSRFProtect, generate_csrf
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

import assets
from callbacks import (
    actions,
    agreement,
    annual_review,
    assessment,
    audit,
    concurrence,
    conversation,
    exceptions,
    explore,
    forecasts,
    help,
    indicators,
    money,
    navigation,
    packs,
    people,
    performance,
    periods,
    plans,
    proposals,
    publication,
    reminders,
    returns,
    review,
    reward,
    risks,
    self_assessment,
    themes,
)
from layouts.shell import INDEX, shell
from models.rules.reward import Terms
from portal.database import Database, configured
from portal.errors import NotFound
from portal.migrate import require_current
from portal.policy import Action
from portal.public import (
    about,
    editions,
    exception_files,
    health,
    memorandum,
    open_data,
    pack_files,
    review_files,
    scorecard,
    sign_in,
    trail,
    unsubscribe,
    workbooks,
)
from portal.rest import api
from portal.rest.limits import Limits
from portal.rest.openapi import rules_of
from portal.settings import Settings
from portal.web import doors, errors, files, guard, headers, session
from portal.web.doors import needs
from portal.web.kept import KeptPages, program
from portal.web.pages import Pages
from portal.web.registry import Callbacks
from portal.work.worker import Worker

ASSETS = Path(assets.__file__).parent
LARGEST_BODY = 256 * 1024
CSRF_COOKIE = "portal_csrf"


class PortalDash(Dash):
    """Dash, with the title of the page that is opened, and without telling everybody which Python runs it."""

    def interpolate_index(self, **parts: Any) -> str:  # type: ignore[override]
        parts["title"] = escape(g.get("page_title", "Partnership portal"))
        return super().interpolate_index(**parts)

    def _collect_and_register_resources(self, resources: Any, *options: Any, **more: Any) -> Any:
        # Its polyfill is for browsers that run none of the rest, and was a tenth of a first load.
        path = "relative_package_path"
        for each in resources:
            if isinstance(each.get(path), list):
                each[path] = [one for one in each[path] if "polyfill" not in one]
        return super()._collect_and_register_resources(resources, *options, **more)

    def _config(self) -> dict[str, object]:
        return {name: value for name, value in super()._config().items() if name != "python_version"}


def create_app(settings: Settings, database: Database | None = None) -> Flask:
    """The whole portal as a WSGI application, warmed up: its first visitor gets an answer like any other.

    WrongSetting without a secret key; NotMigrated for a database that is not at the newest migration.
    """
    database = database or configured(settings)
    require_current(database)
    server = _server(settings)
    files.forget_session(server)
    session.install(server, database)
    errors.install(server)
    kept = KeptPages(database, program(ASSETS, settings.contact, settings.today))
    for public in (scorecard.blueprint, editions.blueprint, about.blueprint):
        server.register_blueprint(public(database, kept))
    for stem in (open_data, memorandum, sign_in, trail, exception_files, review_files, pack_files, health, workbooks):
        server.register_blueprint(stem.blueprint(database))
    doors.admit(server)
    csrf = CSRFProtect(server)
    stop = unsubscribe.blueprint(database, settings.require_secret_key())
    limits = Limits(settings.api_token_limit, settings.api_public_limit)
    for rest in (*api.blueprints(database, limits), stop):
        csrf.exempt(rest)  # it takes no cookie, so there is nothing to forge
        server.register_blueprint(rest)
    rules_of(server)  # a route of the API that does not say what it does stops the start
    dash = _dash(settings)
    pages, callbacks = Pages(), Callbacks(dash, session.current_actor)
    for stem in (returns, review, publication):  # in the order in which the navigation shows them
        stem.register(callbacks, pages, database)
    themes.register(callbacks, pages, database)
    exceptions.register(pages, database)
    money.register(callbacks, pages, database)
    risks.register(callbacks, pages, database)
    for drawn in (performance, annual_review, forecasts, explore):
        drawn.register(pages, database)
    for stem in (indicators, plans, assessment, proposals, agreement, periods, people, audit):
        stem.register(callbacks, pages, database)
    worker = Worker(database)
    packs.register(callbacks, pages, database, worker.wake if settings.background else lambda: None)
    reward.register(pages, database, Terms(settings.reward_threshold, settings.reward_pot))
    reminders.register(callbacks, pages, database, settings.base_url)
    help.register(pages)
    for said in (conversation, concurrence, actions, self_assessment):
        said.register(callbacks, database)
    navigation.register(callbacks, pages, database)
    _add_pages(server, dash, pages)
    dash.init_app(server)
    guard.protect(dash, LARGEST_BODY)
    guard.quiet_suites(dash)
    files.lighten_plotly(dash, ASSETS)
    _protect_answers(server, dash, pages, settings)
    files.install(server, ASSETS)
    server.extensions["portal"] = {"database": database, "pages": pages, "callbacks": callbacks, "dash": dash}
    server.extensions["portal"]["worker"] = worker
    _warm_up(server)
    callbacks.seal()
    return server


def _server(settings: Settings) -> Flask:
    server = Flask("portal", static_folder=None, template_folder=str(Path(__file__).parent / "templates"))
    server.config.update(
        SECRET_KEY=settings.require_secret_key(),
        SESSION_COOKIE_NAME="portal_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        WTF_CSRF_TIME_LIMIT=None,  # a form may stay open as long as its session lives
        WTF_CSRF_SSL_STRICT=True,
        MAX_CONTENT_LENGTH=LARGEST_BODY + 1,
        COMPRESS_ALGORITHM=["zstd", "br", "gzip"],
        COMPRESS_ZSTD_LEVEL=9,  # its default gives a first load that is a tenth larger, to save milliseconds
        COMPRESS_BR_LEVEL=5,
        COMPRESS_MIMETYPES=["text/html", "text/css", "application/json", "application/javascript", "text/javascript"],
    )
    if settings.trusted_proxies:
        # As many addresses from the end of the header as proxies that we know: whatever stands before them anybody can
        # write. The last proxy says by which scheme; the host comes in `Host` itself, which nobody else adds to.
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=settings.trusted_proxies, x_proto=1, x_host=0)  # type: ignore[method-assign]
    server.jinja_env.trim_blocks = server.jinja_env.lstrip_blocks = True
    server.jinja_env.globals.update(today=settings.today, contact=settings.contact.strip())
    return server


def _dash(settings: Settings) -> PortalDash:
    contact = settings.contact.strip()
    dash = PortalDash(
        "portal",
        server=False,
        assets_folder=str(ASSETS),
        assets_ignore=rf".*\.py[c]?$|{files.PLOTLY}|{workbooks.SCRIPT}",
        suppress_callback_exceptions=True,  # else the first visitor's page would be shown to everybody
        include_pages_meta=False,
        enable_mcp=False,
        update_title="",  # the title stays while a callback runs
        index_string=INDEX.replace("/assets/icon.svg", files.address(ASSETS / "icon.svg")).replace(
            "{{ contact }}", f": {escape(contact)}" if contact else ""
        ),
        csrf_token_name=CSRF_COOKIE,
        csrf_header_name="X-CSRFToken",
        add_log_handler=False,
    )
    dash.layout = shell(settings.today, contact)
    return dash


def _add_pages(server: Flask, dash: Dash, pages: Pages) -> None:
    """Give each signed-in page its own route, before Dash adds one that takes every address. Opening it draws it once
    for its status and title, so that a first load answers an honest 302, 403 or 404."""

    def first_load(**_values: object) -> str:
        search = request.query_string.decode("ascii", "replace")
        g.page_title, _body = pages.open(session.current_actor(), request.path, search)
        return dash.index()

    for rule in pages.pages:
        server.add_url_rule(rule, f"page:{rule}", first_load, strict_slashes=False)

    @needs(Action.SITE_OPEN)
    def nowhere(path: str) -> Response:
        raise NotFound("There is no page at this address.")

    server.add_url_rule("/<path:path>", "nowhere", nowhere)


def _protect_answers(server: Flask, dash: Dash, pages: Pages, settings: Settings) -> None:
    endpoints = frozenset(f"page:{rule}" for rule in pages.pages)
    headers.install(server, dash.csp_hashes, lambda: endpoints, https=settings.https)

    @server.after_request
    def hand_out_token(response: Response) -> Response:
        if request.endpoint in endpoints:
            token = generate_csrf()
            response.set_cookie(CSRF_COOKIE, token, secure=settings.https, samesite="Lax", httponly=False)
        return response


def _warm_up(server: Flask) -> None:
    """Let Dash finish setting itself up now: a visitor who came in between would get an error."""
    with server.test_client() as client:
        client.get("/healthz")
        client.get("/_dash-dependencies")
