"""What runs beside a learner's code: building arguments, calling in bounded time, observing as arrays.

Nothing here knows a right answer, so all of it may be copied into the sandbox in which submissions run.
"""
