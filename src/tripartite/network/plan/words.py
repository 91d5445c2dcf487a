"""Words that no quantity may be called in generated functions."""

_WORDS = """
size now width first thread threads count spikes spike cell branch edge place neighbour row elapsed amount
base delays handed late remaining delay origin share total span ending copies
np exp log sqrt tanh absolute where power normal kernel compiled low high steps gate step begin end
ahead halfway near wide soon
"""
RESERVED = frozenset(_WORDS.split())
"""Words that generated functions use themselves."""
