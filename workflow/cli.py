"""The command `chengnuo`: one line on standard error for every mistake, exit codes as docs/reference says."""

from __future__ import annotations

import sys
import traceback
from collections import UserDict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

import click

from schema.errors import ChengnuoError
from workflow import commands
from workflow.commands import pure
from workflow.invocation import Invocation
from workflow.settings import load_settings

EPILOG = (
    "退出码 exit codes: 0 完成 done; 1 完成但需要人看 done, but something needs a person; "
    "2 用法或配置有误 wrong usage or configuration"
)


class Catalogue(UserDict[str, click.Command]):
    """The commands by name. The pure ones are at hand; any other question brings in every module of commands.

    The others bring the archive with them, which a pure command never waits for.
    """

    def __getitem__(self, name: str) -> click.Command:
        """One command; KeyError where there is none of this name."""
        return self.data[name] if name in self.data else self._whole()[name]

    def __contains__(self, name: object) -> bool:
        """Whether there is such a command."""
        return name in self.data or name in self._whole()

    def __iter__(self) -> Iterator[str]:
        """Every name."""
        return iter(self._whole())

    def __len__(self) -> int:
        """How many there are."""
        return len(self._whole())

    def _whole(self) -> dict[str, click.Command]:
        for module in iter_modules(commands.__path__, "workflow.commands."):
            self.data |= _named(import_module(module.name))
        return self.data


def _named(module: ModuleType) -> dict[str, click.Command]:
    return {str(command.name): command for command in module.COMMANDS}


def _invocation(name: str | None, data: Path | None) -> Invocation:
    if name in _named(pure):
        return Invocation(lambda: load_settings(data=data))
    from workflow.context import Context

    return Context(lambda: load_settings(data=data))


@click.group(
    commands=Catalogue(_named(pure)),
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(package_name="chengnuo")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="数据目录 data folder (CHENGNUO_DATA)")
@click.option("--debug", is_flag=True, help="出错时显示完整调用栈 show the traceback of an error")
@click.pass_context
def cli(ctx: click.Context, data: Path | None, debug: bool) -> None:
    """承诺 chengnuo: 31 个省级应急管理部门每年承诺了什么，比上一年变了什么。"""
    del debug  # main() looks for it: an error may come before any command runs
    ctx.obj = _invocation(ctx.invoked_subcommand, data)


def main() -> None:
    """Entry point: runs a command and turns every error into one line and an exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run the command line; the exit code."""
    try:
        result = cli.main(args=arguments, prog_name="chengnuo", standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return 130
    except click.ClickException as error:
        return _say(arguments, error.format_message(), error.exit_code)
    except ChengnuoError as error:
        return _say(arguments, str(error), error.exit_code)
    except BrokenPipeError:
        return 0
    except Exception as error:  # noqa: BLE001 - the last line of defence: one line for a person, --debug for us
        return _say(arguments, f"内部错误 internal error: {type(error).__name__}: {error} (--debug)", 1)
    return result if isinstance(result, int) else 0


def _say(arguments: list[str], message: str, code: int) -> int:
    if "--debug" in arguments:
        traceback.print_exc()
    else:
        sys.stderr.write("chengnuo: " + message.replace("\n", " ") + "\n")
    return code
