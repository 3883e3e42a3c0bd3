"""Small pictures to send: logos of any size, ground and format."""

import io

from PIL import Image, ImageDraw, PngImagePlugin


def picture(
    size: tuple[int, int] = (200, 100), ink: str = "#12161f", ground: str = "", kind: str = "PNG", margin: int = 0
) -> bytes:
    """An ellipse and a bar in `ink`; without a `ground` the rest is transparent, `margin` empty pixels around."""
    mode = "RGB" if ground else "RGBA"
    image = Image.new(mode, (size[0] + 2 * margin, size[1] + 2 * margin), ground or (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((margin, margin, margin + size[0] // 2, margin + size[1] - 1), fill=ink)
    draw.rectangle(
        (margin + size[0] // 3, margin + size[1] // 3, margin + size[0] - 1, margin + size[1] // 2), fill=ink
    )
    out, told = io.BytesIO(), PngImagePlugin.PngInfo()
    told.add_text("Comment", "secret of the studio")
    image.save(out, kind, **({"pnginfo": told} if kind == "PNG" else {}))
    return out.getvalue()
