"""Random numbers that are a function of their purpose, not of the order in which they are drawn.

A draw is named by a key (the stream of a component and purpose, from :func:`stream_key`) and a counter: *entity* (64
bits that stand for the name of a site, link or market, from :func:`entities`), *occurrence* (tick, period; below 2^32)
and *part* (which of the draws for that occurrence; 0 to 2^20). The same name gives the same number whatever else
happens in the run and of which others are in it, which is what makes common random numbers work. The generator is
Philox4x32-10 (Salmon, Moraes, Dror and Shaw, 2011).

All arithmetic is on signed 64-bit integers with 32-bit masks, so that machine code, whose products wrap, and plain
Python, whose integers grow, give the same bits.
"""

from __future__ import annotations

import functools
import hashlib
import math
from typing import Any

import numpy as np
import numpy.typing as npt

from gpnde.numerics.compiled import compiled, compiled_part, inlined_part

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_MASK = 0xFFFFFFFF
_MULTIPLIER_0 = 0xD2511F53
_MULTIPLIER_1 = 0xCD9E8D57
_WEYL_0 = 0x9E3779B9
_WEYL_1 = 0xBB67AE85

# A counter word holds the caller's part in its low 21 bits and the attempt of a rejection method above them, so that
# the attempts of one part can never meet another part.
_ATTEMPT_SHIFT = 21
_SECOND_LANE = 1024

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)

_UNIT_53 = 2.0**-53
_POISSON_INVERSION_LIMIT = 30.0
_POISSON_LARGEST_BY_INVERSION = 1000


Words = tuple[int, int, int, int]


@inlined_part
def _round(words: Words, key0: int, key1: int, number: int) -> Words:
    word0, word1, word2, word3 = words
    product0 = _MULTIPLIER_0 * word0
    product1 = _MULTIPLIER_1 * word2
    # In machine code a product may have wrapped below 0; the mask drops the sign that shifting drags along.
    high0 = (product0 >> 32) & _MASK
    high1 = (product1 >> 32) & _MASK
    round_key0 = (key0 + number * _WEYL_0) & _MASK
    round_key1 = (key1 + number * _WEYL_1) & _MASK
    return high1 ^ word1 ^ round_key0, product1 & _MASK, high0 ^ word3 ^ round_key1, product0 & _MASK


@inlined_part
def _five_rounds(words: Words, key0: int, key1: int, first: int) -> Words:
    # Written out, since a processor can do several draws at once only where no draw has a loop of its own.
    words = _round(words, key0, key1, first)
    words = _round(words, key0, key1, first + 1)
    words = _round(words, key0, key1, first + 2)
    words = _round(words, key0, key1, first + 3)
    return _round(words, key0, key1, first + 4)


@inlined_part
def philox(counter0: int, counter1: int, counter2: int, counter3: int, key0: int, key1: int) -> Words:
    """Return four 32-bit words for a counter of four words and a key of two (Salmon et al., 2011).

    >>> [f"{word:08x}" for word in philox(0, 0, 0, 0, 0, 0)]
    ['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8']
    """
    words = counter0 & _MASK, counter1 & _MASK, counter2 & _MASK, counter3 & _MASK
    return _five_rounds(_five_rounds(words, key0, key1, 0), key0, key1, 5)


@inlined_part
def to_unit(word0: int, word1: int) -> float:
    """Return a number strictly between 0 and 1 from two words: an odd multiple of 2^-53."""
    # Odd, so that neither 0 nor 1 comes up, whose quantiles are infinite.
    return ((((word0 >> 5) << 26) | (word1 >> 6)) | 1) * _UNIT_53


@inlined_part
def _uniform_pair(key0: int, key1: int, entity: int, occurrence: int, part: int, attempt: int) -> tuple[float, float]:
    who = int(entity)
    word2 = int(part) | (attempt << _ATTEMPT_SHIFT)
    word0, word1, word2, word3 = philox(who, int(occurrence), word2, who >> 32, int(key0), int(key1))
    return to_unit(word0, word1), to_unit(word2, word3)


@compiled_part
def uniform_pair(key0: int, key1: int, entity: int, occurrence: int, part: int, attempt: int) -> tuple[float, float]:
    """Return two independent numbers in the open interval (0, 1) for one attempt of a draw."""
    return _uniform_pair(key0, key1, entity, occurrence, part, attempt)


@compiled_part
def uniform(key0: int, key1: int, entity: int, occurrence: int, part: int) -> float:
    """Return a number in the open interval (0, 1).

    >>> uniform(1, 2, 3, 4, 5) == uniform(1, 2, 3, 4, 5) != uniform(1, 2, 3, 4, 6)
    True
    """
    return uniform_pair(key0, key1, entity, occurrence, part, 0)[0]


