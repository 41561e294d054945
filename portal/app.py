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
from callbacks import sign_on as turning
from layouts.shell import INDEX, shell
from models.rules.reward import Terms
from portal.database import Database, configured
from portal.errors import NotFound
from portal.issuers import Issuers
from portal.migrate import require_current
from portal.policy import SECOND_FACTOR, Action
from portal.public import (
    about,
    accounts,
    agreements,
    editions,
    exception_files,
    health,
    memorandum,
    open_data,
    own_sessions,
    pack_files,
    review_files,
    scorecard,
    second_step,
    sign_in,
    sign_on,
    trail,
    unsubscribe,
    workbooks,
)
from portal.rest import api
from portal.rest.limits import Limits
from portal.rest.openapi import rules_of
from portal.services.sign_on_ways import Ways
from portal.settings import Settings
from portal.web import doors, errors, files, foreign, guard, headers, metrics, requests, session
from portal.web.doors import needs
from portal.web.drawn import DrawnPages
from portal.web.kept import KeptPages, program
from portal.web.pages import Pages
from portal.web.registry import Callbacks
from portal.work.worker import Worker

ASSETS = Path(assets.__file__).parent
LARGEST_BODY = 256 * 1024
SESSION_COOKIE, CSRF_COOKIE = "portal_session", "portal_csrf"


class PortalDash(Dash):
    """Dash, with the title of the page that is opened, and without telling everybody which Python runs it."""

    def interpolate_index(self, **parts: Any) -> str:  # type: ignore[override]
        parts["title"] = escape(g.get("page_title", "Partnership portal"))
        return super().interpolate_index(**parts)

    def _collect_and_register_resources(self, resources: Any, *options: Any, **more: Any) -> Any:
        # Its polyfill is for browsers that run none of the rest, and was a tenth of a first load; its own tables, which
        # Dash 5 will be without, are on no page.
        path = "relative_package_path"
        needed = [each for each in resources if "dash_table/" not in str(each.get(path))]
        for each in needed:
            if isinstance(each.get(path), list):
                each[path] = [one for one in each[path] if "polyfill" not in one]
        return super()._collect_and_register_resources(needed, *options, **more)

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
    required = settings.second_factor == "required"
    session.install(server, database, SECOND_FACTOR if required else ())
    errors.install(server)
    kept = KeptPages(database, program(ASSETS, settings.contact, settings.today))
    for public in (scorecard.blueprint, editions.blueprint, about.blueprint, agreements.blueprint):
        server.register_blueprint(public(database, kept))
    for stem in (open_data, memorandum, sign_in, trail, exception_files, review_files, pack_files, workbooks):
        server.register_blueprint(stem.blueprint(database))
    readiness = health.Readiness()
    server.register_blueprint(health.blueprint(database, readiness))
    server.register_blueprint(own_sessions.blueprint(database))
    server.register_blueprint(second_step.blueprint(database, settings.require_secret_key(), required=required))
    server.register_blueprint(accounts.blueprint(database, settings.base_url, settings.mailing))
    doors.admit(server)
    csrf = CSRFProtect(server)
    foreign.refuse(server)
    stop = unsubscribe.blueprint(database, settings.require_secret_key())
    ways = Ways(settings.base_url, settings.require_secret_key(), Issuers())
    server.register_blueprint(sign_on.blueprint(database, ways))
    limits = Limits(settings.api_token_limit, settings.api_public_limit)
    for rest in (*api.blueprints(database, limits), stop, sign_on.back_channel(database, ways)):
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
    for stem in (performance, annual_review, forecasts, explore):
        stem.register(pages, database)
    for stem in (indicators, plans, assessment, proposals, agreement, periods, people, audit):
        stem.register(callbacks, pages, database)
    worker = Worker(database)
    packs.register(callbacks, pages, database, worker.wake if settings.background else lambda: None)
    reward.register(pages, database, Terms(settings.reward_threshold, settings.reward_pot))
    reminders.register(callbacks, pages, database, settings.base_url)
    help.register(pages)
    for said in (conversation, concurrence, actions, self_assessment):
        said.register(callbacks, database)
    turning.register(callbacks, pages, database, ways)
    drawn = DrawnPages(pages, database)
    navigation.register(callbacks, pages, drawn, database)
    _add_pages(server, dash, pages)
    dash.init_app(server)
    guard.protect(dash, LARGEST_BODY)
    guard.quiet_suites(dash)
    files.lighten_plotly(dash, ASSETS)
    _protect_answers(server, dash, pages, settings)
    files.install(server, ASSETS)
    server.extensions["portal"] = {"database": database, "pages": pages, "callbacks": callbacks, "dash": dash}
    server.extensions["portal"] |= {"worker": worker, "readiness": readiness, "keeping": (kept, drawn)}
    told = [metrics.install(database)] if settings.metrics_port else []
    requests.install(server, proxied=settings.trusted_proxies > 0, told=told)
    _warm_up(server)
    callbacks.seal()
    readiness.warm = True
    return server


def cookie_name(settings: Settings, name: str) -> str:
    """A cookie's name. Over HTTPS its prefix lets browsers take it only from this host, over HTTPS and for all of its
    paths: no other host of the domain, and nobody on the wire, can put one of theirs in its place."""
    return f"__Host-{name}" if settings.https else name


def _server(settings: Settings) -> Flask:
    server = Flask("portal", static_folder=None, template_folder=str(Path(__file__).parent / "templates"))
    server.debug = False  # whatever FLASK_DEBUG says: mistakes are shown to nobody
    server.config.update(
        SECRET_KEY=settings.require_secret_key(),
        SESSION_COOKIE_NAME=cookie_name(settings, SESSION_COOKIE),
        SESSION_COOKIE_PATH="/",
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
    server.jinja_env.globals.update(
        cookie_names=[cookie_name(settings, name) for name in (SESSION_COOKIE, CSRF_COOKIE)]
    )
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
        csrf_token_name=cookie_name(settings, CSRF_COOKIE),
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
    name = cookie_name(settings, CSRF_COOKIE)
    headers.install(server, dash.csp_hashes, lambda: endpoints, https=settings.https)

    @server.after_request
    def hand_out_token(response: Response) -> Response:
        if request.endpoint in endpoints:
            token = generate_csrf()
            response.set_cookie(name, token, secure=settings.https, samesite="Lax", httponly=False)
        return response


def _warm_up(server: Flask) -> None:
    """Let Dash finish setting itself up now: a visitor who came in between would get an error."""
    with server.test_client() as client:
        client.get("/healthz")
        client.get("/_dash-dependencies")
