"""Crypto wallets: an address whose checksum holds, as `btc:address`.

Lower-cased where the case carries nothing but a checksum or nothing at all (Ethereum, bech32); Base58 tells upper
from lower case, so those addresses stay as they are.
"""

import hashlib
import re
from typing import Final, NamedTuple

from adverts.values.keccak import hash_keccak

_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VERSIONS: Final = {0x00: "btc", 0x05: "btc", 0x30: "ltc", 0x32: "ltc", 0x1E: "doge", 0x16: "doge", 0x41: "trx"}
"""First byte of a Base58Check address -> currency; tokens such as USDT have the address of their chain."""
_MONERO: Final = (0x12, 0x13, 0x2A)  # first bytes: standard, integrated, sub-address
_BLOCK: Final = 11  # characters of Base58 that hold eight bytes of a Monero address

_BECH32: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32_SUM, _BECH32M_SUM = 1, 0x2BC830A3
_PREFIXES: Final = {"bc": "btc", "ltc": "ltc"}

_SEGWIT: Final = re.compile(r"(bc|ltc)1([qpzry9x8gf2tvdw0s3jn54khce6mua7l]{11,71})")
_ETHER: Final = re.compile(r"0x[0-9a-fA-F]{40}")
_SHORT: Final = re.compile(r"[13LMDA9T][1-9A-HJ-NP-Za-km-z]{25,34}")
_LONG: Final = re.compile(r"[48][1-9A-HJ-NP-Za-km-z]{94}(?:[1-9A-HJ-NP-Za-km-z]{11})?")


class Wallet(NamedTuple):
    """An address of a currency. `checked` is false for an Ethereum address in one case, which has no checksum."""

    currency: str
    address: str
    checked: bool = True

    @property
    def value(self) -> str:
        """Return the form that is stored and compared."""
        return f"{self.currency}:{self.address}"


def parse_wallet(text: str) -> Wallet | None:
    """Return the wallet, or None when the text is no address or its checksum fails."""
    text = text.strip()
    if _ETHER.fullmatch(text):
        return _parse_ether(text)
    if _SHORT.fullmatch(text):
        return _parse_base58(text)
    if _LONG.fullmatch(text):
        return Wallet("xmr", text) if _is_monero(text) else None
    return _parse_segwit(text.lower()) if text.islower() or text.isupper() else None


def _parse_ether(text: str) -> Wallet | None:
    digits = text[2:]
    address = f"0x{digits.lower()}"
    if digits in (digits.lower(), digits.upper()):
        return Wallet("eth", address, checked=False)
    nibbles = hash_keccak(digits.lower().encode()).hex()
    expected = "".join(
        char.upper() if int(nibble, 16) > 7 else char for char, nibble in zip(digits.lower(), nibbles, strict=False)
    )
    return Wallet("eth", address) if digits == expected else None


def _parse_base58(text: str) -> Wallet | None:
    number = _decode_base58(text)
    if number >= 1 << 200:
        return None
    decoded = number.to_bytes(25, "big")
    payload, checksum = decoded[:-4], decoded[-4:]
    if hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4] != checksum:
        return None
    leading_zeros = len(text) - len(text.lstrip("1"))
    is_exact = leading_zeros == len(decoded) - len(decoded.lstrip(b"\0"))
    currency = _VERSIONS.get(payload[0])
    return Wallet(currency, text) if currency and is_exact else None


def _decode_base58(text: str) -> int:
    number = 0
    for char in text:
        number = number * 58 + _BASE58.index(char)
    return number


def _is_monero(text: str) -> bool:
    """Return whether the blocks of a Monero address decode to bytes that end with their own Keccak checksum."""
    sizes = {_BLOCK: 8, 7: 5}
    decoded = b""
    for start in range(0, len(text), _BLOCK):
        block = text[start : start + _BLOCK]
        number, size = _decode_base58(block), sizes.get(len(block), 0)
        if number >= 1 << (8 * size):
            return False
        decoded += number.to_bytes(size, "big")
    return decoded[0] in _MONERO and hash_keccak(decoded[:-4])[:4] == decoded[-4:]


def _parse_segwit(text: str) -> Wallet | None:
    found = _SEGWIT.fullmatch(text)
    if not found:
        return None
    prefix, values = found[1], [_BECH32.index(char) for char in found[2]]
    version, size = values[0], (len(values) - 7) * 5 // 8
    expanded = [ord(char) >> 5 for char in prefix] + [0] + [ord(char) & 31 for char in prefix]
    is_checked = _sum_bech32(expanded + values) == (_BECH32M_SUM if version else _BECH32_SUM)
    if not is_checked or version > 16 or not 2 <= size <= 40 or (version == 0 and size not in (20, 32)):
        return None
    return Wallet(_PREFIXES[prefix], text)


def _sum_bech32(values: list[int]) -> int:
    """Return the checksum of BIP 173 (bech32) and BIP 350 (bech32m), which differ in what it must be."""
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATORS):
            check ^= generator if (top >> bit) & 1 else 0
    return check
