"""The archive, made apart; and the daily clearing away of old ones."""

from haark import clock
from haark.extensions import db
from haark.files import store
from haark.intake.export import domain
from haark.jobs import runner


def make(run_id: int, job_id: int) -> dict[str, int]:
    def step(done: int, total: int, name: str) -> None:
        runner.progress(job_id, done, total, name)

    made = domain.make(run_id, at=clock.moment(), step=step)
    return (
        {} if made is None else {"rows": sum(made.counts.values()), "files": made.files, "missing": len(made.missing)}
    )


def purge() -> dict[str, int]:
    freed = domain.purge(clock.today())
    db.session.commit()
    for digest in freed:
        store.remove(digest)
    return {"removed": len(freed)}
