"""Random numbers that are a function of what they are for, not of who asked first.

A draw is named by a key (the stream of a component and purpose, from :func:`stream_key`) and a counter: *entity* (site,
link, market; below 2^32), *occurrence* (order number, period; below 2^63) and *part* (which of the draws for that
occurrence; 0 to 2^20). The same name gives the same number whatever else happens in the run, which is what makes
common random numbers work. The generator is Philox4x32-10 (Salmon, Moraes, Dror and Shaw, 2011).

All arithmetic is on signed 64-bit integers with 32-bit masks, so that machine code, whose products wrap, and plain
Python, whose integers grow, give the same bits.
"""

from __future__ import annotations

import hashlib
import math

import numpy as np

from gpnde.mechanics.compiled import compiled_part

_MASK = 0xFFFFFFFF
_MULTIPLIER_0 = 0xD2511F53
_MULTIPLIER_1 = 0xCD9E8D57
_WEYL_0 = 0x9E3779B9
_WEYL_1 = 0xBB67AE85
_ROUNDS = 10

# A counter word holds the caller's part in its low 21 bits and the attempt of a rejection method above them, so that
# the attempts of one part can never meet another part.
_ATTEMPT_SHIFT = 21
_SECOND_LANE = 1024

_UNIT_53 = 2.0**-53
_POISSON_INVERSION_LIMIT = 30.0
_POISSON_LARGEST_BY_INVERSION = 1000


@compiled_part
def philox(
    counter0: int, counter1: int, counter2: int, counter3: int, key0: int, key1: int
) -> tuple[int, int, int, int]:
    """Return four 32-bit words for a counter of four words and a key of two (Salmon et al., 2011).

    >>> [f"{word:08x}" for word in philox(0, 0, 0, 0, 0, 0)]
    ['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8']
    """
    word0, word1, word2, word3 = counter0 & _MASK, counter1 & _MASK, counter2 & _MASK, counter3 & _MASK
    round_key0, round_key1 = key0 & _MASK, key1 & _MASK
    for _ in range(_ROUNDS):
        product0 = _MULTIPLIER_0 * word0
        product1 = _MULTIPLIER_1 * word2
        word0 = ((product1 >> 32) & _MASK) ^ word1 ^ round_key0
        word2 = ((product0 >> 32) & _MASK) ^ word3 ^ round_key1
        word1 = product1 & _MASK
        word3 = product0 & _MASK
        round_key0 = (round_key0 + _WEYL_0) & _MASK
        round_key1 = (round_key1 + _WEYL_1) & _MASK
    return word0, word1, word2, word3


@compiled_part
def _to_unit(word0: int, word1: int) -> float:
    """Return a number strictly between 0 and 1 from two words: an odd multiple of 2^-53."""
    return ((((word0 >> 5) << 26) | (word1 >> 6)) | 1) * _UNIT_53


@compiled_part
def uniform_pair(key0: int, key1: int, entity: int, occurrence: int, part: int, attempt: int) -> tuple[float, float]:
    """Return two independent numbers in the open interval (0, 1) for one attempt of a draw."""
    when = int(occurrence)
    word2 = int(part) | (attempt << _ATTEMPT_SHIFT)
    word0, word1, word2, word3 = philox(int(entity), when, word2, when >> 32, int(key0), int(key1))
    return _to_unit(word0, word1), _to_unit(word2, word3)


@compiled_part
def uniform(key0: int, key1: int, entity: int, occurrence: int, part: int) -> float:
    """Return a number in the open interval (0, 1).

    >>> uniform(1, 2, 3, 4, 5) == uniform(1, 2, 3, 4, 5) != uniform(1, 2, 3, 4, 6)
    True
    """
    return uniform_pair(key0, key1, entity, occurrence, part, 0)[0]


@compiled_part
def _horner(coefficients: tuple[float, ...], point: float) -> float:
    """Return the polynomial with these coefficients, highest power first."""
    value = 0.0
    for coefficient in coefficients:
        value = value * point + coefficient
    return value


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


@compiled_part
def normal_quantile(probability: float) -> float:
    """Return the standard normal quantile, to about 16 figures (Wichura, 1988, algorithm AS 241).

    >>> round(normal_quantile(0.975), 6)
    1.959964
    """
    centred = probability - 0.5
    if abs(centred) <= 0.425:
        point = 0.180625 - centred * centred
        return centred * _horner(_CENTRE_TOP, point) / _horner(_CENTRE_BOTTOM, point)
    depth = math.sqrt(-math.log(min(probability, 1.0 - probability)))
    if depth <= 5.0:
        size = _horner(_SHOULDER_TOP, depth - 1.6) / _horner(_SHOULDER_BOTTOM, depth - 1.6)
    else:
        size = _horner(_TAIL_TOP, depth - 5.0) / _horner(_TAIL_BOTTOM, depth - 5.0)
    return math.copysign(size, centred)


@compiled_part
def standard_normal(key0: int, key1: int, entity: int, occurrence: int, part: int) -> float:
    """Return a standard normal number by inversion, so that it rises with the uniform of the same name."""
    return normal_quantile(uniform(key0, key1, entity, occurrence, part))


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
    other = _gamma(second, key0, key1, entity, occurrence, part, _SECOND_LANE)
    # With tiny shapes both can fall below the smallest number; the mean then stands for the unknown ratio.
    return one / (one + other) if one + other > 0.0 else first / (first + second)


@compiled_part
def _poisson_by_inversion(mean: float, probability: float) -> float:
    """Return the smallest count whose cumulative Poisson probability reaches *probability*."""
    count = 0
    term = math.exp(-mean)
    cumulative = term
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
    words = _words(f"{seed}\0{replication}\0{component}\0{purpose}", 2)
    return words[0], words[1]


def generator(seed: int, replication: int, component: str, purpose: str, entity: str = "") -> np.random.Generator:
    """Return a numpy generator of its own for a component, purpose and entity.

    >>> float(generator(1, 0, "policy.x", "visits").random()) == float(generator(1, 0, "policy.y", "visits").random())
    False
    """
    words = _words(f"{component}\0{purpose}\0{entity}", 4)
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(replication, *words)))


def _words(name: str, count: int) -> list[int]:
    """Return the first 32-bit words of the SHA-256 digest of a name."""
    digest = hashlib.sha256(name.encode()).digest()
    return [int.from_bytes(digest[4 * i : 4 * i + 4], "big") for i in range(count)]
