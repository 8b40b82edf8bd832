# Thin on purpose: every target is one `course.py` command, so that Windows users lose nothing.
.PHONY: lab test doctor build check constraints
lab:
	python course.py lab
test:
	python course.py test
doctor:
	python course.py doctor
build:
	python course.py build
check:
	python course.py build --check
# For maintainers, after a change of pyproject.toml: pin every package anew (see requirements/README.md).
# CUDA helper packages are dropped: each build of torch names its own. Replaced only when all of it worked.
constraints: SHELL := bash
constraints:
	set -euo pipefail; new=requirements/constraints.txt.tmp; trap 'rm -f '$$new EXIT; \
	.venv/bin/python -m uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
	  -c requirements/pins.txt --no-annotate --no-header --no-emit-find-links --no-emit-index-url -q \
	  | sed -E 's/^(torch==[0-9.]+)\+cpu/\1/' | grep -vE '^(nvidia-|cuda-|triton)' > $$new; \
	mv $$new requirements/constraints.txt
