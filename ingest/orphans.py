"""Worker processes end with the process that started them, also when that is killed, and leave Ctrl-C to it.

Without this a worker waits for ever on a pipe of which it holds both ends itself.
"""

import multiprocessing
import os
import signal
import threading


def end_with_parent() -> None:
    """To be called once in a new worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()


def _follow(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)
