"""The names of the axes and their order, everywhere.

Einsum letters: o origin, d destination, s sector, c country, u input (the sector an input is bought from).
"""

ORIGIN = "origin"
DESTINATION = "destination"
SECTOR = "sector"
COUNTRY = "country"
INPUT = "input"

FLOW = (ORIGIN, DESTINATION, SECTOR)  # who sells what to whom
INPUTS = (COUNTRY, INPUT, SECTOR)  # a country's recipe: spending on `input` by `sector`
COUNTRY_SECTOR = (COUNTRY, SECTOR)
SALES = (ORIGIN, SECTOR)
PURCHASES = (DESTINATION, SECTOR)

LABELS_OF = {ORIGIN: COUNTRY, DESTINATION: COUNTRY, COUNTRY: COUNTRY, SECTOR: SECTOR, INPUT: SECTOR}
"""Which list of labels an axis carries: origins and destinations are countries, inputs are sectors."""
