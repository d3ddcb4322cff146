"""`sources.toml` and the environment -> Config. Every problem at once, with file, line and what to write instead.

Secrets never stand in the file: a value may hold `${NAME}`, looked up in the environment and then among systemd's
credentials; a channel may give `url_file` instead of `url`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
)

from watcher.config import Config, did_you_mean
from watcher.errors import ConfigError
from watcher.records import (
    Channel,
    FetchSettings,
    Kind,
    Level,
    OperatorRule,
    Render,
    Source,
    Teaching,
    WatchSettings,
)

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


def read(file: Path, environ: Mapping[str, str]) -> Config:
    """The configuration in `file`. Raises ConfigError with every problem in one message."""
    try:
        text = file.read_text(encoding="utf8")
    except FileNotFoundError:
        raise ConfigError(
            f"{file}: no such file. Name one with --config or WATCHER_CONFIG, or start from the shipped sources.toml."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read: {error}") from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: not TOML: {error}") from None
    problems: list[Problem] = []
    data = _with_secrets(data, file, environ, problems)
    parsed = None
    try:
        parsed = File.model_validate(data)
    except ValidationError as error:
        problems += [_problem(e) for e in error.errors() if not _is_echo(e, problems)]
    problems += _between_tables(data)
    if problems or parsed is None:
        raise ConfigError(_report(file, text, problems))
    return parsed.resolve(file, environ, _unwise(tomllib.loads(text)))


def schema() -> dict[str, Any]:
    """The JSON Schema of sources.toml, for editors."""
    return File.model_json_schema()


# --- the file's shape ------------------------------------------------------------------------------------------------

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def _seconds(value: object) -> object:
    if isinstance(value, str):
        match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhdw])\s*", value)
        if not match:
            raise ValueError('write a duration as "30s", "10m", "6h", "2d" or "1w"')
        return float(match[1]) * _UNITS[match[2]]
    return value


def _cron(value: str) -> str:
    fields = value.split()
    if len(fields) != 5 or not all(re.fullmatch(r"[\dA-Za-z*/,-]+", f) for f in fields):
        raise ValueError('write five fields: minute hour day month weekday, as in "0 6 * * mon-fri"')
    return value


def _written(pattern: str, advice: str) -> AfterValidator:
    """A check that a value is written so as a whole; `advice` says what to write instead."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(advice)
        return value

    return AfterValidator(check)


def _rhythm(*words: str) -> AfterValidator:
    """A check that a value is one of these words, or a cron expression."""

    def check(value: str) -> str:
        if value in words:
            return value
        try:
            return _cron(value)
        except ValueError:
            advice = f'write {", ".join(words)}, or a cron expression as in "0 8 * * mon"'
            raise ValueError(advice) from None

    return AfterValidator(check)


def _window(value: str) -> str:
    try:
        opens, closes = (datetime.fromisoformat(part) for part in value.split("/"))
        if opens.tzinfo is None and closes.tzinfo is None and opens < closes:
            return value
    except ValueError:
        pass
    raise ValueError('write from/to as local times, as in "2026-12-24T18:00/2026-12-27T08:00"')


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError('write an IANA name such as "Europe/Berlin" or "Asia/Shanghai"') from None
    return value


def _css(value: str) -> str:
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    try:
        LexborHTMLParser("<p></p>").css(value)
    except (SelectolaxError, ValueError) as error:
        raise ValueError(f"not a CSS selector: {error}") from None
    return value


def _listen(value: str) -> str:
    if not re.fullmatch(r"([\w.-]+|\[[0-9a-fA-F:]+\]):\d{1,5}", value) or int(value.rpartition(":")[2]) > 65535:
        raise ValueError('write address and port, as in "127.0.0.1:9464"')
    return value


