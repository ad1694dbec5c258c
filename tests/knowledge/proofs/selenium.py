# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "selenium",
# ]
# ///
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.selenium_manager import SeleniumManager
from selenium.webdriver.support.relative_locator import locate_with
import subprocess

binary = SeleniumManager()._get_binary()
assert "selenium-manager" in subprocess.run([str(binary), "--version"], capture_output=True, text=True).stdout
options = webdriver.ChromeOptions()
options.add_argument("--headless=new")
assert "--headless=new" in options.to_capabilities()["goog:chromeOptions"]["args"]
assert webdriver.FirefoxOptions().to_capabilities()["browserName"] == "firefox"
assert locate_with(By.TAG_NAME, "p").above({By.ID: "x"}).to_dict()
