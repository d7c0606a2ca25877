"""The snapshot store: crashes, the lock, pinning and pruning, damaged files, full disks."""

import errno
import json
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
import support
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

pytestmark = pytest.mark.slow

LATER = "29990101T000000Z-00000000"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a warehouse that has one snapshot; tests use copies of it."""
    folder = tmp_path_factory.mktemp("first")
    loaded(Warehouse(folder / "warehouse"), folder / "files", BASE)
    return folder / "warehouse"


@pytest.fixture
def loaded_warehouse(first: Path, tmp_path: Path) -> Warehouse:
    """A warehouse with one snapshot."""
    return Warehouse(shutil.copytree(first, tmp_path / "warehouse"))


@pytest.fixture
def new_files(tmp_path: Path) -> Path:
    """Files with 500 new sources."""
    tables = all_tables(sources=[{"source_id": f"t{n}", "name": f"T {n}"} for n in range(500)])
    return write(tmp_path / "more", tables)


def start(*arguments: object, **options: object) -> subprocess.Popen[str]:
    """A real `python -m etl`."""
    return _start("-m", "etl", *arguments, **options)


def _start(*arguments: object, **options: object) -> subprocess.Popen[str]:
    # The options are passed on unchanged, whatever their type.
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        [sys.executable, *map(str, arguments)],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )


def assert_whole(warehouse: Warehouse, snapshot_id: str | None) -> None:
    """The snapshot is in force and can be read."""
    assert warehouse.current() == snapshot_id
    if snapshot_id:
        assert ask(warehouse, "SELECT count(*) FROM labels") == [(1,)]
        assert len(exported(warehouse, "shares")) == 4


def assert_clean(warehouse: Warehouse) -> None:
    names = {path.name for path in warehouse.folder.iterdir()}
    assert names <= {"current", "lock", "snapshots", "loads"}
    assert not list((warehouse.folder / "loads").glob(".*"))
    for path in warehouse.snapshots_folder.iterdir():
        assert path.suffix in (".duckdb", ".pin", ".seal")
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
    ("os.fsync", 1, "before", False),  # of the kept file
    ("os.fsync", 2, "before", False),
    ("os.replace", 1, "before", False),  # of the folder of the kept files
    ("os.replace", 1, "after", False),
    ("os.fsync", 4, "before", False),  # of the snapshot
    ("os.replace", 2, "before", False),  # of the snapshot's name
    ("os.replace", 2, "after", False),
    ("os.fsync", 6, "before", False),
    ("os.replace", 3, "before", False),  # of the pointer
    ("os.replace", 3, "after", True),
]
"""When to kill the process during publishing, and whether the new snapshot is then in force."""


@pytest.mark.parametrize(("function", "number", "when", "in_force"), STEPS)
def test_killed_at_a_step_of_publishing(
    function: str,
    number: int,
    when: str,
    in_force: bool,
    loaded_warehouse: Warehouse,
    new_files: Path,
) -> None:
    before = loaded_warehouse.current()
    arguments = (function, number, when, "load", new_files, "--warehouse", loaded_warehouse.folder)
    process = _start("-c", CRASH, *arguments)
    process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL
    if in_force:
        assert loaded_warehouse.current() != before
        assert ask(loaded_warehouse, "SELECT count(*) FROM sources") == [(501,)]
    else:
        assert_whole(loaded_warehouse, before)
        assert ask(loaded_warehouse, "SELECT count(*) FROM sources") == [(1,)]
    assert load(loaded_warehouse, new_files).published is not in_force
    assert ask(loaded_warehouse, "SELECT count(*) FROM sources") == [(501,)]
    assert_clean(loaded_warehouse)


STATES: dict[str, Callable[[Warehouse], bool]] = {
    "the lock is held": lambda w: (w.folder / "lock.holder").exists(),
    "the copy exists": lambda w: any(w.snapshots_folder.glob(".building-*.duckdb")),
    "the copy is being written": lambda w: any(
        path.stat().st_size > 100_000 for path in w.snapshots_folder.glob(".building-*.wal")
    ),
}


@pytest.mark.parametrize("state", STATES)
def test_killed_while_it_runs(state: str, loaded_warehouse: Warehouse, new_files: Path) -> None:
    before = loaded_warehouse.current()
    process = start(
        "load", new_files, ROOT / "data" / "sample", "--warehouse", loaded_warehouse.folder
    )
    reached = False
    for _ in range(100_000):
        try:
            reached = reached or STATES[state](loaded_warehouse)
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
    if process.returncode == 0 or loaded_warehouse.current() != before:
        assert ask(loaded_warehouse, "SELECT count(*) FROM claims") == [(329,)]
    else:
        assert_whole(loaded_warehouse, before)
    load(loaded_warehouse, new_files)
    assert ask(loaded_warehouse, "SELECT count(*) FROM sources WHERE source_id LIKE 't%'") == [
        (500,)
    ]
    assert_clean(loaded_warehouse)


def test_a_reader_keeps_what_it_opened(loaded_warehouse: Warehouse, new_files: Path) -> None:
    with reading(loaded_warehouse) as snapshot:
        load(loaded_warehouse, new_files)
        loaded_warehouse.path(snapshot.id).unlink()
        assert snapshot.rows("SELECT count(*) FROM sources") == [(1,)]
    assert ask(loaded_warehouse, "SELECT count(*) FROM sources") == [(501,)]


def test_published_files_never_change(loaded_warehouse: Warehouse, new_files: Path) -> None:
    old = loaded_warehouse.path(loaded_warehouse.current() or "").read_bytes()
    before = loaded_warehouse.current() or ""
    load(loaded_warehouse, new_files)
    exported(loaded_warehouse, "shares")
    assert loaded_warehouse.path(before).read_bytes() == old
    kinds = sorted(path.suffix for path in loaded_warehouse.snapshots_folder.iterdir())
    assert kinds == [".duckdb"] * 2 + [".seal"] * 2


# The lock.


def test_a_second_etl_waits_and_says_who_holds_it(
    loaded_warehouse: Warehouse, new_files: Path
) -> None:
    with snapshot_store.locked(loaded_warehouse, pytest.fail):
        process = start("load", new_files, "--warehouse", loaded_warehouse.folder)
        assert process.stderr
        message = process.stderr.readline()
        assert f"is in use by process {os.getpid()} on " in message
        assert process.poll() is None
        assert ask(loaded_warehouse, "SELECT count(*) FROM sources") == [(1,)]
    _, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, "")
    assert ask(loaded_warehouse, "SELECT count(*) FROM sources") == [(501,)]


def test_a_second_etl_gives_up_after_the_timeout(loaded_warehouse: Warehouse) -> None:
    messages: list[str] = []
    with (
        snapshot_store.locked(loaded_warehouse, pytest.fail),
        pytest.raises(StoreError, match=rf"still in use by process {os.getpid()} on .* after 0 s"),
        snapshot_store.locked(loaded_warehouse, messages.append, wait=0.01),
    ):
        pass
    assert len(messages) == 1
    with snapshot_store.locked(loaded_warehouse, pytest.fail):
        pass
    assert not (loaded_warehouse.folder / "lock.holder").exists()


def test_simultaneous_loads_run_one_after_another(
    loaded_warehouse: Warehouse, tmp_path: Path
) -> None:
    folders = [
        write(tmp_path / str(n), {"sources": [{"source_id": f"x{n}", "name": "X"}]})
        for n in range(3)
    ]
    threads = [threading.Thread(target=load, args=(loaded_warehouse, folder)) for folder in folders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ask(loaded_warehouse, "SELECT source_id FROM sources ORDER BY 1") == [
        ("s",),
        ("x0",),
        ("x1",),
        ("x2",),
    ]
    assert len(loaded_warehouse.ids()) == 4


# Ids, pins, pruning.


def test_ids_sort_by_time_and_end_in_the_content(
    loaded_warehouse: Warehouse, new_files: Path
) -> None:
    before = loaded_warehouse.current() or ""
    assert is_snapshot_id(before)
    assert abs(datetime.now(UTC) - published_at(before)) < timedelta(hours=1)
    load(loaded_warehouse, new_files)
    after = loaded_warehouse.current() or ""
    assert after > before
    assert after[-8:] != before[-8:]
    assert loaded_warehouse.ids() == [after, before]


def test_a_new_snapshot_comes_after_one_from_a_clock_ahead(
    loaded_warehouse: Warehouse, new_files: Path
) -> None:
    shutil.copy(
        loaded_warehouse.path(loaded_warehouse.current() or ""), loaded_warehouse.path(LATER)
    )
    load(loaded_warehouse, new_files)
    assert (loaded_warehouse.current() or "").startswith("29990101T000001Z-")
    assert loaded_warehouse.ids()[0] == loaded_warehouse.current()


def copies(warehouse: Warehouse, count: int) -> list[str]:
    """Add copies with older ids; returns the ids, newest first."""
    current = warehouse.current() or ""
    names = [f"2020010{n // 10}T00000{n % 10}Z-0000000{n % 10}" for n in range(10, 10 + count)]
    for name in names:
        shutil.copy(warehouse.path(current), warehouse.path(name))
    return names[::-1]


def test_prune_keeps_the_newest_the_pinned_and_the_one_in_force(
    loaded_warehouse: Warehouse,
) -> None:
    current = loaded_warehouse.current()
    names = copies(loaded_warehouse, 25)
    snapshot_store.pin(loaded_warehouse, names[-1], on=True)
    assert sorted(snapshot_store.prune(loaded_warehouse)) == sorted(names[19:-1])
    assert loaded_warehouse.ids() == [current, *names[:19], names[-1]]
    assert loaded_warehouse.pinned() == {names[-1]}
    snapshot_store.put_in_force(loaded_warehouse, names[18])
    assert snapshot_store.prune(loaded_warehouse, keep=1) == names[:18]
    assert loaded_warehouse.ids() == [current, names[18], names[-1]]
    snapshot_store.pin(loaded_warehouse, names[-1], on=False)
    assert snapshot_store.prune(loaded_warehouse, keep=1) == [names[-1]]


def test_a_load_prunes(loaded_warehouse: Warehouse, new_files: Path) -> None:
    names = copies(loaded_warehouse, 22)
    snapshot_store.pin(loaded_warehouse, names[-1], on=True)
    before = loaded_warehouse.current()
    load(loaded_warehouse, new_files)
    assert loaded_warehouse.ids() == [loaded_warehouse.current(), before, *names[:18], names[-1]]


def test_pin_an_unknown_snapshot(loaded_warehouse: Warehouse) -> None:
    for name in ("nothing", LATER, "../current"):
        with pytest.raises(StoreError, match="There is no snapshot"):
            snapshot_store.pin(loaded_warehouse, name, on=True)
    snapshot_store.pin(loaded_warehouse, loaded_warehouse.current() or "", on=False)


# Damaged warehouses.


def test_no_snapshot_yet(warehouse: Warehouse) -> None:
    assert warehouse.current() is None
    assert warehouse.ids() == []
    with pytest.raises(StoreError, match="holds no snapshot yet"):
        ask(warehouse, "SELECT 1")


@pytest.mark.parametrize("pointer", [LATER, "", "../../etc/passwd", "x" * 5_000, "\0"])
def test_pointer_to_a_missing_snapshot(
    pointer: str, loaded_warehouse: Warehouse, new_files: Path
) -> None:
    (loaded_warehouse.folder / "current").write_text(pointer)
    for action in (
        lambda: ask(loaded_warehouse, "SELECT 1"),
        lambda: load(loaded_warehouse, new_files),
    ):
        with pytest.raises(
            StoreError, match=r"names the snapshot .*, which is not in .*Put the file back"
        ):
            action()


def test_a_lost_pointer_is_an_error_with_the_way_back(
    loaded_warehouse: Warehouse, new_files: Path
) -> None:
    """Otherwise the next load would start anew, and its shares look like any others."""
    load(loaded_warehouse, new_files)
    newest = loaded_warehouse.current()
    (loaded_warehouse.folder / "current").unlink()
    command = f"snapshots --use {newest} --warehouse {loaded_warehouse.folder}"
    for action in (
        lambda: ask(loaded_warehouse, "SELECT 1"),
        lambda: load(loaded_warehouse, new_files),
    ):
        with pytest.raises(StoreError, match=r"current is missing, although .* holds 2 snapshots"):
            action()
    assert command in etl("status", "--warehouse", loaded_warehouse.folder).err
    assert etl(*command.split()).code == 0
    assert loaded_warehouse.current() == newest
    assert not load(loaded_warehouse, new_files).published  # everything is there already


def test_an_older_snapshot_can_be_put_in_force(
    loaded_warehouse: Warehouse, new_files: Path
) -> None:
    first = loaded_warehouse.current()
    load(loaded_warehouse, new_files)
    where = ("--warehouse", loaded_warehouse.folder)
    assert etl("snapshots", "--use", first, *where).code == 0
    assert loaded_warehouse.current() == first
    assert etl("snapshots", "--use", LATER, *where).code == 1
    assert loaded_warehouse.current() == first


def flip(path: Path, every: int, start: int = 0) -> None:
    """Change one byte in each stretch of a file."""
    content = bytearray(path.read_bytes())
    for place in range(start + every // 2, len(content), every):
        content[place] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize("how", ["a byte every 20,000", "a byte at the end", "half a file"])
def test_damage_is_seen_at_opening_and_the_snapshot_before_is_offered(
    how: str, loaded_warehouse: Warehouse, new_files: Path
) -> None:
    before = loaded_warehouse.current()
    load(loaded_warehouse, new_files)
    path = loaded_warehouse.path(loaded_warehouse.current() or "")
    if how == "half a file":
        os.truncate(path, path.stat().st_size // 2)
    else:
        flip(path, 20_000, 0 if how.endswith("20,000") else path.stat().st_size - 10_001)
    where = ("--warehouse", loaded_warehouse.folder)
    for command in (("status",), ("export", "shares"), ("load", new_files), ("publish",)):
        result = etl(*command, *where)
        assert (result.code, result.err.count("\n")) == (1, 1)
        assert result.err.startswith(f"Error: {path}: the file is damaged")
        assert f"snapshots --use {before} " in result.err
    result = etl("verify", *where)
    assert result.code == 1
    assert [line.split()[1] for line in result.text.splitlines()] == ["damaged:", "intact"]
    assert etl("snapshots", "--use", before, *where).code == 0
    assert etl("export", "shares", *where).code == 0
    assert load(loaded_warehouse, new_files).published


def test_one_changed_byte_is_found_by_verify(loaded_warehouse: Warehouse) -> None:
    path = loaded_warehouse.path(loaded_warehouse.current() or "")
    where = ("--warehouse", loaded_warehouse.folder)
    assert json.loads(etl("verify", *where, "--json").out)[0]["state"] == "intact"
    flip(path, path.stat().st_size)
    assert json.loads(etl("verify", *where, "--json").out)[0]["state"] == "damaged"


def test_damage_without_a_seal_is_a_sentence_too(loaded_warehouse: Warehouse) -> None:
    """As of snapshots that an earlier version made: DuckDB's own checksums find it when reading."""
    path = loaded_warehouse.path(loaded_warehouse.current() or "")
    path.with_suffix(".seal").unlink()
    where = ("--warehouse", loaded_warehouse.folder)
    assert etl("verify", *where).text.split()[1:3] == ["not", "sealed:"]
    flip(path, 20_000, 12_288)  # after the headers
    for name in support.OF_ONE_SNAPSHOT:
        result = etl("export", name, *where)
        if result.code:
            assert result.err.count("\n") == 1
            assert "damaged" in result.err or "cannot be read as a snapshot" in result.err
    assert etl("export", "claims", *where).code == 1


