"""What the data determine: profile likelihood."""

from tripartite.errors import room
from tripartite.identify.profiles import Objective, Profile, Verdict, profile

__all__ = ["Objective", "Profile", "Verdict", "profile"]

__getattr__, __dir__ = room(__name__, __all__)
