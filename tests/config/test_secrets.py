"""A secret comes from the environment or a closed file, and is never shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from traceback import format_exception

import pytest

from config.errors import ConfigError
from config.loading import load
from config.secrets import MAX_BYTES, read_secrets

VALUE = "fT7-quite-unlikely-value"


@pytest.fixture
def secrets_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "secrets"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def put(secrets_folder: Path) -> Callable[..., dict[str, str]]:
    """Write a secret's file; the environment that points to its folder."""

    def written(name: str, content: bytes = VALUE.encode(), mode: int = 0o600) -> dict[str, str]:
        (secrets_folder / name).write_bytes(content)
        (secrets_folder / name).chmod(mode)
        return {"TRUST_MONITOR_SECRETS_DIR": str(secrets_folder)}

    return written


def refusal(environ: dict[str, str]) -> str:
    with pytest.raises(ConfigError) as caught:
        read_secrets(environ)
    assert VALUE not in str(caught.value)
    (problem,) = caught.value.problems
    return problem.message


def test_a_secret_of_the_environment_is_known_by_its_name() -> None:
    secrets = read_secrets({"TRUST_MONITOR_SECRET_MAIL_PASSWORD": VALUE, "OTHER": "x"})
    assert {name: secret.get_secret_value() for name, secret in secrets.items()} == {
        "mail_password": VALUE
    }


def test_a_file_of_the_secrets_folder_is_known_by_its_name(
    put: Callable[..., dict[str, str]],
) -> None:
    secrets = read_secrets(put("mail-password", VALUE.encode() + b"\n"))
    assert secrets["mail_password"].get_secret_value() == VALUE


def test_a_secret_is_never_shown_by_the_settings(folder: Path) -> None:
    settings = load(folder, {"TRUST_MONITOR_SECRET_MAIL_PASSWORD": VALUE})
    assert settings.secrets["mail_password"].get_secret_value() == VALUE
    for shown in (repr(settings), str(settings), settings.model_dump_json(), f"{settings.secrets}"):
        assert VALUE not in shown


def test_a_secret_written_into_a_file_is_refused_without_repeating_it(folder: Path) -> None:
    with (folder / "settings.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[mail.extra]\npassword = "{VALUE}"\n')
    with pytest.raises(ConfigError) as caught:
        load(folder, {})
    assert VALUE not in "".join(format_exception(caught.value))
    assert VALUE not in repr(caught.value.problems)


def test_a_mistyped_value_is_not_repeated_either(folder: Path) -> None:
    (folder / "settings.toml").write_text(f'[mail]\nport = "{VALUE}"\n', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(folder, {})
    assert VALUE not in "".join(format_exception(caught.value))


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o602, 0o666])
def test_a_file_open_to_everybody_is_refused(mode: int, put: Callable[..., dict[str, str]]) -> None:
    assert refusal(put("mail_password", mode=mode)) == "may be read by everybody"


def test_a_link_is_judged_by_the_file_it_leads_to(
    secrets_folder: Path, tmp_path: Path, put: Callable[..., dict[str, str]]
) -> None:
    environ = put("kept", mode=0o600)
    (tmp_path / "open").write_text(VALUE, encoding="utf-8")
    (tmp_path / "open").chmod(0o644)
    (secrets_folder / "mail_password").symlink_to(tmp_path / "open")
    assert refusal(environ) == "may be read by everybody"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"changeme", "is only a placeholder"),
        (b"Password\n", "is only a placeholder"),
        (b"one\ntwo\n", "has more than one line"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        (b"x" * (MAX_BYTES + 1), "is larger than 64 KiB"),
    ],
)
def test_what_cannot_be_a_secret_is_told(
    content: bytes, message: str, put: Callable[..., dict[str, str]]
) -> None:
    assert refusal(put("mail_password", content)) == message


def test_a_secret_given_twice_is_told(put: Callable[..., dict[str, str]]) -> None:
    environ = put("mail_password") | {"TRUST_MONITOR_SECRET_MAIL_PASSWORD": "another-one"}
    assert refusal(environ) == "is given in the environment and as a file"


def test_a_secrets_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    environ = {"TRUST_MONITOR_SECRETS_DIR": str(tmp_path / "nowhere")}
    assert "cannot be listed" in refusal(environ)


def test_a_folder_among_the_secrets_is_told(
    secrets_folder: Path, put: Callable[..., dict[str, str]]
) -> None:
    environ = put("mail_password")
    (secrets_folder / "more").mkdir()
    assert refusal(environ) == "is a folder"


def test_what_is_one_trusts_alone_counts_before_what_is_everybodys(
    secrets_folder: Path, put: Callable[..., dict[str, str]]
) -> None:
    environ = put("mail_password") | put("youtube_key")
    (secrets_folder / "trusts" / "hill").mkdir(parents=True)
    own = secrets_folder / "trusts" / "hill" / "mail_password"
    own.write_text("of-the-hill-alone")
    own.chmod(0o600)
    hill, mead = (read_secrets(environ, trust) for trust in ("hill", "mead"))
    assert {name: one.get_secret_value() for name, one in hill.items()} == {
        "mail_password": "of-the-hill-alone",
        "youtube_key": VALUE,
    }
    assert {one.get_secret_value() for one in mead.values()} == {VALUE}


def test_hidden_files_of_a_mounted_folder_are_passed_over(
    secrets_folder: Path, put: Callable[..., dict[str, str]]
) -> None:
    environ = put("mail_password")
    (secrets_folder / "..data").mkdir()
    assert set(read_secrets(environ)) == {"mail_password"}


def test_a_link_that_leads_nowhere_is_told(
    secrets_folder: Path, put: Callable[..., dict[str, str]]
) -> None:
    environ = put("mail_password")
    (secrets_folder / "api").symlink_to(secrets_folder / "gone")
    assert refusal(environ) == "is not there"