@compiled_part
def _polynomial(coefficients: tuple[float, ...], x: float) -> float:
    """Return the polynomial of degree 7 with these coefficients, highest power first.

    Summed as a tree (Estrin, 1960), whose branches a processor works on at the same time.
    """
    c7, c6, c5, c4, c3, c2, c1, c0 = coefficients
    x2 = x * x
    high = (c7 * x + c6) * x2 + (c5 * x + c4)
    low = (c3 * x + c2) * x2 + (c1 * x + c0)
    return high * (x2 * x2) + low


_CENTRE = 0.425
"""How far from the median the first of the three pairs of polynomials goes."""

_CENTRE_TOP = (
    2.5090809287301226727e3,
    3.3430575583588128105e4,
    6.7265770927008700853e4,
    4.5921953931549871457e4,
    1.3731693765509461125e4,
    1.9715909503065514427e3,
    1.3314166789178437745e2,
    3.3871328727963666080e0,
)
_CENTRE_BOTTOM = (
    5.2264952788528545610e3,
    2.8729085735721942674e4,
    3.9307895800092710610e4,
    2.1213794301586595867e4,
    5.3941960214247511077e3,
    6.8718700749205790830e2,
    4.2313330701600911252e1,
    1.0,
)
_SHOULDER_TOP = (
    7.74545014278341407640e-4,
    2.27238449892691845833e-2,
    2.41780725177450611770e-1,
    1.27045825245236838258e0,
    3.64784832476320460504e0,
    5.76949722146069140550e0,
    4.63033784615654529590e0,
    1.42343711074968357734e0,
)
_SHOULDER_BOTTOM = (
    1.05075007164441684324e-9,
    5.47593808499534494600e-4,
    1.51986665636164571966e-2,
    1.48103976427480074590e-1,
    6.89767334985100004550e-1,
    1.67638483018380384940e0,
    2.05319162663775882187e0,
    1.0,
)
_TAIL_TOP = (
    2.01033439929228813265e-7,
    2.71155556874348757815e-5,
    1.24266094738807843860e-3,
    2.65321895265761230930e-2,
    2.96560571828504891230e-1,
    1.78482653991729133580e0,
    5.46378491116411436990e0,
    6.65790464350110377720e0,
)
_TAIL_BOTTOM = (
    2.04426310338993978564e-15,
    1.42151175831644588870e-7,
    1.84631831751005468180e-5,
    7.86869131145613259100e-4,
    1.48753612908506148525e-2,
    1.36929880922735805310e-1,
    5.99832206555887937690e-1,
    1.0,
)


@inlined_part
def _inner_quantile(centred: float) -> float:
    """Return the normal quantile of a probability of 0.5 + *centred*, for those within `_CENTRE` of the median."""
    point = _CENTRE * _CENTRE - centred * centred
    return centred * _polynomial(_CENTRE_TOP, point) / _polynomial(_CENTRE_BOTTOM, point)


@compiled_part
def _outer_quantile(probability: float) -> float:
    """Return the normal quantile of the other probabilities."""
    depth = math.sqrt(-math.log(min(probability, 1.0 - probability)))
    if depth <= 5.0:
        size = _polynomial(_SHOULDER_TOP, depth - 1.6) / _polynomial(_SHOULDER_BOTTOM, depth - 1.6)
    else:
        size = _polynomial(_TAIL_TOP, depth - 5.0) / _polynomial(_TAIL_BOTTOM, depth - 5.0)
    return math.copysign(size, probability - 0.5)


@compiled_part
def normal_quantile(probability: float) -> float:
    """Return the standard normal quantile, to about 16 figures (Wichura, 1988, algorithm AS 241).

    >>> round(normal_quantile(0.975), 6)
    1.959964
    """
    centred = probability - 0.5
    return _inner_quantile(centred) if abs(centred) <= _CENTRE else _outer_quantile(probability)


@compiled_part
def standard_normal(key0: int, key1: int, entity: int, occurrence: int, part: int) -> float:
    """Return a standard normal number by inversion, so that it rises with the uniform of the same name."""
    return normal_quantile(uniform(key0, key1, entity, occurrence, part))


DRAW = np.dtype((np.record, [("entity", "i8"), ("occurrence", "i8"), ("chance", "f8"), ("normal", "f8")]))
"""One of several draws made together: its name, and what comes of it, a uniform and a standard normal number."""


