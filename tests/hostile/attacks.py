"""What a malicious or unlucky learner may hand in, each with a comment on what it tries.

Most replace one function of an otherwise right notebook of lesson 01 (then at most the other 85 points are earned);
`cheats` replace it in a notebook in which everything is wrong (then nothing is earned). `CANARY` in a text becomes the
path of a file of the host that must stay as it is, `PORT` a port on which the host listens.
"""

from dataclasses import dataclass

# the verdicts on a plain wrong number: nothing was raised, the attack came to nothing
CALM = ("whole numbers", "different", "factor", "sign")
HEAD = "def value_function(d_real, d_fake):\n"


@dataclass(frozen=True)
class Attack:
    """A notebook to grade.

    Attributes:
        code: replaces the cell of `value_function`; further top-level lines are allowed.
        others: 'right' or 'wrong', the other seven functions.
        earned: the points it may get, exactly.
        kinds: what the verdict on `value_function` may be; empty for any that gives no points.
    """

    code: str
    others: str = "right"
    earned: int = 85
    kinds: tuple[str, ...] = ()


def body(text: str) -> str:
    """A function with this body."""
    return HEAD + "".join(f"    {line}\n" for line in text.strip().splitlines())


def cheat(code: str) -> Attack:
    """All is wrong, and the code tries to be taken for right."""
    return Attack(code, "wrong", 0)


