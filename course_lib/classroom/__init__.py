"""The maintainer's and the instructor's half: build, doctor, progress, check, release, grade."""
