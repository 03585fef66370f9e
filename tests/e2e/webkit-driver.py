#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Drives WebKitGTK by remote.mjs' lines of JSON:

    webkit-driver.py PREPARE"""

import json
import sys
import threading

import gi
gi.require_version('Gtk', '3.0')
gi.require_version('WebKit2', '4.1')
from gi.repository import GLib, Gtk, WebKit2

PREPARE = sys.argv[1]
# The result as text, because WebKitGTK has no other way to return JavaScript
# values.
CALL = 'return JSON.stringify({ value: (await (%s)) ?? null })'


def answer(text):
    print(text, flush=True)


def fail(reason):
    answer(json.dumps({'error': str(reason)}))


class Driver:
    def __init__(self, view):
        self.view = view
        self.has_failed = False
        view.connect('load-failed', self.note_failure)
        view.connect('load-changed', self.answer_load)

    def listen(self):
        for line in sys.stdin:
            GLib.idle_add(self.ask, json.loads(line))
        GLib.idle_add(Gtk.main_quit)

    def ask(self, question):
        if 'url' in question:
            self.has_failed = False
            self.view.load_uri(question['url'])
        else:
            self.view.call_async_javascript_function(
                CALL % question['script'], -1, None, None, None, None,
                self.answer_call)

    def note_failure(self, _view, _event, _url, _error):
        self.has_failed = True

    def answer_load(self, _view, event):
        if event == WebKit2.LoadEvent.FINISHED:
            answer('{"error": "no page"}' if self.has_failed
                   else '{"value": null}')

    def answer_call(self, view, result):
        try:
            value = view.call_async_javascript_function_finish(result)
            answer(value.to_string())
        except GLib.Error as error:
            fail(error.message)


def main():
    prepared = WebKit2.UserContentManager()
    prepared.add_script(WebKit2.UserScript(
        PREPARE, WebKit2.UserContentInjectedFrames.TOP_FRAME,
        WebKit2.UserScriptInjectionTime.START, None, None))
    view = WebKit2.WebView(user_content_manager=prepared)
    window = Gtk.Window(default_width=800, default_height=600)
    window.add(view)
    window.show_all()
    threading.Thread(target=Driver(view).listen, daemon=True).start()
    Gtk.main()


main()
