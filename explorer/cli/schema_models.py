"""JSON Schemas of the files that people write, computed from the pydantic models that read them.

They are draft 7, the newest draft that the YAML language server supports. `python -m explorer.cli.schema_models` writes
the schemas that ship with Trustwalk. `trustwalk schema` adds the names of the user's own personas and journeys.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from explorer.devices.devices import Devices
from explorer.request.file import Config
from flows.journey import Journey
from personas.persona import Persona

SHIPPED = Path(__file__).with_name("schemas")
DIALECT = "http://json-schema.org/draft-07/schema#"
MODELS: Mapping[str, type[BaseModel]] = {
    "trustwalk": Config,
    "devices": Devices,
    "persona": Persona,
    "journey": Journey,
}
ABOUT: Mapping[str, str] = {
    "trustwalk": "trustwalk.yml: values for the options of `trustwalk run`.",
    "devices": "devices.yml: the browsers and Android devices on which an app is explored.",
    "persona": "A persona: a file in a folder `personas` beside trustwalk.yml.",
    "journey": "A journey: a file in a folder `journeys` beside trustwalk.yml.",
}
Known = Mapping[str, Sequence[str]]
"""Key → words that editors offer as its value: built-in names and names from the user's own files."""
_OFFERED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "trustwalk": (("persona",), ("journey",), ("device",), ("format",), ("require",)),
    "persona": (("definitions", "Expectation", "measure"),),
    "journey": (("needs",),),
}


def schema(name: str, known: Known | None = None) -> dict[str, Any]:
    """The JSON Schema of the model with this name. It makes editors offer the words in `known`."""
    made = _draft_07(MODELS[name].model_json_schema(ref_template="#/definitions/{model}"))
    if name == "trustwalk":
        _as_written(made["properties"])
        _as_written(made["definitions"]["TargetConfig"]["properties"])
    for path in _OFFERED.get(name, ()):
        words = (known or {}).get(path[-1])
        if words:
            *inner, key = path
            place = made
            for step in inner:
                place = place[step]
            place["properties"][key] = _offer(place["properties"][key], list(words))
    return {"$schema": DIALECT, **made, "title": ABOUT[name].partition(":")[0], "description": ABOUT[name]}


def text(name: str, known: Known | None = None) -> str:
    """The schema as the text of a file."""
    return json.dumps(schema(name, known), indent=2, ensure_ascii=False) + "\n"


def _draft_07(node: Any) -> Any:
    """Convert pydantic's schema (2020-12) to draft 7, without titles that only repeat the key."""
    if isinstance(node, list):
        return [_draft_07(item) for item in node]
    if not isinstance(node, dict):
        return node
    left_out = {"discriminator", "prefixItems", "$defs", "$ref"}
    if isinstance(node.get("title"), str):
        left_out.add("title")
    if node.get("format") == "path":
        left_out.add("format")
    if "default" in node and node["default"] is None:
        left_out.add("default")
    told = {key: _draft_07(value) for key, value in node.items() if key not in left_out}
    if "$defs" in node:
        told["definitions"] = _draft_07(node["$defs"])
    if "prefixItems" in node:
        told["items"] = _draft_07(node["prefixItems"])
    if "$ref" in node:  # draft 7 ignores the siblings of a `$ref`
        told = {"allOf": [{"$ref": node["$ref"]}], **told} if told else {"$ref": node["$ref"]}
    return told


def _as_written(properties: dict[str, Any]) -> None:
    """Allow in the schema what `load_config` converts before the model sees it.

    A single word stands for a list of one, and `fail-on` stands for `fail_on`."""
    for key, value in list(properties.items()):
        choices = value.get("anyOf", [])
        lists = [choice for choice in choices if choice.get("type") == "array"]
        if lists:
            value["anyOf"] = [*(choice["items"] for choice in lists), *choices]
        if "_" in key:
            properties[key.replace("_", "-")] = value


def _offer(node: Any, words: list[str]) -> Any:
    """Make editors offer these words for the plain strings in `node`. Other words stay valid."""
    if isinstance(node, list):
        return [_offer(item, words) for item in node]
    if not isinstance(node, dict):
        return node
    if node.get("type") == "string" and "enum" not in node:
        return {"anyOf": [{"enum": words}, {"type": "string"}]} | {k: v for k, v in node.items() if k != "type"}
    return {key: _offer(value, words) for key, value in node.items()}


if __name__ == "__main__":
    SHIPPED.mkdir(exist_ok=True)
    for each in MODELS:
        (SHIPPED / f"{each}.schema.json").write_text(text(each), encoding="utf-8")
