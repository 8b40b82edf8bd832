"""Start the worker under limits of its own: the first thing that runs in the grading sandbox.

The limits are set here, in the process that they bind, and not by whoever starts it: a limit on processes counts
per user namespace, and outside it would count everything else that the same person runs.
"""

import contextlib
import json
import sys


def confine(limits: dict) -> None:
    """Set resource limits for this process and all it starts; none can be raised again.

    Args:
        limits: names of `resource` without RLIMIT_ (such as 'AS', 'NPROC', 'FSIZE', 'CPU', 'NOFILE') and values;
            what this system does not know is passed over.
    """
    try:
        import resource
    except ImportError:  # Windows: only with --unsafe-no-sandbox
        return
    for name, value in {**limits, "CORE": 0}.items():
        kind = getattr(resource, f"RLIMIT_{name}", None)
        if kind is not None:
            _, most = resource.getrlimit(kind)
            value = value if most == resource.RLIM_INFINITY else min(value, most)
            with contextlib.suppress(ValueError, OSError):  # macOS refuses some
                resource.setrlimit(kind, (value, value))


if __name__ == "__main__":
    confine(json.loads(sys.argv[1]))
    from course_lib.marking.worker import main

    main()
