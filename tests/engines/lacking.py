"""What the browsers that we hold lack: features, what each looks like in a source, and who has it since when.

The versions are those of MDN's browser-compat-data 8.1.9 (npm @mdn/browser-compat-data); `source` is the key there,
where a feature has several parts that of the last to come. What all three have (?. and ??, numeric separators,
clamp(), Promise.allSettled …) is in no row.
"""

import re
from typing import NamedTuple

HELD = {"chrome": 80.0, "safari_ios": 14.5, "firefox": 78.0}  # README; WeChat's XWeb is a newer Chrome
NEVER = 999.0


class Feature(NamedTuple):
    name: str
    pattern: str
    chrome: float
    safari_ios: float
    firefox: float
    source: str
    instead: str = ""  # what makes it good where it stands in the same rule (a prefix, an earlier declaration)


CSS = (
    Feature("inset", r"[{;]\s*inset(-\w+)*\s*:", 87, 14.5, 66, "css.properties.inset"),
    Feature("margin-inline, -block", r"[{;]\s*margin-(inline|block)\s*:", 87, 14.5, 66, "css.properties.margin-inline"),
    Feature(
        "padding-inline, -block", r"[{;]\s*padding-(inline|block)\s*:", 87, 14.5, 66, "css.properties.padding-inline"
    ),
    Feature("border-inline, -block", r"[{;]\s*border-(inline|block)\s*:", 87, 14.5, 66, "css.properties.border-inline"),
    Feature("mask", r"[{;]\s*mask(-\w+)*\s*:", 120, 15.4, 53, "css.properties.mask", r"-webkit-mask"),
    Feature("appearance", r"[{;]\s*appearance\s*:", 84, 15.4, 80, "css.properties.appearance", r"-webkit-appearance"),
    Feature("aspect-ratio", r"[{;]\s*aspect-ratio\s*:", 88, 15, 89, "css.properties.aspect-ratio"),
    Feature("accent-color", r"[{;]\s*accent-color\s*:", 93, 26.2, 92, "css.properties.accent-color"),
    Feature("text-wrap", r"[{;]\s*text-wrap(-\w+)*\s*:", 114, 17.4, 121, "css.properties.text-wrap"),
    Feature(
        "text-underline-offset", r"text-underline-offset\s*:", 87, 12.2, 70, "css.properties.text-underline-offset"
    ),
    Feature("text-align-last", r"text-align-last\s*:", 47, 16, 49, "css.properties.text-align-last"),
    Feature("overscroll-behavior", r"overscroll-behavior(-\w)?\s*:", 63, 16, 59, "css.properties.overscroll-behavior"),
    Feature("scroll-behavior", r"(?<!over)scroll-behavior\s*:", 61, 15.4, 36, "css.properties.scroll-behavior"),
    Feature("scrollbar-gutter", r"scrollbar-gutter\s*:", 94, 18.2, 97, "css.properties.scrollbar-gutter"),
    Feature("content-visibility", r"content-visibility\s*:", 85, 18, 125, "css.properties.content-visibility"),
    Feature("field-sizing", r"field-sizing\s*:", 123, 26.2, 152, "css.properties.field-sizing"),
    Feature("backdrop-filter", r"backdrop-filter\s*:", 76, 18, 103, "css.properties.backdrop-filter"),
    Feature("print-color-adjust", r"[{;]\s*print-color-adjust\s*:", 136, 15.4, 97, "css.properties.print-color-adjust"),
    Feature("translate, rotate, scale", r"[{;]\s*(translate|rotate|scale)\s*:", 104, 14.5, 72, "css.properties.scale"),
    Feature("animation by scrolling", r"animation-timeline\s*:", 115, 26, NEVER, "css.properties.animation-timeline"),
    Feature("overflow: clip", r"overflow(-\w)?\s*:[^;}]*\bclip\b", 90, 16, 81, "css.properties.overflow.clip"),
    Feature(
        "overflow-wrap: anywhere",
        r"overflow-wrap\s*:\s*anywhere",
        80,
        15.4,
        65,
        "css.properties.overflow-wrap.anywhere",
    ),
    Feature(
        "fit-content", r"(?<!moz-)\bfit-content\b", 46, 11, 94, "css.properties.width.fit-content", r"-moz-fit-content"
    ),
    Feature(
        "start, end for flex items",
        r"justify-content\s*:\s*(start|end)\b",
        93,
        15.4,
        45,
        "css.properties.justify-content",
    ),
    Feature("subgrid", r"\bsubgrid\b", 117, 16, 71, "css.properties.grid-template-columns.subgrid"),
    Feature(
        "dvh, svh, lvh",
        r"[\d.][dsl]v(h|w|b|i|min|max)\b",
        108,
        15.4,
        101,
        "css.types.length.viewport_percentage_units_dynamic",
    ),
    Feature("color-mix()", r"color-mix\(", 111, 16.2, 113, "css.types.color.color-mix"),
    Feature("lab(), oklch()", r"\b(ok)?l(ab|ch)\(", 111, 15.4, 113, "css.types.color.oklch"),
    Feature("light-dark()", r"light-dark\(", 123, 17.5, 120, "css.types.color.light-dark"),
    Feature(":has()", r":has\(", 105, 15.4, 121, "css.selectors.has"),
    Feature(":is(), :where()", r":(is|where)\(", 88, 14, 78, "css.selectors.is"),
    Feature(":not() of a list", r":not\((?:[^()]|\([^()]*\))*,", 88, 9, 84, "css.selectors.not.selector_list"),
    Feature(":focus-visible", r":focus-visible", 86, 15.4, 85, "css.selectors.focus-visible"),
    Feature(":user-invalid", r":user-(in)?valid", 119, 16.5, 88, "css.selectors.user-invalid"),
    Feature(":modal", r":modal\b", 105, 15.6, 103, "css.selectors.modal"),
    Feature(":popover-open", r":popover-open", 114, 17, 125, "css.selectors.popover-open"),
    Feature(":dir()", r":dir\(", 120, 16.4, 49, "css.selectors.dir"),
    Feature("::backdrop", r"::backdrop", 37, 15.4, 47, "css.selectors.backdrop"),
    Feature("::file-selector-button", r"::file-selector-button", 89, 14.5, 82, "css.selectors.file-selector-button"),
    Feature("::marker", r"::marker", 86, NEVER, 68, "css.selectors.marker"),
    Feature("nested rules", r"&", 120, 17.2, 117, "css.selectors.nesting"),
    Feature("@container", r"@container", 105, 16, 110, "css.at-rules.container"),
    Feature("@layer", r"@layer", 99, 15.4, 97, "css.at-rules.layer"),
    Feature("@property", r"@property", 85, 16.4, 128, "css.at-rules.property"),
    Feature("@starting-style", r"@starting-style", 117, 17.5, 129, "css.at-rules.starting-style"),
    Feature("ranges of @media", r"@media[^{]*[<>]", 104, 16.4, 102, "css.at-rules.media.range_syntax"),
)
FLEX_GAP = Feature("gap of flex items", "", 84, 14.5, 63, "css.properties.gap.flex_context")  # looked for rule by rule

