"""sources.toml: what is right loads, what is wrong is named at once, with its line and the remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from watcher.config import Config, load, schema
from watcher.errors import ConfigError

SHIPPED = Path(__file__).resolve().parents[2] / "sources.toml"


def config(tmp_path: Path, text: str, **environ: str) -> Config:
    file = tmp_path / "sources.toml"
    file.write_text(text, encoding="utf8")
    return load(file, environ)


def problems(tmp_path: Path, text: str, **environ: str) -> str:
    with pytest.raises(ConfigError) as error:
        config(tmp_path, text, **environ)
    return str(error.value)


def test_the_shipped_file_loads_with_the_five_vendors() -> None:
    loaded = load(SHIPPED, {})
    assert [s.id for s in loaded.sources] == ["microbt", "itsminer", "micronet", "smallrig", "mi-option"]
    assert [s.enabled for s in loaded.sources] == [True, True, True, True, False]
    assert all(s.interval == 6 * 3600 and s.jitter == 600 for s in loaded.sources)
    assert loaded.watch.confirm_after == 300
    assert loaded.warnings == ()


def test_the_commented_examples_of_the_shipped_file_load_too(tmp_path: Path) -> None:
    examples: list[str] = []
    inside = False
    for line in SHIPPED.read_text(encoding="utf8").split("\n"):
        inside = line.startswith("# [[") or (inside and line.startswith("#"))
        if inside:
            examples.append(line.removeprefix("#").strip())
    (tmp_path / "mail_url").write_text("mailtos://user:pw@smtp.example.com?to=dpo@example.com\n")
    text = "\n".join(examples) + '\n[[source]]\nid = "smallrig"\nvendor = "SmallRig"\nenabled = false\n'
    loaded = config(tmp_path, text, SLACK_WEBHOOK="https://hooks.slack.com/services/T/B/C")
    assert [c.format for c in loaded.channels] == ["slack", "email"]
    assert loaded.channels[1].url.startswith("mailtos://user:pw@")
    assert len(loaded.sources[0].urls) == 2
    assert loaded.teaching.rules[0].kind == "children"
    assert loaded.teaching.recipients == (("Getui", ("个推", "GeTui SDK")),)


def test_every_problem_is_named_at_once_with_its_line_and_the_remedy(tmp_path: Path) -> None:
    said = problems(
        tmp_path,
        """
[defaults]
interval = "six hours"
alerts = true

[[source]]
id = "Acme"
vendor = "Acme"
url = "acme.example/privacy"

[[source]]
id = "other"
vender = "Other"
url = "https://other.example/p"
render = "sometimes"
timezone = "Berlin"
channels = ["slak"]

[[channel]]
id = "slack"
url = "${SLACK}"
""",
    )
    file = tmp_path / "sources.toml"
    assert f"{file}:3: defaults interval: 'six hours': write a duration" in said
    assert f"{file}:4: defaults alerts: unknown key 'alerts'" in said
    assert f"{file}:7: source #1 id: 'Acme': use lower-case" in said
    assert f"{file}:9: source #1 url: 'acme.example/privacy': write the whole address" in said
    assert f"{file}:13: source #2 vender: unknown key 'vender'; did you mean 'vendor'?" in said
    assert "source #2 vendor: vendor is missing" in said
    assert f"{file}:15: source #2 render: 'sometimes' is not one of" in said
    assert f"{file}:16: source #2 timezone: 'Berlin': write an IANA name" in said
    assert f"{file}:21: channel #1 url: ${{SLACK}} is not set" in said


def test_links_between_tables_are_checked(tmp_path: Path) -> None:
    said = problems(
        tmp_path,
        """
