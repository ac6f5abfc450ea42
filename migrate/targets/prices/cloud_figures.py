"""The books of Azure and Google: where their figures are from, and the sizes of the types that they price.

Only a general-purpose subset is carried: Azure's Dsv5 and Esv5, and Google's E2, N2, N2D, C3, N4 and C4, without shared-core
types. Names say how many vCPUs a type has; how much memory comes with each is a constant of its series, with few exceptions.
"""

from __future__ import annotations

from typing import Any

__all__ = ["AZURE", "AZURE_NAMES", "AZURE_SOURCES", "GOOGLE", "GOOGLE_NAMES", "GOOGLE_SOURCES", "SUBSETS", "cloud_sizes"]

AZURE_SOURCES: dict[str, dict[str, Any]] = {
    "vm": {
        "title": "Azure, virtual machines Dsv5 and Esv5, Linux and Windows, pay as you go and reserved",
        "url": "https://azure.microsoft.com/pricing/details/virtual-machines/linux/",
        "date": "2026-08-03",
        "note": "As kept by github.com/KimTholstorf/azure-rvtools-cost-estimator at b4a0138 (MIT). Reservations are of Linux "
        "compute, an hour of the term. Disk prices of that source are wrong and left out: managed disks are not known.",
    },
}

GOOGLE_SOURCES: dict[str, dict[str, Any]] = {
    "compute": {
        "title": "Google Cloud, Compute Engine E2, N2, N2D, C3, N4 and C4, Linux, on demand and committed use",
        "url": "https://cloud.google.com/compute/all-pricing",
        "date": "2026-07-30",
        "note": "As kept by github.com/Cyclenerd/google-cloud-pricing-cost-calculator at fd66b26 (Apache-2.0). Hours, without "
        "sustained-use discounts. Commitments are those by resource, for one and three years.",
    },
    "disk": {
        "title": "Google Cloud, Persistent Disk and snapshots",
        "url": "https://cloud.google.com/compute/disks-image-pricing",
        "date": "2026-07-30",
        "note": "As kept by github.com/Cyclenerd/google-cloud-pricing-cost-calculator at fd66b26 (Apache-2.0). Google's GB of a "
        "disk is 2^30 bytes.",
    },
}

#: family -> GiB a vCPU. Microsoft, "Dsv5 series" and "Esv5 series", https://learn.microsoft.com/azure/virtual-machines/sizes.
AZURE = {"Dsv5": 4.0, "Esv5": 8.0}
#: Google Cloud, "General-purpose machine family", https://cloud.google.com/compute/docs/general-purpose-machines.
GOOGLE = {
    "c3-highcpu": 2.0,
    "c3-highmem": 8.0,
    "c3-standard": 4.0,
    "c4-highmem": 7.75,
    "c4-standard": 3.75,
    "e2-highcpu": 1.0,
    "e2-highmem": 8.0,
    "e2-standard": 4.0,
    "n2-highcpu": 1.0,
    "n2-highmem": 8.0,
    "n2-standard": 4.0,
    "n2d-highmem": 8.0,
    "n2d-standard": 4.0,
    "n4-highmem": 8.0,
    "n4-standard": 4.0,
}
#: Types whose memory is not in proportion, GiB: the same documents.
_ODD = {"Standard_E96s_v5": 672.0, "n2-highmem-128": 864.0, "c4-highmem-2": 15.0, "c4-standard-2": 7.0}

AZURE_NAMES = {"Dsv5": "Standard_D{}s_v5", "Esv5": "Standard_E{}s_v5"}
GOOGLE_NAMES = {family: f"{family}-{{}}" for family in GOOGLE}

#: What each book offers, in words.
SUBSETS = {
    "aws": "fixed-performance types of the families M, C and R, current generation, x86",
    "azure": "Dsv5 and Esv5",
    "google": "E2, N2, N2D, C3, N4 and C4 without shared cores",
}


def cloud_sizes(name: str) -> tuple[float, float] | None:
    """vCPUs and GiB of a type of Azure or Google.

    Returns
    -------
    None: it is not of the subset.

    Examples
    --------
    >>> cloud_sizes("Standard_E16s_v5"), cloud_sizes("c4-standard-2"), cloud_sizes("e2-micro")
    ((16.0, 128.0), (2.0, 7.0), None)
    """
    for family, ratio in AZURE.items():
        head, tail = AZURE_NAMES[family].split("{}")
        number = name.removeprefix(head).removesuffix(tail)
        if name == f"{head}{number}{tail}" and number.isascii() and number.isdigit():
            return float(number), _ODD.get(name, float(number) * ratio)
    family, _, number = name.rpartition("-")
    if family in GOOGLE and number.isascii() and number.isdigit():
        return float(number), _ODD.get(name, float(number) * GOOGLE[family])
    return None
