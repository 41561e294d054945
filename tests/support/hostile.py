"""Texts that try to be markup, scripts, formulas or addresses, and a database in which people have written nothing else."""

from collections.abc import Iterator
from itertools import cycle, islice

from sqlalchemy import String, Text, text

from models.base import Base
from portal.database import Database

MARK = "zz-pwned"
"""An element of this name is on a page only when somebody's text was taken for markup."""
PAYLOADS = (
    *("<script>alert(1)</script>", "<SCRIPT SRC=//evil.example/x.js></SCRIPT>", "<scr<script>ipt>alert(1)</script>"),
    *(
        "</script><script>alert(1)</script>",
        "</title><script>alert(1)</script>",
        "</textarea><script>alert(1)</script>",
    ),
    *("</style><script>alert(1)</script>", "--><script>alert(1)</script>", "]]><script>alert(1)</script>"),
    *("<img src=x onerror=alert(1)>", "<img src=`x`onerror=alert(1)>", "<img/src='x'/onerror='alert(1)'>"),
    *(
        "<svg onload=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<svg><animate onbegin=alert(1) attributeName=x>",
    ),
    *("<svg><foreignObject><iframe src=javascript:alert(1)>", "<math><mtext><script>alert(1)</script>"),
    *("<body onload=alert(1)>", "<video src onerror=alert(1)>", "<audio src=x onerror=alert(1)>"),
    *("<details open ontoggle=alert(1)>", "<input autofocus onfocus=alert(1)>", "<select autofocus onfocus=alert(1)>"),
    *("<marquee onstart=alert(1)>", "<object data=javascript:alert(1)>", "<embed src=javascript:alert(1)>"),
    *("<iframe srcdoc='<script>parent.alert(1)</script>'>", "<iframe src=javascript:alert(1)>"),
    *("<form action=javascript:alert(1)><button>go</button>", "<isindex action=javascript:alert(1)>"),
    *(
        "<base href=//evil.example/>",
        "<link rel=stylesheet href=//evil.example/x.css>",
        "<meta http-equiv=refresh content=0;//evil.example>",
    ),
    *("<style>@import '//evil.example/x.css'</style>", "<div style=background:url(//evil.example)>"),
    *(
        "<a href=javascript:alert(1)>x</a>",
        "<a href='java&#115;cript:alert(1)'>x</a>",
        "<a href=data:text/html,x>x</a>",
    ),
    *(
        "[x](javascript:alert(1))",
        "[x](vbscript:msgbox(1))",
        "![x](https://evil.example/x.png)",
        "<https://evil.example>",
    ),
    *(
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
    ),
    *("//evil.example", "\\\\evil.example\\x", "vbscript:msgbox(1)"),
    *('" onmouseover="alert(1)', "' onmouseover='alert(1)", "` onmouseover=`alert(1)", '"><script>alert(1)</script>'),
    *("{{7*7}}", "{{ config.items() }}", "{% for x in ().__class__.__mro__ %}", "${7*7}", "#{7*7}", "%{customdata}"),
    *("%s%s%s%n", "{0.__class__}", '=HYPERLINK("https://evil.example")', "+1+1", "@SUM(A1)", "-2+3", "\u2028alert(1)"),
    *("&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;", "%3Cscript%3Ealert(1)%3C/script%3E"),
    *("<b>bold</b><br>", "a\u202etxt.exe", "<a href='https://evil.example'>plotly</a>", "#eval(1) #image('x')"),
    *(
        "__proto__",
        "constructor.prototype",
        "'; DROP TABLE returns; --",
        "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    ),
)
"""Each of them is worth a try where a browser, a template, a spreadsheet or a chart reads a text."""
NO_TEXT = {
    *("key", "code", "year", "first_year", "last_year", "period", "question", "letter", "state", "email", "domains"),
    *("hash", "content_hash", "password_hash", "token_hash", "sha256", "fingerprint", "etag", "claim", "message_id"),
    *("content", "revisions", "asked", "typed", "changes", "before", "after", "method", "way", "digest", "secret"),
    *("issuer", "client_id", "subject_id"),
}
"""What nobody types: keys, digests, and what the portal itself reads again."""


def texts() -> Iterator[tuple[str, str]]:
    """Every table and column that holds what people write."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            # An enumeration is a String as well.
            if type(column.type) in (String, Text) and column.name not in NO_TEXT and not column.foreign_keys:
                yield table.name, column.name


def fill(database: Database, turn: int = 0) -> int:
    """Put one of the texts, with an element of our own in it, into every such column of every row; answers how many.
    What the database keeps from being changed is changed too: its triggers are taken away. For SQLite."""
    words = islice(cycle(PAYLOADS), turn, None)
    filled = 0
    with database.engine.begin() as connection:
        for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        for table, column in texts():
            rows = connection.scalars(text(f"SELECT rowid FROM {table} WHERE {column} <> '' ORDER BY rowid")).all()
            for row in rows:
                said = f"{row} <{MARK}> {next(words)} {table}.{column}"
                connection.execute(
                    text(f"UPDATE {table} SET {column} = :said WHERE rowid = :row"), {"said": said, "row": row}
                )
                filled += 1
    return filled
