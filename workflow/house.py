"""Opens what a command needs, once, and closes it again: database, archive, ledger, incidents, channels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.registry import load_sources
from notifier.channel import Channel, ChannelOptions, load_channels
from notifier.compose import Context
from notifier.section import Place
from notifier.tokens import Tokens
from schema.alerts import Subscription
from schema.announcements import Edition, Source
from schema.errors import StoreError
from store.archive import Archive
from store.comparisons import Comparison, Comparisons
from store.database import Database
from store.gathering import Gathering
from store.incidents import IncidentBook
from store.jobs import JobBook
from store.ledger import Ledger
from store.pulse import Pulse
from store.subscriptions import SubscriptionBook
from store.verdicts import VerdictBook
from workflow.keys import signing_key
from workflow.links import Links
from workflow.settings import Settings
from workflow.subscribing import InForce, in_force
from workflow.told import told


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class House:
    """Everything open for one command."""

    settings: Settings
    database: Database
    archive: Archive
    comparisons: Comparisons
    ledger: Ledger
    incidents: IncidentBook
    pulse: Pulse
    jobs: JobBook
    gathering: Gathering
    verdicts: VerdictBook
    book: SubscriptionBook
    clock: Callable[[], datetime]

    def in_force(self) -> InForce:
        """The subscriptions in force, where each was made, and what is wrong with the file."""
        return in_force(self.settings, self.book)

    def subscriptions(self) -> tuple[Subscription, ...]:
        """The subscriptions in force: of the reviewed file (or its last good copy) and of the pages."""
        return self.in_force().subscriptions

    def channels(self) -> Mapping[str, Channel]:
        """Every channel, made ready with this house's settings; each attempt is logged."""
        settings = self.settings
        return told(
            load_channels(
                ChannelOptions(
                    mailbox=settings.mailbox,
                    smtp_url=settings.smtp_url,
                    mail_from=settings.mail_from,
                    base_url=settings.base_url,
                    secret=lambda name: settings.secret(f"SECRET_{name}"),
                    allow_networks=settings.allow_networks,
                    clock=self.clock,
                    robots=Tokens(self.database, self.clock),
                    unsubscribe=self.links().unsubscribe,
                )
            )
        )

    def alert_context(self, comparison: Comparison) -> Context:
        """Where the proof of a comparison is, and what each subscription was told before."""
        place = place_of(self.settings.base_url, comparison.later, comparison.earlier)
        told = {one.name: self.comparisons.told(one.name) for one in self.subscriptions()}
        return Context(self.clock(), place, told, self.links().doubt)

    def links(self) -> Links:
        """Signed links, good from now on."""
        return Links(self.settings.base_url, signing_key(self.settings), self.clock())


def place_of(base: str, later: Edition, earlier: Edition | None) -> Place:
    """Where the proof of a comparison is."""
    return Place(
        review=f"{base}/province/{later.province}/{later.plan_year}",
        later_url=later.url,
        later_page=f"{base}/page/{later.page_sha256}",
        earlier_url=earlier.url if earlier else "",
        earlier_page=f"{base}/page/{earlier.page_sha256}" if earlier else "",
    )


@contextmanager
def open_house(settings: Settings, clock: Callable[[], datetime] = now) -> Iterator[House]:
    """Open the database (upgrading it) and what stands on it. Raises SchemaMismatch, StoreError."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{settings.data}: cannot make the data folder: {error.strerror}; set CHENGNUO_DATA"
        ) from error
    database = Database.open(settings.database_url)
    archive = Archive(database, clock=clock)
    try:
        yield House(
            settings=settings,
            database=database,
            archive=archive,
            comparisons=Comparisons(database, archive, clock=clock),
            ledger=Ledger(database, clock=clock),
            incidents=IncidentBook(database, clock=clock),
            pulse=Pulse(database, clock=clock),
            jobs=JobBook(database, clock=clock),
            gathering=Gathering(database, clock=clock),
            verdicts=VerdictBook(database),
            book=SubscriptionBook(database, clock=clock),
            clock=clock,
        )
    finally:
        database.close()


def all_sources(settings: Settings) -> tuple[Source, ...]:
    """The shipped sources and those of the configured folder; a slug of the folder wins over a shipped one."""
    found = {source.slug: source for source in load_sources()}
    if settings.sources is not None:
        found |= {source.slug: source for source in load_sources(settings.sources)}
    return tuple(found.values())
