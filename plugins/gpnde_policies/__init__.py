"""Policies: sixteen ways in which the public sector intervenes in a network; one intervention a file."""

from collections.abc import Iterable

from gpnde.plugin import Component, hookimpl


@hookimpl
def gpnde_components() -> Iterable[type[Component]]:
    """Offer every policy of this package."""
    from gpnde_policies.certification_support import CertificationSupport
    from gpnde_policies.commitment_guarantee import CommitmentGuarantee
    from gpnde_policies.diaspora_network import DiasporaNetwork
    from gpnde_policies.effort_subsidy import EffortSubsidy
    from gpnde_policies.fdi_attraction import FdiAttraction
    from gpnde_policies.linkage_broker import LinkageBroker
    from gpnde_policies.linkage_mix import LinkageMix
    from gpnde_policies.local_content import LocalContent
    from gpnde_policies.logistics import Logistics
    from gpnde_policies.macro_stabilisation import MacroStabilisation
    from gpnde_policies.patient_capital import PatientCapital
    from gpnde_policies.public_research_lab import PublicResearchLab
    from gpnde_policies.skills_centre import SkillsCentre
    from gpnde_policies.supplier_development import SupplierDevelopment
    from gpnde_policies.targeting import Targeting
    from gpnde_policies.trade_tariff import TradeTariff

    return [
        CertificationSupport,
        CommitmentGuarantee,
        DiasporaNetwork,
        EffortSubsidy,
        FdiAttraction,
        LinkageBroker,
        LinkageMix,
        LocalContent,
        Logistics,
        MacroStabilisation,
        PatientCapital,
        PublicResearchLab,
        SkillsCentre,
        SupplierDevelopment,
        Targeting,
        TradeTariff,
    ]
