"""What pytest has to know about the notebooks."""


def pytest_collectstart(collector):
    """Keep nbval from comparing pictures: matplotlib writes an SVG differently on each machine."""
    if collector.path.suffix == ".ipynb":
        collector.skip_compare += ("image/svg+xml",)
