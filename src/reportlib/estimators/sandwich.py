"""Robust and clustered errors of least squares, worked out cluster by cluster on small matrices.

With X = QR (Q orthonormal, n x k) every quantity of the cluster-robust estimator needs only, for each cluster g, the
k x k matrix Q_g'Q_g and the k-vector Q_g'e_g. In particular the CR2 adjustment (I - H_gg)^(-1/2), an n_g x n_g matrix,
satisfies

    (I - Q_g Q_g')^(-1/2) Q_g = Q_g B_g   with   B_g = (I - Q_g'Q_g)^(-1/2),  k x k,

so that no matrix larger than k x k is ever formed and neither the number of rows nor the size of a cluster matters.

Sources: MacKinnon and White (1985), J. Econometrics 29 (HC1-HC3); Bell and McCaffrey (2002), Survey Methodology 28 (CR2
and its degrees of freedom); Pustejovsky and Tipton (2018), J. Business & Economic Statistics 36 (generalised inverse
where a cluster determines a coefficient alone; the joint test); Imbens and Kolesár (2016), Rev. Econ. Stat. 98.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

from reportlib.estimators.columns import stable_order
from reportlib.estimators.errors import CollinearTermsError, NoDegreesOfFreedomError, TooFewClustersError
from reportlib.estimators.inputs import Floats, Integers, deviations

UNCLUSTERED = ("classic", "HC0", "HC1", "HC2", "HC3")
CLUSTERED = ("CR0", "CR1", "CR2")
CONVENTIONS = {
    "classic": "equal variances, t on n - k degrees of freedom",
    "HC0": "White, no small-sample factor, t on n - k degrees of freedom",
    "HC1": "White times n / (n - k), t on n - k degrees of freedom",
    "HC2": "squared residuals over 1 - h, t on n - k degrees of freedom",
    "HC3": "squared residuals over (1 - h)², t on n - k degrees of freedom",
    "CR0": "clustered, no small-sample factor, t on G - 1 degrees of freedom",
    "CR1": "clustered times G/(G - 1) · (n - 1)/(n - k), as Stata, t on G - 1 degrees of freedom",
    "CR2": "clustered, bias-reduced (Bell-McCaffrey), t on Satterthwaite degrees of freedom",
}
"""What each correction means, to be printed with the result: the same model has several clustered errors."""

_TALL = 100  # rows per column from which Cholesky pays
_NEARLY_DEPENDENT = 1e-4
_DEPENDENT = 1e-9  # a column whose part outside the others is smaller than this, relative to its length, is dependent
_NOTHING = 1e-20  # a variance smaller than this, relative to the sum of squared residuals behind it, is rounding
_DETERMINED = 1e-10  # 1 minus an eigenvalue of Q_g'Q_g below this: the cluster alone determines that direction


@dataclass(frozen=True, slots=True, eq=False)
class LeastSquares:
    """A fitted model: Q (n, k) with orthonormal columns, L = R⁻¹ (k, k), coefficients (k,), residuals (n,)."""

    q: Floats
    r_inverse: Floats
    coef: Floats
    residuals: Floats

    def contrast(self, weights: Floats) -> Floats:
        """The vector d with weights'β = d'Q'y, a contrast in Q's coordinates. `weights` is (k,) or (k, m)."""
        answer: Floats = self.r_inverse.T @ weights
        return answer

    def with_outcome(self, y: Floats) -> LeastSquares:
        """The same terms fitted to another outcome y (n,), without the work that depends on the terms alone."""
        projected = self.q.T @ y
        return LeastSquares(self.q, self.r_inverse, self.r_inverse @ projected, deviations(y, self.q @ projected))


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """Rows by cluster: `codes` (n,) in 0..G-1, Q_g'Q_g (G, k, k) and the adjustment B_g (G, k, k)."""

    codes: Integers
    grams: Floats
    adjust: Floats

    @property
    def count(self) -> int:
        return len(self.grams)


def independent_columns(X: Floats) -> NDArray[np.bool_]:
    """Which columns of X (n, k) to keep so that the rest are independent; of a dependent set the last is dropped."""
    keep = np.ones(X.shape[1], dtype=bool)
    length = np.linalg.norm(X, axis=0)
    keep[length == 0] = False
    # Gram-Schmidt twice over the kept columns: exact enough, and the first dependent column is found by its own name.
    basis = np.zeros((len(X), 0))
    for j in np.flatnonzero(keep):
        rest = X[:, j] / length[j]
        for _ in range(2):
            rest = rest - basis @ (basis.T @ rest)
        size = float(np.linalg.norm(rest))
        if size < _DEPENDENT or basis.shape[1] == len(X):
            keep[j] = False
        else:
            basis = np.column_stack([basis, rest / size])
    return keep


