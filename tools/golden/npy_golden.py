"""Writes small arrays by NumPy's own writer; bunvec's must be equal to the byte.

    python tools/golden/npy_golden.py
"""

from pathlib import Path

import numpy as np

GOLDEN = Path(__file__).resolve().parents[2] / "cli/src/test/resources/io/github/bunvec/cli"


def main():
    for rows, columns in [(0, 5), (3, 4), (1234, 1)]:
        # Thirds are not exact: a wrong rounding or byte order shows.
        values = (np.arange(rows * columns, dtype=np.float32) - 5) / np.float32(3)
        np.save(GOLDEN / f"numpy-{rows}x{columns}.npy", values.reshape(rows, columns))


if __name__ == "__main__":
    main()
