"""The option ``--plugin``: a plugin that is not installed, named for one command and the processes that it starts."""

from __future__ import annotations

from typing import Any

import click


def plugin_option(**settings: Any) -> click.Option:
    """Return the option ``--plugin PATH|NAME``, which may be given more than once."""
    return click.Option(
        ["--plugin"],
        metavar="PATH|NAME",
        multiple=True,
        expose_value=False,
        callback=_add_plugins,
        help="Also use the plugin in a .py file, a package folder or a module; may be repeated.",
        **settings,
    )


def _add_plugins(context: click.Context, _: click.Parameter, given: tuple[str, ...]) -> None:
    """Name plugins before anything looks for plugins, until the command ends."""
    if not given:
        return
    from gpnde.errors import GpndeError
    from gpnde.plugin.host import add_plugin, additions_taken_back

    context.with_resource(additions_taken_back())
    try:
        for name in given:
            add_plugin(name)
    except GpndeError as error:
        raise click.UsageError(f"--plugin {error}", context) from None
