"""Menus: where the doors are, what they look like, and where they lead."""

from __future__ import annotations

from dataclasses import dataclass

from tests.wild.draw import Draw
from tests.wild.site import LOGIN, Site, View, esc

ORDER = ("chat", "ticket", "help", "files", "account", "billing")
HOST = {"chat": "chat", "ticket": "desk", "help": "help", "files": "store", "account": "me", "login": "id"}
"""Area → the host that it is on if it is on a host of its own."""
ICONS = {
    "home": "home",
    "chat": "comments",
    "ticket": "envelope",
    "help": "question",
    "files": "cloud-upload",
    "account": "user",
    "billing": "credit-card",
    "login": "sign-in",
    "logout": "sign-out",
}
GUARDED = ("account", "billing")


@dataclass(frozen=True, slots=True)
class Door:
    """An entry of the menu; `at` is its element's id."""

    area: str
    label: str
    href: str
    at: str


def place(draw: Draw, area: str) -> str:
    """Where an area is: `inline`, `frame`, `host`, `bubble`, `sidebar` or `dialog`."""
    places = {
        "chat": draw.chat_place,
        "ticket": draw.ticket_place,
        "help": draw.help_place,
        "files": draw.files_place,
        "account": draw.account_place,
        "login": draw.login_place,
    }
    return places.get(area, "inline")


def href(site: Site, area: str) -> str:
    """Where a door leads."""
    if place(site.draw, area) == "host":
        return site.url[HOST[area]] + "/"
    if site.draw.router == "hash":
        return f"{site.url['www']}/#/{site.slug(area)}"
    return f"{site.url['www']}/{site.slug(area)}"


def doors(site: Site, *, signed: bool) -> list[Door]:
    """The menu's entries, as they are for somebody who is signed in or not."""
    draw = site.draw
    names = [a for a in ORDER if a not in draw.absent and place(draw, a) != "bubble"]
    if draw.wall and not signed:
        names = []
    if draw.user_menu != "plain":
        names = [a for a in names if a != "account"]
    names = ["home", *names]
    if not signed:
        names += ["login"] if draw.login_place != "sidebar" else []
    elif draw.user_menu == "plain":
        names.append("logout")
    return [Door(a, site.t[a], _leads(site, a), f"m{n}") for n, a in enumerate(names)]


def _leads(site: Site, area: str) -> str:
    if area == "logout":
        return site.url["www"] + "/out"
    return href(site, area)


def look(site: Site, door: Door) -> str:
    """A door's inside: its words, or an icon."""
    if site.draw.menu != "icons":
        return esc(door.label)
    name = ICONS[door.area]
    if site.draw.icons == "class":
        return f'<i class="fa fa-{name}"></i>'
    if site.draw.icons == "use":
        return f'<svg width=22 height=22 viewBox="0 0 9 9"><use href="#i-{name}"></use><circle r=4 cx=4 cy=4 /></svg>'
    return f'<i class="g{door.at}"></i>'


def _link(site: Site, door: Door) -> str:
    more = f' title="{esc(door.label)}"' if (site.draw.menu, site.draw.icons) == ("icons", "title") else ""
    if door.area == "login" and site.draw.login_place == "dialog":
        return f"<button type=button id={door.at} class=opens{more}>{look(site, door)}</button>"
    role = " role=tab" if site.draw.menu == "tabs" else ""
    return f'<a id={door.at}{role}{more} href="{esc(door.href)}">{look(site, door)}</a>'


def user_menu(site: Site, *, signed: bool) -> View:
    """The signed-in user's own menu, where it is not a part of the main one."""
    draw = site.draw
    if not signed or draw.user_menu == "plain":
        return View("")
    items = f'<li><a id=ma href="{esc(href(site, "account"))}">{esc(site.t["account"])}</a></li>'
    items += f'<li><a id=mo href="{site.url["www"]}/out">{esc(site.t["logout"])}</a></li>'
    if draw.user_menu == "hover":
        return View(f"<div class=hov id=mu><span>{LOGIN[0]}</span><ul>{items}</ul></div>")
    press = "const u=document.querySelector('#mu');u.onclick=()=>{const l=document.querySelector('#ml');l.classList.toggle('hidden');u.setAttribute('aria-expanded',!l.classList.contains('hidden'))};"
    button = f"<button type=button id=mu aria-haspopup=true aria-expanded=false>{LOGIN[0]}</button>"
    return View(f"{button}<ul id=ml class=hidden>{items}</ul>", press)


def bars(site: Site, *, signed: bool) -> tuple[str, str, str]:
    """What stands above, below, and in the home page's middle; the doors are in one of them."""
    draw, t = site.draw, site.t
    entries = doors(site, signed=signed)
    links = [_link(site, door) for door in entries]
    brand = f'<a class=brand href="{site.url["www"]}/">{esc(t["company"])}</a>'
    user = user_menu(site, signed=signed).html
    if draw.menu == "cards":
        always = [_link(site, d) for d in entries if d.area in {"login", "logout"}]
        cards = "".join(
            f"<div class=card>{_link(site, d)}</div>" for d in entries if d.area not in {"home", "login", "logout"}
        )
        return f"<header>{brand} {' '.join(always)} {user}</header>", "", f"<div class=cards>{cards}</div>"
    if draw.menu == "footer":
        return f"<header>{brand} {user}</header>", f"<footer>{' · '.join(links)}</footer>", ""
    if draw.menu == "sidebar":
        items = "".join(f"<li>{link}</li>" for link in links)
        return f"<header>{brand} {user}</header><aside><ul>{items}</ul></aside>", "", ""
    if draw.menu == "hamburger":
        burger = f'<button type=button id=mb aria-expanded=false aria-label="{esc(t["menu"])}">☰</button>'
        return f"<header>{brand} {burger} {user}</header><nav id=mn class=hidden>{' '.join(links)}</nav>", "", ""
    kind = "<div role=tablist>{}</div>" if draw.menu == "tabs" else "<nav>{}</nav>"
    return f"<header>{brand} {kind.format(' '.join(links))} {user}</header>", "", ""


BURGER = """
const mb=document.querySelector('#mb'); if(mb)mb.onclick=()=>{const n=document.querySelector('#mn');n.classList.toggle('hidden');mb.setAttribute('aria-expanded',!n.classList.contains('hidden'))};
"""
