"""Values parsed once, with their spans: dates, periods, sums, units of the administration; and
municipalities.
"""
