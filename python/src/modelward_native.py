"""Models in the own files of XGBoost and LightGBM, as the worker asks models: predict, and what they say of their columns."""

from typing import Any


def numbers(rows: Any) -> Any:
    """An array of float32 or float64; null is NaN. LightGBM itself would make float32 of any other array."""
    import numpy

    array = numpy.asarray(rows)
    if array.dtype.kind == "f":
        return array
    if array.dtype.kind not in "iubO" or any(isinstance(cell, (str, bytes)) for cell in array.ravel()):
        raise ValueError("the rows hold something else than numbers")
    return array.astype("<f8")


class Booster:
    """A booster whose rows are arrays or DataFrames."""

    booster: Any

    def learnt(self, features: int, names: list[str]) -> None:
        """Says what columns the booster learnt."""
        self.n_features_in_ = features
        if names:
            self.feature_names_in_ = names

    def checked(self, rows: Any) -> Any:
        """The rows, when they have the columns of the model."""
        rows = rows if hasattr(rows, "columns") else numbers(rows)
        if rows.ndim != 2 or rows.shape[1] != self.n_features_in_:
            raise ValueError(f"the model has {self.n_features_in_} columns, and the rows have the shape {rows.shape}")
        return rows


class XgboostBooster(Booster):
    """A booster of XGBoost."""

    def __init__(self, path: str) -> None:
        import xgboost

        self.booster = xgboost.Booster(params={"nthread": 1}, model_file=path)
        self.learnt(int(self.booster.num_features()), list(self.booster.feature_names or ()))

    def predict(self, rows: Any) -> Any:
        """The booster's predictions with all its trees."""
        import xgboost

        return self.booster.predict(xgboost.DMatrix(self.checked(rows), nthread=1), validate_features=False)


class LightgbmBooster(Booster):
    """A booster of LightGBM."""

    def __init__(self, path: str) -> None:
        import lightgbm

        self.booster = lightgbm.Booster(model_file=path)
        names = list(self.booster.feature_name())
        own = names != [f"Column_{i}" for i in range(len(names))]
        self.learnt(int(self.booster.num_feature()), names if own else [])

    def predict(self, rows: Any) -> Any:
        """The booster's predictions."""
        return self.booster.predict(self.checked(rows), num_threads=1)


def load(kind: str, path: str) -> Booster:
    """Loads a file by its library."""
    return XgboostBooster(path) if kind == "xgboost" else LightgbmBooster(path)
