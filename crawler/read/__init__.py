"""Page bytes to announcements; pure: no Scrapy, no network, no clock."""
