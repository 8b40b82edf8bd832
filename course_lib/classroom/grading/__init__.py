"""Grading hundreds of notebooks that nobody has read: intake, sandbox, marks, reports.

Read in this order: `intake` (which files are submissions), `withheld` (the library as submissions may see it),
`sandbox` and `groups` (where their code runs), `one` (marks one notebook), `batch` (all of them, in parallel),
`hand` (marks.toml), `copies` (what looks copied), `gradebook`, `feedback` and `overview` (what comes out).

No notebook kernel is started. What is marked are functions, and a function needs its definition, its imports and
its cases, not the Jupyter machinery; so the process in the sandbox is `course_lib.marking.worker`, which takes
program text and cases and gives back arrays. That leaves out kernel messages, and with them every way to forge
one, and a submission costs one start of Python, not one of a kernel.
"""
