"""件数: counters of requests for the monitoring of the machine (Prometheus)."""

import os

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess

REGISTRY = CollectorRegistry()

_REQUESTS = Counter(
    "daicho_requests",
    "Requests answered, by route name.",
    ("method", "route", "status"),
    registry=REGISTRY,
)
_SECONDS = Histogram(
    "daicho_request_seconds", "Time to answer, in seconds.", ("route",), registry=REGISTRY
)


def add(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    _REQUESTS.labels(method, route, str(status)).inc()
    _SECONDS.labels(route).observe(seconds)


def text() -> bytes:
    """All counters in the text format; of all workers where PROMETHEUS_MULTIPROC_DIR is set."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    together = CollectorRegistry()
    multiprocess.MultiProcessCollector(together)  # type: ignore[no-untyped-call]  # of the library
    return generate_latest(together)
