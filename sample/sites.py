"""The sample sites: which CMS family each province's site runs on, and what is wrong with it."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Family(StrEnum):
    """Content management systems and list styles seen on the departments' sites."""

    TRS = "trs_wcm"
    JCMS = "dahan_jcms"
    JPAAS = "dahan_jpaas"
    VSB = "vsb"
    UCAP = "ucap"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Site:
    """One sample site. Everything it serves stands under ``/slug/``."""

    slug: str
    family: Family
    encoding: str = "utf-8"
    declared: str = "utf-8"
    """The charset the header and the meta tag claim."""
    blocked: bool = False
    """Answers everything with a 412 challenge."""
    unlisted: bool = False
    """Its announcements stand on no list page; only a digest links to them."""
    early_html: bool = False
    """The template closes </html> after its header."""
    redirected: bool = False
    """Article addresses of the list redirect to others."""
    soft_404_year: int | None = None
    """The announcement of this plan year answers 200 with 页面不存在."""

    @property
    def column(self) -> str:
        """Path of the news column."""
        return (
            f"/{self.slug}"
            + {
                Family.TRS: "/fbjd/dtyw/",
                Family.JCMS: "/col/col4566/index.html",
                Family.JPAAS: "/col/col1229/index.html",
                Family.VSB: "/xwdt/list.htm",
                Family.UCAP: "/yjdt/column-index-1.shtml",
                Family.TABLE: "/news",
            }[self.family]
        )

    @property
    def article_pattern(self) -> str:
        """What the registry says about article addresses: a regular expression on the path."""
        return (
            rf"^/{re.escape(self.slug)}"
            + {
                Family.TRS: r"/.*/t\d{8}_\d+\.html$",
                Family.JCMS: r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_\d+\.html$",
                Family.JPAAS: r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_\d+\.html$",
                Family.VSB: r"/info/\d+/\d+\.htm$",
                Family.UCAP: r"/\d{4}/\d{2}-\d{2}/\d+\.html$",
                Family.TABLE: r"/content/[0-9a-f]{32}\.shtml$",
            }[self.family]
        )

    def article_path(self, title: str, published: datetime) -> str:
        """Where an article stands; the same for the same title and day."""
        number = zlib.crc32(f"{self.slug}{title}{published:%Y%m%d}".encode()) % 9_000_000 + 1_000_000
        d = published
        return (
            f"/{self.slug}"
            + {
                Family.TRS: f"/fbjd/dtyw/{d:%Y%m}/t{d:%Y%m%d}_{number}.html",
                Family.JCMS: f"/art/{d.year}/{d.month}/{d.day}/art_4566_{number}.html",
                Family.JPAAS: f"/art/{d.year}/{d.month}/{d.day}/art_1229_{number}.html",
                Family.VSB: f"/info/1376/{number}.htm",
                Family.UCAP: f"/{d.year}/{d:%m-%d}/{number}.html",
                Family.TABLE: f"/content/{number:032x}.shtml",
            }[self.family]
        )


SITES: tuple[Site, ...] = (
    Site("tianjin", Family.TRS, early_html=True),
    Site("jilin", Family.TRS),
    Site("shanghai", Family.TABLE),
    Site("jiangsu", Family.JCMS),
    Site("zhejiang", Family.JCMS),
    Site("fujian", Family.VSB),
    Site("shandong", Family.JPAAS),
    Site("henan", Family.UCAP, unlisted=True),
    Site("hubei", Family.TRS),
    Site("hunan", Family.TRS, blocked=True),
    Site("guangxi", Family.TRS, soft_404_year=2026, encoding="gb18030", declared="gb2312"),
    Site("chongqing", Family.UCAP),
    Site("sichuan", Family.TABLE, encoding="gb18030", declared="utf-8"),
    Site("shaanxi", Family.TRS, redirected=True),
    Site("gansu", Family.VSB),
)
