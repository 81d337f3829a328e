#!/usr/bin/python3 -IS
"""A worker that imports nothing it does not need, and ends in many ways: the version's model name says which."""

import os
import struct
import sys
import time

HEADER = struct.Struct("<IBBHQ")
SOURCE, SINK = os.fdopen(os.dup(0), "rb"), os.dup(1)


def read():
    start = SOURCE.read(HEADER.size)
    if len(start) < HEADER.size:
        os._exit(0)
    size, kind, _, _, correlation = HEADER.unpack(start)
    SOURCE.read(size)
    return kind, correlation


def write(kind, correlation, head, column=b""):
    text = head.encode()
    body = struct.pack("<I", len(text)) + text + column
    os.write(SINK, HEADER.pack(len(body), kind, 0, 1, correlation) + body)


def child(keep_pipe):
    if os.fork() == 0:
        os.setsid()
        if not keep_pipe:
            for descriptor in range(3, 20):
                try:
                    os.close(descriptor)
                except OSError:
                    pass
        time.sleep(3600)
        os._exit(0)


way = sys.argv[4].split("/")[1].split("@")[0] if len(sys.argv) > 4 else sys.argv[-1].split("/")[1].split("@")[0]
kind, correlation = read()
if way == "dies-while-loading":
    os._exit(7)
if way == "writes-nonsense":
    os.write(SINK, b"this is no frame at all, and the worker lives on")
    time.sleep(3600)
if way == "cannot-be-loaded":
    write(3, correlation, '{"stage":"load","error":"ValueError","message":"no such model","traceback":"","python":"3","packages":{}}')
    time.sleep(3600)
if way == "never-loads":
    time.sleep(3600)
if way in ("leaves-a-child", "dies-with-a-child-at-its-pipe"):
    child(keep_pipe=way != "leaves-a-child")
if way == "leaves-a-tree-too-deep":
    for _ in range(60):
        os.mkdir("d" * 200)
        os.chdir("d" * 200)
    open("file", "w").close()
write(2, correlation, '{"python":"3","packages":{},"warnings":[],"model":"Plain"}')
while True:
    kind, correlation = read()
    if kind == 4:
        if way == "dies-with-a-child-at-its-pipe":
            os._exit(1)
        column = struct.pack("<d", 1.0)
        write(5, correlation, '{"results":[{"rows":1}],"columns":[{"name":"","dtype":"f8","shape":[1],"bytes":8}],"micros":1}', column)
    else:
        write(8, correlation, '{"batchable":true}')
