"""Diffusion: fifteen ways in which knowledge comes to a firm, or is lost; one mechanism a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gpnde.plugin import Component, MetricKind, hookimpl


@hookimpl
def gpnde_components() -> Iterable[type[Component]]:
    """Offer every mechanism of this package."""
    from gpnde_diffusion.cluster_pool import ClusterPool
    from gpnde_diffusion.design_debate import DesignDebate
    from gpnde_diffusion.digital_convergence import DigitalConvergence
    from gpnde_diffusion.early_involvement import EarlyInvolvement
    from gpnde_diffusion.fdi_affiliate import FdiAffiliate
    from gpnde_diffusion.imitation import Imitation
    from gpnde_diffusion.joint_creation import JointCreation
    from gpnde_diffusion.labour_mobility import LabourMobility
    from gpnde_diffusion.learning_by_doing import LearningByDoing
    from gpnde_diffusion.licensing import Licensing
    from gpnde_diffusion.market_information import MarketInformation
    from gpnde_diffusion.peer_network import PeerNetwork
    from gpnde_diffusion.progressive_transfer import ProgressiveTransfer
    from gpnde_diffusion.released_workers import ReleasedWorkers
    from gpnde_diffusion.spec_transfer import SpecTransfer

    return [
        ClusterPool,
        DesignDebate,
        DigitalConvergence,
        EarlyInvolvement,
        FdiAffiliate,
        Imitation,
        JointCreation,
        LabourMobility,
        LearningByDoing,
        Licensing,
        MarketInformation,
        PeerNetwork,
        ProgressiveTransfer,
        ReleasedWorkers,
        SpecTransfer,
    ]


@hookimpl
def gpnde_metrics() -> Iterable[MetricKind[Any]]:
    """Offer what is measured of knowledge where a scenario or study names it."""
    from gpnde_diffusion.capability import capability

    return [capability]
