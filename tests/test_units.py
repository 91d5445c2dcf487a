"""The internal units are coherent, conversions keep all digits, and no value enters without its unit."""

import numpy as np
import pint
import pytest

from tripartite import units
from tripartite.errors import DimensionError, QuantityError
from tripartite.units import ms, mV, nS, pA, pF, s, uM


def internal(text: str) -> float:
    return units.to_internal(text, str(units.registry.parse_expression(text).units), "x")


@pytest.mark.parametrize(
    "unit", ["ms", "mV", "uM", "pA", "nS", "pF", "um", "kHz", "fC", "gigaohm", "uM/ms", "1/uM/ms", "nS*mV", "pF*mV/ms"]
)
def test_internal_units_have_factor_one(unit: str) -> None:
    assert units.factor(unit) == 1.0


def test_a_micromolar_is_a_zeptomole_per_cubic_micrometre() -> None:
    assert units.factor("zmol/um**3") == units.factor("uM") == 1.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 s", 1e3),
        ("1 min", 6e4),
        ("1 hour", 3.6e6),
        ("1 us", 1e-3),
        ("1 V", 1e3),
        ("1 mM", 1e3),
        ("1 nM", 1e-3),
        ("1 M", 1e6),
        ("1 nA", 1e3),
        ("1 uS", 1e3),
        ("1 Hz", 1e-3),
        ("6 /s", 6e-3),
        ("0.9 uM/s", 9e-4),
        ("0.2 /uM/s", 2e-4),
        ("1.1 /mM/ms", 1.1e-3),
        ("0.5 /min", 0.5 / 6e4),
        ("7 /hour", 7 / 3.6e6),
        ("200 mM", 2e5),
        ("1 nF", 1e3),
        ("1 nm", 1e-3),
        ("1 mm**2/s", 1e3),
    ],
)
def test_conversions_keep_full_precision(text: str, expected: float) -> None:
    np.testing.assert_allclose(internal(text), expected, rtol=1e-15, atol=0)


@pytest.mark.parametrize("rate", ["60 cycle/min", "1 rpm", "2 turn/s", "90 degree/s", "1 radian/s", "3 revolution/s"])
def test_a_rate_in_cycles_is_refused_where_hertz_are_asked_for(rate: str) -> None:
    quantity = units.registry.Quantity(float(rate.split()[0]), rate.split()[1])
    for given in (rate, quantity, [quantity, 2 * units.Hz]):
        with pytest.raises(DimensionError, match=r"`rate` is measured in Hz, times per time; got .*1/min or Hz"):
            units.to_internal(given, "Hz", "rate")
    with pytest.raises(DimensionError, match="`period` is measured in s"):
        units.to_internal("2 s/turn", "s", "period")
    assert units.to_internal("60 1/min", "Hz", "rate") == units.to_internal("1 Hz", "Hz", "rate")
    assert units.to_internal("180 degree", "radian", "phase") == pytest.approx(np.pi)
    assert units.to_internal("1 turn/s", "radian/s", "speed") == pytest.approx(2e-3 * np.pi)


@pytest.mark.parametrize("unit", ["s", "uM/s", "1/uM/s", "mM", "1/min", "nS", "mm**2/s"])
def test_there_and_back_gives_the_same_number_to_the_last_bit(unit: str) -> None:
    entered = np.random.default_rng(0).uniform(0, 10, 2000)
    internal = units.to_internal(entered * units.unit(unit), unit, "x")
    shown = units.from_internal(internal, unit)
    np.testing.assert_allclose(shown, entered, rtol=3e-16, atol=0)
    np.testing.assert_array_equal(units.to_internal(shown * units.unit(unit), unit, "x"), internal)
    assert units.from_internal(float(internal[0]), unit) == shown[0]


def test_celsius_enters_as_kelvin_and_declares_nothing() -> None:
    assert units.to_internal(units.Quantity(37, "degC"), "K", "x") == 310.15
    with pytest.raises(QuantityError, match="Use kelvin"):
        units.unit("degC")


