"""The kernel: digests, canonical bytes, acts, estimates, statements, seeds.

Import from its modules: each is small, and only `seeds` needs numpy.
"""
