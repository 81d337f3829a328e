"""A model that takes its time."""

import time
from typing import Any


class Slow:
    """Answers the sum of each row after so many seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def predict(self, rows: Any) -> Any:
        time.sleep(self.seconds)
        return rows.sum(axis=1)
