"""Running code that nobody vouches for.

Three files, to be read in this order:

``wire``
    What may cross between the grader and a student's code: plain data as lines of JSON.
``worker``
    The program inside the sandbox. It runs the student's cells and calls the student's functions.
``box``
    The grader's side: it starts a worker inside bubblewrap, asks, waits no longer than it must, and
    believes nothing but well-formed answers to its own questions.
"""

from coursework.sandbox.box import Box, Limits, NoSandbox, Reply, Stopped, Tampered, ready

__all__ = ["Box", "Limits", "NoSandbox", "Reply", "Stopped", "Tampered", "ready"]
