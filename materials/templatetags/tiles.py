"""A category's pictures, drawn here: eighteen of them by a template were a third of the page's time."""

from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString

register = template.Library()
Context = template.Context
Card = Tile = Any  # of views/cards.py, which only views import
ICON = '<span class="icon icon-{}" aria-hidden="true"></span>'


@register.simple_tag(takes_context=True)
def tiles(context: Context, card: Card) -> SafeString:
    """Draw the tiles of a card. Context: bar, csrf_token, checking (核对并提交: legible, and back to there)."""
    return SafeString("\n".join(_tile(context, card, tile) for tile in card.tiles))


def _tile(context: Context, card: Card, tile: Tile) -> str:
    look = " tile-refused" if tile.refused else " tile-warned" if tile.warnings else ""
    parts = (
        _picture(tile, context.get("checking")),
        _ways(card, tile, "?check=1" if context.get("checking") else ""),
        _order(context, tile) if tile.earlier or tile.later else "",
        _state(tile, is_locked=not tile.removable and context["bar"].may_submit),
        '<span class="tile-note soft">补交</span>' if tile.image.is_owed else "",
        *(_note("warn", "problem", escape(sentence)) for sentence in tile.warnings),
    )
    inside = "\n".join(filter(None, parts))
    return f'<li class="tile{look}" id="image-{tile.image.id}" tabindex="-1">\n{inside}\n</li>'


def _picture(tile: Tile, checking: object) -> str:
    """Draw it so small that all are seen at once, or, to be checked, so large that it can be read."""
    links, image = tile.links, tile.image
    source = links.picture if checking else links.thumbnail
    width, height = (image.width, image.height) if checking else (136, 102)
    return (
        f'<a class="tile-picture" href="{escape(links.picture)}" target="_blank"><img src="{escape(source)}" '
        f'alt="查看{escape(tile.name)}" loading="lazy" width="{width}" height="{height}"></a>'
    )


def _ways(card: Card, tile: Tile, back: str) -> str:
    """Draw what may be done with it: 删除, and where another may be put in its place 替换 and 转正."""
    if not tile.removable:
        return ""
    name = escape(tile.name)
    removal = (
        f'<a class="tile-remove" href="{escape(tile.links.delete)}{back}" title="删除这张图片">{ICON.format("minus")}'
        f'<span class="visually-hidden">删除{name}</span></a>'
    )
    if not card.can_add:
        return removal
    sheet = f"upload-{card.code}"
    begin = (
        f'<a class="tile-replace" href="?replaces={tile.image.id}#{sheet}" data-dialog="{sheet}" '
        f'data-replaces="{tile.image.id}" data-name="{name}"'
    )
    named = f'<span class="visually-hidden">{name}</span></a>'
    turned = f'{begin} data-picture="{escape(tile.links.picture)}">转正{named}'
    return f"{removal}\n{begin}>替换{named}\n{turned}"


def _order(context: Context, tile: Tile) -> str:
    address = escape(tile.links.move) + ("?check=1" if context.get("checking") else "")
    token = f'<input type="hidden" name="csrfmiddlewaretoken" value="{context["csrf_token"]}">'
    ways = (("earlier", tile.earlier, "前移"), ("later", tile.later, "后移"))
    buttons = "\n".join(
        f'<button type="submit" name="direction" value="{way}">{word}'
        f'<span class="visually-hidden">{escape(tile.name)}</span></button>'
        for way, is_offered, word in ways
        if is_offered
    )
    return f'<form class="tile-order" action="{address}" method="post" data-move>{token}\n{buttons}\n</form>'


def _state(tile: Tile, *, is_locked: bool) -> str:
    if tile.refused:
        said = f"<strong>不合格：</strong>{escape(tile.refused)} 请替换，或删除后上传新的图片。"
        return _note("bad", "close", said)
    if tile.passed:
        return _note("good", "check", "已通过")
    return f'<span class="tile-note soft">{ICON.format("lock")} 已锁定</span>' if is_locked else ""


def _note(kind: str, icon: str, said: str) -> str:
    return f'<span class="tile-note tile-{kind}">{ICON.format(icon)} {said}</span>'
