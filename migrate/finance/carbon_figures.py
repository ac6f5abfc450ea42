"""Published figures behind the carbon estimate, each with its source. What is not here is not known."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "GRIDS",
    "GRID_SOURCE",
    "MEMORY_W_GIB",
    "POWER_SOURCE",
    "PUE_SOURCE",
    "STORAGE_COPIES",
    "STORAGE_W_TIB",
    "WATTS",
    "Watts",
]


@dataclass(frozen=True)
class Watts:
    """Power of a vCPU at rest and at work."""

    least: float
    most: float

    def at(self, load: float) -> float:
        """Power at a load between 0 and 1."""
        return self.least + load * (self.most - self.least)


POWER_SOURCE = (
    "Cloud Carbon Footprint (Apache-2.0), coefficients-aws-use.csv of ccf-coefficients at b0032d9, from SPECpower results to "
    "March 2026; memory and storage: AwsFootprintEstimationConstants.ts at 0656d55"
)

#: By what is known of the processor: the mean of those that AWS runs (MIN_WATTS_AVG, MAX_WATTS_AVG of the constants), the
#: range around it (EPYC 3rd generation, Sapphire Rapids), and Graviton, which stands there with EPYC 2nd generation's.
WATTS = {
    "likely": Watts(0.74, 3.5),
    "low": Watts(0.455625, 1.957334),
    "high": Watts(1.036286, 4.160476),
    "arm64": Watts(0.474262, 1.692962),
}

MEMORY_W_GIB = 0.392
STORAGE_W_TIB = 1.2  # solid state
STORAGE_COPIES = 2.0  # of a volume of EBS

GRID_SOURCE = (
    "Location-based means of the grid: Cloud Carbon Footprint (Apache-2.0), EPA eGRID by NERC region as in its core package "
    "0.17.3 for the United States, else as in AwsFootprintEstimationConstants.ts at 0656d55 (EEA, EMA, carbonfootprint.com)"
)

#: kg CO2e a kWh by region.
GRIDS = {
    "us-east-1": 0.379069,
    "us-east-2": 0.410608,
    "us-west-1": 0.322167,
    "us-west-2": 0.322167,
    "ap-east-1": 0.81,
    "ap-south-1": 0.708,
    "ap-northeast-1": 0.506,
    "ap-northeast-2": 0.5,
    "ap-northeast-3": 0.506,
    "ap-southeast-1": 0.4085,
    "ap-southeast-2": 0.79,
    "af-south-1": 0.928,
    "ca-central-1": 0.13,
    "eu-central-1": 0.338,
    "eu-north-1": 0.008,
    "eu-south-1": 0.233,
    "eu-west-1": 0.316,
    "eu-west-2": 0.228,
    "eu-west-3": 0.052,
    "me-south-1": 0.732,
    "sa-east-1": 0.074,
}

PUE_SOURCE = "Amazon, sustainability.aboutamazon.com: mean of AWS data centers in 2025, 1.14 (1.15 in 2024)"
