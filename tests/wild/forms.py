"""Forms: how fields are labelled, what wraps them, in how many steps they come, and what sends them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.wild.draw import Draw
from tests.wild.site import View, esc, js

PLANE = (
    '<svg class="icon icon-paper-plane" viewBox="0 0 24 24" width=20 height=20><path d="M2 3l20 9-20 9 4-9z"/></svg>'
)
TAP = "cursor:pointer;display:inline-block;padding:8px 14px;background:#dde6ee"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `kind` is an input's type, or `area`, `rich`, `select`, `radio`, `combobox`."""

    name: str
    label: str
    kind: str = "text"
    options: tuple[str, ...] = ()
    auto: str = ""


@dataclass(frozen=True, slots=True)
class Sending:
    """How a form is sent: its button's words; `action` if the browser sends it; else `script`, which gets `data`.

    `script` is JavaScript in an async function of `data` and `file`; what it throws is said by `failed`."""

    label: str
    action: str = ""
    script: str = ""
    failed: str = ""
    incomplete: str = ""


def form(draw: Draw, fields: Sequence[Field], sending: Sending, *, mark: str, steps: str = "whole") -> View:
    """The fields in the manner that was drawn. The field n has the id `<mark>n`, the sender `<mark>go`, the next `<mark>on`."""
    rows = [_row(draw, field, f"{mark}{n}") for n, field in enumerate(fields)]
    stepped = steps == "one-field"
    if stepped:
        rows = [f"<div class='step{' hidden' if n else ''}'>{row}</div>" for n, row in enumerate(rows)]
    body = _around(draw, rows, stepped=stepped)
    more = ""
    if stepped:
        more = f"<button type=button id={mark}on>{esc(sending.label.split('|')[-1])}</button>"
    label = sending.label.split("|")[0]
    sender = _sender(draw, label, f"{mark}go", native=bool(sending.action), hidden=stepped)
    hint = f"<p id={mark}hint role=alert></p>"
    if draw.wrapper == "div" and not sending.action:
        inner = f"<div id={mark}form class=box>{body}{hint}{more}{sender}</div>"
    else:
        way = f' method=post enctype="multipart/form-data" action="{esc(sending.action)}"' if sending.action else ""
        inner = f"<form id={mark}form class=box{way}>{body}{hint}{more}{sender}</form>"
    return View(inner, _script(draw, fields, sending, mark, stepped=stepped))


def _row(draw: Draw, field: Field, at: str) -> str:
    if field.kind == "check":
        return f'<label><input type=checkbox id={at} name="{field.name}" value=1 required> {esc(field.label)}</label>'
    labels = draw.labels
    if field.kind == "radio":
        choices = "".join(
            f'<label><input type=radio name="{field.name}" value="{n}"> {esc(o)}</label> '
            for n, o in enumerate(field.options)
        )
        return f"<fieldset id={at}><legend>{esc(field.label)}</legend>{choices}</fieldset>"
    if labels == "placeholder" and field.kind in {"select", "date", "file", "rich"}:
        labels = "aria"  # these show no placeholder
    if field.kind == "rich" and labels in {"for", "wrap", "table", "dl"}:
        return f"<p id={at}l>{esc(field.label)}</p>{_control(draw, field, at, f'aria-labelledby={at}l')}"
    told = esc(field.label)
    if labels == "wrap":
        return f"<label>{told} {_control(draw, field, at)}</label>"
    if labels == "placeholder":
        return _control(draw, field, at, f'placeholder="{told}"')
    if labels == "aria":
        return _control(draw, field, at, f'aria-label="{told}"')
    if labels == "table":
        return f"<tr><td>{told}</td><td>{_control(draw, field, at)}</td></tr>"
    if labels == "dl":
        return f"<dt>{told}</dt><dd>{_control(draw, field, at)}</dd>"
    return f"<label for={at}>{told}</label> {_control(draw, field, at)}"


def _control(draw: Draw, field: Field, at: str, more: str = "") -> str:
    name = field.name if draw.names == "english" or field.auto else f"f_{sum(field.name.encode()) % 97}"
    common = f'id={at} name="{name}" {more}' + (f' autocomplete="{field.auto}"' if field.auto else "")
    if field.kind == "area":
        return f"<textarea {common} rows=4 cols=40 required></textarea>"
    if field.kind == "rich":
        return f"<div id={at} {more} contenteditable=true role=textbox class=rich></div>"
    if field.kind == "select":
        options = "".join(f'<option value="{n}">{esc(o)}</option>' for n, o in enumerate(field.options))
        return f"<select {common} required><option value=''></option>{options}</select>"
    if field.kind == "combobox":
        listed = "".join(f"<div role=option>{esc(o)}</div>" for o in field.options)
        box = f"<div id={at}list role=listbox class='pop hidden'>{listed}</div>"
        return f"<input {common} role=combobox aria-expanded=false aria-controls={at}list autocomplete=off>{box}"
    required = "" if field.kind == "file" else " required"
    return f"<input type={field.kind} {common}{required}>"