def test_every_factor_agrees_with_pint() -> None:
    for unit in ("uM/s", "nS*mV", "pF*mV/ms", "1/mM/ms"):
        pairs = {"uM/s": "uM/ms", "nS*mV": "pA", "pF*mV/ms": "pA", "1/mM/ms": "1/uM/ms"}
        np.testing.assert_allclose(
            units.factor(unit), units.Quantity(1.0, unit).to(pairs[unit]).magnitude, rtol=1e-15, atol=0
        )


def test_ohm_and_capacitance_need_no_factor() -> None:
    for product in (2 * nS * (3 * mV), 2 * pF * (3 * mV) / ms):
        assert units.to_internal(product, "pA", "x") == 6.0 == units.to_internal(6 * pA, "pA", "x")


def test_text_numbers_units_and_lists_of_quantities_are_read() -> None:
    assert units.to_internal("0.3 uM", "uM", "x") == 0.3
    assert units.to_internal(s, "s", "x") == 1000.0
    assert units.to_internal(0.3, "1", "x") == units.to_internal("0.3", "1", "x") == 0.3
    assert units.to_internal(30 * units.percent, "1", "x") == pytest.approx(0.3, rel=1e-15)
    np.testing.assert_array_equal(units.to_internal([1, 2] * s, "s", "x"), [1000, 2000])
    np.testing.assert_array_equal(units.to_internal([1 * s, 2 * ms], "s", "x"), [1000, 2])


@pytest.mark.parametrize(
    ("value", "error", "words"),
    [
        (0.3, QuantityError, ["must carry a unit", "got 0.3", "`0.3 * uM / s`"]),
        ([1, 2], QuantityError, ["must carry a unit", "[1, 2] * uM / s"]),
        (None, QuantityError, ["must carry a unit", "got None"]),
        (True, QuantityError, ["must carry a unit", "got True"]),
        ({"a": 1}, QuantityError, ["must carry a unit", "got {'a': 1}"]),
        ("0.3 micromolarr", QuantityError, ["number with a unit", "'0.3 micromolarr'", '"1 uM/s"']),
        ("", QuantityError, ["number with a unit", "''"]),
        ("abc def", QuantityError, ["number with a unit", "'abc def'"]),
        ("__import__('os')", QuantityError, ["number with a unit"]),
        (0.3 * mV, DimensionError, ["measured in uM/s", "got 0.3 mV", "x=1 * uM / s"]),
        ("0.3", DimensionError, ["measured in uM/s", "got 0.3 (no unit)"]),
        ([1 * uM / s, 2 * mV], DimensionError, ["measured in uM/s", "2 mV"]),
        (float("nan") * uM / s, QuantityError, ["must be finite", "nan"]),
        ([1, float("inf")] * uM / s, QuantityError, ["must be finite", "inf"]),
    ],
)
def test_what_is_no_quantity_of_that_dimension_is_refused(value: object, error: type, words: list[str]) -> None:
    with pytest.raises(error) as raised:
        units.to_internal(value, "uM/s", "part.x")
    assert all(word in str(raised.value) for word in ["`part.x`", *words])


@pytest.mark.parametrize(
    ("unit", "code"),
    [("uM", "1 * uM"), ("1/s", "1 / s"), ("1/uM/s", "1 / uM / s"), ("pF*mV/ms", "1 * pF * mV / ms")],
)
def test_the_advice_is_python_that_runs(unit: str, code: str) -> None:
    with pytest.raises(QuantityError) as raised:
        units.to_internal(1, unit, "x")
    assert f"`{code}`" in str(raised.value)
    names = {name: getattr(units, name) for name in ("uM", "s", "pF", "mV", "ms")}
    assert units.to_internal(eval(code, names), unit, "x") > 0


def test_a_number_is_one_and_a_row_is_flat() -> None:
    assert units.number(2 * s, "s", "x") == 2000.0
    np.testing.assert_array_equal(units.row(2 * s, "s", "x"), [2000.0])
    with pytest.raises(QuantityError, match="one number; got 2"):
        units.number([1, 2] * s, "s", "x")
    with pytest.raises(QuantityError, match=r"table of shape \(1, 2\)"):
        units.row([[1, 2]] * s, "s", "x")


