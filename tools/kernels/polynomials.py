"""Fits the polynomials of the activation kernels (Activations.java) and prints their errors.

Needs mpmath 1.3: pip install mpmath==1.3.0; python tools/kernels/polynomials.py

exp    exp(r) = 1 + r + r^2 P(r) on |r| <= ln 2 / 2, P of degree 4: weighted least squares at Chebyshev nodes, which
       is within a few per cent of the minimax polynomial.
tail   Q(t) = erfc(t / sqrt 2) / 2 = exp(-t^2 / 2) s R(s), s = 1 / (1 + 0.3 t), on 0 <= t <= 13, R of degree 7: the
       Remez exchange on the relative error.
"""

import mpmath as mp

mp.mp.dps = 40


def evaluate(coefficients, x):
    """Value of a polynomial, lowest coefficient first."""
    return mp.polyval(coefficients[::-1], x)


def fit_exp(degree=4, nodes=400):
    """P and its greatest relative error."""
    half = mp.log(2) / 2 * mp.mpf("1.0001")
    xs = [half * mp.cos(mp.pi * (i + mp.mpf("0.5")) / nodes) for i in range(nodes)]
    rows, right = mp.matrix(nodes, degree + 1), mp.matrix(nodes, 1)
    for i, x in enumerate(xs):
        weight = x * x * mp.exp(-x)
        for j in range(degree + 1):
            rows[i, j] = weight * x**j
        right[i] = weight * (mp.exp(x) - 1 - x) / x**2
    solution = mp.lu_solve(rows, right)
    p = [solution[j] for j in range(degree + 1)]
    return p, max(abs((1 + x + x * x * evaluate(p, x)) / mp.exp(x) - 1) for x in xs)


def extrema(error, low, high, points=3000):
    """The greatest error of every run of one sign."""
    found = []
    for i in range(points + 1):
        x = low + (high - low) * i / points
        e = error(x)
        if not found or (e > 0) != (found[-1][1] > 0):
            found.append((x, e))
        elif abs(e) > abs(found[-1][1]):
            found[-1] = (x, e)
    return found


def fit_tail(slope=mp.mpf("0.3"), last=13, degree=7):
    """R and its greatest relative error."""

    def f(s):
        t = (1 / s - 1) / slope
        return mp.erfc(t / mp.sqrt(2)) / 2 * mp.exp(t * t / 2) / s

    low, high, n = 1 / (1 + slope * last), mp.mpf(1), degree + 2
    nodes = [(low + high) / 2 - (high - low) / 2 * mp.cos(mp.pi * i / (n - 1)) for i in range(n)]
    for _ in range(20):
        rows, right = mp.matrix(n, n), mp.matrix(n, 1)
        for i, s in enumerate(nodes):
            for j in range(degree + 1):
                rows[i, j] = s**j
            rows[i, degree + 1] = (-1) ** i * f(s)
            right[i] = f(s)
        solution = mp.lu_solve(rows, right)
        r = [solution[j] for j in range(degree + 1)]
        peaks = extrema(lambda s: evaluate(r, s) / f(s) - 1, low, high)
        if len(peaks) < n:
            break
        while len(peaks) > n:
            peaks.pop(0 if abs(peaks[0][1]) < abs(peaks[-1][1]) else -1)
        moved = max(abs(peak[0] - s) for peak, s in zip(peaks, nodes))
        nodes = [peak[0] for peak in peaks]
        if moved < mp.mpf(10) ** -6:
            break
    return r, max(abs(e) for _, e in peaks)


if __name__ == "__main__":
    for name, (coefficients, error) in {"E2..E6": fit_exp(), "R0..R7": fit_tail()}.items():
        print(name, "relative error", mp.nstr(error, 3))
        for c in coefficients:
            print("   ", mp.nstr(c, 9))
