"""付番: the made-up numbers of a town, each valid and none given twice.

Numbers that are drawn at random elsewhere come here from a walk through all bodies in steps that
meet none twice, so that nothing need be remembered of a million residents.
"""

from random import Random
from typing import ClassVar

from daicho.terms import numbers


class Numbers:
    """付番: gives each kind of number, unlike every one before it."""

    LENGTH: ClassVar[int] = 10

    def __init__(self, random: Random) -> None:
        self._record_code = _Walk(random, 10)
        self._individual = _Walk(random, 11)
        self._card = _Walk(random, 8)
        self._certificate = _Walk(random, 8)
        self._pension = _Walk(random, 10)
        self._serial = _Walk(random, 14)
        self._last_address = 0
        self._last_household = 0

    def address(self) -> str:
        """宛名番号: in sequence, with its check digit."""
        self._last_address, number = numbers.next_number(self._last_address, length=self.LENGTH)
        return number

    def household(self) -> str:
        """世帯番号: in sequence, with its check digit."""
        self._last_household, number = numbers.next_number(self._last_household, length=self.LENGTH)
        return number

    def record_code(self) -> str:
        """住民票コード."""
        body = self._record_code.body()
        return body + numbers.resident_record_code_check_digit(body)

    def individual(self) -> str:
        """個人番号."""
        body = self._individual.body()
        return body + numbers.individual_number_check_digit(body)

    def card(self) -> str:
        """在留カードの番号."""
        return f"ZX{self._card.body()}KK"

    def certificate(self) -> str:
        """特別永住者証明書の番号."""
        return f"ZY{self._certificate.body()}KK"

    def pension(self) -> str:
        """基礎年金番号."""
        return self._pension.body()

    def serial(self) -> str:
        """電子証明書シリアル番号."""
        return self._serial.body()


class _Walk:
    """Bodies of `length` digits; step and modulus share no factor, so all come before a repeat."""

    def __init__(self, random: Random, length: int) -> None:
        self._format = f"0{length}"
        self._modulus = 10**length
        self._step = random.randrange(self._modulus // 10, self._modulus) // 10 * 10 + 7
        self._at = random.randrange(self._modulus)

    def body(self) -> str:
        while True:
            self._at = (self._at + self._step) % self._modulus
            body = format(self._at, self._format)
            if body != body[0] * len(body):  # all figures alike are never a number
                return body
