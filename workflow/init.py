"""`chengnuo init`: folders and commented files to start from; nothing that is there is ever touched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from schema.errors import StoreError
from workflow.calendar import SHIPPED
from workflow.settings import Settings, environment_example

SUBSCRIPTIONS = """\
# 谁收到什么：一张 [[subscription]] 表一个订阅。改完用 chengnuo subscriptions check 检查。写法见 docs/monitoring.md。
# Who is told what, one [[subscription]] table each. Check with `chengnuo subscriptions check`.

[[subscription]]
name = "信箱"                      # 每个订阅自己的名字 its own name
channel = "mailbox"                # 写成 .eml 文件，不需要任何服务器 .eml files, no server needed
address = "mailbox"
incidents = true                   # 也说来源的故障 incidents, too

# [[subscription]]
# name = "华中加强与减弱"
# channel = "wecom"                # wecom dingtalk feishu slack email webhook mailbox
# address = "WECOM_HUAZHONG"       # 密钥的名字：CHENGNUO_SECRET_WECOM_HUAZHONG=https://… the name of a secret
# regions = ["华中"]
# kinds = ["strengthened", "weakened", "dropped"]
# minimum_confidence = "high"
"""
SOURCES = """\
这里放自己的来源：一个 TOML 文件一个来源，与自带的同名时以这里为准。
Sources of your own: one TOML file each; a slug that is shipped, too, is taken from here.

chengnuo sources add SLUG URL --sources 这个文件夹 this folder
"""


def init(settings: Settings) -> Iterator[tuple[Path, bool]]:
    """Write what is missing in the data folder; each file, and whether it was written now. Raises StoreError."""
    files = {
        settings.data / "chengnuo.env": environment_example(),
        settings.data / "subscriptions.toml": SUBSCRIPTIONS,
        settings.data / "calendar.toml": SHIPPED.read_text(encoding="utf-8"),
        settings.data / "sources" / "README.txt": SOURCES,
    }
    for file, text in files.items():
        yield file, _write(file, text)


def _write(file: Path, text: str) -> bool:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        return False
    except OSError as error:
        raise StoreError(f"{file}: {error.strerror}; set CHENGNUO_DATA to a folder of yours") from error
    return True
