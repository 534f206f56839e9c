"""Personal numbers in free text are masked before anything is kept (domain.md section 8)."""

from __future__ import annotations

import re

_PHONE = re.compile(r"(?<!\d)((?:[8８][6６][ -]?)?[1１][3-9３-９]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXxＸｘ](?!\d)")
_LEFT_OUT = "[证件号]"


def mask_numbers(text: str) -> str:
    """Take identity numbers out of a text and mask mobile numbers, however wide their digits are.

    Examples
    --------
    >>> mask_numbers("联系 13812345678，证件 14112619800101001X")
    '联系 138****5678，证件 [证件号]'
    >>> mask_numbers("+86 138-1234-5678，编号 141126100001001"), mask_numbers("１３８１２３４５６７８")
    ('+86 138****5678，编号 141126100001001', '１３８****５６７８')
    """
    return _PHONE.sub(r"\1****\2", _IDENTITY.sub(_LEFT_OUT, text))
