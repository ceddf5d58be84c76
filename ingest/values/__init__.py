"""Values parsed once: dates, periods, sums, quantities, offices, places, goals of the United Nations, with spans."""
