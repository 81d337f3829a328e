"""A function of a team's own, which nobody but Python can compute."""

import numpy


def shapes(rows: numpy.ndarray) -> numpy.ndarray:
    """The two areas and the two ratios of an iris flower's leaves."""
    rows = numpy.asarray(rows, dtype=float)
    sepal, petal = rows[:, 0:2], rows[:, 2:4]
    return numpy.column_stack([sepal.prod(axis=1), petal.prod(axis=1), sepal[:, 0] / sepal[:, 1], petal[:, 0] / petal[:, 1]])
