"""The fast factorisation of tall matrices is as exact as Householder's."""

from __future__ import annotations

import numpy as np
import pytest

from reportlib.estimators.sandwich import thin_qr


def tall(columns: int = 6, rows: int = 5_000) -> np.ndarray:
    rng = np.random.default_rng(7)
    return rng.standard_normal((rows, columns)) * 10.0 ** np.arange(columns) + 3


def test_q_is_orthonormal() -> None:
    q, _ = thin_qr(tall())
    np.testing.assert_allclose(q.T @ q, np.eye(6), atol=1e-14)


def test_q_times_r_is_the_matrix() -> None:
    x = tall()
    q, r = thin_qr(x)
    np.testing.assert_allclose(q @ r, x, rtol=1e-12)


def test_r_is_upper_triangular() -> None:
    _, r = thin_qr(tall())
    assert np.abs(np.tril(r, -1)).max() == 0


@pytest.mark.parametrize("close", [0.0, 1e-9, 1e-5], ids=["equal", "almost equal", "near"])
def test_near_dependent_columns_fall_back_to_householder(close: float) -> None:
    x = tall()
    x[:, 5] = x[:, 4] + close * x[:, 5]
    q, r = thin_qr(x)
    np.testing.assert_allclose(q @ r, x, rtol=1e-10, atol=1e-8)
    np.testing.assert_allclose(q.T @ q, np.eye(6), atol=1e-12)
