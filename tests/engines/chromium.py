"""An old Chromium, driven over the DevTools protocol as it was then: playwright speaks today's only."""

import base64
import itertools
import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import websocket

from tests.waiting import wait_until

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
    "--lang=zh-CN",
)
KEYS = {"Enter": 13, "Escape": 27, "Tab": 9, " ": 32, "ArrowDown": 40}


class Chromium:
    """One page of one browser of its own; what its console complains of is in `complaints`."""

    def __init__(self, program: Path, size: tuple[int, int]):
        self.complaints: list[str] = []
        self.numbers = itertools.count(1)
        self.folder = TemporaryDirectory(prefix="nmec-engine-", ignore_cleanup_errors=True)  # old ones go on writing
        arguments = [*FLAGS, f"--user-data-dir={self.folder.name}", "--window-size={},{}".format(*size), "about:blank"]
        self.process = subprocess.Popen([program, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        told = Path(self.folder.name) / "DevToolsActivePort"
        wait_until(lambda: told.exists() and len(told.read_text().split()) == 2, "Chromium did not start")
        port, path = told.read_text().split()
        self.socket = websocket.create_connection(f"ws://127.0.0.1:{port}{path}", timeout=60, suppress_origin=True)
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "DOM", "Log"):
            self.call(f"{domain}.enable")
        width, height = size
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )

    def call(self, method, **parameters):
        number = next(self.numbers)
        self.socket.send(
            json.dumps(
                {"id": number, "method": method, "params": parameters}
                | ({"sessionId": self.session} if self.session else {})
            )
        )
        while True:
            said = json.loads(self.socket.recv())
            if said.get("id") == number:
                assert "error" not in said, f"{method}: {said.get('error')}"
                return said["result"]
            self._hear(said)

    def _hear(self, said):
        if said.get("method") == "Runtime.exceptionThrown":
            details = said["params"]["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description", details["text"]))
        elif said.get("method") == "Log.entryAdded" and said["params"]["entry"]["level"] == "error":
            self.complaints.append(said["params"]["entry"]["text"] + " " + said["params"]["entry"].get("url", ""))

    # --- what every engine can (webkit.py has the same) ---------------------------------------------------------------

    def open(self, address):
        self.call("Page.navigate", url=address)

    def js(self, expression):
        """Return what the expression gives; None while the page is on its way to another."""
        asked = {"expression": expression, "returnByValue": True, "awaitPromise": True}
        result = self.call("Runtime.evaluate", **asked)
        assert "exceptionDetails" not in result, f"{expression}: {result['exceptionDetails']}"
        return result["result"].get("value")

    def click_at(self, x, y):
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def write(self, text):
        """Into what has the focus."""
        self.call("Input.insertText", text=text)

    def press(self, key):
        letter = len(key) == 1 and key != " "
        code = f"Key{key.upper()}" if key.isalpha() and letter else f"Digit{key}" if letter else key
        number = KEYS.get(key) or ord(key.upper())
        what = {"key": key, "code": code, "windowsVirtualKeyCode": number}
        typed = {"text": "\r" if key == "Enter" else key} if letter or key == "Enter" else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", **what, **typed)
        self.call("Input.dispatchKeyEvent", type="keyUp", **what)

    def choose_files(self, selector, *paths):
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=[str(path) for path in paths])

    def picture(self, path: Path):
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait(30)
        self.folder.cleanup()
