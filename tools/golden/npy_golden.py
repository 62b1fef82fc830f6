"""Writes small arrays by NumPy's own writer; bunvec's must be equal to the byte, and it must read all of them.

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
    for name, dtype, version in [("f2", "<f2", (1, 0)), ("f4", "<f4", (2, 0)), ("f8", "<f8", (3, 0))]:
        values = ((np.arange(6) - 2) / 3).astype(dtype).reshape(2, 3)
        with (GOLDEN / f"numpy-{name}-version{version[0]}.npy").open("wb") as file:
            np.lib.format.write_array(file, values, version=version)
    values = np.arange(6, dtype=np.float32).reshape(2, 3)
    np.save(GOLDEN / "numpy-fortran.npy", np.asfortranarray(values))
    np.save(GOLDEN / "numpy-big-endian.npy", values.astype(">f4"))
    np.save(GOLDEN / "numpy-3d.npy", values.reshape(1, 2, 3))


if __name__ == "__main__":
    main()
