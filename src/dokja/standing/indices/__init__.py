"""AI Frontier Index, AI Diffusion Index and the moving target, as measured."""
