"""A client's half of the OTRv4 prekey server protocol, in both wire drafts.

Written from PROTOCOL.md and docs/protocol.md alone, so that it can disagree with the Java code: do not port from there.
Formulas use the letters of the specification. Nothing here is constant-time: it is for tests only.

    Ed448 (Point, KeyPair) -> Draft -> records (ClientProfile, ...) -> Handshake, read_retrieval -> armour, fragments
"""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
import re
import secrets
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey, Ed448PublicKey


class Malformed(ValueError):
    """Bytes that are no message."""


class Invalid(ValueError):
    """A well-formed message that must not be believed: a wrong signature, point, MAC, proof, tag or date."""


# ---------------------------------------------------------------------------------------------------------------------
# Ed448: RFC 8032, 5.2


p = 2**448 - 2**224 - 1
"""The field."""

d = -39081
"""The curve: x² + y² = 1 + d·x²·y²."""

q = 2**446 - 13818066809895115352007386748515426880336692474882178609894547503885
"""The prime order of the group that G generates; a quarter of the points of the curve."""

POINT_BYTES = 57
SIGNATURE_BYTES = 114
SYMMETRIC_KEY_BYTES = 57


class Point:
    """A point of the curve in projective coordinates (X/Z, Y/Z). Any point: also the identity and small orders."""

    __slots__ = ("X", "Y", "Z")

    def __init__(self, X: int, Y: int, Z: int = 1) -> None:
        self.X, self.Y, self.Z = X, Y, Z

    def __add__(self, other: Point) -> Point:
        # RFC 8032, 5.2.4; complete, because d is no square
        A = self.Z * other.Z % p
        B = A * A % p
        C = self.X * other.X % p
        D = self.Y * other.Y % p
        E = d * C * D % p
        F, G = B - E, B + E
        H = (self.X + self.Y) * (other.X + other.Y)
        return Point(A * F * (H - C - D) % p, A * G * (D - C) % p, F * G % p)

    def __neg__(self) -> Point:
        return Point(-self.X % p, self.Y, self.Z)

    def __sub__(self, other: Point) -> Point:
        return self + -other

    def double(self) -> Point:
        sum_ = self.X + self.Y
        B = sum_ * sum_
        C = self.X * self.X
        D = self.Y * self.Y
        E = (C + D) % p
        J = (E - 2 * self.Z * self.Z) % p
        return Point((B - E) * J % p, E * (C - D) % p, E * J % p)

    def __rmul__(self, scalar: int) -> Point:
        """scalar · self, four bits at a time; the scalar is not reduced, since self may have another order than q."""
        if scalar < 0:
            return -scalar * -self
        if self is G and scalar < 16**FIXED_DIGITS:
            return fixed_base(scalar)
        multiples = [IDENTITY, self]
        while len(multiples) < 16:
            multiples.append(multiples[-1] + self)
        result = IDENTITY
        for digit in f"{scalar:x}":
            result = result.double().double().double().double()
            if digit != "0":
                result = result + multiples[int(digit, 16)]
        return result

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Point)
            and (self.X * other.Z - other.X * self.Z) % p == 0
            and (self.Y * other.Z - other.Y * self.Z) % p == 0
        )

    __hash__ = None  # type: ignore[assignment]

    def encode(self) -> bytes:
        """RFC 8032, 5.2.2: y little-endian, the sign of x in the top bit of the last byte."""
        inverse = pow(self.Z, -1, p)
        x, y = self.X * inverse % p, self.Y * inverse % p
        return (y | (x & 1) << 455).to_bytes(POINT_BYTES, "little")

    @staticmethod
    def decode(encoded: bytes) -> Point:
        """RFC 8032, 5.2.3. The result may be the identity or lie outside of the subgroup, see `valid_point`."""
        if len(encoded) != POINT_BYTES:
            raise Malformed(f"point of {len(encoded)} bytes")
        number = int.from_bytes(encoded, "little")
        sign, y = number >> 455, number & (1 << 455) - 1
        if y >= p:
            raise Invalid("y of a point is not below p")
        u, v = (y * y - 1) % p, (d * y * y - 1) % p
        x = u**3 * v * pow(u**5 * v**3 % p, (p - 3) // 4, p) % p
        if (v * x * x - u) % p != 0:
            raise Invalid("no point has this y")
        if x == 0 and sign:
            raise Invalid("x of a point is 0 and has a sign")
        return Point(p - x if x & 1 != sign else x, y)

    def __repr__(self) -> str:
        return f"Point({self.encode().hex()})"


IDENTITY = Point(0, 1)

G = Point(
    0x4f1970c66bed0ded221d15a622bf36da9e146570470f1767ea6de324a3d3a46412ae1af72ab66511433b80e18b00938e2626a82bc70cc05e,
    0x693f46716eb6bc248876203756c9c7624bea73736ca3984087789c1e05a0c2d73ad3ff1ce67c39c4fdbd132c4ed7c8ad9808795bf230fa14,
)
"""RFC 8032's base point."""

FIXED_DIGITS = 112


@functools.cache
def powers_of_base() -> list[list[Point]]:
    """0 to 15 times 16^i · G, for each i."""
    powers, base = [], Point(G.X, G.Y)
    for _ in range(FIXED_DIGITS):
        multiples = [IDENTITY]
        while len(multiples) < 16:
            multiples.append(multiples[-1] + base)
        powers.append(multiples)
        base = multiples[-1] + base
    return powers


def fixed_base(scalar: int) -> Point:
    """scalar · G, without doublings: most of what a test computes."""
    result = IDENTITY
    for multiples in powers_of_base():
        result = result + multiples[scalar & 15]
        scalar >>= 4
    return result


def valid_point(encoded: bytes) -> Point:
    """Decodes a point of order q, or raises `Invalid`."""
    point = Point.decode(encoded)
    if point == IDENTITY:
        raise Invalid("point is the identity")
    if q * point != IDENTITY:
        raise Invalid("point is outside of the subgroup")
    return point


@dataclass(frozen=True)
class KeyPair:
    """Long-term, ephemeral, forging, shared-prekey and one-time keys: all are made from 57 random bytes."""

    symmetric_key: bytes = field(repr=False)

    @staticmethod
    def generate() -> KeyPair:
        return KeyPair(secrets.token_bytes(SYMMETRIC_KEY_BYTES))

    @functools.cached_property
    def a(self) -> int:
        """The pruned secret scalar of RFC 8032."""
        pruned = bytearray(hashlib.shake_256(self.symmetric_key).digest(57))
        pruned[0] &= 0xFC
        pruned[55] |= 0x80
        pruned[56] = 0
        return int.from_bytes(pruned, "little")

    @functools.cached_property
    def public(self) -> bytes:
        return (self.a * G).encode()

    def sign(self, message: bytes) -> bytes:
        """EdDSA: Ed448 of RFC 8032 with an empty context."""
        return Ed448PrivateKey.from_private_bytes(self.symmetric_key).sign(message)


def verify_eddsa(public: bytes, signature: bytes, message: bytes) -> None:
    """Returns, or raises `Invalid`."""
    try:
        Ed448PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError) as wrong:
        raise Invalid("wrong EdDSA signature") from wrong