JS = (
    Feature("??=, ||=, &&=", r"(\?\?|\|\||&&)=", 85, 14, 79, "javascript.operators.logical_or_assignment"),
    Feature(".at()", r"\.at\(", 92, 15.4, 90, "javascript.builtins.Array.at"),
    Feature("replaceAll", r"\.replaceAll\(", 85, 13.4, 77, "javascript.builtins.String.replaceAll"),
    Feature("findLast", r"\.findLast(Index)?\(", 97, 15.4, 104, "javascript.builtins.Array.findLast"),
    Feature("toSorted …", r"\.to(Sorted|Reversed|Spliced)\(", 110, 16, 115, "javascript.builtins.Array.toSorted"),
    Feature("Array.fromAsync", r"Array\.fromAsync", 121, 16.4, 115, "javascript.builtins.Array.fromAsync"),
    Feature("Object.hasOwn", r"Object\.hasOwn\b", 93, 15.4, 92, "javascript.builtins.Object.hasOwn"),
    Feature("groupBy", r"\.groupBy\(", 117, 17.4, 119, "javascript.builtins.Object.groupBy"),
    Feature(
        "sets united", r"\.(union|intersection|difference|isSubsetOf)\(", 122, 17, 127, "javascript.builtins.Set.union"
    ),
    Feature("Promise.any", r"Promise\.any\b", 85, 14, 79, "javascript.builtins.Promise.any"),
    Feature(
        "Promise.withResolvers, .try",
        r"Promise\.(withResolvers|try)\b",
        128,
        18.2,
        134,
        "javascript.builtins.Promise.try",
    ),
    Feature("WeakRef", r"\bWeakRef\b", 84, 14.5, 79, "javascript.builtins.WeakRef"),
    Feature("Intl.Segmenter", r"Intl\.Segmenter", 87, 14.5, 125, "javascript.builtins.Intl.Segmenter"),
    Feature(
        "private members",
        r"(?:\bthis|\bother)\.#|^\s+(?:static\s+|async\s+)?#\w+\s*[=(;]",
        84,
        15,
        90,
        "javascript.classes.private_class_methods",
    ),
    Feature("static blocks", r"\bstatic\s*\{", 94, 16.4, 93, "javascript.classes.static.initialization_blocks"),
    Feature(
        "await outside of functions",
        r"^await\b|^(const|let)[^;=]*= await\b",
        89,
        27,
        89,
        "javascript.operators.await.top_level",
    ),
    Feature("lookbehind", r"\(\?<[=!]", 62, 16.4, 78, "javascript.regular_expressions.lookbehind_assertion"),
    Feature(
        "flags d and v",
        r"/[gimsuy]*[dv][gimsuy]*\.(test|exec)\(",
        112,
        17,
        116,
        "javascript.builtins.RegExp.unicodeSets",
    ),
    Feature(
        "workers that are modules",
        r"new (Shared)?Worker\([^;]*\bmodule\b",
        80,
        15,
        114,
        "api.Worker.Worker.ecmascript_modules",
    ),
    Feature("structuredClone", r"\bstructuredClone\(", 98, 15.4, 94, "api.structuredClone"),
    Feature(
        "AbortSignal.timeout, .any", r"AbortSignal\.(timeout|any)\b", 124, 17.4, 124, "api.AbortSignal.timeout_static"
    ),
    Feature("randomUUID", r"\.randomUUID\b", 92, 15.4, 95, "api.Crypto.randomUUID"),
    Feature("requestIdleCallback", r"\brequestIdleCallback\b", 47, NEVER, 55, "api.Window.requestIdleCallback"),
    Feature("OffscreenCanvas", r"\bOffscreenCanvas\b", 69, 16.4, 105, "api.OffscreenCanvas"),
    Feature("createImageBitmap", r"\bcreateImageBitmap\b", 50, 15, 42, "api.createImageBitmap"),
    Feature("ImageDecoder", r"\bImageDecoder\b", 94, 27.3, 133, "api.ImageDecoder"),
    Feature("filters of a canvas", r"\.filter\s*=[^=]", 52, NEVER, 49, "api.CanvasRenderingContext2D.filter"),
    Feature("CompressionStream", r"\b(De)?[cC]ompressionStream\b", 80, 16.4, 113, "api.CompressionStream"),
    Feature("BroadcastChannel", r"\bBroadcastChannel\b", 54, 15.4, 38, "api.BroadcastChannel"),
    Feature("navigator.locks", r"navigator\.locks\b", 69, 15.4, 96, "api.LockManager"),
    Feature("visualViewport", r"\bvisualViewport\b", 61, 13, 91, "api.Window.visualViewport"),
    Feature("URL.canParse, .parse", r"\bURL\.(canParse|parse)\b", 126, 18, 126, "api.URL.parse_static"),
    Feature("Blob.bytes", r"\.bytes\(\)", 144, 18, 128, "api.Blob.bytes"),
    Feature("startViewTransition", r"startViewTransition", 111, 18, 144, "api.Document.startViewTransition"),
    Feature("checkVisibility", r"\.checkVisibility\(", 105, 17.4, 106, "api.Element.checkVisibility"),
    Feature("setHTMLUnsafe", r"\.setHTMLUnsafe\(", 124, 26, 123, "api.Element.setHTMLUnsafe"),
    Feature("inert", r"\.inert\b", 102, 15.5, 112, "api.HTMLElement.inert"),
    Feature("popover", r"\.(show|hide|toggle)Popover\(", 114, 17, 125, "api.HTMLElement.showPopover"),
    Feature("showPicker", r"\.showPicker\b", 121, NEVER, 122, "api.HTMLSelectElement.showPicker"),
    Feature("replaceChildren", r"\.replaceChildren\(", 86, 14, 78, "api.Element.replaceChildren"),
    Feature("requestSubmit", r"\.requestSubmit\(", 76, 16, 75, "api.HTMLFormElement.requestSubmit"),
    Feature("submitter", r"\.submitter\b|\bsubmitter\b(?=[^;=]*\} = event)", 81, 15.4, 75, "api.SubmitEvent.submitter"),
    Feature("<dialog>", r"\.showModal\b", 37, 15.4, 98, "api.HTMLDialogElement.showModal"),
    Feature("selector :has()", r":has\(", 105, 15.4, 121, "css.selectors.has"),
    Feature("selector :is(), :where()", r":(is|where)\(", 88, 14, 78, "css.selectors.is"),
    Feature("selector :not() of a list", r":not\([^()`]*,", 88, 9, 84, "css.selectors.not.selector_list"),
    Feature("selector :focus-visible", r":focus-visible", 86, 15.4, 85, "css.selectors.focus-visible"),
)


def lacking(feature: Feature) -> list[str]:
    """Return which of the held browsers have not got it."""
    return [name for name, version in HELD.items() if getattr(feature, name) > version]


def found(feature: Feature, text: str) -> bool:
    return bool(re.search(feature.pattern, text, re.MULTILINE))
