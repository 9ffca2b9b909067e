"""QR codes and Code 128 as images for documents: `data:` addresses of SVG drawn here, nothing else inside."""

import base64
import io

import segno

QUIET_MODULES = 10  # ISO/IEC 15417: the light margin on both sides of a Code 128
BAR_HEIGHT = 40  # modules


def qr(text: str) -> str:
    """Return a QR code (error correction M, four modules of light margin) as the `src` of an image."""
    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        buffer, kind="svg", border=4, xmldecl=False, svgns=True, omitsize=True
    )
    return _address(buffer.getvalue())


def code128(number: str) -> str:
    """Return a Code 128 of an application number (digits in pairs, ISO/IEC 15417) as the `src` of an image."""
    from barcode import Code128

    modules = Code128(number).build()[0]
    bars = "".join(f"M{QUIET_MODULES + at} 0h1v{BAR_HEIGHT}h-1z" for at, module in enumerate(modules) if module == "1")
    width = len(modules) + 2 * QUIET_MODULES
    box = f'viewBox="0 0 {width} {BAR_HEIGHT}" preserveAspectRatio="none"'
    return _address(f'<svg xmlns="http://www.w3.org/2000/svg" {box}><path d="{bars}"/></svg>'.encode())


def _address(svg: bytes) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
