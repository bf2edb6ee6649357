"""`trustwalk run app.apk`: explores an Android package on Android devices."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from explorer.devices.android.tools import AndroidError, Tools, find_tools
from explorer.devices.data_folder import data_folder
from explorer.targets.apk.guarded import read_untrusted
from explorer.targets.apk.package import SUFFIXES, App
from explorer.targets.error import TargetError


class NotReady(click.ClickException):
    """This machine cannot explore Android apps yet. The message tells the user why; the exit code is 3."""

    exit_code = 3


def is_package(target: str) -> bool:
    """Whether TARGET is a file and not a web address."""
    return "://" not in target and (target.lower().endswith(SUFFIXES) or Path(target).is_file())


@contextmanager
def package(target: str) -> Iterator[App]:
    """Unpack an app's file, yield the app, and remove the unpacked files on exit. Raises click.BadParameter."""
    with TemporaryDirectory(prefix="trustwalk-app-") as workspace:
        try:
            app = read_untrusted(Path(target), Path(workspace))
        except TargetError as error:
            raise click.BadParameter(str(error), param_hint="TARGET") from error
        yield app


def android_tools() -> Tools:
    """The paths of Appium, its driver, Node and adb. Raises NotReady if one of them is missing."""
    try:
        return find_tools(data_folder())
    except AndroidError as error:
        raise NotReady(str(error)) from error