def test_messages_name_the_ends_of_long_arrays() -> None:
    many = np.arange(800.0) - 400
    assert units.shown(many * s) == "-400 … 399 s, 800 numbers"
    for wrong in (many * uM, many, list(many)):
        with pytest.raises((DimensionError, QuantityError)) as caught:
            units.row(wrong, "s", "times")
        assert len(str(caught.value)) < 250
    with pytest.raises(QuantityError, match=r"Write `times \* s` if the value is in s"):
        units.row(many, "s", "times")


def test_any_unit_of_pint_can_be_imported_and_others_are_named() -> None:
    assert units.furlong == units.registry.furlong
    with pytest.raises(AttributeError, match="knows no unit `micromolarr`"):
        units.micromolarr  # noqa: B018
    for text in ("foo", "uM/", 3, uM):
        with pytest.raises(QuantityError, match="A unit is"):
            units.unit(text)
    assert isinstance(uM, pint.Unit)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("0.3 uM", 0.3, "uM"), ("1e-3 s", 1e-3, "s"), ("1E+3s", 1e3, "s"), ("-70 mV", -70.0, "mV"),
        ("−70 mV", -70.0, "mV"), ("+.5 s", 0.5, "s"), ("5. s", 5.0, "s"), ("5 1/s", 5.0, "1/s"), ("5/s", 5.0, "1/s"),
        ("2 uM/s", 2.0, "uM/s"), ("2 * uM / s", 2.0, "uM/s"), ("3", 3.0, "1"), ("1 µM", 1.0, "uM"), ("1 μM", 1.0, "uM"),
        ("0.5 µA/cm²", 0.5, "uA/cm**2"), ("5 µM·s⁻¹", 5.0, "uM/s"), ("1 uM s⁻¹".replace(" s", "*s"), 1.0, "uM/s"),
        ("7 mol/(m^2*s)", 7.0, "mol/m**2/s"), ("3 s**0.5", 3.0, "s**0.5"), ("1\u202fuM", 1.0, "uM"), ("5 %", 0.05, "1"),
    ],
)  # fmt: skip
def test_text_is_one_number_and_one_unit(text: str, value: float, unit: str) -> None:
    expected = value * units.factor(unit)
    np.testing.assert_allclose(units.to_internal(text, unit, "x"), expected, rtol=1e-15, atol=0)


_NO_QUANTITY = [
    "1,5 uM", "0,8 uM", "1.5.2 uM", "[1,2] uM", "1 ± 0.5 uM", "1'000 uM", "1’000 uM",
    "1_000 uM", "1 000 uM", "9**9**9 uM", "1 uM**9**9", "1 uM**999", "1 (uM**20)**20", "1 uM s", "uM", "", " ",
    "nan uM", "inf uM", "1e400 uM", "0x10 uM", "1 uM 2", "1/2 uM", "3 1", "2*3 uM", "(1) uM", "5 *", "5 **2", "--1 uM",
    "1+1 uM", "1-1 uM", "–1 uM", "５ uM", "1e5e5", "1 uM!", "1 uM;", "1 uM\0", "1 __class__", "1 uM.real", "1 (uM",
    "1 uM)", "1 uM//s", "1 " + "(" * 5000, "1 " + "uM*" * 5000, "1" * 5000 + " uM", "1 degC", "1 uM/0", "1 nan*uM",
]  # fmt: skip


@pytest.mark.parametrize("text", _NO_QUANTITY)
def test_anything_else_is_an_error_and_not_another_number(text: str) -> None:
    with pytest.raises(QuantityError):
        units.to_internal(text, "uM", "x")


@pytest.mark.parametrize(
    "text", ["9**9**9**9", "uM**1e9", "s**(9**9)", "exit()", "uM uM", "2 uM", "(" * 199, "e" * 201]
)
def test_a_unit_is_never_evaluated(text: str) -> None:
    with pytest.raises(QuantityError):
        units.unit(text)


@pytest.mark.parametrize(
    ("quantity", "written"),
    [
        (1 * units.Hz, "1 * Hz"),
        (0.3 * units.uM / units.s, "0.3 * µM/s"),
        ([1, 2] * units.mV, "[1, 2] * mV"),
        (3 * units.dimensionless, "3 * dimensionless"),
    ],
)
def test_a_quantity_within_an_object_reads_as_code(quantity, written):
    assert repr(quantity).replace("\N{GREEK SMALL LETTER MU}", "µ") == written
