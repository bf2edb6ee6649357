"""Spinners, and bars that are none."""

from __future__ import annotations

from explorer.surfaces.android.bars import bars
from explorer.surfaces.android.screen import read


def test_bars_are_told_apart_by_their_places() -> None:
    bar = '<android.widget.ProgressBar index="0" resource-id="step" bounds="[0,0][1080,{}]"/>'
    one, two = bars(bar.format(20)), bars(bar.format(20) + bar.format(40))
    assert len(one) == 1 and len(two - one) == 1 and not one - two
    source = f"<hierarchy>{bar.format(20)}</hierarchy>"
    assert read(source).screen.busy and not read(source, standing=one).screen.busy
    assert bars('<android.widget.Button text="ProgressBar" bounds="[0,0][1,1]"/>') == frozenset()
    assert (
        len(bars('<com.google.android.material.progressindicator.CircularProgressIndicator bounds="[0,0][9,9]"/>')) == 1
    )
    assert bars('<android.widget.ProgressBar bounds="[0,0][9,9]" displayed="false"/>') == frozenset()