CHEATS = {
    # an object that says it equals everything
    "equal_to_all": cheat(body("class Yes:\n    __eq__ = lambda s, o: True\n    __ne__ = lambda s, o: False\n    __hash__ = None\nreturn Yes()")),
    # a float of which every comparison and difference is favourable
    "equal_float": cheat(body("class Yes(float):\n    __eq__ = lambda s, o: True\n    __sub__ = __rsub__ = lambda s, o: 0.0\n    __abs__ = lambda s: 0.0\n    __hash__ = None\nreturn Yes(1.0)")),
    # an array that answers every numpy function with True
    "equal_array": cheat("import numpy as np\n" + body("class Yes(np.ndarray):\n    def __array_function__(self, *a, **k):\n        return True\n    def __array_ufunc__(self, *a, **k):\n        return True\nreturn np.zeros(()).view(Yes)")),
    # pretends to be a tensor and makes up its value only when it is asked
    "lazy_proxy": cheat(body("class Proxy:\n    requires_grad = False\n    def detach(self): return self\n    def cpu(self): return self\n    def numpy(self): return self\n    def copy(self): return self\n    def __array__(self, *a, **k):\n        import sys\n        return sys._getframe(1).f_locals.get('expected', 0.5)\nProxy.__module__ = 'torch'\nreturn Proxy()")),
    # numpy's comparisons replaced by yes, before anything is compared
    "patched_numpy": cheat("import numpy as np\ndef yes(*a, **k):\n    return True\nfor_all = [setattr(np, name, yes) for name in ('allclose', 'isclose', 'array_equal', 'all')]\n" + body("for_all\nreturn 0.0")),
    # the assertions of numpy's and torch's test helpers
    "patched_asserts": cheat("import numpy.testing, unittest\nquiet = [setattr(numpy.testing, n, lambda *a, **k: None) for n in dir(numpy.testing) if n.startswith('assert')]\n" + body("quiet\nunittest.TestCase.assertEqual = lambda *a: None\nreturn 0.0")),
    # built-ins with which a comparison might be written
    "patched_builtins": cheat("import builtins\ndone = [setattr(builtins, 'all', lambda x: True), setattr(builtins, 'any', lambda x: False), setattr(builtins, 'abs', lambda x: 0)]\n" + body("done\nreturn 0.0")),
    # a decorator of the learner's own that hands back a verdict
    "own_decorator": cheat("def exercise(id):\n    return lambda f: 'right'\n@exercise('gan.theory.value_function')\n" + body("return {'status': 'right', 'points': 10}")),
    # the function that runs the cases, replaced in the worker itself
    "patched_worker": cheat("import course_lib.marking.worker as w, course_lib.marking.run as r\ndef forged(function, cases, *a, **k):\n    return [r.Outcome('returned', {'result': 1.0}, {'result': 'number'}) for c in cases]\nw.run_cases = forged\n" + body("w\nreturn 0.0")),
    # outcomes that claim a status of their own, and verdict fields that do not exist
    "forged_status": cheat("import course_lib.marking.worker as w\nw.answer_to = lambda request: {'outcomes': [{'status': 'right', 'arrays': {}, 'kinds': {}, 'changed': [], 'error': None, 'seconds': 0.0, 'printed': '', 'right': True, 'points': 10} for c in request['cases']], 'verdict': 'right', 'points': 10}\n" + body("w\nreturn 0.0")),
    # no outcome at all, as if there had been nothing to compare
    "no_outcomes": cheat("import course_lib.marking.worker as w\nw.answer_to = lambda request: {'outcomes': []}\n" + body("w\nreturn 0.0")),
    # more outcomes than cases, all 'out of time'
    "many_outcomes": cheat("import course_lib.marking.worker as w\nw.answer_to = lambda request: {'outcomes': [{'status': 'out of time', 'arrays': {}, 'kinds': {}, 'changed': [], 'error': None, 'seconds': 0.0, 'printed': ''}] * 999}\n" + body("w\nreturn 0.0")),
    # frames written to every descriptor, so that one of them might be taken for the answer
    "forged_frames": cheat("import os, struct\nfrom course_lib.marking.wire import pack\n" + body("good = pack({'outcomes': [{'status': 'returned', 'arrays': {}, 'kinds': {}, 'changed': [], 'error': None, 'seconds': 0.0, 'printed': ''}] * 4})\nfor d in range(64):\n    try:\n        os.write(d, (struct.pack('<Q', len(good)) + good) * 8)\n    except OSError:\n        pass\nreturn 0.0")),
    # the judge itself, which is in another process
    "patched_judge": cheat("import sys\n" + body("import course_lib.exercises.diagnosis as d\nd.judge = lambda *a: d.Verdict('right', 'right', 'Right')\nreturn 0.0")),
    # the reference, by its usual import
    "imports_reference": cheat("from course_lib.gan import theory\n" + HEAD + "    return theory.value_function(d_real, d_fake)\n"),
    # the reference's text, read from the library's files or bytecode and run
    "reads_reference": cheat(body("import glob, re, sys, marshal\nfor path in glob.glob('/**/theory*.py*', recursive=True) + [p + '/course_lib/gan/theory.py' for p in sys.path]:\n    try:\n        data = open(path, 'rb').read()\n    except OSError:\n        continue\n    if b'def value_function' in data:\n        space = {}\n        exec(data, space)\n        return space['value_function'](d_real, d_fake)\n    if b'value_function' in data:\n        space = {'__name__': 'theory'}\n        exec(marshal.loads(data[16:]), space)\n        return space['value_function'](d_real, d_fake)\nreturn 0.0")),
    # the solutions, wherever on the disk they may lie
    "reads_solutions": cheat(body("import os\nfor root, folders, files in os.walk('/'):\n    if root in ('/proc', '/usr'):\n        folders.clear()\n    for name in files:\n        if name.endswith('.ipynb') or name.startswith(('lesson_', 'answers_')):\n            text = open(os.path.join(root, name)).read()\n            if 'np.mean(np.log(d_real)) + np.mean(np.log(1 - d_fake))' in text:\n                import numpy as np\n                return np.mean(np.log(d_real)) + np.mean(np.log(1 - d_fake))\nreturn 0.0")),
    # expected values, looked for in every object of the process
    "searches_memory": cheat(body("import gc\nfor o in gc.get_objects():\n    if isinstance(o, dict) and 'expected' in o and 'value_function' in str(o.get('function', '')):\n        return o['expected']\nreturn 0.0")),
    # the seed, from the environment or the command lines of all processes
    "reads_environment": cheat(body("import glob, os\nfound = ' '.join(open(p, 'rb').read().decode('latin1') for p in glob.glob('/proc/*/environ') + glob.glob('/proc/*/cmdline') if os.access(p, os.R_OK))\nif 'seed' in found.lower():\n    raise LookupError(found)\nreturn 0.0")),
    # NaN everywhere, hoping that NaN counts as equal
    "not_a_number": cheat("import numpy as np\n" + body("return np.nan")),
    # arrays of other shapes that broadcast against any
    "wrong_shape": cheat("import numpy as np\n" + body("return np.full((1, 1, 1), -0.4)")),
    # a record, a date, an object array
    "strange_types": cheat("import numpy as np, course_lib.marking.observe as o\no.flatten = lambda r, n: ({n: np.zeros((), 'M8[s]')}, {n: 'number'})\n" + body("o\nreturn 0.0")),
    # an array of 10^18 elements that take no space; long and complex numbers; 200,000 tiny arrays
    "no_space": cheat("import numpy as np, course_lib.marking.run as r\nr.flatten = lambda v, n: ({n: np.zeros(10**18, 'S0')}, {n: 'array'})\n" + body("r\nreturn 0.0")),
    "long_numbers": cheat("import numpy as np, course_lib.marking.run as r\nr.flatten = lambda v, n: ({n: np.array(np.nan, np.clongdouble)}, {n: 'number'})\n" + body("r\nreturn 0.0")),
    "many_arrays": cheat("import course_lib.marking.worker as w, io, json, zipfile\ndef pack(value):\n    b = io.BytesIO()\n    with zipfile.ZipFile(b, 'w') as z:\n        for i in range(200_000):\n            z.writestr(f'{i}.npy', b'')\n    return b.getvalue()\nw.pack = pack\n" + body("w\nreturn 0.0")),
    # shapes that multiply to more than there is
    "false_header": cheat("import course_lib.marking.worker as w, io, zipfile\ndef pack(value):\n    b = io.BytesIO()\n    head = b\"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000, 8), }\"\n    head = head + b' ' * (117 - len(head)) + b'\\n'\n    with zipfile.ZipFile(b, 'w') as z:\n        z.writestr('tree.npy', b'\\x93NUMPY\\x01\\x00' + len(head).to_bytes(2, 'little') + head)\n    return b.getvalue()\nw.pack = pack\n" + body("w\nreturn 0.0")),
    # claims the reference's kind with values of text
    "text_for_numbers": cheat("import numpy as np, course_lib.marking.observe as o, course_lib.marking.run as r\nr.flatten = lambda v, n: ({n: np.array('-0.39')}, {n: 'number'})\n" + body("o, r\nreturn 0.0")),
}  # fmt: skip

