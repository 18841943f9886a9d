"""What is a wallet and what is none; the addresses are those of the standards, or the hash of the word "example"."""

import hashlib
import random

import pytest

from adverts.values import parse_wallet
from adverts.values.keccak import hash_keccak


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("18NUEQtNyRm3Pu79rnHRPkEEvVCDi6bEFu", "btc:18NUEQtNyRm3Pu79rnHRPkEEvVCDi6bEFu"),
        (" BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4 ", "btc:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "eth:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"),
        ("9yojtoSibPxKPSB4Q1cS4WDYmaryKJrGLn", "doge:9yojtoSibPxKPSB4Q1cS4WDYmaryKJrGLn"),
        ("DCWZmfq2GqfKvuHkbNGywWPqocvX23G8si", "doge:DCWZmfq2GqfKvuHkbNGywWPqocvX23G8si"),
        (
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
            "btc:bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        ),
    ],
)
def test_accepted(text: str, value: str) -> None:
    wallet = parse_wallet(text)
    assert wallet
    assert wallet.value == value


@pytest.mark.parametrize(
    "text",
    [
        "", "bitcoin", "1" * 34, "1" * 26, "3" * 35, "4" * 95, "0x", "0x" + "g" * 40, "bc1", "bc1q" + "q" * 38,
        "bc1" + "l" * 71, "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", "é" * 34, "LTC1" + "Q" * 39,
    ],
)  # fmt: skip
def test_rejected(text: str) -> None:
    assert parse_wallet(text) is None


def test_any_change_of_one_letter_is_noticed() -> None:
    rng = random.Random(1)
    for address, letters in (
        ("18NUEQtNyRm3Pu79rnHRPkEEvVCDi6bEFu", "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"),
        ("bc1q2rv93cyctmx87czp32hse3dttpl59sjhs3fd6g", "qpzry9x8gf2tvdw0s3jn54khce6mua7l"),
    ):
        for position in range(4, len(address)):
            other = rng.choice([letter for letter in letters if letter != address[position]])
            assert parse_wallet(address[:position] + other + address[position + 1 :]) is None


def test_an_ethereum_address_in_one_case_is_unchecked() -> None:
    checked = parse_wallet("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
    plain = parse_wallet("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")
    assert checked
    assert plain
    assert (checked.value, checked.checked) == (plain.value, True)
    assert not plain.checked


@pytest.mark.parametrize("size", [0, 1, 135, 136, 137, 272, 1_000])
def test_keccak_is_sha3_with_another_padding(size: int) -> None:
    data = random.Random(size).randbytes(size)
    assert hash_keccak(data, padding=0x06) == hashlib.sha3_256(data).digest()
    assert hash_keccak(data) != hash_keccak(data, padding=0x06)


def test_keccak_of_nothing_is_the_known_value() -> None:
    assert hash_keccak(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