def _around(draw: Draw, rows: Sequence[str], *, stepped: bool) -> str:
    if stepped:
        tag = {"table": ("<table>", "</table>"), "dl": ("<dl>", "</dl>")}.get(draw.labels, ("", ""))
        return "".join(row.replace("<tr>", f"{tag[0]}<tr>").replace("</tr>", f"</tr>{tag[1]}") for row in rows)
    if draw.labels == "table":
        return (
            "<table>"
            + "".join(r if r.startswith("<tr") else f"<tr><td colspan=2>{r}</td></tr>" for r in rows)
            + "</table>"
        )
    if draw.labels == "dl":
        return "<dl>" + "".join(r if r.startswith("<dt") else f"<dd>{r}</dd>" for r in rows) + "</dl>"
    return "".join(f"<p>{r}</p>" if not r.startswith(("<fieldset", "<p")) else r for r in rows)


def _sender(draw: Draw, label: str, at: str, *, native: bool, hidden: bool) -> str:
    gone = " class=hidden" if hidden else ""
    kind = "submit" if native or draw.wrapper == "form" else "button"
    told = esc(label)
    if draw.sender == "input":
        return f'<input type={kind} id={at} value="{told}"{gone}>'
    if draw.sender == "icon":
        return f'<button type={kind} id={at} aria-label="{told}"{gone}>{PLANE}</button>'
    if draw.sender == "tappable" and not native:
        return f'<div id={at} style="{TAP}" tabindex=0{gone}>{told}</div>'
    return f"<button type={kind} id={at}{gone}>{told}</button>"


def _script(draw: Draw, fields: Sequence[Field], sending: Sending, mark: str, *, stepped: bool) -> str:
    names = [[f.name, f.kind] for f in fields]
    out = (
        f"const q=s=>root.querySelector(s),M={js(mark)},F={js(names)},hint=t=>q('#'+M+'hint').textContent=t;" + _VALUES
    )
    if stepped:
        out += _STEPS.replace("INCOMPLETE", js(sending.incomplete))
    if sending.action:
        return out
    return out + _SEND.replace("INCOMPLETE", js(sending.incomplete)).replace("SEND", sending.script).replace(
        "FAILED", sending.failed
    )


_VALUES = """
const value=(n)=>{const [name,kind]=F[n],e=q('#'+M+n);
 if(kind==='rich')return e.innerText.trim(); if(kind==='check')return e.checked?'1':'';
 if(kind==='radio')return (e.querySelector('input:checked')||{}).value||''; return e.value;};
F.forEach(([name,kind],n)=>{ if(kind!=='combobox')return; const e=q('#'+M+n),l=q('#'+M+n+'list');
 const open=o=>{l.classList.toggle('hidden',!o);e.setAttribute('aria-expanded',o)};
 e.addEventListener('focus',()=>open(true)); e.addEventListener('click',()=>open(true));
 e.addEventListener('input',()=>{open(true);const any=[...l.children].some(o=>o.textContent.toLowerCase().includes(e.value.toLowerCase()));
  for(const o of l.children)o.hidden=any&&!o.textContent.toLowerCase().includes(e.value.toLowerCase())});
 for(const o of l.children)o.addEventListener('mousedown',v=>{v.preventDefault();e.value=o.textContent;open(false)}); });
"""
_STEPS = """
let at=0; const steps=[...root.querySelectorAll('#'+M+'form .step')];
q('#'+M+'on').addEventListener('click',()=>{ const kind=F[at][1];
 if(!value(at)&&kind!=='file'){hint(INCOMPLETE);return} hint(''); steps[at++].classList.add('hidden'); steps[at].classList.remove('hidden');
 if(at===steps.length-1){q('#'+M+'on').classList.add('hidden');q('#'+M+'go').classList.remove('hidden')} });
"""
_SEND = """
let busy=0; const go=async()=>{ if(busy)return; const data={}; let file=null,missing=0;
 F.forEach(([name,kind],n)=>{ if(kind==='file'){file=q('#'+M+n).files[0]||null;return} data[name]=value(n);
  if(!data[name])missing=1; });
 if(missing){hint(INCOMPLETE);return} hint(''); busy=1;
 const clear=()=>F.forEach(([name,kind],n)=>{const e=q('#'+M+n); if(kind==='rich')e.innerText='';else if(kind==='check')e.checked=false;else if(kind!=='radio')e.value=''});
 try{ SEND }catch(e){ FAILED } busy=0; };
const f=q('#'+M+'form'); if(f.tagName==='FORM')f.addEventListener('submit',e=>{e.preventDefault();go()}); else q('#'+M+'go').addEventListener('click',go);
if(f.tagName==='FORM'&&q('#'+M+'go').tagName==='DIV')q('#'+M+'go').addEventListener('click',()=>f.requestSubmit());
"""
