"""Generative adversarial networks: theory, losses, networks, training, and the judge that measures them."""
