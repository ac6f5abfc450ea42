"""How a server is moved, by disposition: what is prepared, what happens in the window, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from migrate.model.plan import PlannedServer

__all__ = ["Technique", "technique_of"]


@dataclass(frozen=True, eq=False)  # there is one of each
class Technique:
    """Texts of the steps for servers that are moved in the same way.

    Replication runs from source to target. Once users have written at the target, no text may start it again: it would
    overwrite the only copy of their work.
    """

    name: str
    prepare: str
    prepared: str  # check
    transfer: str
    transferred: str  # check
    launch: str
    launched: str  # check
    short: str  # the way back while nobody has written at the target
    freeze: str  # the full way back: no writes at the target any more
    secure: str  # what was written there since the cutover
    apply: str  # the same, at the source


_REHOST = Technique(
    "rehost",
    "Install the replication agent (AWS Application Migration Service) and start block replication of all disks.",
    "Every server reports READY_FOR_TEST; replication lag below 5 minutes for 24 hours.",
    "Wait until replication has taken the last writes, then mark the servers as ready for cutover.",
    "Lag is 0 and backlog is 0 GiB for every server.",
    "Launch cutover instances with the planned type, volumes, key and security groups; database servers first.",
    "Instances run, both status checks pass, volumes have the planned sizes and are encrypted.",
    "Stop the cutover instances, keep their volumes, leave replication off; start the source servers, databases first.",
    "Stop the services of the application servers at the target; the database servers stay up, their databases read-only.",
    "Snapshot all target volumes; export from databases and file systems what was written since the noted positions.",
    "Apply the export to the source databases, copy changed files, compare row counts, checksums and numbers of files.",
)
_RELOCATE = Technique(
    "relocate",
    "Extend the network to the VMware environment at the target and schedule the replication of the virtual machines.",
    "Initial replication is complete for every virtual machine.",
    "Run the switchover of the virtual machines.",
    "Every virtual machine is registered at the target and off at the source.",
    "Power the virtual machines on at the target, database servers first.",
    "Guest tools report running; addresses and gateways are as planned.",
    "Power the machines off at the target and keep them, leave replication off; power them on at the source, databases first.",
    "Stop the services of the application servers at the target; the database servers stay up, their databases read-only.",
    "Snapshot all target volumes; export from databases and file systems what was written since the noted positions.",
    "Apply the export to the source databases, copy changed files, compare row counts, checksums and numbers of files.",
)
_DATABASE = Technique(
    "replatform (database)",
    "Create the managed database, convert the schema, load it fully with AWS DMS and start ongoing replication.",
    "Full load is complete, validation shows 0 mismatches, replication latency below 60 seconds.",
    "Stop writers, let replication drain, stop its task, set sequences and re-enable constraints and jobs.",
    "Latency is 0; row counts and checksums of every table are equal on both sides.",
    "Make the managed database writable for the application and take a snapshot.",
    "Application accounts log on over TLS; the snapshot is available.",
    "Take the managed database away from the application, leave the DMS task stopped; open the source database again.",
    "Take the application's write grants on the managed database away; it stays up, read-only.",
    "Snapshot the managed database; export the rows that were written since the noted log position.",
    "Apply the exported rows to the source database; compare row counts and checksums of every table.",
)
_REPLATFORM = Technique(
    "replatform",
    "Build the new platform from code, deploy the application to it and replicate its data.",
    "The deployment passes its smoke tests with a copy of the data.",
    "Stop writers and copy the data that has changed since the last copy.",
    "Number and checksum of files are equal on both sides.",
    "Start the application on the new platform.",
    "Health checks pass; logs show no error for 15 minutes.",
    "Stop the application on the new platform, keep its data, leave copy jobs off; start the source servers, databases first.",
    "Stop the application on the new platform; its data stores stay up, read-only.",
    "Snapshot the data stores; export the records and list the files that were written since the cutover.",
    "Apply the exported records, copy the listed files, compare record counts and checksums.",
)
_REFACTOR = Technique(
    "refactor",
    "Deploy the rebuilt service beside the old one and replicate its data; send a share of traffic to it in test.",
    "Contract tests against all consumers pass.",
    "Stop writes in the old service and move the remaining data through the service's own import.",
    "Record counts and control totals are equal on both sides.",
    "Send all traffic to the rebuilt service.",
    "Error rate and response time are no worse than before for 15 minutes.",
    "Send no traffic to the rebuilt service, keep its data; let the old service write again.",
    "Let the rebuilt service refuse writes; its data store stays up, read-only.",
    "Snapshot the rebuilt service's data store; export the records that were written since the cutover.",
    "Import the records through the old service's own import; compare record counts and control totals.",
)
_REPURCHASE = Technique(
    "repurchase",
    "Set up the bought service: contract, single sign-on, roles, interfaces; import a trial copy of the data.",
    "The application owner accepts the trial import; every interface has been tested.",
    "Make the old system read-only, export its data and import it into the bought service.",
    "Record counts and control totals are equal on both sides.",
    "Open the bought service to the users.",
    "Users of every role have logged on and done their first task.",
    "Close the bought service to the users, keep its records; make the old system writable again.",
    "Make the bought service read-only for everybody.",
    "Export the records that were entered in the bought service since the cutover; keep the export twice.",
    "Enter or import these records into the old system; two people compare counts and control totals.",
)
_BY_DISPOSITION = {
    "rehost": _REHOST,
    "relocate": _RELOCATE,
    "replatform": _REPLATFORM,
    "refactor": _REFACTOR,
    "repurchase": _REPURCHASE,
}


def technique_of(server: PlannedServer) -> Technique:
    """How a moving server is moved. A managed database as target makes it a database migration."""
    return _technique(server.target, server.disposition, server.database_engine is not None)


@cache  # of a few hundred targets, asked for every server in every part of its runbook
def _technique(target: str | None, disposition: str | None, has_database: bool) -> Technique:
    if (target or "").removeprefix("rds:").startswith("db.") or (disposition == "replatform" and has_database):
        return _DATABASE
    return _BY_DISPOSITION.get(disposition or "", _REHOST)
