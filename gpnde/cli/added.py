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
    from gpnde.plugin.added import added_names, resolve, set_added_names
    from gpnde.plugin.host import forget_plugins, plugin_host

    before, installed = added_names(), plugin_host().names
    try:
        names = [resolve(name, installed) for name in given]
    except GpndeError as error:
        raise click.UsageError(str(error), context) from None
    set_added_names(tuple(dict.fromkeys((*before, *names))))
    forget_plugins()

    @context.call_on_close
    def _restore() -> None:
        set_added_names(before)
        forget_plugins()
