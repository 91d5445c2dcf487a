"""The statistics every network baseline prints, so that simulators are compared by the same measures.

Only NumPy: the file is used in environments that do not have the package.
"""

import numpy as np

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def spread(values: np.ndarray) -> dict[str, object]:
    """Number, mean, standard deviation and quantiles of a sample; the mean is None where it is empty."""
    values = np.asarray(values, float)
    if not len(values):
        return {"n": 0, "mean": None, "sd": None, "quantiles": None}
    return {
        "n": len(values),
        "mean": float(values.mean()),
        "sd": float(values.std(ddof=1)) if len(values) > 1 else 0.0,
        "quantiles": {f"{q:g}": float(v) for q, v in zip(QUANTILES, np.quantile(values, QUANTILES), strict=True)},
    }


def rate(cells: np.ndarray, number: int, seconds: float) -> float:
    """Mean spikes per second and cell; ``cells`` holds one entry per spike."""
    return len(cells) / number / seconds


def interval_cv(cells: np.ndarray, times: np.ndarray, least: int = 5) -> np.ndarray:
    """Coefficient of variation (population s.d.) of the intervals of each cell with at least ``least`` spikes."""
    order = np.lexsort((times, cells))
    cells, times = np.asarray(cells)[order], np.asarray(times, float)[order]
    same = np.diff(cells) == 0
    intervals, owner = np.diff(times)[same], cells[1:][same]
    owners, index, count = np.unique(owner, return_inverse=True, return_counts=True)
    mean = np.bincount(index, intervals, len(owners)) / np.maximum(count, 1)
    variance = np.bincount(index, (intervals - mean[index]) ** 2, len(owners)) / np.maximum(count, 1)
    enough = count >= least - 1
    return np.sqrt(variance[enough]) / mean[enough]


def course(times: np.ndarray, values: np.ndarray) -> dict[str, list[float]]:
    """Mean and s.d. over cells at each time; ``values`` has shape ``(time, cell)``."""
    return {
        "t_ms": [round(float(t), 6) for t in times],
        "mean": [float(v) for v in values.mean(axis=1)],
        "sd": [float(v) for v in values.std(axis=1, ddof=1)],
    }


def upward_crossings(values: np.ndarray, threshold: float) -> np.ndarray:
    """Upward crossings of ``threshold`` per cell; ``values`` has shape ``(time, cell)``."""
    above = values > threshold
    return (above[1:] & ~above[:-1]).sum(axis=0)


def synchrony(cells: np.ndarray, times: np.ndarray, chosen: np.ndarray, begin: float, end: float, bin_ms: float = 10.0):
    """Mean pairwise correlation of binned spike counts, and variance of their mean over their mean variance."""
    edges = np.arange(begin, end + bin_ms / 2, bin_ms)
    counts = np.stack([np.histogram(times[cells == c], edges)[0] for c in chosen])
    counts = counts[counts.std(axis=1) > 0]
    if len(counts) < 2:
        return {"local": None, "global": None, "n": len(counts)}
    pairs = np.corrcoef(counts)[np.triu_indices(len(counts), 1)]
    ratio = float(counts.mean(axis=0).var() / counts.var(axis=1).mean())
    return {"local": float(pairs.mean()), "global": ratio, "n": len(counts)}


def spikes(cells: np.ndarray, times: np.ndarray, excitatory: int, number: int, begin: float, end: float) -> dict:
    """Rates and interval statistics of spikes in ``[begin, end)`` ms; cells below ``excitatory`` are excitatory."""
    window = (times >= begin) & (times < end)
    cells, times = cells[window], times[window]
    seconds, is_e = (end - begin) / 1e3, cells < excitatory
    return {
        "rate_hz": rate(cells, number, seconds),
        "rate_e_hz": rate(cells[is_e], excitatory, seconds),
        "rate_i_hz": rate(cells[~is_e], number - excitatory, seconds),
        "isi_cv_e": spread(interval_cv(cells[is_e], times[is_e])),
        "isi_cv_i": spread(interval_cv(cells[~is_e], times[~is_e])),
    }