def thin_qr(X: Floats) -> tuple[Floats, Floats]:
    """Q (n, k) and R (k, k) of X, by Cholesky twice where X is tall and its columns are far from dependent.

    Two rounds of Q = X R⁻¹ with R'R = X'X are as orthogonal as Householder's method while the condition number is below
    about 1e8 (Yamamoto, Nakatsukasa, Yanagisawa and Fukaya 2015, ETNA 44), and several times faster on tall matrices.
    """
    n, k = X.shape
    length = np.linalg.norm(X, axis=0)
    if n < _TALL * max(k, 1) or not (length > 0).all():
        return _householder(X)
    q: Floats = X / length
    r: Floats = np.diag(length)
    for _ in range(2):
        try:
            upper = np.linalg.cholesky(q.T @ q).T
        except np.linalg.LinAlgError:
            return _householder(X)
        if np.abs(np.diag(upper)).min() < _NEARLY_DEPENDENT:
            return _householder(X)
        q, r = np.ascontiguousarray(solve_triangular(upper, q.T, trans="T").T), upper @ r
    return q, r


def _householder(X: Floats) -> tuple[Floats, Floats]:
    q, r = np.linalg.qr(X)
    return np.asarray(q, dtype=np.float64), np.asarray(r, dtype=np.float64)


def least_squares(X: Floats, y: Floats, names: tuple[str, ...]) -> LeastSquares:
    """Fit y (n,) on X (n, k) by QR.

    Raises NoDegreesOfFreedomError unless n > k, and CollinearTermsError with the first term that the others determine.
    """
    n, k = X.shape
    if n <= k:
        raise NoDegreesOfFreedomError(
            f"{n} rows cannot carry {k} terms ({', '.join(names[:6])}{', …' if k > 6 else ''})",
            hint="leave terms out, or fit on more persons",
        )
    q, r = thin_qr(X)
    length = np.linalg.norm(X, axis=0)
    if (np.abs(np.diag(r)) < _DEPENDENT * np.where(length > 0, length, 1)).any():
        dropped = np.flatnonzero(~independent_columns(X))
        name = names[int(dropped[0])] if len(dropped) else "a term"
        raise CollinearTermsError(f"{name} is determined by the other terms", hint=f"leave {name} out of the model")
    r_inverse: Floats = np.asarray(np.linalg.solve(r, np.eye(k)), dtype=np.float64)
    return LeastSquares(q, r_inverse, np.zeros(k), y).with_outcome(y)


def _sums_by_cluster(q: Floats, codes: Integers, count: int) -> Floats:
    """Q_g'Q_g for every cluster, (G, k, k)."""
    k = q.shape[1]
    grams = np.empty((count, k, k))
    if k <= 12:
        for i in range(k):
            for j in range(i + 1):
                grams[:, i, j] = grams[:, j, i] = np.bincount(codes, q[:, i] * q[:, j], count)
        return grams
    order = stable_order(codes, count - 1)
    ends = np.cumsum(np.bincount(codes, minlength=count))
    for g, (start, end) in enumerate(zip(np.concatenate([[0], ends[:-1]]), ends, strict=True)):
        rows = q[order[start:end]]
        grams[g] = rows.T @ rows
    return grams


def clusters_of(fit: LeastSquares, codes: Integers, correction: str) -> Clusters:
    """The cluster sums of `fit` and each cluster's adjustment under CR0, CR1 or CR2.

    Raises TooFewClustersError when the rows belong to one cluster.
    """
    count = int(codes.max()) + 1 if len(codes) else 0
    if count < 2:
        raise TooFewClustersError(
            f"errors clustered on {count} cluster{'s' if count != 1 else ''} do not exist",
            hint="use HC2, or say that the sites cannot be told apart",
        )
    n, k = fit.q.shape
    grams = _sums_by_cluster(fit.q, codes, count)
    if correction == "CR2":
        values, vectors = np.linalg.eigh(grams)
        left = 1 - values
        # Moore-Penrose: where a cluster determines a direction alone its residual is zero there and stays so.
        root = np.where(left > _DETERMINED, 1 / np.sqrt(np.maximum(left, _DETERMINED)), 0.0)
        adjust = np.einsum("gij,gj,gkj->gik", vectors, root, vectors)
    else:
        factor = count / (count - 1) * (n - 1) / (n - k) if correction == "CR1" else 1.0
        adjust = np.broadcast_to(np.sqrt(factor) * np.eye(k), grams.shape)
    return Clusters(codes, grams, adjust)


def hc_factors(fit: LeastSquares, correction: str) -> Floats:
    """What each squared residual is multiplied by, (n,): 1, n/(n-k), 1/(1-h) or 1/(1-h)²; 0 where h is 1."""
    n, k = fit.q.shape
    if correction in ("HC0", "HC1"):
        return np.full(n, n / (n - k) if correction == "HC1" else 1.0)
    left = 1 - np.einsum("ij,ij->i", fit.q, fit.q)
    power = 1 if correction == "HC2" else 2
    answer: Floats = np.where(left > _DETERMINED, 1 / np.maximum(left, _DETERMINED) ** power, 0.0)
    return answer