# ---------------------------------------------------------------------------------------------------------------------
# The 3072-bit group: RFC 3526, number 15


def _pi(bits: int) -> int:
    """floor(2^bits · π) by Machin: π = 16·arctan(1/5) − 4·arctan(1/239)."""
    guard = 64

    def arctan_inverse(x: int) -> int:
        power = total = (1 << bits + guard) // x
        n, sign = 3, -1
        while power:
            power //= x * x
            total += sign * (power // n)
            n, sign = n + 2, -sign
        return total

    return 16 * arctan_inverse(5) - 4 * arctan_inverse(239) >> guard


DH_p = 2**3072 - 2**3008 - 1 + 2**64 * (_pi(2942) + 1690314)
"""A safe prime; the generator is 2."""

DH_q = (DH_p - 1) // 2


@dataclass(frozen=True)
class DhKeyPair:
    """The DH value B = 2^x of a prekey message."""

    x: int = field(repr=False)

    @staticmethod
    def generate() -> DhKeyPair:
        return DhKeyPair(secrets.randbits(640))  # 80 bytes, as OTRv4 has them

    @functools.cached_property
    def public(self) -> int:
        return pow(2, self.x, DH_p)


def jacobi(a: int, n: int) -> int:
    """The Jacobi symbol of a and an odd n, by quadratic reciprocity."""
    symbol = 1
    a %= n
    while a:
        twos = (a & -a).bit_length() - 1
        a >>= twos
        if (twos & 1 and n & 7 in (3, 5)) != (a & 3 == 3 and n & 3 == 3):
            symbol = -symbol
        a, n = n % a, a
    return symbol if n == 1 else 0


def check_dh_value(B: int) -> None:
    """Returns when B is of order q, which is when it is a square; or raises `Invalid`."""
    if not 2 <= B <= DH_p - 2 or jacobi(B, DH_p) != 1:
        raise Invalid("not a valid DH value")


# ---------------------------------------------------------------------------------------------------------------------
# KDF


class Usage(IntEnum):
    """usage_ID of the prekey server's KDF."""

    FINGERPRINT = 0x00
    SK = 0x01
    INITIATOR_CLIENT_PROFILE = 0x02
    INITIATOR_COMPOSITE_IDENTITY = 0x03
    INITIATOR_PHI = 0x04
    RECEIVER_CLIENT_PROFILE = 0x05
    RECEIVER_COMPOSITE_IDENTITY = 0x06
    RECEIVER_PHI = 0x07
    MAC_KEY = 0x08
    PUBLICATION_MAC = 0x09
    STORAGE_REQUEST_MAC = 0x0A
    STORAGE_STATUS_MAC = 0x0B
    SUCCESS_MAC = 0x0C
    FAILURE_MAC = 0x0D
    PREKEY_MESSAGES = 0x0E
    CLIENT_PROFILE = 0x0F
    PREKEY_PROFILE = 0x10
    RING_SIGNATURE = 0x11
    PROOF_CONTEXT = 0x12
    PROOF_MESSAGE_ECDH = 0x13
    PROOF_MESSAGE_DH = 0x14
    PROOF_SHARED_ECDH = 0x15
    PROOFS = 0x16
    PROOF_COEFFICIENTS = 0x17


def KDF(usage: Usage, value: bytes, size: int = 64) -> bytes:
    return hashlib.shake_256(b"OTR-Prekey-Server" + bytes([usage]) + value).digest(size)


# ---------------------------------------------------------------------------------------------------------------------
# The two drafts


@dataclass(frozen=True)
class Draft:
    """Everything in which the published text (SPEC) and deployed software (DEPLOYED) differ."""

    name: str
    key_type_order: str
    scalar_bytes: int
    b: Point
    """The base point of ring signatures and ECDH proofs."""
    quarter: bool
    """Whether secrets are a quarter of those of RFC 8032."""
    ring_q: bytes
    """q as it stands in the hash of a ring signature."""
    ring_hash_bytes: int
    count_bytes: int
    """Of L in a Prekey Ensemble Retrieval message."""
    fingerprint_prefix: bytes

    def key(self, kind: int, H: bytes) -> bytes:
        """A public key with its type."""
        return self.key_type(kind) + H

    def key_type(self, kind: int) -> bytes:
        return kind.to_bytes(2, self.key_type_order)  # type: ignore[arg-type]

    def scalar(self, value: int) -> bytes:
        return (value % q).to_bytes(self.scalar_bytes, "little")

    def secret(self, keys: KeyPair) -> int:
        """k, for which k · b is the public key."""
        return keys.a * pow(4, -1, q) % q if self.quarter else keys.a % q

    def ecdh(self, keys: KeyPair, P: bytes) -> bytes:
        other = valid_point(P)
        shared = self.secret(keys) * other if self.quarter else keys.a * (4 * other)
        encoded = shared.encode()
        if shared == IDENTITY or not any(encoded):
            raise Invalid("ECDH gives nothing")
        return encoded

    def fingerprint(self, H: bytes) -> str:
        """Of a server's public key: 112 upper-case hexadecimal digits."""
        return hashlib.shake_256(b"OTRv4\0" + self.fingerprint_prefix + H).hexdigest(56).upper()

    def __str__(self) -> str:
        return self.name


ED448_PUBKEY = 0x0010
ED448_SHARED_PREKEY = 0x0011
ED448_FORGING_KEY = 0x0012

SPEC = Draft(
    name="SPEC",
    key_type_order="little",
    scalar_bytes=57,
    b=G,
    quarter=False,
    ring_q=q.to_bytes(57, "little"),
    ring_hash_bytes=57,
    count_bytes=4,
    fingerprint_prefix=b"",
)
DEPLOYED = Draft(
    name="DEPLOYED",
    key_type_order="big",
    scalar_bytes=56,
    b=4 * G,
    quarter=True,
    ring_q=q.to_bytes(56, "big"),
    ring_hash_bytes=64,
    count_bytes=1,
    fingerprint_prefix=b"\x00\x10",
)
DRAFTS = (SPEC, DEPLOYED)


# ---------------------------------------------------------------------------------------------------------------------
# Data types


def BYTE(value: int) -> bytes:
    return struct.pack(">B", value)


def SHORT(value: int) -> bytes:
    return struct.pack(">H", value)


def INT(value: int) -> bytes:
    return struct.pack(">I", value)


def LONG(value: int) -> bytes:
    return struct.pack(">q", value)


def DATA(value: bytes) -> bytes:
    return INT(len(value)) + value


def MPI(value: int) -> bytes:
    return DATA(value.to_bytes((value.bit_length() + 7) // 8, "big"))


class Reader:
    """Reads data types from left to right and raises `Malformed` at the first that is none."""

    def __init__(self, encoded: bytes) -> None:
        self.encoded = encoded
        self.at = 0

    def take(self, size: int) -> bytes:
        if size > len(self.encoded) - self.at:
            raise Malformed(f"{size} bytes wanted at {self.at}, {len(self.encoded) - self.at} left")
        self.at += size
        return self.encoded[self.at - size : self.at]

    def byte(self) -> int:
        return self.take(1)[0]

    def short(self) -> int:
        return struct.unpack(">H", self.take(2))[0]

    def int(self) -> int:
        return struct.unpack(">I", self.take(4))[0]

    def long(self) -> int:
        return struct.unpack(">q", self.take(8))[0]

    def data(self) -> bytes:
        return self.take(self.int())

    def text(self) -> str:
        try:
            return self.data().decode()
        except UnicodeDecodeError as wrong:
            raise Malformed("text is no UTF-8") from wrong

    def mpi(self) -> int:
        magnitude = self.data()
        if magnitude[:1] == b"\0":
            raise Malformed("MPI with a leading zero byte")
        return int.from_bytes(magnitude, "big")

    def scalar(self, draft: Draft) -> int:
        return int.from_bytes(self.take(draft.scalar_bytes), "little") % q

    def tag(self) -> int:
        tag = self.int()
        if tag < 0x100:
            raise Malformed(f"instance tag {tag:#x}")
        return tag

    def key(self, kind: int, draft: Draft | None) -> tuple[Draft, bytes]:
        """A public key with its type; the type tells the draft when that is not known yet."""
        key_type = self.take(2)
        for candidate in DRAFTS:
            if key_type == candidate.key_type(kind) and draft in (None, candidate):
                return candidate, self.take(POINT_BYTES)
        raise Malformed(f"key type {key_type.hex()} where {kind:04x} was expected")

    def header(self) -> int:
        """Protocol version and message type; returns the type."""
        version = self.short()
        if version != 4:
            raise Malformed(f"version {version}")
        return self.byte()

    def expect(self, message_type: int) -> None:
        found = self.header()
        if found != message_type:
            raise Malformed(f"message of type {found:#04x} where {message_type:#04x} was expected")

    def finish(self) -> None:
        if self.at != len(self.encoded):
            raise Malformed(f"{len(self.encoded) - self.at} trailing bytes")


def header(message_type: int) -> bytes:
    return SHORT(4) + BYTE(message_type)


# ---------------------------------------------------------------------------------------------------------------------
# Profiles and prekey messages


@dataclass(frozen=True)
class ClientProfile:
    """OTRv4, "Client Profile Data Type". The DSA key and its signature are read and ignored."""

    draft: Draft
    owner: int
    long_term: bytes
    forging: bytes
    versions: bytes
    expires: int
    encoded: bytes = field(repr=False)

    @staticmethod
    def make(
        draft: Draft, owner: int, long_term: KeyPair, forging: bytes, expires: int, versions: bytes = b"4"
    ) -> ClientProfile:
        unsigned = (
            INT(5)
            + SHORT(1) + INT(owner)
            + SHORT(2) + draft.key(ED448_PUBKEY, long_term.public)
            + SHORT(3) + draft.key(ED448_FORGING_KEY, forging)
            + SHORT(4) + DATA(versions)
            + SHORT(5) + LONG(expires)
        )  # fmt: skip
        encoded = unsigned + long_term.sign(unsigned)
        return ClientProfile(draft, owner, long_term.public, forging, versions, expires, encoded)

    @staticmethod
    def read(reader: Reader, draft: Draft | None = None) -> ClientProfile:
        start = reader.at
        count = reader.int()
        if count > 7:
            raise Malformed(f"{count} fields in a Client Profile")
        fields: dict[int, object] = {}
        for _ in range(count):
            kind = reader.short()
            if kind in fields:
                raise Malformed(f"field {kind} twice")
            if kind == 1:
                fields[kind] = reader.tag()
            elif kind == 2:
                draft, fields[kind] = reader.key(ED448_PUBKEY, draft)
            elif kind == 3:
                draft, fields[kind] = reader.key(ED448_FORGING_KEY, draft)
            elif kind == 4:
                versions = reader.data()
                if not re.fullmatch(rb"[0-9]{1,16}", versions):
                    raise Malformed("versions are no 1 to 16 digits")
                fields[kind] = versions
            elif kind == 5:
                fields[kind] = reader.long()
            elif kind == 6:
                if reader.short() != 0:
                    raise Malformed("type of a DSA key is not 0")
                fields[kind] = [reader.mpi() for _ in "pqgy"]
            elif kind == 7:
                fields[kind] = reader.take(40)
            else:
                raise Malformed(f"field of unknown type {kind}")
        if not fields.keys() >= {1, 2, 3, 4, 5}:
            raise Malformed("a required field is missing")
        reader.take(SIGNATURE_BYTES)
        values = [fields[kind] for kind in range(1, 6)]
        return ClientProfile(draft, *values, reader.encoded[start : reader.at])  # type: ignore[arg-type]

    def validate(self, owner: int, now: float) -> None:
        """Returns when this is a valid profile of the device `owner`, or raises `Invalid`."""
        if self.owner != owner:
            raise Invalid("Client Profile of another device")
        if self.expires <= now:
            raise Invalid("expired Client Profile")
        if b"4" not in self.versions:
            raise Invalid("Client Profile without version 4")
        valid_point(self.long_term)
        valid_point(self.forging)
        verify_eddsa(self.long_term, self.encoded[-SIGNATURE_BYTES:], self.encoded[:-SIGNATURE_BYTES])


@dataclass(frozen=True)
class PrekeyProfile:
    """OTRv4, "Prekey Profile Data Type"."""

    owner: int
    expires: int
    D: bytes
    """The shared prekey."""
    encoded: bytes = field(repr=False)

    @staticmethod
    def make(draft: Draft, owner: int, long_term: KeyPair, D: bytes, expires: int) -> PrekeyProfile:
        unsigned = INT(owner) + LONG(expires) + draft.key(ED448_SHARED_PREKEY, D)
        return PrekeyProfile(owner, expires, D, unsigned + long_term.sign(unsigned))

    @staticmethod
    def read(reader: Reader, draft: Draft) -> PrekeyProfile:
        start = reader.at
        owner, expires = reader.tag(), reader.long()
        _, D = reader.key(ED448_SHARED_PREKEY, draft)
        reader.take(SIGNATURE_BYTES)
        return PrekeyProfile(owner, expires, D, reader.encoded[start : reader.at])

    def validate(self, owner: int, long_term: bytes, now: float) -> None:
        if self.owner != owner:
            raise Invalid("Prekey Profile of another device")
        if self.expires <= now:
            raise Invalid("expired Prekey Profile")
        valid_point(self.D)
        verify_eddsa(long_term, self.encoded[-SIGNATURE_BYTES:], self.encoded[:-SIGNATURE_BYTES])


@dataclass(frozen=True)
class PrekeyMessage:
    """OTRv4, "Prekey Message"."""

    identifier: int
    owner: int
    Y: bytes
    B: int

    def encode(self) -> bytes:
        return header(0x0F) + INT(self.identifier) + INT(self.owner) + self.Y + MPI(self.B)

    @staticmethod
    def read(reader: Reader) -> PrekeyMessage:
        reader.expect(0x0F)
        return PrekeyMessage(reader.int(), reader.tag(), reader.take(POINT_BYTES), reader.mpi())

    def validate(self, owner: int) -> None:
        if self.owner != owner:
            raise Invalid("prekey message of another device")
        valid_point(self.Y)
        check_dh_value(self.B)


@dataclass(frozen=True)
class OneTimeKeys:
    """A prekey message with its secrets."""

    message: PrekeyMessage
    y: KeyPair
    b: DhKeyPair

    @staticmethod
    def generate(owner: int, identifier: int | None = None) -> OneTimeKeys:
        y, b = KeyPair.generate(), DhKeyPair.generate()
        chosen = secrets.randbits(32) if identifier is None else identifier
        return OneTimeKeys(PrekeyMessage(chosen, owner, y.public, b.public), y, b)


@dataclass(frozen=True)
class Device:
    """One device of an account: its keys and profiles."""

    draft: Draft
    tag: int
    long_term: KeyPair
    shared_prekey: KeyPair
    client_profile: ClientProfile
    prekey_profile: PrekeyProfile

    @staticmethod
    def make(
        draft: Draft, tag: int, expires: int, versions: bytes = b"4", long_term: KeyPair | None = None
    ) -> Device:
        long_term = long_term or KeyPair.generate()
        shared_prekey = KeyPair.generate()
        forging = KeyPair.generate().public
        return Device(
            draft,
            tag,
            long_term,
            shared_prekey,
            ClientProfile.make(draft, tag, long_term, forging, expires, versions),
            PrekeyProfile.make(draft, tag, long_term, shared_prekey.public, expires),
        )

    def prekeys(self, count: int) -> list[OneTimeKeys]:
        return [OneTimeKeys.generate(self.tag) for _ in range(count)]


# ---------------------------------------------------------------------------------------------------------------------
# Ring signatures: OTRv4, "Ring Signature Authentication"


RandomScalar = Callable[[], int]


def random_scalar() -> int:
    return secrets.randbelow(q)


@dataclass(frozen=True)
class RingSignature:
    c: tuple[int, int, int]
    r: tuple[int, int, int]

    def encode(self, draft: Draft) -> bytes:
        return b"".join(draft.scalar(part) for pair in zip(self.c, self.r) for part in pair)

    @staticmethod
    def read(reader: Reader, draft: Draft) -> RingSignature:
        c1, r1, c2, r2, c3, r3 = (reader.scalar(draft) for _ in range(6))
        return RingSignature((c1, c2, c3), (r1, r2, r3))

    def commitments(self, draft: Draft, ring: Sequence[bytes]) -> list[bytes]:
        """T_i = r_i · b + c_i · A_i"""
        A = [valid_point(key) for key in ring]
        return [(self.r[i] * draft.b + self.c[i] * A[i]).encode() for i in range(3)]

    def verify(self, draft: Draft, ring: Sequence[bytes], message: bytes) -> None:
        """Returns, or raises `Invalid`."""
        if len(set(ring)) != 3:
            raise Invalid("equal keys in a ring")
        c = ring_challenge(draft, ring, self.commitments(draft, ring), message)
        if c != sum(self.c) % q:
            raise Invalid("wrong ring signature")


def ring_challenge(draft: Draft, ring: Sequence[bytes], T: Sequence[bytes], message: bytes) -> int:
    """c = KDF(11, G ‖ q ‖ A1 ‖ A2 ‖ A3 ‖ T1 ‖ T2 ‖ T3 ‖ m, n)"""
    hashed = G.encode() + draft.ring_q + b"".join(ring) + b"".join(T) + message
    return int.from_bytes(KDF(Usage.RING_SIGNATURE, hashed, draft.ring_hash_bytes), "little") % q


def ring_sign(
    draft: Draft, ring: Sequence[bytes], signer: KeyPair, message: bytes, random: RandomScalar = random_scalar
) -> RingSignature:
    """Signs as the owner of the key in the ring that is `signer`'s.

    `random` gives t, then c_i and r_i of the two others.
    """
    j = list(ring).index(signer.public)
    t = random()
    c, r, T = [0] * 3, [0] * 3, [b""] * 3
    T[j] = (t * draft.b).encode()
    for i in range(3):
        if i != j:
            c[i], r[i] = random(), random()
            T[i] = (r[i] * draft.b + c[i] * valid_point(ring[i])).encode()
    c[j] = (ring_challenge(draft, ring, T, message) - sum(c)) % q
    r[j] = (t - c[j] * draft.secret(signer)) % q
    return RingSignature((c[0], c[1], c[2]), (r[0], r[1], r[2]))


# ---------------------------------------------------------------------------------------------------------------------
# Proofs of possession: prekey server specification, "Proofs"


LAMBDA = 44


def proof_coefficients(c: bytes, count: int, order: str) -> list[int]:
    pieces = KDF(Usage.PROOF_COEFFICIENTS, c, LAMBDA * count)
    return [
        int.from_bytes(pieces[i : i + LAMBDA], order)  # type: ignore[arg-type]
        for i in range(0, LAMBDA * count, LAMBDA)
    ]


@dataclass(frozen=True)
class EcdhProof:
    """That somebody knows the secrets of points: of the Y of prekey messages, or of D of a Prekey Profile."""

    c: bytes
    v: int

    def encode(self, draft: Draft) -> bytes:
        return self.c + draft.scalar(self.v)

    @staticmethod
    def read(reader: Reader, draft: Draft) -> EcdhProof:
        return EcdhProof(reader.take(64), reader.scalar(draft))

    @staticmethod
    def make(
        draft: Draft, usage: Usage, keys: Sequence[KeyPair], m: bytes, random: RandomScalar = random_scalar
    ) -> EcdhProof:
        r = random()
        A = (r * draft.b).encode()
        c = EcdhProof._challenge(usage, A, [pair.public for pair in keys], m)
        t = proof_coefficients(c, len(keys), "little")
        return EcdhProof(c, (r + sum(t_i * draft.secret(pair) for t_i, pair in zip(t, keys))) % q)

    def verify(self, draft: Draft, usage: Usage, P: Sequence[bytes], m: bytes) -> None:
        """Returns, or raises `Invalid`."""
        A = self.v * draft.b
        for t_i, P_i in zip(proof_coefficients(self.c, len(P), "little"), P):
            A = A - t_i * valid_point(P_i)
        if self._challenge(usage, A.encode(), P, m) != self.c:
            raise Invalid("wrong ECDH proof")

    @staticmethod
    def _challenge(usage: Usage, A: bytes, P: Sequence[bytes], m: bytes) -> bytes:
        return KDF(usage, A + b"".join(P) + m)


@dataclass(frozen=True)
class DhProof:
    """That somebody knows the exponents of the B of prekey messages."""

    c: bytes
    v: int

    def encode(self) -> bytes:
        return self.c + MPI(self.v)

    @staticmethod
    def read(reader: Reader) -> DhProof:
        proof = DhProof(reader.take(64), reader.mpi())
        if proof.v >= DH_q:
            raise Malformed("v of a DH proof is not reduced")
        return proof

    @staticmethod
    def make(
        keys: Sequence[DhKeyPair], m: bytes, random: RandomScalar = lambda: secrets.randbelow(DH_q)
    ) -> DhProof:
        r = random()
        c = DhProof._challenge(pow(2, r, DH_p), [pair.public for pair in keys], m)
        t = proof_coefficients(c, len(keys), "big")
        return DhProof(c, (r + sum(t_i * pair.x for t_i, pair in zip(t, keys))) % DH_q)

    def verify(self, B: Sequence[int], m: bytes) -> None:
        """Returns, or raises `Invalid`."""
        product = 1
        for t_i, B_i in zip(proof_coefficients(self.c, len(B), "big"), B):
            check_dh_value(B_i)
            product = product * pow(B_i, t_i, DH_p) % DH_p
        A = pow(2, self.v, DH_p) * pow(product, -1, DH_p) % DH_p
        if self._challenge(A, B, m) != self.c:
            raise Invalid("wrong DH proof")

    @staticmethod
    def _challenge(A: int, B: Sequence[int], m: bytes) -> bytes:
        return KDF(Usage.PROOF_MESSAGE_DH, MPI(A) + b"".join(MPI(B_i) for B_i in B) + m)


# ---------------------------------------------------------------------------------------------------------------------
# The handshake, DAKEZ


@dataclass(frozen=True)
class SessionKeys:
    """What both sides make of the ECDH of a handshake."""

    SK: bytes

    @property
    def K_mac(self) -> bytes:
        return KDF(Usage.MAC_KEY, self.SK)

    @property
    def m(self) -> bytes:
        """The context of the proofs."""
        return KDF(Usage.PROOF_CONTEXT, self.SK)

    def storage_request_mac(self) -> bytes:
        return KDF(Usage.STORAGE_REQUEST_MAC, self.K_mac + BYTE(0x09))

    def storage_status_mac(self, tag: int, count: int) -> bytes:
        return KDF(Usage.STORAGE_STATUS_MAC, self.K_mac + BYTE(0x0B) + INT(tag) + INT(count))

    def success_mac(self, tag: int) -> bytes:
        return KDF(Usage.SUCCESS_MAC, self.K_mac + BYTE(0x06) + INT(tag))

    def failure_mac(self, tag: int) -> bytes:
        return KDF(Usage.FAILURE_MAC, self.K_mac + BYTE(0x05) + INT(tag))


def phi(publisher: str, server: str) -> bytes:
    return DATA(publisher.encode()) + DATA(server.encode())


def composite_identity(draft: Draft, server: str, H_s: bytes) -> bytes:
    return DATA(server.encode()) + draft.key(ED448_PUBKEY, H_s)


def t_dake2(client_profile: bytes, composite: bytes, I: bytes, S: bytes, phi_: bytes) -> bytes:
    return (
        b"\x00"
        + KDF(Usage.INITIATOR_CLIENT_PROFILE, client_profile)
        + KDF(Usage.INITIATOR_COMPOSITE_IDENTITY, composite)
        + I
        + S
        + KDF(Usage.INITIATOR_PHI, phi_)
    )


def t_dake3(client_profile: bytes, composite: bytes, I: bytes, S: bytes, phi_: bytes) -> bytes:
    return (
        b"\x01"
        + KDF(Usage.RECEIVER_CLIENT_PROFILE, client_profile)
        + KDF(Usage.RECEIVER_COMPOSITE_IDENTITY, composite)
        + I
        + S
        + KDF(Usage.RECEIVER_PHI, phi_)
    )


@dataclass(frozen=True)
class Dake2:
    receiver: int
    server: str
    H_s: bytes
    S: bytes
    sigma: RingSignature

    @staticmethod
    def decode(encoded: bytes, draft: Draft) -> Dake2:
        reader = Reader(encoded)
        reader.expect(0x36)
        receiver, server = reader.int(), reader.text()
        _, H_s = reader.key(ED448_PUBKEY, draft)
        message = Dake2(receiver, server, H_s, reader.take(POINT_BYTES), RingSignature.read(reader, draft))
        reader.finish()
        return message


@dataclass(frozen=True)
class Success:
    """A publication is stored."""


@dataclass(frozen=True)
class Failure:
    """An authenticated refusal."""


@dataclass(frozen=True)
class StorageStatus:
    count: int


class Handshake:
    """The publisher's side of one handshake: dake1, on_dake2, dake3, on_answer, in this order."""

    def __init__(self, device: Device, publisher: str, server: str, ephemeral: KeyPair | None = None) -> None:
        self.draft = device.draft
        self.tag = device.tag
        self.client_profile = device.client_profile.encoded
        self.long_term = device.long_term
        self.server = server
        self.phi = phi(publisher, server)
        self.i = ephemeral or KeyPair.generate()
        self.I = self.i.public

    def dake1(self) -> bytes:
        return header(0x35) + INT(self.tag) + self.client_profile + self.I

    def on_dake2(self, encoded: bytes, fingerprint: str | None = None) -> None:
        """Checks the server's answer and derives the keys; raises `Malformed` or `Invalid`."""
        dake2 = Dake2.decode(encoded, self.draft)
        if dake2.receiver != self.tag:
            raise Invalid(f"DAKE-2 for {dake2.receiver:08x}")
        if dake2.server != self.server:
            raise Invalid(f"DAKE-2 of {dake2.server}")
        if fingerprint not in (None, self.draft.fingerprint(dake2.H_s)):
            raise Invalid("DAKE-2 with another fingerprint")
        self.H_s, self.S = valid_point(dake2.H_s).encode(), valid_point(dake2.S).encode()
        self.composite = composite_identity(self.draft, dake2.server, self.H_s)
        transcript = self.client_profile, self.composite, self.I, self.S, self.phi
        self.t_dake2, self.t_dake3 = t_dake2(*transcript), t_dake3(*transcript)
        dake2.sigma.verify(self.draft, (self.long_term.public, self.H_s, self.I), self.t_dake2)
        self.keys = SessionKeys(KDF(Usage.SK, self.draft.ecdh(self.i, self.S)))

    def dake3(self, inner: bytes, signer: KeyPair | None = None, random: RandomScalar = random_scalar) -> bytes:
        """Signs as this device; another `signer` makes a wrong signature."""
        ring = (self.long_term.public, self.H_s, self.S)
        if signer is None:
            sigma = ring_sign(self.draft, ring, self.long_term, self.t_dake3, random)
        else:
            sigma = ring_sign(self.draft, (signer.public, self.H_s, self.S), signer, self.t_dake3, random)
        return header(0x37) + INT(self.tag) + sigma.encode(self.draft) + DATA(inner)

    def storage_request(self) -> bytes:
        return header(0x09) + self.keys.storage_request_mac()

    def publication(
        self,
        prekeys: Sequence[OneTimeKeys] = (),
        client_profile: ClientProfile | None = None,
        prekey_profile: PrekeyProfile | None = None,
        shared_prekey: KeyPair | None = None,
    ) -> Publication:
        """A right publication; `shared_prekey` belongs to `prekey_profile`."""
        m, proofs = self.keys.m, b""
        if prekeys:
            y, b = [keys.y for keys in prekeys], [keys.b for keys in prekeys]
            proofs += EcdhProof.make(self.draft, Usage.PROOF_MESSAGE_ECDH, y, m).encode(self.draft)
            proofs += DhProof.make(b, m).encode()
        if prekey_profile:
            assert shared_prekey
            proofs += EcdhProof.make(self.draft, Usage.PROOF_SHARED_ECDH, [shared_prekey], m).encode(self.draft)
        return Publication(
            tuple(keys.message.encode() for keys in prekeys),
            client_profile and client_profile.encoded,
            prekey_profile and prekey_profile.encoded,
            proofs,
        )

    def on_answer(self, encoded: bytes) -> Success | Failure | StorageStatus:
        """Reads and authenticates the answer to DAKE-3; raises `Malformed` or `Invalid`."""
        reader = Reader(encoded)
        kind = reader.header()
        receiver = reader.int()
        if receiver != self.tag:
            raise Invalid(f"answer for {receiver:08x}")
        answer: Success | Failure | StorageStatus
        if kind == 0x06:
            answer, mac = Success(), self.keys.success_mac(receiver)
        elif kind == 0x05:
            answer, mac = Failure(), self.keys.failure_mac(receiver)
        elif kind == 0x0B:
            answer = StorageStatus(reader.int())
            mac = self.keys.storage_status_mac(receiver, answer.count)
        else:
            raise Malformed(f"answer of type {kind:#04x}")
        if reader.take(64) != mac:
            raise Invalid("wrong MAC in an answer")
        reader.finish()
        return answer


@dataclass(frozen=True)
class Publication:
    """Prekey server specification, "Prekey Publication Message". Parts are bytes so that a test can spoil one."""

    messages: tuple[bytes, ...]
    client_profile: bytes | None
    prekey_profile: bytes | None
    proofs: bytes

    def mac(self, K_mac: bytes) -> bytes:
        value = K_mac + BYTE(0x08) + BYTE(len(self.messages)) + KDF(Usage.PREKEY_MESSAGES, b"".join(self.messages))
        value += BYTE(self.client_profile is not None)
        if self.client_profile is not None:
            value += KDF(Usage.CLIENT_PROFILE, self.client_profile)
        value += BYTE(self.prekey_profile is not None)
        if self.prekey_profile is not None:
            value += KDF(Usage.PREKEY_PROFILE, self.prekey_profile)
        return KDF(Usage.PUBLICATION_MAC, value + KDF(Usage.PROOFS, self.proofs))

    def encode(self, keys: SessionKeys) -> bytes:
        return (
            header(0x08)
            + BYTE(len(self.messages)) + b"".join(self.messages)
            + BYTE(self.client_profile is not None) + (self.client_profile or b"")
            + BYTE(self.prekey_profile is not None) + (self.prekey_profile or b"")
            + self.proofs
            + self.mac(keys.K_mac)
        )  # fmt: skip

    @staticmethod
    def verify(encoded: bytes, draft: Draft, keys: SessionKeys, device: ClientProfile, now: float) -> Publication:
        """What a server checks of the publication of an authenticated device; a client never gets one, tests do."""
        reader = Reader(encoded)
        reader.expect(0x08)
        messages = [PrekeyMessage.read(reader) for _ in range(reader.byte())]
        client_profile = ClientProfile.read(reader, draft) if _flag(reader) else None
        prekey_profile = PrekeyProfile.read(reader, draft) if _flag(reader) else None
        start, m = reader.at, keys.m
        Y, B = [message.Y for message in messages], [message.B for message in messages]
        if messages:
            ecdh, dh = EcdhProof.read(reader, draft), DhProof.read(reader)
        if prekey_profile:
            shared = EcdhProof.read(reader, draft)
        publication = Publication(
            tuple(message.encode() for message in messages),
            client_profile and client_profile.encoded,
            prekey_profile and prekey_profile.encoded,
            encoded[start : reader.at],
        )
        if reader.take(64) != publication.mac(keys.K_mac):
            raise Invalid("wrong MAC of a publication")
        reader.finish()
        if len({message.identifier for message in messages}) != len(messages):
            raise Invalid("an identifier twice")
        for message in messages:
            message.validate(device.owner)
        if messages:
            ecdh.verify(draft, Usage.PROOF_MESSAGE_ECDH, Y, m)
            dh.verify(B, m)
        if client_profile:
            client_profile.validate(device.owner, now)
            if client_profile.long_term != device.long_term:
                raise Invalid("Client Profile of another key")
        if prekey_profile:
            prekey_profile.validate(device.owner, device.long_term, now)
            shared.verify(draft, Usage.PROOF_SHARED_ECDH, [prekey_profile.D], m)
        return publication


def _flag(reader: Reader) -> bool:
    value = reader.byte()
    if value > 1:
        raise Malformed(f"{value} profiles")
    return value == 1


# ---------------------------------------------------------------------------------------------------------------------
# Retrieval


NO_ENSEMBLES_TEXT = "No Prekey Messages available for this identity"


@dataclass(frozen=True)
class Ensemble:
    client_profile: ClientProfile
    prekey_profile: PrekeyProfile
    message: PrekeyMessage

    @staticmethod
    def read(reader: Reader, draft: Draft) -> Ensemble:
        return Ensemble(
            ClientProfile.read(reader, draft), PrekeyProfile.read(reader, draft), PrekeyMessage.read(reader)
        )

    def validate(self, now: float) -> None:
        """OTRv4, "Validating Prekey Ensembles": all are valid, of one device and of one long-term key."""
        owner = self.client_profile.owner
        self.client_profile.validate(owner, now)
        self.prekey_profile.validate(owner, self.client_profile.long_term, now)
        self.message.validate(owner)


@dataclass(frozen=True)
class Retrieval:
    """The answer to a query: ensembles, none when there was a No Prekey Ensembles message."""

    receiver: int
    identity: str
    draft: Draft | None
    """Unknown when there are no ensembles: that message is the same in both."""
    ensembles: tuple[Ensemble, ...]


def ensemble_query(sender: int, identity: str, versions: bytes = b"4") -> bytes:
    return header(0x10) + INT(sender) + DATA(identity.encode()) + DATA(versions)


def read_retrieval(encoded: bytes, sender: int, identity: str, now: float) -> Retrieval:
    """Reads the answer to `ensemble_query(sender, identity)`, whichever its draft is, and validates all of it."""
    reader = Reader(encoded)
    kind = reader.header()
    if kind == 0x0E:
        retrieval = Retrieval(reader.int(), reader.text(), None, ())
        text = reader.text()
        reader.finish()
        if text != NO_ENSEMBLES_TEXT:
            raise Malformed(f"text of No Prekey Ensembles is {text!r}")
    elif kind == 0x13:
        retrieval = _read_ensembles(encoded)
    else:
        raise Malformed(f"answer of type {kind:#04x} to a query")
    if retrieval.receiver != sender:
        raise Invalid(f"ensembles for {retrieval.receiver:08x}")
    if retrieval.identity != identity:
        raise Invalid(f"ensembles of {retrieval.identity!r}, not of {identity!r}")
    for ensemble in retrieval.ensembles:
        ensemble.validate(now)
    return retrieval


def _read_ensembles(encoded: bytes) -> Retrieval:
    """The key types behind L tell the draft, and so the size of L: tries both."""
    wrong: list[Malformed] = []
    for draft in DRAFTS:
        reader = Reader(encoded)
        try:
            reader.expect(0x13)
            receiver, identity = reader.int(), reader.text()
            count = int.from_bytes(reader.take(draft.count_bytes), "big")
            if not count:
                raise Malformed("no ensembles at all")
            if count > 255:
                raise Malformed(f"{count} ensembles")
            ensembles = tuple(Ensemble.read(reader, draft) for _ in range(count))
            reader.finish()
            return Retrieval(receiver, identity, draft, ensembles)
        except Malformed as e:
            wrong.append(e)
    raise Malformed("; ".join(f"as {draft}: {e}" for draft, e in zip(DRAFTS, wrong)))


# ---------------------------------------------------------------------------------------------------------------------
# Text: armour and fragments


def armour(message: bytes) -> str:
    return base64.b64encode(message).decode() + "."


def unarmour(text: str) -> bytes:
    """Strict, as a client may be with what the server writes."""
    if not text.endswith("."):
        raise Malformed("no full stop at the end")
    try:
        message = base64.b64decode(text[:-1], validate=True)
    except binascii.Error as wrong:
        raise Malformed("no base64") from wrong
    if armour(message) != text:
        raise Malformed("a second spelling of base64")
    return message


def fragments(text: str, size: int, identifier: int, sender: int, receiver: int = 0) -> list[str]:
    """Cuts armoured text into pieces of `size` characters, each in the frame of a fragment."""
    pieces = [text[i : i + size] for i in range(0, len(text), size)]
    return [
        fragment(identifier, sender, receiver, index, len(pieces), piece)
        for index, piece in enumerate(pieces, start=1)
    ]


def fragment(identifier: int, sender: int, receiver: int, index: int, total: int, piece: str) -> str:
    return f"?OTRP|{identifier:08x}|{sender:08x}|{receiver:08x},{index},{total},{piece},"


_FRAGMENT = re.compile(
    r"\?OTRP\|(?P<id>[0-9A-Fa-f]{1,10})\|(?P<sender>[0-9A-Fa-f]{1,8})\|(?P<receiver>[0-9A-Fa-f]{1,8})"
    r",(?P<index>[0-9]{1,5}),(?P<total>[0-9]{1,5}),(?P<piece>[^,]+),"
)


def join(parts: Iterable[str]) -> str:
    """The text of one message from all of its fragments, in any order; ids are texts (the Go server's are decimal)."""
    pieces: dict[int, str] = {}
    first: re.Match[str] | None = None
    for part in parts:
        match = _FRAGMENT.fullmatch(part)
        if not match:
            raise Malformed(f"not a fragment: {part[:40]!r}")
        first = first or match
        if match.group("id", "sender", "receiver", "total") != first.group("id", "sender", "receiver", "total"):
            raise Malformed("fragments of two messages")
        index = int(match["index"])
        if not 1 <= index <= int(match["total"]) <= 65535:
            raise Malformed(f"fragment {index} of {match['total']}")
        pieces.setdefault(index, match["piece"])
    if not first or len(pieces) != int(first["total"]):
        raise Malformed(f"{len(pieces)} fragments are not all")
    return "".join(pieces[index] for index in sorted(pieces))
