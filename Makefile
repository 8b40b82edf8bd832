# Thin on purpose: every target is one `course.py` command, so that Windows users lose nothing.
.PHONY: lab test build check constraints
lab:
	python course.py lab
test:
	python course.py test
build:
	python course.py build
check:
	python course.py build --check
# CUDA helper packages are dropped: each build of torch names its own (see requirements/README.md).
constraints:
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 -c requirements/pins.txt \
	  --no-annotate --no-header --no-emit-find-links --no-emit-index-url -q \
	  | sed -E 's/^(torch==[0-9.]+)\+cpu/\1/' | grep -vE '^(nvidia-|cuda-|triton)' > requirements/constraints.txt
