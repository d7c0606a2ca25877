"""The warehouse: one snapshot in force whatever happens, one ETL at a time, old ones kept."""

import errno
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from support import BASE, ROOT, all_tables, ask, etl, exported, load, loaded, write

from etl import snapshot_store
from sourcing.errors import StoreError
from sourcing.warehouse.snapshots import (
    FORMAT,
    Snapshot,
    Warehouse,
    is_snapshot_id,
    published_at,
    reading,
)

LATER = "29990101T000000Z-00000000"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a warehouse of one snapshot; to be copied."""
    folder = tmp_path_factory.mktemp("first")
    loaded(Warehouse(folder / "warehouse"), folder / "files", BASE)
    return folder / "warehouse"


@pytest.fixture
def one(first: Path, tmp_path: Path) -> Warehouse:
    """A warehouse with one snapshot."""
    return Warehouse(shutil.copytree(first, tmp_path / "warehouse"))


@pytest.fixture
def more(tmp_path: Path) -> Path:
    """Files that bring something new."""
    tables = all_tables(sources=[{"source_id": f"t{n}", "name": f"T {n}"} for n in range(500)])
    return write(tmp_path / "more", tables)


def start(*arguments: object, **options: object) -> subprocess.Popen[str]:
    """A real `python -m etl`."""
    return _start("-m", "etl", *arguments, **options)


def _start(*arguments: object, **options: object) -> subprocess.Popen[str]:
    # Options go on as they come, of whatever type.
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        [sys.executable, *map(str, arguments)],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )


def assert_whole(warehouse: Warehouse, snapshot_id: str | None) -> None:
    """The snapshot is in force and can be read, and the next load cleans up and works."""
    assert warehouse.current() == snapshot_id
    if snapshot_id:
        assert ask(warehouse, "SELECT count(*) FROM labels") == [(1,)]
        assert len(exported(warehouse, "shares")) == 4


def assert_clean(warehouse: Warehouse) -> None:
    names = {path.name for path in warehouse.folder.iterdir()}
    assert names <= {"current", "lock", "snapshots"}
    for path in warehouse.snapshots_folder.iterdir():
        assert path.suffix in (".duckdb", ".pin")
        assert is_snapshot_id(path.stem)


CRASH = """
import os, shutil, signal, sys
name, number, when = sys.argv[1], int(sys.argv[2]), sys.argv[3]
module = {"os": os, "shutil": shutil}[name.split(".")[0]]
real, calls = getattr(module, name.split(".")[1]), 0

def crashing(*arguments, **options):
    global calls
    calls += 1
    if calls == number and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    result = real(*arguments, **options)
    if calls == number and when == "after":
        os.kill(os.getpid(), signal.SIGKILL)
    return result