Seconds = Annotated[
    float, BeforeValidator(_seconds), Field(ge=0), WithJsonSchema({"type": ["string", "number"], "examples": ["6h"]})
]
Cron = Annotated[str, AfterValidator(_cron)]
Hours = Annotated[str, _written(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", 'write hours as "08:00-20:00"')]
Cadence = Annotated[str, _rhythm("immediate", "hourly", "daily", "weekly")]
Report = Annotated[str, _rhythm("never", "daily", "weekly")]
Window = Annotated[str, AfterValidator(_window)]
Zone = Annotated[str, AfterValidator(_zone)]
Css = Annotated[str, AfterValidator(_css)]
Http = Annotated[str, _written(r"https?://[^\s/]+\S*", 'write the whole address, as in "https://example.com/privacy"')]
Proxy = Annotated[
    str, _written(r"(https?://[^\s/]+/?)?", 'write its whole address, as in "http://proxy.example.com:3128"')
]
Listen = Annotated[str, AfterValidator(_listen)]
Id = Annotated[
    str,
    _written(
        r"[a-z0-9][a-z0-9._-]{0,63}",
        'use lower-case letters, digits, ".", "_" and "-", as in "acme-privacy"',
    ),
]


class Table(BaseModel):
    """A table of the file: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class WatchTable(Table):
    """[watch]: the database, and when a change, a failure or a silence is believed."""

    database: str = Field("", description="SQLite file; default: the state directory of the service, else watcher.db")
    language: Literal["en", "zh"] = Field("en", description="of sentences and messages")
    confirm: bool = Field(True, description="tell a change only after a later fetch showed it again")
    confirm_after: Seconds = Field(300.0, description="how long until that later fetch")
    problem_after: int = Field(3, ge=1, description="failed checks in a row before people are told")
    problem_for: Seconds = Field(0.0, description="how long they must have gone on, besides")
    escalate_after: Seconds = Field(259200.0, description="an open problem is told once more after that time; 0: never")
    stale_after: float = Field(3.0, gt=0, description="intervals without a verified check before a source is stale")
    remind_after: Seconds = Field(
        0.0, description='time until people are reminded of a material alert that nobody acknowledged, as in "2d"'
    )
    retry_pause: Seconds = Field(
        30.0, gt=0, description="until a message that was refused for now is tried again; doubles each time"
    )
    retry_longest: Seconds = Field(3600.0, gt=0, description="what this pause grows to")
    keep_sending: Seconds = Field(604800.0, description="how long a message is retried")
    heartbeat: Http | None = Field(
        None, description="address pinged after each round of checks (healthchecks.io style); or heartbeat_file"
    )
    metrics: str = Field("", description='file for the textfile collector of node_exporter, as in "watcher.prom"')
    metrics_listen: Listen | None = Field(
        None, description='where the daemon serves them over HTTP, as in "127.0.0.1:9464"; off by default'
    )
    templates: str = Field("", description="folder of message templates that replace the shipped ones")
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "info"


class FetchTable(Table):
    """[fetch]: how politely and how patiently pages are fetched."""

    contact: str = Field("", description="address that site owners can write to; part of the User-Agent")
    user_agent: str = Field("", description="replaces the built-in User-Agent")
    timeout: Seconds = Field(30.0, gt=0, description="for one request, to the last byte")
    max_bytes: int = Field(20_000_000, ge=1000, description="a larger page is refused")
    max_redirects: int = Field(10, ge=0)
    retries: int = Field(2, ge=0, le=10, description="further tries within one check, for what is transient")
    backoff: Seconds = Field(1.0, description="before the first retry; doubles")
    concurrency: int = Field(8, ge=1, le=64, description="pages in flight at once")
    per_host: int = Field(1, ge=1, description="pages in flight at once to one host")
    delay: Seconds = Field(1.0, description="between two requests to one host")
    private_addresses: bool = Field(False, description="allow loopback and private networks")
    browser: str = Field("", description="path of a Chromium; default: the usual places")
    proxy: Proxy = Field(
        "",
        description="HTTP proxy through which every page is fetched, credentials included; or proxy_file. "
        "It then looks names up, and decides what of the internal network they may lead to",
    )


class Shared(Table):
    """Settings that [defaults] gives to all sources and a [[source]] may replace."""

    interval: Seconds | None = Field(None, ge=1, description='time between two checks; default: "6h"')
    jitter: Seconds | None = Field(
        None, description="up to so much is added at random to each interval; default: a tenth of it, at most 10m"
    )
    cron: Cron | None = Field(None, description="five-field cron expression; replaces interval")
    active_hours: Hours | None = Field(None, description='checks only inside, as in "08:00-20:00"')
    timezone: Zone | None = Field(None, description="IANA name, for cron and active_hours; default: UTC")
    render: Render | None = Field(None, description="a real browser for script pages; default: auto")
    robots: bool | None = Field(None, description="obey robots.txt; default: true")
    channels: tuple[str, ...] | None = Field(None, description="ids of channels; default: the default channels")
    alert_on: tuple[Level, ...] | None = Field(
        None, description="verdicts that make an alert; default: material and minor"
    )
    kinds: tuple[Kind, ...] | None = Field(None, description="only changes of these kinds alert")


class SourceTable(Shared):
    """[[source]]: one policy to watch."""

    id: Id = Field(description="short, unique, stable: history hangs on it")
    vendor: str = Field(min_length=1, description="the name people read in an alert")
    url: Http | None = Field(None, description="the page")
    urls: tuple[Http, ...] | None = Field(None, description="several pages that make one policy, in reading order")
    enabled: bool = True
    select: tuple[Css, ...] = Field((), description="CSS selectors that hold the policy")
    remove: tuple[Css, ...] = Field((), description="CSS selectors to cut out first")
    language: str | None = Field(None, min_length=2, max_length=3, description='expected language, as in "en"')
    tags: tuple[str, ...] = ()


class ChannelTable(Table):
    """[[channel]]: where messages go."""

    id: Id
    url: str = Field(min_length=1, description="Apprise URL; take secrets from ${NAME}, or give url_file")
    format: Literal["slack", "email", "text", "json"] | None = Field(None, description="default: told by the url")
    default: bool = Field(True, description="sources that name no channel use it")
    verdicts: tuple[Level, ...] = Field(
        ("material", "minor"), description="of changes: material ones go at once, minor ones in the weekly digest"
    )
    kinds: tuple[Kind, ...] = ()
    tags: tuple[str, ...] = ()
    vendors: tuple[str, ...] = Field((), description="only sources of these vendors")
    problems: bool = Field(True, description="also source problems and their recovery, and other channels in trouble")
    material: Cadence = Field(
        "immediate", description="when material changes go: immediate, hourly, daily, weekly, or a cron expression"
    )
    minor: Cadence = Field("weekly", description="the same for lesser changes; what waits goes as one digest")
    report: Report = Field(
        "weekly", description="how often it hears that all is well, or what is not: never, daily, weekly, or a cron"
    )
    rate: int = Field(0, ge=0, description="messages an hour at most, what is over it as one digest; 0: no limit")
    quiet: Hours | None = Field(None, description='messages wait until these hours are over, as in "22:00-07:00"')
    maintenance: tuple[Window, ...] = Field(
        (), description='messages wait until these times are over, as in "2026-12-24T18:00/2026-12-27T08:00"'
    )
    timezone: Zone = Field("UTC", description="IANA name, for quiet, maintenance and digests")


class RuleTable(Table):
    """[[rule]]: an operator's own verdict on a sort of change."""

    verdict: Level
    source: str | None = None
    kind: Kind | None = None
    subject: str | None = Field(None, min_length=1)


class RecipientTable(Table):
    """[[recipient]]: a company to recognise, with its other names."""

    name: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()


class File(Table):
    """sources.toml as a whole."""

    watch: WatchTable = WatchTable()
    fetch: FetchTable = FetchTable()
    defaults: Shared = Shared()
    source: tuple[SourceTable, ...] = ()
    channel: tuple[ChannelTable, ...] = ()
    rule: tuple[RuleTable, ...] = ()
    recipient: tuple[RecipientTable, ...] = ()
    ignore: tuple[str, ...] = Field((), description="words whose coming and going is never a change")

    def resolve(self, path: Path, environ: Mapping[str, str], warnings: tuple[str, ...]) -> Config:
        """The records that the rest of the program uses."""
        watch = self.watch
        state = Path(environ.get("STATE_DIRECTORY", "").split(":")[0] or ".")
        return Config(
            path=path,
            database=_beside(path, watch.database) if watch.database else state / "watcher.db",
            sources=tuple(_source(table, self.defaults) for table in self.source),
            channels=tuple(_channel(table) for table in self.channel),
            teaching=Teaching(
                recipients=tuple((r.name, r.aliases) for r in self.recipient),
                rules=tuple(OperatorRule(**dict(rule)) for rule in self.rule),
                ignore=self.ignore,
            ),
            fetch=FetchSettings(**dict(self.fetch)),
            watch=WatchSettings(**{name: getattr(watch, name) for name in WatchSettings.__dataclass_fields__}),
            templates=_beside(path, watch.templates) if watch.templates else None,
            heartbeat=watch.heartbeat or "",
            metrics=_beside(path, watch.metrics) if watch.metrics else None,
            metrics_listen=watch.metrics_listen or "",
            language=watch.language,
            log_format=watch.log_format,
            log_level=watch.log_level,
            warnings=warnings,
        )


def _source(table: SourceTable, defaults: Shared) -> Source:
    given = {k: v for t in (defaults, table) for k, v in t.model_dump(exclude_none=True).items()}
    url = given.pop("url", None)
    given.setdefault("urls", (url,) if url else ())
    # Where nobody asked for a jitter, it stays small beside the interval.
    source = Source(**given)
    return source if "jitter" in given else replace(source, jitter=min(source.jitter, source.interval / 10))


def _channel(table: ChannelTable) -> Channel:
    given = table.model_dump()
    if given["format"] is None:
        scheme = table.url.split(":", 1)[0].lower()
        given["format"] = {"slack": "slack", "json": "json", "jsons": "json"}.get(
            scheme, "email" if scheme.startswith("mail") else "text"
        )
        if "hooks.slack.com" in table.url:
            given["format"] = "slack"
    return Channel(**given)


def _beside(path: Path, name: str) -> Path:
    """A path in the file is relative to the file."""
    return path.parent / Path(name).expanduser()


def _between_tables(data: dict[str, Any]) -> list[Problem]:
    """What only shows between keys and tables: doubled ids, names that nobody has, an address too few or too many.

    Reads the file as it is, so that these problems are named beside those of single keys.
    """
    sources, channels, rules = (_listed(data, name) for name in ("source", "channel", "rule"))
    ids = {"source": _texts(sources, "id"), "channel": _texts(channels, "id")}
    vendors = _texts(sources, "vendor")
    problems = [
        Problem((table, i, "id"), f"{id!r} is used twice; each {table} needs an id of its own")
        for table, names in ids.items()
        for i, id in enumerate(names)
        if id and id in names[:i]
    ]
    for i, source in enumerate(sources):
        if source.get("url") and source.get("urls"):
            problems.append(Problem(("source", i, "urls"), "give url or urls, not both"))
        if source.get("enabled", True) is True and not source.get("url") and not source.get("urls"):
            hint = 'give url = "https://...", or enabled = false until the address is known'
            problems.append(Problem(("source", i), hint))
    users: list[tuple[tuple[str | int, ...], str, dict[str, Any]]]
    users = [(("source", i), "channels", t) for i, t in enumerate(sources)]
    users += [(("channel", i), "vendors", t) for i, t in enumerate(channels)]
    users += [(("rule", i), "source", t) for i, t in enumerate(rules)]
    users += [(("defaults",), "channels", t) for t in [data.get("defaults")] if isinstance(t, dict)]
    known = {"channels": ("channel", ids["channel"]), "vendors": ("source of a vendor", vendors),
             "source": ("source", ids["source"])}  # fmt: skip
    for at, key, table in users:
        word, names = known[key]
        for name in [table[key]] if isinstance(table.get(key), str) else table.get(key) or ():
            if name not in names:
                problems.append(Problem((*at, key), f"no {word} {name!r}{did_you_mean(str(name), names)}"))
    return problems


def _listed(data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = data.get(name)
    return [t for t in value if isinstance(t, dict)] if isinstance(value, list) else []


def _texts(tables: list[dict[str, Any]], key: str) -> list[str]:
    return [value if isinstance(value := t.get(key), str) else "" for t in tables]


# --- secrets ---------------------------------------------------------------------------------------------------------

#: What systemd/watcher.service gives as a credential where its file is absent.
UNSET = "unset"
_REFERENCE = re.compile(r"\$\{(\w+)\}")


def _with_secrets(
    data: dict[str, Any], path: Path, environ: Mapping[str, str], problems: list[Problem]
) -> dict[str, Any]:
    """`data` with `${NAME}` and `*_file` resolved; what is missing is added to `problems`."""
    credentials = Path(environ["CREDENTIALS_DIRECTORY"]) if environ.get("CREDENTIALS_DIRECTORY") else None

    def secret(name: str, at: tuple[str | int, ...]) -> str:
        if name in environ:
            return environ[name]
        if credentials and (credentials / name).is_file():
            value = (credentials / name).read_text(encoding="utf8").strip()
            if value != UNSET:
                return value
        problems.append(Problem(at, f"${{{name}}} is not set: export {name}=..., or LoadCredential={name}:FILE"))
        return UNSET

    def from_file(name: str, at: tuple[str | int, ...]) -> str:
        places = [p / name for p in (credentials, path.parent) if p is not None]
        for place in places:
            if place.is_file() and (value := place.read_text(encoding="utf8").strip()) != UNSET:
                return value
        problems.append(Problem(at, f"no file {name!r}, looked in {' and '.join(str(p.parent) for p in places)}"))
        return UNSET

    def walk(value: Any, at: tuple[str | int, ...]) -> Any:
        if isinstance(value, str):
            return _REFERENCE.sub(lambda m: secret(m[1], at), value)
        if isinstance(value, list):
            return [walk(v, (*at, i)) for i, v in enumerate(value)]
        if isinstance(value, dict):
            out = {}
            for key, inner in value.items():
                if key.endswith("_file") and isinstance(inner, str):
                    out[key.removesuffix("_file")] = from_file(inner, (*at, key))
                else:
                    out[key] = walk(inner, (*at, key))
            return out
        return value

    resolved = walk(data, ())
    assert isinstance(resolved, dict)
    return resolved


def _unwise(data: dict[str, Any]) -> tuple[str, ...]:
    """Warnings on the file as written: a secret that stands in it."""
    secret = re.compile(r"://[^/\s$]*:[^/\s$]+@|hooks\.slack\.com/services/T\w+/|slack://\w+/\w+")
    written = [
        ("[fetch]", "proxy", data.get("fetch", {})),
        *((f"channel {channel.get('id', '?')}", "url", channel) for channel in data.get("channel", ())),
    ]
    return tuple(
        f"{where}: its {key} holds a secret; write ${{NAME}} or {key}_file instead"
        for where, key, table in written
        if secret.search(table.get(key, ""))
    )


# --- problems --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: where (keys and indices from the top of the file), and what to write instead."""

    at: tuple[str | int, ...]
    text: str


def _problem(error: ErrorDetails) -> Problem:
    """A pydantic error in our words."""
    at = tuple(error["loc"])
    given = error.get("input")
    if isinstance(given, str):
        given = re.sub(r"//[^/@]*@", "//…@", given)  # a login, which may have come from the environment
    match error["type"]:
        case "extra_forbidden":
            return Problem(at, f"unknown key {str(at[-1])!r}{did_you_mean(str(at[-1]), _keys_at(at[:-1]))}")
        case "missing":
            return Problem(at, f"{at[-1]!s} is missing")
        case "literal_error":
            expected = str(error["ctx"]["expected"])
            return Problem(at, f"{given!r} is not one of {expected}{did_you_mean(str(given), expected.split(chr(39)))}")
        case "value_error":
            return Problem(
                at, f"{given!r}: {error['ctx']['error']}" if isinstance(given, str) else str(error["ctx"]["error"])
            )
        case _:
            return Problem(at, f"{given!r}: {error['msg'][0].lower()}{error['msg'][1:]}")


def _is_echo(error: ErrorDetails, problems: list[Problem]) -> bool:
    """Whether the error only repeats that a secret is missing."""
    return any(p.at == tuple(error["loc"]) for p in problems)


def _keys_at(at: tuple[str | int, ...]) -> list[str]:
    """The keys that the table at `at` may have."""
    tables: dict[str, type[Table]] = {
        "watch": WatchTable, "fetch": FetchTable, "defaults": Shared, "source": SourceTable,
        "channel": ChannelTable, "rule": RuleTable, "recipient": RecipientTable,
    }  # fmt: skip
    return list((tables[str(at[0])] if at else File).model_fields)


def _report(file: Path, text: str, problems: list[Problem]) -> str:
    """All problems, in the order of the file, one a line: `file:line: where: what`."""
    lines = dict(_positions(text))

    def line_of(at: tuple[str | int, ...]) -> int:
        while at and at not in lines:
            at = at[:-1]
        return lines.get(at, 1)

    said = sorted({(line_of(p.at), _place(p.at), p.text) for p in problems})
    count = "1 problem" if len(said) == 1 else f"{len(said)} problems"
    return f"{count} in {file}\n" + "\n".join(f"  {file}:{n}: {where}{text}" for n, where, text in said)


def _place(at: tuple[str | int, ...]) -> str:
    named = [f"{a}" if isinstance(a, str) else f"#{a + 1}" for a in at]
    return " ".join(named) + ": " if named else ""


_HEADER = re.compile(r"^\s*(\[\[?)\s*([\w.\"'-]+)\s*\]\]?")
_KEY = re.compile(r"^\s*([\w\"'-]+)\s*=")
_STRINGS = re.compile(r'"""|\'\'\'|"(?:[^"\\]|\\.)*"|\'[^\']*\'|#.*')


def _positions(text: str) -> Iterator[tuple[tuple[str | int, ...], int]]:
    """Where each table and key of a TOML text stands: (path, line number from 1)."""
    table: tuple[str | int, ...] = ()
    counts: dict[str, int] = {}
    closing, depth = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        if closing:  # inside a multi-line string
            if closing in line:
                closing = ""
            continue
        header, key = _HEADER.match(line), _KEY.match(line)
        if depth == 0 and header:
            name = header[2].strip("\"'")
            if header[1] == "[[":
                counts[name] = counts.get(name, -1) + 1
                table = (name, counts[name])
            else:
                table = tuple(name.split("."))
            yield table, number
            continue
        if depth == 0 and key:
            yield (*table, key[1].strip("\"'")), number
        bare = _STRINGS.sub(lambda m: m[0] if len(m[0]) == 3 and m[0] in ('"""', "'''") else "", line)
        opened = next((q for q in ('"""', "'''") if bare.count(q) % 2), "")
        closing = opened
        depth += bare.count("[") + bare.count("{") - bare.count("]") - bare.count("}")