@compiled_part
def draw_together(draws: npt.NDArray[Any], count: int, key0: int, key1: int) -> None:
    """Make the first *count* draws of a stream, each part 0 of what it is for; a fraction of the time of one by one.

    >>> draws = np.zeros(2, dtype=DRAW)
    >>> draws["entity"] = 3, 4
    >>> draw_together(draws, 2, 1, 2)
    >>> bool(draws[1].chance == uniform(1, 2, 4, 0, 0)), bool(draws[1].normal == standard_normal(1, 2, 4, 0, 0))
    (True, True)
    """
    for number in range(count):
        draw = draws[number]
        # Three plain loops instead of one with a branch: each is one that the processor can pipeline.
        draw.chance = _uniform_pair(key0, key1, draw.entity, draw.occurrence, 0, 0)[0]
    for number in range(count):
        draws[number].normal = _inner_quantile(draws[number].chance - 0.5)
    for number in range(count):
        if abs(draws[number].chance - 0.5) > _CENTRE:
            draws[number].normal = _outer_quantile(draws[number].chance)


@compiled_part
def _large_shape_gamma(
    shape: float, key0: int, key1: int, entity: int, occurrence: int, part: int, attempt: int
) -> float:
    """Return a gamma number of unit scale for a shape of 1 or more (Marsaglia and Tsang, 2000)."""
    offset = shape - 1.0 / 3.0
    slope = 1.0 / math.sqrt(9.0 * offset)
    while True:
        first, second = uniform_pair(key0, key1, entity, occurrence, part, attempt)
        normal = normal_quantile(first)
        root = 1.0 + slope * normal
        cube = root * root * root
        if root > 0.0 and math.log(second) < 0.5 * normal * normal + offset * (1.0 - cube + math.log(cube)):
            return offset * cube
        attempt += 1


@compiled_part
def _gamma(shape: float, key0: int, key1: int, entity: int, occurrence: int, part: int, attempt: int) -> float:
    """Return a gamma number of unit scale from the attempts that follow *attempt*."""
    if shape >= 1.0:
        return _large_shape_gamma(shape, key0, key1, entity, occurrence, part, attempt)
    # An attempt of its own for the boost keeps it independent of what it multiplies.
    boost = math.pow(uniform_pair(key0, key1, entity, occurrence, part, attempt)[0], 1.0 / shape)
    return boost * _large_shape_gamma(shape + 1.0, key0, key1, entity, occurrence, part, attempt + 1)


@compiled_part
def gamma(shape: float, key0: int, key1: int, entity: int, occurrence: int, part: int) -> float:
    """Return a gamma number of unit scale and positive *shape* (Marsaglia and Tsang, 2000)."""
    return _gamma(shape, key0, key1, entity, occurrence, part, 0)


@compiled_part
def beta(first: float, second: float, key0: int, key1: int, entity: int, occurrence: int, part: int) -> float:
    """Return a beta number with two positive shapes, from two gamma numbers."""
    one = _gamma(first, key0, key1, entity, occurrence, part, 0)
    # From attempts so far behind those of the first that the two never meet.
    other = _gamma(second, key0, key1, entity, occurrence, part, _SECOND_LANE)
    # With tiny shapes both can fall below the smallest number; the mean then stands for the unknown ratio.
    return one / (one + other) if one + other > 0.0 else first / (first + second)


@compiled_part
def _poisson_by_inversion(mean: float, probability: float) -> float:
    """Return the smallest count whose cumulative Poisson probability reaches *probability*."""
    count = 0
    term = math.exp(-mean)
    cumulative = term
    # Rounding may keep the sum below a probability next to 1, however many terms are added.
    while cumulative < probability and count < _POISSON_LARGEST_BY_INVERSION:
        count += 1
        term *= mean / count
        cumulative += term
    return float(count)


@compiled_part
def _poisson_by_rejection(mean: float, key0: int, key1: int, entity: int, occurrence: int, part: int) -> float:
    """Return a Poisson count for a mean of 10 or more (Hörmann, 1993, algorithm PTRS)."""
    b = 0.931 + 2.53 * math.sqrt(mean)
    a = -0.059 + 0.02483 * b
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    log_mean = math.log(mean)
    attempt = 0
    while True:
        first, v = uniform_pair(key0, key1, entity, occurrence, part, attempt)
        u = first - 0.5
        distance = 0.5 - abs(u)
        count = math.floor((2.0 * a / distance + b) * u + mean + 0.43)
        if distance >= 0.07 and v <= 0.9277 - 3.6224 / (b - 2.0):
            return float(count)
        if count >= 0 and (distance >= 0.013 or v <= distance):
            left = math.log(v * inverse_alpha / (a / (distance * distance) + b))
            if left <= count * log_mean - mean - math.lgamma(count + 1.0):
                return float(count)
        attempt += 1


