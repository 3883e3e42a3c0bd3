"""How good an answer after a review should be (PG-1). Pure."""

from fractions import Fraction

# The mean of the answers should lie above it.
TARGET = Fraction(85, 10)
