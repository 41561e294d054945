"""Crafted addresses: paths to other people's rows in every disguise, and query strings that try to be paths."""

from collections.abc import Iterable, Iterator

PATHS = (
    "/returns/{}",
    "/returns/{}/",
    "/returns/{}/check",
    "/returns//{}",
    "//returns/{}",
    "//portal/returns/{}",
    "http://portal/returns/{}",
    "returns/{}",
    "\\returns\\{}",
    "/returns/./{}",
    "/returns/1/../{}",
    "/themes/../returns/{}",
    "/returns/%2e%2e/returns/{}",
    "/themes/..%2freturns%2f{}",
    "/returns%2F{}",
    "/returns/0{}",
    "/returns/+{}",
    "/returns/-{}",
    "/returns/{}.0",
    "/returns/{};x",
    "/returns/{}?x",
    "/returns/{}#x",
    "/returns/{}\x00",
    "/returns/{}%00",
    "/returns/{} ",
    "/RETURNS/{}",
    "/_dash-layout/../returns/{}",
    "/api/v1/returns/{}",
)
SEARCHES = (
    "?return_id={}",
    "?return_id=1&return_id={}",
    "?return_id%5B%5D={}",
    "?id={}&actor=police&role=team",
    "?key=../returns/{}",
    "?period={}",
    "?period=2008-09-q3&return={}",
    "?before={0}&text={0}",
    "?next=/returns/{}",
)


def addresses(known: Iterable[object]) -> Iterator[tuple[str, str]]:
    """Paths and query strings."""
    for one in known:
        yield from ((path.format(one), "") for path in PATHS)
        yield from (("/returns/1", search.format(one)) for search in SEARCHES)
        yield "/themes", f"?period={one}&return_id={one}"
    for path in ("/returns/{}", "/themes/{}", "/annual-review/{}", "/returns/{}/check", "/{}", "{}"):
        for odd in (
            "9" * 5000,
            "x" * 100_000,
            "a/" * 20_000,
            "\x00",
            "\ud800",
            "%00",
            "%ff",
            "٣",
            "-1",
            "..",
            "?",
            "#",
        ):
            yield path.format(odd), ""
    for search in (
        "??",
        "?&&;;==",
        "?period=" + "9" * 5000,
        "?" + "a=&" * 20_000,
        "?before=" + "9" * 5000,
        "?text=%00",
    ):
        for path in ("/themes", "/themes/safer", "/audit", "/annual-review"):
            yield path, search