@compiled_part
def poisson(mean: float, key0: int, key1: int, entity: int, occurrence: int, part: int) -> float:
    """Return a Poisson count: by inversion below a mean of 30, by rejection above (Hörmann, 1993)."""
    if mean < _POISSON_INVERSION_LIMIT:
        return _poisson_by_inversion(mean, uniform(key0, key1, entity, occurrence, part))
    return _poisson_by_rejection(mean, key0, key1, entity, occurrence, part)


def stream_key(seed: int, replication: int, component: str, purpose: str) -> tuple[int, int]:
    """Return the two 32-bit key words of a stream of draws.

    >>> stream_key(1, 0, "demand", "quantity") == stream_key(1, 1, "demand", "quantity")
    False
    """
    # Without separators, names such as "a" and "bc" would share a stream with "ab" and "c".
    words = _words(f"{seed}\0{replication}\0{component}\0{purpose}", 2)
    return words[0], words[1]


def generator(seed: int, replication: int, component: str, purpose: str, entity: str = "") -> np.random.Generator:
    """Return a numpy generator of its own for a component, purpose and entity.

    >>> float(generator(1, 0, "policy.x", "visits").random()) == float(generator(1, 0, "policy.y", "visits").random())
    False
    """
    words = _words(f"{component}\0{purpose}\0{entity}", 4)
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(replication, *words)))


@functools.lru_cache(maxsize=32)
def entities(names: tuple[str, ...]) -> Integers:
    """Return the number that stands for each name in draws: 64 bits of its digest, whatever its place; read-only.

    >>> bool(entities(("Osaka", "Penang"))[1] == entities(("Penang",))[0])
    True
    """
    digests = b"".join(hashlib.sha256(name.encode()).digest()[:8] for name in names)
    # In a stated order of bytes, so that all machines draw the same.
    found = np.frombuffer(digests, dtype=">i8").astype(np.int64)
    # Shared by all callers with the same names.
    found.flags.writeable = False
    return found


def joined(*parts: Integers) -> Integers:
    """Return the numbers that stand for what has several names, such as buyer and supplier, in this order.

    They are mixed with the finaliser of SplitMix64 (Steele, Lea and Flood, 2014).

    >>> here, there = entities(("Osaka", "Penang"))
    >>> bool(joined(here, there) == joined(there, here))
    False
    """
    mixed = np.zeros(1, dtype=np.uint64)
    for part in parts:
        mixed = _mixed((mixed ^ np.asarray(part, dtype=np.int64).view(np.uint64)) + _GOLDEN)
    shape = np.broadcast_shapes(*(np.shape(part) for part in parts))
    return mixed.view(np.int64).reshape(shape)


def _mixed(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        words = (words ^ (words >> np.uint64(shift))) * np.uint64(factor)
    mixed: npt.NDArray[np.uint64] = words ^ (words >> np.uint64(31))
    return mixed


@compiled
def _draw_each(key0: int, key1: int, who: Integers, when: Integers, chances: Floats) -> None:
    for number in range(who.shape[0]):
        chances[number] = _uniform_pair(key0, key1, who[number], when[number], 0, 0)[0]


def uniforms(key: tuple[int, int], entity: Integers, occurrence: Integers | int = 0) -> Floats:
    """Return the draws of many entities and occurrences, broadcast against each other: each as `uniform` gives it.

    >>> both = entities(("Osaka", "Penang"))
    >>> bool(uniforms((1, 2), both, 7)[1] == uniform(1, 2, both[1], 7, 0))
    True
    """
    who, when = np.broadcast_arrays(np.asarray(entity, dtype=np.int64), np.asarray(occurrence, dtype=np.int64))
    chances = np.empty(who.shape)
    # `ravel` gives a view of a new array, so that draws are written into what is returned.
    _draw_each(key[0], key[1], who.flatten(), when.flatten(), chances.ravel())
    return chances


def normals(key: tuple[int, int], entity: Integers, occurrence: Integers | int = 0) -> Floats:
    """Return standard normal numbers of many entities and occurrences, each as `standard_normal` gives it."""
    chances = uniforms(key, entity, occurrence)
    # By the function that single draws use, so that both agree to the last bit.
    found = [normal_quantile(chance) for chance in chances.ravel().tolist()]
    return np.array(found, dtype=np.float64).reshape(chances.shape)


def _words(name: str, count: int) -> list[int]:
    """Return the first 32-bit words of the SHA-256 digest of a name."""
    digest = hashlib.sha256(name.encode()).digest()
    return [int.from_bytes(digest[4 * i : 4 * i + 4], "big") for i in range(count)]
