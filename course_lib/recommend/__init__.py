"""Recommending: logs, cleaning, neighbours, factors, ranking measures, k-means and user profiles."""
