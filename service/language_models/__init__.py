"""Language models: built from a setting, called with limits of time and cost, their replies never
trusted.

Every failure is raised as `ModelUnavailable` within the time limit; callers then continue without a
model.
"""

import lazy_loader

# The names of this door stand in `__init__.pyi`; each is imported when it is first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
