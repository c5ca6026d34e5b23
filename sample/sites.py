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
    POST = "gd_jiyuehua"
    COUNTED = "trs_counted"
    """TRS whose script says countPage instead of calling createPageHTML."""


class Challenge(StrEnum):
    """What a site answers instead of its pages when it takes us for a machine."""

    STATUS_412 = "412"
    JSL = "jsl"
    """521 with a __jsl_clearance script."""
    RUISHU = "ruishu"
    """瑞数: status 200, a script and a cookie whose name ends in 80S."""


@dataclass(frozen=True, slots=True)
class Site:
    """One sample site. Everything it serves stands under ``/slug/``."""

    slug: str
    family: Family
    encoding: str = "utf-8"
    declared: str = "utf-8"
    """The charset the header and the meta tag claim."""
    blocked: Challenge | None = None
    """Answers everything with this challenge, in the seasons of ``blocked_in``."""
    blocked_in: tuple[int, ...] = (2024, 2025, 2026)
    unlisted: bool = False
    """Its announcements stand on no list page; only a digest links to them."""
    early_html: bool = False
    """The template closes </html> after its header."""
    redirected: bool = False
    """Article addresses of the list redirect to others."""
    soft_404_year: int | None = None
    """The announcement of this plan year answers 200 with 页面不存在."""
    withdrawn_year: int | None = None
    """The announcement of this plan year is gone a year later: 404, and no list names it."""
    newsletter_year: int | None = None
    """The announcement of this plan year stands in a newsletter, with other articles behind it."""
    obeys_page: bool = False
    """大汉 that ignores startrecord and goes by page."""
    stumbles: bool = False
    """The first request of a season is answered with 503."""
    seconds: float = 0.0
    """How long a list page takes."""

    @property
    def cms(self) -> str:
        """What the registry calls its content system."""
        return "trs_wcm" if self.family is Family.COUNTED else self.family.value

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
                Family.POST: "/yjdt/index.html",
                Family.COUNTED: "/xwzx/hygk/",
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
                Family.POST: r"/content/post_\d+\.html$",
                Family.COUNTED: r"/.*/t\d{8}_\d+\.html$",
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
                Family.POST: f"/yjdt/content/post_{number}.html",
                Family.COUNTED: f"/xwzx/hygk/{d:%Y%m}/t{d:%Y%m%d}_{number}.html",
            }[self.family]
        )


SITES: tuple[Site, ...] = (
    Site("beijing", Family.JCMS, obeys_page=True),
    Site("tianjin", Family.TRS, early_html=True),
    Site("hebei", Family.POST),
    Site("shanxi", Family.TABLE, encoding="gb18030", declared="gb2312"),
    Site("neimenggu", Family.TRS),
    Site("liaoning", Family.UCAP),
    Site("jilin", Family.TRS),
    Site("heilongjiang", Family.JPAAS, stumbles=True),
    Site("shanghai", Family.TABLE),
    Site("jiangsu", Family.JCMS),
    Site("zhejiang", Family.JCMS),
    Site("anhui", Family.TABLE),
    Site("fujian", Family.VSB),
    Site("jiangxi", Family.COUNTED),
    Site("shandong", Family.JPAAS),
    Site("henan", Family.UCAP, unlisted=True),
    Site("hubei", Family.TRS),
    Site("hunan", Family.TRS, blocked=Challenge.STATUS_412),
    Site("guangdong", Family.POST, redirected=True),
    Site("guangxi", Family.TRS, soft_404_year=2026, encoding="gb18030", declared="gb2312"),
    Site("hainan", Family.TABLE, declared="iso-8859-1"),
    Site("chongqing", Family.UCAP),
    Site("sichuan", Family.TABLE, encoding="gb18030", declared="utf-8"),
    Site("guizhou", Family.COUNTED, blocked=Challenge.JSL, blocked_in=(2025,)),
    Site("yunnan", Family.VSB, withdrawn_year=2025),
    Site("xizang", Family.TABLE, blocked=Challenge.RUISHU, blocked_in=(2026,)),
    Site("shaanxi", Family.TRS, redirected=True),
    Site("gansu", Family.VSB),
    Site("qinghai", Family.TRS, seconds=0.3, early_html=True),
    Site("ningxia", Family.COUNTED, newsletter_year=2026, encoding="gb18030", declared="gbk"),
    Site("xinjiang", Family.JCMS, stumbles=True),
)
