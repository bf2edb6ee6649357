"""A field in a WebView may stand in any frame of its page."""

from __future__ import annotations

from explorer.surfaces.android.web_views import _below


def test_the_frames_below_a_page_are_all_told() -> None:
    tree = {
        "frame": {"id": "1", "url": "https://login.desk.com/"},
        "childFrames": [
            {
                "frame": {"id": "2", "url": "https://evil.net/login"},
                "childFrames": [{"frame": {"id": "3", "url": "about:blank"}}],
            },
            {"frame": {"id": "4", "url": "https://cdn.desk.com/x"}},
        ],
    }
    assert _below(tree) == ["https://evil.net/login", "about:blank", "https://cdn.desk.com/x"]
    assert _below({}) == []
