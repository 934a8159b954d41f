"""`make chaos`: many seeds, a line of JSON each; ends with 1 when anything was found wrong."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parent / "processes"), str(HERE)]

from campaign import FAULTS, as_line, make_campaign

from services.chassis.host import Host
from services.embedded.composition import Home
from services.embedded.kafka import EmbeddedKafka
from services.embedded.postgres import EmbeddedPostgres
from services.intake.service import Intake


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--first", type=int, default=1)
    given = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        home_folder = Path(folder)
        with EmbeddedPostgres(home_folder) as postgres, EmbeddedKafka(home_folder) as kafka:
            home = Home(home_folder, postgres.superuser_url, kafka.bootstrap_servers)
            for seed in range(given.first, given.first + given.seeds):
                failed += bool(run_seed(home, kafka, seed))
    return 1 if failed else 0


def run_seed(home: Home, kafka: EmbeddedKafka, seed: int) -> list[str]:
    slug = f"seed-{seed}"
    home.companies_file.write_text(
        f'[companies.{slug}]\nnames = {{ fr = "{slug}" }}\n', encoding="utf-8"
    )
    home.provision()
    host = Host(home.settings("intake", pool_connections_max=4), Intake)
    started = time.monotonic()
    try:
        campaign = make_campaign(home, host, slug, seed, kafka=kafka, faults=(*FAULTS, "broker"))
        wrong = campaign.run()
        print(as_line(campaign, wrong, time.monotonic() - started), flush=True)
    finally:
        host.stop()
    return wrong


if __name__ == "__main__":
    sys.exit(main())
