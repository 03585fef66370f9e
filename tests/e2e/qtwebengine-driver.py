#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Drives Qt WebEngine, an older Chromium, by remote.mjs' lines of JSON:

    qtwebengine-driver.py 5|6 PREPARE"""

import json
import sys
import threading

VERSION, PREPARE = sys.argv[1:3]
if VERSION == '5':
    from PyQt5.QtCore import QObject, QTimer, QUrl, pyqtSignal
    from PyQt5.QtWidgets import QApplication
    from PyQt5.QtWebEngineWidgets import (
        QWebEnginePage, QWebEngineScript, QWebEngineView)
else:
    from PyQt6.QtCore import QObject, QTimer, QUrl, pyqtSignal
    from PyQt6.QtWidgets import QApplication
    from PyQt6.QtWebEngineCore import QWebEnginePage, QWebEngineScript
    from PyQt6.QtWebEngineWidgets import QWebEngineView

POLL_MS = 50
# runJavaScript() does not wait for promises.
START = '''window.verdict = null;
Promise.resolve().then(() => (%s)).then(
  (value) => { window.verdict = JSON.stringify(
    { value: value === undefined ? null : value }); },
  (error) => { window.verdict = JSON.stringify({ error: String(error) }); });
null'''


class Page(QWebEnginePage):
    def javaScriptConsoleMessage(self, level, message, line, source):
        print(f'{source}:{line}: {message}', file=sys.stderr)


class Driver(QObject):
    asked = pyqtSignal(str)
    ended = pyqtSignal()

    def __init__(self, page):
        super().__init__()
        self.page = page
        self.asked.connect(self.ask)
        self.ended.connect(QApplication.quit)
        page.loadFinished.connect(self.answer_load)

    def listen(self):
        for line in sys.stdin:
            self.asked.emit(line)
        self.ended.emit()

    def ask(self, line):
        question = json.loads(line)
        if 'url' in question:
            self.page.load(QUrl(question['url']))
        else:
            self.page.runJavaScript(START % question['script'],
                                    lambda _: self.poll())

    def answer_load(self, is_ok):
        self.answer('{"value": null}' if is_ok else '{"error": "no page"}')

    def poll(self):
        self.page.runJavaScript('window.verdict', self.see)

    def see(self, verdict):
        if verdict:
            self.answer(verdict)
        else:
            QTimer.singleShot(POLL_MS, self.poll)

    def answer(self, text):
        print(text, flush=True)


def prepare(page):
    script = QWebEngineScript()
    script.setName('prepare')
    script.setSourceCode(PREPARE)
    if VERSION == '5':
        script.setInjectionPoint(QWebEngineScript.DocumentCreation)
        script.setWorldId(QWebEngineScript.MainWorld)
    else:
        script.setInjectionPoint(
            QWebEngineScript.InjectionPoint.DocumentCreation)
        script.setWorldId(QWebEngineScript.ScriptWorldId.MainWorld)
    page.scripts().insert(script)


def main():
    application = QApplication(sys.argv[:1])
    view = QWebEngineView()
    page = Page(view)
    view.setPage(page)
    prepare(page)
    view.resize(800, 600)
    view.show()
    driver = Driver(page)
    threading.Thread(target=driver.listen, daemon=True).start()
    run = application.exec_ if VERSION == '5' else application.exec
    return run()


sys.exit(main())
