"""Everything that differs between cities, in one object each."""

from dispatch.cities.city import City as City
from dispatch.cities.files import known as known
from dispatch.cities.files import named as named
