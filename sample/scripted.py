"""One sample page that says nothing until its script has run, and then asks for what it must not have."""

from __future__ import annotations

import json
from html import escape

from sample.replies import Reply
from sample.templates import MARK, Article

PATH = "/scripted/zwgk/article.html"
DATA = "/scripted/zwgk/data.json"


def scripted_replies(article: Article, forbidden: str = "") -> dict[str, Reply]:
    """The shell and its data by path. ``forbidden``: an address the page tries to reach in every way a page can."""
    html = "".join(f"<p>{escape(line)}</p>" for line in article.paragraphs)
    told = {"title": article.title, "time": f"{article.published:%Y-%m-%d %H:%M}", "html": html}
    shell = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(article.title)}</title>
<meta name="chengnuo-sample" content="示例文本"></head><body><div id="app"></div><p>{MARK}</p><script>
fetch("data.json").then(r => r.json()).then(d => {{
  const body = `<div class="TRS_UEDITOR">${{d.html}}</div>`;
  document.getElementById("app").innerHTML = `<h1>${{d.title}}</h1><p>发布时间：${{d.time}}</p>${{body}}`;
}});
{_tries(forbidden) if forbidden else ""}
</script></body></html>"""
    return {
        PATH: Reply(shell.encode(), modified=article.published),
        DATA: Reply(json.dumps(told, ensure_ascii=False).encode(), content_type="application/json; charset=utf-8"),
    }


def _tries(url: str) -> str:
    """Script, picture, frame, beacon, form post, socket, window, and last a navigation away."""
    target = json.dumps(url)
    socket = json.dumps(url.replace("http://", "ws://"))
    return f"""const u = {target};
for (const [tag, key] of [["script", "src"], ["img", "src"], ["iframe", "src"], ["link", "href"]]) {{
  const e = document.createElement(tag); e[key] = u; if (tag === "link") e.rel = "stylesheet"; document.body.append(e);
}}
fetch(u, {{mode: "no-cors"}}).catch(() => 0); fetch(u, {{method: "POST", body: "x", mode: "no-cors"}}).catch(() => 0);
navigator.sendBeacon(u, "x"); try {{ new WebSocket({socket}); }} catch (e) {{}} window.open(u);
new EventSource(u); new Worker(URL.createObjectURL(new Blob([`fetch("${{u}}", {{mode: "no-cors"}})`])));
setTimeout(() => {{ location.href = u; }}, 1500);"""
