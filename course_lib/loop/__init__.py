"""The whole loop: logs, cleaning, profiles, prompts, films, labels, catalogue, distribution, new logs (lesson 14)."""
