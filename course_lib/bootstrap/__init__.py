"""What `python course.py` does before the environment exists: standard library only."""
