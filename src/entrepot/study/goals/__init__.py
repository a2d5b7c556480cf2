"""Goal seek: which policy reaches a target."""
