"""Sets the frameworks up before any test imports one."""

import environment  # noqa: F401
