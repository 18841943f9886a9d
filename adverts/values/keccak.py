"""Keccak-256 as Ethereum and Monero use it: SHA-3 with the padding of before the standard, which hashlib lacks."""

from typing import Final

_MASK: Final = (1 << 64) - 1
_RATE: Final = 136  # bytes absorbed at once: 1,600 bits less twice the 256 of the answer
_ROUNDS: Final = 24


def hash_keccak(data: bytes, padding: int = 0x01) -> bytes:
    """Return the 32 bytes of Keccak-256; with padding 0x06 those of SHA3-256, which hashlib has to compare with."""
    padded = bytearray(data + b"\0" * (_RATE - len(data) % _RATE))
    padded[len(data)] = padding
    padded[-1] |= 0x80
    state = [[0] * 5 for _ in range(5)]
    for block in range(0, len(padded), _RATE):
        for lane in range(_RATE // 8):
            start = block + 8 * lane
            state[lane % 5][lane // 5] ^= int.from_bytes(padded[start : start + 8], "little")
        state = _permute(state)
    return b"".join(state[lane][0].to_bytes(8, "little") for lane in range(4))


def _permute(a: list[list[int]]) -> list[list[int]]:
    """Return the state after the rounds of Keccak-f[1600]: theta, rho and pi, chi, iota of FIPS 202, section 3.2."""
    feedback = 1  # the register whose bits make the round constants
    for _ in range(_ROUNDS):
        column = [a[x][0] ^ a[x][1] ^ a[x][2] ^ a[x][3] ^ a[x][4] for x in range(5)]
        mixed = [column[(x - 1) % 5] ^ _rotate(column[(x + 1) % 5], 1) for x in range(5)]
        a = [[lane ^ mixed[x] for lane in a[x]] for x in range(5)]
        x, y, current = 1, 0, a[1][0]
        for step in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            current, a[x][y] = a[x][y], _rotate(current, (step + 1) * (step + 2) // 2)
        a = [[a[x][y] ^ (~a[(x + 1) % 5][y] & a[(x + 2) % 5][y]) for y in range(5)] for x in range(5)]
        for bit in range(7):
            feedback = ((feedback << 1) ^ ((feedback >> 7) * 0x71)) % 256
            if feedback & 2:
                a[0][0] ^= 1 << ((1 << bit) - 1)
    return a


def _rotate(lane: int, by: int) -> int:
    by %= 64
    return ((lane << by) | (lane >> (64 - by))) & _MASK
