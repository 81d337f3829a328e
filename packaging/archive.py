"""Writes a folder as a .tar.gz that is the same for the same files: archive.py FOLDER FILE SECONDS."""

import gzip
import sys
import tarfile
from pathlib import Path


def main() -> None:
    folder, target, epoch = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = epoch
        # The program is changed by nobody; its folders are, by root, at an upgrade.
        entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
        return entry

    with open(target, "wb") as raw, gzip.GzipFile("", "wb", 6, raw, epoch) as zipped:
        with tarfile.open(fileobj=zipped, mode="w") as archive:
            archive.add(folder, folder.name, recursive=False, filter=plain)
            for path in sorted(folder.rglob("*")):
                archive.add(path, path.relative_to(folder.parent).as_posix(), recursive=False, filter=plain)


if __name__ == "__main__":
    main()
