"""Lays out the files of a training job where the job runs, then becomes the job's command.

Standard input has a line of JSON, {"files": [{"name", "size"}], "command": [...]}, and then the bytes of the files, one after the other. A
file without a name is a ZIP archive, which is unpacked. All is written as the job's own user, within the job's limits.
"""

import json
import os
import shutil
import sys
import zipfile

ARCHIVE = ".modelward-code.zip"
NO_COMMAND = 127
NO_PERMISSION = 126
NO_FILES = 97


def take(source, path, size):
    with open(path, "xb") as file:
        left = size
        while left:
            piece = source.read(min(left, 1 << 20))
            if not piece:
                raise OSError("the server sent fewer bytes than it said")
            file.write(piece)
            left -= len(piece)


def unpack(archive):
    with zipfile.ZipFile(archive) as files:
        for entry in files.infolist():
            files.extract(entry)
            mode = entry.external_attr >> 16 & 0o111
            if mode and not entry.is_dir():
                os.chmod(entry.filename, 0o700)
    os.unlink(archive)


def lay_out(source, files):
    for file in files:
        name = file["name"]
        take(source, name or ARCHIVE, file["size"])
        if not name:
            unpack(ARCHIVE)


def main():
    source = sys.stdin.buffer
    head = json.loads(source.readline())
    command = head["command"]
    try:
        lay_out(source, head["files"])
    except FileExistsError as taken:
        print(f"modelward: a data file and a file of the code have one name, {os.path.basename(taken.filename)}", flush=True)
        return NO_FILES
    # A damaged archive fails in as many ways as there are in zlib, struct and zipfile.
    except Exception as failure:
        print(f"modelward: the files of the job could not be laid out: {failure or type(failure).__name__}", flush=True)
        return NO_FILES
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    program = shutil.which(command[0])
    if program is None:
        print(f"modelward: there is no command {command[0]!r}", flush=True)
        return NO_COMMAND
    try:
        os.execv(program, command)
    except OSError as failure:
        print(f"modelward: {command[0]!r} cannot be run: {failure.strerror}", flush=True)
        return NO_PERMISSION


if __name__ == "__main__":
    sys.exit(main())