[[source]]
id = "a"
vendor = "A"
url = "https://a.example/"
channels = ["slak"]
[[source]]
id = "a"
vendor = "A again"
url = "https://a.example/2"
[[channel]]
id = "slack"
url = "json://localhost"
[[rule]]
verdict = "noise"
source = "b"
""",
    )
    assert "no channel 'slak'; did you mean 'slack'?" in said
    assert "'a' is used twice" in said
    assert "no source 'b'" in said


def test_an_enabled_source_needs_an_address(tmp_path: Path) -> None:
    assert "enabled = false until the address is known" in problems(tmp_path, '[[source]]\nid="a"\nvendor="A"\n')


def test_what_is_not_toml_is_named_with_its_line(tmp_path: Path) -> None:
    assert "line 2" in problems(tmp_path, "[watch]\nconfirm = yes\n")


def test_a_missing_file_names_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--config or WATCHER_CONFIG"):
        load(tmp_path / "none.toml", {})


def test_secrets_come_from_credentials(tmp_path: Path) -> None:
    (tmp_path / "creds").mkdir()
    (tmp_path / "creds" / "hook").write_text("json://user:pw@localhost/\n")
    text = '[[channel]]\nid="one"\nurl="${hook}"\n[[channel]]\nid="two"\nurl_file="hook"\n'
    loaded = config(tmp_path, text, CREDENTIALS_DIRECTORY=str(tmp_path / "creds"))
    assert {c.url for c in loaded.channels} == {"json://user:pw@localhost/"}
    assert "pw@" not in repr(loaded.channels)


def test_a_credential_left_unset_by_the_service_is_missing(tmp_path: Path) -> None:
    (tmp_path / "hook").write_text("unset")
    said = problems(tmp_path, '[[channel]]\nid="one"\nurl="${hook}"\n', CREDENTIALS_DIRECTORY=str(tmp_path))
    assert "${hook} is not set" in said


def test_a_secret_in_the_file_is_warned_of(tmp_path: Path) -> None:
    loaded = config(tmp_path, '[[channel]]\nid="a"\nurl="mailto://user:secret@example.com"\n')
    assert loaded.warnings == ("channel a: its url holds a secret; write ${NAME} or url_file instead",)
    loaded = config(tmp_path, '[fetch]\nproxy = "http://ana:s3cret@proxy.example:3128"\n')
    assert loaded.warnings == ("[fetch]: its proxy holds a secret; write ${NAME} or proxy_file instead",)
    assert "s3cret" not in repr(loaded.fetch)


def test_a_login_is_left_out_of_what_is_said_of_a_bad_address(tmp_path: Path) -> None:
    said = problems(tmp_path, '[fetch]\nproxy = "socks5://${LOGIN}@proxy.example:1080"\n', LOGIN="ana:s3cret")
    assert "socks5://…@proxy.example:1080" in said
    assert "s3cret" not in said


def test_a_source_overrides_the_defaults(tmp_path: Path) -> None:
    loaded = config(
        tmp_path,
        '[defaults]\ninterval="1h"\nkinds=["sharing"]\n[[source]]\nid="a"\nvendor="A"\nurl="https://a.example"\n'
        'interval="2d"\n',
    )
    assert loaded.sources[0].interval == 172800
    assert loaded.sources[0].kinds == ("sharing",)


def test_the_database_lives_in_the_state_directory_of_the_service(tmp_path: Path) -> None:
    assert config(tmp_path, "", STATE_DIRECTORY="/var/lib/watcher").database == Path("/var/lib/watcher/watcher.db")


def test_an_unknown_source_is_answered_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="did you mean 'smallrig'"):
        load(SHIPPED, {}).source("smalrig")


def test_the_schema_knows_every_table() -> None:
    assert {"watch", "fetch", "defaults", "source", "channel", "rule", "recipient", "ignore"} == set(
        schema()["properties"]
    )


def test_what_shows_between_tables_is_named_beside_what_a_single_key_shows(tmp_path: Path) -> None:
    said = problems(
        tmp_path,
        '[[source]]\nid="a"\nvendor="A"\nurl="https://a.example"\nintervall="1h"\n'
        '[[source]]\nid="a"\nvendor="B"\nchannels=["nope"]\n',
    )
    assert "did you mean 'interval'?" in said
    assert "'a' is used twice" in said
    assert "no channel 'nope'" in said
    assert "enabled = false until the address is known" in said


def test_a_jitter_that_nobody_set_stays_small_beside_the_interval(tmp_path: Path) -> None:
    text = '[[source]]\nid="a"\nvendor="A"\nurl="https://a.example"\ninterval="30s"\n'
    assert config(tmp_path, text).sources[0].jitter == 3


def test_the_address_of_the_metrics_needs_a_port(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    for good in ("127.0.0.1:9464", "localhost:9464", "[::1]:9464"):
        file.write_text(f'[watch]\nmetrics_listen = "{good}"\n')
        assert load(file).metrics_listen == good
    for bad in ("9464", "127.0.0.1", "127.0.0.1:99999", "http://127.0.0.1:9464"):
        file.write_text(f'[watch]\nmetrics_listen = "{bad}"\n')
        with pytest.raises(ConfigError, match="write address and port"):
            load(file)