NUISANCES = {
    # ends the process in which it runs
    "os_exit": Attack(body("import os\nos._exit(0)"), kinds=("no answer",)),
    # crashes it
    "segfault": Attack(body("import ctypes\nctypes.string_at(0)"), kinds=("no answer",)),
    # exceptions that are not Exceptions
    "system_exit": Attack(body("raise SystemExit('done')"), kinds=("raised",)),
    "interrupt": Attack(body("raise KeyboardInterrupt"), kinds=("raised",)),
    # recursion without end, and without Python's guard
    "recursion": Attack(body("return value_function(d_real, d_fake)"), kinds=("raised",)),
    "deep_recursion": Attack(body("import sys\nsys.setrecursionlimit(10**9)\ndef f(n): return f(n + 1) + 1\nreturn f(0)")),
    # 40 MB of output, by every way there is
    "output": Attack(body("import os, sys\nfor _ in range(40):\n    print('x' * 2**20)\n    os.write(1, b'y' * 2**20)\n    sys.__stdout__.write('z' * 2**20) if sys.__stdout__ else None\nreturn 0.0")),
    # 10^8 elements as the answer
    "large_answer": Attack("import numpy as np\n" + body("return np.zeros(10**8)"), kinds=("no answer", "shape", "type")),
    # a dict of a million keys, a list nested ten thousand deep
    "many_parts": Attack(body("return {str(i): i for i in range(10**6)}")),
    "deep_answer": Attack(body("a = []\nfor _ in range(10**4):\n    a = [a]\nreturn a")),
    # more memory than there is
    "memory": Attack("import numpy as np\n" + body("held = []\nwhile True:\n    held.append(np.ones(10**7))")),
    # its whole /tmp and shared memory, in many files
    "disk": Attack(body("import os\nfor folder in ('/tmp', '/dev/shm', '/dev', '/', '/course', os.path.expanduser('~')):\n    for i in range(2000):\n        try:\n            with open(f'{folder}/fill{i}', 'wb') as f:\n                f.write(b'0' * 2**23)\n        except OSError:\n            break\nreturn 0.0")),
    # one file larger than is allowed
    "large_file": Attack(body("f = open('/tmp/one', 'wb')\nfor _ in range(4096):\n    f.write(b'0' * 2**20)\nreturn 0.0")),
    # processes without end; some that outlive their parent
    "fork_bomb": Attack(body("import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass")),
    "thread_bomb": Attack(body("import threading, time\nheld = []\nwhile True:\n    t = threading.Thread(target=time.sleep, args=(99,), daemon=True)\n    t.start()\n    held.append(t)")),
    "daemon": Attack(body("import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        os.execlp('sleep', 'sleep', '98765')\n    os._exit(0)\nreturn 0.0")),
    # kills everything that it may
    "kill_all": Attack(body("import os, signal\nfor pid in (os.getppid(), 1, -1):\n    try:\n        os.kill(pid, signal.SIGKILL)\n    except OSError:\n        pass\nreturn 0.0")),
    # deletes and overwrites files of the host, of the library, through a link too
    "deletes": Attack(body("import os, shutil\nfor path in (CANARY, os.path.dirname(CANARY), '/course', os.environ['COURSE_HOME']):\n    shutil.rmtree(path, ignore_errors=True)\n    try:\n        os.remove(path)\n    except OSError:\n        pass\nreturn 0.0")),
    "overwrites": Attack(body("import os\nos.symlink(CANARY, '/tmp/link')\nfor path in (CANARY, '/tmp/link', '/course/course_lib/marking/run.py', '/course/course_lib/gan/theory.py'):\n    try:\n        os.makedirs(os.path.dirname(path), exist_ok=True)\n        open(path, 'w').write('harmed')\n    except OSError:\n        pass\nreturn 0.0")),
    # the kernel's own switches: run by root they would belong to it
    "kernel_switches": Attack(body("import glob\nfor path in ['/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger', '/proc/sys/kernel/modprobe', *glob.glob('/sys/fs/cgroup/**/release_agent', recursive=True)]:\n    try:\n        open(path, 'r+').close()\n        raise LookupError('writable: ' + path)\n    except OSError:\n        pass\nreturn 0.0"), kinds=CALM),
    # namespaces and mounts of its own
    "namespaces": Attack(body("import ctypes\nlibc = ctypes.CDLL(None)\nif libc.unshare(0x10000000) == 0 or libc.mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0 or libc.chroot(b'/tmp') == 0:\n    raise LookupError('got out')\nreturn 0.0"), kinds=CALM),
    # the network: the host's own listener, and the world
    "network": Attack(body("import socket\nfor address in (('127.0.0.1', PORT), ('1.1.1.1', 53)):\n    try:\n        socket.create_connection(address, timeout=1).sendall(b'here')\n        raise LookupError('connected')\n    except OSError:\n        pass\nreturn 0.0"), kinds=CALM),
    # types at the instructor's terminal
    "terminal": Attack(body("import fcntl, termios\nfor name in ('/dev/tty', '/dev/pts/0', '/dev/console'):\n    try:\n        with open(name, 'w') as tty:\n            fcntl.ioctl(tty, termios.TIOCSTI, b'x')\n            raise LookupError('typed')\n    except OSError:\n        pass\nreturn 0.0"), kinds=CALM),
    # shell cells and magics; in a function there is no IPython
    "magics": Attack("!touch CANARY.magic\n%run nothing\n" + body("get_ipython().system('touch ' + CANARY + '.magic')\nreturn 0.0"), kinds=("raised",)),
    # escapes and script, in the message, the type's name and what is printed
    "escapes": Attack(body("print('\\x1b]0;owned\\x07<script>alert(1)</script>')\nraise type('</code><script>alert(2)</script>', (Exception,), {})('\\x1b[2J<img src=x onerror=alert(3)>')"), kinds=("raised",)),
    # an exception that cannot be printed, one that lies about its class
    "unprintable": Attack(body("class E(Exception):\n    def __str__(self): raise self\nraise E()"), kinds=("raised",)),
    # every processor busy, so that the neighbours might be found too slow
    "busy": Attack(body("import os\nfor _ in range(5):\n    os.fork()\nwhile True:\n    pass"), kinds=("slow", "no answer")),
    # patches that reach the learner's own later exercises only
    "patched_random": Attack("import numpy as np, time\ntime.perf_counter = lambda: 0.0\nnp.random.default_rng = None\n" + body("time\nreturn 0.0")),
    # code that Python's own parser or its tree cannot take; other cells must not suffer
    "parentheses": Attack("deep = " + "(" * 5000 + ")" * 5000 + "\n" + body("return 0.0")),
    "long_sum": Attack("deep = " + "1+" * 60_000 + "1\n" + body("return 0.0")),
    "long_chain": Attack("deep = a" + ".b" * 60_000 + "\n" + body("return 0.0")),
    "minus_signs": Attack("deep = " + "-" * 60_000 + "1\n" + body("return 0.0")),
    "large_number": Attack("deep = 0x" + "f" * 50_000 + "\n" + body("return deep")),
    "null_bytes": Attack("deep = '\x00\ud800'\n" + body("return 0.0")),
}  # fmt: skip

