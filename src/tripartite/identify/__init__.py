"""What the data determine: profile likelihood."""

from tripartite.identify.profiles import Objective, Profile, Verdict, profile

__all__ = ["Objective", "Profile", "Verdict", "profile"]
