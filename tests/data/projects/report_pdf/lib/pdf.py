import base64
import io


def write(text, logo):
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Image, Paragraph, SimpleDocTemplate

    story = [Paragraph(text, getSampleStyleSheet()["BodyText"])]
    if logo:
        from PIL import Image as Pillow

        made = io.BytesIO()
        Pillow.new("RGB", (20, 20), logo).save(made, "WEBP")
        story.append(Image(io.BytesIO(made.getvalue()), 20, 20))
    out = io.BytesIO()
    SimpleDocTemplate(out, invariant=1).build(story)
    return out.getvalue()