def covariance(fit: LeastSquares, correction: str, clusters: Clusters | None) -> Floats:
    """The covariance matrix (k, k) of the coefficients under a correction in `UNCLUSTERED` or `CLUSTERED`."""
    n, k = fit.q.shape
    if clusters is not None:
        sums = np.stack(
            [np.bincount(clusters.codes, fit.q[:, j] * fit.residuals, clusters.count) for j in range(k)], axis=1
        )
        scores = np.einsum("gij,gj->gi", clusters.adjust, sums)
        meat = scores.T @ scores
    elif correction == "classic":
        meat = np.eye(k) * (fit.residuals @ fit.residuals) / (n - k)
    else:
        meat = (fit.q * (hc_factors(fit, correction) * fit.residuals**2)[:, None]).T @ fit.q
    answer: Floats = fit.r_inverse @ meat @ fit.r_inverse.T
    # Where the clusters leave a coefficient no error (their residuals cancel) rounding leaves a trace of one.
    largest = np.einsum("ij,ij->i", fit.r_inverse, fit.r_inverse) * (fit.residuals @ fit.residuals)
    nothing = np.diag(answer) <= _NOTHING * largest
    answer[nothing] = answer[:, nothing] = 0.0
    return answer


def influence(fit: LeastSquares, weights: Floats, correction: str, clusters: Clusters | None) -> Floats:
    """Each row's part (n,) of the error of the contrast weights'β.

    The squared error is the sum of the squared parts; with clusters, the sum over clusters of their squared sums.
    """
    d = fit.contrast(weights)
    if clusters is not None:
        by_cluster = clusters.adjust @ d
        answer: Floats = np.einsum("ij,ij->i", fit.q, by_cluster[clusters.codes]) * fit.residuals
        return answer
    return (fit.q @ d) * fit.residuals * np.sqrt(hc_factors(fit, correction))


def _working_scores(clusters: Clusters, d: Floats) -> tuple[Floats, Floats]:
    """What the covariance Ω of each contrast's cluster scores under equal variances is made of.

    For contrasts s and t in Q's coordinates, the columns of `d` (k, m), Ω_st = diag_g(half_s · wide_t) - wide_s wide_t'
    with half[s, g] = B_g d_s and wide[s, g] = Q_g'Q_g B_g d_s, both (m, G, k).
    """
    half = np.einsum("gij,jm->mgi", clusters.adjust, d)
    return half, np.einsum("gij,mgj->mgi", clusters.grams, half)


def satterthwaite(clusters: Clusters, d: Floats) -> Floats:
    """Bell and McCaffrey's degrees of freedom (m,) for each of the contrasts d (k, m): (tr Ω)² / tr Ω²."""
    half, wide = _working_scores(clusters, d)
    diagonal = np.einsum("mgi,mgi->mg", half, wide)
    squares = np.einsum("mgi,mgi->mg", wide, wide)
    inner = wide.transpose(0, 2, 1) @ wide
    trace = (diagonal - squares).sum(axis=1)
    squared = (diagonal * (diagonal - 2 * squares)).sum(axis=1) + np.einsum("mij,mij->m", inner, inner)
    answer: Floats = np.where(squared > 0, trace**2 / np.where(squared > 0, squared, 1.0), np.nan)
    return answer


def hotelling_df(clusters: Clusters, d: Floats) -> float:
    """The degrees of freedom η of the joint test of m contrasts (Pustejovsky and Tipton 2018, the AHZ/HTZ test).

    The clustered covariance D of the contrasts, standardised so that its expectation under equal variances is the
    identity, is matched to a Wishart with η degrees of freedom by its total variance: η = m(m+1) / Σ_st Var(D_st).
    """
    m = d.shape[1]
    half, wide = _working_scores(clusters, d)
    expected = np.einsum("sgi,tgi->st", half, wide) - np.einsum("sgi,tgi->st", wide, wide)
    values, vectors = np.linalg.eigh(expected)
    if values.min() <= 0:
        return float("nan")
    half, wide = _working_scores(clusters, d @ (vectors / np.sqrt(values)) @ vectors.T)
    own = np.einsum("sgi,tgi->stg", half, wide)
    total = 0.0
    for s in range(m):
        for t in range(m):
            total += _trace(own, wide, (s, s), (t, t)) + _trace(own, wide, (s, t), (t, s))
    return float(m * (m + 1) / total)


def _trace(own: Floats, wide: Floats, first: tuple[int, int], second: tuple[int, int]) -> float:
    """Σ_gh Ω_first[g, h] Ω_second[g, h], where Ω_ab = diag(D_ab) - W_a W_b'."""
    (a, b), (c, e) = first, second
    cross = own[a, b] * np.einsum("gi,gi->g", wide[c], wide[e]) + own[c, e] * np.einsum("gi,gi->g", wide[a], wide[b])
    products = (wide[a].T @ wide[c]) * (wide[b].T @ wide[e])
    return float((own[a, b] * own[c, e]).sum() - cross.sum() + products.sum())
