"""Debian's WebKitGTK, driven by its WebDriver on a screen of its own as wide as asked: its windows fill the screen."""

import os
import subprocess
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import JavascriptException
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

DRIVER = "/usr/bin/WebKitWebDriver"
KEYS = {"Enter": Keys.ENTER, "Escape": Keys.ESCAPE, "Tab": Keys.TAB, "ArrowDown": Keys.ARROW_DOWN}


class WebKit:
    """One page of one browser of its own. WebKit's driver tells nothing of the console."""

    complaints: tuple[str, ...] = ()

    def __init__(self, size: tuple[int, int]):
        width, height = size
        reading, writing = os.pipe()
        screen = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.processes = [subprocess.Popen(screen, pass_fds=[writing], **quiet)]
        os.close(writing)
        with os.fdopen(reading) as told:
            display = f":{told.readline().strip()}"
        environment = {**os.environ, "DISPLAY": display, "GDK_BACKEND": "x11", "LC_ALL": "C.UTF-8", "NO_AT_BRIDGE": "1"}
        manager = ["matchbox-window-manager", "-use_titlebar", "no"]
        self.processes.append(subprocess.Popen(manager, env=environment, **quiet))
        self.driver = webdriver.WebKitGTK(Options(), Service(DRIVER, env=environment))
        self.driver.set_script_timeout(60)

    # --- what every engine can (chromium.py has the same) -------------------------------------------------------------

    def open(self, address):
        self.driver.get(address)

    def js(self, expression):
        try:
            return self.driver.execute_script(f"return ({expression});")
        except JavascriptException as wrong:
            raise AssertionError(f"{expression}: {wrong.msg}") from wrong

    def click_at(self, x, y):
        builder = ActionBuilder(self.driver)
        builder.pointer_action.move_to_location(round(x), round(y)).click()
        builder.perform()

    def write(self, text):
        self.driver.switch_to.active_element.send_keys(text)

    def press(self, key):
        builder = ActionBuilder(self.driver)
        builder.key_action.send_keys(KEYS.get(key, key))
        builder.perform()

    def choose_files(self, selector, *paths):
        self.driver.find_element(By.CSS_SELECTOR, selector).send_keys("\n".join(str(path) for path in paths))

    def picture(self, path: Path):
        self.driver.save_screenshot(str(path))

    def close(self):
        self.driver.quit()
        for process in reversed(self.processes):
            process.terminate()
            process.wait(30)
