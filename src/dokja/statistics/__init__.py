"""Pure statistics that several stages use: arrays in, numbers out.

Import from its modules: clustered means and contrasts, proportions, normalised
scores, power, gains over references, bootstrap, permutation, Holm; `ratings`
holds those of pairwise votes.
"""
