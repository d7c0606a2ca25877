"""Commands of the ETL for readers to copy: exact, with every name quoted for a shell."""

import shlex
from collections.abc import Iterable, Sequence

import streamlit as st

from sourcing.warehouse.snapshots import DEFAULT, VARIABLE, default_path


def etl_command(name: str, *arguments: str, options: str = "") -> str:
    """A command with its arguments. name: such as `join annotators`. options: as they stand."""
    guard = ["--"] if any(argument.startswith("-") for argument in arguments) else []
    words = [name, options] if guard else [name]
    words += [*guard, *map(shlex.quote, arguments)]
    words += [] if guard else [options]
    return " ".join(["python -m etl", *filter(None, words)])


def warehouse_option() -> tuple[str, str]:
    """The option that names the warehouse, empty for the default one, and a sentence about it.

    Readers have nothing to do with the folders of the server.
    """
    path = default_path()
    if path == DEFAULT:
        return "", f"This server reads the warehouse `{path}`."
    return (
        "--warehouse DIR",
        f"Here `DIR` is the folder `{path.name}` that `{VARIABLE}` names on this server.",
    )


def show_commands(name: str, arguments: Iterable[Sequence[str]], options: str = "") -> None:
    """Show commands literally, ready to be copied: one for each row of arguments."""
    option, sentence = warehouse_option()
    every = f"{options} {option}".strip()
    lines = [etl_command(name, *words, options=every) for words in arguments]
    st.code("\n".join(lines), language=None, wrap_lines=True)
    if option:
        st.caption(sentence)