setattr(module, name.split(".")[1], crashing)
sys.argv = ["etl", *sys.argv[4:]]
from etl.commands.command_line import main
main()
"""
STEPS = [
    ("shutil.copyfile", 1, "after", False),
    ("os.fsync", 1, "before", False),
    ("os.replace", 1, "before", False),
    ("os.replace", 1, "after", False),
    ("os.fsync", 3, "before", False),
    ("os.replace", 2, "before", False),
    ("os.replace", 2, "after", True),
]
"""Steps of publishing at which the process is killed, and whether the new snapshot is in force."""


@pytest.mark.parametrize(("function", "number", "when", "in_force"), STEPS)
def test_killed_at_a_step_of_publishing(
    function: str, number: int, when: str, in_force: bool, one: Warehouse, more: Path
) -> None:
    before = one.current()
    arguments = (function, number, when, "load", more, "--warehouse", one.folder)
    process = _start("-c", CRASH, *arguments)
    process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL
    if in_force:
        assert one.current() != before
        assert ask(one, "SELECT count(*) FROM sources") == [(501,)]
    else:
        assert_whole(one, before)
        assert ask(one, "SELECT count(*) FROM sources") == [(1,)]
    assert load(one, more).published is not in_force
    assert ask(one, "SELECT count(*) FROM sources") == [(501,)]
    assert_clean(one)


STATES: dict[str, Callable[[Warehouse], bool]] = {
    "the lock is held": lambda w: (w.folder / "lock.holder").exists(),
    "the copy is there": lambda w: any(w.snapshots_folder.glob(".building-*.duckdb")),
    "it is written into": lambda w: any(
        path.stat().st_size > 100_000 for path in w.snapshots_folder.glob(".building-*.wal")
    ),
}


@pytest.mark.parametrize("state", STATES)
def test_killed_while_it_runs(state: str, one: Warehouse, more: Path) -> None:
    before = one.current()
    process = start("load", more, ROOT / "data" / "sample", "--warehouse", one.folder)
    reached = False
    for _ in range(100_000):
        try:
            reached = reached or STATES[state](one)
        except FileNotFoundError:
            continue
        if reached:
            process.kill()
        try:
            process.communicate(timeout=0.001)
        except subprocess.TimeoutExpired:
            continue
        break
    assert reached
    assert process.returncode in (0, -signal.SIGKILL)
    if process.returncode == 0 or one.current() != before:
        assert ask(one, "SELECT count(*) FROM claims") == [(329,)]
    else:
        assert_whole(one, before)
    load(one, more)
    assert ask(one, "SELECT count(*) FROM sources WHERE source_id LIKE 't%'") == [(500,)]
    assert_clean(one)


def test_a_reader_keeps_what_it_opened(one: Warehouse, more: Path) -> None:
    with reading(one) as snapshot:
        load(one, more)
        one.path(snapshot.id).unlink()
        assert snapshot.rows("SELECT count(*) FROM sources") == [(1,)]
    assert ask(one, "SELECT count(*) FROM sources") == [(501,)]


def test_published_files_never_change(one: Warehouse, more: Path) -> None:
    old = one.path(one.current() or "").read_bytes()
    before = one.current() or ""
    load(one, more)
    exported(one, "shares")
    assert one.path(before).read_bytes() == old
    assert [path.suffix for path in one.snapshots_folder.iterdir()] == [".duckdb"] * 2


# The lock.


def test_a_second_etl_waits_and_says_who_holds_it(one: Warehouse, more: Path) -> None:
    with snapshot_store.locked(one, pytest.fail):
        process = start("load", more, "--warehouse", one.folder)
        assert process.stderr
        said = process.stderr.readline()
        assert f"is in use by process {os.getpid()} on " in said
        assert process.poll() is None
        assert ask(one, "SELECT count(*) FROM sources") == [(1,)]
    _, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, "")
    assert ask(one, "SELECT count(*) FROM sources") == [(501,)]


def test_one_that_waits_too_long_gives_up_in_a_sentence(one: Warehouse) -> None:
    said: list[str] = []
    with (
        snapshot_store.locked(one, pytest.fail),
        pytest.raises(StoreError, match=rf"still in use by process {os.getpid()} on .* after 0 s"),
        snapshot_store.locked(one, said.append, wait=0.01),
    ):
        pass
    assert len(said) == 1
    with snapshot_store.locked(one, pytest.fail):
        pass
    assert not (one.folder / "lock.holder").exists()


def test_loads_at_the_same_time_come_one_after_the_other(one: Warehouse, tmp_path: Path) -> None:
    folders = [
        write(tmp_path / str(n), {"sources": [{"source_id": f"x{n}", "name": "X"}]})
        for n in range(3)
    ]
    threads = [threading.Thread(target=load, args=(one, folder)) for folder in folders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ask(one, "SELECT source_id FROM sources ORDER BY 1") == [
        ("s",),
        ("x0",),
        ("x1",),
        ("x2",),
    ]
    assert len(one.ids()) == 4


# Ids, pins, pruning.


def test_ids_sort_by_time_and_end_in_the_content(one: Warehouse, more: Path) -> None:
    before = one.current() or ""
    assert is_snapshot_id(before)
    assert abs(datetime.now(UTC) - published_at(before)) < timedelta(hours=1)
    load(one, more)
    after = one.current() or ""
    assert after > before
    assert after[-8:] != before[-8:]
    assert one.ids() == [after, before]


def test_a_new_snapshot_comes_after_one_from_a_clock_ahead(one: Warehouse, more: Path) -> None:
    shutil.copy(one.path(one.current() or ""), one.path(LATER))
    load(one, more)
    assert (one.current() or "").startswith("29990101T000001Z-")
    assert one.ids()[0] == one.current()


def copies(warehouse: Warehouse, count: int) -> list[str]:
    """Older and older snapshots, newest first."""
    current = warehouse.current() or ""
    names = [f"2020010{n // 10}T00000{n % 10}Z-0000000{n % 10}" for n in range(10, 10 + count)]
    for name in names:
        shutil.copy(warehouse.path(current), warehouse.path(name))
    return names[::-1]


def test_prune_keeps_the_newest_the_pinned_and_the_one_in_force(one: Warehouse) -> None:
    current = one.current()
    names = copies(one, 25)
    snapshot_store.pin(one, names[-1], on=True)
    assert sorted(snapshot_store.prune(one)) == sorted(names[19:-1])
    assert one.ids() == [current, *names[:19], names[-1]]
    assert one.pinned() == {names[-1]}
    snapshot_store.put_in_force(one, names[18])
    assert snapshot_store.prune(one, keep=1) == names[:18]
    assert one.ids() == [current, names[18], names[-1]]
    snapshot_store.pin(one, names[-1], on=False)
    assert snapshot_store.prune(one, keep=1) == [names[-1]]


def test_a_load_prunes(one: Warehouse, more: Path) -> None:
    names = copies(one, 22)
    snapshot_store.pin(one, names[-1], on=True)
    before = one.current()
    load(one, more)
    assert one.ids() == [one.current(), before, *names[:18], names[-1]]


def test_pin_of_no_snapshot(one: Warehouse) -> None:
    for name in ("nothing", LATER, "../current"):
        with pytest.raises(StoreError, match="There is no snapshot"):
            snapshot_store.pin(one, name, on=True)
    snapshot_store.pin(one, one.current() or "", on=False)


# A store that is broken says so.


def test_no_snapshot_yet(warehouse: Warehouse) -> None:
    assert warehouse.current() is None
    assert warehouse.ids() == []
    with pytest.raises(StoreError, match="holds no snapshot yet"):
        ask(warehouse, "SELECT 1")


@pytest.mark.parametrize("pointer", [LATER, "", "../../etc/passwd", "x" * 5_000, "\0"])
def test_pointer_to_no_snapshot(pointer: str, one: Warehouse, more: Path) -> None:
    (one.folder / "current").write_text(pointer)
    for action in (lambda: ask(one, "SELECT 1"), lambda: load(one, more)):
        with pytest.raises(
            StoreError, match=r"names the snapshot .*, which is not in .*Put the file"
        ):
            action()


def test_pointer_that_is_no_text(one: Warehouse) -> None:
    (one.folder / "current").write_bytes(b"\xff\xfe")
    with pytest.raises(StoreError, match="current: cannot be read"):
        one.current()
    (one.folder / "current").unlink()
    (one.folder / "current").mkdir()
    with pytest.raises(StoreError, match="current: cannot be read"):
        one.current()


def test_the_warehouse_is_a_file(tmp_path: Path, more: Path) -> None:
    (tmp_path / "file").write_text("")
    found = Warehouse(tmp_path / "file")
    for action in (lambda: ask(found, "SELECT 1"), lambda: load(found, more)):
        with pytest.raises(StoreError):
            action()


def damage(path: Path, how: str) -> None:
    if how == "empty":
        path.write_bytes(b"")
    elif how == "text":
        path.write_bytes(b"not a database " * 1000)
    elif how == "header lost":
        path.write_bytes(bytes(4096) + path.read_bytes()[4096:])
    elif how == "cut short":
        os.truncate(path, 20_000)
    elif how == "another database":
        path.unlink()
        duckdb.connect(str(path)).close()
    elif how == "another version":
        with duckdb.connect(str(path)) as con:
            con.execute("UPDATE snapshot SET format = format + 1")


@pytest.mark.parametrize(
    "how", ["empty", "text", "header lost", "cut short", "another database", "another version"]
)
def test_a_snapshot_that_cannot_be_read(how: str, one: Warehouse, more: Path) -> None:
    path = one.path(one.current() or "")
    damage(path, how)
    for action in (lambda: ask(one, "SELECT count(*) FROM labels"), lambda: load(one, more)):
        with pytest.raises(StoreError) as refused:
            action()
        assert str(refused.value).startswith(str(path))
        assert "\n" not in str(refused.value)
        assert ("was made for version" in str(refused.value)) == (how == "another version")


DERIVED_SINCE = "annotators annotator_counts agreement_units agreement_pairs disagreements".split()
"""Tables that a snapshot of format 1 did not hold, latent_labels aside."""


def of_format_1(path: Path) -> None:
    with duckdb.connect(str(path)) as con:
        con.execute("UPDATE snapshot SET format = 1")
        for table in (*DERIVED_SINCE, "latent_labels"):
            con.execute(f"DROP TABLE {table}")
        con.execute("ALTER TABLE resolved DROP needs_source")


def test_a_snapshot_of_format_1_is_refused_with_the_way_on(one: Warehouse) -> None:
    old = one.current() or ""
    of_format_1(one.path(old))
    for action in (
        lambda: ask(one, "SELECT 1"),
        lambda: exported(one, "shares"),
        lambda: Snapshot(one, old),
    ):
        with pytest.raises(StoreError) as refused:
            action()
        said = str(refused.value)
        assert said.startswith(f"{one.path(old)} was made for version 1 of the tables")
        assert "Run `python -m etl publish`, which makes a new snapshot of the newest one" in said
        assert "\n" not in said
    done = etl("export", "shares", "--warehouse", one.folder)
    assert (done.code, done.out) == (1, b"")
    assert "python -m etl publish" in done.err


def test_publish_makes_a_readable_snapshot_of_format_1(one: Warehouse) -> None:
    tables = ("shares", "resolved", "labels", "agreement", "agreement_by_pair", "annotator_labels")
    before = {table: exported(one, table) for table in tables}
    old = one.current() or ""
    of_format_1(one.path(old))
    done = etl("publish", "--warehouse", one.folder)
    assert (done.code, done.err) == (0, "")
    new = one.current() or ""
    assert new > old
    assert new[-8:] == old[-8:]
    assert_whole(one, new)
    assert {table: exported(one, table) for table in tables} == before
    assert ask(one, "SELECT format FROM snapshot") == [(FORMAT,)]
    with pytest.raises(StoreError, match="was made for version 1"):
        Snapshot(one, old)
    assert one.ids() == [new, old]


def test_a_load_goes_on_from_a_snapshot_of_format_1(one: Warehouse, more: Path) -> None:
    of_format_1(one.path(one.current() or ""))
    assert load(one, more).published
    assert ask(one, "SELECT count(*) FROM sources") == [(501,)]
    assert len(exported(one, "annotator_labels")) == 4
    assert_clean(one)


@pytest.mark.parametrize("other", [0, FORMAT + 1])
def test_a_snapshot_of_another_format_cannot_be_published_anew(other: int, one: Warehouse) -> None:
    with duckdb.connect(str(one.path(one.current() or ""))) as con:
        con.execute(f"UPDATE snapshot SET format = {other}")
    done = etl("publish", "--warehouse", one.folder)
    assert (done.code, done.out) == (1, b"")
    assert f"was made for version {other}" in done.err
    assert "Load the files again" in done.err
    assert "etl publish" not in done.err


def test_a_snapshot_that_is_not_there(one: Warehouse) -> None:
    for name in (LATER, "x", "", "../warehouse/current", f"{LATER}\n"):
        with pytest.raises(StoreError, match="There is no snapshot"):
            Snapshot(one, name)


def test_snapshots_are_read_only(one: Warehouse, tmp_path: Path) -> None:
    with reading(one) as snapshot:
        with pytest.raises(duckdb.Error, match="read-only"):
            snapshot.rows("DELETE FROM labels")
        for text in (
            f"COPY labels TO '{tmp_path / 'stolen.csv'}'",
            "SELECT * FROM read_text('/etc/passwd')",
            f"ATTACH '{tmp_path / 'x.duckdb'}'",
        ):
            with pytest.raises(duckdb.Error):
                snapshot.rows(text)


# Disks that are full.


@pytest.mark.parametrize("bytes_left", [0, 200_000, 600_000, 1_200_000])
def test_a_full_disk_leaves_the_old_snapshot(bytes_left: int, one: Warehouse, more: Path) -> None:
    before = one.current()

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_left, bytes_left))

    process = start("load", more, ROOT / "data/sample", "--warehouse", one.folder, preexec_fn=limit)
    _, err = process.communicate(timeout=120)
    assert (process.returncode, err.count("\n")) == (1, 1), err
    assert err.startswith(f"Error: {one.folder}")
    assert_whole(one, before)
    assert load(one, more).published
    assert_clean(one)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "the disk is full, so free some space"),
        (duckdb.IOException("Could not write: No space left on device"), "the disk is full"),
        (OSError(errno.EIO, os.strerror(errno.EIO)), "Input/output error"),
        (OSError(errno.EACCES, os.strerror(errno.EACCES)), "Permission denied"),
        (duckdb.OutOfMemoryException("could not allocate block"), "memory ran out"),
    ],
)
def test_a_failure_is_named_for_what_it_is(
    warehouse: Warehouse, error: Exception, sentence: str
) -> None:
    with (
        pytest.raises(StoreError, match=sentence) as caught,
        snapshot_store.locked(warehouse, print),
        snapshot_store.building(warehouse),
    ):
        raise error
    assert ("disk" in str(caught.value)) == ("disk" in sentence)


def test_a_folder_that_cannot_be_made(more: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        load(Warehouse(Path("/proc/warehouse")), more)
