"""Which region of another cloud stands for one of AWS when the same estate is priced there."""

from __future__ import annotations

__all__ = ["COUNTERPARTS"]

#: AWS region -> region by provider: the same metropolitan area where the books have it, else the same country or the nearest
#: one on the same coast. None: the book has nothing within about a thousand kilometres, and the nearest would mislead.
COUNTERPARTS: dict[str, dict[str, str | None]] = {
    "ap-northeast-1": {"azure": "japaneast", "google": "asia-northeast1"},  # Tokyo
    "ap-south-1": {"azure": None, "google": None},  # Mumbai
    "ap-southeast-1": {"azure": "southeastasia", "google": "asia-southeast1"},  # Singapore
    "ap-southeast-2": {"azure": "australiaeast", "google": "australia-southeast1"},  # Sydney
    "ca-central-1": {"azure": "canadacentral", "google": "northamerica-northeast1"},  # Montreal; Toronto; Montreal
    "eu-central-1": {"azure": "germanywestcentral", "google": "europe-west3"},  # Frankfurt
    "eu-north-1": {"azure": None, "google": None},  # Stockholm
    "eu-west-1": {"azure": "northeurope", "google": "europe-west1"},  # Dublin; Dublin; Belgium
    "eu-west-2": {"azure": "uksouth", "google": "europe-west2"},  # London
    "eu-west-3": {"azure": "westeurope", "google": "europe-west4"},  # Paris; Netherlands
    "sa-east-1": {"azure": "brazilsouth", "google": "southamerica-east1"},  # Sao Paulo
    "us-east-1": {"azure": "eastus", "google": "us-east4"},  # Virginia
    "us-east-2": {"azure": "eastus2", "google": "us-central1"},  # Ohio; Virginia; Iowa (us-east5, Ohio, is not in the book)
    "us-west-1": {"azure": "westus3", "google": "us-west2"},  # N. California; Arizona; Los Angeles
    "us-west-2": {"azure": "westus2", "google": "us-west1"},  # Oregon; Washington; Oregon
}
