"""Language models: built from a setting, called with limits of time and cost, their replies never
trusted.

Every failure is raised as `ModelUnavailable` within the time limit; callers then continue without a
model.
"""
