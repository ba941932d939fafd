"""How telephone numbers are written down to be read."""

from functools import lru_cache

import phonenumbers


@lru_cache(maxsize=500)  # one stands at the foot of every page
def grouped(number: str, region: str = "DE") -> str:
    """Return a number (E.164) as it is written down to be read: as dialled inside its own region.

    What is no number comes back as it is.
    """
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return number
    own = phonenumbers.country_code_for_region(region) == parsed.country_code
    forms = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, forms.NATIONAL if own else forms.INTERNATIONAL)