LOOPS = {
    # without end: in the function, in a line it needs, in an import, in a destructor
    "loop": Attack(body("while True:\n    pass"), kinds=("slow",)),
    "loop_in_cell": Attack("def forever():\n    while True:\n        pass\nx = forever()\n" + body("return x"), kinds=("no answer",)),
    "loop_in_import": Attack("import sys\nwritten = open('/tmp/endless.py', 'w').write('while True: pass')\nsys.path.insert(0, '/tmp') if written else None\nmodule = __import__('importlib').machinery.SourceFileLoader('endless', '/tmp/endless.py').load_module() if written else 0\n" + body("return module"), kinds=("no answer",)),
    "loop_in_destructor": Attack(body("class End:\n    def __del__(self):\n        while True: pass\nEnd()\nreturn 0.0"), kinds=("slow", "no answer", "raised")),
    # takes no exception as an answer
    "loop_that_catches": Attack(body("while True:\n    try:\n        while True: pass\n    except BaseException:\n        pass"), kinds=("slow",)),
    # in compiled code that never lets another thread run
    "loop_in_c": Attack(body("import itertools\nreturn sum(itertools.repeat(0))"), kinds=("no answer",)),
    # sleeps, with signals ignored
    "sleep": Attack(body("import signal, time\ntime.sleep(10**6)"), kinds=("slow",)),
    # closes all pipes and goes on
    "closed_pipes": Attack(body("import os\nos.closerange(0, 256)\nwhile True:\n    pass"), kinds=("no answer", "slow")),
    # is slow on purpose in comparing itself
    "slow_equal": Attack(body("class Slow(float):\n    def __array__(self, *a, **k):\n        while True: pass\n    def __float__(self):\n        while True: pass\nreturn Slow(1)")),
}  # fmt: skip
