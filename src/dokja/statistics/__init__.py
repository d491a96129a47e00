"""Pure statistics that several stages use: arrays in, numbers out.

Import from its modules: proportions, bootstrap, permutation, Holm.
"""