def test_pointer_that_is_not_text(loaded_warehouse: Warehouse) -> None:
    (loaded_warehouse.folder / "current").write_bytes(b"\xff\xfe")
    with pytest.raises(StoreError, match="current: cannot be read"):
        loaded_warehouse.current()
    (loaded_warehouse.folder / "current").unlink()
    (loaded_warehouse.folder / "current").mkdir()
    with pytest.raises(StoreError, match="current: cannot be read"):
        loaded_warehouse.current()


def test_the_warehouse_is_a_file(tmp_path: Path, new_files: Path) -> None:
    (tmp_path / "file").write_text("")
    warehouse = Warehouse(tmp_path / "file")
    for action in (lambda: ask(warehouse, "SELECT 1"), lambda: load(warehouse, new_files)):
        with pytest.raises(StoreError):
            action()


def unsealed(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a snapshot to change it, as if an earlier version had made it, which kept no seal."""
    path.with_suffix(".seal").unlink(missing_ok=True)
    return duckdb.connect(str(path))


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
        with unsealed(path) as con:
            con.execute("UPDATE snapshot SET format = format + 1")


@pytest.mark.parametrize(
    "how", ["empty", "text", "header lost", "cut short", "another database", "another version"]
)
def test_a_snapshot_that_cannot_be_read(
    how: str, loaded_warehouse: Warehouse, new_files: Path
) -> None:
    path = loaded_warehouse.path(loaded_warehouse.current() or "")
    damage(path, how)
    for action in (
        lambda: ask(loaded_warehouse, "SELECT count(*) FROM labels"),
        lambda: load(loaded_warehouse, new_files),
    ):
        with pytest.raises(StoreError) as refused:
            action()
        assert str(refused.value).startswith(str(path))
        assert "\n" not in str(refused.value)
        assert ("was made for version" in str(refused.value)) == (how == "another version")


DERIVED_SINCE = "annotators annotator_counts agreement_units agreement_pairs disagreements".split()
"""Tables missing from a snapshot of format 1, besides latent_labels."""


def of_format_1(path: Path) -> None:
    with unsealed(path) as con:
        con.execute("UPDATE snapshot SET format = 1")
        for table in (*DERIVED_SINCE, "latent_labels"):
            con.execute(f"DROP TABLE {table}")
        con.execute("ALTER TABLE resolved DROP needs_source")


def test_a_snapshot_of_format_1_is_refused_with_a_fix(loaded_warehouse: Warehouse) -> None:
    old = loaded_warehouse.current() or ""
    of_format_1(loaded_warehouse.path(old))
    for action in (
        lambda: ask(loaded_warehouse, "SELECT 1"),
        lambda: exported(loaded_warehouse, "shares"),
        lambda: Snapshot(loaded_warehouse, old),
    ):
        with pytest.raises(StoreError) as refused:
            action()
        message = str(refused.value)
        assert message.startswith(
            f"{loaded_warehouse.path(old)} was made for version 1 of the tables"
        )
        assert (
            "Run `python -m etl publish`, which makes a new snapshot from the newest one" in message
        )
        assert "\n" not in message
    result = etl("export", "shares", "--warehouse", loaded_warehouse.folder)
    assert (result.code, result.out) == (1, b"")
    assert "python -m etl publish" in result.err


def test_publish_makes_a_readable_snapshot_of_format_1(loaded_warehouse: Warehouse) -> None:
    tables = ("shares", "resolved", "labels", "agreement", "agreement_by_pair", "annotator_labels")
    before = {table: exported(loaded_warehouse, table) for table in tables}
    old = loaded_warehouse.current() or ""
    of_format_1(loaded_warehouse.path(old))
    result = etl("publish", "--warehouse", loaded_warehouse.folder)
    assert (result.code, result.err) == (0, "")
    new = loaded_warehouse.current() or ""
    assert new > old
    assert new[-8:] == old[-8:]
    assert_whole(loaded_warehouse, new)
    assert {table: exported(loaded_warehouse, table) for table in tables} == before
    assert ask(loaded_warehouse, "SELECT format FROM snapshot") == [(FORMAT,)]
    with pytest.raises(StoreError, match="was made for version 1"):
        Snapshot(loaded_warehouse, old)
    assert loaded_warehouse.ids() == [new, old]


def test_a_load_works_on_a_snapshot_of_format_1(
    loaded_warehouse: Warehouse, new_files: Path
) -> None:
    of_format_1(loaded_warehouse.path(loaded_warehouse.current() or ""))
    assert load(loaded_warehouse, new_files).published
    assert ask(loaded_warehouse, "SELECT count(*) FROM sources") == [(501,)]
    assert len(exported(loaded_warehouse, "annotator_labels")) == 4
    assert_clean(loaded_warehouse)


@pytest.mark.parametrize("format_number", [0, FORMAT + 1])
def test_a_snapshot_of_another_format_cannot_be_republished(
    format_number: int, loaded_warehouse: Warehouse
) -> None:
    with unsealed(loaded_warehouse.path(loaded_warehouse.current() or "")) as con:
        con.execute(f"UPDATE snapshot SET format = {format_number}")
    result = etl("publish", "--warehouse", loaded_warehouse.folder)
    assert (result.code, result.out) == (1, b"")
    assert f"was made for version {format_number}" in result.err
    assert "Load the files again" in result.err
    assert "etl publish" not in result.err


def test_unknown_snapshot(loaded_warehouse: Warehouse) -> None:
    for name in (LATER, "x", "", "../warehouse/current", f"{LATER}\n"):
        with pytest.raises(StoreError, match="There is no snapshot"):
            Snapshot(loaded_warehouse, name)


def test_snapshots_are_read_only(loaded_warehouse: Warehouse, tmp_path: Path) -> None:
    with reading(loaded_warehouse) as snapshot:
        with pytest.raises(duckdb.Error, match="read-only"):
            snapshot.rows("DELETE FROM labels")
        for text in (
            f"COPY labels TO '{tmp_path / 'stolen.csv'}'",
            "SELECT * FROM read_text('/etc/passwd')",
            f"ATTACH '{tmp_path / 'x.duckdb'}'",
        ):
            with pytest.raises(duckdb.Error):
                snapshot.rows(text)


# Full disks.


@pytest.mark.parametrize("bytes_left", [0, 200_000, 600_000, 1_200_000])
def test_a_full_disk_leaves_the_old_snapshot(
    bytes_left: int, loaded_warehouse: Warehouse, new_files: Path
) -> None:
    before = loaded_warehouse.current()

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_left, bytes_left))

    process = start(
        "load",
        new_files,
        ROOT / "data/sample",
        "--warehouse",
        loaded_warehouse.folder,
        preexec_fn=limit,
    )
    _, err = process.communicate(timeout=120)
    assert (process.returncode, err.count("\n")) == (1, 1), err
    assert err.startswith(f"Error: {loaded_warehouse.folder}")
    assert_whole(loaded_warehouse, before)
    assert load(loaded_warehouse, new_files).published
    assert_clean(loaded_warehouse)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
            "the disk is full: .* are free, so free some space",
        ),
        (duckdb.IOException("Could not write: No space left on device"), "the disk is full"),
        (OSError(errno.EIO, os.strerror(errno.EIO)), "Input/output error"),
        (OSError(errno.EACCES, os.strerror(errno.EACCES)), "Permission denied"),
        (duckdb.OutOfMemoryException("could not allocate block"), "memory ran out"),
        (duckdb.TransactionException("Failed to commit: No space left on device"), "disk is full"),
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


def test_a_folder_that_cannot_be_created(new_files: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        load(Warehouse(Path("/proc/warehouse")), new_files)
