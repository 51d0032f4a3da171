"""One thread for everyone, and after the run a short table: ours beside the peer's."""

import os

# Before NumPy is imported: SciPy's functions have one thread, so ours get one too.
for variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[variable] = "1"


def pytest_terminal_summary(terminalreporter, config):
    """Print each case: both times, their ratio and our extra memory, beside the aims."""
    cases = {}
    for bench in config._benchmarksession.benchmarks:
        cases.setdefault(bench.group, {})[bench.params["who"]] = bench
    terminalreporter.section("xent_lib beside its peers: one thread, the best round of each")
    line = "{:58} {:>9} {:>9} {:>6}  {:13} {:>12}  {}".format
    terminalreporter.write_line(
        line("", "ours, ms", "peer, ms", "ratio", "aim", "extra memory", "aim")
    )
    for name, bench in cases.items():
        if len(bench) == 2:
            ours, peer = (bench[who].stats.min for who in ("ours", "peer"))
            info = bench["ours"].extra_info
            terminalreporter.write_line(
                line(
                    name,
                    f"{ours * 1e3:.3g}",
                    f"{peer * 1e3:.3g}",
                    f"{ours / peer:.2f}",
                    verdict(ours / peer, info["ratio_aim"]),
                    f"{info['extra_memory']:.3f}",
                    verdict(info["extra_memory"], info["memory_aim"]),
                )
            )
    terminalreporter.write_line(
        "extra memory: the most that was allocated at once beyond the result, over the input"
    )


def verdict(value, aim):
    """Tell whether a value reaches its aim, if it has one."""
    return "" if aim is None else f"{aim:.2f} {'met' if value <= aim else 'missed'}"
