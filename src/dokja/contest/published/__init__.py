"""What leaves the office: votes without identities, and what follows from them."""
