"""Build backends for tests: the part that writes a wheel; what each of them looks at stands in front of it."""

WRITES_WHEEL = """
import zipfile

def write_wheel(directory, name, files, needs=""):
    info = f"{name}-1.dist-info/"
    texts = {
        **files,
        info + "METADATA": f"Metadata-Version: 2.1\\nName: {name}\\nVersion: 1\\n{needs}",
        info + "WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    texts[info + "RECORD"] = "".join(row + ",,\\n" for row in (*texts, info + "RECORD"))
    with zipfile.ZipFile(f"{directory}/{name}-1-py3-none-any.whl", "w") as file:
        for path, text in texts.items():
            file.writestr(path, text)
    return f"{name}-1-py3-none-any.whl"
"""
